#!/bin/bash
STORIES=service
. "$(dirname "$0")/desk2.sh"
