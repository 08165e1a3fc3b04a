#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# close-to-open.sh against nfs-ganesha.
# kernels: uml
# timeout: 120

export SNFS_SERVER_MAKE=ganesha
# shellcheck source=close-to-open.sh
. "${0%/*}/close-to-open.sh"
