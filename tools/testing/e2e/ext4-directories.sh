#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# directories.sh with ext4 behind knfsd instead of tmpfs.
# kernels: uml
# timeout: 240

ENTRIES=1200
export SNFS_SERVER_FS=ext4
# shellcheck source=directories.sh
. "${0%/*}/directories.sh"
