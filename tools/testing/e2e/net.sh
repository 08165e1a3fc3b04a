#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The context-free root: mount -t snfs nfs:// DIR, and DIR/HOST/EXPORT/path is
# the file.
# kernels: uml 6.12
# timeout: 400

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"
# shellcheck source=../lib/refusal.sh
. "$E2E_LIB/refusal.sh"

NET=$MNTS/net
DEAD=
DEAD_PID=
HOST=127.0.0.1
# An export whose path has one component only
TOP=/srv
REQUEST_KEY=/sbin/request-key
RESOLVER=/sbin/key.dns_resolver

# Our own server, in whose words it can be odd and which counts its calls
OWN_PORT=12049
OWN_MOUNT=12048
OWN_WORDS=/tmp/own.words
OWN=port=$OWN_PORT,mountport=$OWN_MOUNT,vers=2

# mount_net [OPTIONS [DIR]]
mount_net() {
	[[ -d ${2:-$NET} ]] || mkdir -p "${2:-$NET}"
	limit 60 mount -i -t snfs ${1:+-o "$1"} nfs:// "${2:-$NET}"
}

# net [OPTIONS]: a fresh root at $NET
net() {
	leave_net
	want_ok mount_net "${1:-}"
}

leave_net() {
	cd /
	# Processes are dear in a guest.
	while [[ $(</proc/mounts) == *" $NET "* ]]; do
		limit 60 umount $NET || umount -l $NET
	done
}

# mounts [DIR]: what is mounted at or below it
mounts() {
	awk -v d="${1:-$NET}" 'index($2 "/", d "/") == 1 { print $2 }' /proc/mounts
}

nr_mounts() {
	mounts "$@" | wc -l
}

is_unused() {
	[[ $(nr_mounts) -eq 1 && -z $(ls $NET) ]]
}

names() { # DIR: its names, in one line
	LC_ALL=C ls "$1" 2>&1 | tr '\n' ' '
}

# own_calls NAME [SO-FAR]
own_calls() {
	awk -v n="$1" -v before="${2:-0}" '$1 == n { calls = $2 } END { print calls - before }' \
		$OWN_WORDS.calls
}

own_words() {
	echo "$*" >$OWN_WORDS.new
	mv $OWN_WORDS.new $OWN_WORDS
}

