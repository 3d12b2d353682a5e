/*
 * What else is in a system's menu. Fields and papers are told once and named by each service that
 * wants them: most ask for the same.
 */
#include "policy/services.h"

#include <string.h>

#include "policy/read.h"

static const char *const type_words[] = { "text", "id", "mobile", "mail", "credit-code", NULL };
static const enum ck_person types[] = { CK_PERSON_NAME, CK_PERSON_RESIDENT_ID, CK_PERSON_MOBILE,
	CK_PERSON_MAIL, CK_PERSON_CREDIT_CODE };

static int
read_word(const struct ck_conf_at *at, const char *name, char out[CK_WORD_MAX], struct ck_err *err)
{
	if (ck_conf_text(at, name, true, out, CK_WORD_MAX, err) != 1)
		return -1;
	if (*out != '\0' && strspn(out, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(out))
		return 0;
	return ck_conf_wrong(
	    at, name, err, "\"%s\": expected small letters, digits and hyphens", out);
}

static int
read_called(const struct ck_conf_at *at, struct ck_service_called *c, struct ck_err *err)
{
	if (ck_conf_text(at, "zh", true, c->zh, sizeof c->zh, err) != 1 ||
	    ck_conf_text(at, "en", true, c->en, sizeof c->en, err) != 1)
		return -1;
	return 0;
}

/* ---- what there is to be asked and brought ---- */

static int
field_of(const struct ck_services *s, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(s->fields[i].name, name) == 0)
			return (int)i;
	return -1;
}

static int
paper_of(const struct ck_services *s, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(s->papers[i].name, name) == 0)
			return (int)i;
	return -1;
}

static int
read_field(const struct ck_conf_at *at, struct ck_services *s, size_t i, struct ck_err *err)
{
	struct ck_service_field *f = &s->fields[i];
	int type = 0;

	if (read_word(at, "name", f->name, err) == -1 || read_called(at, &f->label, err) == -1 ||
	    ck_conf_word(at, "type", true, type_words, &type, err) != 1)
		return -1;
	f->type = types[type];
	return field_of(s, i, f->name) == -1
		   ? 0
		   : ck_conf_wrong(at, "name", err, "\"%s\" stands there twice", f->name);
}

static int
read_paper(const struct ck_conf_at *at, struct ck_services *s, size_t i, struct ck_err *err)
{
	struct ck_service_paper *p = &s->papers[i];

	if (read_word(at, "name", p->name, err) == -1 || read_called(at, &p->called, err) == -1)
		return -1;
	return paper_of(s, i, p->name) == -1
		   ? 0
		   : ck_conf_wrong(at, "name", err, "\"%s\" stands there twice", p->name);
}

/* ---- a service ---- */

/* "reason?" may be left empty */
static int
read_wants(const struct ck_conf_at *at, const struct ck_services *s, struct ck_service *v,
    struct ck_err *err)
{
	char word[CK_WORD_MAX + 1] = "";

	if (ck_conf_list(at, "fields", true, CK_SERVICE_FIELDS_MAX, &v->n_fields, err) != 1)
		return -1;
	for (size_t i = 0; i < v->n_fields; i++) {
		size_t n;

		if (ck_conf_list_text(at, "fields", i, word, sizeof word, err) != 1)
			return -1;
		n = strlen(word);
		v->fields[i].required = n == 0 || word[n - 1] != '?';
		if (!v->fields[i].required)
			word[n - 1] = '\0';
		v->fields[i].at = field_of(s, s->n_fields, word);
		if (v->fields[i].at == -1)
			return ck_conf_wrong(at, "fields", err, "\"%s\" is no field", word);
		for (size_t k = 0; k < i; k++)
			if (v->fields[k].at == v->fields[i].at)
				return ck_conf_wrong(
				    at, "fields", err, "\"%s\" stands there twice", word);
	}
	return v->n_fields > 0 ? 0 : ck_conf_wrong(at, "fields", err, "the list is empty");
}

