#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The Python module: libnfs-python's examples and all of its interface, over
# mounts that nobody sees and below mounts of others.
# kernels: uml 6.12
# timeout: 200

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"

GUEST=/tmp/python/tests/guest
URL=nfs://127.0.0.1$EXP

# py ARG...: Python with the module; a program on standard input is "-".
py() {
	limit 120 env PYTHONPATH=/tmp/python PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -W error "$@"
}

# nothing_held: no mount holds the module; UMNT may still be under way.
nothing_held() {
	[[ $(cat /sys/module/snfs/refcnt) -eq 0 ]]
}

let_go_of_mounts() {
	wait_until 60 nothing_held || fail "held: $(cat /sys/module/snfs/refcnt)"
}

example() { # SCRIPT URL
	rm -f "$EXP/foo-test"
	want_eq "printed" "Test string" "$(py "$GUEST/$1" "$2" 2>&1)"
	want_eq "on the server" "Test string" "$(cat "$EXP/foo-test")"
	rm -f "$EXP/foo-test"
	let_go_of_mounts
}

# What differs from libnfs-python, and is meant to, goes to the log.
whole_api() {
	local line

	mkdir "$EXP/api"
	py "$GUEST/whole_api.py" "$URL/api" >/tmp/api.log 2>&1 || fail "$(cat /tmp/api.log)"
	while read -r line; do note "$line"; done </tmp/api.log
	want_like "told" "differs: fileno: inode number there" "$(cat /tmp/api.log)"
	let_go_of_mounts
}

# One call reads and writes all, however little the server takes at a time.
large_file() {
	pattern 3000001 5 >"$EXP/large"
	want_ok py - "$URL?rsize=4096&wsize=4096" <<-'END'
		import sys, snfs
		with snfs.NFS(sys.argv[1]) as nfs:
		    data = nfs.open("large", "rb").read()
		    part = nfs.open("large", "rb").read(1000001)
		    assert len(data) == 3000001 and part == data[:1000001], (len(data), len(part))
		    with nfs.open("copy", "wb") as copy:
		        copy.write(data)
	END
	want_same "$EXP/large" "$EXP/copy"
}

# All objects of an export share one mount. It is in no list, and goes with the last.
one_mount() {
	echo content >"$EXP/file"
	want_ok py - "$URL" <<-'END'
		import sys, time, snfs
		def held():
		    with open("/sys/module/snfs/refcnt") as count:
		        return int(count.read())
		def until(wanted):
		    end = time.monotonic() + 60
		    while held() != wanted and time.monotonic() < end:
		        time.sleep(0.05)
		    assert held() == wanted, (held(), wanted)
		url = sys.argv[1]
		snfs.mount.recent.seconds = 0.1
		assert held() == 0, held()
		first = snfs.NFS(url)
		one = held()
		assert one > 0
		second, file = snfs.NFS(url + "/"), snfs.open(url + "/file")
		until(one)
		assert second.stat("file")["dev"] == file.fstat()["dev"] == first.stat("/")["dev"]
		with open("/proc/self/mountinfo") as mounts:
		    assert " - snfs " not in mounts.read()
		other = snfs.NFS(url + "?ro")
		assert held() > one and other.stat("/")["dev"] != first.stat("/")["dev"]
		other.close()
		until(one)
		first.close(); second.close()
		assert file.read() == "content\n"
		until(one)
		file.close()
		until(0)
	END
}

# One file after the other by its URL, and nothing else that keeps the mount: three calls for each,
# as for any new name, after what a mount costs.
calls() {
	local first rest i

	mkdir "$EXP/many"
	for ((i = 0; i <= 100; i++)); do
		echo "line $i" >"$EXP/many/f$i"
	done
	py - "$URL/many" >/tmp/calls 2>&1 <<-'END'
		import sys, snfs
		def calls():
		    with open("/proc/net/rpc/nfsd") as counts:
		        return next(int(line.split()[1]) for line in counts if line.startswith("rpc "))
		def opened(number):
		    text = snfs.open(f"{sys.argv[1]}/f{number}").read()
		    assert text == f"line {number}\n", text
		start = calls()
		opened(0)
		first = calls()
		for number in range(1, 101):
		    opened(number)
		print(first - start, calls() - first)
	END
	read -r first rest </tmp/calls
	note "NFS calls: $first to mount, open and read; $rest for 100 more files by URL"
	want_min "calls for one: $(cat /tmp/calls)" 2 "$first"
	want_max "calls for a hundred more" 310 "$rest"
	let_go_of_mounts
}

