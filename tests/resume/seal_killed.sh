#!/bin/bash
exec "$(dirname "$0")/prove" kill --system sheca-issp --way self --points seal