# has_option DIR OPTION...: the mount there has it; with ! in front: has not.
has_option() {
	local have option

	have=,$(shown_options "$1"),
	shift
	for option; do
		case $option in
		!*) [[ $have != *,${option#!},* ]] || fail "$option: $have" ;;
		*) [[ $have == *,$option,* ]] || fail "no $option: $have" ;;
		esac
	done
}

empty() {
	net
	want_eq "names" "" "$(ls $NET)"
	want_eq "source" nfs:// "$(awk -v d=$NET '$2 == d { print $1 }' /proc/mounts)"
	has_option $NET idle=300 hard proto=tcp
	want_stat "%a %U %F" "555 root directory" $NET
	want_fail mkdir $NET/$HOST/new
	want_fail touch $NET/file
	want_fail touch $NET/$HOST/file
	want_err ENOENT cat $NET/.git/config
	want_err ENOENT cat "$NET/lost+found/x"
	# Looking does not mount.
	want_stat %F directory $NET/$HOST
	want_eq "mounts" 1 "$(nr_mounts)"
}

first_use() {
	local device

	net
	want_eq "content" "in top" "$(cat $NET/$HOST$TOP/f)"
	want_eq "mounts" "$NET $NET/$HOST$TOP " "$(mounts | tr '\n' ' ')"
	want_eq "source" "$HOST:$TOP" "$(awk -v d=$NET/$HOST$TOP '$2 == d { print $1 }' \
		/proc/mounts)"
	device=$(stat -c %d $NET/$HOST$TOP)
	want_ne "st_dev" "$(stat -c %d $NET/$HOST)" "$device"
	echo changed >$TOP/g
	want_eq "another" changed "$(cat $NET/$HOST$TOP/g)"
	want_ok cp $NET/$HOST$TOP/g $NET/$HOST$TOP/h
	want_eq "written" changed "$(<$TOP/h)"
	want_eq "the same mount" "$device" "$(stat -c %d $NET/$HOST$TOP)"
	want_eq "mounts" 2 "$(nr_mounts)"
}

nested_paths() {
	net
	want_eq "host" "mnt srv " "$(names $NET/$HOST)"
	want_eq "below" "srv " "$(names $NET/$HOST/mnt)"
	want_eq "exports" "main other " "$(names $NET/$HOST/mnt/srv)"
	want_eq "listing mounts nothing" 1 "$(nr_mounts)"
	want_eq "content" "in main" "$(cat $NET/$HOST$EXP/f)"
	want_eq "content" "in other" "$(cat $NET/$HOST$SRV/other/f)"
	want_eq "mounts" 3 "$(nr_mounts)"
	want_eq "by find" "deep in main in other in top " \
		"$(find $NET/$HOST -name f -exec cat {} + | sort | tr '\n' ' ')"
	want_eq "find -xdev" "$(printf '%s\n' "" /mnt $SRV $EXP $SRV/other $TOP | sort)" \
		"$(cd $NET/$HOST && find . -xdev | sed 's/^.//' | sort)"
	want_eq "numbers stay" "$(stat -c %i $NET/$HOST/mnt)" "$(stat -c %i $NET/$HOST/mnt)"
	# Not walked into the directory first
	net
	want_eq "content" "in main" "$(cat $NET/$HOST$EXP/f)"
	want_ok test -d $NET/$HOST$EXP/dir
	want_eq "a directory of an export" "deep" "$(cat $NET/$HOST$EXP/dir/f)"
}

in_use() {
	net
	want_eq "nobody" "" "$(names $NET)"
	cat $NET/$HOST$TOP/f $NET/::1$TOP/f $NET/127.0.0.2$TOP/f >/dev/null
	want_eq "hosts in use" "127.0.0.1 127.0.0.2 ::1 " "$(names $NET)"
	want_ok umount $NET/127.0.0.2$TOP
	want_eq "fewer" "127.0.0.1 ::1 " "$(names $NET)"
	has_option $NET/::1$TOP addr=::1 proto=tcp6
	want_ok client_umount $NET
}

kept() { # dentries and inodes
	awk '{ n += $1 } END { print n }' /proc/sys/fs/dentry-state /proc/sys/fs/inode-nr
}

wrong_paths() {
	local before

	net
	want_err ENOENT cat $NET/$HOST/none/f
	want_err ENOENT cat $NET/$HOST/mnt/none
	want_err ENOENT cat $NET/$HOST$SRV/none/f
	want_err ENOENT cat $NET/$HOST$EXP/none
	want_fail test -e $NET/$HOST/none
	want_fail test -e $NET/$HOST$SRV/none
	want_err ENAMETOOLONG cat $NET/$HOST/"$(printf "%0256d" 0)"
	# An export that is new is found at once.
	mkdir -p $SRV/late
	mount -t tmpfs srv-late $SRV/late
	echo "in late" >$SRV/late/f
	server_export $SRV/late
	want_eq "new" "in late" "$(cat $NET/$HOST$SRV/late/f)"
	umount $NET/$HOST$SRV/late
	unexport late
	before=$(kept)
	# Addresses exist, as far as can be told without asking.
	perl -e 'for (1..1000) { stat("$ARGV[0]/.x$_") and die "there\n";
			stat(sprintf("%s/10.1.%u.%u", $ARGV[0], $_ / 250, $_ % 250)) or die "$!\n" }
		for (1..30) { stat("$ARGV[0]/$ARGV[1]/srv$_") and die "there\n" }
		for (1..3) { stat("$ARGV[0]/wrong-$_") and die "there\n" }' $NET $HOST ||
		fail "wrong names exist"
	want_max "dentries and inodes kept" $((before + 1000)) "$(kept)"
	want_eq "hosts" "$HOST " "$(names $NET)"
}

