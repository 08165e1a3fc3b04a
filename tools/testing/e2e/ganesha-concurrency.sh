#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# concurrency.sh against nfs-ganesha, without stress-ng and make.
# kernels: uml
# timeout: 150

T_ONLY=${T_ONLY:-'eight|one|O_APPEND|names|truncate|O_DIRECT|rename into|unmount|nothing behind'}
export SNFS_SERVER_MAKE=ganesha
# shellcheck source=concurrency.sh
. "${0%/*}/concurrency.sh"
