/* SPDX-License-Identifier: GPL-2.0 */
/* wire.h - messages of RPC, as oddproxy and v2server read and send them */
#ifndef WIRE_H
#define WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest that wire_take() is asked for and does not look at whether it is there */
#define WIRE_NOTHING	16384

/* Bytes with those that fill the last word of XDR */
size_t padded(size_t len);
/* @len bytes from *@in on, which is moved; zeroes, and *@bad is set, if there are not as many */
const uint8_t *wire_take(const uint8_t **in, const uint8_t *end, bool *bad, size_t len);
uint32_t wire_take32(const uint8_t **in, const uint8_t *end, bool *bad);
bool send_all(int fd, const uint8_t *p, size_t len);

#endif
