#!/bin/bash
STORIES=desk_order
. "$(dirname "$0")/desk2.sh"
