/* Growing bytes with a bound, and the two spellings of bytes: hexadecimal and base64. */
#ifndef CK_BUF_H
#define CK_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct ck_buf {
	unsigned char *p;
	size_t n, cap;
	size_t max; /* 0 = no bound; append beyond it fails */
};
/* -1: out of memory or beyond max; the content stays. There is always a NUL behind p[n-1]. */
int ck_buf_add(struct ck_buf *, const void *bytes, size_t n);
void ck_buf_free(struct ck_buf *); /* wipes what it frees */

/* out holds 2n+1 */
void ck_hex(const unsigned char *bytes, size_t n, char *out);
/* decodes exactly n bytes; false on any other length or letter */
bool ck_unhex(const char *text, unsigned char *out, size_t n);

/* malloc'd NUL-terminated text on one line; NULL when out of memory */
char *ck_base64(const unsigned char *bytes, size_t n);
/* skips white space; malloc'd; NULL on anything that is not base64 or longer than max */
unsigned char *ck_unbase64(const char *text, size_t max, size_t *n);

#endif
