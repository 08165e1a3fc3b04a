#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# mount.snfs: names, several addresses, bg, fg and retry=, flags and exit codes, /etc/fstab,
# users, and who mounts for others: systemd's generator, autofs.
# kernels: uml 6.12
# timeout: 150

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"
# shellcheck source=../lib/peer.sh
. "$E2E_LIB/peer.sh"

M=$MNTS/m
UNSHARE='' SYSTEMD=''
HELPER=/usr/sbin/mount.snfs
GENERATOR=/lib/systemd/system-generators/systemd-fstab-generator

# Resolvers put IPv6 before IPv4, and own addresses before others (RFC 6724).
NET6=2001:db8:77:

# Nothing listens on the peer, and nobody has the ninth address.
hosts() {
	ip -6 addr add $NET6:1/64 dev snfs0 nodad
	peer ip -6 addr add $NET6:2/64 dev snfs1 nodad
	cat >>/etc/hosts <<-END
		$HOST_ADDR files.example
		$NET6:2 first.example
		$HOST_ADDR first.example
		$NET6:9 mute.example
		$HOST_ADDR mute.example
		::1 both.example
		127.0.0.1 both.example
		$PEER_ADDR down.example
		$PEER_ADDR late.example
	END
	# That nobody has an address is found out sooner.
	echo 1 >/proc/sys/net/ipv6/neigh/snfs0/mcast_solicit
	echo 200 >/proc/sys/net/ipv6/neigh/snfs0/retrans_time_ms
	echo "hosts: files" >/etc/nsswitch.conf
	echo "user1:x:1001:1001::/tmp:/bin/sh" >>/etc/passwd
	echo "user2:x:1002:1002::/tmp:/bin/sh" >>/etc/passwd
}

# apart DIR: until the end, or until another script's turn, what is written there is on a tmpfs.
apart() {
	mkdir -p "/tmp/apart$1/up" "/tmp/apart$1/work"
	mount -t overlay -o "lowerdir=$1,upperdir=/tmp/apart$1/up,workdir=/tmp/apart$1/work" \
		overlay "$1" && at_end "umount -l $1"
}

install_helper() {
	cp "$HELPERS/mount.snfs" $HELPER && chown 0:0 $HELPER && chmod 4755 $HELPER
}

# mnt [-FLAG...] OPTIONS SOURCE [DIR]: by mount(8), which runs the helper.
mnt() {
	local flags=()

	while [[ $1 == -* ]]; do
		flags+=("$1")
		shift
	done
	mkdir -p "${3:-$M}"
	limit 120 mount "${flags[@]}" -t snfs -o "$1" "$2" "${3:-$M}"
}

# want_status NUMBER REGEX COMMAND...: ends with this status, and says this.
want_status() {
	local number=$1 regex=$2 out status

	shift 2
	out=$("$@" 2>&1)
	status=$?
	note "$status: ${out//$'\n'/ / }"
	want_eq "status of '$*'" "$number" "$status"
	want_like "what '$*' says" "$regex" "$out"
}

source_of() { # DIR
	awk -v d="$1" '$2 == d { print $1 }' /proc/mounts
}

unmounted() {
	want_ok client_umount "${1:-$M}"
}

by_name() {
	want_ok mnt bg,retry=1,soft "files.example:$EXP" || return
	want_eq "source" "files.example:$EXP" "$(source_of $M)"
	want_like "options" ",soft,.*,addr=$HOST_ADDR" "$(shown_options $M)"
	want_eq "file" content "$(cat $M/file)"
	unmounted
	want_ok mnt retry=0,mounthost=both.example,mountproto=tcp6 "files.example:$EXP" || return
	want_like "options" ",mountaddr=::1,mounthost=both.example" "$(shown_options $M)"
	unmounted
	want_ok mnt retry=0,addr=127.0.0.1 "nowhere.example:$EXP" && unmounted
	want_ok mnt retry=99999999999999999999 "127.0.0.1:$EXP" && unmounted
	want_ok mnt retry=0 "[::1]:$EXP" && unmounted
}

