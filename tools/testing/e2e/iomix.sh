#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# All ways of file I/O mixed: against a model, against each other, and against a server that
# restarts, runs full, or is gone.
# kernels: uml 6.1 6.12
# timeout: 300

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"

# The knfsd of 6.1 reads holes of tmpfs wrongly, so this export is an ext4.
mixes() { # OPERATIONS MOUNT-OPTIONS IOMIX-OPTIONS...
	local tool operations=$1 options=$2 seed

	shift 2
	tool=$(helper iomix)
	want_ok client_mount disk "$MNTS/disk" "nosharecache${options:+,$options}"
	for seed in 1 2; do
		want_ok "$tool" "$@" -S $seed -n "$operations" -s "$SRV/disk/mix$seed" \
			"$MNTS/disk/mix$seed"
	done
	client_umount "$MNTS/disk"
}

mixes_small_transfers() {
	mixes 60 rsize=512,wsize=512
	mixes 100 rsize=7168,wsize=5120
	mixes 100 rsize=8192,wsize=8192 -d
}

one_client_races() {
	want_ok limit 60 "$(helper iorace)" 40 "$MNT/race"
}

two_clients_race() {
	second_client
	want_ok limit 60 "$(helper iorace)" 30 "$MNT/race2" "$MNT2/race2"
}

restarts() {
	while sleep 0.1; do
		nfsd_stop
		nfsd_start
	done
}

# Each restart changes the write verifier: what was not committed is sent again.
server_restarts() {
	local pid

	pattern 9000000 8 >/tmp/ref
	restarts >/dev/null 2>&1 &
	pid=$!
	want_ok dd if=/tmp/ref of="$MNT/buffered" bs=50000 status=none
	want_ok dd if=/tmp/ref of="$MNT/direct" bs=4000000 oflag=direct status=none
	kill "$pid"
	wait "$pid" 2>/dev/null
	# What was running when the loop was killed may stop the server yet.
	wait_until 60 no_process rpc.nfsd || fail "rpc.nfsd does not end"
	nfsd_start
	want_same /tmp/ref "$EXP/buffered"
	want_same /tmp/ref "$EXP/direct"
	want_same /tmp/ref "$MNT/direct"
	rm "$MNT/buffered" "$MNT/direct"
}

server_is_full() {
	local dir=$MNTS/small

	export_tmpfs small 10m
	want_ok client_mount small "$dir" nosharecache
	want_err ENOSPC dd if=/dev/zero of="$dir/full" bs=1M count=15 conv=fsync status=none
	rm "$dir/full"
	want_err ENOSPC dd if=/dev/zero of="$dir/full" bs=1M count=15 status=none
	want_same "$SRV/small/full" "$dir/full"
	rm "$dir/full"
	pattern 1000000 9 >/tmp/ref
	want_ok cp /tmp/ref "$dir/fits"
	want_same /tmp/ref "$SRV/small/fits"
	client_umount "$dir"
}

# A hard mount waits for ever, but not against the will of its user. The files are opened while
# the server is still there, and by nobody else: whoever closes a dirty file waits for it, too.
waits_are_killable() {
	local before pids=()

	pattern 1000000 3 >"$MNT/kill.read"
	drop_caches
	{ sleep 1 && exec cat; } <"$MNT/kill.read" >/dev/null &
	pids+=($!)
	{ sleep 1 && exec dd if=/dev/zero bs=1M count=2 conv=fsync status=none; } \
		>"$MNT/kill.write" &
	pids+=($!)
	{ sleep 1 && exec dd bs=1M iflag=direct status=none; } \
		<"$MNT/kill.read" >/dev/null &
	pids+=($!)
	sleep 0.5
	nfsd_stop
	sleep 2
	kill -0 "${pids[@]}" || fail "somebody did not wait"
	before=$SECONDS
	kill -9 "${pids[@]}"
	wait "${pids[@]}" 2>/dev/null
	want_max "seconds until they were dead" 5 $((SECONDS - before))
	nfsd_start
	pattern 1000000 3 | cmp - "$MNT/kill.read" || fail "the file reads differently"
}

e2e_setup "" 64m
export_ext4 disk 64 || bail "no ext4"
at_end nfsd_start
t "random I/O against a model" mixes 300 ""
t "random I/O with O_DIRECT against a model" mixes 300 "" -d
t "random I/O in small transfers" mixes_small_transfers
t "random I/O without attribute cache" mixes 150 noac -d
t "many ways at once, one client" one_client_races
t "many ways at once, two clients" two_clients_race
t "a server that restarts all the time" server_restarts
t "a server that runs full" server_is_full
t "waits end with their process" waits_are_killable
e2e_run
