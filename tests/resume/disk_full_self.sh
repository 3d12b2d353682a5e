#!/bin/bash
exec "$(dirname "$0")/prove" disk --points full --way self
