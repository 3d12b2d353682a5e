#!/bin/bash
"$(dirname "$0")/prove" paper --way self && exec "$(dirname "$0")/prove" paper --way on-behalf
