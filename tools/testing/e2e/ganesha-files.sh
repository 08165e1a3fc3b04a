#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# files.sh against nfs-ganesha.
# kernels: uml
# timeout: 180

export SNFS_SERVER_MAKE=ganesha
# shellcheck source=files.sh
. "${0%/*}/files.sh"
