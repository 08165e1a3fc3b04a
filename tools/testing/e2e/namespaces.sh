#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Network namespaces, each with a server of its own at the same address, and
# what is held after mounting again and again.
# kernels: uml 6.12
# timeout: 180

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"
# shellcheck source=../lib/cycles.sh
. "${0%/*}/../lib/cycles.sh"

ADDRESS=10.9.9.9
CYCLES=${CYCLES:-40}

declare -A WORLD

# inhabit NAME: runs as the first process of a world: a network, a mount and a
# PID namespace with a server that exports $SRV/world.
inhabit() {
	mount -t tmpfs none /run
	mount -t tmpfs none /var/lib/nfs
	mount -t tmpfs none "$SRV"
	ip link set lo up
	ip address add $ADDRESS/32 dev lo
	server_start || exit 1
	export_tmpfs world 32m rw,async,no_root_squash,crossmnt || exit 1
	mkdir "$SRV/world/sub"
	mount -t tmpfs -o size=16m srv-sub "$SRV/world/sub" || exit 1
	server_export "$SRV/world/sub" || exit 1
	echo "$1" | tee "$SRV/world/f" >"$SRV/world/sub/f"
	touch "/tmp/world-$1"
	exec sleep 100000
}

# world NAME: makes one; ${WORLD[NAME]} is a process in its namespaces.
world() {
	rm -f "/tmp/world-$1"
	unshare -n -m -p -f --mount-proc --kill-child \
		bash "$0" inhabit "$1" </dev/null &
	WORLD[$1]=$!
	wait_until 60 test -e "/tmp/world-$1" || fail "no world $1"
}

# in_world NAME COMMAND ARG...: in its network, with our files.
in_world() {
	local pid=${WORLD[$1]}

	shift
	nsenter --net="/proc/$pid/ns/net" "$@"
}

# world_ends NAME: nfsd first, as it would wait a minute for a dead rpcbind with
# its lock held, and nobody could start another server meanwhile.
world_ends() {
	nsenter -t "${WORLD[$1]}" -n -m rpc.nfsd 0
	kill -9 "${WORLD[$1]}"
	wait "${WORLD[$1]}" 2>/dev/null
	return 0
}

# world_mount NAME DIR [OPTIONS]
world_mount() {
	mkdir -p "$2"
	in_world "$1" timeout 60 mount -i -t "$FSTYPE" -o "${3:-rw}" \
		$ADDRESS:"$SRV/world" "$2"
}

same_address() {
	local name

	for name in one two; do
		want_ok world_mount $name "$MNTS/$name"
	done
	for name in one two; do
		want_eq "content" $name "$(cat "$MNTS/$name/f")"
		echo "to $name" >"$MNTS/$name/new"
	done
	for name in one two; do
		want_eq "written" "to $name" "$(nsenter -t "${WORLD[$name]}" -m \
			cat "$SRV/world/new")"
	done
	want_fail same_superblock "$MNTS/one" "$MNTS/two"
	want_ok world_mount one "$MNTS/again"
	want_ok same_superblock "$MNTS/one" "$MNTS/again"
	want_ok client_umount "$MNTS/again"
	want_err ENETUNREACH mount -i -t "$FSTYPE" \
		$ADDRESS:"$SRV/world" "$MNTS/again"
}

# We walk into a file system below the export; our network has no such server.
below_from_outside() {
	local name

	for name in one two; do
		want_eq "content" $name "$(cat "$MNTS/$name/sub/f")"
		want_ne "st_dev" "$(stat -c %d "$MNTS/$name")" \
			"$(stat -c %d "$MNTS/$name/sub")"
	done
	want_ne "two servers" "$(stat -c %d "$MNTS/one/sub")" \
		"$(stat -c %d "$MNTS/two/sub")"
}

# The processes of a namespace end, its server too; the mount outside stays.
torn_down() {
	local pid

	cat "$MNTS/one/sub/f" >/dev/null
	world_ends one
	stat "$MNTS/one/none" >/tmp/torn 2>&1 &
	pid=$!
	sleep 1
	want_ok kill -0 $pid
	limit 60 umount -f "$MNTS/one"
	wait_until 30 eval "! kill -0 $pid 2>/dev/null" || fail "it hangs"
	wait $pid
	! mountpoint -q "$MNTS/one" || want_ok limit 60 umount -f "$MNTS/one"
	want_eq "mounts" "" "$(grep " $MNTS/one" /proc/mounts)"
	want_eq "the other one" two "$(cat "$MNTS/two/f")"
}

# A killed reader, and umount -l: the last user ends it.
torn_down_lazily() {
	want_ok world_mount three "$MNTS/three" soft,timeo=10,retrans=1
	exec 5<"$MNTS/three/sub/f"
	want_ok umount -l "$MNTS/three"
	world_ends three
	want_ne "reads from nowhere" three "$(limit 60 stat -L -c %s \
		/proc/self/fd/5 2>&1)"
	exec 5<&-
}

# Mounts inside a namespace go with it.
inside() {
	want_eq "content" four "$(nsenter -t "${WORLD[four]}" -n -m sh -c "
		mkdir -p $MNTS/in && mount -i -t $FSTYPE -o soft,timeo=10 \
			$ADDRESS:$SRV/world $MNTS/in && cat $MNTS/in/sub/f")"
	world_ends four
}

none_left() {
	want_ok client_umount "$MNTS/two"
	world_ends two
	wait_until 60 holds "$HELD" || fail "before $HELD, now $(held)"
}

again_and_again() {
	mkdir "$EXP/sub"
	mount -t tmpfs -o size=16m srv-sub "$EXP/sub"
	want_ok server_export "$EXP/sub"
	cycle_leaves_nothing $CYCLES main "$MNTS/m"
}

if [[ ${1:-} == inhabit ]]; then
	inhabit "$2"
fi
e2e_server
is_snfs || bail "nfs.ko needs its helper"
export_tmpfs main 32m rw,async,no_root_squash,crossmnt || bail "no export"
HELD=$(held)
for name in one two three four; do
	world $name
done
t "two servers at one address" same_address
t "file systems below, from outside" below_from_outside
t "a namespace ends under a mount" torn_down
t "one ends under a file that is open" torn_down_lazily
t "mounts inside go with it" inside
t "nothing of them is held" none_left
t "$CYCLES mounts and unmounts leave nothing" again_and_again
e2e_run
