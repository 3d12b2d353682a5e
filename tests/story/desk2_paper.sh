#!/bin/bash
STORIES='order_parked_paper'
. "$(dirname "$0")/desk2.sh"
