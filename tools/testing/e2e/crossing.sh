#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# File systems below the export (crossmnt, nohide): mounts of their own, made
# by walking into them, gone when idle.
# kernels: uml 6.12
# timeout: 120

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"

CROSS=rw,async,no_root_squash,crossmnt
EXPIRY=/sys/module/snfs/parameters/submount_expiry

# below [NAME]: mounts of the client at or below $MNT/NAME
below() {
	awk -v t="$FSTYPE" -v d="$MNT${1:+/$1}" \
		'$3 == t && index($2 "/", d "/") == 1' /proc/mounts
}

is_crossed() {
	[[ -n $(below "$1") ]]
}

is_not_crossed() {
	[[ -z $(below "$1") ]]
}

device() {
	stat -c %d "$1"
}

connections() {
	ss -Htn state established "dport = :2049" | wc -l
}

# forget: no mount below the first client's is left.
forget() {
	echo 1 >$EXPIRY
	wait_until 30 eval '[[ $(below "" | wc -l) -eq 1 ]]' ||
		fail "left: $(below "")"
	echo 500 >$EXPIRY
}

appears() {
	local before
	local after

	before=$(connections)
	want_eq "content" "in sub" "$(cat "$MNT/sub/f")"
	after=$(connections)
	want_eq "connections" "$before" "$after"
	want_ne "st_dev" "$(device "$MNT")" "$(device "$MNT/sub")"
	want_like "/proc/mounts" \
		"^$SERVER:$EXP/sub $MNT/sub $FSTYPE rw,.*addr=127.0.0.1" \
		"$(below sub)"
	want_eq "the parent's options" "$(shown_options "$MNT")" \
		"$(shown_options "$MNT/sub")"
	want_like "mountstats" "^device $SERVER:$EXP/sub mounted on $MNT/sub " \
		"$(grep "on $MNT/sub " /proc/self/mountstats)"
	want_eq "statvers lines" "$(awk -v t="$FSTYPE" '$3 == t' /proc/mounts |
		wc -l)" "$(grep -c "fstype $FSTYPE statvers=1.1" \
		/proc/self/mountstats)"
	want_eq "asked of MOUNT" 0 "$(grep -c "$EXP/sub" /var/lib/nfs/rmtab)"
}

numbers() {
	local outer inner

	want_eq "st_ino" "$(stat -c %i "$EXP/sub/.")" \
		"$(stat -c %i "$MNT/sub/.")"
	umount "$MNT/sub/deep" 2>/dev/null
	want_ok umount "$MNT/sub"
	# Looking does not mount; the root's number must not come twice.
	outer=$(stat -c %d:%i "$MNT")
	inner=$(stat -c %d:%i "$MNT/sub")
	want_ok is_not_crossed sub
	want_ne "the two roots seen from above" "$outer" "$inner"
	ls "$MNT" >/dev/null
	want_ok is_not_crossed sub
	want_eq "d_ino is the covered directory's" "$COVERED" \
		"$(strace -v -s 100 -e trace=getdents64 ls "$MNT" 2>&1 |
		grep -o '{d_ino=[0-9]*[^}]*d_name="sub"' |
		sed 's/{d_ino=\([0-9]*\).*/\1/')"
}

everything_is_found() {
	want_eq "find" "$(cd "$EXP" && find . | sort)" \
		"$(cd "$MNT" && find . 2>&1 | sort)"
	want_eq "find -xdev" "$(cd "$EXP" && find . -xdev | sort)" \
		"$(cd "$MNT" && find . -xdev | sort)"
	want_ok diff -r "$EXP" "$MNT"
}

sizes() {
	want_eq "statfs" "$(stat -f -c '%S %b' "$EXP/sub")" \
		"$(stat -f -c '%S %b' "$MNT/sub/.")"
	want_eq "statfs of the parent" "$(stat -f -c '%S %b' "$EXP")" \
		"$(stat -f -c '%S %b' "$MNT")"
}

