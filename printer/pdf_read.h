/* Within printer: reading a PDF of our own making, that is with classical cross-reference tables
 * and nothing compressed but streams. The bytes may be anybody's. */
#ifndef CK_PDF_READ_H
#define CK_PDF_READ_H

#include <stdbool.h>
#include <stddef.h>

struct ck_pdf_span {
	const unsigned char *p;
	size_t n;
};

struct ck_pdf_doc {
	struct ck_pdf_span all;
	unsigned size, root, info; /* of the newest trailer; info 0: none */
	size_t xref;		   /* of the newest section */
	size_t *at, slots;	   /* by object's number; 0: there is none */
	unsigned n_new;		   /* objects of the newest section */
	size_t first;		   /* and where the first of them lies */
};

/* The bytes stay the caller's. NULL, or why they are no document of ours; close accepts both. */
const char *ck_pdf_open(const unsigned char *, size_t n, struct ck_pdf_doc *);
void ck_pdf_close(struct ck_pdf_doc *);

/* an object that is a dictionary and nothing else */
bool ck_pdf_object(const struct ck_pdf_doc *, unsigned number, struct ck_pdf_span *dict);
/* value: as it stands there */
bool ck_pdf_find(struct ck_pdf_span dict, const char *key, struct ck_pdf_span *value);
bool ck_pdf_is(struct ck_pdf_span value, const char *text);
bool ck_pdf_ref(struct ck_pdf_span value, unsigned *number);
/* the i-th reference in an array of references */
bool ck_pdf_nth(struct ck_pdf_span array, size_t i, unsigned *number);
bool ck_pdf_first_page(const struct ck_pdf_doc *, unsigned *number);

#endif
