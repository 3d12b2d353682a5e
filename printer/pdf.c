#include "pdf.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <openssl/evp.h>

#include "base/utf8.h"
#include "certkiosk/paper.h"
#include "pdf_made.h"

/* Besides its certificate and its issuer's name a CMS of ours has 0.8 KB with RSA-4096, 0.4 KB with
 * P-256 (tests/unit/pki_cms.c); so certificates up to 7 KB fit, four times the usual. Each byte
 * makes two in every form that is kept, so it is not larger. */
#define HOLE_BYTES 8192
/* a name or a reason is one line on a screen */
#define UNITS_MAX 200

/* each is looked at for each that is added; ours have two */
#define FIELDS_MAX 16

/* ---- making ---- */

__attribute__((format(printf, 2, 3))) static bool
add(struct ck_buf *b, const char *fmt, ...)
{
	char text[512];
	__builtin_va_list ap;
	int n;

	__builtin_va_start(ap, fmt);
	n = vsnprintf(text, sizeof text, fmt, ap);
	__builtin_va_end(ap);
	return n >= 0 && (size_t)n < sizeof text && ck_buf_add(b, text, (size_t)n) == 0;
}

static bool
add_span(struct ck_buf *b, const unsigned char *from, const unsigned char *to)
{
	return ck_buf_add(b, from, (size_t)(to - from)) == 0;
}

/* The dictionary with one more reference in an array that lies somewhere in it. */
static bool
add_to_array(struct ck_buf *b, struct ck_pdf_span dict, struct ck_pdf_span array, unsigned ref)
{
	const unsigned char *close = array.p + array.n - 1;

	return add_span(b, dict.p, close) && add(b, " %u 0 R ", ref) &&
	       add_span(b, close, dict.p + dict.n);
}

static bool
add_to_dict(
    struct ck_buf *b, struct ck_pdf_span dict, const char *before, unsigned ref, const char *after)
{
	const unsigned char *close = dict.p + dict.n - 2;

	return add_span(b, dict.p, close) && add(b, "%s%u 0 R%s", before, ref, after) &&
	       add_span(b, close, dict.p + dict.n);
}

static bool
is_array(struct ck_pdf_span v)
{
	return v.n >= 2 && v.p[0] == '[';
}

static bool
add_page(struct ck_buf *b, struct ck_pdf_span dict, unsigned field)
{
	struct ck_pdf_span v;

	if (!ck_pdf_find(dict, "/Annots", &v))
		return add_to_dict(b, dict, "/Annots [ ", field, " ]\n");
	return is_array(v) && add_to_array(b, dict, v, field);
}

static bool
add_catalog(struct ck_buf *b, struct ck_pdf_span dict, unsigned field)
{
	struct ck_pdf_span form, v;

	if (!ck_pdf_find(dict, "/AcroForm", &form))
		return add_to_dict(
		    b, dict, "/AcroForm << /Fields [ ", field, " ] /SigFlags 3 >>\n");
	return ck_pdf_find(form, "/Fields", &v) && is_array(v) && add_to_array(b, dict, v, field);
}

/* Two fields of one name would be one field to any reader; where there are too many to look, none
 * is added. */
static bool
is_taken(const struct ck_pdf_doc *d, struct ck_pdf_span catalog, const char *field)
{
	struct ck_pdf_span form, fields, dict, v;
	char name[CK_PDF_FIELD_MAX + 2];
	unsigned ref;

	snprintf(name, sizeof name, "(%s)", field);
	if (!ck_pdf_find(catalog, "/AcroForm", &form) || !ck_pdf_find(form, "/Fields", &fields))
		return false;
	for (size_t i = 0; ck_pdf_nth(fields, i, &ref); i++)
		if (i == FIELDS_MAX)
			return true;
		else if (ck_pdf_object(d, ref, &dict) && ck_pdf_find(dict, "/T", &v) &&
			 ck_pdf_is(v, name))
			return true;
	return false;
}

static bool
add_widget(struct ck_buf *b, const char *field, unsigned page, unsigned sig)
{
	return add(b,
	    "<< /Type /Annot /Subtype /Widget /FT /Sig /T (%s) /F 132 /Rect [ 0 0 0 0 ] "
	    "/P %u 0 R /V %u 0 R >>",
	    field, page, sig);
}

