#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# RWF_NOWAIT and io_uring: what is cached comes at once, what is not never waits.
# kernels: uml 6.12
# timeout: 90

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"

answers() { # ANSWER NAME COMMAND
	[[ $(ask "$2" "$3") == "$1" ]]
}

cached_bytes() {
	echo 0123456789 >"$MNT/read"
	hold read "$MNT/read"
	ask read '0 read 0 100'
	want_eq "cached" 3456 "$(ask read '0 peek 3 4')"
	want_eq "behind the end" "" "$(ask read '0 peek 100 4')"
	let_go read
}

# The server is asked meanwhile, so that trying again makes sense.
other_bytes() {
	pattern 200000 4 >"$MNT/cold"
	hold cold "$MNT/cold"
	drop_caches
	want_eq "not cached" EAGAIN "$(ask cold '0 peek 150000 5')"
	wait_until 60 answers "$(tail -c +150001 "$EXP/cold" | head -c 5)" cold '0 peek 150000 5' ||
		fail "still not cached"
	let_go cold
}

# Who waits gives no answer.
server_is_gone() {
	pattern 100000 5 >"$MNT/gone"
	hold gone "$MNT/gone"
	drop_caches
	ask gone '0 read 0 1'
	nfsd_stop
	want_eq "cached" "$(head -c 4 "$EXP/gone")" "$(ask gone '0 peek 0 4')"
	want_eq "not cached" EAGAIN "$(ask gone '0 peek 90000 7')"
	want_eq "written to the cache" 7 "$(ask gone '0 nowait 0 abcdefg')"
	nfsd_start
	let_go gone
	want_eq "on the server" abcdefg "$(head -c 7 "$EXP/gone")"
}

attributes_are_old() {
	echo old >"$MNT2/old"
	hold old "$MNT2/old"
	want_eq "read" old "$(ask old '0 read 0 3')"
	want_eq "read without waiting" EAGAIN "$(ask old '0 peek 0 3')"
	let_go old
}

writes() {
	: >"$MNT/write"
	hold write "$MNT/write"
	want_eq "into the cache" 5 "$(ask write '0 nowait 0 hello')"
	want_eq "at the end" 5 "$(ask write '0 nowait 5 world')"
	want_eq "to stable storage" EAGAIN "$(ask write '0 dsync 0 HELLO')"
	let_go write
	want_eq "on the server" helloworld "$(<"$EXP/write")"
	hold append -a "$MNT/write"
	want_eq "append" 1 "$(ask append '0 nowait 0 !')"
	let_go append
	want_eq "appended" 'helloworld!' "$(<"$EXP/write")"
}

# Bytes on their way must not change: a writer would wait for the server's answer.
page_under_way() {
	: >"$MNT/busy"
	hold busy "$MNT/busy"
	hold sync "$MNT/busy"
	want_eq "first" 5 "$(ask busy '0 nowait 0 first')"
	nfsd_stop
	tell sync '0 fsync'
	wait_until 60 answers EAGAIN busy '0 nowait 0 other' || fail "it never says EAGAIN"
	nfsd_start
	let_go sync
	let_go busy
	want_like "on the server" '^(first|other)$' "$(<"$EXP/busy")"
	want_same "$MNT/busy" "$EXP/busy"
}

uring() {
	limit 200 "$(helper uring)" "$1" "$2"
	case $? in
	0) ;;
	3) skip "no io_uring in this kernel" && return ;;
	*) fail "io_uring on $1" ;;
	esac
	want_same "$1" "$EXP/uring"
}

e2e_setup actimeo=600
second_client noac
at_end nfsd_start
t "what is cached is read at once" cached_bytes
t "what is not cached is asked for" other_bytes
t "a server that is gone" server_is_gone
t "attributes that must be asked for" attributes_are_old
t "writes into the cache" writes
t "a page that is being written" page_under_way
t "io_uring" uring "$MNT/uring" 300
t "io_uring without attribute cache" uring "$MNT2/uring" 100
e2e_run
