#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A thousand mounts and unmounts, by two at a time too, leave nothing behind.
# kernels: uml 6.12
# timeout: 900

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"
# shellcheck source=../lib/cycles.sh
. "${0%/*}/../lib/cycles.sh"

CYCLES=${CYCLES:-1000}

# Two at a time share superblocks, or find one that is just going.
two_at_a_time() {
	local before pids=() i

	before=$(held)
	for i in 1 2; do
		cycle $((CYCLES / 4)) main "$MNTS/two$i" 2>&1 &
		pids+=($!)
	done
	wait "${pids[@]}"
	want_eq "mounts" "" "$(awk -v t="$FSTYPE" '$3 == t' /proc/mounts)"
	wait_until 60 holds "$before" || fail "before $before, now $(held)"
}

e2e_server
is_snfs || bail "counts what snfs holds"
export_tmpfs main 32m rw,async,no_root_squash,crossmnt || bail "no export"
mkdir "$EXP/sub"
mount -t tmpfs -o size=16m srv-sub "$EXP/sub"
server_export "$EXP/sub" || bail "no export below"
t "$CYCLES mounts and unmounts leave nothing" \
	cycle_leaves_nothing "$CYCLES" main "$MNTS/one"
t "two at a time" two_at_a_time
e2e_run
