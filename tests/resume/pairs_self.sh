#!/bin/bash
exec "$(dirname "$0")/prove" pairs --cases 100 --way self
