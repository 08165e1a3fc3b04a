#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# directories.sh over NFS version 2, which only our own kernel's server has.
# kernels: uml
# timeout: 240

ENTRIES=1200
export SNFS_SERVER_V2=1
# shellcheck source=directories.sh
. "${0%/*}/directories.sh"
