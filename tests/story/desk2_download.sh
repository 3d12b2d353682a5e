#!/bin/bash
STORIES=download
. "$(dirname "$0")/desk2.sh"
