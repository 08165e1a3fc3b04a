#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# silly.sh against nfs-ganesha.
# kernels: uml
# timeout: 90

export SNFS_SERVER_MAKE=ganesha
# shellcheck source=silly.sh
. "${0%/*}/silly.sh"
