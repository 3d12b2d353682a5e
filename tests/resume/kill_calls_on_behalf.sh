#!/bin/bash
exec "$(dirname "$0")/prove" kill --points calls --way on-behalf