# A URL has the host behind other things, and options of its own.
by_url() {
	local url="nfs://me@files%2eexample:2049$EXP?soft&retry=0"

	want_ok mnt timeo=70 "$url" || return
	want_eq "source" "$url" "$(source_of $M)"
	want_like "options" ",soft,.*timeo=70,.*,addr=$HOST_ADDR" "$(shown_options $M)"
	unmounted
	want_ok mnt "" "nfs://both.example$EXP?proto=tcp6" || return
	want_like "options" "proto=tcp6,.*,addr=::1" "$(shown_options $M)"
	unmounted
	want_ok mnt "" "nfs://nowhere.example$EXP?addr=127.0.0.1" && unmounted
	want_status 32 "no port" mnt retry=0 "nfs://files.example:x$EXP"
	# The length that fsconfig(2) takes is not that of mount(2).
	want_ok mnt "" "nfs://files.example$EXP?soft$(printf '&soft%.0s' {1..50})" && unmounted
}

several_addresses() {
	local out

	want_like "order" "^$NET6:2 .*$HOST_ADDR " "$(getent ahosts first.example | xargs)"
	out=$(mnt -v retry=0 "first.example:$EXP" 2>&1)
	want_like "tries" "trying $NET6:2 of first.example.*trying $HOST_ADDR " "$out"
	want_like "what the kernel said of the first" "no rpcbind at $NET6:2" "$out"
	want_like "options" ",addr=$HOST_ADDR" "$(shown_options $M)"
	unmounted
	want_ok mnt retry=0 "mute.example:$EXP" || return
	want_like "options" ",addr=$HOST_ADDR" "$(shown_options $M)"
	unmounted
	want_ok mnt retry=0,proto=tcp6 "both.example:$EXP" || return
	want_like "options" ",addr=::1" "$(shown_options $M)"
	unmounted
	# A refusal is an answer.
	out=$(mnt -v retry=0 "both.example:$EXP/none" 2>&1)
	want_eq "tries" 1 "$(grep -c trying <<<"$out")"
}

messages() {
	want_status 32 "nowhere.example has no address: .*getent hosts nowhere.example.*addr=" \
		mnt retry=0 "nowhere.example:$EXP"
	want_status 32 "no rpcbind at $PEER_ADDR: port 111.*Connection refused" \
		mnt retry=0 "down.example:$EXP"
	want_status 32 "denied the mount of .*none" mnt "" "files.example:$EXP/none"
	want_status 32 "unknown option 'unheard': see snfs" mnt unheard "files.example:$EXP"
	want_status 32 "$M/none: No such file.*mkdir" $HELPER "files.example:$EXP" $M/none
	want_status 32 "has to be a directory" $HELPER "files.example:$EXP" /etc/hosts
	want_status 1 "retry=soon: it takes" mnt retry=soon "files.example:$EXP"
	want_status 32 "put the IPv6 address in brackets" mnt retry=0 "2001:db8::1:$EXP"
	want_status 32 "put the IPv6 address in brackets" mnt retry=0 "fe80::1:$EXP"
	want_status 1 "retry=-1: it takes" mnt retry=-1 "files.example:$EXP"
	want_status 1 "^usage" $HELPER
	want_status 1 "usage" $HELPER -z a b
	want_status 1 "this is for snfs" $HELPER "files.example:$EXP" $M -t nfs
	want_status 0 "^mount.snfs of snfs [0-9]" $HELPER -V
	want_status 0 "^usage" $HELPER -h
}

