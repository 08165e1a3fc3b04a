#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# integrity.sh against nfs-ganesha.
# kernels: uml
# timeout: 600

export SIZE=1m
export SNFS_SERVER_MAKE=ganesha
exec "${0%/*}/../e2e/integrity.sh"
