#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What snfs costs beside nfs.ko: round trips in virtual time, instructions, memory.
#
#	bench.sh [WORKLOAD|cpu|memory]	or TEST=... in the environment
#
# Without an argument everything is measured and Documentation/performance.md is
# written anew. Else one workload of the ledger, the CPU part or the memory part is measured
# and printed. KERNEL=6.1 takes the older kernel for the latter two. Fails if a line
# of the ledger or a cached object's memory is worse than nfs.ko's, or if something
# could not be measured.
# SNFS_BENCH_TRACE=N shows each workload's first N calls.
set -eu
set -o pipefail
. "$(dirname "$0")/cache.sh"

BENCH=$SNFS_TESTING/bench
OUT=$SNFS_CACHE/bench
# With sleep=off the clock would leap ahead while the guest waits for a file of the
# host's, and its time-outs strike.
ICOUNT='-accel tcg,thread=single -icount shift=0,sleep=on'
# They take four, two and eight minutes on an idle machine.
LEDGER_LIMIT=1800
CPU_LIMIT=900
MEMORY_LIMIT=2400
KERNEL=${KERNEL:-6.12}
test=${1:-${TEST:-}}

compile() {
	with_lock helpers make -C "$SNFS_TESTING/e2e/helpers" >/dev/null
	mkdir -p "$OUT"
	[ "$OUT/loops" -nt "$BENCH/cpu.c" ] && return
	cc -O2 -Wall -Wextra -static -o "$OUT/loops.new" "$BENCH/cpu.c"
	mv "$OUT/loops.new" "$OUT/loops"
}

# run_guest NAME KERNEL ARGUMENTS OF run.sh...: its output goes to $OUT/NAME.txt. It
# gets a copy of the module: the tree may be built again while the guest runs.
run_guest() {
	local name=$1 kernel=$2

	shift 2
	: >"$OUT/$name.txt"
	"$SNFS_TESTING/build.sh" "$kernel" || return 1
	cp "$("$SNFS_TESTING/build.sh" -p "$kernel")/snfs.ko" "$OUT/$kernel.ko"
	SNFS_KO=$OUT/$kernel.ko "$SNFS_TESTING/run.sh" -b -o "$OUT/$name" \
		-e SNFS_BENCH_FS="${SNFS_BENCH_FS:-nfs snfs}" \
		-e SNFS_BENCH_TRACE="${SNFS_BENCH_TRACE:-}" "$kernel" "$@" >"$OUT/$name.txt" && return
	grep -v '|' "$OUT/$name.txt" >&2 || true
	say "$name: not everything could be measured, logs in $OUT/$name"
	return 1
}

ledger() {
	run_guest ledger uml -t $LEDGER_LIMIT -u time-travel=inf-cpu "$BENCH/ledger.sh" "$@"
}

cpu() {
	run_guest cpu "$KERNEL" -t $CPU_LIMIT -1 -q "$ICOUNT" "$BENCH/cpu.sh"
}

memory() {
	run_guest memory "$KERNEL" -t $MEMORY_LIMIT -1 -m 2048 "$BENCH/memory.sh"
}

report() {
	"$BENCH/report.py" "$@"
}

sources=("$BENCH/workloads.sh" "$SNFS_TREE/include/snfs/version.h")
status=0
compile
case $test in
'')
	# The guests need one CPU each.
	{ cpu && memory; } &
	other=$!
	ledger || status=1
	wait $other || status=1
	# Half a measurement is shown, and not written down.
	page=(-o "$SNFS_TREE/Documentation/performance.md")
	[ $status = 0 ] || page=()
	report "${page[@]}" "${sources[@]}" "$OUT/ledger.txt" "$OUT/cpu.txt" \
		"$OUT/memory.txt" || status=1
	;;
cpu)
	cpu || status=1
	report "${sources[@]}" "$OUT/cpu.txt" || status=1
	;;
memory)
	memory || status=1
	report "${sources[@]}" "$OUT/memory.txt" || status=1
	;;
*)
	grep -q "^$test *|" "$BENCH/workloads.sh" || {
		say "no workload named $test; there are:"
		sed -n "/^WORKLOADS='/,/^'/s/^\([a-z0-9_]*\) *|.*| */	\1	/p" "$BENCH/workloads.sh" >&2
		exit 2
	}
	ledger "$test" || status=1
	[ -z "${SNFS_BENCH_TRACE:-}" ] || grep '^#' "$OUT/ledger.txt" || true
	report "${sources[@]}" "$OUT/ledger.txt" || status=1
	;;
esac
exit $status
