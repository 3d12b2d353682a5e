/*
 * A secret in flight: PIN, envelope password, one-time enrolment secret. Its bytes live in pages
 * that are locked, left out of core dumps, emptied in a forked child, and wiped when freed.
 * Nothing else may ever hold one: no struct, buffer, JSON value, argument or log line.
 */
#ifndef CK_SECRET_H
#define CK_SECRET_H

#include <stdbool.h>
#include <stddef.h>

/* a PKCS#11 token may take PINs of 255 bytes; nothing we carry is longer */
#define CK_SECRET_MAX 255

struct ck_secret;

/* An empty secret; NULL when memory cannot be locked away. free wipes and accepts NULL. */
struct ck_secret *ck_secret_new(void);
void ck_secret_free(struct ck_secret *);

/* Take a copy of n bytes; -1 when longer than CK_SECRET_MAX. The source is the caller's to wipe. */
int ck_secret_set(struct ck_secret *, const void *bytes, size_t n);
/* One more character (its bytes), one less: a secret being typed is nowhere but here. add: -1 when it
 * does not fit; chop: how many bytes went, 0 when it was empty. */
int ck_secret_add(struct ck_secret *, const void *bytes, size_t n);
size_t ck_secret_chop(struct ck_secret *);

/* NUL-terminated bytes, valid until the next set or free */
const char *ck_secret_bytes(const struct ck_secret *);
size_t ck_secret_len(const struct ck_secret *);
/* constant-time */
bool ck_secret_same(const struct ck_secret *, const struct ck_secret *);

/* A scratch page of the same kind, for buffers a secret passes through (the link). */
void *ck_locked_alloc(size_t n);
void ck_locked_free(void *, size_t n);

#endif
