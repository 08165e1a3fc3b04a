#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# close-to-open.sh over NFS version 2, which only our own kernel's server has.
# kernels: uml
# timeout: 120

export SNFS_SERVER_V2=1
# shellcheck source=close-to-open.sh
. "${0%/*}/close-to-open.sh"
