#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# close-to-open.sh over NFS version 2 and UDP. From ext4: the knfsd of 6.12 dies of sending a hole
# of tmpfs over UDP (nfs.ko makes it do so as well).
# kernels: uml
# timeout: 120

export SNFS_SERVER_V2=1 SNFS_SERVER_FS=ext4
CLIENT_OPTIONS=proto=udp
# shellcheck source=close-to-open.sh
. "${0%/*}/close-to-open.sh"
