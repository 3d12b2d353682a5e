#!/bin/bash
# The same stories with another desk: tests/desk2, which was written from core/ca/PROTOCOL.desk alone. What
# they need and the text does not say, that desk could not know. In desk2_*.sh STORIES are others. The CA is the
# sandbox's in all of them, and so are the readers, keys, printers and scanners.
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
export SB_DESK=python
for story in ${STORIES:-renew refuse_envelope resume_find abandon counters}; do
	"./$story.sh" >"${TMPDIR:-/tmp}/desk2.out"
	rc=$?
	sed -E "s/^((not )?ok) - /&$story: /" "${TMPDIR:-/tmp}/desk2.out"
	[ $rc -eq 0 ] && grep -q '^ok - ' "${TMPDIR:-/tmp}/desk2.out" || echo "not ok - $story ended with status $rc"
	rm "${TMPDIR:-/tmp}/desk2.out"
done
