# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# e2e.sh - what every end-to-end test begins with:
#
#	. "${0%/*}/../lib/e2e.sh"
#	e2e_setup				server, module, one export, one mount
#	t ...
#	e2e_run					run_tests plus "leaves nothing behind"
#
# $EXP is the export as the server sees it, $MNT the first client, $MNT2 a
# second client of the same export with caches of its own (second_client).

E2E_LIB=${BASH_SOURCE[0]%/*}
# shellcheck source=ktap.sh
. "$E2E_LIB/ktap.sh"
# shellcheck source=server.sh
. "$E2E_LIB/server.sh"
# Another make of server, which replaces what of this differs.
# shellcheck source=/dev/null
[[ -z ${SNFS_SERVER_MAKE:-} ]] || . "$E2E_LIB/$SNFS_SERVER_MAKE.sh"
# shellcheck source=client.sh
. "$E2E_LIB/client.sh"

EXP=$SRV/main
MNT=$MNTS/a
MNT2=$MNTS/b
HELPERS=${SNFS_HELPERS:-${SNFS_CACHE:-$HOME/.cache/snfs}/helpers}

# e2e_server: the server and the module, no mount yet.
e2e_server() {
	umask 022
	mkdir -p "$SRV" "$MNTS"
	at_end 'umount_all; server_alive'
	server_start || bail "the server does not start"
	module_load || bail "the module does not load"
}

# e2e_setup [MOUNT-OPTIONS [SIZE [EXPORT-OPTIONS]]]
e2e_setup() {
	e2e_server
	export_fs main "${2:-256m}" "${3:-}" || bail "no export"
	client_mount main "$MNT" "${1:-}" || bail "the mount fails"
}

# second_client [OPTIONS]: another client of the same export, at $MNT2.
second_client() {
	mountpoint -q "$MNT2" && return 0
	client_mount main "$MNT2" "nosharecache${1:+,$1}" ||
		bail "the second mount fails"
}

# helper NAME: the path of a C helper, where every user may run it.
helper() {
	if [[ ! -x /tmp/helpers/$1 ]]; then
		mkdir -p /tmp/helpers
		cp "$HELPERS/$1" /tmp/helpers/ || return 1
		chmod 755 /tmp/helpers "/tmp/helpers/$1"
	fi
	echo "/tmp/helpers/$1"
}

# hold NAME [-a] FILE...: a process that has the files open (helpers/holdfile.c), as user $AS if
# that is set. ask NAME COMMAND prints its answer; tell does not wait for it; let_go ends it.
declare -A HOLD_FD=() HOLD_PID=()

hold() {
	local name=$1 tool fd

	shift
	tool=$(helper holdfile)
	rm -f "/tmp/hold.$name"
	mkfifo "/tmp/hold.$name"
	: >"/tmp/held.$name"
	# shellcheck disable=SC2086 # two words, or none
	${AS:+as $AS} "$tool" "$@" <"/tmp/hold.$name" >"/tmp/held.$name" 2>&1 &
	HOLD_PID[$name]=$!
	exec {fd}>"/tmp/hold.$name"
	HOLD_FD[$name]=$fd
	wait_until 60 holder_said "$name" 1
	want_eq "opening $*" ready "$(head -n 1 "/tmp/held.$name")"
}

holder_said() { # NAME LINES
	[[ $(wc -l <"/tmp/held.$1") -ge $2 ]]
}

tell() {
	echo "$2" >&"${HOLD_FD[$1]}"
}

ask() {
	local lines

	lines=$(wc -l <"/tmp/held.$1")
	tell "$1" "$2"
	wait_until 60 holder_said "$1" $((lines + 1)) || fail "no answer to '$2'"
	tail -n +$((lines + 1)) "/tmp/held.$1"
}

let_go() {
	local fd=${HOLD_FD[$1]}

	tell "$1" quit
	exec {fd}>&-
	wait_until 60 is_gone "${HOLD_PID[$1]}" || fail "$1 does not end"
}

is_gone() { # PID
	! kill -0 "$1" 2>/dev/null
}

# pattern SIZE [SEED]: SIZE bytes that repeat nowhere, the same each time.
pattern() {
	seq "$((${2:-1} % 89 * 100000007 + 11))" 1 99999999999 | head -c "$1"
}

leaves_nothing() {
	cd /
	umount_all
	want_eq "mounts" "" "$(awk -v t="$FSTYPE" '$3 == t' /proc/mounts)"
	module_unload
}

e2e_run() {
	t "unmount and unload leave nothing behind" leaves_nothing
	run_tests
}
