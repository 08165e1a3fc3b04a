#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What stat costs and says while a file is being written, AT_STATX_DONT_SYNC
# and AT_STATX_FORCE_SYNC, folded inode numbers.
# kernels: uml 6.12
# timeout: 120

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"

MIB=64

# Dirty data stay where they are: nothing here is about how long.
no_write_back() {
	echo 60000 >/proc/sys/vm/dirty_writeback_centisecs
	echo 80 >/proc/sys/vm/dirty_background_ratio
	echo 90 >/proc/sys/vm/dirty_ratio
}

# writer FILE: a process that makes MIB of data dirty and keeps them so, for
# any child of it would write them back as it ends, and so would closing a copy
# of the descriptor, as ">&6" does. So the file is standard output. One more byte for each line
# it is sent; touches /tmp/written whenever it has written.
writer() {
	rm -f /tmp/written /tmp/more
	mkfifo /tmp/more
	(
		printf -v text '%65536s' x
		exec >"$1"
		for ((i = 0; i < MIB * 16; i++)); do
			printf %s "$text"
		done
		exec 7>/tmp/written
		while read -r line && [[ $line != end ]]; do
			printf x
			exec 7>/tmp/written
		done <>/tmp/more
	) &
	WRITER=$!
	wait_until 60 test -e /tmp/written || fail "the writer does not write"
}

more() {
	rm -f /tmp/written
	echo more >/tmp/more
	wait_until 30 test -e /tmp/written || fail "the writer writes no more"
}

writer_ends() {
	echo end >/tmp/more
	wait $WRITER
}

# On a slow link: one of 1024 and more WRITEs is enough (one folio is several at most).
stat_of_others() {
	local before mtime calls

	tc qdisc replace dev lo root netem delay 5ms || { skip "no netem"; return; }
	writer $MNT/big
	before=$(server_calls write)
	mtime=$(stat -c '%.9Y %s' $MNT/big)
	calls=$(($(server_calls write) - before))
	want_min "WRITEs that a stat cost" 1 $calls
	want_max "WRITEs that a stat cost" 64 $calls
	want_eq "size" $((MIB << 20)) "${mtime#* }"
	want_eq "mtime" "$(stat -c %.9Y "$EXP/big")" "${mtime% *}"
	want_eq "WRITEs that another stat cost" 0 "$(count_calls write stat $MNT/big)"
	want_min "blocks" $((MIB << 11)) "$(stat -c %b $MNT/big)"
	more
	want_ne "mtime after one more byte" "${mtime% *}" "$(stat -c %.9Y $MNT/big)"
	want_eq "size after one more byte" $(((MIB << 20) + 1)) "$(stat -c %s $MNT/big)"
	writer_ends
	server_alive
	want_eq "mtime in the end" "$(stat -c %.9Y "$EXP/big")" "$(stat -c %.9Y $MNT/big)"
	want_same $MNT/big "$EXP/big"
}

# The writer itself may note the times: they are final, as all has been written.
stat_of_the_writer() {
	(
		exec >$MNT/own
		printf '%1000000s' x
		IFS= read -r -N 1000000 line <"$EXP/own"
		want_eq "bytes at the server before" 0 ${#line}
		[[ $MNT/own -nt /proc/version ]]
		IFS= read -r -N 1000000 line <"$EXP/own"
		want_eq "bytes at the server" 1000000 ${#line}
	)
}

dont_sync() {
	local size

	writer $MNT/dont
	want_eq "calls" 0 "$(count_calls "" stat --cached=always $MNT/dont)"
	server_dead
	size=$(limit 60 stat --cached=always -c %s $MNT/dont)
	server_alive
	want_eq "size" $((MIB << 20)) "$size"
	writer_ends
}

force_sync() {
	echo x >"$EXP/force"
	want_eq "size" 2 "$(stat -c %s $MNT/force)"
	want_eq "GETATTRs, plain" 0 "$(count_calls getattr stat $MNT/force)"
	want_min "GETATTRs, forced" 1 "$(count_calls getattr stat --cached=never $MNT/force)"
	echo longer >>"$EXP/force"
	want_eq "size, forced" 9 "$(stat --cached=never -c %s $MNT/force)"
	writer $MNT/forced
	want_eq "size of what is being written" $((MIB << 20)) \
		"$(stat --cached=never -c %s $MNT/forced)"
	want_stat %s $((MIB << 20)) "$EXP/forced"
	writer_ends
}

# ino32: high ^ low, the same in stat and in listings.
folded_numbers() {
	local ino

	want_ok client_mount main $MNTS/ino ino32 || return
	echo x >"$EXP/numbered"
	ino=$(stat -c %i $MNT/numbered)
	ino=$(((ino >> 32) ^ (ino & 0xffffffff)))
	want_stat %i $ino $MNTS/ino/numbered
	# shellcheck disable=SC2012 # the number is wanted
	want_eq "listed" $ino "$(ls -iU $MNTS/ino | awk '$2 == "numbered" { print $1 }')"
	want_ok client_umount $MNTS/ino
}

e2e_setup wsize=65536
no_write_back
t "stat of a file that another process writes" stat_of_others
t "stat of a file by its writer" stat_of_the_writer
t "AT_STATX_DONT_SYNC asks nobody" dont_sync
t "AT_STATX_FORCE_SYNC asks the server" force_sync
t "ino32" folded_numbers
e2e_run