static bool
add_zeros(struct ck_buf *b, size_t n)
{
	static const char zeros[] = "0000000000000000000000000000000000000000000000000000000000000";
	size_t some;

	for (; n > 0; n -= some) {
		some = n < sizeof zeros - 1 ? n : sizeof zeros - 1;
		if (ck_buf_add(b, zeros, some) == -1)
			return false;
	}
	return true;
}

/* range: where the numbers go once the end is known */
static bool
add_signature(struct ck_buf *b, const struct ck_pdf_made *m, size_t before, size_t *range,
    struct ck_pdf_hole *hole)
{
	char when[CK_PDF_WHEN];

	if (!ck_pdf_when(m->at, when) ||
	    !add(b,
		"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached\n"
		"/M (%s)\n/Name ",
		when) ||
	    ck_buf_add(b, m->name.p, m->name.n) == -1 || !add(b, "\n/Reason ") ||
	    ck_buf_add(b, m->reason.p, m->reason.n) == -1 || !add(b, "\n/ByteRange "))
		return false;
	*range = b->n;
	if (!add(b, "[ 0 %010d %010d %010d ]\n/Contents ", 0, 0, 0))
		return false;
	hole->from = before + b->n;
	hole->to = hole->from + 2 * m->hole + 2;
	return add(b, "<") && add_zeros(b, 2 * m->hole) && add(b, "> >>");
}

struct object {
	unsigned number;
	size_t at;
};

/* The two that were there, then the two new ones, whose numbers follow one another. */
static bool
add_table(struct ck_buf *b, const struct ck_pdf_doc *d, const struct object o[4])
{
	size_t at = d->all.n + b->n;
	int low = o[0].number < o[1].number ? 0 : 1;

	if (!add(b, "xref\n"))
		return false;
	for (int i = 0; i < 2; i++)
		if (!add(b, "%u 1\n%010zu 00000 n \n", o[low ^ i].number, o[low ^ i].at))
			return false;
	if (!add(b, "%u 2\n%010zu 00000 n \n%010zu 00000 n \n", o[2].number, o[2].at, o[3].at) ||
	    !add(b, "trailer\n<< /Size %u /Root %u 0 R ", d->size + 2, d->root))
		return false;
	if (d->info != 0 && !add(b, "/Info %u 0 R ", d->info))
		return false;
	return add(b, "/Prev %zu >>\nstartxref\n%zu\n%%%%EOF\n", d->xref, at);
}

static bool
is_field(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return n > 0 && n < CK_PDF_FIELD_MAX && s[n] == '\0';
}

static const char *
make(const struct ck_pdf_doc *d, const struct ck_pdf_made *m, struct ck_buf *b,
    struct ck_pdf_hole *hole)
{
	struct object o[4] = { { .number = 0 }, { .number = d->root }, { .number = d->size },
		{ .number = d->size + 1 } };
	struct ck_pdf_span page, catalog;
	size_t range = 0;
	char text[64];

	if (!ck_pdf_first_page(d, &o[0].number) || !ck_pdf_object(d, o[0].number, &page) ||
	    !ck_pdf_object(d, d->root, &catalog))
		return "its pages";
	if (!is_field(m->field) || is_taken(d, catalog, m->field))
		return "the signature's name";
	for (int i = 0; i < 4; i++) {
		o[i].at = d->all.n + b->n;
		if (!add(b, "%u 0 obj\n", o[i].number) ||
		    !(i == 0	 ? add_page(b, page, d->size)
			: i == 1 ? add_catalog(b, catalog, d->size)
			: i == 2 ? add_widget(b, m->field, o[0].number, d->size + 1)
				 : add_signature(b, m, d->all.n, &range, hole)) ||
		    !add(b, "\nendobj\n"))
			return "its annotations";
	}
	if (!add_table(b, d, o))
		return "its table";
	snprintf(text, sizeof text, "[ 0 %010zu %010zu %010zu ]", hole->from, hole->to,
	    d->all.n + b->n - hole->to);
	memcpy(b->p + range, text, strlen(text));
	return NULL;
}

const char *
ck_pdf_make(struct ck_pdf_span doc, const struct ck_pdf_made *m, struct ck_buf *added,
    struct ck_pdf_hole *hole)
{
	struct ck_pdf_doc d;
	const char *why = ck_pdf_open(doc.p, doc.n, &d);

