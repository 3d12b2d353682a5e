#!/bin/bash
# The same as resume.sh over EST, which confirms nothing: only the desk does.
SYSTEM=est-envelope FROM=authorise TO=pin LEAST=20
. "$(dirname "$0")/resume.sh"
