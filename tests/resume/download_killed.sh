#!/bin/bash
exec "$(dirname "$0")/prove" kill --system key-proof --way download