not_across() {
	echo x >"$MNT/across"
	want_err EXDEV ln "$MNT/across" "$MNT/sub/across"
	want_err EXDEV perl -e 'rename($ARGV[0], $ARGV[1]) or die "$!\n"' \
		"$MNT/across" "$MNT/sub/across"
	want_ok mv "$MNT/across" "$MNT/sub/across"
	want_eq "moved" x "$(<"$EXP/sub/across")"
	want_err EBUSY perl -e 'rename($ARGV[0], $ARGV[1]) or die "$!\n"' \
		"$MNT/sub" "$MNT/other"
	want_err EBUSY rmdir "$MNT/sub"
	rm "$MNT/sub/across"
}

nested() {
	want_eq "content" "in deep" "$(cat "$MNT/sub/deep/f")"
	want_eq "three devices" 3 "$(stat -c %d "$MNT" "$MNT/sub" \
		"$MNT/sub/deep" | sort -u | wc -l)"
	echo y >"$MNT/sub/deep/g"
	want_eq "written" y "$(<"$EXP/sub/deep/g")"
	rm "$MNT/sub/deep/g"
}

found_again() {
	mkdir -p "$MNTS/bound"
	want_ok mount --bind "$MNT" "$MNTS/bound"
	umount "$MNTS/bound/sub" 2>/dev/null
	cat "$MNT/sub/f" "$MNTS/bound/sub/f" >/dev/null
	want_eq "one superblock" "$(device "$MNT/sub")" \
		"$(device "$MNTS/bound/sub")"
	want_ok umount "$MNTS/bound"
	want_fail mountpoint -q "$MNTS/bound"
}

kept_apart() {
	want_ok client_mount main/sub "$MNTS/direct"
	cat "$MNT/sub/f" >/dev/null
	want_eq "content" "in sub" "$(cat "$MNTS/direct/f")"
	want_ok client_umount "$MNTS/direct"
	want_eq "still there" "in sub" "$(cat "$MNT/sub/f")"
}

# Whoever walks by: another user, another network namespace.
walker() {
	forget
	want_ok as 1001:1001 cat "$MNT/sub/f"
	want_ok is_crossed sub
	forget
	want_eq "from a namespace without a network" "in sub" \
		"$(unshare -n cat "$MNT/sub/f" 2>&1)"
	want_ok touch "$MNT/sub/w"
	want_stat %u 0 "$EXP/sub/w"
	rm "$MNT/sub/w"
}

expires() {
	cat "$MNT/sub/deep/f" >/dev/null
	exec 5<"$MNT/sub/f"
	echo 1 >$EXPIRY
	wait_until 30 is_not_crossed sub/deep || fail "deep stays"
	sleep 3
	want_ok is_crossed sub
	want_eq "open file" "in sub" "$(cat <&5)"
	exec 5<&-
	wait_until 30 is_not_crossed sub || fail "sub stays"
	echo 500 >$EXPIRY
	want_eq "and comes back" "in deep" "$(cat "$MNT/sub/deep/f")"
}

umount_takes_them() {
	want_ok client_mount main "$MNTS/m" nosharecache
	cat "$MNTS/m/sub/deep/f" >/dev/null
	exec 5<"$MNTS/m/sub/deep/f"
	want_err EBUSY sh -c "umount '$MNTS/m' 2>&1 |
		sed 's/target is busy/Device or resource busy/'; exit 1"
	want_eq "reads on" "in deep" "$(cat <&5)"
	exec 5<&-
	cat "$MNTS/m/sub/deep/f" >/dev/null
	want_ok client_umount "$MNTS/m"
	want_eq "left" "" "$(grep " $MNTS/m" /proc/mounts)"
}

lazy() {
	want_ok client_mount main "$MNTS/m" nosharecache
	exec 5<>"$MNTS/m/sub/f"
	want_ok umount -l "$MNTS/m"
	want_eq "reads on" "in sub" "$(cat <&5)"
	exec 5<&-
}

# umount -f of the export ends what hangs below it.
force() {
	local pid

	want_ok client_mount main "$MNTS/m" nosharecache,actimeo=0
	cat "$MNTS/m/sub/f" >/dev/null
	exec 5<"$MNTS/m/sub/f"
	server_dead
	stat -L -c %s /proc/self/fd/5 >/tmp/hung 2>&1 &
	pid=$!
	sleep 1
	want_ok kill -0 $pid
	limit 60 umount -f "$MNTS/m"
	wait_until 30 eval "! kill -0 $pid" || fail "still hangs"
	wait $pid
	want_like "what it heard" "Input/output error" "$(cat /tmp/hung)"
	server_alive
	exec 5<&-
	umount -f "$MNTS/m" 2>/dev/null || umount -l "$MNTS/m"
}

