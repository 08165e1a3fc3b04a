#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# silly.sh over NFS version 2, which only our own kernel's server has.
# kernels: uml
# timeout: 90

export SNFS_SERVER_V2=1
# shellcheck source=silly.sh
. "${0%/*}/silly.sh"