# A host that does not answer holds up nobody else. It takes its time, so the other tests go on.
dead_host() {
	DEAD=$MNTS/dead
	want_ok mount_net soft $DEAD
	ip route add 192.0.2.1/32 dev lo
	at_end 'ip route del 192.0.2.1/32 dev lo 2>/dev/null'
	{
		limit 200 cat $DEAD/192.0.2.1$TOP/f
		limit 200 ls $DEAD/192.0.2.1$TOP
	} >/tmp/dead 2>&1 &
	DEAD_PID=$!
	wait_until 60 eval '[[ $(ls $DEAD) == 192.0.2.1 ]]' || fail "nobody walks there"
	want_eq "another" "in top" "$(cat $DEAD/$HOST$TOP/f)"
	want_ok kill -0 $DEAD_PID
	want_eq "its error so far" "" "$(</tmp/dead)"
	want_err ENETUNREACH cat $DEAD/203.0.113.1$TOP/f
	# One that is still being asked is forgotten for others.
	ip route add 192.0.2.2/32 dev lo
	at_end 'ip route del 192.0.2.2/32 dev lo 2>/dev/null'
	timeout -s KILL 1 ls $DEAD/192.0.2.2
	perl -e 'for (1..150) { stat(sprintf("%s/10.1.1.%u", $ARGV[0], $_)) or die "$!\n" }' $DEAD ||
		fail "no room for others"
	want_eq "hosts" "$HOST 192.0.2.1 " "$(names $DEAD)"
}

# It has a bounded error, and is tried anew.
dead_host_back() {
	[[ -n $DEAD_PID ]] || dead_host
	wait $DEAD_PID
	want_eq "its errors: $(</tmp/dead)" 2 "$(grep -c "Connection timed out" /tmp/dead)"
	ip route del 192.0.2.1/32 dev lo
	ip address add 192.0.2.1/32 dev lo
	wait_until 60 eval "[[ \$(cat $DEAD/192.0.2.1$TOP/f 2>/dev/null) == 'in top' ]]" ||
		fail "it is not tried anew: $(cat $DEAD/192.0.2.1$TOP/f 2>&1)"
	want_ok limit 60 umount $DEAD
	ip address del 192.0.2.1/32 dev lo
}

who_may_be_contacted() {
	net hosts=127.0.0.0/31+::1,hosts=10.1.0.0/16
	has_option $NET hosts=127.0.0.0/31+::1+10.1.0.0/16
	want_eq "allowed" "in top" "$(cat $NET/127.0.0.1$TOP/f)"
	want_eq "allowed" "in top" "$(cat $NET/::1$TOP/f)"
	want_err EACCES cat $NET/127.0.0.2$TOP/f
	want_err EACCES ls $NET/127.0.0.2
	want_err EACCES cat $NET/::ffff:127.0.0.2$TOP/f
	want_eq "allowed in another spelling" "in top" "$(cat $NET/::ffff:127.0.0.1$TOP/f)"
	want_ok mount -i -o remount,hosts=127.0.0.2 $NET
	want_eq "after a remount" "in top" "$(cat $NET/127.0.0.2$TOP/f)"
	want_err EACCES ls $NET/127.0.0.3
}

not_trusted() {
	net
	cp /usr/bin/id $TOP/id
	chmod 4755 $TOP/id
	mknod -m 666 $TOP/null c 1 3
	want_eq "uid" 1001 "$(as 1001:1001 $NET/$HOST$TOP/id -u)"
	want_err EACCES cat $NET/$HOST$TOP/null
	has_option $NET/$HOST$TOP nosuid nodev
	# Whoever has a mount namespace of his own can take the flag away, but not its effect.
	want_ok mount -i -o remount,bind,dev $NET/$HOST$TOP
	has_option $NET/$HOST$TOP !nodev
	want_err EACCES cat $NET/$HOST$TOP/null
	want_ok client_mount $TOP $MNTS/plain
	want_ok cat $MNTS/plain/null
	want_fail same_superblock $MNTS/plain $NET/$HOST$TOP
	net allow=suid:dev
	want_eq "uid" 0 "$(as 1001:1001 $NET/$HOST$TOP/id -u)"
	want_ok cat $NET/$HOST$TOP/null
	has_option $NET/$HOST$TOP !nosuid !nodev
	has_option $NET allow=suid:dev
	# It is a mount like any other then.
	want_ok same_superblock $MNTS/plain $NET/$HOST$TOP
	want_ok client_umount $MNTS/plain
	net allow=dev
	want_ok cat $NET/$HOST$TOP/null
	has_option $NET/$HOST$TOP nosuid !nodev
	rm $TOP/id $TOP/null
}

