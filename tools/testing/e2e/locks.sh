#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Locks over the network, between two hosts: this one, and a peer in namespaces of its own.
# kernels: uml 6.1
# timeout: 150

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"
# shellcheck source=../lib/peer.sh
. "$E2E_LIB/peer.sh"

P=$MNTS/p	# the mount of the peer

# lockfile KIND FILE STEP...: here, and there.
lockfile() {
	limit 90 "$LOCKFILE" "$@"
}

peer_lockfile() {
	limit 90 nsenter -t "$PEER" -m -n -u -- "$LOCKFILE" "$@"
}

# hold FILE COMMAND...: a lockfile in the background that says "locked" when it has
# its lock, and keeps it; $HOLDER is its process. Its output goes to FILE.
hold() {
	local out=$1

	shift
	"$@" <&0 >"$out" 2>&1 &
	HOLDER=$!
	wait_until 30 grep -qx locked "$out" || fail "no lock: $(cat "$out")"
}

# let_go: its holder is killed, as with a lost terminal.
let_go() {
	kill -9 "$HOLDER"
	wait "$HOLDER" 2>/dev/null
	return 0
}

here_holds() { # KIND FILE STEP...
	hold /tmp/here "$LOCKFILE" "$@" say:locked hold
}

peer_holds() {
	hold /tmp/there nsenter -t "$PEER" -m -n -u -- "$LOCKFILE" "$@" say:locked hold
}

refused() { # COMMAND...: somebody has the lock
	local out

	out=$("$@" 2>&1) && { fail "'$*': expected a conflict: $out"; return; }
	want_like "$*" "temporarily unavailable" "$out"
}

no_locks() { # COMMAND...: "No locks available"
	local out

	out=$("$@" 2>&1) && { fail "'$*': expected ENOLCK: $out"; return; }
	want_like "$*" "No locks available" "$out"
}

# Nobody who locks nothing needs a daemon; who locks is told what is missing.
daemons_missing() {
	want_ok peer_mount $P || return
	want_ok peer sh -c "echo x >$P/free && cat $P/free"
	want_ok peer_mount $MNTS/nolock nosharecache,nolock || return
	want_ok peer_lockfile posix $MNTS/nolock/free wr:0:0 get:0:0 un:0:0
	want_ok peer_lockfile flock $MNTS/nolock/free wr:0:0 un:0:0
	want_ok peer umount $MNTS/nolock
	no_locks peer_lockfile posix $P/free wr:0:0
	want_like "the log, no rpcbind" "snfs: .*no locks.*start rpcbind" "$(kernel_log)"
	want_ok peer_rpcbind_start
	want_ok peer_statd_start
	want_ok peer_lockfile posix $P/free wr:0:0 un:0:0
}

# It died, and rpcbind does not know. (Where it never ran, lockd tries for a minute.)
statd_missing() {
	want_ok statd_start
	kill -9 "$(pidof rpc.statd)"
	no_locks lockfile posix $MNT/free wr:0:0
	want_like "the log, no statd" "snfs: .*no lock.*is rpc.statd running" "$(kernel_log)"
	rm -f /run/rpc.statd.pid
	want_ok statd_start
	want_ok lockfile posix $MNT/free wr:0:0 un:0:0
}

# The lock manager has a version for each of NFS, and is asked by the transport of the mount.
spoken() {
	local events=/sys/kernel/tracing/events/sunrpc port

	[[ -e $events/rpc_request ]] || { skip "no such event"; return; }
	echo 1 >$events/rpc_request/enable
	want_ok lockfile posix $MNT/free wr:0:0 un:0:0
	echo 0 >$events/rpc_request/enable
	want_like "the call" "lockdv$(is_v2 && echo 1 || echo 4) LOCK" "$(</sys/kernel/tracing/trace)"
	port=$(rpcinfo -p | awk '$1 == 100021 && $3 == "tcp" { print $4; exit }')
	want_like "port" "^[0-9]+$" "$port"
	case $(shown_option $MNT proto) in
	udp) want_eq "connections" "" "$(ss -Htn "dport = :$port")" ;;
	*) want_ne "connections" "" "$(ss -Htn "dport = :$port")" ;;
	esac
}

# The server, not this client, decides; a lock of one byte hinders nobody elsewhere.
conflicts() { # KIND
	here_holds "$1" $MNT/conflict wr:0:0
	refused peer_lockfile "$1" $P/conflict wr:0:0
	refused peer_lockfile "$1" $P/conflict rd:0:0
	let_go
	want_ok wait_until 30 peer_lockfile "$1" $P/conflict wr:0:0 un:0:0
	peer_holds "$1" $P/conflict rd:0:0
	want_ok lockfile "$1" $MNT/conflict rd:0:0
	refused lockfile "$1" $MNT/conflict wr:0:0
	let_go
	want_ok wait_until 30 lockfile "$1" $MNT/conflict wr:0:0
}

