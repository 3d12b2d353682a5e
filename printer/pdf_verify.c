/*
 * Who signed a document, and is it still what they signed? Each revision is the one before it and
 * what a signature of ours adds, which is made again and compared (pdf_made.h): so no addition can
 * do more than sign, whatever it looks like.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <openssl/evp.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "certkiosk/paper.h"
#include "pdf.h"
#include "pdf_cms.h"
#include "pdf_made.h"

/* customer, site, and whoever a site may add */
#define SIGNATURES_MAX 8
/* A document of ours has an end for itself and for each signature; whoever appends more has hidden
 * who signed, not that it was appended to. */
#define ENDS_MAX 16
/* larger than any hole we ever made */
#define HOLE_MAX 65536

struct revision {
	size_t start, end; /* of what was added */
	struct ck_pdf_made made;
	struct ck_pdf_hole hole;
	bool ours; /* it is what a signature adds, and nothing else */
};

/* ---- one revision ---- */

static bool
is_hex(struct ck_pdf_span v)
{
	return v.n >= 2 && v.p[0] == '<' && v.p[1] != '<';
}

/* D:YYYYMMDDHHMMSSZ in brackets */
static bool
read_when(struct ck_pdf_span v, int64_t *at)
{
	char text[CK_PDF_WHEN] = "", again[CK_PDF_WHEN];
	struct tm tm = { 0 };

	if (v.n != CK_PDF_WHEN + 1)
		return false;
	memcpy(text, v.p + 1, CK_PDF_WHEN - 1);
	if (strptime(text, "D:%Y%m%d%H%M%SZ", &tm) == NULL)
		return false;
	*at = (int64_t)timegm(&tm);
	return ck_pdf_when(*at, again) && strcmp(text, again) == 0;
}

static bool
read_made(const struct ck_pdf_doc *d, struct revision *r)
{
	struct ck_pdf_span widget, sig, v;

	if (d->size < 3 || !ck_pdf_object(d, d->size - 1, &sig) || !ck_pdf_find(sig, "/Type", &v) ||
	    !ck_pdf_is(v, "/Sig") || !ck_pdf_find(sig, "/Contents", &v) || !is_hex(v) ||
	    v.n > 2 * HOLE_MAX + 2)
		return false;
	r->hole.from = (size_t)(v.p - d->all.p);
	r->hole.to = r->hole.from + v.n;
	r->made.hole = (v.n - 2) / 2;
	if (!ck_pdf_find(sig, "/M", &v) || !read_when(v, &r->made.at) ||
	    !ck_pdf_find(sig, "/Name", &r->made.name) || !is_hex(r->made.name) ||
	    !ck_pdf_find(sig, "/Reason", &r->made.reason) || !is_hex(r->made.reason))
		return false;
	if (!ck_pdf_object(d, d->size - 2, &widget) || !ck_pdf_find(widget, "/T", &v) ||
	    v.p[0] != '(' || v.n - 2 >= sizeof r->made.field)
		return false;
	ck_clean(r->made.field, sizeof r->made.field, (const char *)v.p + 1, v.n - 2);
	return true;
}

/* Made again, is it the same but for what was put into the hole? */
static bool
is_ours(const struct ck_pdf_doc *d, const struct revision *r)
{
	struct ck_buf again = { 0 };
	struct ck_pdf_hole hole = { 0 };
	bool ours = false;

	if (ck_pdf_make((struct ck_pdf_span){ d->all.p, r->start }, &r->made, &again, &hole) ==
		NULL &&
	    hole.from == r->hole.from && hole.to == r->hole.to && again.n == r->end - r->start)
		ours = memcmp(again.p, d->all.p + r->start, hole.from + 1 - r->start) == 0 &&
		       memcmp(again.p + (hole.to - 1 - r->start), d->all.p + hole.to - 1,
			   r->end - hole.to + 1) == 0;
	ck_buf_free(&again);
	return ours;
}

/* 1 signed, 0 a document that is not, -1 none of ours */
static int
read_revision(const unsigned char *pdf, size_t end, struct revision *r)
{
	struct ck_pdf_doc d;
	int rc = -1;

	*r = (struct revision){ .end = end };
	if (ck_pdf_open(pdf, end, &d) == NULL) {
		r->start = d.first;
		rc = read_made(&d, r) && r->start > 0 && r->start < r->hole.from;
		r->ours = rc == 1 && is_ours(&d, r);
	}
	ck_pdf_close(&d);
	return rc;
}

/* ---- all of them ---- */

