#!/bin/bash
"$(dirname "$0")/prove" kill --way on-behalf && exec "$(dirname "$0")/prove" kill --medium p12 --way on-behalf
