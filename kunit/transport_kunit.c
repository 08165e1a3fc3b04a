// SPDX-License-Identifier: GPL-2.0
/*
 * Suite snfs_transport: time-outs and sizes, over TCP and over UDP.
 */
#include <linux/sunrpc/xprt.h>
#include "snfs_kunit.h"
#include "xdr2.h"

/* rpc_max_payload() of the transports of Linux 6.12 */
#define TCP_PAYLOAD	((1UL << 31) - 1)
#define UDP_PAYLOAD	((1UL << 16) - (176 << 3))

#define UDP	XPRT_TRANSPORT_UDP
#define TCP	XPRT_TRANSPORT_TCP

static const struct timeout_case {
	const char		*name;
	int			proto;
	unsigned int		timeo;
	int			retrans;
	struct rpc_timeout	want;
} timeout_cases[] = {
	{ "TCP", TCP, 600, 2, {
		.to_initval = 60 * HZ, .to_increment = 60 * HZ, .to_maxval = 180 * HZ,
		.to_retries = 2 } },
	{ "TCP, longest", TCP, 6000, 2, {
		.to_initval = 600 * HZ, .to_increment = 600 * HZ, .to_maxval = 600 * HZ,
		.to_retries = 2 } },
	{ "TCP, once", TCP, 50, 0, {
		.to_initval = 5 * HZ, .to_increment = 5 * HZ, .to_maxval = 5 * HZ } },
	{ "UDP", UDP, 11, 3, {
		.to_initval = 11 * HZ / 10, .to_maxval = 60 * HZ, .to_retries = 3,
		.to_exponential = 1 } },
	{ "UDP, once", UDP, 11, 0, {
		.to_initval = 11 * HZ / 10, .to_maxval = 60 * HZ, .to_exponential = 1 } },
	/* 1.1 s is doubled to more than 60 s by the sixth time; a shift by 1000 is undefined. */
	{ "UDP, very often", UDP, 11, 1000, {
		.to_initval = 11 * HZ / 10, .to_maxval = 60 * HZ, .to_retries = 6,
		.to_exponential = 1 } },
	{ "UDP, longest", UDP, 600, 3, {
		.to_initval = 60 * HZ, .to_maxval = 60 * HZ, .to_exponential = 1 } },
};

static void timeout_case_name(const struct timeout_case *c, char *name)
{
	snprintf(name, KUNIT_PARAM_DESC_SIZE, "%s", c->name);
}

KUNIT_ARRAY_PARAM(timeout, timeout_cases, timeout_case_name);

static void timeouts(struct kunit *test)
{
	const struct timeout_case *c = test->param_value;
	const struct snfs_options opt = {
		.proto = c->proto, .timeo = c->timeo, .retrans = c->retrans,
	};
	/* All fields are set, whatever was there. */
	struct rpc_timeout got = {
		.to_initval = 1, .to_maxval = 2, .to_increment = 3, .to_retries = 4,
		.to_exponential = !c->want.to_exponential,
	};

	snfs_timeout_set(&got, &opt);
	KUNIT_EXPECT_EQ(test, got.to_initval, c->want.to_initval);
	KUNIT_EXPECT_EQ(test, got.to_maxval, c->want.to_maxval);
	KUNIT_EXPECT_EQ(test, got.to_increment, c->want.to_increment);
	KUNIT_EXPECT_EQ(test, got.to_retries, c->want.to_retries);
	KUNIT_EXPECT_EQ(test, (int)got.to_exponential, (int)c->want.to_exponential);
}

static void fill(struct kunit *test, int proto, unsigned int timeo, int retrans)
{
	struct snfs_options opt = { .proto = proto, .timeo = SNFS_TIMEO_UNSET, .retrans = -1 };

	snfs_timeo_fill(&opt);
	KUNIT_EXPECT_EQ(test, opt.timeo, timeo);
	KUNIT_EXPECT_EQ(test, opt.retrans, retrans);
	/* What is given stays, as at a remount. */
	opt.timeo = 70;
	opt.timeo_filled = false;
	opt.retrans = 0;
	opt.retrans_filled = false;
	snfs_timeo_fill(&opt);
	KUNIT_EXPECT_EQ(test, opt.timeo, 70U);
	KUNIT_EXPECT_EQ(test, opt.retrans, 0);
}

static void defaults(struct kunit *test)
{
	fill(test, TCP, 600, 2);
	fill(test, UDP, 11, 3);
}

static struct snfs_options *options(struct kunit *test, int proto)
{
	struct snfs_options *opt = kunit_kzalloc(test, sizeof(*opt), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, opt);
	opt->proto = proto;
	opt->timeo = SNFS_TIMEO_UNSET;
	opt->retrans = 5;
	opt->nconnect = 4;
	return opt;
}

