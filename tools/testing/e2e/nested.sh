#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Exports below the export that the server does not cross to: found in its list
# of exports, mounted by MNT when a walk goes into them. And notraverse.
# kernels: uml 6.12
# timeout: 150

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"

PLAIN=rw,async,no_root_squash
EXPIRY=/sys/module/snfs/parameters/submount_expiry
REFRESH=/sys/module/snfs/parameters/exports_refresh

# below [NAME]: mounts of the client at or below $MNT/NAME
below() {
	awk -v t="$FSTYPE" -v d="$MNT${1:+/$1}" \
		'$3 == t && index($2 "/", d "/") == 1' /proc/mounts
}

is_mounted() {
	[[ -n $(below "$1") ]]
}

is_not_mounted() {
	[[ -z $(below "$1") ]]
}

device() {
	stat -c %d "$1"
}

# in_rmtab NAME: the server was told that we have it mounted, and not yet that we have not.
in_rmtab() {
	grep -q ":$EXP/$1:" /var/lib/nfs/rmtab
}

not_in_rmtab() {
	! in_rmtab "$1"
}

said() {
	dmesg | grep -c "$1"
}

# sub_fs NAME TEXT: a tmpfs at $EXP/NAME with a file of TEXT.
sub_fs() {
	mkdir -p "$EXP/$1"
	mount -t tmpfs -o size=16m,mode=755 "srv-sub" "$EXP/$1" || return 1
	echo "$2" >"$EXP/$1/f"
}

appears() {
	want_eq "content" "in sub" "$(cat "$MNT/sub/f")"
	want_ne "st_dev" "$(device "$MNT")" "$(device "$MNT/sub")"
	want_like "/proc/mounts" \
		"^$SERVER:$EXP/sub $MNT/sub $FSTYPE rw,.*addr=127.0.0.1" \
		"$(below sub)"
	want_eq "the parent's options" "$(shown_options "$MNT")" \
		"$(shown_options "$MNT/sub")"
	want_ok in_rmtab sub
	echo y >"$MNT/sub/g"
	want_eq "written" y "$(<"$EXP/sub/g")"
	rm "$MNT/sub/g"
	want_eq "statfs" "$(stat -f -c '%S %b' "$EXP/sub")" \
		"$(stat -f -c '%S %b' "$MNT/sub/.")"
}

# Of the same file system, and yet an export of its own
same_fs() {
	want_eq "content" "in own" "$(cat "$MNT/own/f")"
	want_ne "st_dev" "$(device "$MNT")" "$(device "$MNT/own")"
	want_ok in_rmtab own
}

not_exported() {
	want_eq "listing" "" "$(ls "$MNT/hidden")"
	want_eq "st_dev" "$(device "$MNT")" "$(device "$MNT/hidden")"
	want_eq "a plain directory" "in dir" "$(cat "$MNT/dir/f")"
	want_eq "st_dev" "$(device "$MNT")" "$(device "$MNT/dir")"
}

deeper() {
	want_eq "below a directory" "in deep" "$(cat "$MNT/dir/deep/f")"
	want_eq "below an export" "in inner" "$(cat "$MNT/sub/inner/f")"
	want_eq "devices" 4 "$(stat -c %d "$MNT" "$MNT/sub" "$MNT/dir/deep" \
		"$MNT/sub/inner" | sort -u | wc -l)"
}

looking_is_not_walking() {
	want_ok client_mount main "$MNTS/m" nosharecache
	ls -l "$MNTS/m" >/dev/null
	stat "$MNTS/m/sub" >/dev/null
	want_eq "mounted" 1 "$(grep -c " $MNTS/m" /proc/mounts)"
	want_eq "walked in" "in sub" "$(cat "$MNTS/m/sub/f")"
	want_ok client_umount "$MNTS/m"
	want_eq "left" "" "$(grep " $MNTS/m" /proc/mounts)"
}

