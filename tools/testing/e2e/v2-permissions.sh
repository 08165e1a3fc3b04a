#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# permissions.sh over NFS version 2, which only our own kernel's server has.
# kernels: uml
# timeout: 120

export SNFS_SERVER_V2=1
# shellcheck source=permissions.sh
. "${0%/*}/permissions.sh"