read_only() {
	want_ok client_mount main "$MNTS/m" ro,nosharecache
	want_err EROFS touch "$MNTS/m/sub/new"
	want_like "shown" '^ro,' "$(shown_options "$MNTS/m/sub")"
	want_ok client_umount "$MNTS/m"
}

nohide() {
	want_ok client_mount plain "$MNTS/m"
	want_eq "nohide" "is seen" "$(cat "$MNTS/m/seen/f")"
	want_ne "st_dev" "$(device "$MNTS/m")" "$(device "$MNTS/m/seen")"
	# The server does not cross to it: the list of exports tells (nested.sh).
	want_eq "asked of MOUNT" 0 "$(grep -c ":$SRV/plain/seen:" /var/lib/nfs/rmtab)"
	want_eq "without" "is hidden" "$(cat "$MNTS/m/hidden/f")"
	want_eq "asked of MOUNT" 1 "$(grep -c ":$SRV/plain/hidden:" /var/lib/nfs/rmtab)"
	want_ne "st_dev" "$(device "$MNTS/m")" "$(device "$MNTS/m/hidden")"
	want_ok client_umount "$MNTS/m"
}

# The file system below goes away on the server, and another one comes.
replaced() {
	want_ok client_mount main "$MNTS/m" nosharecache,actimeo=0
	want_eq "before" "in swap" "$(cat "$MNTS/m/swap/f")"
	exec 5<"$MNTS/m/swap/f"
	exportfs -u "*:$EXP/swap"
	exportfs -f
	umount "$EXP/swap"
	want_err ESTALE stat -L /proc/self/fd/5
	exec 5<&-
	want_eq "covered directory" "" "$(ls "$MNTS/m/swap" 2>&1)"
	sub_export swap "new swap"
	touch "$EXP/changed"
	wait_until 20 eval "[[ \$(cat $MNTS/m/swap/f) == 'new swap' ]]" ||
		fail "the new one: $(cat "$MNTS/m/swap/f" 2>&1)"
	want_ok client_umount "$MNTS/m"
}

# sub_export NAME TEXT: a tmpfs at $EXP/NAME with a file of TEXT, exported.
sub_export() {
	mkdir -p "$EXP/$1"
	mount -t tmpfs -o size=16m,mode=755 "srv-sub" "$EXP/$1" || return 1
	echo "$2" >"$EXP/$1/f"
	server_export "$EXP/$1" $CROSS
}

e2e_server
is_snfs || bail "the expiry is snfs's"
export_tmpfs main 64m $CROSS || bail "no export"
mkdir "$EXP/other" "$EXP/sub"
COVERED=$(stat -c %i "$EXP/sub")
sub_export sub "in sub" && sub_export sub/deep "in deep" &&
	sub_export swap "in swap" || bail "no exports below"
export_tmpfs plain 64m || bail "no export"
mkdir "$SRV/plain/seen" "$SRV/plain/hidden"
mount -t tmpfs -o size=16m,mode=755 srv-seen "$SRV/plain/seen"
mount -t tmpfs -o size=16m,mode=755 srv-hidden "$SRV/plain/hidden"
echo "is seen" >"$SRV/plain/seen/f"
echo "is hidden" >"$SRV/plain/hidden/f"
server_export "$SRV/plain/seen" rw,async,no_root_squash,nohide
server_export "$SRV/plain/hidden"
client_mount main "$MNT" || bail "the mount fails"

t "a file system below the export is a mount" appears
t "numbers of its root" numbers
t "find, du and diff see everything once" everything_is_found
t "statfs is its own" sizes
t "nothing moves across" not_across
t "one below another" nested
t "found again through a bind mount" found_again
t "a mount of its own is another one" kept_apart
t "whoever walks into it" walker
t "an idle one expires, one in use does not" expires
t "umount takes idle ones along" umount_takes_them
t "umount -l with one in use" lazy
t "umount -f ends what hangs below" force
t "read-only mounts" read_only
t "nohide, and neither" nohide
t "replaced on the server" replaced
e2e_run
