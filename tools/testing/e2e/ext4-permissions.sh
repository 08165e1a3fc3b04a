#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# permissions.sh with ext4 behind knfsd instead of tmpfs.
# kernels: uml
# timeout: 120

export SNFS_SERVER_FS=ext4
# shellcheck source=permissions.sh
. "${0%/*}/permissions.sh"