options() {
	net ro,soft,timeo=123,nocto,rsize=4096,noexec,idle=77
	cat $NET/$HOST$TOP/f >/dev/null
	has_option $NET ro soft timeo=123 nocto rsize=4096 noexec idle=77
	has_option $NET/$HOST$TOP ro soft timeo=123 nocto rsize=4096 noexec
	want_err EROFS touch $NET/$HOST$TOP/new
	want_ok umount $NET/$HOST$TOP
	want_ok mount -i -o remount,rw,hard,timeo=99,idle=5 $NET
	cat $NET/$HOST$TOP/f >/dev/null
	has_option $NET rw hard timeo=99 nocto idle=5
	has_option $NET/$HOST$TOP rw hard timeo=99 nocto
	leave_net
	want_ok limit 60 mount -i -t snfs 'nfs:///?timeo=44&idle=9' $NET
	cat $NET/$HOST$TOP/f >/dev/null
	has_option $NET timeo=44 idle=9
	has_option $NET/$HOST$TOP timeo=44
	net udp,idle=7
	has_option $NET proto=udp idle=7
	want_ok mount -i -o remount,soft $NET
	has_option $NET proto=udp soft idle=7
}

# Options, ERRNO : TEXT of the message
refusals() {
	local source options text

	while read -r source options text; do
		attempt /tmp/attempt $MNTS/r 60 "$source" "$options"
		note "$source $options"
		judge /tmp/attempt 30 EINVAL "$text"
	done <<-END
		nfs:// hosts=example hosts=example: it takes addresses
		nfs:// hosts=10.0.0.0/33 longer than the address
		nfs:// allow=everything allow=everything: use suid
		nfs:// addr=127.0.0.1 addr=: below nfs:// the path says which host
		nfs:// mountaddr=127.0.0.1 mountaddr=: below nfs://
		nfs:// mounthost=a mounthost=: below nfs://
		nfs:// unheard unknown option
		$HOST:$TOP hosts=127.0.0.1 hosts= is for the context-free root
		$HOST:$TOP idle=7 idle= is for the context-free root
	END
}

# An export in an export
export_in() {
	mkdir -p $TOP/in
	mount -t tmpfs srv-in $TOP/in
	echo "in in" >$TOP/in/f
	server_export $TOP/in
}

unexport_in() {
	exportfs -u "*:$TOP/in"
	exportfs -f
	# As unexport() does
	wait_until 60 umount $TOP/in || umount $TOP/in
	rmdir $TOP/in
}

expires() {
	net idle=1
	# What is mounted below an export goes as soon.
	export_in
	want_eq "content" "in in" "$(cat $NET/::1$TOP/in/f)"
	cat $NET/$HOST$EXP/f $NET/127.0.0.2$TOP/f >/dev/null
	exec 5<$NET/$HOST$EXP/f
	wait_until 60 eval '[[ $(names $NET) == "127.0.0.1 " ]]' || fail "left: $(mounts)"
	sleep 3
	want_eq "the one in use" "$NET $NET/$HOST$EXP " "$(mounts | tr '\n' ' ')"
	want_eq "open file" "in main" "$(cat <&5)"
	exec 5<&-
	wait_until 60 is_unused || fail "left: $(mounts)"
	unexport_in
	want_eq "and comes back" "in main" "$(cat $NET/$HOST$EXP/f)"
}

unmounts() {
	net
	cat $NET/$HOST$EXP/f $NET/$HOST$TOP/f >/dev/null
	exec 5<$NET/$HOST$EXP/f
	want_like "umount" busy "$(umount $NET 2>&1)"
	want_like "umount -f" busy "$(umount -f $NET 2>&1)"
	exec 5<&-
	cat $NET/$HOST$EXP/f $NET/$HOST$TOP/f >/dev/null
	want_ok limit 60 umount $NET
	want_eq "left" 0 "$(nr_mounts)"
	want_ok mount_net
	cat $NET/$HOST$TOP/f >/dev/null
	want_ok limit 60 umount -f $NET
	want_eq "left by umount -f" 0 "$(nr_mounts)"
	want_ok mount_net
	exec 5<$NET/$HOST$TOP/f
	want_ok umount -l $NET
	want_eq "reads on" "in top" "$(cat <&5)"
	exec 5<&-
}

