#!/bin/bash
"$(dirname "$0")/prove" back --points fault --way on-behalf && exec "$(dirname "$0")/prove" back --points calls --way on-behalf