static int
read_brings(const struct ck_conf_at *at, const struct ck_services *s, struct ck_service *v,
    struct ck_err *err)
{
	char word[CK_WORD_MAX] = "";
	int rc = ck_conf_list(at, "papers", true, CK_SERVICE_PAPERS_MAX, &v->n_papers, err);

	for (size_t i = 0; rc == 1 && i < v->n_papers; i++) {
		if (ck_conf_list_text(at, "papers", i, word, sizeof word, err) != 1)
			return -1;
		v->papers[i] = paper_of(s, s->n_papers, word);
		if (v->papers[i] == -1)
			return ck_conf_wrong(at, "papers", err, "\"%s\" is no paper", word);
		for (size_t k = 0; k < i; k++)
			if (v->papers[k] == v->papers[i])
				return ck_conf_wrong(
				    at, "papers", err, "\"%s\" stands there twice", word);
	}
	return rc == 1 ? 0 : -1;
}

static int
read_note(const struct ck_conf_at *at, struct ck_service *v, struct ck_err *err)
{
	const struct ck_conf_at *note = NULL;
	int rc = ck_conf_group(at, "note", false, &note, err);

	return rc == 1 ? read_called(note, &v->note, err) : rc;
}

static int
read_service(const struct ck_conf_at *at, struct ck_services *s, size_t i, struct ck_err *err)
{
	struct ck_service *v = &s->at[i];

	if (read_word(at, "id", v->id, err) == -1 || read_called(at, &v->title, err) == -1 ||
	    ck_conf_bool(at, "certificate", true, &v->certificate, err) != 1 ||
	    ck_conf_bool(at, "submits", true, &v->submits, err) != 1 ||
	    read_wants(at, s, v, err) == -1 || read_brings(at, s, v, err) == -1 ||
	    read_note(at, v, err) == -1)
		return -1;
	for (size_t k = 0; k < i; k++)
		if (strcmp(s->at[k].id, v->id) == 0)
			return ck_conf_wrong(at, "id", err, "\"%s\" stands there twice", v->id);
	return 0;
}

/* ---- the group ---- */

static int
each_of(const struct ck_conf_at *at, const char *list, size_t max, size_t *n,
    int (*read)(const struct ck_conf_at *, struct ck_services *, size_t, struct ck_err *),
    struct ck_services *s, struct ck_err *err)
{
	if (ck_conf_list(at, list, true, max, n, err) != 1)
		return -1;
	for (size_t i = 0; i < *n; i++) {
		const struct ck_conf_at *one = ck_conf_list_group(at, list, i, err);

		if (one == NULL || read(one, s, i, err) == -1)
			return -1;
	}
	return *n > 0 ? 0 : ck_conf_wrong(at, list, err, "the list is empty");
}

int
ck_policy_services(const struct ck_conf_at *root, struct ck_policy *p, struct ck_err *err)
{
	struct ck_services *s = &p->services;
	const struct ck_conf_at *at = NULL;
	int rc = ck_conf_group(root, "services", false, &at, err);

	if (rc != 1)
		return rc;
	if (ck_conf_text(at, "form", true, s->form, sizeof s->form, err) != 1)
		return -1;
	if (!ck_good_id(s->form, strlen(s->form)))
		return ck_conf_wrong(
		    at, "form", err, "expected a form's name, found \"%s\"", s->form);
	if (each_of(at, "fields", CK_SERVICE_FIELDS_MAX, &s->n_fields, read_field, s, err) == -1 ||
	    each_of(at, "papers", CK_SERVICE_PAPERS_MAX, &s->n_papers, read_paper, s, err) == -1)
		return -1;
	return each_of(at, "list", CK_SERVICES_MAX, &s->n, read_service, s, err);
}

const struct ck_service *
ck_service_of(const struct ck_services *s, const char *id)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->at[i].id, id) == 0)
			return &s->at[i];
	return NULL;
}