# Who walks by has another network, another user, another host name.
walker() {
	net
	want_eq "without a network" "in top" "$(unshare -n -u sh -c "hostname other
		cat $NET/$HOST$TOP/f" 2>&1)"
	net
	want_ok as 1001:1001 cat $NET/$HOST$TOP/f
	touch $NET/$HOST$TOP/roots
	want_stat %u 0 $TOP/roots
	want_err EACCES as 1001:1001 touch $NET/$HOST$TOP/new
	rm $TOP/roots
	# A root that was mounted without a network has none for anybody.
	mkdir -p $MNTS/alone
	want_ok unshare -n mount -i -t snfs nfs:// $MNTS/alone
	want_err ENETUNREACH cat $MNTS/alone/$HOST$TOP/f
	want_ok umount $MNTS/alone
}

own_server() {
	own_words
	"$(helper v2server)" -a $OWN_PORT $OWN_MOUNT $OWN_WORDS $SRV/main $SRV/other \
		</dev/null >/tmp/own.log 2>&1 || fail "the server does not start"
	at_end 'kill_daemon v2server'
	net $OWN
	want_eq "content" "in main" "$(cat $NET/$HOST$EXP/f)"
	has_option $NET/$HOST$EXP vers=2
	# uid= makes a walker the mounter, in what is judged here, too.
	install -o 1002 -m 600 $EXP/f $EXP/private
	net $OWN,uid=0,gid=0
	want_eq "as root" "in main" "$(as 1001:1001 cat $NET/$HOST$EXP/private)"
	rm $EXP/private
}

# What failed is remembered for ten seconds, within which a slow machine may not be through.
remembered() { # SINCE, in ms
	[[ $(($(now_ms) - $1)) -lt 9000 ]] || { note "too slow to tell"; return 1; }
}

asked_once() {
	local n start mnts lists pids=()

	mnts=$(own_calls mnt)
	lists=$(own_calls export)
	net $OWN
	for n in {1..12}; do
		cat $NET/$HOST$EXP/f >/tmp/once.$n &
		pids+=($!)
	done
	wait "${pids[@]}"
	want_eq "content" 12 "$(cat /tmp/once.* | grep -c "in main")"
	want_eq "mounts" 2 "$(nr_mounts)"
	# "/mnt" and "/mnt/srv" are on the way; only for the first one MNT had to be asked. The VFS
	# attaches a mount after it was made, for which others wait, but not for ever.
	want_max "MNT" 4 "$(own_calls mnt "$mnts")"
	want_eq "EXPORT" 1 "$(own_calls export "$lists")"
	mnts=$(own_calls mnt)
	start=$(now_ms)
	for n in 1 2 3; do
		want_err ENOENT cat $NET/$HOST$SRV/nothing/f
	done
	! remembered "$start" || want_eq "MNT of what is refused" 1 \
		"$(own_calls mnt "$mnts")"
}

# Names below a host without EXPORT are tried one after the other.
without_export() {
	own_words noexport
	net $OWN
	want_eq "content" "in main" "$(cat $NET/$HOST$EXP/f)"
	want_eq "what is in use" "mnt " "$(names $NET/$HOST)"
	want_eq "what is in use" "main " "$(names $NET/$HOST$SRV)"
	want_eq "content" "in other" "$(cat $NET/$HOST$SRV/other/f)"
	want_eq "what is in use" "main other " "$(names $NET/$HOST$SRV)"
	want_fail ls $NET/$HOST/none
	want_fail cat $NET/$HOST/none/none/f
	want_eq "mounts" 3 "$(nr_mounts)"
}

# The host itself is the mount if its root is exported.
root_export() {
	own_words root
	net $OWN
	want_eq "names" "dir f " "$(names $NET/$HOST)"
	want_eq "content" "in main" "$(cat $NET/$HOST/f)"
	want_eq "mounts" "$NET $NET/$HOST " "$(mounts | tr '\n' ' ')"
	want_eq "hosts" "$HOST " "$(names $NET)"
	# Walked below at first
	net $OWN
	want_eq "content" deep "$(cat $NET/$HOST/dir/f)"
	want_eq "names" "dir f " "$(names $NET/$HOST)"
	# A hard mount of a server that has gone waits for it.
	leave_net
	kill_daemon v2server
}

