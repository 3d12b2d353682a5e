#!/bin/bash
"$(dirname "$0")/prove" lost --way on-behalf && exec "$(dirname "$0")/prove" lost --way self --system key-proof
