#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# concurrency.sh against nfs-ganesha, what takes seconds of it.
# kernels: uml
# timeout: 300

export T_ONLY=${T_ONLY:-'eight|O_APPEND|names|winner|O_DIRECT|rename into|unmount|nothing behind'}
export SNFS_SERVER_MAKE=ganesha
exec "${0%/*}/../e2e/concurrency.sh"
