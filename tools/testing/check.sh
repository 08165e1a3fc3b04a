#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# make check: everything that must hold, a line per test, "N passed, N failed" last.
#
#   KERNEL=6.1|6.12|7.2|uml   only what concerns that kernel
#   TEST=name                 only tests whose name is, or contains, this: build,
#                             checkpatch, kernel-doc, kunit, e2e, e2e/basic, basic
#   JOBS=1                    one thing after the other (default: two tracks)
set -u
set -o pipefail
. "$(dirname "$0")/cache.sh"
. "$(dirname "$0")/check-static.sh"
. "$(dirname "$0")/check-guests.sh"

KERNEL=${KERNEL:-}
TEST=${TEST:-}
JOBS=${JOBS:-2}

case $KERNEL in
'' | 6.1 | 6.12 | 7.2 | uml) ;;
*) die "KERNEL=$KERNEL: 6.1 6.12 7.2 uml" ;;
esac

# for_kernel NAME: this run concerns NAME.
for_kernel() {
	[ -z "$KERNEL" ] || [ "$KERNEL" = "$1" ]
}

# wanted NAME: TEST selects NAME, such as "build" or "e2e/basic".
wanted() {
	case $1 in
	*"$TEST"*) return 0 ;;
	esac
	return 1
}

# result ok|"not ok"|skip KERNEL TEXT
result() {
	echo "$1 $2 $3"
	echo "$1 $2 $3" >>"$results"
}

# Runs the command, whose output is kept and shown if it fails, as one test.
attempt() {
	local kernel=$1 name=$2 log

	shift 2
	log=$logs/$(echo "$kernel-$name" | tr -c 'a-zA-Z0-9.\n' '-').log
	if ("$@") >"$log" 2>&1; then
		result ok "$kernel" "$name"
	else
		head -n 60 "$log" | sed 's/^/# /'
		echo "# log: $log"
		result "not ok" "$kernel" "$name"
		return 1
	fi
}

stock_tests() {
	for_kernel "$1" || return 0
	wanted build && build_test "$1"
	e2e_tests "$1"
}

uml_scripts() {
	for_kernel uml && e2e_tests uml
}

# Two tracks, that share the scripts in UML. Where nothing is cached, the first begins with
# building the UML kernel.
first_track() {
	for_kernel uml && kunit_tests
	stock_tests 6.1
	uml_scripts
	static_tests
	for_kernel 7.2 && wanted build && build_test 7.2
}

second_track() {
	stock_tests 6.12
	[ "$JOBS" = 1 ] || uml_scripts
}

# What the last runs left; five are kept, and what may still be running.
new_logs() {
	local old=$SNFS_CACHE/check

	mkdir -p "$old"
	find "$old" -mindepth 1 -maxdepth 1 -type d -mmin +120 | sort | head -n -4 | xargs -r rm -rf
	logs=$old/$(date -u +%Y%m%d-%H%M%S)-$$
	mkdir -p "$logs"
	results=$logs/results
	: >"$results"
}

summary() {
	local passed failed skipped

	passed=$(grep -c '^ok ' "$results")
	failed=$(grep -c '^not ok ' "$results")
	skipped=$(grep -c '^skip ' "$results")
	if [ "$((passed + failed))" = 0 ]; then
		echo "# no test is called TEST=$TEST${KERNEL:+ on KERNEL=$KERNEL}"
		failed=1
	elif [ "$failed" != 0 ]; then
		echo "# failed:"
		grep '^not ok ' "$results" | sed 's/^/#   /'
		echo "# logs: $logs"
	fi
	[ "$skipped" = 0 ] || echo "# $skipped skipped"
	echo "# $((SECONDS / 60)) min $((SECONDS % 60)) s"
	echo "$passed passed, $failed failed"
	[ "$failed" = 0 ]
}

descendants() {
	local child

	for child in $(pgrep -P "$1"); do
		descendants "$child"
		echo "$child"
	done
}

# Ends what still runs when somebody interrupts: run.sh ends its guest then.
interrupted() {
	trap - INT TERM
	# shellcheck disable=SC2046 # a list
	kill $(descendants $$) 2>/dev/null
	wait
	exit 130
}

"$SNFS_TESTING/deps.sh" || exit 1
new_logs
trap interrupted INT TERM
if [ "$JOBS" -gt 1 ]; then
	first_track &
	second_track &
	wait
else
	first_track
	second_track
fi
second_tries
summary
