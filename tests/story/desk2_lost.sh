#!/bin/bash
STORIES='order_lost'
. "$(dirname "$0")/desk2.sh"
