#!/bin/bash
exec "$(dirname "$0")/prove" disk --points once --way on-behalf