flags() {
	want_ok $HELPER "files.example:$EXP" $M -rv -t snfs -o soft -o timeo=70 || return
	want_like "-r, two -o" "^ro,.*,soft,.*timeo=70," "$(shown_options $M)"
	unmounted
	want_ok $HELPER -o ro,nosuid,nodev,noexec,noatime,sync -w "files.example:$EXP" $M || return
	want_like "flags of the VFS" "^rw,sync,nosuid,nodev,noexec,noatime," "$(shown_options $M)"
	unmounted
	want_ok mnt -f soft "files.example:$EXP"
	want_fail mountpoint -q $M
	want_ok mnt -s unheard=1 "files.example:$EXP" && unmounted
	want_ok $HELPER -n -o _netdev "files.example:$EXP" $M
	want_fail grep -qw "TARGET=$M" /run/mount/utab
	unmounted
	want_ok $HELPER -o _netdev "files.example:$EXP" $M
	want_like "utab" "TARGET=$M .*OPTS=_netdev" "$(cat /run/mount/utab)"
	unmounted
}

# -N: it is mounted in the peer's mount namespace, through our network.
namespace() {
	want_ok mnt "-N$PEER" soft "files.example:$EXP" || return
	want_fail mountpoint -q $M
	want_eq "there" content "$(peer cat $M/file)"
	want_ok peer umount $M
}

# mount(8) takes a source that is a file's name, too, for that file.
like_a_file() {
	mkdir -p "/tmp/here/files.example:$EXP" "/tmp/here/evil.example:$EXP"
	want_status 1 "/tmp/here/files.example:$EXP is a path.*cd /" \
		env -C /tmp/here mount -t snfs -o retry=0 "files.example:$EXP" $M
	want_ok env -C /tmp/here mount -c -t snfs -o retry=0 "files.example:$EXP" $M && unmounted
	want_ok env -C /tmp/here $HELPER "files.example:$EXP" $M -o retry=0 && unmounted
	# A user's link does not send fstab's line to another server.
	fstab
	rm -r /tmp/here/files.example:
	ln -s evil.example: /tmp/here/files.example:
	want_ok as 1001 env -C /tmp/here mount $MNTS/users || return
	want_eq "source" "files.example:$EXP" "$(source_of $MNTS/users)"
	want_ok as 1001 umount $MNTS/users
	rm -r /tmp/here
}

remount() {
	want_ok mnt noatime,soft "files.example:$EXP" || return
	want_ok mount -o remount,ro,nosuid,timeo=80 $M
	want_like "options" "^ro,nosuid,noatime,.*,soft,.*timeo=80," "$(shown_options $M)"
	want_err EROFS touch $M/new
	want_ok mount -o remount,rw,suid $M
	want_like "options" "^rw,noatime,.*,soft," "$(shown_options $M)"
	want_status 32 "a remount cannot change nconnect" mount -o remount,nconnect=2 $M
	unmounted
}

fstab() {
	cat >/etc/fstab <<-END
		files.example:$EXP $MNTS/root snfs _netdev,nofail,x-systemd.mount-timeout=9,soft,retry=0 0 0
		nfs://files.example$EXP?soft $MNTS/user snfs _netdev,noauto,user,retry=0 0 0
		files.example:$EXP $MNTS/users snfs _netdev,noauto,users,exec,retry=0 0 0
		tmp $MNTS/tmp tmpfs noauto,user 0 0
	END
	mkdir -p $MNTS/{root,user,users,tmp}
}

from_fstab() {
	fstab
	want_ok limit 60 mount -a -t snfs || return
	want_like "mounts" "^$MNTS/root$" "$(awk '$3 == "snfs" { print $2 }' /proc/mounts)"
	want_like "options" "^rw,.*,soft," "$(shown_options $MNTS/root)"
	unmounted $MNTS/root
	want_ok limit 60 mount -a -t snfs -O no_netdev
	want_fail mountpoint -q $MNTS/root
	want_ok limit 60 mount $MNTS/root && unmounted $MNTS/root
}

