#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Files that vanish on the server; servers that stop, start again, or never
# answer: hard mounts go on, waiting can be killed, umount -f ends it.
# kernels: uml 6.12
# timeout: 180

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"

# ended SECONDS PID: waits for a child; false if it is still there.
ended() {
	wait_until "$1" eval "! kill -0 $2" || return 1
	wait "$2"
	return 0
}

file_removed_behind() {
	echo x >"$MNT/gone"
	exec 5<>"$MNT/gone"
	rm "$EXP/gone"
	drop_caches
	want_err ESTALE cat /dev/fd/5
	exec 5>&-
	want_err ENOENT cat "$MNT/gone"
	want_ok touch "$MNT/gone"
	want_stat %s 0 "$EXP/gone" "$MNT/gone"
}

# Replaced by another file of that name: the open finds the new one.
file_replaced_behind() {
	echo old >"$MNT/replaced"
	cat "$MNT/replaced" >/dev/null
	rm "$EXP/replaced"
	echo "new one" >"$EXP/replaced"
	want_eq "content" "new one" "$(cat "$MNT/replaced")"
	want_stat %i "$(stat -c %i "$EXP/replaced")" "$MNT/replaced"
}

write_to_removed() {
	exec 5>"$MNT/lost"
	echo first >&5
	sync "$MNT/lost"
	rm "$EXP/lost"
	want_fail sh -c 'echo second >&5; sync /dev/fd/5'
	exec 5>&-
	want_ok touch "$MNT/other"
}

directory_removed_behind() {
	mkdir "$MNT/dir"
	touch "$MNT/dir/file"
	(cd "$MNT/dir" && rm -r "$EXP/dir" && sleep 0.1 &&
		want_fail cat file && want_fail touch new)
	want_err ENOENT ls "$MNT/dir/"
	want_ok mkdir "$MNT/dir"
	want_stat %F directory "$EXP/dir"
}

directory_replaced_behind() {
	mkdir "$MNT/rdir"
	echo old >"$MNT/rdir/file"
	cat "$MNT/rdir/file" >/dev/null
	mv "$EXP/rdir" "$EXP/rdir.old"
	mkdir "$EXP/rdir"
	echo new >"$EXP/rdir/file"
	wait_until 10 eval '[[ $(cat "$MNT/rdir/file") == new ]]' ||
		fail "still the old directory: $(cat "$MNT/rdir/file" 2>&1)"
	want_eq "old one" old "$(cat "$MNT/rdir.old/file")"
}

kind_changed_behind() {
	echo x >"$MNT/kind"
	cat "$MNT/kind" >/dev/null
	rm "$EXP/kind"
	mkdir "$EXP/kind"
	touch "$EXP/kind/in"
	wait_until 10 eval '[[ $(ls "$MNT/kind/") == in ]]' ||
		fail "the new directory is not seen: $(ls "$MNT/kind" 2>&1)"
}

# The server is away for three seconds while a file is being written.
restart_while_writing() {
	local pid

	pattern 8000000 1 >/tmp/source
	(for i in {0..19}; do
		dd if=/tmp/source bs=400000 skip=$i count=1 status=none
		sleep 0.1
	done >"$MNT/written") &
	pid=$!
	sleep 0.6
	nfsd_stop
	sleep 3
	nfsd_start
	ended 120 $pid || fail "the writer did not end"
	want_same /tmp/source "$EXP/written"
	want_same /tmp/source "$MNT/written"
}

# Data sent UNSTABLE before the restart must be sent again: the verifier is
# another one. ext4 and async would keep it; what counts is that all is there.
restart_before_fsync() {
	pattern 3000000 2 >/tmp/source
	exec 5>"$MNT/unsynced"
	cat /tmp/source >&5
	sleep 0.3
	nfsd_stop
	nfsd_start
	want_ok limit 60 sync "$MNT/unsynced"
	want_same /tmp/source "$EXP/unsynced"
	exec 5>&-
	want_same /tmp/source "$MNT/unsynced"
}

restart_while_reading() {
	local pid

	pattern 8000000 3 >"$EXP/read"
	drop_caches
	(for i in {0..19}; do
		dd if="$MNT/read" bs=400000 skip=$i count=1 status=none
		sleep 0.1
	done >/tmp/read.out) &
	pid=$!
	sleep 0.5
	nfsd_stop
	sleep 2
	nfsd_start
	ended 120 $pid || fail "the reader did not end"
	want_same "$EXP/read" /tmp/read.out
}

# Changes whose reply was lost are not done twice, nor reported as failed.
restart_while_changing() {
	local pid

	mkdir "$MNT/many"
	(for i in {1..40}; do
		mkdir "$MNT/many/d$i" && touch "$MNT/many/d$i/f" &&
			mv "$MNT/many/d$i" "$MNT/many/e$i" || echo "round $i"
	done >/tmp/changes 2>&1) &
	pid=$!
	sleep 0.3
	nfsd_stop
	sleep 1
	nfsd_start
	sleep 0.3
	nfsd_stop
	sleep 1
	nfsd_start
	ended 150 $pid || fail "the loop did not end"
	want_eq "complaints" "" "$(</tmp/changes)"
	want_eq "directories on the server" 40 "$(ls "$EXP/many" | grep -c ^e)"
}

