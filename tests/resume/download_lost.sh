#!/bin/bash
exec "$(dirname "$0")/prove" lost --system key-proof --way download
