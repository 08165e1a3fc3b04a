# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2154 # check.sh sets logs
# Sourced by check.sh: what is checked without running anything.

build_test() {
	"$SNFS_TESTING/kernels.sh" fetch "$1" || {
		result "not ok" "$1" "build: the kernel cannot be fetched"
		return
	}
	attempt "$1" "build: no warning with W=1 and sparse" "$SNFS_TESTING/build.sh" -s "$1"
}

# The C files of the module and its suites.
c_files() {
	(cd "$SNFS_TREE" && find fs include kunit -name '*.[ch]' | sort)
}

# Files whose number of lines says that they are two.
short_enough() {
	[ "$(wc -l <"$SNFS_TREE/$1")" -le 1000 ] || {
		echo "$1: more than 1000 lines"
		return 1
	}
}

# Types of complaints that one kind of file cannot avoid, by what it is.
checkpatch_exceptions() {
	case $1 in
	# Version tests are what the compat header is for, and trampolines its means.
	include/snfs/compat.h)
		echo LINUX_VERSION_CODE,CONSTANT_COMPARISON,NEW_TYPEDEFS
		echo MACRO_WITH_FLOW_CONTROL,MACRO_ARG_UNUSED,MACRO_ARG_REUSE
		;;
	# The layout every trace header has, which checkpatch takes for code.
	fs/trace.h) echo COMPLEX_MACRO,CAMELCASE,TRAILING_SEMICOLON,PARENTHESIS_ALIGNMENT,OPEN_ENDED_LINE ;;
	# A macro from compat.h stands for the arguments of methods that changed.
	fs/snfs.h) echo FUNCTION_ARGUMENTS ;;
	# Messages on the wire as lists of bytes, put together by macros.
	kunit/snfs_kunit.h | kunit/xdr[23]_*) echo COMPLEX_MACRO,MACRO_ARG_REUSE ;;
	*) echo NO_EXCEPTION ;;
	esac
}

# In a directory of ours, as it leaves a list of names where it runs.
checkpatch() {
	cd "$logs" || return
	"$1/scripts/checkpatch.pl" --no-tree --root="$1" --strict --terse --show-types --no-summary --quiet \
		--ignore "$(checkpatch_exceptions "$2" | paste -sd ,)" -f "$SNFS_TREE/$2"
}

# What has to hold of every shell script here. shellcheck is optional.
shell_tests() {
	local file

	command -v shellcheck >/dev/null || {
		result skip tree "shellcheck # SKIP not installed"
		return
	}
	while read -r file; do
		attempt tree "shellcheck: $file" shellcheck -S error -x -P "$SNFS_TREE/$(dirname "$file")" "$SNFS_TREE/$file"
	done < <(cd "$SNFS_TREE" && grep -rlE --include='*' '^#!/bin/(ba)?sh' tools Makefile .ci 2>/dev/null | sort)
}

# The Python module, as far as it needs no kernel of ours: its other tests are e2e/python.
python_tests() {
	cd "$SNFS_TREE/tools/python" &&
		PYTHONPYCACHEPREFIX=$logs/pycache /usr/bin/python3 -m unittest
}

static_tests() {
	local source file

	[ -z "$KERNEL" ] || return 0
	wanted python && attempt tree "python: unit tests" python_tests
	wanted checkpatch || wanted kernel-doc || wanted shellcheck || wanted length || return 0
	"$SNFS_TESTING/kernels.sh" fetch source || {
		result "not ok" tree "checkpatch: its kernel source cannot be fetched"
		return
	}
	source=$("$SNFS_TESTING/kernels.sh" path source source)
	for file in $(c_files); do
		wanted checkpatch && attempt tree "checkpatch: $file" checkpatch "$source" "$file"
		wanted kernel-doc && attempt tree "kernel-doc: $file" \
			"$source/scripts/kernel-doc" -none -Wall -Werror "$SNFS_TREE/$file"
		wanted length && attempt tree "length: $file" short_enough "$file"
	done
	wanted shellcheck && shell_tests
}
