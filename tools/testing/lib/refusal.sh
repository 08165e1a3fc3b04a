# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# refusal.sh - mounts that must fail: try one, judge its error.

# attempt FILE DIR SECONDS SOURCE [KEY[=VALUE]]...: tries a mount through
# fsmount, for at most SECONDS. FILE gets "status milliseconds", then what was
# printed: the log of the mount's context and the errno.
attempt() {
	local file=$1 dir=$2 seconds=$3 source=$4 out status start

	shift 4
	mkdir -p "$dir"
	start=$(now_ms)
	out=$(limit "$seconds" "$(helper fsmount)" "$FSTYPE" "$source" "$dir" \
		"$@" 2>&1)
	status=$?
	[[ $status -ne 0 ]] || umount "$dir"
	printf '%s %s\n%s\n' "$status" $(($(now_ms) - start)) "$out" >"$file.new"
	mv "$file.new" "$file"
}

# judge FILE SECONDS ERRNO TEXT: the attempt failed within SECONDS, with ERRNO
# (or one of A|B); an error in its log matches the regular expression TEXT.
judge() {
	local status took out

	{
		read -r status took
		out=$(cat)
	} <"$1"
	note "$took ms: ${out//$'\n'/ / }"
	want_ne "status of the mount" 0 "$status"
	want_max "milliseconds" $(($2 * 1000)) "$took"
	errno_among "$3" "$out" || fail "expected $3: $out"
	want_like "message" "(^|"$'\n'")e .*($4)" "$out"
}

errno_among() { # A|B OUTPUT
	local name

	for name in ${1//|/ }; do
		[[ $2 != *"$(errno_text "$name")"* ]] || return 0
	done
	return 1
}
