/* A form is drawn by certkiosk-print and signed here, where the keys are: digests come, signatures
 * go. What it drew is taken from a file that has no name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/x509.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/formcode.h"
#include "walk/paper.h"
#include "walk/show.h"

/* fonts from a cold disk, and sixteen pages; the key's own time is told apart */
#define DRAW_S 30
#define DIGEST CK_HASH_LEN

/* ---- the site's own key ---- */

/* A kiosk has nobody to type one. */
static int
no_passphrase(char *buf, int size, int writing, void *u)
{
	(void)buf;
	(void)size;
	(void)writing;
	(void)u;
	return -1;
}

static EVP_PKEY *
read_key(const char *file)
{
	FILE *f = fopen(file, "r");
	EVP_PKEY *key = f != NULL ? PEM_read_PrivateKey(f, NULL, no_passphrase, NULL) : NULL;

	if (f != NULL)
		fclose(f);
	return key;
}

static bool
belongs(EVP_PKEY *key, const struct ck_signer *s)
{
	const unsigned char *p = s->cert;
	X509 *x = d2i_X509(NULL, &p, (long)s->cert_len);
	bool same = x != NULL && X509_check_private_key(x, key) == 1;

	X509_free(x);
	return same;
}

static int
judge_signer(const struct ck_site_paper *p, const struct ck_signer *s,
    const struct ck_cert_facts *f, struct ck_err *err)
{
	char end[CK_TIME_LEN];
	int64_t now = ck_now();

	if (s->key == NULL)
		return ck_fail(err, CK_E_CONFIG,
		    "%s: no private key in PEM, or it has a passphrase", p->key_file);
	if (f->alg != CK_ALG_P256)
		return ck_fail(err, CK_E_CONFIG, "%s: not P-256", p->cert_file);
	if (!belongs(s->key, s))
		return ck_fail(err, CK_E_CONFIG, "%s: the key is another one's", p->cert_file);
	ck_time_text(now < f->not_before ? f->not_before : f->not_after, end);
	if (now < f->not_before || now > f->not_after)
		return ck_fail(err, CK_E_CONFIG, "%s: valid %s %s", p->cert_file,
		    now < f->not_before ? "from" : "to", end);
	return 0;
}

int
ck_signer_open(const struct ck_site_paper *p, struct ck_signer *s, struct ck_err *err)
{
	struct ck_cert_facts facts;

	*s = (struct ck_signer){ .key = NULL };
	if (p->cert_file[0] == '\0')
		return 0;
	if (ck_cert_file(p->cert_file, &s->cert, &s->cert_len, &facts, err) == 0) {
		s->key = read_key(p->key_file);
		if (judge_signer(p, s, &facts, err) == 0)
			return 0;
	}
	ck_signer_close(s);
	return -1;
}

void
ck_signer_close(struct ck_signer *s)
{
	EVP_PKEY_free(s->key);
	free(s->cert);
	*s = (struct ck_signer){ .key = NULL };
}

/* ---- the conversation ---- */

struct drawing {
	struct ck_visit *v;
	const struct ck_draw *d;
	struct ck_signer site;
	struct ck_press press;
	struct ck_drawn *out;
	bool ended;
	size_t bytes;
};

/* signed by whoever signs this form */
static bool
original(const struct ck_draw *d)
{
	return d->mark == NULL && !d->slip;
}

static bool
digest_of(const json_t *line, unsigned char digest[DIGEST])
{
	const char *hex = json_string_value(json_object_get(line, "digest"));

	return hex != NULL && ck_unhex(hex, digest, DIGEST);
}

static int
nonsense(struct ck_err *err)
{
	return ck_fail(err, CK_E_PRINT_GONE, "it said something unexpected");
}

static bool
code_of(const struct drawing *dr, const unsigned char *digest, int page, char out[CK_FORMCODE_MAX],
    struct ck_err *err)
{
	struct ck_formcode code = { .page = page, .pages = dr->out->pages };

	if (strlen(dr->d->number) >= sizeof code.number || strlen(dr->d->form) >= sizeof code.form)
		return false;
	strcpy(code.number, dr->d->number);
	strcpy(code.form, dr->d->form);
	memcpy(code.digest, digest, sizeof code.digest);
	if (!ck_formcode_signed(&code, out))
		return false;
	/* without a key of the site it says whose page it is, and proves nothing */
	if (dr->site.key == NULL)
		return true;
	return ck_sign_p256(dr->site.key, out, code.sig, err) == 0 && ck_formcode_make(&code, out);
}

static int
give_codes(struct drawing *dr, const json_t *line, struct ck_err *err)
{
	unsigned char digest[DIGEST];
	char text[CK_FORMCODE_MAX];
	int pages = (int)json_integer_value(json_object_get(line, "pages"));

	if (!digest_of(line, digest) || pages < 1 || pages > CK_PAPER_PAGES_MAX ||
	    dr->out->qr != NULL)
		return nonsense(err);
	dr->out->pages = pages;
	dr->out->qr = json_array();
	for (int i = 1; i <= pages; i++) {
		if (!dr->d->slip && !code_of(dr, digest, i, text, err))
			return ck_fail(err, CK_E_INTERNAL, "code of page %d", i);
		json_array_append_new(dr->out->qr, json_string(dr->d->slip ? dr->d->number : text));
	}
	return ck_press_say(&dr->press, json_pack("{s:O}", "qr", dr->out->qr), err);
}