users() {
	fstab
	want_ok as 1001 mount $MNTS/user || return
	want_like "options" "^rw,nosuid,nodev,noexec," "$(shown_options $MNTS/user)"
	want_eq "source" "nfs://files.example$EXP?soft" "$(source_of $MNTS/user)"
	want_like "utab" "user=user1" "$(cat /run/mount/utab)"
	want_fail as 1002 umount $MNTS/user
	want_ok as 1001 umount $MNTS/user
	want_ok as 1001 mount $MNTS/users || return
	want_like "options" "^rw,nosuid,nodev,relatime," "$(shown_options $MNTS/users)"
	want_ok as 1002 umount $MNTS/users
	want_eq "left" "" "$(awk '$3 == "snfs"' /proc/mounts)"
}

# The helper is setuid root, and anybody may call it.
users_refused() {
	local flag

	fstab
	want_status 1 "only root|does not let users" as 1001 $HELPER "files.example:$EXP" $MNTS/root
	want_status 1 "only root" as 1001 $HELPER "files.example:$EXP" $M -o user
	want_status 1 "only root" as 1001 $HELPER "first.example:$EXP" $MNTS/user
	want_status 1 "not of type snfs" as 1001 $HELPER tmp $MNTS/tmp
	for flag in "-N 1" -f -n; do
		# shellcheck disable=SC2086 # a flag and its argument
		want_status 1 "are for root" as 1001 $HELPER $flag "files.example:$EXP" $MNTS/users
	done
	want_eq "utab" "" "$(grep "$MNTS/users" /run/mount/utab)"
	# Options are those of fstab.
	want_ok as 1001 $HELPER "files.example:$EXP" $MNTS/users -o suid,dev,hard,uid=0 || return
	want_like "options" "^rw,nosuid,nodev,relatime," "$(shown_options $MNTS/users)"
	want_unlike "options" ",uid=" "$(shown_options $MNTS/users)"
	want_ok as 1001 umount $MNTS/users
	chmod u-s $HELPER
	want_status 1 "chmod u.s" as 1001 $HELPER "files.example:$EXP" $MNTS/users
	chmod u+s $HELPER
}

servers_down() {
	nfsd_stop
	mountd_stop
	rpcbind_stop
}

servers_up() {
	rpcbind_start && mountd_start && nfsd_start
}

background() {
	servers_down
	want_status 0 "Connection refused; trying again in the background for 10000 min" \
		mnt bg "files.example:$EXP"
	want_fail mountpoint -q $M
	want_ok servers_up
	wait_until 120 mountpoint -q $M || { fail "it is not mounted later"; return; }
	want_like "options" ",addr=$HOST_ADDR" "$(shown_options $M)"
	wait_until 30 no_process mount.snfs || fail "the helper does not end"
	unmounted
	# What no later try can change is told at once.
	want_status 32 "denied the mount" mnt bg "files.example:$EXP/none"
}

# The name is given another address meanwhile.
background_name() {
	want_status 0 "trying again in the background" mnt bg,retry=5 "late.example:$EXP"
	sed -i "s/^.* late.example/$HOST_ADDR late.example/" /etc/hosts
	wait_until 120 mountpoint -q $M || { fail "it is not mounted later"; return; }
	wait_until 30 no_process mount.snfs || fail "the helper does not end"
	unmounted
}

foreground() {
	local pid

	servers_down
	mnt fg "files.example:$EXP" >/tmp/foreground 2>&1 &
	pid=$!
	wait_until 60 grep -q "trying again for 2 minutes" /tmp/foreground ||
		fail "what it says: $(</tmp/foreground)"
	want_ok servers_up
	wait $pid || fail "status $?: $(</tmp/foreground)"
	want_ok mountpoint -q $M
	unmounted
}

