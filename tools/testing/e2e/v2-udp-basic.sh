#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# basic.sh over NFSv2 and UDP.
# kernels: uml
# timeout: 120

SNFS_SERVER_V2=1
CLIENT_OPTIONS=proto=udp
# shellcheck source=basic.sh
. "${0%/*}/basic.sh"
