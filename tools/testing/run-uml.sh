# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2154 # run.sh sets memory, out, uml_args
# Sourced by run.sh: the User Mode Linux kernel, a process of this machine.

start_uml() {
	local image

	image=$("$SNFS_TESTING/kernels.sh" path uml image)
	# shellcheck disable=SC2086 # uml_args is a list
	exec env -i PATH="$PATH" HOME="$HOME" "$image" mem="${memory}M" \
		root=/dev/root rootfstype=hostfs rootflags=/ ro \
		init="$SNFS_TESTING/guest/uml-init" SNFS_JOB="$out" \
		con=null con0=null,fd:1 quiet panic=-1 oops=panic seccomp=auto log_buf_len=4M $uml_args
}