# What systemd makes of a line of fstab; its own type list does not have us, so _netdev counts.
systemd_units() {
	local unit

	[[ -x $GENERATOR ]] || { skip "no systemd"; return; }
	mkdir -p /tmp/units
	cat >/tmp/units.fstab <<-END
		files.example:$EXP /mnt/plain snfs _netdev 0 0
		nfs://files.example$EXP?soft /mnt/auto snfs noauto,_netdev,x-systemd.automount,x-systemd.idle-timeout=60 0 0
		files.example:$EXP /mnt/bg snfs _netdev,nofail,retry=10000,x-systemd.mount-timeout=infinity 0 0
	END
	want_ok env SYSTEMD_FSTAB=/tmp/units.fstab $GENERATOR /tmp/units /tmp/units /tmp/units || return
	unit=$(cat /tmp/units/mnt-plain.mount)
	want_like "type" "Type=snfs" "$unit"
	want_like "source" "What=files.example:$EXP" "$unit"
	want_like "with the network" "Before=remote-fs.target" "$unit"
	want_like "source" "What=nfs://files.example$EXP\?soft" "$(cat /tmp/units/mnt-auto.mount)"
	want_like "automount" "TimeoutIdleSec=1min" "$(cat /tmp/units/mnt-auto.automount)"
	want_ok grep -q . /tmp/units/remote-fs.target.*/mnt-plain.mount
	unit=$(cat /tmp/units/mnt-bg.mount)
	want_like "instead of bg" "TimeoutSec=infinity" "$unit"
	want_unlike "instead of bg" "Before=remote-fs.target" "$unit"
}

# What Documentation/mounting.rst advises, in DIR
documented() {
	awk -v dir="$1" '
		/^    [^ ]+ +\/[^ ]* +snfs / { print >(dir "/fstab") }
		/^    \[Unit\]/ { unit = dir (unit ? "/data.automount" : "/data.mount") }
		/^autofs$/ { exit }
		/^    / && unit { print substr($0, 5) >unit }
	' "$SNFS_TREE/Documentation/mounting.rst"
}

systemd_takes_them() {
	[[ -x $GENERATOR ]] || { skip "no systemd"; return; }
	mkdir -p /tmp/documented /tmp/generated
	documented /tmp/documented
	want_eq "lines and units" "5 2" "$(grep -c . /tmp/documented/fstab) $(ls /tmp/documented/data.* | wc -l)"
	want_eq "what the generator says" "" "$(SYSTEMD_FSTAB=/tmp/documented/fstab $GENERATOR \
		/tmp/generated /tmp/generated /tmp/generated 2>&1)"
	want_eq "mounts" 5 "$(grep -l "^Type=snfs" /tmp/generated/*.mount | wc -l)"
	want_eq "complaints" "" "$(systemd-analyze verify /tmp/documented/data.* /tmp/generated/*mount 2>&1)"
	sed -i s/TimeoutSec/TimeoutSek/ /tmp/documented/data.mount
	want_like "complaints" TimeoutSek "$(systemd-analyze verify /tmp/documented/data.mount 2>&1)"
}

# unit NAME SOURCE DIR: a mount unit that needs nothing of a whole system
unit() {
	printf '%s\n' "[Unit]" DefaultDependencies=no "[Mount]" "What=$2" "Where=$3" Type=snfs \
		Options=soft,retry=0 >"/run/systemd/system/$1.mount"
}

# systemd as the first process of a pid namespace with cgroups of its own
systemd_start() {
	local units=/run/systemd/system

	modprobe autofs4 2>/dev/null
	mkdir -p $units $MNTS/plain $MNTS/auto /sys/fs/cgroup
	mountpoint -q /sys/fs/cgroup || mount -t cgroup2 cgroup2 /sys/fs/cgroup || return
	unit mnt-clt-plain "files.example:$EXP" $MNTS/plain
	unit mnt-clt-auto "nfs://files.example$EXP" $MNTS/auto
	printf '%s\n' "[Unit]" DefaultDependencies=no >$units/snfs-test.target
	printf '%s\n' "[Unit]" DefaultDependencies=no "[Automount]" Where=$MNTS/auto \
		>$units/mnt-clt-auto.automount
	env -i container=other PATH="$PATH" unshare -C -m -p -u -f --propagation private --mount-proc \
		/lib/systemd/systemd --system --unit=snfs-test.target --log-target=kmsg \
		--show-status=no >/dev/null 2>&1 &
	UNSHARE=$!
	wait_until 120 systemd_answers
}

