#!/bin/bash
"$(dirname "$0")/prove" kill --way self && exec "$(dirname "$0")/prove" kill --medium p12 --way self
