#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Mounts by root of a user namespace: off, on, and what they may not do.
# kernels: uml 6.12
# timeout: 100

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"

PARAMETERS=/sys/module/snfs/parameters
HOST=10.78.0.1
GUEST=10.78.0.2
M=$MNTS/user
USER_PID=

# user_start: a user's namespaces for users, network and mounts, joined to ours by a pair of veth.
# There 0 is 1001, and 5 and 6 are 1005 and 1006; no other id is known.
user_start() {
	local dir=/proc

	modprobe veth 2>/dev/null
	printf "%s\n" "$HOST snfs-guest" "$GUEST snfs-user" "10.79.0.2 snfs-cable" >>/etc/hosts
	setpriv --reuid 1001 --regid 1001 --clear-groups -- unshare -U -n -m --propagation private \
		sleep 100000 >/dev/null 2>&1 &
	USER_PID=$!
	at_end user_stop
	dir=/proc/$USER_PID
	wait_until 20 user_is_apart || return 1
	# In one write(2) each, which the shell's own printf does not do
	env printf '0 1001 1\n5 1005 2\n' >"$dir/uid_map" &&
		env printf '0 1001 1\n5 1005 2\n' >"$dir/gid_map" || return 1
	ip link add snfs0 type veth peer name snfs1 netns "$USER_PID" &&
		ip addr add $HOST/24 dev snfs0 && ip link set snfs0 up &&
		inside ip addr add $GUEST/24 dev snfs1 && inside ip link set snfs1 up &&
		inside ip link set lo up
}

user_is_apart() {
	[[ $(readlink "/proc/$USER_PID/ns/user") != "$(readlink /proc/self/ns/user)" &&
		$(readlink "/proc/$USER_PID/exe") == */sleep ]]
}

user_stop() {
	[[ -z $USER_PID ]] || kill -9 "$USER_PID"
	USER_PID=
	ip link del snfs0 2>/dev/null
	return 0
}

# inside COMMAND ARG...: as root of the user's namespaces.
inside() {
	nsenter -t "$USER_PID" -U -n -m -- "$@"
}

# inside_as UID COMMAND ARG...: as another user there.
inside_as() {
	local uid=$1

	shift
	inside setpriv --reuid="$uid" --regid="$uid" --clear-groups -- "$@"
}

# user_connections: what the server has of them
user_connections() {
	ss -Htn state established "sport = :2049 and dst $GUEST"
}

# told COMMAND ARG...: what mount(8) makes of an errno is that errno's text again.
told() {
	limit 60 "$@" 2>&1 | sed 's/: /\n/g;s/permission denied/Operation not permitted/' >&2
	return "${PIPESTATUS[0]}"
}

# user_mount EXPORT DIR [OPTIONS]
user_mount() {
	mkdir -p "$2"
	told nsenter -t "$USER_PID" -U -n -m -- mount -i -t "$FSTYPE" -o "${3:-rw}" \
		"$HOST:$SRV/$1" "$2"
}

user_shown() {
	inside awk -v d="$1" '$2 == d { o = $4 } END { print o }' /proc/mounts
}

off() {
	want_eq "parameter" N "$(<$PARAMETERS/userns_mounts)"
	want_err EPERM user_mount main "$M"
	want_like "said" "mount by a user namespace refused .uid 1001.*userns_mounts=1" \
		"$(kernel_log)"
	want_err EPERM told setpriv --reuid 1001 --regid 1001 --clear-groups -- \
		unshare -Urnm mount -i -t "$FSTYPE" "$HOST:$SRV/main" "$M"
	want_eq "the machine's root" 0 "$(client_mount main "$MNT"; echo $?)"
	want_ok client_umount "$MNT"
}

# Another user namespace, but the network of the machine
not_our_network() {
	echo 1 >$PARAMETERS/userns_mounts
	want_fail as 1001:1001 unshare -U -r -m mount -i -t "$FSTYPE" \
		"$SERVER:$SRV/main" "$M"
	want_like "said" "takes a network namespace of its own" "$(kernel_log)"
	want_eq "mounted" "" "$(grep " $M " /proc/mounts)"
}

