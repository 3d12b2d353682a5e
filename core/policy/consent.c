/*
 * Documents that are agreed to. Which there are is the system's file's to say; their texts are the
 * CA's, stand in files of their own and may be exchanged while the program runs. So a text is read,
 * and its hash taken, each time it is asked for.
 */
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/frame.h"
#include "base/utf8.h"
#include "policy/read.h"

/* some 40,000 Chinese characters; the longest rules on personal data have half as many */
#define TEXT_MAX (128 * 1024)
/* what a character that is filtered out becomes, U+FFFD, for one byte */
#define FILTERED 3
_Static_assert(FILTERED * TEXT_MAX < CK_LINE_MAX / 2, "a question with its text is one line");

/* ---- the list ---- */

static int
read_one(const struct ck_conf_at *at, struct ck_consent *c, struct ck_err *err)
{
	if (ck_conf_text(at, "name", true, c->name, sizeof c->name, err) != 1 ||
	    ck_conf_text(at, "version", true, c->version, sizeof c->version, err) != 1 ||
	    ck_conf_path(at, "file", true, c->file, sizeof c->file, err) != 1)
		return -1;
	ck_conf_place(at, "file", c->place, sizeof c->place);
	return 0;
}

/* On a form two of one name could not be told apart. */
static bool
is_twice(const struct ck_policy *p, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(p->consents[k].name, p->consents[i].name) == 0)
			return true;
	return false;
}

int
ck_policy_consents(const struct ck_conf_at *root, struct ck_policy *p, struct ck_err *err)
{
	int rc = ck_conf_list(root, "consents", false, CK_CONSENTS_MAX, &p->n_consents, err);

	for (size_t i = 0; rc == 1 && i < p->n_consents; i++) {
		const struct ck_conf_at *at = ck_conf_list_group(root, "consents", i, err);

		if (at == NULL || read_one(at, &p->consents[i], err) != 0)
			rc = -1;
		else if (is_twice(p, i))
			rc = ck_conf_wrong(
			    at, "name", err, "\"%s\" stands there twice", p->consents[i].name);
	}
	return rc < 0 ? -1 : 0;
}

/* ---- a text ---- */

/* where it stops being UTF-8; n: nowhere */
static size_t
broken_at(const char *text, size_t n)
{
	uint32_t cp = 0;
	size_t i = 0;
	int len = 0;

	while (i < n && (len = ck_utf8_next(text + i, n - i, &cp)) > 0)
		i += (size_t)len;
	return i;
}

/* Line by line, so that the ends of the lines are what is left of all that controls; as long as the
 * text of at most FILTERED times as many bytes. */
static char *
shown(const char *text)
{
	size_t cap = FILTERED * strlen(text) + 2, n = 0;
	char *out = malloc(cap);

	while (out != NULL && *text != '\0') {
		size_t line = strcspn(text, "\n"), whole = line;

		while (line > 0 && strchr("\r \t", text[line - 1]) != NULL)
			line--;
		ck_clean(out + n, cap - n, text, line);
		n += strlen(out + n);
		text += whole;
		if (*text == '\n') {
			out[n++] = '\n';
			text++;
		}
	}
	while (out != NULL && n > 0 && out[n - 1] == '\n')
		n--;
	if (out != NULL)
		out[n] = '\0';
	return out;
}

int
ck_consent_read(const struct ck_consent *c, struct ck_document *d, struct ck_err *err)
{
	unsigned char sha[SHA256_DIGEST_LENGTH];
	struct ck_err why = { 0 };
	char *text = NULL;
	size_t n, at;
	int rc = -1;

	*d = (struct ck_document){ .text = NULL };
	if (ck_conf_slurp(c->file, TEXT_MAX, &text, &why) != 0)
		return ck_fail(err, why.code, "%s: file: %s", c->place, why.detail);
	n = strlen(text);
	at = broken_at(text, n);
	SHA256((const unsigned char *)text, n, sha);
	ck_hex(sha, sizeof sha, d->sha256);
	if (at < n)
		ck_fail(err, CK_E_CONFIG, "%s: file: %s: not UTF-8 from byte %zu on", c->place,
		    c->file, at + 1);
	else if ((d->text = shown(text)) == NULL)
		ck_fail(err, CK_E_NO_MEMORY, "document");
	else if (d->text[strspn(d->text, " \n")] == '\0')
		ck_fail(err, CK_E_CONFIG, "%s: file: %s: nothing in it to be agreed to", c->place,
		    c->file);
	else
		rc = 0;
	free(text);
	if (rc != 0)
		ck_document_free(d);
	return rc;
}

void
ck_document_free(struct ck_document *d)
{
	free(d->text);
	d->text = NULL;
}

int
ck_consents_judge(const struct ck_policy *p, struct ck_err *err)
{
	struct ck_document d;

	for (size_t i = 0; i < p->n_consents; i++) {
		if (ck_consent_read(&p->consents[i], &d, err) != 0)
			return -1;
		ck_document_free(&d);
	}
	return 0;
}
