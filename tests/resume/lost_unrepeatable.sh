#!/bin/bash
# An authority nobody may ask twice: sb_site_conf says so of it, and it means it (knob cmp.again).
export SB_RESEND_SAFE=false
"$(dirname "$0")/prove" lost --way on-behalf && exec "$(dirname "$0")/prove" lost --way self --system key-proof
