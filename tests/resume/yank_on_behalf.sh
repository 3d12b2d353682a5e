#!/bin/bash
exec "$(dirname "$0")/prove" yank --way on-behalf
