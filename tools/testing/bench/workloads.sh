# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2154 # ledger.sh sets EXP and MNT
#
# workloads.sh - what the ledger measures, each a few functions of one name:
#
#	NAME_files	what lies on the server, made behind the client's back
#	NAME_warm	what the client did before, through $MNT; not measured
#	NAME_run	what is measured
#
# All but NAME_run may be absent. Every file system gets the same calls, on a
# fresh mount, and nothing here sleeps between the two readings of the clock.

# name | operations | floor | goal | title; operations 1 means "in all".
# Floor and goal are round trips per operation: what NFSv3 allows at the same
# guarantee, and what snfs is to reach.
# v2_NAME and udp_NAME are NAME over NFSv2 and over UDP.
# shellcheck disable=SC2016,SC2034 # text, for ledger.sh and report.py
WORKLOADS='
mount        |   1 | 2    | 4    | mount by address
deep         |   1 | 12   | 13   | read a leaf 10 directories deep, cold
new          | 200 | 2    | 2.0  | `echo > new` x 200
existing     | 200 | 2    | 2.05 | `echo > existing` x 200
cat          | 200 | 1    | 1.05 | `cat dir/*`, 200 files, cold
cat_again    | 200 | 1    | 1.01 | the same again
stat         | 200 | 0.01 | 0.05 | `stat dir/*`, 200, attributes expired
ls_l         | 200 | 0.01 | 0.05 | `ls -l dir`, 200, attributes expired
chmod        | 200 | 1    | 1.01 | chmod x 200
rename       | 100 | 1    | 1.02 | rename to a free name x 100
link         | 100 | 1    | 1.05 | hard link x 100
readlink     | 100 | 1.0  | 1.1  | readlink x 100, cold
append       | 100 | 2    | 2.02 | append + fsync x 100
rm_rf        | 400 | 1    | 1.02 | `rm -rf dir`, 400
tar_x        | 320 | 2    | 3.0  | `tar xf`, 320 entries
find_ls      | 320 | 0.07 | 0.08 | `find -ls`, 21 directories, 320 entries
grep_r       | 300 | 1.07 | 1.1  | `grep -r`, 300 files, cold
ls_big       |   1 | 5    | 8    | `ls` of 10 000
ls_l_big     |   1 | 8    | 200  | `ls -l` of 10 000
read_seq     |   1 | 26.8 | 32   | read 32 MiB sequentially
read_more    |   1 | 26.8 | 32   | read another 32 MiB after that
read_far     |   1 | 6.7  | 12   | the same where a round trip takes 40 ms
write_seq    |   1 | 27.8 | 32   | write 32 MiB + fsync
write_more   |   1 | 27.8 | 32   | write another 32 MiB + fsync after that
write_far    |   1 | 7.7  | 12   | the same where a round trip takes 40 ms
random       | 100 | 2    | 2.03 | open + random 4 KiB read x 100
umount       |   1 | 0    | 2    | umount
v2_mount     |   1 | 2    | 4    | NFSv2: mount by address
v2_existing  | 200 | 2    | 3.05 | NFSv2: `echo > existing` x 200
v2_cat       | 200 | 1    | 2.05 | NFSv2: `cat dir/*`, 200 files, cold
v2_stat      | 200 | 1    | 1.01 | NFSv2: `stat dir/*`, 200, attributes expired
v2_tar_x     | 320 | 3    | 6.1  | NFSv2: `tar xf`, 320 entries
v2_find_ls   | 320 | 0.1  | 1.3  | NFSv2: `find -ls`, 21 directories, 320 entries
v2_read_seq  |   1 | 27.8 | 40   | NFSv2: read 32 MiB sequentially
v2_write_seq |   1 | 27.8 | 40   | NFSv2: write 32 MiB + fsync
udp_mount    |   1 | 2    | 3    | UDP: mount by address
udp_cat      | 200 | 1    | 1.05 | UDP: `cat dir/*`, 200 files, cold
udp_tar_x    | 320 | 2    | 5.1  | UDP: `tar xf`, 320 entries
udp_read_seq |   1 | 27.8 | 48   | UDP: read 32 MiB sequentially
udp_write_seq|   1 | 27.8 | 48   | UDP: write 32 MiB + fsync
net          |   1 | 4    | 8    | `nfs-cat nfs://HOST/export/file` of libnfs / `cat /net/HOST/export/file`
net_again    |   1 | 1    | 1.05 | the same again
py_open      |   1 | 4    | 8.1  | `nfs-cat` / Python: `snfs.open(URL).read()`, nothing mounted
py_opens     |  20 | 2    | 2.5  | the same for 20 files, one after the other
'

