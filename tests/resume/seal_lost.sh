#!/bin/bash
exec "$(dirname "$0")/prove" lost --system sheca-issp --way self --points seal
