#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# close-to-open.sh with ext4 behind knfsd instead of tmpfs.
# kernels: uml
# timeout: 120

export SNFS_SERVER_FS=ext4
# shellcheck source=close-to-open.sh
. "${0%/*}/close-to-open.sh"
