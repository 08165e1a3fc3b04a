#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Two clients of one export, in two network namespaces: what one closed, the other's next open
# sees. What the options change of that is in two-hosts.sh.
# kernels: 6.1 6.12
# timeout: 120

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"
# shellcheck source=../lib/peer.sh
. "$E2E_LIB/peer.sh"

# Two changes in one tick of the server's clock cannot be told apart.
tick() {
	sleep 0.05
}

separate_caches() {
	want_fail same_superblock "$MNT" "$MNT2"
	want_eq "address of the server, there" $HOST_ADDR "$(shown_option "$MNT2" addr)"
}

contents_both_ways() {
	local i

	for i in {1..10}; do
		echo "from a, round $i" >"$MNT/f"
		want_eq "round $i, b" "from a, round $i" "$(cat "$MNT2/f")"
		tick
		echo "from b, round $i, and longer" >"$MNT2/f"
		want_eq "round $i, a" "from b, round $i, and longer" \
			"$(cat "$MNT/f")"
		tick
	done
	want_same "$MNT/f" "$EXP/f"
}

# The same size, so that only the times tell.
same_size_change() {
	local i

	pattern 8192 1 >"$MNT/same"
	want_same "$MNT/same" "$MNT2/same"
	for i in 2 3 4 5; do
		tick
		pattern 8192 $i >"$MNT/same"
		pattern 8192 $i | cmp - "$MNT2/same" || fail "round $i: b is stale"
	done
}

appends_alternate() {
	local i

	for i in {1..10}; do
		echo "a$i" >>"$MNT/log"
		echo "b$i" >>"$MNT2/log"
	done
	want_eq "lines" "$(for i in {1..10}; do echo "a$i b$i"; done)" \
		"$(paste -d ' ' - - <"$EXP/log")"
	want_same "$MNT/log" "$EXP/log"
	want_same "$MNT2/log" "$EXP/log"
}

shrinks_and_grows() {
	pattern 100000 1 >"$MNT/size"
	want_same "$MNT/size" "$MNT2/size"
	tick
	truncate -s 1000 "$MNT2/size"
	want_eq "bytes after truncate" 1000 "$(cat "$MNT/size" | wc -c)"
	tick
	truncate -s 50000 "$MNT/size"
	want_eq "bytes after growing" 50000 "$(cat "$MNT2/size" | wc -c)"
	want_same "$MNT2/size" "$EXP/size"
}

# An fsync makes data visible to the other, who opens after it.
fsync_is_enough() {
	exec 5>"$MNT/synced"
	printf 'first ' >&5
	sync "$MNT/synced"
	want_eq "b after fsync" 'first ' "$(cat "$MNT2/synced")"
	tick
	printf second >&5
	sync "$MNT/synced"
	want_eq "b after the second" 'first second' "$(cat "$MNT2/synced")"
	exec 5>&-
}

mapped_stores_seen() {
	pattern 20000 1 >"$MNT/mapped"
	want_same "$MNT/mapped" "$MNT2/mapped"
	tick
	want_ok "$(helper mapfile)" shared "$MNT/mapped" 5000 "through a mapping"
	want_eq "b" "through a mapping" \
		"$(tail -c +5001 "$MNT2/mapped" | head -c 17)"
}

says() { # TEXT FILE
	[[ $(cat "$2") == "$1" ]]
}

removed_and_made_again() {
	echo old >"$MNT/again"
	want_eq "b" old "$(cat "$MNT2/again")"
	tick
	rm "$MNT2/again"
	echo "quite new" >"$MNT2/again"
	want_eq "a" "quite new" "$(cat "$MNT/again")"
	tick
	mv "$MNT/again" "$MNT/aside"
	echo third >"$MNT/again"
	# Names may be cached as long as the directory's attributes are.
	wait_until 10 says third "$MNT2/again" ||
		fail "b, other file of that name: $(cat "$MNT2/again")"
	wait_until 10 says "quite new" "$MNT2/aside" ||
		fail "b, the moved one: $(cat "$MNT2/aside")"
}

# A name that was not there is found by open once it is.
appears() {
	want_err ENOENT cat "$MNT2/appears"
	tick
	echo here >"$MNT/appears"
	wait_until 10 test -e "$MNT2/appears" ||
		fail "b does not see the new name after its caching time"
	want_eq "b" here "$(cat "$MNT2/appears")"
}

is_absent() {
	[[ ! -e $1 ]]
}

