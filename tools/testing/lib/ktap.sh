# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# ktap.sh - KTAP output and checks for bash test scripts.
#
# A script registers its tests with t() and ends with run_tests:
#
#	makes_dir() { want_ok mkdir "$MNT/d"; want_stat %F directory "$EXP/d"; }
#	t "mkdir makes a directory" makes_dir
#	run_tests
#
# A test passes when none of its want_* checks failed and its function
# returned 0. Checks write their diagnostics to a file, so that they also
# count when they run in a subshell or in a background job. T_ONLY=REGEX
# runs only the tests whose name matches.

export LC_ALL=C

T_DIR=$(mktemp -d /tmp/ktap.XXXXXX)
T_DIAG=$T_DIR/diag
T_OUT=$T_DIR/out
T_SKIP=$T_DIR/skip
T_NAMES=()
T_COMMANDS=()
T_CLEANUP=()
exec 4>&1

# fail TEXT...: one line of diagnostics; the running test is "not ok".
fail() {
	printf '%s\n' "$*" >>"$T_DIAG"
	return 1
}

# note TEXT...: a line for the log, whatever the result.
note() {
	printf '# %s\n' "$*" >&4
}

# skip REASON: the running test is skipped; write "skip ...; return".
skip() {
	printf '%s' "$*" >"$T_SKIP"
}

# bail TEXT...: nothing of what follows makes sense; ends the script.
bail() {
	printf 'Bail out! %s\n' "$*" >&4
	t_cleanup
	exit 1
}

# at_end COMMAND: run in reverse order when the script ends, even by bail.
at_end() {
	T_CLEANUP+=("$*")
}

t_cleanup() {
	local i

	for ((i = ${#T_CLEANUP[@]} - 1; i >= 0; i--)); do
		eval "${T_CLEANUP[i]}" >/dev/null 2>&1
	done
	T_CLEANUP=()
	rm -rf "$T_DIR"
}

# t NAME COMMAND ARG...: registers one test.
t() {
	local name=$1

	shift
	if [[ -n ${T_ONLY:-} && ! $name =~ $T_ONLY ]]; then
		return 0
	fi
	T_NAMES+=("$name")
	T_COMMANDS+=("$(printf '%q ' "$@")")
}

t_report() { # NUMBER NAME STATUS MS
	local name=${2//#/}

	if [[ -s $T_SKIP ]]; then
		printf 'ok %d %s # SKIP %s\n' "$1" "$name" "$(<"$T_SKIP")" >&4
		return 0
	fi
	if [[ $3 -eq 0 && ! -s $T_DIAG ]]; then
		printf 'ok %d %s\n# %d ms\n' "$1" "$name" "$4" >&4
		return 0
	fi
	[[ $3 -eq 0 ]] || echo "the test returned $3" >>"$T_DIAG"
	[[ ! -s $T_OUT ]] || { echo "output:"; tail -n 30 "$T_OUT"; } >>"$T_DIAG"
	head -c 8000 "$T_DIAG" | tr -c '[:print:]\t\n' '?' | sed 's/^/# /' >&4
	printf 'not ok %d %s\n# %d ms\n' "$1" "$name" "$4" >&4
	return 1
}

# run_tests: runs what was registered, in order; exits 0 if all passed.
run_tests() {
	# T_AT: a test may have an i of its own, and forget that it should be local.
	local T_AT status start bad=0

	printf 'KTAP version 1\n1..%d\n' "${#T_NAMES[@]}" >&4
	for ((T_AT = 0; T_AT < ${#T_NAMES[@]}; T_AT++)); do
		: >"$T_DIAG"
		: >"$T_OUT"
		: >"$T_SKIP"
		start=$(now_ms)
		klog "snfs-test: ${T_NAMES[T_AT]}"
		eval "${T_COMMANDS[T_AT]}" >"$T_OUT" 2>&1
		status=$?
		t_report $((T_AT + 1)) "${T_NAMES[T_AT]}" "$status" \
			$(($(now_ms) - start)) || bad=$((bad + 1))
	done
	printf '# %s: %d passed, %d failed\n' "${0##*/}" \
		$((${#T_NAMES[@]} - bad)) "$bad" >&4
	t_cleanup
	exit $((bad > 0))
}

# now_ms: milliseconds of the real-time clock, without a fork.
now_ms() {
	local us=${EPOCHREALTIME/./}

	echo $((us / 1000))
}

# klog TEXT...: a marker in the kernel log; also where kernel_log starts.
klog() {
	T_MARK="$* [$RANDOM$RANDOM]"
	[[ ! -w /dev/kmsg ]] || echo "$T_MARK" >/dev/kmsg
}

# kernel_log: what the kernel logged since the running test began.
kernel_log() {
	dmesg | T_MARK="$T_MARK" awk 'seen { print }
		index($0, ENVIRON["T_MARK"]) { seen = 1 }'
}

# want_eq WHAT EXPECTED ACTUAL
want_eq() {
	[[ $2 == "$3" ]] && return 0
	fail "$1: expected '$2', actual '$3'"
}

# want_ne WHAT UNWANTED ACTUAL
want_ne() {
	[[ $2 != "$3" ]] && return 0
	fail "$1: expected anything but '$2'"
}

# want_like WHAT REGEX ACTUAL
want_like() {
	[[ $3 =~ $2 ]] && return 0
	fail "$1: expected to match '$2', actual '$3'"
}

# want_unlike WHAT REGEX ACTUAL
want_unlike() {
	[[ ! $3 =~ $2 ]] && return 0
	fail "$1: expected not to match '$2', actual '$3'"
}

# want_max WHAT LIMIT ACTUAL: ACTUAL is a number not above LIMIT.
want_max() {
	[[ -n $3 && $3 -le $2 ]] && return 0
	fail "$1: expected at most $2, actual '$3'"
}

# want_min WHAT LIMIT ACTUAL: ACTUAL is a number not below LIMIT.
want_min() {
	[[ -n $3 && $3 -ge $2 ]] && return 0
	fail "$1: expected at least $2, actual '$3'"
}

# want_ok COMMAND ARG...: the command succeeds.
want_ok() {
	local out status

	out=$("$@" 2>&1)
	status=$?
	[[ $status -eq 0 ]] && return 0
	fail "'$*': expected success, status $status: $out"
}

# errno_text NAME: what strerror says for the errno NAME.
errno_text() {
	case $1 in
	EPERM) echo "Operation not permitted" ;;
	EKEYEXPIRED) echo "Key has expired" ;;
	ENOENT) echo "No such file or directory" ;;
	ESRCH) echo "No such process" ;;
	EIO) echo "Input/output error" ;;
	EACCES) echo "Permission denied" ;;
	EBUSY) echo "Device or resource busy" ;;
	EEXIST) echo "File exists" ;;
	EXDEV) echo "Invalid cross-device link" ;;
	ENODEV) echo "No such device" ;;
	ENOTDIR) echo "Not a directory" ;;
	EISDIR) echo "Is a directory" ;;
	EINVAL) echo "Invalid argument" ;;
	ETXTBSY) echo "Text file busy" ;;
	EFBIG) echo "File too large" ;;
	ENOSPC) echo "No space left on device" ;;
	EROFS) echo "Read-only file system" ;;
	EMLINK) echo "Too many links" ;;
	ENAMETOOLONG) echo "File name too long" ;;
	ENOTEMPTY) echo "Directory not empty" ;;
	ELOOP) echo "Too many levels of symbolic links" ;;
	EDQUOT) echo "Disk quota exceeded" ;;
	ESTALE) echo "Stale file handle" ;;
	EOPNOTSUPP) echo "Operation not supported" ;;
	ENXIO) echo "No such device or address" ;;
	EPIPE) echo "Broken pipe" ;;
	EPROTO) echo "Protocol error" ;;
	EDESTADDRREQ) echo "Destination address required" ;;
	EPROTONOSUPPORT) echo "Protocol not supported" ;;
	EPFNOSUPPORT) echo "Protocol family not supported" ;;
	ENETUNREACH) echo "Network is unreachable" ;;
	ECONNABORTED) echo "Software caused connection abort" ;;
	ECONNRESET) echo "Connection reset by peer" ;;
	ENOTCONN) echo "Transport endpoint is not connected" ;;
	ETIMEDOUT) echo "Connection timed out" ;;
	ECONNREFUSED) echo "Connection refused" ;;
	EHOSTUNREACH) echo "No route to host" ;;
	*) echo "unknown errno $1" ;;
	esac
}