# answers TEXT: what the upcall for a name says from now on.
answers() {
	cat >/tmp/resolver <<-END
		#!/bin/sh
		echo "\$*" >>/tmp/asked
		printf '$1\\0' | keyctl pinstantiate "\$1" 0
	END
	chmod 755 /tmp/resolver
	: >/tmp/asked
	[[ -e $RESOLVER.real ]] || mv $RESOLVER $RESOLVER.real
	rm -f $RESOLVER
	cp /tmp/resolver $RESOLVER
}

by_name() {
	local start

	[[ -x $REQUEST_KEY && -x $RESOLVER ]] || fail "keyutils is not installed"
	at_end "mv -f $RESOLVER.real $RESOLVER"
	answers 203.0.113.7,127.0.0.3
	net
	want_eq "content" "in top" "$(cat $NET/files.example$TOP/f)"
	want_eq "source" "files.example:$TOP" \
		"$(awk -v d=$NET/files.example$TOP '$2 == d { print $1 }' /proc/mounts)"
	has_option $NET/files.example$TOP addr=127.0.0.3
	want_eq "hosts" "files.example " "$(names $NET)"
	want_eq "content" "in main" "$(cat $NET/files.example$EXP/f)"
	want_eq "upcalls" 1 "$(wc -l </tmp/asked)"
	answers '#dnserror=1'
	start=$(now_ms)
	for _ in 1 2 3; do
		want_err ENOENT cat $NET/wrong.example$TOP/f
		want_fail test -e $NET/wrong.example
	done
	! remembered "$start" || want_eq "upcalls for a wrong name" 1 "$(wc -l </tmp/asked)"
	: >/tmp/asked
	want_err ENOENT cat $NET/.hidden/f
	want_err ENOENT cat $NET/a+b/f
	want_eq "upcalls for what is no name" 0 "$(wc -l </tmp/asked)"
	answers 127.0.0.3
	net hosts=127.0.0.1
	want_err EACCES cat $NET/files.example$TOP/f
	# Its address is known by now, and none that may be contacted.
	want_err EACCES stat $NET/files.example
	want_eq "hosts" "" "$(names $NET)"
}

# The server tells the list that a directory on the way is an export that it denies us.
denied_above() {
	export_in
	exportfs -u "*:$TOP"
	server_export $TOP "" 192.0.2.200
	net
	want_err EACCES cat $NET/$HOST$TOP/f
	want_eq "below what is denied" "in in" "$(cat $NET/$HOST$TOP/in/f)"
	want_eq "names" "in " "$(names $NET/$HOST$TOP)"
	umount $NET/$HOST$TOP/in
	exportfs -u "192.0.2.200:$TOP"
	server_export $TOP
	unexport_in
}

e2e_server
is_snfs || bail "this is snfs's"
export_tmpfs main 32m && export_tmpfs other 32m || bail "no exports"
mkdir $EXP/dir
mount -t tmpfs -o size=32m,mode=755 srv-top $TOP && server_export $TOP || bail "no export"
# What rpcbind does not know yet would be remembered.
wait_until 60 rpcinfo -T tcp $HOST 100005 3 || bail "mountd does not answer"
echo "in top" >$TOP/f
echo "in main" >$EXP/f
echo deep >$EXP/dir/f
echo "in other" >$SRV/other/f

t "a dead host holds up nobody" dead_host
t "an empty root" empty
t "first use mounts, later uses share it" first_use
t "directories on the way to exports" nested_paths
t "ls shows hosts in use" in_use
t "wrong paths, and a thousand wrong names" wrong_paths
t "hosts=: who may be contacted" who_may_be_contacted
t "nosuid and nodev unless allow= says otherwise" not_trusted
t "options are those of what is below" options
t "refused options" refusals
t "idle mounts expire" expires
t "umount" unmounts
t "whoever walks by" walker
t "a server of version 2 at other ports" own_server
t "many at once ask once" asked_once
t "a host without EXPORT" without_export
t "a host that exports its root" root_export
t "names, found by key.dns_resolver" by_name
t "an export above that is denied" denied_above
t "a dead host is tried anew" dead_host_back
e2e_run