on() {
	echo 1 >$PARAMETERS/userns_mounts
	want_ok user_mount main "$M"
	want_eq "content" "hello" "$(inside cat "$M/f")"
	want_eq "here" "" "$(grep " $M " /proc/mounts)"
	want_like "options" ',softerr,noacl,noresvport,nolock,' "$(user_shown "$M" |
		sed 's/$/,/')"
	want_ok inside umount "$M"
	want_ok user_mount main "$M" hard,resvport,nconnect=16,timeo=6000,retrans=1000
	want_like "still" ',softerr,noacl,noresvport,nolock,.*nconnect=4,timeo=600,retrans=5,' \
		"$(user_shown "$M" | sed 's/$/,/')"
	want_ok inside umount "$M"
	want_ok user_mount main "$M"
}

# As a user without a privileged friend does it; but for the cable into it
by_unshare() {
	local pid

	setpriv --reuid 1001 --regid 1001 --clear-groups -- unshare -Urnm --propagation private \
		sleep 1000 >/dev/null 2>&1 &
	pid=$!
	USER_PID=$pid wait_until 20 user_is_apart || fail "no namespaces"
	ip link add snfs2 type veth peer name snfs3 netns "$pid" &&
		ip addr add 10.79.0.1/24 dev snfs2 && ip link set snfs2 up
	want_eq "content" "hello" "$(nsenter -t "$pid" -U -n -m -- sh -c "
		ip addr add 10.79.0.2/24 dev snfs3 && ip link set snfs3 up &&
		mount -i -t $FSTYPE 10.79.0.1:$SRV/main $M && cat $M/f && umount $M" 2>&1)"
	kill -9 "$pid"
	wait "$pid" 2>/dev/null
	ip link del snfs2
	return 0
}

# The resolver would ask by the machine's network.
names() {
	want_ok mount -i -t "$FSTYPE" "snfs-guest:$SRV/main" "$MNT"
	want_ok client_umount "$MNT"
	HOST=snfs-guest want_err EDESTADDRREQ user_mount main "$MNTS/user2"
	HOST=snfs-guest want_ok user_mount main "$MNTS/user2" "addr=$HOST"
	want_ok inside umount "$MNTS/user2"
	want_ok inside mount -i -t "$FSTYPE" nfs:// "$MNTS/user2"
	want_err ENOENT inside cat "$MNTS/user2/snfs-guest$SRV/main/f"
	want_eq "by address" hello "$(inside cat "$MNTS/user2/$HOST$SRV/main/f" 2>&1)"
	want_like "options" ',softerr,.*noresvport,' "$(user_shown "$MNTS/user2/$HOST$SRV/main")"
	want_ok inside umount "$MNTS/user2"
}

ports() {
	local ports

	ports=$(user_connections | sed 's/.*://' | tr -d ' ')
	want_ne "connections" "" "$ports"
	want_eq "privileged ones" "" "$(awk '$1 < 1024' <<<"$ports")"
}

ids() {
	inside sh -c "echo 0 >'$M/zero'"
	want_stat %u:%g 0:0 "$EXP/zero"
	inside_as 5 sh -c "echo 5 >'$M/shared/five'"
	want_stat %u:%g 5:5 "$EXP/shared/five"
	want_eq "seen there" 5:5 "$(inside stat -c %u:%g "$M/shared/five")"
	want_eq "seen from here" 1005:1005 \
		"$(stat -c %u:%g "/proc/$USER_PID/root/$M/shared/five")"
	want_ok inside chown 6:6 "$M/zero"
	want_stat %u:%g 6:6 "$EXP/zero"
	want_eq "one that is not known" 65534:65534 "$(inside stat -c %u:%g "$M/others")"
	want_err EACCES inside sh -c "echo x >>'$M/others'"
	want_err EINVAL inside chown 7 "$M/zero"
	rm -f "$EXP/zero" "$EXP/shared/five"
}

