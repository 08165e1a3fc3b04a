#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# All of basic.sh with a server of another make: no optional attributes and no
# wcc_data, handles of 1 to 64 bytes, cookies over 63 bits, 4096 bytes for READ
# and WRITE and not even those taken whole.
# kernels: uml
# timeout: 120

# shellcheck source=../lib/e2e.sh
. "${0%/*}/../lib/e2e.sh"
# shellcheck source=../lib/oddproxy.sh
. "$E2E_LIB/oddproxy.sh"

e2e_server
odd_start || bail "the proxy does not start"
odd "${ODD_WORDS-noattr handles bigcookie limits short=3000}"
CLIENT_OPTIONS=$ODD_OPTIONS
# shellcheck source=basic.sh
. "${0%/*}/basic.sh"
