#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# concurrency.sh against nfs-ganesha.
# kernels: uml
# timeout: 300

export SNFS_SERVER_MAKE=ganesha
# shellcheck source=concurrency.sh
. "${0%/*}/concurrency.sh"
