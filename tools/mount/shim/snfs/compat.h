/* SPDX-License-Identifier: GPL-2.0 */
/* Programs see no kernel's version. */
