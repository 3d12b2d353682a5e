#!/bin/bash
exec "$(dirname "$0")/prove" kill --system szca-cgn --way self --points order
