#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <openssl/crypto.h>

#include "certkiosk/secret.h"

/* Behind the last byte of the secret everything is zero at all times: the NUL that ck_secret_bytes
 * promises, and what lets ck_secret_same look at all of both buffers whatever their lengths. */
struct ck_secret {
	size_t n;
	char bytes[CK_SECRET_MAX + 1];
};

static size_t
whole_pages(size_t n)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (n + page - 1) / page * page;
}

void *
ck_locked_alloc(size_t n)
{
	size_t len = whole_pages(n);
	void *p = NULL;
	int e = 0;

	if (len == 0 || len < n) {
		errno = EINVAL;
		return NULL;
	}
	p = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return NULL;
	/* A page that could be swapped, dumped or inherited is no place for a PIN: none at all
	 * then. */
	if (mlock(p, len) == 0 && madvise(p, len, MADV_DONTDUMP) == 0 &&
	    madvise(p, len, MADV_WIPEONFORK) == 0)
		return p;
	e = errno;
	munmap(p, len);
	errno = e;
	return NULL;
}

void
ck_locked_free(void *p, size_t n)
{
	if (p == NULL)
		return;
	OPENSSL_cleanse(p, n);
	munmap(p, whole_pages(n));
}

struct ck_secret *
ck_secret_new(void)
{
	return ck_locked_alloc(sizeof(struct ck_secret));
}

void
ck_secret_free(struct ck_secret *s)
{
	ck_locked_free(s, sizeof *s);
}

int
ck_secret_set(struct ck_secret *s, const void *bytes, size_t n)
{
	if (n > CK_SECRET_MAX)
		return -1;
	if (n > 0)
		memmove(s->bytes, bytes, n);
	OPENSSL_cleanse(s->bytes + n, sizeof s->bytes - n);
	s->n = n;
	return 0;
}

const char *
ck_secret_bytes(const struct ck_secret *s)
{
	return s->bytes;
}

size_t
ck_secret_len(const struct ck_secret *s)
{
	return s->n;
}

bool
ck_secret_same(const struct ck_secret *a, const struct ck_secret *b)
{
	return CRYPTO_memcmp(a, b, sizeof *a) == 0;
}

int
ck_secret_add(struct ck_secret *s, const void *bytes, size_t n)
{
	if (n > CK_SECRET_MAX - s->n)
		return -1;
	memcpy(s->bytes + s->n, bytes, n);
	s->n += n;
	return 0;
}

size_t
ck_secret_chop(struct ck_secret *s)
{
	size_t was = s->n;

	/* UTF-8: the bytes behind the first of a character */
	while (s->n > 0 && ((unsigned char)s->bytes[s->n - 1] & 0xC0) == 0x80)
		s->n--;
	if (s->n > 0)
		s->n--;
	OPENSSL_cleanse(s->bytes + s->n, was - s->n);
	return was - s->n;
}
