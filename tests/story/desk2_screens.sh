#!/bin/bash
STORIES='screens_expired screens_dezhou'
. "$(dirname "$0")/desk2.sh"
