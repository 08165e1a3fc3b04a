#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Run a script as root in a guest, and judge the guest's kernel log.
#
#   run.sh [options] KERNEL SCRIPT [args...]
#
# KERNEL is 6.1 or 6.12 (Debian's, in QEMU without hardware virtualisation, two
# CPUs) or uml (KASAN, lockdep and more, one CPU). The guest sees the machine's
# files and can change none of them. The script's output is this one's output,
# its exit status too, unless the guest died (125), the time was up (124), or the
# kernel complained (123). Options, before or after KERNEL:
#
#   -t SECONDS   time limit, boot included (default 600)
#   -e VAR=VAL   environment of the script, may be repeated
#   -m MIB       memory (default 1024)
#   -1           one CPU (QEMU)
#   -q ARGS      more arguments for QEMU, replacing its -accel default if they say -accel
#   -u ARGS      more arguments for the UML kernel, such as time-travel=inf-cpu
#   -o DIR       keep console, dmesg, output and status there (default: a temporary
#                directory, kept on failure); in the guest it is $SNFS_OUT
#   -b           use snfs.ko from SNFS_KO as it is, do not build
#
# The script finds SNFS_KERNEL, SNFS_KO, SNFS_KUNIT_DIR, SNFS_TREE, SNFS_CACHE,
# SNFS_OUT and SNFS_FSTYPE in its environment.
set -eu
set -o pipefail
. "$(dirname "$0")/cache.sh"
. "$(dirname "$0")/run-qemu.sh"
. "$(dirname "$0")/run-uml.sh"

usage() {
	sed -n '5,26s/^# \{0,1\}//p' "$0" >&2
	exit 2
}

quote() {
	printf "'%s'" "${1//\'/\'\\\'\'}"
}

limit=600 memory=1024 cpus=2 qemu_args='' uml_args='' out='' build=1 keep=0
environment=()

take_options() {
	local option

	OPTIND=1
	while getopts t:e:m:1q:u:o:b option; do
		case $option in
		t) limit=$OPTARG ;;
		e) environment+=("$OPTARG") ;;
		m) memory=$OPTARG ;;
		1) cpus=1 ;;
		q) qemu_args=$OPTARG ;;
		u) uml_args=$OPTARG ;;
		o) out=$OPTARG keep=1 ;;
		b) build=0 ;;
		*) usage ;;
		esac
	done
}

take_options "$@"
shift $((OPTIND - 1))
[ $# -gt 0 ] || usage
kernel=$1
shift
take_options "$@"
shift $((OPTIND - 1))
[ $# -gt 0 ] || usage
script=$(realpath "$1") || usage
shift
[ -f "$script" ] || die "no script $script"

case $kernel in
6.1 | 6.12) rig=qemu ;;
uml) rig=uml ;;
*) die "cannot boot $kernel: 6.1 6.12 uml" ;;
esac

# The job: what guest/stage is to do, as shell text.
write_job() {
	local variable

	echo "MODULES=$(quote "$modules")"
	echo "CHECK_LEAKS=$([ "$rig" != uml ] || echo 1)"
	printf 'KEEP=('
	for variable in "$SNFS_TREE" "$SNFS_CACHE" "$script" "$ko_dir" "${@/#*:/}"; do
		[ ! -e "$variable" ] || printf ' %s' "$(quote "$variable")"
	done
	echo ')'
	for variable in SNFS_KERNEL="$kernel" SNFS_KO="${SNFS_KO:-}" SNFS_KUNIT_DIR="${SNFS_KUNIT_DIR:-}" \
		SNFS_TREE="$SNFS_TREE" SNFS_CACHE="$SNFS_CACHE" SNFS_OUT=/.snfs/job \
		SNFS_FSTYPE="${SNFS_FSTYPE:-snfs}" "${environment[@]}"; do
		echo "export ${variable%%=*}=$(quote "${variable#*=}")"
	done
	printf 'COMMAND=('
	[ -x "$script" ] || printf 'bash '
	for variable in "$script" "$@"; do
		printf ' %s' "$(quote "$variable")"
	done
	echo ')'
}

# Ends the guest: its whole process group, which is not ours.
stop_guest() {
	kill -KILL -- "-$guest" 2>/dev/null || true
}

# Wait for the guest under the time limit, passing on what the script prints.
watch_guest() {
	local tail timer status=0

	tail -n +1 -s 0.2 -f --pid="$guest" "$out/output" 2>/dev/null | tr -d '\r' &
	tail=$!
	(
		sleep "$limit" &
		nap=$!
		trap 'kill $nap 2>/dev/null' TERM
		wait $nap && : >"$out/timeout" && stop_guest
	) &
	timer=$!
	wait "$guest" || status=$?
	kill "$timer" 2>/dev/null || true
	wait "$tail" "$timer" 2>/dev/null || true
	return "$status"
}

# The script's status, or why there is none.
verdict() {
	local status=125

	if [ -s "$out/status" ]; then
		status=$(cat "$out/status")
	elif [ -e "$out/timeout" ]; then
		say "$kernel: time limit of $limit s"
		status=124
	else
		say "$kernel: the guest ended before the script did"
	fi
	[ "$status" = 124 ] || [ "$status" = 125 ] || [ -e "$out/dmesg" ] || status=125
	if ! "$SNFS_TESTING/scan-log.py" "$kernel" "$out" >&2 && [ "$status" -lt 123 ]; then
		status=123
	fi
	[ "$status" = 0 ] || [ "$status" -lt 124 ] || tail -n 15 "$out/console" | sed 's/^/# console: /' >&2
	return "$status"
}

"$SNFS_TESTING/kernels.sh" fetch "$kernel"
modules=$("$SNFS_TESTING/kernels.sh" path "$kernel" modules)

mkdir -p "$SNFS_CACHE/run"
find "$SNFS_CACHE/run" -mindepth 1 -maxdepth 1 -mtime +2 -exec rm -rf {} +
[ -n "$out" ] || out=$(mktemp -d "$SNFS_CACHE/run/$kernel.XXXXXX")
mkdir -p "$out"
out=$(realpath "$out")

# The guest gets modules of its own: the build may go on while it runs.
if [ "$build" = 1 ] && [ -e "$SNFS_TREE/Kbuild" ] && [ -z "${SNFS_KO:-}" ]; then
	"$SNFS_TESTING/build.sh" -c "$out/modules" "$kernel" >&2
	SNFS_KO=$out/modules/snfs.ko
	SNFS_KUNIT_DIR=$out/modules/kunit
fi
ko_dir=$(dirname "${SNFS_KO:-$SNFS_CACHE/none}")

rm -f "$out"/{status,status.new,dmesg,timeout,kmemleak,console}
: >"$out/output"
cp "$SNFS_TESTING/guest/stage" "$out/stage"
write_job "$@" >"$out/job"

trap 'stop_guest; exit 130' INT TERM HUP
set -m
"start_$rig" </dev/null >"$out/console" 2>&1 &
guest=$!
set +m
watch_guest || true
status=0
verdict || status=$?
[ "$status" = 0 ] && [ "$keep" = 0 ] && rm -rf "$out"
[ "$status" = 0 ] || say "$kernel: status $status, logs in $out"
exit "$status"
