/*
 * p11guard.so: what libp11 loads in place of the vendor's module. Both it and our direct calls
 * reach one instance of that module through it, and libp11 can only look and sign: it sees one
 * slot, cannot log in, out, write or finalize, and is never told that a session could not be
 * opened. The two names below are the engine's own door, looked up by name.
 */
#ifndef CK_GUARD_H
#define CK_GUARD_H

#include <stddef.h>
#include <p11-kit/pkcs11.h>

#define CK_GUARD_ENTER "ck_guard_enter"
#define CK_GUARD_SHOW "ck_guard_show"

/* Load the vendor's module and stand before it; *real is its own function list. -1: why says why.
 */
typedef int ck_guard_enter_fn(const char *module, CK_FUNCTION_LIST **real, char *why, size_t cap);
/* the only slot libp11 shall see */
typedef void ck_guard_show_fn(CK_SLOT_ID);

ck_guard_enter_fn ck_guard_enter;
ck_guard_show_fn ck_guard_show;

#endif
