#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# files.sh over NFS version 2 and UDP.
# kernels: uml
# timeout: 120

export SNFS_SERVER_V2=1
CLIENT_OPTIONS=proto=udp
# shellcheck source=files.sh
. "${0%/*}/files.sh"
