// SPDX-License-Identifier: GPL-2.0
/*
 * What follows from the transport: time-outs, sizes, number of sockets. Pure: no network.
 *
 * Over TCP a call is sent again when the connection was lost; the time-outs only say when somebody
 * is told. Over UDP they are what repairs a loss, so they are short, double each time, and for
 * procedures that are called often (p_timer in the codecs' tables) follow the round trips measured.
 */
#include <linux/log2.h>
#include <linux/sunrpc/xprt.h>
#include <kunit/visibility.h>
#include "snfs.h"

/* timeo=: tenths of a second, by default, and at most over UDP; as nfs.ko has them */
#define SNFS_TCP_TIMEO		600U
#define SNFS_UDP_TIMEO		11U
#define SNFS_UDP_TIMEO_MAX	600U

/* retrans=, by default */
#define SNFS_TCP_RETRANS	2
#define SNFS_UDP_RETRANS	3

/* What to use of a server that offers nothing usable: bytes */
#define SNFS_IOSIZE_FALLBACK	4096

/*
 * sunrpc opens a UDP socket with one call at a time, and allows another when a window full of calls
 * was answered: with two sockets, the root's three questions go at once after a NULL call on each.
 * Each has sunrpc.udp_slot_table_entries slots at most (16).
 */
#define SNFS_UDP_SOCKETS	2

/**
 * snfs_timeo_fill - what was not given of timeo= and retrans=, and limits
 * @opt: the options, proto known; timeo SNFS_TIMEO_UNSET and retrans -1: not given
 */
void snfs_timeo_fill(struct snfs_options *opt)
{
	bool udp = opt->proto == XPRT_TRANSPORT_UDP;

	if (opt->timeo == SNFS_TIMEO_UNSET || opt->timeo_filled) {
		opt->timeo = udp ? SNFS_UDP_TIMEO : SNFS_TCP_TIMEO;
		opt->timeo_filled = true;
	}
	if (opt->retrans < 0 || opt->retrans_filled) {
		opt->retrans = udp ? SNFS_UDP_RETRANS : SNFS_TCP_RETRANS;
		opt->retrans_filled = true;
	}
	opt->timeo = min(opt->timeo, udp ? SNFS_UDP_TIMEO_MAX : SNFS_TIMEO_MAX);
}
EXPORT_SYMBOL_IF_KUNIT(snfs_timeo_fill);

/**
 * snfs_udp_instead - the server has NFS over UDP only: use that, unless it was ruled out
 * @opt: the options of a mount that is being made
 *
 * Return: whether UDP is used from now on, and was not before.
 */
bool snfs_udp_instead(struct snfs_options *opt)
{
	if (opt->proto_given || opt->proto == XPRT_TRANSPORT_UDP || opt->tls != SNFS_TLS_NONE)
		return false;
	opt->proto = XPRT_TRANSPORT_UDP;
	opt->nconnect = 1;
	snfs_timeo_fill(opt);
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_udp_instead);

/* sunrpc shifts by the number of retries: more than lead to the longest time mean nothing. */
static unsigned int doublings(unsigned long from, unsigned long to)
{
	return from < to ? ilog2(to / from) + 1 : 0;
}

/**
 * snfs_timeout_set - the time-outs of calls
 * @timeout: OUT: for sunrpc
 * @opt: the options in force
 */
void snfs_timeout_set(struct rpc_timeout *timeout, const struct snfs_options *opt)
{
	unsigned int retrans = opt->retrans;

	timeout->to_initval = opt->timeo * HZ / 10;
	if (opt->proto == XPRT_TRANSPORT_UDP) {
		timeout->to_maxval = SNFS_UDP_TIMEO_MAX / 10 * HZ;
		timeout->to_increment = 0;
		timeout->to_retries = min(retrans, doublings(timeout->to_initval,
							     timeout->to_maxval));
		timeout->to_exponential = 1;
		return;
	}
	timeout->to_increment = timeout->to_initval;
	timeout->to_retries = retrans;
	timeout->to_maxval = min(timeout->to_initval * (1UL + retrans),
				 SNFS_TIMEO_MAX / 10UL * HZ);
	timeout->to_exponential = 0;
}
EXPORT_SYMBOL_IF_KUNIT(snfs_timeout_set);

/**
 * snfs_transfer_size - bytes of one READ or WRITE
 * @asked: by the user, 0: nothing
 * @most: that the server takes, 0: it does not tell
 * @payload: bytes that the transport carries in one call (rpc_max_payload())
 *
 * The power of two below what a datagram carries leaves room for the rest of the call: 32 KiB.
 *
 * Return: a size for snfs_server.rsize or wsize.
 */
u32 snfs_transfer_size(u32 asked, u32 most, size_t payload)
{
	if (!most)
		most = SNFS_IOSIZE_FALLBACK;
	most = min_t(size_t, most, rounddown_pow_of_two(payload));
	return snfs_io_size(asked ? min(asked, most) : most);
}
EXPORT_SYMBOL_IF_KUNIT(snfs_transfer_size);

/**
 * snfs_listing_size - bytes of one READDIR or READDIRPLUS
 * @preferred: by the server
 * @rsize: of a READ
 * @payload: as for snfs_transfer_size()
 *
 * Return: a multiple of SNFS_DTSIZE_MIN, from there to SNFS_DTSIZE_MAX.
 */
u32 snfs_listing_size(u32 preferred, u32 rsize, size_t payload)
{
	u32 most = min_t(size_t, SNFS_DTSIZE_MAX, rounddown_pow_of_two(payload));

	return round_down(clamp(max(preferred, rsize), SNFS_DTSIZE_MIN, most), SNFS_DTSIZE_MIN);
}
EXPORT_SYMBOL_IF_KUNIT(snfs_listing_size);

/**
 * snfs_nr_transports - sockets of a mount
 * @opt: the options in force
 *
 * Return: the number that rpc_create() calls nconnect.
 */
unsigned int snfs_nr_transports(const struct snfs_options *opt)
{
	return opt->proto == XPRT_TRANSPORT_UDP ? SNFS_UDP_SOCKETS : opt->nconnect;
}

/**
 * snfs_proto_name - a transport in messages
 * @proto: XPRT_TRANSPORT_*
 *
 * Return: "UDP" or "TCP".
 */
const char *snfs_proto_name(int proto)
{
	return proto == XPRT_TRANSPORT_UDP ? "UDP" : "TCP";
}

/**
 * snfs_proto_option - a transport as proto= and mountproto= say it
 * @proto: XPRT_TRANSPORT_*
 * @ipv6: the server has an IPv6 address
 *
 * Return: "udp", "udp6", "tcp" or "tcp6".
 */
const char *snfs_proto_option(int proto, bool ipv6)
{
	if (proto == XPRT_TRANSPORT_UDP)
		return ipv6 ? "udp6" : "udp";
	return ipv6 ? "tcp6" : "tcp";
}