nosuid() {
	cp /usr/bin/id "$EXP/id"
	chown 5:6 "$EXP/id"
	chmod 6755 "$EXP/id"
	want_eq "mode" 6755 "$(inside stat -c %a "$M/id")"
	want_eq "user" 0 "$(inside "$M/id" -u)"
	want_eq "group" 0 "$(inside "$M/id" -g)"
	want_ok inside chmod 0755 "$M/id"
	want_eq "mode" 755 "$(inside stat -c %a "$M/id")"
	want_stat %a 755 "$EXP/id"
	want_ok inside chmod 4755 "$M/id"
	want_stat %a 4755 "$EXP/id"
	want_eq "user" 0 "$(inside "$M/id" -u)"
	rm "$EXP/id"
}

nodev() {
	mknod -m 666 "$EXP/null" c 1 3
	want_eq "type" "character special file" "$(inside stat -c %F "$M/null")"
	want_err EACCES inside cat "$M/null"
	want_err EPERM inside mknod "$M/zero" c 1 5
	rm "$EXP/null"
}

# A file system below the export, too, and no superblock in common with the machine's own mount
below() {
	want_eq "content" "in sub" "$(inside cat "$M/sub/f")"
	want_like "options" ',softerr,noacl,noresvport,nolock,' "$(user_shown "$M/sub")"
	want_ok inside umount "$M/sub"
	SERVER=$HOST want_ok client_mount main "$MNT" noresvport,softerr,nolock,noacl
	want_ne "st_dev" "$(stat -c %d "$MNT")" "$(inside stat -c %d "$M")"
	want_ok client_umount "$MNT"
}

bounded() {
	local i

	echo 3 >$PARAMETERS/userns_max
	for i in 2 3; do
		want_ok user_mount main "$MNTS/user$i" nosharecache
	done
	want_err ENOSPC user_mount main "$MNTS/user4" nosharecache
	want_like "said" "have mounted 3 file systems: no more" "$(kernel_log)"
	want_err ENOSPC told nsenter -t "$USER_PID" -U -n -m -- mount -i -t "$FSTYPE" nfs:// \
		"$MNTS/user4"
	want_ok inside umount "$MNTS/user3"
	want_ok user_mount main "$MNTS/user4" nosharecache
	for i in 2 4; do
		want_ok inside umount "$MNTS/user$i"
	done
	echo 32 >$PARAMETERS/userns_max
}

remount() {
	want_ok inside mount -i -o remount,hard,acregmin=7 "$M"
	want_like "options" ',acregmin=7,.*,softerr,' "$(user_shown "$M")"
}

# Its mounts go with a namespace.
ends() {
	inside sh -c "echo late >'$M/late'"
	want_eq "written" late "$(<"$EXP/late")"
	# Its end of the veth is there until its last mount is gone.
	kill -9 "$USER_PID"
	wait_until 60 no_connection || fail "still connected"
	user_stop
}

no_connection() {
	[[ -z $(user_connections) ]]
}

e2e_server
is_snfs || bail "no other client can do it"
export_tmpfs main 64m rw,async,no_root_squash,crossmnt || bail "no export"
chmod 755 "$EXP"
mkdir -p "$EXP/sub"
mount -t tmpfs -o size=16m,mode=755 srv-sub "$EXP/sub"
server_export "$EXP/sub" || bail "no export"
echo "in sub" >"$EXP/sub/f"
echo hello >"$EXP/f"
mkdir -m 1777 "$EXP/shared"
echo others >"$EXP/others"
chown 1000:1000 "$EXP/others"
chmod 666 "$EXP/others"
mkdir -p "$M"
chmod 755 "$MNTS" "$M"
user_start >/tmp/user 2>&1 || bail "no namespaces for a user: $(</tmp/user)"

t "off: EPERM" off
t "on: not in the machine's network" not_our_network
t "on: mounted, and what is taken from the options" on
t "on: by unshare -Urnm" by_unshare
t "names are not resolved" names
t "ports" ports
t "ids" ids
t "setuid and setgid change nobody" nosuid
t "devices are none" nodev
t "a file system below" below
t "so many at most" bounded
t "a remount" remount
t "gone with the namespace" ends
e2e_run