# The list costs one call, which nobody waits for; each export then one MNT.
asked_once() {
	local traced=/sys/kernel/tracing name

	echo 1 >$traced/tracing_on
	echo >$traced/trace
	echo 1 >$traced/events/sunrpc/rpc_stats_latency/enable
	want_ok client_mount main "$MNTS/m" nosharecache
	for name in sub sub/inner dir/deep own hidden; do
		ls "$MNTS/m/$name/." >/dev/null
	done
	umount "$MNTS/m/own"
	want_eq "again" "in own" "$(cat "$MNTS/m/own/f")"
	echo 0 >$traced/events/sunrpc/rpc_stats_latency/enable
	want_eq "EXPORT" 1 "$(grep -c "mountv3 EXPORT" $traced/trace)"
	want_eq "MNT" 6 "$(grep -c "mountv3 MNT" $traced/trace)"
	want_ok client_umount "$MNTS/m"
}

walker() {
	umount "$MNT/own"
	want_ok is_not_mounted own
	want_eq "another user" "in own" "$(as 1001:1001 cat "$MNT/own/f")"
	umount "$MNT/own"
	want_eq "from a namespace without a network" "in own" \
		"$(unshare -n cat "$MNT/own/f" 2>&1)"
}

expires() {
	cat "$MNT/sub/inner/f" "$MNT/own/f" >/dev/null
	exec 5<"$MNT/sub/f"
	echo 1 >$EXPIRY
	wait_until 60 is_not_mounted sub/inner || fail "inner stays"
	wait_until 60 is_not_mounted own || fail "own stays"
	want_ok is_mounted sub
	exec 5<&-
	wait_until 60 is_not_mounted sub || fail "sub stays"
	echo 500 >$EXPIRY
	wait_until 30 not_in_rmtab own || fail "own is listed"
	want_eq "and comes back" "in own" "$(cat "$MNT/own/f")"
}

umount_takes_them() {
	want_ok client_mount main "$MNTS/m" nosharecache
	cat "$MNTS/m/sub/inner/f" >/dev/null
	exec 5<"$MNTS/m/sub/inner/f"
	want_fail umount "$MNTS/m"
	want_eq "reads on" "in inner" "$(cat <&5)"
	exec 5<&-
	want_ok client_umount "$MNTS/m"
	want_eq "left" "" "$(grep " $MNTS/m" /proc/mounts)"
}

read_only() {
	want_ok client_mount main "$MNTS/m" ro,nosharecache
	want_err EROFS touch "$MNTS/m/sub/new"
	want_ok client_umount "$MNTS/m"
}

# Listed, but for others: the directory is what it is for the export above.
denied() {
	local before

	before=$(said "denied the mount of $EXP/denied")
	want_eq "listing" "covered" "$(ls "$MNT/denied")"
	want_eq "st_dev" "$(device "$MNT")" "$(device "$MNT/denied")"
	ls "$MNT/denied/." >/dev/null
	want_eq "told once" $((before + 1)) "$(said "denied the mount of $EXP/denied")"
}

# Without mountd nothing can be said about an export: an error, and not the directory below.
no_mountd() {
	cat "$MNT/own/f" "$MNT/sub/f" >/dev/null
	umount "$MNT/own"
	mountd_stop
	want_err ECONNREFUSED cat "$MNT/own/f"
	want_eq "what is mounted" "in sub" "$(cat "$MNT/sub/f")"
	mountd_start
	want_eq "again" "in own" "$(cat "$MNT/own/f")"
}

# An export that leads back to one above it
loop() {
	want_err ELOOP ls "$MNT/loop/f"
	want_ne "told" 0 "$(said "leads back")"
	want_eq "elsewhere" "in sub" "$(cat "$MNT/sub/f")"
}

