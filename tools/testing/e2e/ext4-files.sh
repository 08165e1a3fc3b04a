#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# files.sh with ext4 behind knfsd instead of tmpfs.
# kernels: uml
# timeout: 180

export SNFS_SERVER_FS=ext4
# shellcheck source=files.sh
. "${0%/*}/files.sh"
