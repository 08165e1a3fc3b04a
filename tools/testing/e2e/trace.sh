#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Tracepoints of operations: they exist, fire in pairs, and tell the errno
# and the latency.
# kernels: uml 6.1 6.12
# timeout: 60

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"

T=/sys/kernel/tracing

# traced COMMAND ARG...: runs it with the events on; the lines in $TRACED.
traced() {
	: >$T/trace
	echo 1 >$T/events/snfs/enable
	echo 1 >$T/tracing_on
	"$@" >/dev/null 2>&1
	echo 0 >$T/events/snfs/enable
	TRACED=$(grep -v '^#' $T/trace)
}

count() { # REGEX
	grep -cE "$1" <<<"$TRACED"
}

events_exist() {
	local event

	for event in snfs_op_start snfs_op_done; do
		want_ok test -e $T/events/snfs/$event/enable
		want_like "format of $event" 'field:' \
			"$(<$T/events/snfs/$event/format)"
	done
}

no_pointers() {
	local format

	for format in $T/events/snfs/*/format; do
		want_unlike "$format" '%p[^a-zA-Z]' "$(grep '^print fmt' "$format")"
	done
}

start_and_done() {
	echo x >"$EXP/file"
	traced cat "$MNT/file"
	want_min "snfs_op_start" 1 "$(count snfs_op_start)"
	want_eq "as many done as started" "$(count snfs_op_start)" \
		"$(count snfs_op_done)"
	want_like "a read" 'READ' "$TRACED"
}

each_operation_named() {
	local verb

	traced eval 'touch $MNT/a; mkdir $MNT/d; ln -s t $MNT/l; mknod $MNT/p p
		ln $MNT/a $MNT/b; mv $MNT/b $MNT/c; rm $MNT/a $MNT/c; rmdir $MNT/d
		readlink $MNT/l; ls $MNT; stat -f $MNT; chmod 600 $MNT/l
		echo data >$MNT/w; rm $MNT/p $MNT/l'
	for verb in CREATE MKDIR SYMLINK MKNOD LINK RENAME REMOVE RMDIR READLINK \
		READDIR FSSTAT SETATTR WRITE; do
		want_like "operations" "$verb" "$TRACED"
	done
}

errno_told() {
	traced stat "$MNT/absent"
	want_like "done with ENOENT" 'snfs_op_done.*error -2' "$TRACED"
}

quiet_when_off() {
	: >$T/trace
	cat "$MNT/file" >/dev/null
	want_eq "lines" "" "$(grep snfs_ $T/trace)"
}

is_snfs || { t "tracepoints" skip "nfs.ko has others"; run_tests; }
e2e_setup
t "events exist" events_exist
t "no event prints a raw pointer" no_pointers
t "start and done in pairs" start_and_done
t "each operation by name" each_operation_named
t "done tells the error" errno_told
t "silent when off" quiet_when_off
e2e_run
