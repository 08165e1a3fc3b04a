/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SNFS_VERSION_H
#define _SNFS_VERSION_H

/* The only place where the version is written: modinfo, dkms and packages take it from here. */
#define SNFS_VERSION "0.1.0"

#endif /* _SNFS_VERSION_H */