	if (why == NULL) {
		added->max = CK_PAPER_BYTES_MAX - doc.n;
		why = make(&d, m, added, hole);
	}
	ck_pdf_close(&d);
	return why;
}

bool
ck_pdf_when(int64_t at, char out[CK_PDF_WHEN])
{
	time_t t = (time_t)at;
	struct tm tm;

	if (at < 0 || gmtime_r(&t, &tm) == NULL || tm.tm_year > 8099)
		return false;
	return strftime(out, CK_PDF_WHEN, "D:%Y%m%d%H%M%SZ", &tm) == CK_PDF_WHEN - 1;
}

/* ---- what a signer is told with ---- */

static bool
add_unit(struct ck_buf *b, uint32_t unit)
{
	return add(b, "%04X", (unsigned)unit);
}

/* UTF-16, big end first, with its mark: ISO 32000-1, 7.9.2.2 */
static bool
add_text(struct ck_buf *b, const char *utf8)
{
	size_t left = strlen(utf8), units = 0;
	bool good = add(b, "<FEFF");
	uint32_t c;
	int n;

	while (good && (n = ck_utf8_next(utf8, left, &c)) != 0 && units < UNITS_MAX) {
		if (n == -1) {
			n = 1;
			c = 0xFFFD;
		}
		if (c < 0x10000)
			good = add_unit(b, c);
		else
			good = add_unit(b, 0xD800 + ((c - 0x10000) >> 10)) &&
			       add_unit(b, 0xDC00 + ((c - 0x10000) & 0x3FF));
		units += c < 0x10000 ? 1 : 2;
		utf8 += n;
		left -= (size_t)n;
	}
	return good && add(b, ">");
}

static int
digest_of(const struct ck_buf *pdf, const struct ck_pdf_hole *hole, unsigned char out[32])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good = ctx != NULL && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1 &&
		    EVP_DigestUpdate(ctx, pdf->p, hole->from) == 1 &&
		    EVP_DigestUpdate(ctx, pdf->p + hole->to, pdf->n - hole->to) == 1 &&
		    EVP_DigestFinal_ex(ctx, out, NULL) == 1;

	EVP_MD_CTX_free(ctx);
	return good ? 0 : -1;
}

int
ck_pdf_prepare(struct ck_buf *pdf, const struct ck_pdf_signer *signer, struct ck_pdf_hole *hole,
    unsigned char digest[32], struct ck_err *err)
{
	struct ck_pdf_made m = { .at = signer->at, .hole = HOLE_BYTES };
	struct ck_buf name = { 0 }, reason = { 0 }, added = { 0 };
	const char *why = NULL;
	int rc = -1;

	snprintf(m.field, sizeof m.field, "%s", signer->field);
	if (!is_field(signer->field) || !add_text(&name, signer->name) ||
	    !add_text(&reason, signer->reason)) {
		ck_fail(err, CK_E_INTERNAL, "a signature without a proper name");
		goto out;
	}
	m.name = (struct ck_pdf_span){ name.p, name.n };
	m.reason = (struct ck_pdf_span){ reason.p, reason.n };
	why = ck_pdf_make((struct ck_pdf_span){ pdf->p, pdf->n }, &m, &added, hole);
	if (why != NULL)
		ck_fail(err, CK_E_FORM_BROKEN, "%s", why);
	else if (ck_buf_add(pdf, added.p, added.n) == -1)
		ck_fail(err, CK_E_NO_MEMORY, "a document with its signature");
	else if ((rc = digest_of(pdf, hole, digest)) == -1)
		ck_fail(err, CK_E_INTERNAL, "SHA-256");
out:
	ck_buf_free(&name);
	ck_buf_free(&reason);
	ck_buf_free(&added);
	return rc;
}

int
ck_pdf_fill(struct ck_buf *pdf, const struct ck_pdf_hole *hole, const unsigned char *cms, size_t n,
    struct ck_err *err)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char *out = pdf->p + hole->from + 1;

	if (hole->to > pdf->n || hole->to < hole->from + 2 || n > (hole->to - hole->from - 2) / 2)
		return ck_fail(err, CK_E_INTERNAL, "a signature of %zu bytes does not fit", n);
	for (size_t i = 0; i < n; i++) {
		out[2 * i] = (unsigned char)digits[cms[i] >> 4];
		out[2 * i + 1] = (unsigned char)digits[cms[i] & 15];
	}
	return 0;
}
