/* A document that was signed, and a code read from paper: are they what they were? */
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/buf.h"
#include "base/formcode.h"
#include "base/utf8.h"
#include "certkiosk/facts.h"
#include "certkiosk/paper.h"
#include "code.h"
#include "form.h"
#include "pdf.h"
#include "pdf_cms.h"
#include "serve.h"

#define READ_BYTES 65536

static int
send(struct ck_link *link, json_t *line, struct ck_err *err)
{
	int rc = line != NULL ? ck_link_send(link, line, err)
			      : ck_fail(err, CK_E_INTERNAL, "an answer that is no JSON");

	json_decref(line);
	return rc;
}

/* The last line of a check; facts may be NULL and is the caller's. */
static int
send_end(struct ck_link *link, const char *end, json_t *facts, const struct ck_err *why,
    struct ck_err *err)
{
	return send(link,
	    json_pack("{s:s, s:O*, s:o*}", "end", end, "facts", facts, "error",
		why->code != CK_E_NONE ? ck_err_json(why) : NULL),
	    err);
}

/* malloc'd; NULL: none was given, or what was is none */
static unsigned char *
certificate_of(const json_t *request, size_t *n)
{
	return ck_unbase64(
	    json_string_value(json_object_get(request, "certificate")), CK_CERT_MAX, n);
}

/* ---- the document ---- */

/* Of a pipe there is more to come, for as long as somebody wants to know. */
static int
wait_more(struct ck_link *link, struct ck_err *err)
{
	struct pollfd both[] = {
		{ .fd = CK_PAPER_FILE, .events = POLLIN },
		{ .fd = ck_link_fd(link), .events = POLLIN },
	};

	(void)poll(both, 2, -1);
	return both[1].revents == 0 ? 0 : ck_fail(err, CK_E_LINK, "the document is not wanted");
}

static int
read_document(struct ck_link *link, struct ck_buf *pdf, struct ck_err *err)
{
	unsigned char some[READ_BYTES];
	ssize_t got;

	pdf->max = CK_PAPER_BYTES_MAX;
	while ((got = read(CK_PAPER_FILE, some, sizeof some)) != 0) {
		if (got == -1 && errno == EAGAIN && wait_more(link, err) == -1)
			return -1;
		if (got == -1 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got == -1)
			return ck_fail_native(
			    err, CK_E_FORM_BROKEN, (unsigned long)errno, "%s", strerror(errno));
		if (ck_buf_add(pdf, some, (size_t)got) == -1)
			return ck_fail(
			    err, CK_E_FORM_BROKEN, "more than %d bytes", CK_PAPER_BYTES_MAX);
	}
	return 0;
}

struct checked {
	struct ck_link *link;
	struct ck_err *err;
	const char *wanted; /* SHA-256 of the certificate one of them has to be made with */
	bool found;
	bool customer, site; /* a good signature under this name is there */
};

static int
send_signature(void *u, const struct ck_pdf_signature *s)
{
	struct checked *c = u;

	c->found = c->found || (c->wanted != NULL && s->good && strcmp(c->wanted, s->sha256) == 0);
	c->customer = c->customer || (s->good && strcmp(s->field, "customer") == 0);
	c->site = c->site || (s->good && strcmp(s->field, "site") == 0);
	return send(c->link,
	    json_pack("{s:{s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:b, s:b, s:o*}}", "signature",
		"signer", s->field, "name", s->name, "subject", s->subject, "issuer", s->issuer,
		"serial", s->serial, "sha256", s->sha256, "at", (json_int_t)s->at, "whole",
		(int)s->whole, "good", (int)s->good, "error",
		s->why.code != CK_E_NONE ? ck_err_json(&s->why) : NULL),
	    c->err);
}

/* Not as it was signed: an answer, and no failure of ours. */
static bool
is_verdict(const struct ck_err *why)
{
	return why->code == CK_E_FORM_ALTERED || why->code == CK_E_FORM_UNSIGNED ||
	       why->code == CK_E_FORM_BROKEN || why->code == CK_E_FORM_OFFICE;
}

