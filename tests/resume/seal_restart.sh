#!/bin/bash
exec "$(dirname "$0")/prove" restart --system sheca-issp --way self --points seal
