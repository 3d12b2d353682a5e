#!/bin/bash
"$(dirname "$0")/prove" disk --points brim --way on-behalf && exec "$(dirname "$0")/prove" disk --points stick --medium p12 --way on-behalf
