#!/bin/bash
# The same as resume.sh over EST with the old key in TLS.
SYSTEM=est-renew FROM=request TO=retire LEAST=15
. "$(dirname "$0")/resume.sh"
