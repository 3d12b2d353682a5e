#!/bin/bash
prove=$(dirname "$0")/prove
"$prove" lost --way on-behalf && "$prove" lost --way self --system key-proof && exec "$prove" lost --points back
