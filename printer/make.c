#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/formcode.h"
#include "base/slip.h"
#include "base/utf8.h"
#include "certkiosk/paper.h"
#include "form.h"
#include "pdf.h"
#include "serve.h"
#include "type.h"

#define SIGNERS_MAX 4
#define SIGNER_NAME_MAX 512 /* as long as names of certificates are shown */
#define CMS_MAX 65536	    /* longer than any hole (pdf.h) */
#define FOR_EVER (-1) /* a person may have to put the key back in; a dead asker closes the link */

struct making {
	struct ck_link *link;
	const json_t *request;
	struct ck_form *form;
	struct ck_sheet *sheet;
	const json_t *fields;
	json_t *codes; /* of the answer that brought them */
	struct ck_form_copy copy;
	struct ck_buf pdf;
	struct ck_err *err;
};

static int
say(struct making *m, json_t *line)
{
	int rc = line != NULL ? ck_link_send(m->link, line, m->err)
			      : ck_fail(m->err, CK_E_NO_MEMORY, "form");

	json_decref(line);
	return rc;
}

static int
hear(struct making *m, json_t **line)
{
	return ck_link_recv(m->link, FOR_EVER, line, m->err) == 1
		   ? 0
		   : ck_fail(m->err, CK_E_LINK, "no answer");
}

static const char *
asked(const struct making *m, const char *name)
{
	return json_string_value(json_object_get(m->request, name));
}

static int
lay(struct making *m)
{
	const char *dir = asked(m, "forms"), *name = asked(m, "form"), *text = asked(m, "template");
	const json_t *made = json_object_get(m->request, "made");

	m->fields = json_object_get(m->request, "fields");
	m->copy = (struct ck_form_copy){ .number = asked(m, "number"),
		.made = json_integer_value(made),
		.mark = asked(m, "mark") };
	if (dir == NULL || name == NULL || m->copy.number == NULL || !json_is_integer(made) ||
	    !json_is_object(m->fields) || strlen(m->copy.number) >= CK_SLIP_MAX)
		return ck_fail(
		    m->err, CK_E_USAGE, "a form takes forms, form, number, made, fields");
	if ((text != NULL ? ck_form_parse(dir, name, text, &m->form, m->err)
			  : ck_form_open(dir, name, &m->form, m->err)) == -1)
		return -1;
	return ck_form_lay(m->form, m->fields, &m->copy, &m->sheet, m->err);
}

static void
making_end(struct making *m)
{
	json_decref(m->codes);
	ck_buf_free(&m->pdf);
	ck_sheet_free(m->sheet);
	ck_form_free(m->form);
}

/* ---- the codes ---- */

static int
ask_codes(struct making *m)
{
	unsigned char digest[32];
	char hex[2 * sizeof digest + 1];

	if (ck_form_digest(m->form, m->fields, digest, m->err) == -1)
		return -1;
	ck_hex(digest, sizeof digest, hex);
	return say(m, json_pack("{s:i, s:s}", "pages", ck_sheet_pages(m->sheet), "digest", hex)) ==
		       -1
		   ? -1
		   : hear(m, &m->codes);
}

/* Codes of the original, on a copy: do they say of each page what is drawn on it? */
static int
judge_codes(struct making *m, const char *const *texts, int n)
{
	struct ck_formcode code = { .pages = n };
	char want[CK_FORMCODE_MAX];
	unsigned char digest[32];

	if (ck_form_digest(m->form, m->fields, digest, m->err) == -1)
		return -1;
	snprintf(code.number, sizeof code.number, "%s", m->copy.number);
	snprintf(code.form, sizeof code.form, "%s", asked(m, "form"));
	memcpy(code.digest, digest, sizeof code.digest);
	for (int i = 0; i < n; i++) {
		size_t len = 0;

		code.page = i + 1;
		if (!ck_formcode_signed(&code, want))
			return ck_fail(m->err, CK_E_USAGE, "number or form");
		len = strlen(want);
		/* behind it the signature, of a site that has a key */
		if (strncmp(texts[i], want, len) != 0 ||
		    (texts[i][len] != '\0' && texts[i][len] != '*'))
			return ck_fail(m->err, CK_E_FORM_CODE, "%s: page %d of %d is another one",
			    m->copy.number, i + 1, n);
	}
	return 0;
}