struct chain {
	struct revision at[SIGNATURES_MAX]; /* the newest first */
	size_t n;
	bool sound; /* below the oldest lies a document that nobody signed */
};

static bool
mentions_signature(const unsigned char *pdf, size_t n)
{
	return memmem(pdf, n, "/ByteRange", strlen("/ByteRange")) != NULL;
}

static void
read_chain(const unsigned char *pdf, size_t end, struct chain *c)
{
	int rc = 1;

	*c = (struct chain){ 0 };
	while (rc == 1 && c->n < SIGNATURES_MAX) {
		rc = read_revision(pdf, end, &c->at[c->n]);
		if (rc == 1)
			end = c->at[c->n++].start;
	}
	c->sound = rc == 0 && !mentions_signature(pdf, end);
}

/* The end before this one, 0: there is none. */
static size_t
end_before(const unsigned char *pdf, size_t end)
{
	static const char mark[] = "%%EOF\n";
	const size_t n = sizeof mark - 1;

	while (--end >= n)
		if (memcmp(pdf + end - n, mark, n) == 0)
			return end;
	return 0;
}

/* The signatures of the longest part of the document that ends as one does. */
static size_t
find_chain(const unsigned char *pdf, size_t n, struct chain *c)
{
	size_t end = n;

	for (int i = 0; i < ENDS_MAX && end > 0; i++, end = end_before(pdf, end)) {
		read_chain(pdf, end, c);
		if (c->n > 0)
			return end;
	}
	return 0;
}

/* ---- one signature ---- */

static int
digest_of(const unsigned char *pdf, const struct revision *r, unsigned char out[32])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good = ctx != NULL && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1 &&
		    EVP_DigestUpdate(ctx, pdf, r->hole.from) == 1 &&
		    EVP_DigestUpdate(ctx, pdf + r->hole.to, r->end - r->hole.to) == 1 &&
		    EVP_DigestFinal_ex(ctx, out, NULL) == 1;

	EVP_MD_CTX_free(ctx);
	return good ? 0 : -1;
}

static int
look(const unsigned char *pdf, const struct revision *r, bool whole, struct ck_pdf_signature *s)
{
	unsigned char digest[32];

	*s = (struct ck_pdf_signature){ .at = r->made.at, .whole = whole };
	memcpy(s->field, r->made.field, sizeof s->field);
	if (digest_of(pdf, r, digest) == -1)
		return ck_fail(&s->why, CK_E_INTERNAL, "SHA-256");
	s->good = ck_pdf_cms(pdf + r->hole.from + 1, r->hole.to - r->hole.from - 2, digest, s,
		      &s->why) == 0;
	if (!whole)
		ck_fail(&s->why, CK_E_FORM_ALTERED, "there is more in it than was signed");
	return s->good && s->whole ? 0 : -1;
}

static int
none(const unsigned char *pdf, size_t n, struct ck_err *err)
{
	struct ck_pdf_doc d;
	const char *why = ck_pdf_open(pdf, n, &d);

	ck_pdf_close(&d);
	if (mentions_signature(pdf, n))
		return ck_fail(err, CK_E_FORM_ALTERED, "%s",
		    why != NULL ? why : "no signature of ours can be found in it any more");
	if (why != NULL)
		return ck_fail(err, CK_E_FORM_BROKEN, "%s", why);
	return ck_fail(err, CK_E_FORM_UNSIGNED, "%s", "");
}

int
ck_pdf_verify(const unsigned char *pdf, size_t n,
    int (*each)(void *u, const struct ck_pdf_signature *), void *u, struct ck_err *err)
{
	struct ck_pdf_signature s;
	struct ck_err first = { 0 };
	struct chain c = { 0 };
	bool whole;

	if (n > CK_PAPER_BYTES_MAX)
		return ck_fail(err, CK_E_FORM_BROKEN, "too long");
	if (find_chain(pdf, n, &c) == 0)
		return none(pdf, n, err);
	whole = c.sound && c.at[0].end == n;
	for (size_t i = 0; i < c.n; i++)
		whole = whole && c.at[i].ours;
	for (size_t i = c.n; i-- > 0;) {
		if (look(pdf, &c.at[i], whole, &s) == -1)
			ck_fail(&first, s.why.code, "%s", s.why.detail);
		if (each != NULL && each(u, &s) == -1)
			return ck_fail(err, CK_E_LINK, "nobody listens");
	}
	if (first.code != CK_E_NONE)
		return ck_fail(err, first.code, "%s", first.detail);
	return 0;
}
