/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Debian's libfreeradius-dev lacks this file, which its autoconf.h includes: it takes names
 * back that only modules of the server have, and what includes it here is none.
 */
