#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Random operations on one file for an hour, or SOAK_SECONDS, each time others.
# kernels: uml 6.12

export FSX_SECONDS=${SOAK_SECONDS:-3600} FSX_SEED=${FSX_SEED:-$RANDOM$RANDOM}

echo "# the first seed is $FSX_SEED"
exec "${0%/*}/../e2e/fsx.sh"
