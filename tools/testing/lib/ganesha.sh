# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# ganesha.sh - nfs-ganesha in the place of mountd and knfsd: what server.sh has,
# for scripts that run with SNFS_SERVER_MAKE=ganesha.

GANESHA=/run/ganesha
GANESHA_LOG=$GANESHA/log

server_start() {
	ip link set lo up
	hostname snfs-guest
	mkdir -p "$SRV" $GANESHA/exports /run/rpcbind /run/sendsigs.omit.d /var/lib/nfs/ganesha
	rm -f $GANESHA/exports/*
	rpcbind_start && nfsd_start
}

server_stop() {
	nfsd_stop
	rpcbind_stop
}

# 4.3 says that it has NFSACL, but takes no client's SETACL, nfs.ko's neither: "Bad
# xdr_free for NFSACL_SETACL" in its log.
CLIENT_OPTIONS=${CLIENT_OPTIONS:-noacl}

# What it exports is in files of its own, one each. Attributes are not cached
# there, as tests change files behind its back. NLM is off: it and the client's
# lockd would be one service of one rpcbind. DBUS is missing here, and missed by
# nobody.
ganesha_config() {
	cat <<-END
		NFS_CORE_PARAM {
			Protocols = 3;
			Enable_NLM = false;
			Enable_RQUOTA = false;
			MNT_Port = $MOUNTD_PORT;
		}
		EXPORT_DEFAULTS { Attr_Expiration_Time = 0; }
		MDCACHE { Dir_Chunk = 0; }
	END
	cat $GANESHA/exports/* 2>/dev/null
}

nfsd_start() {
	ganesha_config >$GANESHA/conf
	ganesha.nfsd -f $GANESHA/conf -L $GANESHA_LOG -N NIV_WARN -p $GANESHA/pid || return 1
	wait_until 20 rpcinfo -T tcp 127.0.0.1 100003 3 && wait_until 20 rpcinfo -T tcp 127.0.0.1 100005 3
}

nfsd_stop() {
	kill_daemon ganesha.nfsd
}

# ganesha_has NAME OPTIONS: true if NAME is among them.
ganesha_has() {
	[[ ,$2, == *,$1,* ]]
}

# ganesha_value NAME OPTIONS DEFAULT
ganesha_value() {
	case ,$2, in
	*,"$1"=*) echo ",$2," | sed "s/.*,$1=\([^,]*\),.*/\1/" ;;
	*) echo "$3" ;;
	esac
}

ganesha_squash() {
	if ganesha_has all_squash "$1"; then
		echo all_squash
	elif ganesha_has root_squash "$1"; then
		echo root_squash
	else
		echo no_root_squash
	fi
}

# server_export DIR [OPTIONS]: the options that exports(5) and it share.
server_export() {
	local dir=$1 options=${2:-rw,async,no_root_squash} access=RW

	SERVER_FSID=$((SERVER_FSID + 1))
	! ganesha_has ro "$options" || access=RO
	cat >"$GANESHA/exports/$SERVER_FSID" <<-END
		EXPORT {
			Export_Id = $SERVER_FSID;
			Path = $dir;
			Pseudo = $dir;
			Access_Type = $access;
			Squash = $(ganesha_squash "$options");
			Anonymous_Uid = $(ganesha_value anonuid "$options" 65534);
			Anonymous_Gid = $(ganesha_value anongid "$options" 65534);
			SecType = sys, none;
			Protocols = 3;
			FSAL { Name = VFS; }
		}
	END
	nfsd_stop
	nfsd_start
}

# server_calls [PROCEDURE]: it tells its counters over DBUS only, so these are the
# client's own, of all its mounts.
server_calls() {
	awk -v want="${1:-}" '
	/^device/ { ours = / fstype snfs / }
	ours && /^[ \t]+[A-Z]+: / {
		name = tolower($1)
		sub(":", "", name)
		if (want == "" || want == name)
			sum += $2
	}
	END { print sum + 0 }' /proc/self/mountstats
}
