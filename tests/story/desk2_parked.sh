#!/bin/bash
STORIES='order_parked'
. "$(dirname "$0")/desk2.sh"
