# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# oddproxy.sh - mounts through a proxy that makes the server look odd; the
# words it takes are listed in e2e/helpers/oddproxy.c.

ODD_PORT=3049
ODD_RULES=/tmp/odd.rules
ODD_OPTIONS=port=$ODD_PORT,mountport=$MOUNTD_PORT

# odd [WORD...]: what the proxy does from the next message on; without any
# words it passes all as it is.
odd() {
	echo "$*" >$ODD_RULES.new
	mv $ODD_RULES.new $ODD_RULES
}

odd_start() {
	odd
	"$(helper oddproxy)" $ODD_PORT 2049 $ODD_RULES &
	at_end "kill $!"
	wait_until 30 odd_listens
}

odd_listens() {
	grep -q "$(printf ':%04X .* 0A ' $ODD_PORT)" /proc/net/tcp
}