# --- helpers -----------------------------------------------------------------

# many_files DIR COUNT: DIR/f00001 ..., each with a line of text.
many_files() {
	local i name

	mkdir -p "$1"
	for ((i = 1; i <= $2; i++)); do
		printf -v name '%s/f%05d' "$1" "$i"
		echo "line of file $i" >"$name"
	done
}

# small_tree DIR: 20 directories with 15 files each.
small_tree() {
	local i

	for ((i = 1; i <= 20; i++)); do
		many_files "$1/d$i" 15
	done
}

# attributes_expire: longer than any default of acregmax or acdirmax.
attributes_expire() {
	sleep 70
}

# --- mounting ----------------------------------------------------------------

mount_files() {
	echo hello >"$EXP/hello"
}

mount_run() {
	client_mount main "$MNT"
}

umount_files() {
	many_files "$EXP/d" 20
}

umount_warm() {
	cat "$MNT"/d/*
}

umount_run() {
	umount "$MNT"
}

# --- by URL, nothing mounted before -----------------------------------------

# An export with a short path. In the place of nfs.ko, which has no such thing, stands libnfs.
net_files() {
	mountpoint -q /srv || { mount -t tmpfs srv-net /srv && server_export /srv; } || return 1
	echo hello >/srv/hello
}

net_warm() {
	[ "$FSTYPE" = nfs ] && return
	mkdir -p "$MNTS/net"
	mount -i -t snfs nfs:// "$MNTS/net"
}

net_run() {
	if [ "$FSTYPE" = nfs ]; then
		nfs-cat nfs://127.0.0.1/srv/hello
	else
		cat "$MNTS/net/127.0.0.1/srv/hello"
	fi
}

net_again_files() {
	net_files
}

net_again_warm() {
	net_warm && net_run
}

net_again_run() {
	net_run
}

# tools/python has libnfs-python's interface. That itself is not in Debian: nfs-cat makes the same
# calls for each file as its open(URL).read().
py_open_files() {
	net_files && many_files /srv/many 20
}

# py_read NAME...: files below /srv, in one program
py_read() {
	local name

	if [ "$FSTYPE" = nfs ]; then
		for name; do
			nfs-cat "nfs://127.0.0.1/srv/$name" || return 1
		done
	else
		PYTHONPATH=$SNFS_TREE/tools/python /usr/bin/python3 -B - "$@" <<-'END'
			import sys, snfs
			for name in sys.argv[1:]:
			    print(snfs.open("nfs://127.0.0.1/srv/" + name).read(), end="")
		END
	fi
}

py_open_run() {
	py_read hello
}

py_opens_files() {
	py_open_files
}

py_opens_run() {
	py_read many/f000{01..20}
}

# --- finding and reading -----------------------------------------------------

deep_files() {
	mkdir -p "$EXP/1/2/3/4/5/6/7/8/9/10"
	echo leaf >"$EXP/1/2/3/4/5/6/7/8/9/10/leaf"
}

deep_run() {
	cat "$MNT/1/2/3/4/5/6/7/8/9/10/leaf"
}

cat_files() {
	many_files "$EXP/d" 200
}

cat_run() {
	cat "$MNT"/d/*
}

cat_again_files() {
	cat_files
}

cat_again_warm() {
	cat_run
}

cat_again_run() {
	cat_run
}

stat_files() {
	cat_files
}

stat_warm() {
	stat "$MNT"/d/*
	attributes_expire
}

stat_run() {
	stat "$MNT"/d/*
}

ls_l_files() {
	cat_files
}

ls_l_warm() {
	stat "$MNT"/d/*
	attributes_expire
}

ls_l_run() {
	ls -l "$MNT/d"
}

readlink_files() {
	local i

	mkdir "$EXP/d"
	for ((i = 1; i <= 100; i++)); do
		ln -s "target $i" "$EXP/d/l$i"
	done
}

readlink_run() {
	readlink "$MNT"/d/l{1..100}
}

find_ls_files() {
	small_tree "$EXP/t"
}

find_ls_run() {
	find "$MNT/t" -ls
}

grep_r_files() {
	small_tree "$EXP/t"
}

grep_r_run() {
	grep -r 'file 7' "$MNT/t"
}

ls_big_files() {
	many_files "$EXP/d" 10000
}

ls_big_run() {
	ls "$MNT/d"
}

ls_l_big_files() {
	many_files "$EXP/d" 10000
}

ls_l_big_run() {
	ls -l "$MNT/d"
}

read_seq_files() {
	head -c 32M /dev/zero >"$EXP/big"
}

read_seq_run() {
	dd if="$MNT/big" of=/dev/null bs=1M
}

# The connection's windows are open by then. Nothing is between, as they close when idle.
read_more_files() {
	head -c 32M /dev/zero >"$EXP/first"
	head -c 32M /dev/zero >"$EXP/big"
}

read_more_warm() {
	dd if="$MNT/first" of=/dev/null bs=1M
}

read_more_run() {
	read_seq_run
}

read_far_files() {
	read_more_files
}

read_far_warm() {
	read_more_warm
}

read_far_run() {
	read_seq_run
}

random_files() {
	head -c 32M /dev/zero >"$EXP/big"
}

random_warm() {
	stat "$MNT/big"
}

random_run() {
	local i

	for ((i = 1; i <= 100; i++)); do
		dd if="$MNT/big" of=/dev/null bs=4k count=1 skip=$((i * 3571 % 8192))
	done
}

# --- changing ----------------------------------------------------------------

new_files() {
	mkdir "$EXP/d"
}

new_run() {
	local i

	for ((i = 1; i <= 200; i++)); do
		echo hello >"$MNT/d/f$i"
	done
}

existing_files() {
	mkdir "$EXP/d"
}

existing_warm() {
	new_run
}

existing_run() {
	new_run
}

chmod_files() {
	many_files "$EXP/d" 200
}

chmod_warm() {
	stat "$MNT"/d/*
}

chmod_run() {
	chmod 600 "$MNT"/d/*
}

rename_files() {
	many_files "$EXP/d" 100
}

rename_warm() {
	stat "$MNT"/d/*
}

rename_run() {
	local file

	for file in "$MNT"/d/*; do
		mv "$file" "$file.new"
	done
}

link_files() {
	many_files "$EXP/d" 100
}

link_warm() {
	stat "$MNT"/d/*
}

link_run() {
	local file

	for file in "$MNT"/d/*; do
		ln "$file" "$file.link"
	done
}

append_files() {
	mkdir "$EXP/d"
}

append_warm() {
	echo start >"$MNT/d/log"
}

append_run() {
	local i

	for ((i = 1; i <= 100; i++)); do
		dd if=/dev/zero of="$MNT/d/log" bs=100 count=1 oflag=append conv=notrunc,fsync
	done
}

rm_rf_files() {
	many_files "$EXP/d" 400
}

rm_rf_run() {
	rm -rf "$MNT/d"
}

tar_x_files() {
	small_tree /tmp/tree
	tar -C /tmp -cf /tmp/tree.tar tree
	rm -rf /tmp/tree
}

tar_x_run() {
	tar -C "$MNT" -xf /tmp/tree.tar
}

write_seq_run() {
	dd if=/dev/zero of="$MNT/big" bs=1M count=32 conv=fsync
}

write_more_warm() {
	dd if=/dev/zero of="$MNT/first" bs=1M count=32 conv=fsync
}

write_more_run() {
	write_seq_run
}

write_far_warm() {
	write_more_warm
}

write_far_run() {
	write_seq_run
}
