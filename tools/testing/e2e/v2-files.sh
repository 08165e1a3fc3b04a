#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# files.sh over NFS version 2, which only our own kernel's server has.
# kernels: uml
# timeout: 180

export SNFS_SERVER_V2=1
# shellcheck source=files.sh
. "${0%/*}/files.sh"
