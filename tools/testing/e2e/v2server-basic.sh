#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# basic.sh over NFS version 2 from a server of our own, on kernels whose server has
# no version 2.
# kernels: 6.1
# timeout: 180

export SNFS_SERVER_MAKE=v2server
# shellcheck source=basic.sh
. "${0%/*}/basic.sh"
