#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# files.sh over UDP.
# kernels: uml
# timeout: 180

SERVER_UDP=1
CLIENT_OPTIONS=proto=udp
# shellcheck source=files.sh
. "${0%/*}/files.sh"
