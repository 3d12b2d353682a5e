#!/bin/bash
STORIES=resume
. "$(dirname "$0")/desk2.sh"
