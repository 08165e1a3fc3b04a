#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# directories.sh against nfs-ganesha, without what is the client's alone.
# kernels: uml
# timeout: 240

ENTRIES=1200
T_ONLY=${T_ONLY:-'entries, none|names the|same|attributes|names are|changes|rm -r|hashed|ext4|nothing behind'}
export SNFS_SERVER_MAKE=ganesha
# shellcheck source=directories.sh
. "${0%/*}/directories.sh"
