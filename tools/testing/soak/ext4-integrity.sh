#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# integrity.sh with ext4 behind knfsd instead of tmpfs.
# kernels: uml
# timeout: 600

export SIZE=1m
export SNFS_SERVER_FS=ext4
exec "${0%/*}/../e2e/integrity.sh"