static int
sign(struct drawing *dr, const char *signer, const unsigned char *digest, unsigned char **cms,
    size_t *n, struct ck_err *err)
{
	const struct ck_draw *d = dr->d;

	if (strcmp(signer, "site") == 0)
		return ck_cms_sign(
		    dr->site.key, dr->site.cert, dr->site.cert_len, digest, d->made, cms, n, err);
	ck_busy_key(dr->v);
	return ck_cms_sign(d->key, d->cert, d->cert_len, digest, d->made, cms, n, err);
}

static int
give_signature(struct drawing *dr, const json_t *line, struct ck_err *err)
{
	const char *signer = json_string_value(json_object_get(line, "sign"));
	bool ours = strcmp(signer, "site") == 0
			? dr->site.key != NULL
			: strcmp(signer, "customer") == 0 && dr->d->cert != NULL;
	unsigned char digest[DIGEST], *cms = NULL;
	char *text = NULL;
	size_t n = 0;
	int rc = -1;

	if (!digest_of(line, digest) || !ours || !original(dr->d))
		return nonsense(err);
	if (sign(dr, signer, digest, &cms, &n, err) == -1)
		return -1;
	ck_talk_busy(&dr->v->talk, CK_BUSY_PAPER, DRAW_S);
	text = ck_base64(cms, n);
	if (text == NULL)
		ck_fail(err, CK_E_NO_MEMORY, "signature");
	else
		rc = ck_press_say(&dr->press, json_pack("{s:s}", "cms", text), err);
	free(text);
	free(cms);
	return rc;
}

static int
take_end(struct drawing *dr, const json_t *line, struct ck_err *err)
{
	json_int_t bytes = json_integer_value(json_object_get(line, "bytes"));
	int pages = (int)json_integer_value(json_object_get(line, "pages"));

	if (bytes < 1 || bytes > CK_PAPER_BYTES_MAX || pages < 1 || pages > CK_PAPER_PAGES_MAX ||
	    (dr->d->mark == NULL && (dr->out->qr == NULL || pages != dr->out->pages)))
		return nonsense(err);
	dr->out->pages = pages;
	dr->bytes = (size_t)bytes;
	dr->ended = true;
	return 0;
}

static int
take(struct drawing *dr, const json_t *line, struct ck_err *err)
{
	if (json_is_string(json_object_get(line, "end")))
		return take_end(dr, line, err);
	if (json_is_string(json_object_get(line, "sign")))
		return give_signature(dr, line, err);
	if (json_is_string(json_object_get(line, "digest")))
		return give_codes(dr, line, err);
	return nonsense(err);
}

/* Nobody may leave meanwhile: it is a second, and the signature is on it or is not. */
static int
converse(struct drawing *dr, struct ck_err *err)
{
	while (!dr->ended) {
		json_t *line = NULL;
		int rc, got = ck_press_hear(&dr->press, DRAW_S * 1000, &line, err);

		if (got == 0 && dr->press.front_left)
			return ck_fail(err, CK_E_STOPPED, "the person gave up for now");
		if (got == 0)
			return ck_press_silent(&dr->press, DRAW_S, err);
		if (got == -1)
			return -1;
		rc = take(dr, line, err);
		json_decref(line);
		if (rc == -1)
			return -1;
	}
	return 0;
}

static json_t *
request(const struct drawing *dr)
{
	const struct ck_draw *d = dr->d;
	json_t *signers = json_array();

	if (original(d) && d->cert != NULL)
		json_array_append_new(signers, json_string("customer"));
	if (original(d) && dr->site.key != NULL)
		json_array_append_new(signers, json_string("site"));
	return json_pack("{s:s, s:s, s:s, s:s*, s:s, s:I, s:O, s:s*, s:O*, s:o}", "paper", "form",
	    "forms", dr->v->site->paper.forms_dir, "form", d->form, "template", d->text, "number",
	    d->number, "made", (json_int_t)d->made, "fields", d->fields, "mark", d->mark, "qr",
	    d->qr, "signers", signers);
}

static int
read_document(struct drawing *dr, int file, struct ck_err *err)
{
	ssize_t n;

	dr->out->pdf = malloc(dr->bytes);
	if (dr->out->pdf == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "form");
	n = pread(file, dr->out->pdf, dr->bytes, 0);
	if (n != (ssize_t)dr->bytes)
		return ck_fail(err, CK_E_PRINT_GONE, "%zd of %zu bytes", n, dr->bytes);
	dr->out->n = dr->bytes;
	return 0;
}

int
ck_draw_form(struct ck_visit *v, const struct ck_draw *d, struct ck_drawn *out, struct ck_err *err)
{
	struct drawing dr = { .v = v, .d = d, .out = out };
	int rc = -1, file;

	*out = (struct ck_drawn){ .pdf = NULL };
	ck_talk_busy(&v->talk, CK_BUSY_PAPER, DRAW_S + CK_KEY_MARGIN_S);
	if (original(d) && ck_signer_open(&v->site->paper, &dr.site, err) == -1)
		return -1;
	if ((file = ck_paper_file(NULL, 0, err)) == -1)
		goto out;
	if (ck_press_start(&dr.press, &v->talk, file, request(&dr), err) == 0 &&
	    converse(&dr, err) == 0)
		rc = read_document(&dr, file, err);
	ck_press_end(&dr.press);
	close(file);
out:
	ck_signer_close(&dr.site);
	if (rc == -1)
		ck_drawn_free(out);
	return rc;
}

void
ck_drawn_free(struct ck_drawn *d)
{
	free(d->pdf);
	json_decref(d->qr);
	*d = (struct ck_drawn){ .pdf = NULL };
}
