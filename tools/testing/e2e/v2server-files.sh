#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# files.sh over NFS version 2 from a server of our own, on kernels whose server has
# no version 2.
# kernels: 6.12
# timeout: 180

export SNFS_SERVER_MAKE=v2server
# shellcheck source=files.sh
. "${0%/*}/files.sh"
