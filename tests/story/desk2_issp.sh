#!/bin/bash
STORIES='order_issp order_dezhou'
. "$(dirname "$0")/desk2.sh"
