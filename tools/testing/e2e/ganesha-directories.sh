#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# directories.sh against nfs-ganesha.
# kernels: uml
# timeout: 240

ENTRIES=2500
export SNFS_SERVER_MAKE=ganesha
# shellcheck source=directories.sh
. "${0%/*}/directories.sh"
