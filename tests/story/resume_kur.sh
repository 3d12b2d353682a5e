#!/bin/bash
# The same as resume.sh where the old key signs what the CA is asked, and nothing on the tape tells which PIN
# an interrupted change left.
SYSTEM=kur-envelope
. "$(dirname "$0")/resume.sh"
