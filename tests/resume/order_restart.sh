#!/bin/bash
exec "$(dirname "$0")/prove" restart --system szca-cgn --way self --points order