static void udp_unless_ruled_out(struct kunit *test)
{
	struct snfs_options *opt = options(test, TCP);

	opt->proto_given = true;
	KUNIT_EXPECT_FALSE(test, snfs_udp_instead(opt));
	KUNIT_EXPECT_EQ(test, opt->proto, TCP);
	opt->proto_given = false;
	opt->tls = SNFS_TLS_SERVER;
	KUNIT_EXPECT_FALSE(test, snfs_udp_instead(opt));
	KUNIT_EXPECT_EQ(test, opt->proto, TCP);
	KUNIT_EXPECT_FALSE(test, snfs_udp_instead(options(test, UDP)));
}

/* What was not given is another then; what was given stays. */
static void udp_instead(struct kunit *test)
{
	struct snfs_options *opt = options(test, TCP);

	snfs_timeo_fill(opt);
	KUNIT_EXPECT_EQ(test, opt->timeo, 600U);
	KUNIT_EXPECT_TRUE(test, snfs_udp_instead(opt));
	KUNIT_EXPECT_EQ(test, opt->proto, UDP);
	KUNIT_EXPECT_EQ(test, opt->timeo, 11U);
	KUNIT_EXPECT_EQ(test, opt->retrans, 5);
	KUNIT_EXPECT_EQ(test, opt->nconnect, 1U);
}

/* What is sent again as soon as measured round trips suggest: nothing that does harm twice */
static bool is_estimated(const char *name)
{
	static const char * const names[] = {
		"GETATTR", "LOOKUP", "ACCESS", "READLINK", "READ", "WRITE", "READDIR",
		"READDIRPLUS", "COMMIT", "GETACL",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(names[i], name))
			return true;
	}
	return false;
}

static void check_timers(struct kunit *test, const struct rpc_procinfo *procs, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (!procs[i].p_name)
			continue;
		KUNIT_EXPECT_EQ_MSG(test, !!procs[i].p_timer, is_estimated(procs[i].p_name), "%s",
				    procs[i].p_name);
		/* struct rpc_rtt has room for five. */
		KUNIT_EXPECT_LE_MSG(test, procs[i].p_timer, 5U, "%s", procs[i].p_name);
	}
}

static void timers(struct kunit *test)
{
	check_timers(test, snfs3_procedures, SNFS3_ROWS);
	check_timers(test, snfs2_procedures, SNFS2_ROWS);
}

static void transfer_sizes(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, snfs_transfer_size(0, 1048576, TCP_PAYLOAD), 1048576U);
	KUNIT_EXPECT_EQ(test, snfs_transfer_size(0, 1U << 30, TCP_PAYLOAD), SNFS_IOSIZE_MAX);
	KUNIT_EXPECT_EQ(test, snfs_transfer_size(65536, 1048576, TCP_PAYLOAD), 65536U);
	KUNIT_EXPECT_EQ(test, snfs_transfer_size(65536, 8192, TCP_PAYLOAD), 8192U);
	KUNIT_EXPECT_EQ(test, snfs_transfer_size(0, 0, TCP_PAYLOAD), 4096U);
	KUNIT_EXPECT_EQ(test, snfs_transfer_size(0, 1048576, UDP_PAYLOAD), 32768U);
	KUNIT_EXPECT_EQ(test, snfs_transfer_size(1048576, 1048576, UDP_PAYLOAD), 32768U);
	KUNIT_EXPECT_EQ(test, snfs_transfer_size(8192, 1048576, UDP_PAYLOAD), 8192U);
	/* What NFS version 2 has */
	KUNIT_EXPECT_EQ(test, snfs_transfer_size(0, 8192, UDP_PAYLOAD), 8192U);
	KUNIT_EXPECT_EQ(test, snfs_transfer_size(0, 0, UDP_PAYLOAD), 4096U);
}

static void listing_sizes(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, snfs_listing_size(4096, 1048576, TCP_PAYLOAD), SNFS_DTSIZE_MAX);
	KUNIT_EXPECT_EQ(test, snfs_listing_size(9000, 512, TCP_PAYLOAD), 8192U);
	KUNIT_EXPECT_EQ(test, snfs_listing_size(512, 512, TCP_PAYLOAD), 4096U);
	KUNIT_EXPECT_EQ(test, snfs_listing_size(4096, 32768, UDP_PAYLOAD), 32768U);
	KUNIT_EXPECT_EQ(test, snfs_listing_size(1048576, 8192, UDP_PAYLOAD), 32768U);
	KUNIT_EXPECT_EQ(test, snfs_listing_size(512, 8192, UDP_PAYLOAD), 8192U);
}

static struct kunit_case transport_cases[] = {
	KUNIT_CASE_PARAM(timeouts, timeout_gen_params),
	KUNIT_CASE(defaults),
	KUNIT_CASE(udp_unless_ruled_out),
	KUNIT_CASE(udp_instead),
	KUNIT_CASE(timers),
	KUNIT_CASE(transfer_sizes),
	KUNIT_CASE(listing_sizes),
	{}
};

static struct kunit_suite transport_suite = {
	.name		= "snfs_transport",
	.test_cases	= transport_cases,
};

kunit_test_suite(transport_suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Tests of snfs: time-outs and sizes of the transports");
