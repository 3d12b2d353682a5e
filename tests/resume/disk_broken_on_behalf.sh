#!/bin/bash
exec "$(dirname "$0")/prove" disk --points broken --way on-behalf
