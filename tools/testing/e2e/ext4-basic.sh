#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# basic.sh with ext4 behind knfsd instead of tmpfs.
# kernels: uml
# timeout: 120

export SNFS_SERVER_FS=ext4
# shellcheck source=basic.sh
. "${0%/*}/basic.sh"
