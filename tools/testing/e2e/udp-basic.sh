#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# basic.sh over UDP.
# kernels: uml
# timeout: 120

SERVER_UDP=1
CLIENT_OPTIONS=proto=udp
# shellcheck source=basic.sh
. "${0%/*}/basic.sh"
