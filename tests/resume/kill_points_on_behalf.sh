#!/bin/bash
exec "$(dirname "$0")/prove" kill --points fault --way on-behalf
