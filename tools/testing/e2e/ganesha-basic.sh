#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# basic.sh against nfs-ganesha.
# kernels: uml
# timeout: 120

export SNFS_SERVER_MAKE=ganesha
# shellcheck source=basic.sh
. "${0%/*}/basic.sh"
