# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# tls.sh - tlshd inside the guest, for the client and for knfsd, and certificates
# made anew in /tmp/tls.

TLS=/tmp/tls
TLSHD_ROOT=${SNFS_CACHE:-$HOME/.cache/snfs}/tlshd
TLSHD=

# authority NAME
authority() {
	mkdir -p $TLS
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \
		-subj "/CN=$1" -keyout "$TLS/$1.key" -out "$TLS/$1.pem" 2>/dev/null
}

# certificate NAME AUTHORITY ALTERNATIVE-NAMES
certificate() {
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$1" \
		-keyout "$TLS/$1.key" -out "$TLS/$1.csr" 2>/dev/null &&
		openssl x509 -req -in "$TLS/$1.csr" -CA "$TLS/$2.pem" -CAkey "$TLS/$2.key" \
			-CAcreateserial -days 30 -out "$TLS/$1.pem" \
			-extfile <(echo "subjectAltName=$3") 2>/dev/null
}

tlshd_section() { # NAME CERTIFICATE
	cat <<-END
		[authenticate.$1]
		x509.truststore=$TLS/ca.pem
		x509.certificate=$TLS/$2.pem
		x509.private_key=$TLS/$2.key
	END
}

# tlshd_start SERVER-CERTIFICATE CLIENT-CERTIFICATE
tlshd_start() {
	{
		tlshd_section server "$1"
		tlshd_section client "$2"
	} >$TLS/conf
	chmod 600 $TLS/*.key
	"$TLSHD_ROOT/usr/lib64/ld-linux-x86-64.so.2" \
		--library-path "$TLSHD_ROOT/usr/lib/x86_64-linux-gnu" \
		"$TLSHD_ROOT/usr/sbin/tlshd" -s -c $TLS/conf >>$TLS/log 2>&1 &
	TLSHD=$!
	wait_until 60 tlshd_listens
}

# It has joined a multicast group of generic netlink. libnl makes a socket's number of
# the process's and one of its own.
tlshd_listens() {
	awk -v pid="$TLSHD" '$2 == 16 && $3 % 4194304 == pid && $4 != "00000000" { ok = 1 }
		END { exit !ok }' /proc/net/netlink
}

tlshd_stop() {
	[[ -n $TLSHD ]] || return 0
	kill "$TLSHD"
	wait "$TLSHD" 2>/dev/null
	TLSHD=
}

# tls_counter NAME: of /proc/net/tls_stat.
tls_counter() {
	awk -v name="$1" '$1 == name { print $2 }' /proc/net/tls_stat
}

# export_needs EXPORT MODE...: of 1 (no TLS), 2 (TLS), 4 (TLS and the client's
# certificate). exportfs of Debian 12 cannot say it, so the kernel's table gets it
# directly, in the place of mountd's entry: there must be one, which a mount or the
# first call after the server's start makes.
export_needs() {
	local dir=$SRV/$1 flags=$((0x2 | 0x10 | 0x400 | 0x2000)) fsid

	shift
	fsid=$(sed -n "s,^${dir}[[:space:]].*fsid=\([0-9]*\).*,\1,p" /proc/fs/nfsd/exports)
	[[ -n $fsid ]] && echo "* $dir 2147483647 $flags 65534 65534 $fsid xprtsec $# $*" \
		>/proc/net/rpc/nfsd.export/channel
}
