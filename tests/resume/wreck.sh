#!/bin/bash
prove=$(dirname "$0")/prove
"$prove" wreck && exec "$prove" wreck --system szca-cgn --way self --pay transfer
