// SPDX-License-Identifier: GPL-2.0
/*
 * The protocol version of a mount: the one that was asked for, else 3 if the server has it, else 2.
 */
#include "snfs.h"

static const struct snfs_proto_ops *proto_of(unsigned int version)
{
	return version == NFS2_VERSION ? &snfs2_proto_ops : &snfs3_proto_ops;
}

static void use(struct snfs_server *server, const struct snfs_proto_ops *proto)
{
	server->proto = proto;
	server->caps = proto->caps;
}

/**
 * snfs_version_begin - take the version to try first
 * @server: a mount that has its options and no connection
 */
void snfs_version_begin(struct snfs_server *server)
{
	use(server, proto_of(server->opt.version));
}

/**
 * snfs_version_fall - the server lacks the version that is being tried: take the next
 * @server: a mount that is being made
 *
 * Return: true if there is one, and so nothing to be told yet.
 */
bool snfs_version_fall(struct snfs_server *server)
{
	if (server->opt.version || server->proto == &snfs2_proto_ops)
		return false;
	use(server, &snfs2_proto_ops);
	return true;
}

/**
 * snfs_version_settle - the server has the version that was tried last
 * @server: a mount that is being made
 *
 * Version 2 takes large files and exact times away, so who did not ask for it is told.
 */
void snfs_version_settle(struct snfs_server *server)
{
	if (!server->opt.version && server->proto == &snfs2_proto_ops)
		snfs_warn(server, "the server has no NFS version 3: mounted with version 2");
	server->opt.version = server->proto->version;
}

/**
 * snfs_version_tried - which versions have been tried, in words
 * @server: a mount that is being made
 *
 * Return: text for a message.
 */
const char *snfs_version_tried(const struct snfs_server *server)
{
	if (server->proto != &snfs2_proto_ops)
		return "3";
	return server->opt.version ? "2" : "3 or 2";
}
