#!/bin/bash
exec "$(dirname "$0")/prove" lost --system szca-cgn --way self --points order