# want_err ERRNO COMMAND ARG...: the command fails and says so.
want_err() {
	local out status text

	text=$(errno_text "$1")
	shift
	out=$("$@" 2>&1)
	status=$?
	[[ $status -ne 0 && $out == *"$text"* ]] && return 0
	fail "'$*': expected '$text', status $status: $out"
}

# want_fail COMMAND ARG...: the command fails, however.
want_fail() {
	local out

	out=$("$@" 2>&1) || return 0
	fail "'$*': expected failure, succeeded: $out"
}

# want_same FILE FILE: equal bytes.
want_same() {
	local out

	out=$(cmp -- "$1" "$2" 2>&1) && return 0
	fail "expected equal bytes: $out ($(stat -c '%n %s' -- "$1" "$2" 2>&1 |
		tr '\n' ' '))"
}

# want_stat FORMAT EXPECTED FILE...: stat -c FORMAT of every FILE.
want_stat() {
	local format=$1 expected=$2 file actual

	shift 2
	for file; do
		actual=$(stat -c "$format" -- "$file" 2>&1)
		want_eq "stat $format $file" "$expected" "$actual"
	done
}

# want_gone PATH...: no such name.
want_gone() {
	local path

	for path; do
		[[ ! -e $path && ! -L $path ]] ||
			fail "$path: expected not to exist"
	done
}

# limit SECONDS COMMAND ARG...: 124 when it does not end in time.
limit() {
	timeout -k 5 "$@"
}

# wait_until SECONDS COMMAND ARG...: polls until the command succeeds.
wait_until() {
	local end=$(($(now_ms) + $1 * 1000))

	shift
	until "$@" >/dev/null 2>&1; do
		[[ $(now_ms) -lt $end ]] || return 1
		sleep 0.1
	done
}

# as UID[:GID[:GROUP,...]] COMMAND ARG...: runs it as another user.
as() {
	local uid gid groups

	IFS=: read -r uid gid groups <<<"$1"
	gid=${gid:-$uid}
	shift
	if [[ -n $groups ]]; then
		setpriv --reuid "$uid" --regid "$gid" --groups "$groups" -- "$@"
	else
		setpriv --reuid "$uid" --regid "$gid" --clear-groups -- "$@"
	fi
}
