#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Mounting, unmounting, loading and unloading leave nothing behind.
# kernels: uml 6.1 6.12
# timeout: 120

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"

M=$MNTS/m

connections() {
	ss -Htn state established "dport = :2049" | wc -l
}

no_connections() {
	[[ $(connections) -eq 0 ]]
}

work() { # DIR: a little of everything
	echo x >"$1/file"
	cat "$1/file" >/dev/null
	mkdir "$1/dir"
	ls -l "$1" >/dev/null
	rm -r "$1/dir" "$1/file"
}

cycles() {
	local i

	for i in {1..50}; do
		client_mount main $M || { fail "mount $i"; return; }
		[[ $i -gt 10 ]] || work $M
		client_umount $M || { fail "umount $i"; return; }
	done
	want_eq "mounts" "" "$(awk -v t="$FSTYPE" '$3 == t' /proc/mounts)"
	is_snfs || return 0
	wait_until 10 no_connections || fail "$(connections) connections left"
}

reloads() {
	local i

	is_snfs || { skip "nfs.ko is not ours to unload"; return; }
	# KASAN there takes a module's red zones for those of the next one.
	[[ ${SNFS_KERNEL:-} != uml ]] || { skip "UML cannot load twice"; return; }
	for i in {1..5}; do
		module_unload || return
		want_ok module_load || return
		want_ok client_mount main $M
		work $M
		want_ok client_umount $M
	done
}

# rmmod at once after umount: calls under way must have ended.
unload_at_once() {
	is_snfs || { skip "nfs.ko is not ours to unload"; return; }
	want_ok client_mount main $M
	dd if=/dev/zero of=$M/data bs=64k count=64 status=none
	want_ok umount $M && want_ok rmmod snfs
}

busy_module() {
	is_snfs || { skip "nfs.ko is not ours to unload"; return; }
	want_ok client_mount main $M
	want_fail rmmod snfs
	work $M
	want_ok client_umount $M
}

busy_mount() {
	want_ok client_mount main $M
	echo open >$M/open
	exec 5<$M/open
	want_like "umount" busy "$(umount $M 2>&1)"
	want_eq "still there" open "$(cat <&5)"
	exec 5<&-
	want_ok client_umount $M
}

lazy_umount_open_file() {
	want_ok client_mount main $M nosharecache
	echo lazy >$M/lazy
	exec 5<>$M/lazy
	want_ok umount -l $M
	want_fail mountpoint -q $M
	want_eq "reads on" lazy "$(cat <&5)"
	echo more >&5
	exec 5>&-
	want_eq "on the server" "lazy more" "$(echo $(<"$EXP/lazy"))"
	is_snfs || return 0
	wait_until 10 no_connections || fail "$(connections) connections left"
}

dirty_at_umount() {
	local pid

	want_ok client_mount main $M
	pattern 4000000 3 >/tmp/dirty
	want_ok "$(helper mapfile)" shared /tmp/dirty 0 start
	cp /tmp/dirty $M/dirty
	xfs_io -c 'mmap -rw 0 4000000' -c 'mwrite -S 0x44 1000000 100000' \
		$M/dirty
	xfs_io -c 'pwrite -q -S 0x44 1000000 100000' /tmp/dirty
	want_ok client_umount $M
	want_same /tmp/dirty "$EXP/dirty"
}

many_mounts() {
	local i

	for i in {1..12}; do
		want_ok client_mount main "$MNTS/many$i" nosharecache
	done
	for i in {1..12}; do
		echo "$i" >"$MNTS/many$i/f$i"
	done
	for i in {1..12}; do
		want_eq "file $i" "$i" "$(<"$EXP/f$i")"
		want_ok client_umount "$MNTS/many$i"
	done
}

bind_and_namespace() {
	want_ok client_mount main $M
	mkdir -p $MNTS/bound
	want_ok mount --bind $M $MNTS/bound
	echo x >$MNTS/bound/viabind
	want_eq "same file" x "$(cat $M/viabind)"
	want_ok umount $M
	want_eq "still there" x "$(cat $MNTS/bound/viabind)"
	want_ok unshare -m sh -c "umount $MNTS/bound"
	want_eq "and here" x "$(cat $MNTS/bound/viabind)"
	want_ok umount $MNTS/bound
}

# A network namespace that goes away while its mount is there.
net_namespace() {
	want_ok unshare -m -n sh -c "ip link set lo up
		mount -i -t $FSTYPE -o '$(client_options soft,timeo=5,retrans=1)' \
			127.0.0.1:$SRV/main $M && exit 3; exit 0"
	want_ok client_mount main $M
	want_ok unshare -n cat $M/viabind
	want_ok client_umount $M
}

# Inodes in memory; shrinking also empties KASAN's quarantine.
inode_objects() {
	local shrink=/sys/kernel/slab/snfs_inode/shrink

	[[ ! -w $shrink ]] || echo 1 >$shrink
	awk '$1 == "snfs_inode" { n = $2 } END { print n + 0 }' /proc/slabinfo
}

# A thousand files looked at leave no objects behind once it is unmounted.
slabs_shrink() {
	is_snfs || { skip "counts snfs's own caches"; return; }
	[[ -r /proc/slabinfo ]] || { skip "no slabinfo"; return; }
	mkdir "$EXP/thousand"
	(cd "$EXP/thousand" && seq 1000 | xargs touch)
	want_ok client_mount main $M
	ls -l $M/thousand >/dev/null
	want_min "objects while mounted" 1000 "$(inode_objects)"
	want_ok client_umount $M
	wait_until 15 eval '[[ $(inode_objects) -eq 0 ]]' ||
		fail "objects left: $(grep ^snfs_ /proc/slabinfo)"
	rm -r "$EXP/thousand"
}

e2e_server
export_tmpfs main || bail "no export"
t "50 mounts and unmounts" cycles
t "load, mount, unmount, unload, five times" reloads
t "the module in use is not unloaded" busy_module
t "a mount in use is not unmounted" busy_mount
t "umount -l with an open file" lazy_umount_open_file
t "umount writes what is dirty" dirty_at_umount
t "twelve mounts at once" many_mounts
t "bind mounts and mount namespaces" bind_and_namespace
t "network namespaces" net_namespace
t "inodes are freed" slabs_shrink
t "unload at once after unmounting" unload_at_once
e2e_run