# Each is an export of its own; the first mount counts, too.
too_deep() {
	local dir=deep i

	rm -f /tmp/deep
	mkdir -p /etc/exports.d
	for i in {1..33}; do
		dir+=/d
		echo "$EXP/$dir *($PLAIN,no_subtree_check,insecure,fsid=$((1000 + i)))"
		[[ $i -ne 31 && $i -ne 32 ]] || echo "$EXP/$dir" >>/tmp/deep
	done >/etc/exports.d/deep.exports
	mkdir -p "$EXP/$dir"
	while read -r dir; do
		echo "as deep" >"$dir/f"
	done </tmp/deep
	exportfs -a
	want_ok client_mount main "$MNTS/m" nosharecache
	dir=$MNTS/m$(sed -n "1s,^$EXP,,p" /tmp/deep)
	want_eq "the 32nd" "as deep" "$(cat "$dir/f")"
	want_err ELOOP cat "$dir/d/f"
	want_like "told" "32 mounts one below the other are enough" "$(kernel_log)"
	want_ok client_umount "$MNTS/m"
	want_eq "left" "" "$(grep " $MNTS/m" /proc/mounts)"
	rm /etc/exports.d/deep.exports
}

# What was an export a moment ago, and is nothing now
removed() {
	want_ok client_mount main "$MNTS/m" nosharecache
	stat "$MNTS/m/gone" >/dev/null
	want_ok rmdir "$MNTS/m/gone"
	want_err ENOENT stat "$MNTS/m/gone"
	want_err ENOENT ls "$MNTS/m/gone/"
	want_ok touch "$MNTS/m/gone"
	want_eq "a file" "" "$(cat "$MNTS/m/gone")"
	want_ok client_umount "$MNTS/m"
}

withdrawn() {
	echo 1 >$REFRESH
	want_ok client_mount main "$MNTS/m" nosharecache,actimeo=0
	mkdir -p "$MNTS/url"
	want_ok mount -i -t "$FSTYPE" -o nosharecache,actimeo=0 "nfs://$SERVER$EXP" "$MNTS/url"
	want_eq "before" "in swap" "$(cat "$MNTS/m/swap/f")"
	want_eq "below a URL" "in swap" "$(cat "$MNTS/url/swap/f")"
	exec 5<"$MNTS/m/swap/f"
	exportfs -u "*:$EXP/swap"
	exportfs -f
	wait_until 20 umount "$EXP/swap"
	want_err ESTALE stat -L /proc/self/fd/5
	exec 5<&-
	want_eq "the directory" "covered" "$(ls "$MNTS/m/swap/" 2>&1)"
	want_eq "st_dev" "$(device "$MNTS/m")" "$(device "$MNTS/m/swap/.")"
	want_eq "left" 1 "$(grep -c " $MNTS/m" /proc/mounts)"
	stat "$MNTS/url/swap/f" >/dev/null 2>&1
	want_eq "below a URL" "covered" "$(ls "$MNTS/url/swap/" 2>&1)"
	want_eq "left" 1 "$(grep -c " $MNTS/url" /proc/mounts)"
	want_ok client_umount "$MNTS/url"
}

# A new export is found when the list is asked for again.
comes_again() {
	sub_fs swap "new swap"
	server_export "$EXP/swap" $PLAIN
	wait_until 60 eval "[[ \$(cat $MNTS/m/swap/f 2>/dev/null) == 'new swap' ]]" ||
		fail "the new one: $(cat "$MNTS/m/swap/f" 2>&1)"
	want_ne "st_dev" "$(device "$MNTS/m")" "$(device "$MNTS/m/swap")"
	want_ok client_umount "$MNTS/m"
	echo 600 >$REFRESH
}

notraverse() {
	want_ok client_mount main "$MNTS/m" notraverse
	want_eq "shown" notraverse "$(shown_option "$MNTS/m" notraverse)"
	want_eq "a file system below" covered "$(ls "$MNTS/m/sub")"
	want_eq "an export of the same" "in own" "$(cat "$MNTS/m/own/f")"
	want_eq "st_dev" 1 "$(stat -c %d "$MNTS/m" "$MNTS/m/sub/." \
		"$MNTS/m/own/." | sort -u | wc -l)"
	want_eq "mounted" 1 "$(grep -c " $MNTS/m" /proc/mounts)"
	want_err EINVAL remount "$MNTS/m" traverse
	want_ok client_umount "$MNTS/m"
}

remount() {
	mount -i -o "remount,$2" "$1" 2>&1 | sed 's/bad option.*/Invalid argument/' >&2
	return "${PIPESTATUS[0]}"
}

