#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# integrity.sh against nfs-ganesha.
# kernels: uml
# timeout: 300

SIZE=1m
export SNFS_SERVER_MAKE=ganesha
# shellcheck source=integrity.sh
. "${0%/*}/integrity.sh"
