#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Random operations on one file, through calls, mappings and past the cache, against a model in
# memory: a minute in all, or FSX_SECONDS. What finds a difference names its seed.
# kernels: uml 6.12
# timeout: 150

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"

SECONDS_IN_ALL=${FSX_SECONDS:-60}
# One file is used for this long, then another seed makes another one.
SECONDS_A_FILE=30

# mixes SHARE MOUNT-OPTIONS IOMIX-OPTIONS...: SHARE of the time, in per cent.
mixes() {
	local left=$((SECONDS_IN_ALL * $1 / 100)) options=$2 tool now seed=${FSX_SEED:-1}

	shift 2
	tool=$(helper iomix)
	want_ok client_mount disk "$MNTS/disk" "nosharecache${options:+,$options}" || return
	while [[ $left -gt 0 ]]; do
		now=$((left < SECONDS_A_FILE ? left : SECONDS_A_FILE))
		left=$((left - now))
		want_ok limit $((now + 300)) "$tool" "$@" -S "$seed" -t "$now" \
			-s "$SRV/disk/file" "$MNTS/disk/file" || break
		rm "$MNTS/disk/file"
		seed=$((seed + 1))
	done
	client_umount "$MNTS/disk"
}

e2e_setup
export_ext4 disk 64 || bail "no ext4"
t "calls, a mapping that stays, O_DIRECT" mixes 30 "" -d -k
t "calls and mappings only" mixes 15 "" -k
t "a file of many large folios" mixes 25 "" -d -k -l 6000000
t "small transfers" mixes 15 rsize=4096,wsize=1024 -d -k
t "no attribute cache" mixes 15 noac -d -k
e2e_run