# Where the server crosses, notraverse shows what it shows, as one file system.
notraverse_crossed() {
	want_ok client_mount cross "$MNTS/m" notraverse
	want_eq "content" "in x" "$(cat "$MNTS/m/x/f")"
	want_eq "deeper" "in y" "$(cat "$MNTS/m/x/d/y/f")"
	want_eq "find" "$(cd "$SRV/cross" && find . | sort)" \
		"$(cd "$MNTS/m" && find . 2>&1 | sort)"
	want_ok diff -r "$SRV/cross" "$MNTS/m"
	want_eq "st_dev" 1 "$(find "$MNTS/m" -printf '%D\n' | sort -u | wc -l)"
	want_eq "numbers" "$(find "$MNTS/m" | wc -l)" \
		"$(find "$MNTS/m" -exec stat -c %i {} + | sort -u | wc -l)"
	want_eq "the same in listings" "$(cd "$MNTS/m/x" && stat -c '%i %n' f)" \
		"$(ls -i "$MNTS/m/x" | sed 's/^ *//' | grep ' f$')"
	echo z >"$MNTS/m/x/z"
	want_eq "written" z "$(<"$SRV/cross/x/z")"
	want_err EXDEV ln "$MNTS/m/x/z" "$MNTS/m/z"
	want_err EXDEV perl -e 'rename($ARGV[0], $ARGV[1]) or die "$!\n"' \
		"$MNTS/m/x/z" "$MNTS/m/z"
	rm "$MNTS/m/x/z"
	want_eq "statfs" "$(stat -f -c '%S %b' "$SRV/cross/x")" \
		"$(stat -f -c '%S %b' "$MNTS/m/x")"
	want_eq "mounted" 1 "$(grep -c " $MNTS/m" /proc/mounts)"
	want_ok client_umount "$MNTS/m"
}

e2e_server
is_snfs || bail "other clients have no list of exports"
export_tmpfs main 64m $PLAIN || bail "no export"
MAIN_FSID=$SERVER_FSID
mkdir "$EXP/own" "$EXP/dir" "$EXP/loop" "$EXP/swap" "$EXP/denied" "$EXP/sub" "$EXP/gone"
echo "in own" >"$EXP/own/f"
echo "in dir" >"$EXP/dir/f"
touch "$EXP/swap/covered" "$EXP/denied/covered" "$EXP/sub/covered"
sub_fs sub "in sub" && sub_fs sub/inner "in inner" && sub_fs dir/deep "in deep" &&
	sub_fs hidden "in hidden" && sub_fs swap "in swap" && sub_fs denied "denied" || bail "no file systems below"
for dir in sub sub/inner dir/deep own swap gone; do
	server_export "$EXP/$dir" $PLAIN
done
server_export "$EXP/denied" $PLAIN 10.9.9.9
mount --bind "$EXP" "$EXP/loop"
exportfs -i -o "$PLAIN,no_subtree_check,insecure,fsid=$MAIN_FSID" "*:$EXP/loop"
export_tmpfs cross 64m $PLAIN,crossmnt || bail "no export"
for dir in x x/d/y; do
	mkdir -p "$SRV/cross/$dir"
	mount -t tmpfs -o size=16m,mode=755 srv-x "$SRV/cross/$dir"
	echo "in ${dir##*/}" >"$SRV/cross/$dir/f"
	server_export "$SRV/cross/$dir" $PLAIN,crossmnt
done
client_mount main "$MNT" || bail "the mount fails"

t "an export below the export is a mount" appears
t "so is one of the same file system" same_fs
t "what is no export is as it is" not_exported
t "one below another" deeper
t "looking does not mount" looking_is_not_walking
t "the list is asked for once" asked_once
t "whoever walks into it" walker
t "an idle one expires, one in use does not" expires
t "umount takes idle ones along" umount_takes_them
t "read-only mounts" read_only
t "an export for others" denied
t "without mountd" no_mountd
t "an export that leads back" loop
t "exports below exports, and no end" too_deep
t "an export removed" removed
t "an export withdrawn" withdrawn
t "and there again" comes_again
t "notraverse" notraverse
t "notraverse where the server crosses" notraverse_crossed
e2e_run