# O_CREAT|O_EXCL decides at the server, whatever is cached.
exclusive_between_clients() {
	local i wins=0

	for i in {1..10}; do
		# It was seen there on a slow machine, and may be for acdirmax.
		wait_until 20 is_absent "$MNT2/lock" || fail "round $i: still there"
		(set -C; : >"$MNT/lock") 2>/dev/null && wins=$((wins + 1))
		(set -C; : >"$MNT2/lock") 2>/dev/null && wins=$((wins + 1))
		rm "$MNT/lock"
		tick
	done
	want_eq "one wins each round" 10 "$wins"
}

attributes_seen_by_open() {
	echo x >"$MNT/attr"
	cat "$MNT2/attr" >/dev/null
	tick
	chmod 640 "$MNT/attr"
	touch -d 2001-01-01 "$MNT/attr"
	cat "$MNT2/attr" >/dev/null
	want_stat '%a %Y' "640 $(date -d 2001-01-01 +%s)" "$MNT2/attr"
}

# Opening a directory is an open as well.
directory_listing() {
	mkdir "$MNT/dir"
	touch "$MNT/dir/1"
	want_eq "b" 1 "$(ls "$MNT2/dir")"
	tick
	touch "$MNT/dir/2"
	want_eq "b" "1 2" "$(echo $(ls "$MNT2/dir"))"
	tick
	rm "$MNT2/dir/1"
	want_eq "a" 2 "$(ls "$MNT/dir")"
	tick
	mv "$MNT/dir/2" "$MNT/dir/3"
	want_eq "b" 3 "$(ls "$MNT2/dir")"
}

# A reader that has the file open keeps reading what it may still have;
# after its next open all is new.
open_reader_never_mixes() {
	pattern 60000 1 >"$MNT/reader"
	exec 5<"$MNT2/reader"
	head -c 100 <&5 >/dev/null
	tick
	pattern 60000 2 >"$MNT/reader"
	pattern 60000 2 >/tmp/reader
	want_same /tmp/reader "$MNT2/reader"
	exec 5<&-
	want_same /tmp/reader "$MNT2/reader"
}

# Own writes do not make the own cache look foreign.
own_writes_keep_cache() {
	local reads

	pattern 200000 1 >"$MNT/own"
	cat "$MNT/own" >/dev/null
	printf changed | dd of="$MNT/own" conv=notrunc status=none
	reads=$(count_calls read cat "$MNT/own")
	want_eq "READ calls after an own write" 0 "$reads"
}

reopen_reads_cache() {
	pattern 200000 1 >"$MNT2/cached"
	drop_caches
	want_min "READ calls, cold" 1 "$(count_calls read cat "$MNT2/cached")"
	want_eq "READ calls, warm" 0 "$(count_calls read cat "$MNT2/cached")"
}

# Changes that cross: each client writes its half of every page.
interleaved_ranges() {
	local i

	head -c 40960 /dev/zero >"$MNT/halves"
	for i in {0..4}; do
		printf 'a%.0s' {1..2048} | dd of="$MNT/halves" bs=2048 \
			seek=$((2 * i)) conv=notrunc status=none
		printf 'b%.0s' {1..2048} | dd of="$MNT2/halves" bs=2048 \
			seek=$((2 * i + 1)) conv=notrunc status=none
	done
	want_eq "bytes of a" 10240 "$(tr -dc a <"$EXP/halves" | wc -c)"
	want_eq "bytes of b" 10240 "$(tr -dc b <"$EXP/halves" | wc -c)"
	want_same "$MNT/halves" "$EXP/halves"
	want_same "$MNT2/halves" "$EXP/halves"
}

# Directory caching is bounded by acdirmax; keep the waits short.
# Before any mount, as it would have a copy of each.
peer_start || bail "no peer"
e2e_setup acdirmin=1,acdirmax=3
peer_client "$MNT2" acdirmin=1,acdirmax=3 || bail "the peer's mount fails"
t "the two clients share no cache" separate_caches
t "contents, both ways" contents_both_ways
t "a change that keeps the size" same_size_change
t "alternate appends" appends_alternate
t "shrinking and growing" shrinks_and_grows
t "fsync makes it visible" fsync_is_enough
t "stores through a mapping" mapped_stores_seen
t "removed and made again" removed_and_made_again
t "a name appears" appears
t "O_EXCL is decided by the server" exclusive_between_clients
t "an open brings the attributes" attributes_seen_by_open
t "directory listings" directory_listing
t "a reader with the file open" open_reader_never_mixes
t "own writes keep the cache" own_writes_keep_cache
t "an unchanged file is not read again" reopen_reads_cache
t "halves of pages from both" interleaved_ranges
e2e_run
