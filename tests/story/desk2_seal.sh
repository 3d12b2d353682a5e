#!/bin/bash
STORIES='seal'
. "$(dirname "$0")/desk2.sh"
