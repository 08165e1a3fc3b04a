#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# close-to-open.sh over UDP.
# kernels: uml
# timeout: 120

SERVER_UDP=1
CLIENT_OPTIONS=proto=udp
# shellcheck source=close-to-open.sh
. "${0%/*}/close-to-open.sh"
