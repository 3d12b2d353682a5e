#!/bin/bash
prove=$(dirname "$0")/prove
"$prove" wreck && "$prove" wreck --system szca-cgn --way self --pay transfer &&
	exec "$prove" wreck --system sheca-issp --way self --points seal