systemd_answers() {
	SYSTEMD=$(pgrep -P "$UNSHARE")
	[[ -n $SYSTEMD ]] && there systemctl is-active snfs-test.target
}

there() {
	limit 90 nsenter -t "$SYSTEMD" -m -p -C -- "$@"
}

systemd_mounts() {
	[[ -x $GENERATOR ]] || { skip "no systemd"; return; }
	systemd_start || fail "systemd does not start"
	want_ok there systemctl start mnt-clt-plain.mount
	want_eq "plain" content "$(there cat $MNTS/plain/file)"
	want_ok there systemctl stop mnt-clt-plain.mount
	want_fail there mountpoint -q $MNTS/plain
	if grep -qw autofs /proc/filesystems; then
		want_ok there systemctl start mnt-clt-auto.automount
		want_eq "on demand" content "$(there cat $MNTS/auto/file)"
		want_like "type" "$MNTS/auto snfs .*,soft," "$(there cat /proc/mounts)"
		want_ok there systemctl stop mnt-clt-auto.automount mnt-clt-auto.mount
	fi
	want_unlike "mounts" " snfs " "$(there cat /proc/mounts)"
	kill -9 "$SYSTEMD" "$UNSHARE"
	wait_until 30 is_gone "$UNSHARE" || fail "systemd does not end"
	rm -r /run/systemd
}

autofs() {
	type -P automount >/dev/null || { skip "autofs is not installed"; return; }
	grep -qw autofs /proc/filesystems || modprobe autofs4 2>/dev/null ||
		{ skip "the kernel has no autofs"; return; }
	mkdir -p /auto
	echo "/auto /etc/auto.snfs --timeout=2" >/etc/auto.master
	echo "files -fstype=snfs,soft files.example:$EXP" >/etc/auto.snfs
	echo "* -fstype=snfs,retry=0 first.example:$EXP/&" >>/etc/auto.snfs
	automount --pid-file /run/automount.pid || { fail "automount does not start"; return; }
	want_eq "file" content "$(limit 60 cat /auto/files/file)"
	want_like "options" ",soft,.*,addr=$HOST_ADDR" "$(shown_options /auto/files)"
	want_eq "wildcard" below "$(limit 60 cat /auto/sub/file)"
	want_like "options" ",addr=$HOST_ADDR" "$(shown_options /auto/sub)"
	want_fail limit 60 ls /auto/none
	wait_until 120 idle || fail "idle mounts stay"
	kill_daemon automount
	umount -l /auto 2>/dev/null
	return 0
}

idle() {
	! grep -q " /auto/.* snfs" /proc/mounts
}

apart /usr/sbin || bail "no /usr/sbin of our own"
e2e_server
peer_start || bail "no other host"
export_tmpfs main 64m rw,async,no_root_squash || bail "no export"
echo content >"$EXP/file"
mkdir -p "$EXP/sub" $M
echo below >"$EXP/sub/file"
chmod 777 "$EXP"
hosts
install_helper || bail "no helper"

t "a name" by_name
t "a name in a URL" by_url
t "several addresses, tried in order" several_addresses
t "messages and exit codes" messages
t "flags" flags
t "another mount namespace" namespace
t "a file that is called like the source" like_a_file
t "remount" remount
t "fstab" from_fstab
t "fstab: user and users" users
t "users get no more than that" users_refused
t "bg: a server that comes later" background
t "bg: an address that comes later" background_name
t "fg: trying again" foreground
t "fstab: systemd's units" systemd_units
t "systemd takes what is documented" systemd_takes_them
t "systemd mounts, and when asked for" systemd_mounts
t "autofs" autofs
e2e_run