kill_waiting() { # COMMAND...: killed 1 s after the server went away
	local pid

	nfsd_stop
	"$@" &
	pid=$!
	sleep 1
	kill -0 $pid || fail "'$*' did not wait"
	kill -9 $pid
	ended 5 $pid || fail "'$*' cannot be killed"
	nfsd_start
}

kill_waiting_reader() {
	pattern 100000 1 >"$EXP/waiting"
	drop_caches
	kill_waiting cat "$MNT/waiting"
	want_same "$MNT/waiting" "$EXP/waiting"
}

kill_waiting_stat() {
	mkdir "$EXP/unseen"
	kill_waiting stat "$MNT/unseen"
	want_stat %F directory "$MNT/unseen"
}

kill_waiting_writer() {
	kill_waiting dd if=/dev/zero of="$MNT/kill.w" bs=64k count=16 \
		conv=fsync status=none
	want_ok sh -c "echo alive >'$MNT/kill.w'"
	want_eq "bytes" alive "$(<"$EXP/kill.w")"
}

kill_waiting_lister() {
	mkdir "$EXP/kill.l"
	touch "$EXP"/kill.l/{1..9}
	kill_waiting ls "$MNT/kill.l"
	want_eq "listing" "$(ls "$EXP/kill.l")" "$(ls "$MNT/kill.l")"
}

soft_gives_up() {
	local start

	want_ok client_mount main $MNTS/soft \
		soft,timeo=10,retrans=1,nosharecache || return
	echo x >"$EXP/softly"
	server_dead
	start=$(now_ms)
	want_err EIO limit 60 cat $MNTS/soft/softly
	want_max "milliseconds" 40000 $(($(now_ms) - start))
	server_alive
	wait_until 30 cat $MNTS/soft/softly || fail "no life after a timeout"
	want_ok client_umount $MNTS/soft
}

softerr_gives_up() {
	want_ok client_mount main $MNTS/soft \
		softerr,timeo=10,retrans=1,nosharecache || return
	server_dead
	want_err ETIMEDOUT limit 60 ls $MNTS/soft/unseen
	server_alive
	want_ok client_umount $MNTS/soft
}

force_umount() {
	local pid start

	want_ok client_mount main $MNTS/force nosharecache || return
	pattern 100000 1 >"$EXP/force"
	drop_caches
	server_dead
	cat $MNTS/force/force >/dev/null 2>/tmp/force.err &
	pid=$!
	wait_until 30 grep -qx cat /proc/$pid/comm
	sleep 2
	start=$(now_ms)
	limit 30 umount -f $MNTS/force
	ended 10 $pid || { fail "the reader still waits"; kill -9 $pid; }
	# nfs.ko lets ERESTARTSYS out as it is
	want_like "what the reader got" \
		"$(is_snfs && echo Input/output error || echo error 512)" \
		"$(</tmp/force.err)"
	limit 30 umount -f $MNTS/force
	want_max "milliseconds" 30000 $(($(now_ms) - start))
	want_fail mountpoint -q $MNTS/force
	server_alive
}

force_umount_dirty() {
	want_ok client_mount main $MNTS/force nosharecache || return
	exec 5>$MNTS/force/dirty
	dd if=/dev/zero bs=64k count=16 status=none >&5
	server_dead
	limit 30 umount -f $MNTS/force
	exec 5>&-
	limit 40 umount -f -l $MNTS/force
	want_fail mountpoint -q $MNTS/force
	server_alive
}

export_withdrawn() {
	export_tmpfs fickle 16m
	echo x >"$SRV/fickle/file"
	want_ok client_mount fickle $MNTS/fickle || return
	want_eq "file" x "$(cat $MNTS/fickle/file)"
	exportfs -u "*:$SRV/fickle"
	exportfs -f
	want_fail touch $MNTS/fickle/new
	want_ok limit 30 umount $MNTS/fickle
	want_ok unexport fickle
}

e2e_setup acdirmin=1,acdirmax=2,acregmin=1,acregmax=2
t "a file removed on the server" file_removed_behind
t "a file replaced on the server" file_replaced_behind
t "writing to a file removed on the server" write_to_removed
t "a directory removed on the server" directory_removed_behind
t "a directory replaced on the server" directory_replaced_behind
t "a name that became another kind of file" kind_changed_behind
t "server restart while writing" restart_while_writing
t "server restart between write and fsync" restart_before_fsync
t "server restart while reading" restart_while_reading
t "server restarts while names change" restart_while_changing
t "kill a reader that waits" kill_waiting_reader
t "kill a stat that waits" kill_waiting_stat
t "kill a writer that waits" kill_waiting_writer
t "kill an ls that waits" kill_waiting_lister
t "soft: EIO after retrans" soft_gives_up
t "softerr: ETIMEDOUT after retrans" softerr_gives_up
t "umount -f ends calls to a dead server" force_umount
t "umount -f with unwritten data" force_umount_dirty
t "an export withdrawn" export_withdrawn
e2e_run
