#!/bin/bash
"$(dirname "$0")/prove" restart --way self && exec "$(dirname "$0")/prove" restart --way on-behalf
