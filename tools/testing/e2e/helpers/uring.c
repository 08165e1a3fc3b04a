// SPDX-License-Identifier: GPL-2.0
/*
 * Writes and reads a file through io_uring, without its library.
 *
 *   uring FILE BLOCKS
 *
 * All blocks are written in an order that is not theirs, synced, dropped from the cache, read and
 * compared. Exit status 3: no io_uring here.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ENTRIES	64
#define BLOCK	5000

static unsigned int *sq_tail, *sq_mask, *sq_array, *cq_head, *cq_tail, *cq_mask;
static struct io_uring_sqe *sqes;
static struct io_uring_cqe *cqes;
static int ring;

static int failed(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	return 1;
}

static void *ring_map(size_t len, off_t what)
{
	return mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring, what);
}

static int ring_setup(void)
{
	struct io_uring_params p = { 0 };
	char *sq, *cq;

	ring = syscall(SYS_io_uring_setup, ENTRIES, &p);
	if (ring < 0)
		return errno == ENOSYS ? 3 : failed("io_uring_setup");
	sq = ring_map(p.sq_off.array + p.sq_entries * sizeof(unsigned int), IORING_OFF_SQ_RING);
	cq = ring_map(p.cq_off.cqes + p.cq_entries * sizeof(*cqes), IORING_OFF_CQ_RING);
	sqes = ring_map(p.sq_entries * sizeof(*sqes), IORING_OFF_SQES);
	if (sq == MAP_FAILED || cq == MAP_FAILED || (void *)sqes == MAP_FAILED)
		return failed("mmap");
	sq_tail = (void *)(sq + p.sq_off.tail);
	sq_mask = (void *)(sq + p.sq_off.ring_mask);
	sq_array = (void *)(sq + p.sq_off.array);
	cq_head = (void *)(cq + p.cq_off.head);
	cq_tail = (void *)(cq + p.cq_off.tail);
	cq_mask = (void *)(cq + p.cq_off.ring_mask);
	cqes = (void *)(cq + p.cq_off.cqes);
	return 0;
}

static void queue(int op, int fd, char *at, unsigned int block)
{
	unsigned int i = *sq_tail & *sq_mask;
	struct io_uring_sqe *sqe = &sqes[i];

	memset(sqe, 0, sizeof(*sqe));
	sqe->opcode = op;
	sqe->fd = fd;
	if (op != IORING_OP_FSYNC) {
		sqe->addr = (unsigned long)at + (size_t)block * BLOCK;
		sqe->len = BLOCK;
		sqe->off = (size_t)block * BLOCK;
	}
	sqe->user_data = block;
	sq_array[i] = i;
	__atomic_store_n(sq_tail, *sq_tail + 1, __ATOMIC_RELEASE);
}

/* Submits what is queued, and waits for all of it. */
static int finish(unsigned int n, int want)
{
	unsigned int i;

	if (syscall(SYS_io_uring_enter, ring, n, n, IORING_ENTER_GETEVENTS, NULL, 0) != (long)n)
		return failed("io_uring_enter");
	for (i = 0; i < n; i++) {
		struct io_uring_cqe *cqe = &cqes[*cq_head & *cq_mask];

		while (*cq_head == __atomic_load_n(cq_tail, __ATOMIC_ACQUIRE))
			usleep(1000);
		if (cqe->res != want) {
			fprintf(stderr, "block %llu: result %d, want %d\n", cqe->user_data, cqe->res, want);
			return 1;
		}
		__atomic_store_n(cq_head, *cq_head + 1, __ATOMIC_RELEASE);
	}
	return 0;
}

/* All blocks, in an order that is not theirs. */
static int all(int op, int fd, char *at, unsigned int blocks)
{
	unsigned int i, n = 0, err = 0;

	for (i = 0; i < blocks && !err; i++) {
		queue(op, fd, at, i * 37 % blocks);
		if (++n == ENTRIES || i == blocks - 1) {
			err = finish(n, BLOCK);
			n = 0;
		}
	}
	return err;
}

static int uring(const char *path, unsigned int blocks)
{
	size_t i, len = (size_t)blocks * BLOCK;
	char *out = malloc(len), *in = calloc(1, len);
	int fd, err = ring_setup();

	if (err)
		return err;
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
	if (fd < 0)
		return failed("open");
	for (i = 0; i < len; i++)
		out[i] = random();
	if (all(IORING_OP_WRITE, fd, out, blocks))
		return 1;
	queue(IORING_OP_FSYNC, fd, NULL, 0);
	if (finish(1, 0))
		return 1;
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	if (all(IORING_OP_READ, fd, in, blocks))
		return 1;
	if (memcmp(in, out, len)) {
		fprintf(stderr, "other bytes than were written\n");
		return 1;
	}
	return close(fd) ? failed("close") : 0;
}

int main(int argc, char **argv)
{
	return argc == 3 ? uring(argv[1], atoi(argv[2])) : 2;
}