/* One a page, or none at all: a site without a key has none to give. */
static int
draw(struct making *m)
{
	const char *texts[CK_PAPER_PAGES_MAX] = { NULL };
	const json_t *list = json_object_get(m->request, "qr");
	size_t n = (size_t)ck_sheet_pages(m->sheet);
	bool given = list != NULL;

	if (!given) {
		if (ask_codes(m) == -1)
			return -1;
		list = json_object_get(m->codes, "qr");
	}
	if (!json_is_array(list) || (json_array_size(list) != 0 && json_array_size(list) != n))
		return ck_fail(m->err, CK_E_LINK, "qr: one a page, of %zu", n);
	for (size_t i = 0; i < json_array_size(list); i++) {
		texts[i] = json_string_value(json_array_get(list, i));
		if (texts[i] == NULL || texts[i][0] == '\0')
			return ck_fail(m->err, CK_E_LINK, "qr: no text");
	}
	if (given && judge_codes(m, texts, (int)json_array_size(list)) == -1)
		return -1;
	m->pdf.max = CK_PAPER_BYTES_MAX;
	return ck_sheet_draw(m->sheet, texts, &m->pdf, m->err);
}

/* ---- the signatures ---- */

/* Who that is, as the form itself says: the certificate's owner, the counter. */
static void
signer_name(const struct making *m, const char *signer, char *out, size_t cap)
{
	const char *field = strcmp(signer, "customer") == 0 ? "name" : signer;
	const char *name = json_string_value(json_object_get(m->fields, field));

	ck_clean_str(out, cap, name != NULL && name[0] != '\0' ? name : signer);
}

static int
fill(struct making *m, const struct ck_pdf_hole *hole, const char *base64)
{
	size_t n = 0;
	unsigned char *cms = ck_unbase64(base64, CMS_MAX, &n);
	int rc = cms != NULL ? ck_pdf_fill(&m->pdf, hole, cms, n, m->err)
			     : ck_fail(m->err, CK_E_LINK, "cms: no base64");

	free(cms);
	return rc;
}

static int
sign(struct making *m, const char *signer)
{
	char name[SIGNER_NAME_MAX] = "";
	const struct ck_pdf_signer who = {
		.field = signer, .name = name, .reason = ck_form_title(m->form), .at = m->copy.made
	};
	struct ck_pdf_hole hole = { 0, 0 };
	unsigned char digest[32];
	char hex[2 * sizeof digest + 1];
	size_t before = m->pdf.n;
	const char *cms = NULL;
	json_t *answer = NULL;
	int rc = -1;

	signer_name(m, signer, name, sizeof name);
	if (ck_pdf_prepare(&m->pdf, &who, &hole, digest, m->err) == -1)
		return -1;
	ck_hex(digest, sizeof digest, hex);
	if (say(m, json_pack("{s:s, s:s}", "sign", signer, "digest", hex)) == -1 ||
	    hear(m, &answer) == -1)
		return -1;
	cms = json_string_value(json_object_get(answer, "cms"));
	if (cms != NULL) {
		rc = fill(m, &hole, cms);
	} else {
		m->pdf.n = before; /* what was appended for it goes */
		m->pdf.p[before] = '\0';
		rc = 0;
	}
	json_decref(answer);
	return rc;
}

static int
sign_all(struct making *m)
{
	const json_t *signers = json_object_get(m->request, "signers");
	size_t n = json_array_size(signers);

	if ((signers != NULL && !json_is_array(signers)) || n > SIGNERS_MAX)
		return ck_fail(m->err, CK_E_USAGE, "signers");
	for (size_t i = 0; i < n; i++) {
		const char *signer = json_string_value(json_array_get(signers, i));

		if (signer == NULL)
			return ck_fail(m->err, CK_E_USAGE, "signers");
		if (sign(m, signer) == -1)
			return -1;
	}
	return 0;
}