/* As it was signed. And by whom it had to be? */
static int
judge(const struct checked *c, struct ck_err *why)
{
	if (c->wanted == NULL)
		return 0;
	/* whoever compares wants the office's word; cut off with all that followed, the rest is
	 * whole */
	if (!c->site)
		return ck_fail(
		    why, CK_E_FORM_OFFICE, "%s", c->customer ? "the customer's is there" : "");
	return c->found ? 0
			: ck_fail(why, CK_E_FORM_ALTERED, "nobody signed with certificate %s",
			      c->wanted);
}

int
ck_serve_verify(struct ck_link *link, const json_t *request, struct ck_err *err)
{
	struct ck_buf pdf = { 0 };
	struct ck_err why = { 0 };
	struct checked c = { .link = link, .err = err };
	size_t n = 0;
	unsigned char *cert = certificate_of(request, &n);
	char wanted[65] = "";
	json_t *facts = NULL;
	int rc = -1;

	if (json_object_get(request, "certificate") != NULL) {
		if (cert == NULL || !ck_pdf_cert_hash(cert, n, wanted)) {
			ck_fail(err, CK_E_CERT_UNREADABLE, "the certificate to compare with");
			goto out;
		}
		c.wanted = wanted;
	}
	if (read_document(link, &pdf, &why) == 0 &&
	    ck_pdf_verify(pdf.p, pdf.n, send_signature, &c, &why) == 0)
		(void)judge(&c, &why);
	if (why.code != CK_E_NONE && !is_verdict(&why)) {
		ck_fail(err, why.code, "%s", why.detail);
		goto out;
	}
	facts = json_pack("{s:b, s:b, s:b}", "customer", (int)c.customer, "site", (int)c.site,
	    "compared", c.wanted != NULL);
	rc = send_end(link, why.code == CK_E_NONE ? "whole" : "altered", facts, &why, err);
out:
	json_decref(facts);
	ck_buf_free(&pdf);
	free(cert);
	return rc;
}

/* ---- the code on a page ---- */

/* Does the code stand for these fields on this form? why: they differ; -1: that can't be told. */
static int
compare(const json_t *request, const struct ck_formcode *code, json_t *facts, struct ck_err *why,
    struct ck_err *err)
{
	const char *dir = json_string_value(json_object_get(request, "forms"));
	struct ck_form *form = NULL;
	unsigned char digest[32];
	int rc = -1;

	if (ck_form_open(dir != NULL ? dir : "", code->form, &form, err) == -1)
		goto out;
	json_object_set_new(facts, "title", json_string(ck_form_title(form)));
	if (ck_form_digest(form, json_object_get(request, "fields"), digest, err) == -1)
		goto out;
	if (memcmp(digest, code->digest, sizeof code->digest) != 0)
		ck_fail(why, CK_E_FORM_ALTERED, "the fields are not those of the code");
	rc = 0;
out:
	ck_form_free(form);
	return rc;
}

int
ck_serve_verify_qr(struct ck_link *link, const json_t *request, struct ck_err *err)
{
	const char *text = json_string_value(json_object_get(request, "text"));
	struct ck_formcode code;
	struct ck_err why = { 0 };
	json_t *facts = NULL;
	size_t n = 0;
	unsigned char *cert = certificate_of(request, &n);
	EVP_PKEY *key = ck_code_key(cert, n);
	int rc = -1;

	if (key == NULL) {
		ck_fail(err, CK_E_CERT_UNREADABLE, "no site's certificate (P-256)");
		goto out;
	}
	if (text == NULL || !ck_formcode_read(text, &code)) {
		ck_fail(&why, CK_E_FORM_CODE, "it is none, or a letter of it is wrong");
		rc = send_end(link, "other", NULL, &why, err);
		goto out;
	}
	facts = json_pack("{s:s, s:s, s:i, s:i}", "number", code.number, "form", code.form, "page",
	    code.page, "pages", code.pages);
	if (!ck_code_signed(&code, key))
		ck_fail(&why, CK_E_FORM_CODE, "this site did not sign it");
	else if (compare(request, &code, facts, &why, err) == -1)
		goto out;
	rc = send_end(link, why.code == CK_E_NONE ? "same" : "other", facts, &why, err);
out:
	json_decref(facts);
	EVP_PKEY_free(key);
	free(cert);
	return rc;
}
