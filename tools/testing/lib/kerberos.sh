# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# kerberos.sh - a realm inside the guest: a KDC, rpc.svcgssd for the server,
# rpc.gssd for the client. Everything is made anew in /tmp/krb5.

KRB=/tmp/krb5
REALM=SNFS.TEST
KRB_HOST=snfs-guest.snfs.test
GSSD_PIPES=/run/rpc_pipefs

# add_user NAME UID: a user of the guest and of the realm; the password is the name.
add_user() {
	echo "$1:x:$2:$2::/tmp:/bin/sh" >>/etc/passwd
	echo "$1:x:$2:" >>/etc/group
	echo "addprinc -pw $1 $1" >>$KRB/users
}

krb_config() {
	mkdir -p $KRB
	echo "127.0.0.1 $KRB_HOST snfs-guest localhost" >/etc/hosts
	cat >$KRB/krb5.conf <<-END
		[libdefaults]
			default_realm = $REALM
			dns_lookup_kdc = false
			dns_lookup_realm = false
			dns_canonicalize_hostname = false
			rdns = false
			default_ccache_name = FILE:/tmp/krb5cc_%{uid}
		[realms]
			$REALM = {
				kdc = 127.0.0.1
				database_name = $KRB/principal
				key_stash_file = $KRB/stash
				acl_file = $KRB/acl
				max_life = 1d
			}
		[domain_realm]
			.snfs.test = $REALM
	END
	# The machine's principal is root: the server must not squash it.
	cat >/etc/idmapd.conf <<-END
		[General]
		Domain = snfs.test
		Local-Realms = $REALM
		[Translation]
		Method = nsswitch
		GSS-Methods = static,nsswitch
		[Static]
		nfs/$KRB_HOST@$REALM = root
	END
	export KRB5_CONFIG=$KRB/krb5.conf KRB5_KDC_PROFILE=$KRB/krb5.conf
	export KRB5_KTNAME=FILE:$KRB/keytab
}

# kdc_start: the realm, its users, and the keytab that client and server share.
kdc_start() {
	kdb5_util create -s -r $REALM -P master >/dev/null || return 1
	{
		cat $KRB/users
		echo "addprinc -randkey nfs/$KRB_HOST"
		echo "ktadd -k $KRB/keytab nfs/$KRB_HOST"
	} | kadmin.local >/dev/null || return 1
	[[ -s $KRB/keytab ]] && krb5kdc && wait_until 60 get_ticket 0 -k "nfs/$KRB_HOST"
}

# get_ticket UID KINIT-ARGS...: into a cache that only this test looks at.
get_ticket() {
	as "$1" kinit -c "FILE:$KRB/try.$1" "${@:2}"
}

# login NAME UID [KINIT-ARGS...]: NAME gets a ticket where rpc.gssd finds it.
login() {
	echo "$1" | as "$2" kinit "${@:3}" "$1" >/dev/null
}

gss_modules() {
	modprobe auth_rpcgss 2>/dev/null
	modprobe rpcsec_gss_krb5 2>/dev/null
	[[ -e /proc/net/rpc/auth.rpcsec.init/channel ]]
}

svcgssd_start() {
	rpc.svcgssd -n
}

# gssd_start [KEYTAB]: another one than the machine's, none even.
gssd_start() {
	mkdir -p $GSSD_PIPES
	mountpoint -q $GSSD_PIPES || mount -t rpc_pipefs rpc_pipefs $GSSD_PIPES || return 1
	rpc.gssd -p $GSSD_PIPES -k "${1:-$KRB/keytab}" && wait_until 60 gssd_listens
}

gssd_listens() {
	pidof rpc.gssd >/dev/null &&
		ls -l "/proc/$(pidof rpc.gssd)/fd" | grep -q clntXX/gssd
}

gssd_stop() {
	kill_daemon rpc.gssd
	rm -f /tmp/krb5ccmachine_*
}

# kerberos_start: after server_start and add_user.
kerberos_start() {
	gss_modules && kdc_start && svcgssd_start && gssd_start
}
