#!/bin/bash
STORIES='refuse_line'
. "$(dirname "$0")/desk2.sh"