# What the disk cannot take is told by write, flush or close, and not lost.
full_disk() {
	export_tmpfs full 1m || { fail "no export"; return; }
	want_ok py - "nfs://127.0.0.1$SRV/full" <<-'END'
		import errno, sys, snfs
		nfs = snfs.NFS(sys.argv[1])
		def attempt(step):
		    file = nfs.open("big", "w")
		    try:
		        for _ in range(64):
		            file.write(b"x" * 65536)
		        step(file)
		    except OSError as error:
		        return error.errno
		for step in (snfs.NFSFH.flush, snfs.NFSFH.close):
		    found = attempt(step)
		    assert found == errno.ENOSPC, found
		assert nfs.error == "No space left on device", nfs.error
		nfs.unlink("big")
	END
	let_go_of_mounts
}

# Links and dots of the export lead nowhere else.
no_way_out() {
	echo secret >/tmp/secret
	ln -s / "$EXP/root"
	ln -s /tmp/secret "$EXP/absolute"
	ln -s ../../../../tmp "$EXP/up"
	mkdir "$EXP/sub"
	want_ok py - "$URL" <<-'END'
		import sys, snfs
		nfs = snfs.NFS(sys.argv[1])
		def refused(call, *arguments):
		    try:
		        call(*arguments)
		    except FileNotFoundError:
		        return
		    raise AssertionError(arguments)
		for path in ("root/tmp/secret", "absolute", "up/secret", "../../../../tmp/secret"):
		    refused(nfs.open, path)
		    refused(nfs.stat, path)
		for path in ("root/tmp/secret", "up/secret", "../../../../tmp/secret"):
		    refused(nfs.unlink, path)
		    refused(nfs.rename, path, "stolen")
		    refused(nfs.rename, "file", path)
		assert nfs.mkdir("root/made") == 0 and nfs.isdir("/made")
		assert nfs.rename("made", "sub/../../made2") == 0 and nfs.isdir("made2")
	END
	want_eq "untouched" secret "$(cat /tmp/secret)"
	want_gone /made /made2
}

file_system_below() {
	export_tmpfs outer 16m rw,async,no_root_squash,crossmnt || { fail "no export"; return; }
	export_tmpfs outer/sub 16m || { fail "no export"; return; }
	want_ok py - "nfs://127.0.0.1$SRV/outer" <<-'END'
		import sys, snfs
		nfs = snfs.NFS(sys.argv[1])
		nfs.open("sub/file", "w").write("below")
		assert nfs.open("sub/file").read() == "below"
		assert nfs.stat("sub/file")["dev"] != nfs.stat("/")["dev"]
	END
	want_eq "on the server" below "$(cat "$SRV/outer/sub/file")"
	let_go_of_mounts
}

threads() {
	want_ok py - "$URL" <<-'END'
		import sys, threading, snfs
		nfs, done = snfs.NFS(sys.argv[1]), []
		def work(number):
		    for turn in range(20):
		        with nfs.open(f"thread{number}", "w+") as file:
		            file.write(f"{number} {turn}")
		            file.seek(0, 0)
		            assert file.read() == f"{number} {turn}"
		        with snfs.open(f"{sys.argv[1]}/thread{number}") as file:
		            assert file.read() == f"{number} {turn}"
		    done.append(nfs.unlink(f"thread{number}"))
		workers = [threading.Thread(target=work, args=(number,)) for number in range(4)]
		[worker.start() for worker in workers]
		[worker.join() for worker in workers]
		assert done == [0] * 4, done
	END
}

