#include "softskf.h"

#include <string.h>
#include <unistd.h>
#include <openssl/crypto.h>

/* more than any program has open at once */
#define HANDLES_MAX 256
#define INDEX_BITS 8

static struct ss_handle handles[HANDLES_MAX];

struct ss_handle *
ss_handle_new(enum ss_kind kind, const struct ss_handle *parent)
{
	struct ss_handle *h = NULL;

	for (size_t i = 0; i < HANDLES_MAX && h == NULL; i++)
		if (handles[i].kind == 0)
			h = &handles[i];
	if (h == NULL)
		return NULL;
	h->kind = kind;
	h->generation++;
	/* a number, and none that a pointer of the caller's could be */
	h->self = (HANDLE)(((uintptr_t)h->generation << INDEX_BITS) | (uintptr_t)(h - handles));
	h->parent = parent != NULL ? parent->self : NULL;
	h->lock_fd = -1;
	return h;
}

struct ss_handle *
ss_handle_find(HANDLE handle, int kinds)
{
	const int any = SS_DEV | SS_APP | SS_CON;
	struct ss_handle *h = &handles[(uintptr_t)handle % HANDLES_MAX];

	if (handle == NULL || h->self != handle || ((int)h->kind & kinds) == 0)
		return NULL;
	if (h->kind != SS_DEV && ss_handle_find(h->parent, any) == NULL)
		return NULL;
	return h;
}

void
ss_handle_close(struct ss_handle *h)
{
	const uint32_t generation = h->generation;

	EVP_CIPHER_CTX_free(h->cipher);
	EVP_MD_CTX_free(h->digest);
	if (h->lock_fd >= 0)
		close(h->lock_fd);
	OPENSSL_cleanse(h, sizeof *h);
	h->generation = generation;
}
