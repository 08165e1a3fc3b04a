#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# locks.sh over NFSv2 and UDP: what goes over the network by another version and transport.
# kernels: uml
# timeout: 120

SNFS_SERVER_V2=1
CLIENT_OPTIONS=proto=udp
T_ONLY=${T_ONLY:-statd|rpcbind|transport|conflicts, fcntl|ranges|restart|unmounts}
# shellcheck source=locks.sh
. "${0%/*}/locks.sh"