/* ---- the file ---- */

static int
not_written(struct ck_err *err)
{
	int why = errno;
	bool full = why == ENOSPC || why == EFBIG || why == EDQUOT;

	return ck_fail_native(err, full ? CK_E_STORE_FULL : CK_E_STORE_UNWRITABLE,
	    (unsigned long)why, "%s", strerror(why));
}

static int
write_file(const struct ck_buf *b, struct ck_err *err)
{
	size_t done = 0;

	if (ftruncate(CK_PAPER_FILE, 0) == -1)
		return not_written(err);
	while (done < b->n) {
		ssize_t n = pwrite(CK_PAPER_FILE, b->p + done, b->n - done, (off_t)done);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return not_written(err);
		done += (size_t)n;
	}
	return 0;
}

int
ck_serve_form(struct ck_link *link, const json_t *request, struct ck_err *err)
{
	struct making m = { .link = link, .request = request, .err = err };
	int rc = -1;

	if (lay(&m) == 0 && draw(&m) == 0 && sign_all(&m) == 0 && write_file(&m.pdf, err) == 0)
		rc = say(&m, json_pack("{s:s, s:i, s:I}", "end", "made", "pages",
				 ck_sheet_pages(m.sheet), "bytes", (json_int_t)m.pdf.n));
	making_end(&m);
	return rc;
}

/* ---- as text ---- */

static int
say_line(void *u, const char *text)
{
	return say(u, json_pack("{s:s}", "line", text));
}

int
ck_serve_text(struct ck_link *link, const json_t *request, struct ck_err *err)
{
	struct making m = { .link = link, .request = request, .err = err };
	int rc = -1;

	if (lay(&m) == 0 && ck_sheet_text(m.sheet, say_line, &m, err) == 0)
		rc = say(&m, json_pack("{s:s}", "end", "shown"));
	making_end(&m);
	return rc;
}

/* ---- what can be shown ---- */

static int
say_lacks(void *u, const char *field, const char *character)
{
	return say(u, json_pack("{s:s, s:s}", "lacks", character, "field", field));
}

int
ck_serve_glyphs(struct ck_link *link, const json_t *request, struct ck_err *err)
{
	struct making m = { .link = link, .request = request, .err = err };
	const char *dir = asked(&m, "forms"), *name = asked(&m, "form");
	int rc = -1;

	m.fields = json_object_get(request, "fields");
	if (dir == NULL || name == NULL || !json_is_object(m.fields))
		return ck_fail(err, CK_E_USAGE, "glyphs takes forms, form, fields");
	if (ck_form_open(dir, name, &m.form, err) == 0 &&
	    ck_form_lacks(m.form, m.fields, say_lacks, &m, err) == 0)
		rc = say(&m, json_pack("{s:s}", "end", "shown"));
	making_end(&m);
	return rc;
}

/* ---- a folder of forms ---- */

static int
say_form(void *u, const char *name, const struct ck_form *form, const struct ck_err *why)
{
	struct ck_err glyph = { 0 };

	if (form != NULL && ck_form_drawable(form, &glyph) == 0)
		return say(u, json_pack("{s:s, s:s, s:o}", "form", name, "title",
				  ck_form_title(form), "needs", ck_form_needs(form)));
	return say(u, json_pack("{s:s, s:o}", "form", name, "error",
			  ck_err_json(form == NULL ? why : &glyph)));
}

int
ck_serve_check(struct ck_link *link, const json_t *request, struct ck_err *err)
{
	struct making m = { .link = link, .request = request, .err = err };
	const char *dir = asked(&m, "forms");

	if (dir == NULL)
		return ck_fail(err, CK_E_USAGE, "check takes forms");
	if (ck_form_each(dir, say_form, &m, err) == -1)
		return ck_fail(err, CK_E_LINK, "nobody listens");
	return say(&m, json_pack("{s:s}", "end", "checked"));
}
