#!/bin/bash
exec "$(dirname "$0")/prove" wreck