# (knfsd's lockd answers F_GETLK as if it were asked for a read lock.)
ranges() {
	here_holds posix $MNT/ranges wr:100:50 un:110:10 rd:140:10
	want_eq "there, first" "write 100 10" "$(peer_lockfile posix $P/ranges get:0:0)"
	want_eq "there, the hole" free "$(peer_lockfile posix $P/ranges get:110:10)"
	want_eq "here, the read lock" "read 140 10" \
		"$(lockfile posix $MNT/ranges get:140:50)"
	want_eq "here, another process" "write 100 10" \
		"$(lockfile posix $MNT/ranges get:0:0)"
	want_ok peer_lockfile posix $P/ranges wr:110:10 rd:145:1 wr:0:100 wr:150:0
	refused peer_lockfile posix $P/ranges wr:109:2
	refused peer_lockfile posix $P/ranges wr:149:1
	let_go
	return 0
}

# From 6.7 to 6.12 knfsd's lockd calls nobody whose lock has become free (6.13 does again):
# who waits is served when its lockd asks again, which it does every 30 s.
server_calls_back() {
	local major minor

	IFS=. read -r major minor _ <<<"$(uname -r)"
	((major < 6 || (major == 6 && (minor < 7 || minor > 12)) || major > 6))
}

# Two mounts with caches of their own.
waiter_woken() { # KIND
	local waiter within=35

	! server_calls_back || within=10
	here_holds "$1" $MNT/wait wr:0:0
	LOCKFILE_POLL='' lockfile "$1" $MNT2/wait wwr:0:0 say:got >/tmp/waiter 2>&1 &
	waiter=$!
	sleep 2
	want_eq "while it waits" "" "$(cat /tmp/waiter)"
	let_go
	want_ok wait_until $within grep -qx got /tmp/waiter
	wait $waiter || fail "the waiter: $(cat /tmp/waiter)"
}

waiter_killed() {
	local waiter

	here_holds posix $MNT/killed wr:0:0
	LOCKFILE_POLL='' nsenter -t "$PEER" -m -n -u -- "$LOCKFILE" posix $P/killed wwr:0:0 say:got hold \
		>/tmp/waiter 2>&1 &
	waiter=$!
	sleep 1
	kill -9 $waiter
	want_ok wait_until 20 eval "! kill -0 $waiter"
	let_go
	# Its request was taken back, or its lock given back: it is in nobody's way.
	want_ok wait_until 40 lockfile posix $MNT/killed wr:0:0
	want_eq "it never got the lock" "" "$(cat /tmp/waiter)"
}

# Eight digits are rewritten in place, again and again within a tick of the clock.
counters() { # KIND
	local bad=0 pids=() pid

	echo 00000000 >"$EXP/counter"
	lockfile "$1" $MNT/counter count:40 & pids+=($!)
	lockfile "$1" $MNT/counter count:40 & pids+=($!)
	lockfile "$1" $MNT2/counter count:40 & pids+=($!)
	for pid in "${pids[@]}"; do
		wait "$pid" || bad=$((bad + 1))
	done
	want_eq "counters that failed" 0 $bad
	want_eq "the sum" 00000120 "$(cat "$EXP/counter")"
}

# Attributes are believed for an hour here, and the file stays open: only the lock says
# that it may have changed. What was written there is at the server before its lock goes.
bytes_seen() { # KIND
	local l=$MNTS/long pid

	want_ok client_mount main $l nosharecache,actimeo=3600 || return
	printf 'first..' >"$EXP/bytes"
	mkfifo /tmp/go
	exec 8<>/tmp/go
	hold /tmp/there "$LOCKFILE" "$1" $MNT/bytes wr:0:0 say:locked line put:second. un:0:0 hold <&8
	lockfile "$1" $l/bytes show wrd:0:0 show >/tmp/here 2>&1 &
	pid=$!
	want_ok wait_until 20 grep -q first /tmp/here
	echo >&8
	wait $pid
	want_eq "here, before and after" "first.. second. " "$(tr "\n" " " </tmp/here)"
	want_eq "at the server" second. "$(cat "$EXP/bytes")"
	let_go
	exec 8>&-
	rm /tmp/go
	want_ok client_umount $l
}

closing_unlocks() {
	lockfile posix $MNT/closed wr:0:0 say:bye >/dev/null
	want_ok peer_lockfile posix $P/closed wr:0:0
	exec 7>$MNT/closed
	flock -n 7
	refused peer_lockfile flock $P/closed wr:0:0
	exec 7>&-
	want_ok peer_lockfile flock $P/closed wr:0:0
}

