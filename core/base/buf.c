#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/buf.h"

#define FIRST_CAP 256 /* most messages and paths fit without growing */

/* Not realloc: it would leave a copy of the old bytes behind, unwiped. */
static int
grow(struct ck_buf *b, size_t need)
{
	size_t cap = b->cap == 0 ? FIRST_CAP : b->cap;
	unsigned char *p = NULL;

	while (cap < need)
		cap = cap > SIZE_MAX / 2 ? need : cap * 2;
	p = malloc(cap);
	if (p == NULL)
		return -1;
	if (b->p != NULL) {
		memcpy(p, b->p, b->n);
		OPENSSL_cleanse(b->p, b->cap);
		free(b->p);
	}
	b->p = p;
	b->cap = cap;
	return 0;
}

/* room for n more bytes and the NUL behind them */
static int
reserve(struct ck_buf *b, size_t n)
{
	if (n > SIZE_MAX - 1 - b->n || (b->max > 0 && b->n + n > b->max))
		return -1;
	return b->n + n + 1 <= b->cap ? 0 : grow(b, b->n + n + 1);
}

int
ck_buf_add(struct ck_buf *b, const void *bytes, size_t n)
{
	if (reserve(b, n) != 0)
		return -1;
	if (n > 0)
		memcpy(b->p + b->n, bytes, n);
	b->n += n;
	b->p[b->n] = '\0';
	return 0;
}

void
ck_buf_free(struct ck_buf *b)
{
	if (b == NULL)
		return;
	OPENSSL_clear_free(b->p, b->cap);
	*b = (struct ck_buf){ .max = b->max };
}

void
ck_hex(const unsigned char *bytes, size_t n, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digits[bytes[i] >> 4];
		out[2 * i + 1] = digits[bytes[i] & 15];
	}
	out[2 * n] = '\0';
}

bool
ck_unhex(const char *text, unsigned char *out, size_t n)
{
	if (text == NULL || strlen(text) != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		int high = OPENSSL_hexchar2int((unsigned char)text[2 * i]);
		int low = OPENSSL_hexchar2int((unsigned char)text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

char *
ck_base64(const unsigned char *bytes, size_t n)
{
	char *out = NULL;

	if (n > INT_MAX / 2) /* EVP counts in int */
		return NULL;
	out = malloc((n + 2) / 3 * 4 + 1);
	if (out != NULL)
		out[EVP_EncodeBlock((unsigned char *)out, bytes, (int)n)] = '\0';
	return out;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static int
sextet(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* How many bytes the text stands for; false when its letters or padding are not base64's. Not
 * EVP_DecodeBlock: it counts padding as bytes and takes "=" in odd places. */
static bool
base64_shape(const char *text, size_t *bytes)
{
	size_t letters = 0, pads = 0;

	for (; *text != '\0'; text++) {
		if (is_blank(*text))
			continue;
		if (*text == '=')
			pads++;
		else if (pads > 0 || sextet(*text) < 0)
			return false;
		else
			letters++;
	}
	*bytes = letters * 3 / 4;
	return pads <= 2 && (letters + pads) % 4 == 0;
}

unsigned char *
ck_unbase64(const char *text, size_t max, size_t *n)
{
	unsigned char *out = NULL;
	unsigned bits = 0;
	int held = 0; /* bits not yet written */
	size_t bytes = 0, at = 0;

	if (text == NULL || !base64_shape(text, &bytes) || bytes > max)
		return NULL;
	out = malloc(bytes + 1);
	if (out == NULL)
		return NULL;
	for (; *text != '\0'; text++) {
		if (is_blank(*text) || *text == '=')
			continue;
		bits = (bits << 6 | (unsigned)sextet(*text)) & 0xFFFF;
		held += 6;
		if (held >= 8) {
			held -= 8;
			out[at++] = (unsigned char)(bits >> held);
		}
	}
	out[at] = '\0';
	*n = at;
	return out;
}
