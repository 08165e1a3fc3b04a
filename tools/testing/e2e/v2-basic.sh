#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# basic.sh over NFS version 2, which only our own kernel's server has.
# kernels: uml
# timeout: 120

export SNFS_SERVER_V2=1
# shellcheck source=basic.sh
. "${0%/*}/basic.sh"