local_variants() {
	local l=$MNTS/local option name by_posix by_flock posix flock

	peer_holds posix $P/posix wr:0:0
	posix=$HOLDER
	peer_holds flock $P/flock wr:0:0
	flock=$HOLDER
	for option in none:1:1 flock:1:0 posix:0:1 all:0:0; do
		IFS=: read -r name by_posix by_flock <<<"$option"
		want_ok client_mount main $l nosharecache,local_lock=$name || return
		want_eq "local_lock=$name, fcntl refused" $by_posix \
			"$(lockfile posix $l/posix wr:0:0 2>/dev/null; echo $?)"
		want_eq "local_lock=$name, flock refused" $by_flock \
			"$(lockfile flock $l/flock wr:0:0 2>/dev/null; echo $?)"
		# Among the programs here they hold in any case.
		here_holds posix $l/own wr:0:0
		refused lockfile posix $l/own wr:0:0
		want_eq "local_lock=$name, get" "write 0 0" "$(lockfile posix $l/own get:0:0)"
		let_go
		want_ok client_umount $l
	done
	HOLDER=$flock
	let_go
	HOLDER=$posix
	let_go
}

# server_locks FILE: how many locks lockd holds there of a file.
server_locks() {
	local id

	# shellcheck disable=SC2046 # three numbers
	id=$(printf '%02x:%02x:%s' $(stat -c '%Hd %Ld %i' "$EXP/$1"))
	grep -c " $id " /proc/locks
}

# The server forgets its locks, as by a crash; its new state is told to the peer's statd,
# and lockd there claims them.
reclaimed() {
	want_ok client_umount $MNT $MNT2 || return
	peer_holds posix $P/reclaim wr:0:0
	want_eq "locks at the server" 1 "$(server_locks reclaim)"
	want_ne "hosts that the server watches" "" "$(ls /var/lib/nfs/sm)"
	cp -r /var/lib/nfs/sm /tmp/sm
	echo "$EXP" >/proc/fs/nfsd/unlock_filesystem
	nfsd_stop
	lockd_grace 12
	cp /tmp/sm/* /var/lib/nfs/sm/
	nfsd_start
	want_eq "locks after the restart" 0 "$(server_locks reclaim)"
	sm-notify -f -v $HOST_ADDR
	want_ok wait_until 30 eval '[[ $(server_locks reclaim) -eq 1 ]]'
	want_ok client_mount main $MNT
	# Waits for the end of the time in which locks are claimed.
	refused lockfile posix $MNT/reclaim wr:0:0
	let_go
	want_ok wait_until 30 lockfile posix $MNT/reclaim wr:0:0
}

objects() { # CACHE
	local shrink=/sys/kernel/slab/$1/shrink

	[[ ! -w $shrink ]] || echo 1 >"$shrink"
	awk -v c="$1" '$1 == c { n = $2 } END { print n + 0 }' /proc/slabinfo
}

# What lockd allocates otherwise is looked for by kmemleak at the end.
thousands() {
	local before

	echo 0 >"$EXP/many"
	want_ok lockfile posix $MNT/many reads:100
	before=$(objects file_lock_cache)
	want_ok lockfile posix $MNT/many reads:1200
	want_ok lockfile flock $MNT/many reads:400
	want_max "locks left in memory" $((before + 50)) "$(objects file_lock_cache)"
}

peer_leaves() {
	want_ok peer umount $P
	peer_stop
}

LOCKFILE=$(helper lockfile) || bail "no helper"
server_calls_back || export LOCKFILE_POLL=1
lockd_grace 3 || bail "lockd is not to be had"
e2e_setup
second_client
peer_start || bail "no peer"
t "a dead statd: ENOLCK that says why" statd_missing
t "without rpcbind: mounts, and ENOLCK that says why" daemons_missing
t "version and transport" spoken
t "conflicts, fcntl" conflicts posix
t "conflicts, OFD" conflicts ofd
t "conflicts, flock" conflicts flock
t "ranges and F_GETLK" ranges
t "a waiter is woken, fcntl" waiter_woken posix
t "a waiter is woken, flock" waiter_woken flock
t "a killed waiter leaves" waiter_killed
t "counters under fcntl locks" counters posix
t "counters under flock" counters flock
t "bytes are seen under fcntl locks" bytes_seen posix
t "bytes are seen under flock" bytes_seen flock
t "close gives locks back" closing_unlocks
t "local_lock= variants" local_variants
t "locks survive the server's restart" reclaimed
t "thousands of locks leave nothing" thousands
t "the peer unmounts" peer_leaves
e2e_run
