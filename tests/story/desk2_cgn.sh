#!/bin/bash
STORIES='order_cgn papers'
. "$(dirname "$0")/desk2.sh"
