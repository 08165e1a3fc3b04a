#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Positions in a directory that changes: what telldir told stays where it is.
# kernels: uml 6.12
# timeout: 60

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"

# stable NAME DIR-TO-CHANGE ENTRIES ROUNDS
stable() {
	mkdir "$EXP/$1"
	want_ok limit 200 "$(helper seekstable)" "$MNT/$1" "$2/$1" "$3" "$4"
	want_ok rm -r "$MNT/$1"
}

small_replies() {
	want_ok client_umount "$MNT"
	want_ok client_mount main "$MNT" "rsize=4096${1:+,$1}" || return
	stable small "$EXP" 300 3
}

# Cookies of ext4 have 63 bits; a 32-bit program gets positions of 31.
positions_of_31_bits() {
	[[ $SNFS_KERNEL != uml ]] || { skip "no 32-bit system calls"; return; }
	export_ext4 ext 64 || { fail "no ext4 export"; return; }
	want_ok client_mount ext "$MNTS/ext" || return
	mkdir "$SRV/ext/d"
	(cd "$SRV/ext/d" && seq -f 'hashed-%.0f' 1 1500 | xargs touch)
	want_eq "entries with . and .." 1502 "$("$(helper dir32)" "$MNTS/ext/d")"
	want_ok client_umount "$MNTS/ext"
}

e2e_setup
t "while this client creates and unlinks" stable own "$MNT" 800 4
t "while others create and unlink" stable foreign "$EXP" 800 4
t "the same in small replies" small_replies
t "the same in small replies without attributes" small_replies nordirplus
t "positions of 32-bit programs" positions_of_31_bits
e2e_run
