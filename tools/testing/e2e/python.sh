#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The Python module: libnfs-python's examples and all of its interface, over
# mounts that nobody sees and below mounts of others.
# kernels: uml 6.12
# timeout: 120

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

# NFS and MOUNT calls of a mount are not repeated for each file.
calls() {
	local first second

	first=$(count_calls "" py -c "import snfs; snfs.NFS('$URL').open('file').read()")
	second=$(count_calls "" py -c "import snfs; n = snfs.NFS('$URL')
for _ in range(100): snfs.open('$URL/file').read()")
	note "NFS calls: $first to mount, open and read; $second for 100 times by URL"
	want_min "calls for one" 2 "$first"
	want_max "calls for a hundred" $((first + 110)) "$second"
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
	unexport full
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
	unexport outer/sub outer
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

by_name_and_port() {
	local url

	for url in "nfs://localhost$EXP" "nfs://127.0.0.1:2049$EXP?mountport=$MOUNTD_PORT" \
		"nfs://127.0.0.1$EXP?nfsport=2049&version=3&soft&timeo=100" "nfs://[::1]$EXP/"; do
		[[ $url != *::1* || -e /proc/net/if_inet6 ]] || continue
		want_eq "$url" content "$(py -c "import snfs; print(snfs.NFS('$url').open('file').read(), end='')" 2>&1)"
	done
}

# refused TEXT URL: the kernel's or the module's reason is told.
refused() {
	want_like "$2" "$1" "$(py -c "import snfs; snfs.NFS('$2')" 2>&1)"
}

says_why() {
	refused 'PermissionError.*127.0.0.1:/nowhere: .*(denied|exported)' nfs://127.0.0.1/nowhere
	refused 'OSError: .*unknown option' "$URL?nonsense=1"
	refused 'OSError: .*version 3' "$URL?version=4"
	refused 'ConnectionRefusedError' "nfs://127.0.0.1:4$EXP?soft&timeo=10&retrans=0"
	refused 'OSError: .*255 bytes' "$URL/$(printf '%0255d' 0)"
}

# user_py URL...: an ordinary user writes and reads a file of each export's directory "mine". A
# line for each: the user's number as the server has it, or what went wrong.
user_py() {
	as 1000 timeout 120 env PYTHONPATH=/tmp/python /usr/bin/python3 -B - "$@" 2>&1 <<-'END'
		import sys, snfs
		def use(nfs):
		    with nfs.open("mine/file", "w") as file:
		        file.write("of a user")
		    assert nfs.open("mine/file").read() == "of a user"
		    owner = nfs.stat("mine/file")["uid"]
		    assert nfs.unlink("mine/file") == 0
		    try:
		        nfs.open("/not-mine", "w")
		    except ValueError as error:
		        assert str(error) == "open failed: Permission denied", error
		        return owner
		for url in sys.argv[1:]:
		    try:
		        print(use(snfs.NFS(url)))
		    except PermissionError as error:
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

e2e_server
export_fs main 64m || bail "no export"
# Ordinary users may not enter the directory of the tree.
cp -r "$SNFS_TREE/tools/python" /tmp/python && chmod -R a+rX /tmp/python || bail "no module"
t "first example: an export and a file in it" example example_export.py "$URL/"
t "second example: a file by its URL" example example_file.py "$URL/foo-test"
t "the whole interface, as libnfs-python has it" whole_api
t "a large file in one call" large_file
t "one mount for all objects, until the last is closed" one_mount
t "files by URL cost no mount each" calls
t "a full disk is told" full_disk
t "no way out of the export" no_way_out
t "a file system below the export" file_system_below
t "threads" threads
t "names, ports, arguments" by_name_and_port
t "why a mount fails" says_why
t "without privilege, nothing mounted" without_privilege_or_mount
t "without privilege, below a mount" below_a_mount
e2e_run
