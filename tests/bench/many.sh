#!/bin/bash
# A store of 100,000 records, one of them open: from the start of `renew` to the line that says that it was
# found, what a search and a day's report take, and looking after them and removing them. CK_BENCH_N: runs (20).
set -u
CK_BUILD=$(realpath "$1") CK_BIN=$(realpath "$1")/bin
export CK_BUILD CK_BIN
N=${CK_BENCH_N:-20} RECORDS=100000
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../sandbox/lib.sh"
. "$here/lib.sh"

# copies of the one that is there, closed, with all its lines and as many facts as a closed one keeps
fill() {
	sqlite3 "$SB/state/records.db" "
		CREATE TEMP TABLE k AS WITH RECURSIVE k(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM k WHERE i < $RECORDS) SELECT i FROM k;
		INSERT INTO record(id, number, system, way, clerk, state, station, opened, touched, closed)
			SELECT i, 'CK-20200101-' || printf('%06d', i), system, way, clerk, 2, 'close', 1577836800, 1577836800, 1577836800 FROM record, k WHERE id = 1;
		INSERT INTO fact SELECT i, item, name, flags, value FROM k, fact WHERE record = 1 AND flags & 1 = 0;
		INSERT INTO line SELECT i, n, at, item, station, mark, text FROM k, line WHERE record = 1;
		UPDATE meta SET value = $RECORDS WHERE name = 'count'"
}
found() { # → microseconds until the record was found
	local t
	t=$(date +%s%N)
	ck renew --system sheca-cisweb --way on-behalf --clerk 07 --json </dev/null | {
		grep -qm 1 '"say": *"resumed"' && us "$t"
	}
}
asked() { # NAME COMMAND…: from the start of the program to its end, each finds the one that is open
	local name=$1 t
	shift
	for _ in $(seq "$N"); do
		t=$(date +%s%N)
		"$@" | grep -q 202 || { echo "$name: not found" >&2 && exit 1; }
		us "$t"
	done >"$SB/asked"
	echo "$name: $(ms "$(median <"$SB/asked")") ms (budget 1000)"
}
once() { # NAME COMMAND…
	local t
	t=$(date +%s%N)
	"${@:2}" >/dev/null
	echo "$1: $(ms "$(us "$t")") ms"
}

sb_new
sb_key --label B --pin Old-4471 --usage sign --alg p256 --not-before -351d --not-after +14d --subject '/C=CN/CN=张三'
sb_envelope E Env-9038 --for "$CERT"
CK_BIN=$CK_BUILD/test CK_FAULT_AT=confirm sb_renew Old-4471 Env-9038 E --system sheca-cisweb --way on-behalf --clerk 07 >/dev/null 2>&1
fill
echo "$RECORDS records, $(du -m "$SB/state/records.db" | cut -f1) MB; medians of $N"
for _ in $(seq "$N"); do found; done >"$SB/found"
echo "start of renew to its record found: $(ms "$(median <"$SB/found")") ms (budget 1000)"
asked "records --search, by a key's serial" ck records --search "$KEY" --json
asked "records --search, by name, with names" ck records --search 张三 --names --json
asked "records --search, by a part of a number" ck records --search "$(TZ=CST-8 date +%Y%m%d)" --json
asked "report of today" ck report --json
once "records tend" ck records tend
once "records purge, all but the open one" ck records purge --older-than 1
