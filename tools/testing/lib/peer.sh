# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# peer.sh - another host in the same guest: namespaces of its own for network, mounts and
# host name, joined by a pair of veth. It is a client like any other to the server, with its
# own rpcbind, rpc.statd and lockd.

HOST_ADDR=10.77.0.1
PEER_ADDR=10.77.0.2
PEER=

# peer_start: the host, no daemon yet.
peer_start() {
	modprobe veth 2>/dev/null
	grep -q " snfs-peer$" /etc/hosts ||
		printf '%s\n' "$HOST_ADDR snfs-guest" "$PEER_ADDR snfs-peer" >>/etc/hosts
	unshare -m -n -u --propagation private sleep 100000 >/dev/null 2>&1 &
	PEER=$!
	at_end "peer_stop"
	wait_until 10 peer_is_apart || return 1
	# Its namespace began with a copy of our mounts, which would outlive ours.
	peer umount -a -t "$FSTYPE"
	ip link add snfs0 type veth peer name snfs1 netns "$PEER" &&
		ip addr add $HOST_ADDR/24 dev snfs0 && ip link set snfs0 up &&
		peer ip addr add $PEER_ADDR/24 dev snfs1 && peer ip link set snfs1 up &&
		peer ip link set lo up && peer hostname snfs-peer &&
		peer mount -t tmpfs tmpfs /run && peer mount -t tmpfs tmpfs /var/lib/nfs &&
		peer mkdir -p /run/rpcbind /run/sendsigs.omit.d /var/lib/nfs/sm \
			/var/lib/nfs/sm.bak
}

peer_is_apart() {
	[[ $(readlink "/proc/$PEER/ns/net") != "$(readlink /proc/self/ns/net)" &&
		$(readlink "/proc/$PEER/exe") == */sleep ]]
}

# peer COMMAND ARG...: there.
peer() {
	nsenter -t "$PEER" -m -n -u -- "$@"
}

peer_rpcbind_start() {
	peer rpcbind -w
	wait_until 10 peer rpcinfo -T udp 127.0.0.1 100000
}

peer_statd_start() {
	peer rpc.statd --no-notify
	wait_until 10 peer rpcinfo -T udp 127.0.0.1 100024
}

# peer_mount DIR [OPTIONS]: the export "main".
peer_mount() {
	peer mkdir -p "$1"
	limit 60 nsenter -t "$PEER" -m -n -u -- mount -i -t "$FSTYPE" \
		-o "$(SERVER=$HOST_ADDR client_options "${2:-}")" "$HOST_ADDR:$SRV/main" "$1"
}

# peer_client DIR [OPTIONS]: the same, but DIR is here: the peer's client, used by our processes.
peer_client() {
	mkdir -p "$1"
	limit 60 nsenter -t "$PEER" -n -- mount -i -t "$FSTYPE" \
		-o "$(SERVER=$HOST_ADDR client_options "${2:-}")" "$HOST_ADDR:$SRV/main" "$1"
}

# peer_stop: all its processes, and with them its mounts.
peer_stop() {
	local net pid

	[[ -n $PEER ]] || return 0
	net=$(readlink "/proc/$PEER/ns/net")
	for pid in /proc/[0-9]*; do
		[[ $(readlink "$pid/ns/net") != "$net" ]] || kill -9 "${pid#/proc/}"
	done
	PEER=
	ip link del snfs0 2>/dev/null
	return 0
}
