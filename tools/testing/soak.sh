#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# make soak: the tests that take hours, one after the other, each in a guest of its own.
#
#   KERNEL=6.12|uml     only on this kernel
#   TEST=name           only scripts whose name contains this
#   SOAK_SECONDS=N      how long a script goes on that has no end of its own (default 3600)
#
# A script in soak/ is like one in e2e/: it prints KTAP, and its head says on which kernels
# it makes sense and, if it is not SOAK_SECONDS and some more, its "# timeout:".
set -u
set -o pipefail
. "$(dirname "$0")/cache.sh"
. "$(dirname "$0")/check-guests.sh"

SOAK_SECONDS=${SOAK_SECONDS:-3600}
passed=0 failed=0

# soak KERNEL SCRIPT
soak() {
	local name limit out

	name=$(basename "$2" .sh)
	limit=$(header "$2" timeout)
	limit=${limit:-$((SOAK_SECONDS * 2 + 600))}
	out=$SNFS_CACHE/soak/$1-$name
	rm -rf "$out"
	mkdir -p "$out"
	echo "# $1 soak/$name"
	if "$SNFS_TESTING/run.sh" -t "$limit" -o "$out" -e SOAK_SECONDS="$SOAK_SECONDS" \
		-e FSX_SEED="${FSX_SEED:-}" "$1" "$2" </dev/null; then
		echo "ok $1 soak/$name"
		passed=$((passed + 1))
	else
		echo "not ok $1 soak/$name (logs: $out)"
		failed=$((failed + 1))
	fi
}

"$SNFS_TESTING/deps.sh" || exit 1
with_lock helpers make -C "$SNFS_TESTING/e2e/helpers" >/dev/null || exit 1
for script in "$SNFS_TESTING"/soak/*.sh; do
	case $(basename "$script" .sh) in
	*"${TEST:-}"*) ;;
	*) continue ;;
	esac
	kernels=$(header "$script" kernels)
	for kernel in ${kernels:-uml 6.12}; do
		[ -z "${KERNEL:-}" ] || [ "$KERNEL" = "$kernel" ] || continue
		soak "$kernel" "$script"
	done
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
