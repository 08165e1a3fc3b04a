# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2154 # check.sh sets logs, results
# Sourced by check.sh: what is checked in guests.

# Two tracks share the machine, so a script gets twice the time it asks for.
TIME_SCALE=${TIME_SCALE:-2}

# header SCRIPT KEY: the rest of its line "# KEY: ...".
header() {
	sed -n "1,15s/^# $2: *//p" "$1"
}

# scripts KERNEL: the end-to-end scripts to run there.
scripts() {
	local script kernels

	for script in "$SNFS_TESTING"/e2e/*.sh; do
		[ -e "$script" ] || continue
		wanted "e2e/$(basename "$script" .sh)" || continue
		kernels=$(header "$script" kernels)
		case " ${kernels:-uml 6.1 6.12} " in
		*" $1 "*) echo "$script" ;;
		esac
	done
}

limit_of() {
	local limit

	limit=$(header "$1" timeout)
	echo $((${limit:-240} * TIME_SCALE))
}

# The modules, and what the scripts use, for one kernel: the same for all guests,
# whatever is edited meanwhile. False if there are none. Both tracks may want it at once.
prepare() {
	export SNFS_KO=$logs/modules-$1/snfs.ko SNFS_KUNIT_DIR=$logs/modules-$1/kunit
	with_lock "prepare-$1" prepare_kernel "$1"
}

prepare_kernel() {
	local log=$logs/prepare-$1.log

	[ ! -e "$SNFS_KO" ] || return 0
	{
		"$SNFS_TESTING/kernels.sh" fetch "$1" &&
			"$SNFS_TESTING/build.sh" -c "${SNFS_KO%/*}" "$1" &&
			with_lock helpers make -C "$SNFS_TESTING/e2e/helpers" &&
			"$SNFS_TESTING/tlshd.sh"
	} >"$log" 2>&1 && return
	tail -n 40 "$log" | sed 's/^/# /'
	result "not ok" "$1" "build: module for the guest (log: $log)"
	return 1
}

# kunit_choice: the part of suite names to run, empty for all; false for none.
kunit_choice() {
	local file

	wanted kunit && return
	for file in "$SNFS_TREE"/kunit/*_kunit.c; do
		wanted "kunit/snfs_$(basename "$file" .c)" && echo "$TEST" && return
	done
	return 1
}

kunit_tests() {
	local out=$logs/uml-kunit only

	only=$(kunit_choice) || return 0
	prepare uml || return
	mkdir -p "$out"
	"$SNFS_TESTING/run.sh" -t 600 -e KUNIT_ONLY="$only" -o "$out" uml "$SNFS_TESTING/guest/kunit" 2>"$out/log" |
		tee "$out/stream" | "$SNFS_TESTING/report.py" uml kunit "$out" "$results"
	case ${PIPESTATUS[0]} in
	0) ;;
	*)
		sed 's/^/# /' "$out/log"
		result "not ok" uml "kunit/guest: status ${PIPESTATUS[0]}, or a complaint in the kernel log"
		;;
	esac
}

# run_batch KERNEL DIR SCRIPT...: one guest; DIR/done names those that had their turn.
run_batch() {
	local kernel=$1 out=$2 script total=180 specs=()

	shift 2
	mkdir -p "$out"
	for script; do
		specs+=("$(limit_of "$script"):$script")
		total=$((total + $(limit_of "$script") + 60))
	done
	"$SNFS_TESTING/run.sh" -t "$total" -o "$out" "$kernel" "$SNFS_TESTING/guest/batch" "${specs[@]}" 2>"$out/log" |
		"$SNFS_TESTING/report.py" "$kernel" e2e "$out" "$results"
	case ${PIPESTATUS[0]} in
	0) return 0 ;;
	esac
	sed 's/^/# /' "$out/log"
	return 1
}

# emulator_slipped DIR: the guest ended for QEMU's sake. A kernel patches a jump by
# way of a breakpoint, and QEMU, which translates code for each CPU, may run that
# breakpoint when it is long gone: "Oops: int3" where the code has no int3 (0xcc).
emulator_slipped() {
	grep -q 'int3: 0000 \[#' "$1/console" &&
		! grep -q 'Code: .* cc <' "$1/console"
}

# take_back KERNEL DIR: as if the script that was the last to run had not.
take_back() {
	local name

	name=$(tail -n 1 "$2/done")
	echo "# $1 e2e/$name: QEMU ran stale code; what the script said does not count"
	sed -i "\\,^[a-z ]* $1 e2e/$name: ,d" "$results"
	sed -i '$d' "$2/done"
}

# in_guests KERNEL DIR SCRIPT...: one after the other in one guest, DIR-1; another takes the
# rest when that was spoilt.
in_guests() {
	local kernel=$1 dir=$2 all boot=0 slips=0 out

	shift 2
	all=("$@")
	while [ ${#all[@]} -gt 0 ]; do
		boot=$((boot + 1))
		out=$dir-$boot
		if ! run_batch "$kernel" "$out" "${all[@]}"; then
			if [ $slips -lt 3 ] && [ -s "$out/done" ] && emulator_slipped "$out"; then
				slips=$((slips + 1))
				take_back "$kernel" "$out"
			else
				guest_failed "$kernel" "$out" "${all[0]}"
			fi
		fi
		all=("${all[@]:$(wc -l <"$out/done")}")
	done
}

# A guest for every few scripts in UML: a boot and the search for leaks cost as much as a
# script, and two tracks share the work, in the order in which they come to it.
uml_e2e() {
	local dir few=5

	while [ $# -gt 0 ]; do
		dir=$logs/uml-e2e-$(basename "$1" .sh)
		! mkdir "$dir.begun" 2>/dev/null || in_guests uml "$dir" "${@:1:few}"
		shift $(($# < few ? $# : few))
	done
}

e2e_tests() {
	local kernel=$1 all=()

	mapfile -t all < <(scripts "$kernel")
	[ ${#all[@]} -gt 0 ] || return 0
	prepare "$kernel" || return
	if [ "$kernel" = uml ]; then
		uml_e2e "${all[@]}"
	else
		in_guests "$kernel" "$logs/$kernel-e2e" "${all[@]}"
	fi
}

# guest_failed KERNEL DIR FIRST: the scripts' results are told already; what the
# guest as a whole did wrong is not. Makes sure that DIR/done is not empty.
guest_failed() {
	local name

	touch "$2/done"
	if [ ! -s "$2/done" ]; then
		name=$(basename "$3" .sh)
		result "not ok" "$1" "e2e/$name: no guest to run in"
		echo "$name" >"$2/done"
		return
	fi
	name=$(tail -n 1 "$2/done")
	grep -q "^not ok $1 e2e/$name: the guest died" "$results" ||
		result "not ok" "$1" "e2e/$name: the guest ended badly"
}

# Failed scripts that may be tried again: few, and none whose guest or kernel was
# in trouble. A line "KERNEL NAME" each.
retriable() {
	local failed=$logs/failed-scripts

	sed -n 's,^not ok \([^ ]*\) e2e/\([^:]*\): .*,\1 \2,p' "$results" | sort -u >"$failed"
	[ "$(wc -l <"$failed")" -le 4 ] || return
	grep -E '^not ok .*(guest|kernel)' "$results" |
		sed -n 's,^not ok \([^ ]*\) e2e/\([^:]*\): .*,\1 \2,p' |
		sort -u | comm -23 "$failed" -
}

# second_try KERNEL DIR SCRIPT
second_try() {
	local i

	for i in 1 2 3; do
		run_batch "$@" && return
		emulator_slipped "$2" || return
		take_back "$1" "$2"
	done
	return 1
}

# A shared machine that was slow for a moment fails tests with time limits. What
# fails is run once more, alone, and must then pass whole; it is told that it took two tries.
second_tries() {
	local kernel name main=$results results

	results=$main
	retriable >"$logs/retriable"
	while read -r kernel name <&9; do
		echo "# second try: $kernel e2e/$name"
		results=$logs/again-$kernel-$name
		: >"$results"
		prepare "$kernel" || continue
		second_try "$kernel" "$results.d" "$SNFS_TESTING/e2e/$name.sh" || continue
		if grep -q '^ok ' "$results" && ! grep -q '^not ok ' "$results"; then
			sed -i "s,^not ok \($kernel e2e/$name: .*\),ok \1 (second try)," "$main"
		fi
	done 9<"$logs/retriable"
}
