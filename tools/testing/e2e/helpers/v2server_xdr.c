// SPDX-License-Identifier: GPL-2.0
/* v2server: XDR (RFC 4506), read from a call and appended to its reply */
#include <arpa/inet.h>
#include <err.h>
#include <string.h>

#include "shared/wire.h"
#include "v2server.h"

_Static_assert(MAX_MESSAGE <= WIRE_NOTHING, "get_bytes() says zeroes");

const uint8_t *get_bytes(struct call *c, size_t len)
{
	return wire_take(&c->in, c->in_end, &c->bad, len);
}

uint32_t get32(struct call *c)
{
	return wire_take32(&c->in, c->in_end, &c->bad);
}

const uint8_t *get_opaque(struct call *c, size_t max, size_t *len)
{
	const uint8_t *p;

	*len = get32(c);
	if (*len > max)
		c->bad = true;
	if (c->bad)
		return NULL;
	p = get_bytes(c, padded(*len));
	return c->bad ? NULL : p;
}

void get_string(struct call *c, char *text, size_t max)
{
	size_t len;
	const uint8_t *p = get_opaque(c, max, &len);

	text[0] = 0;
	if (!p)
		return;
	if (!len || memchr(p, 0, len)) {
		c->bad = true;
		return;
	}
	memcpy(text, p, len);
	text[len] = 0;
}

static uint8_t *room(struct call *c, size_t len)
{
	uint8_t *p = c->out;

	if (len > (size_t)(c->out_end - c->out))
		errx(1, "a reply of procedure %u is too long", c->proc);
	c->out += len;
	return p;
}

void put32(struct call *c, uint32_t v)
{
	v = htonl(v);
	memcpy(room(c, 4), &v, 4);
}

void put_bytes(struct call *c, const void *p, size_t len)
{
	memcpy(room(c, len), p, len);
}

void put_opaque(struct call *c, const void *p, size_t len)
{
	uint8_t *to;

	put32(c, len);
	to = room(c, padded(len));
	memset(to, 0, padded(len));
	memcpy(to, p, len);
}
