#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# permissions.sh against nfs-ganesha.
# kernels: uml
# timeout: 120

export SNFS_SERVER_MAKE=ganesha
# shellcheck source=permissions.sh
. "${0%/*}/permissions.sh"