# tried URL...: a line for each: what is in its file "file", or what went wrong.
tried() {
	py - "$@" 2>&1 <<-'END'
		import sys, snfs
		for url in sys.argv[1:]:
		    try:
		        print(snfs.NFS(url).open("file").read(), end="")
		    except (OSError, ValueError) as error:
		        print(f"{type(error).__name__}: {error}")
	END
}

by_name_and_port() {
	local urls=("nfs://localhost$EXP" "nfs://127.0.0.1:2049$EXP?mountport=$MOUNTD_PORT"
		"nfs://127.0.0.1$EXP?nfsport=2049&version=3&autoreconnect=3&timeo=100"
		"NFS://127.0.0.1/${EXP/m/%6d}?readonly&dircache=0&readdir-buffer=8192")

	[[ ! -e /proc/net/if_inet6 ]] || urls+=("nfs://[::1]$EXP/")
	echo content >"$EXP/file"
	want_eq "${urls[*]}" "$(printf 'content\n%.0s' "${urls[@]}")" "$(tried "${urls[@]}")"
}

# The kernel's reason, or the module's, is told.
says_why() {
	local line=0 urls=() wanted=()

	refused() {
		wanted+=("$1")
		urls+=("$2")
	}
	refused '^PermissionError: .*nfs://127.0.0.1/nowhere: .*(denied|exported)' nfs://127.0.0.1/nowhere
	refused '^OSError: .*unknown option' "$URL?nonsense=1"
	refused '^ValueError: .*versions 3' "$URL?version=4"
	refused '^ConnectionRefusedError' "nfs://127.0.0.1:4$EXP?soft&timeo=10&retrans=0"
	refused '^OSError: .*255 bytes' "$URL/$(printf '%0255d' 0)"
	refused '^ValueError: .*port' "nfs://127.0.0.1:x$EXP"
	refused '^ValueError: .*interface' "$URL?if=eth0"
	refused '^ValueError: .*passwords' "nfs://me:secret@127.0.0.1$EXP"
	refused '^ValueError: .*no server' nfs:///data
	refused '^ValueError: .*no URL' /data
	tried "${urls[@]}" >/tmp/tried
	want_eq "answers" ${#urls[@]} "$(wc -l </tmp/tried)"
	for ((line = 0; line < ${#urls[@]}; line++)); do
		want_like "${urls[line]}" "${wanted[line]}" "$(sed -n $((line + 1))p /tmp/tried)"
	done
}

# uid= and gid= are those of all calls, whoever makes them.
fixed_identity() {
	install -d -o 1234 -g 1235 "$EXP/theirs"
	want_ok py - "$URL/theirs?uid=1234&gid=1235" <<-'END'
		import sys, snfs
		nfs = snfs.NFS(sys.argv[1])
		nfs.open("file", "w").write("x")
		found = nfs.stat("file")
		assert (found["uid"], found["gid"]) == (1234, 1235), found
		try:
		    snfs.open(sys.argv[1].replace("/theirs", "/roots"), "w")
		except ValueError as error:
		    assert str(error) == "open failed: Permission denied", error
		else:
		    raise AssertionError("root's own identity was used")
	END
	want_stat "%u %g" "1234 1235" "$EXP/theirs/file"
	let_go_of_mounts
}

# user_py URL...: an ordinary user writes and reads a file of each export's directory "mine". A
# line for each: the user's number as the server has it, or what went wrong.
user_py() {
	as 1000 timeout 120 env PYTHONPATH=/tmp/python /usr/bin/python3 -B - "$@" 2>&1 <<-'END'
		import sys, snfs
		def use(nfs, url):
		    with nfs.open("mine/file", "w") as file:
		        file.write("of a user")
		    place, mark, arguments = url.rstrip("/").partition("?")
		    with snfs.open(f"{place}/mine/file{mark}{arguments}") as file:
		        assert file.read() == "of a user"
		    owner = nfs.stat("mine/file")["uid"]
		    assert nfs.unlink("mine/file") == 0
		    try:
		        nfs.open("/not-mine", "w")
		    except ValueError as error:
		        assert str(error) == "open failed: Permission denied", error
		        return owner
		for url in sys.argv[1:]:
		    try:
		        print(use(snfs.NFS(url), url))
		    except OSError as error:
		        print(error)
	END
}

# user_may URL... and user_may_not URL...
user_may() {
	want_eq "$*" "$(printf '1000\n%.0s' "$@")" "$(user_py "$@")"
}

user_may_not() {
	want_eq "$*: refused" $# "$(user_py "$@" |
		grep -c '^\[Errno 1\] mounting .*, and nobody else has mounted it here$')"
}

without_privilege_or_mount() {
	user_may_not "$URL" "nfs://localhost$EXP"
}

below_a_mount() {
	local SERVER=server.example

	mkdir -p "$EXP/mine" "$EXP/deep/mine" && chown 1000 "$EXP/mine" "$EXP/deep/mine"
	want_ok client_mount main "$MNT" addr=127.0.0.1 || return
	user_may "$URL" "nfs://Server.Example$EXP/" "nfs://localhost$EXP" "$URL/deep?hard"
	user_may_not "nfs://127.0.0.1$SRV/other" "$URL?soft" "nfs://127.0.0.1:2050$EXP"
	mount -t tmpfs cover "$MNT"
	user_may_not "$URL"
	umount "$MNT"
	mkdir -p $MNTS/bound
	mount --bind "$MNT/deep" $MNTS/bound
	want_ok client_umount "$MNT"
	user_may "$URL/deep"
	user_may_not "$URL"
	want_ok client_umount $MNTS/bound
	let_go_of_mounts
}

net_umount() {
	umount $MNTS/net
}

# Any server by its URL, with no privilege and no configuration but the root itself.
below_a_root() {
	local api

	mkdir -p $MNTS/net "$EXP/mine" "$EXP/deep/mine" && chown 1000 "$EXP/mine" "$EXP/deep/mine"
	want_ok mount -i -t snfs nfs:// $MNTS/net || return
	user_may "$URL" "nfs://127.0.0.2$EXP/" "nfs://localhost$EXP" "$URL/deep?hard"
	want_like "hosts in use" "127.0.0.1 127.0.0.2 " "$(ls $MNTS/net | tr '\n' ' ')"
	user_may_not "$URL?soft" "nfs://127.0.0.1:2050$EXP" "$URL?uid=0&gid=0"
	want_like "no such export" "^\\[Errno 2\\]" "$(user_py nfs://127.0.0.1/nowhere)"
	install -d -o 1000 "$EXP/user-api"
	as 1000 timeout 120 env PYTHONPATH=/tmp/python /usr/bin/python3 -B "$GUEST/whole_api.py" \
		"$URL/user-api" >/tmp/api.log 2>&1 || fail "$(cat /tmp/api.log)"
	want_ok wait_until 60 net_umount
	want_ok mount -i -t snfs -o hosts=192.0.2.0/24 nfs:// $MNTS/net || return
	want_like "a host that may not be contacted" "^\\[Errno (2|13)\\]" "$(user_py "$URL")"
	want_ok wait_until 60 net_umount
	let_go_of_mounts
}

e2e_server
export_fs main 64m || bail "no export"
# Ordinary users may not enter the directory of the tree.
cp -r "$SNFS_TREE/tools/python" /tmp/python && chmod -R a+rX /tmp/python || bail "no module"
t "first example: an export and a file in it" example example_export.py "$URL/"
t "second example: a file by its URL" example example_file.py "$URL/foo-test"
t "the whole interface, as libnfs-python has it" whole_api
t "a large file in one call" large_file
t "one mount for all objects, until the last is closed" one_mount
t "files by URL, one after the other, cost one mount" calls
t "a full disk is told" full_disk
t "no way out of the export" no_way_out
t "a file system below the export" file_system_below
t "threads" threads
t "names, ports, arguments" by_name_and_port
t "why a mount fails" says_why
t "uid= and gid=" fixed_identity
t "without privilege, nothing mounted" without_privilege_or_mount
t "without privilege, below a mount" below_a_mount
t "without privilege, below a context-free root" below_a_root
e2e_run
