// SPDX-License-Identifier: GPL-2.0
/* wire.c - XDR (RFC 4506) is taken out of a message, and all of a message is sent */
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#include "wire.h"

size_t padded(size_t len)
{
	return (len + 3) & ~(size_t)3;
}

const uint8_t *wire_take(const uint8_t **in, const uint8_t *end, bool *bad, size_t len)
{
	static const uint8_t nothing[WIRE_NOTHING];
	const uint8_t *p = *in;

	if (len > (size_t)(end - p)) {
		*bad = true;
		*in = end;
		return nothing;
	}
	*in += len;
	return p;
}

uint32_t wire_take32(const uint8_t **in, const uint8_t *end, bool *bad)
{
	uint32_t v;

	memcpy(&v, wire_take(in, end, bad, 4), 4);
	return ntohl(v);
}

bool send_all(int fd, const uint8_t *p, size_t len)
{
	while (len) {
		ssize_t n = send(fd, p, len, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		p += n;
		len -= n;
	}
	return true;
}
