/*
 * certkiosk service: an application for something else of a system's menu. Whose certificate it is
 * about is read from the key, without a PIN; what is asked is the system's file's to say. With the
 * fields the record begins, and from there on it survives (service_send.c).
 */
#include "walk/service.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/formfile.h"
#include "base/log.h"
#include "certkiosk/forms.h"
#include "walk/own.h"
#include "walk/paper.h"
#include "walk/parked.h"

#define STEP_S 60
#define LOOK_AGAIN_S 3600 /* until records tend is run once more */

/* what is known before there is a record */
struct filling {
	const struct ck_service *service;
	unsigned char *cert; /* NULL: it is about none */
	size_t cert_len;
	json_t *fields;
};

static const char *
text(const json_t *order, const char *name)
{
	return json_string_value(json_object_get(order, name));
}

/* ---- the certificate it is about ---- */

struct newest {
	struct filling *f;
	int64_t not_after;
};

static enum ck_turn
take_key(struct ck_visit *v, struct ck_err *err)
{
	return ck_take_key(v, NULL, err);
}

/* The system's own that ends last. */
static int
consider(struct ck_visit *v, void *u, const struct ck_own_cert *c, struct ck_err *err)
{
	struct newest *n = u;
	unsigned char *copy;
	bool ours = false;

	if (ck_own_signed_by(v->system, v->system->issuers, c, &ours, err) == -1)
		return -1;
	if (!ours || (n->f->cert != NULL && c->facts.not_after <= n->not_after))
		return 0;
	if ((copy = malloc(c->n)) == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "certificate");
	memcpy(copy, c->der, c->n);
	free(n->f->cert);
	n->f->cert = copy;
	n->f->cert_len = c->n;
	n->not_after = c->facts.not_after;
	return 0;
}

static int
read_key(struct ck_visit *v, struct filling *f, struct ck_err *err)
{
	struct newest n = { .f = f };

	if (ck_visit_settle(v, take_key, err) == -1 || ck_own_each_cert(v, consider, &n, err) == -1)
		return -1;
	return f->cert != NULL ? 0 : ck_fail(err, CK_E_UNKNOWN_ISSUER, "%s", v->key.serial);
}

/* ---- what is typed ---- */

static const struct ck_service_field *
field_of(const struct ck_visit *v, const struct ck_service *s, size_t i)
{
	return &v->policy.services.fields[s->fields[i].at];
}

static json_t *
called(const struct ck_service_called *c)
{
	return c->zh[0] != '\0' ? json_pack("{s:s, s:s}", "zh", c->zh, "en", c->en) : NULL;
}

static json_t *
papers_of(const struct ck_visit *v, const struct ck_service *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->n_papers; i++)
		json_array_append_new(
		    list, called(&v->policy.services.papers[s->papers[i]].called));
	return list;
}

/* what it is called, and what it has to be, where that is not just any text */
static json_t *
label_of(const struct ck_service_field *f)
{
	json_t *label = called(&f->label);

	if (f->type != CK_PERSON_NAME)
		json_object_set_new(label, "is", json_string(ck_person_name(f->type)));
	return label;
}

/* values: as they were typed; taken over */
static void
ask(struct ck_visit *v, const struct ck_service *s, json_t *values)
{
	json_t *labels = json_object();
	const char *doubtful = NULL;

	for (size_t i = 0; i < s->n_fields; i++) {
		const struct ck_service_field *f = field_of(v, s, i);

		json_object_set_new(labels, f->name, label_of(f));
		if (f->type == CK_PERSON_CREDIT_CODE && v->errand.doubtful[0] != '\0')
			doubtful = f->name;
	}
	ck_question(&v->talk, CK_ASK_SERVICE, &v->trouble,
	    "{s:s, s:o, s:o*, s:o, s:b, s:s, s:o, s:o, s:s*}", "service", s->id, "title",
	    called(&s->title), "note", called(&s->note), "bring", papers_of(v, s), "submits",
	    s->submits, "hotline", v->policy.hotline, "labels", labels, "values", values,
	    "doubtful", doubtful);
	for (size_t i = 0; i < s->n_fields; i++)
		ck_question_field(&v->talk, field_of(v, s, i)->name, CK_FIELD_TEXT,
		    s->fields[i].required, CK_PERSON_CHARS, "any");
}

static int
wrong(struct ck_visit *v, const char *name)
{
	return ck_fail(&v->trouble, CK_E_FIELD_WRONG, "%s", name);
}

static int
take_field(struct ck_visit *v, const struct ck_service *s, size_t i, json_t *values, json_t *out)
{
	const struct ck_service_field *f = field_of(v, s, i);
	const char *typed = ck_answer_text(&v->talk, CK_ASK_SERVICE, f->name);
	char normal[CK_PERSON_MAX] = "";
	enum ck_person_is is;

	json_object_set_new(values, f->name, json_string(typed != NULL ? typed : ""));
	if (typed == NULL || *typed == '\0')
		return s->fields[i].required ? wrong(v, f->name) : 0;
	is = ck_person_take(f->type, typed, ck_day_of(ck_now()), normal);
	if (is == CK_PERSON_WRONG || (is == CK_PERSON_DOUBTFUL && !ck_insisted(v, normal)))
		return wrong(v, f->name);
	json_array_append_new(out,
	    json_pack("{s:s, s:s, s:s}", "name", f->name, "label", f->label.zh, "value", normal));
	return 0;
}

/* 0 all are right, 1 one is not: v->trouble says which, and values what was typed */
static int
take_fields(struct ck_visit *v, struct filling *f, json_t *values)
{
	v->trouble = (struct ck_err){ 0 };
	json_decref(f->fields);
	f->fields = json_array();
	for (size_t i = 0; i < f->service->n_fields; i++)
		if (take_field(v, f->service, i, values, f->fields) == -1 &&
		    v->trouble.code == CK_E_NONE)
			return wrong(v, "");
	return v->trouble.code != CK_E_NONE;
}

static int
fill_in(struct ck_visit *v, struct filling *f, struct ck_err *err)
{
	json_t *values = json_object();
	int rc = 1;

	while (rc == 1) {
		ck_answer_drop(&v->talk);
		ask(v, f->service, values);
		if (ck_talk_ask(&v->talk, err) == -1)
			return -1;
		values = json_object();
		rc = take_fields(v, f, values);
	}
	json_decref(values);
	ck_answer_drop(&v->talk);
	return rc;
}

/* ---- the record ---- */

static int
put(struct ck_visit *v, const struct filling *f, struct ck_err *err)
{
	char *fields = json_dumps(f->fields, JSON_COMPACT), said[96];
	struct ck_fact facts[3];
	struct ck_line line = { .station = CK_SERVICE_WAY,
		.mark = CK_DONE,
		.text = said,
		.ledger = true,
		.facts = facts,
		.n_facts = f->cert != NULL ? 3 : 2 };
	int rc;

	if (fields == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "fields");
	facts[0] = ck_text_fact("service", f->service->id, 0);
	facts[1] = ck_text_fact("fields", fields, CK_FACT_SEALED);
	facts[2] = (struct ck_fact){
		.name = "cert", .bytes = f->cert, .n = f->cert_len, .flags = CK_FACT_SEALED
	};
	snprintf(said, sizeof said, "application filled in: %s", f->service->id);
	rc = ck_record_put(v->record, &line, err);
	free(fields);
	return rc;
}

static int
begin(struct ck_visit *v, const struct filling *f, struct ck_err *err)
{
	unsigned char random[16];
	char key[2 * sizeof random + 16], hex[2 * sizeof random + 1];

	if (RAND_bytes(random, sizeof random) != 1)
		return ck_fail(err, CK_E_INTERNAL, "no random numbers");
	ck_hex(random, sizeof random, hex);
	/* in the place of a key: no module is called so */
	snprintf(key, sizeof key, CK_SERVICE_WAY "|%s", hex);
	if (ck_store_lock_key(v->store, key, err) == -1 ||
	    ck_record_begin(v->store, v->system->id, CK_SERVICE_WAY,
		v->clerk != NULL ? v->clerk->id : "", key, &v->record, err) == -1 ||
	    put(v, f, err) == -1)
		return -1;
	/* whatever becomes of this program: the number is known from now on */
	ck_talk_did(&v->talk, CK_SERVICE_WAY, 1, 1, "application-kept", "{s:s}", "record",
	    ck_record_head(v->record)->number);
	return 0;
}

static int
apply(struct ck_visit *v, struct filling *f, const json_t *order, struct ck_err *err)
{
	const char *system = text(order, "system"), *word = text(order, "service");
	char *template = NULL;

	if (system == NULL || word == NULL)
		return ck_fail(err, CK_E_USAGE, "system, service");
	if (ck_visit_take_system(v, system, err) == -1)
		return -1;
	if ((f->service = ck_service_of(&v->policy.services, word)) == NULL)
		return ck_fail(err, CK_E_SERVICE_UNKNOWN, "%s: %s", system, word);
	/* nobody fills in what can't be put on paper */
	if (ck_form_file(v->site->paper.forms_dir, v->policy.services.form, &template, err) == -1)
		return -1;
	free(template);
	ck_talk_step(&v->talk, "service", 1, 1, STEP_S);
	if (f->service->certificate && read_key(v, f, err) == -1)
		return -1;
	ck_visit_let_go(v);
	if (fill_in(v, f, err) == -1)
		return -1;
	ck_talk_step(&v->talk, "service", 1, 1, STEP_S);
	return begin(v, f, err);
}

/* ---- the end ---- */

/* It waits for the line; whoever looks after records sends it. */
static enum ck_outcome
park(struct ck_visit *v)
{
	struct ck_err no = { 0 };

	if (ck_record_park(v->record, CK_WAITS_LINE, ck_now() + LOOK_AGAIN_S, &no) == -1)
		ck_log_err(CK_LOG_WARN, "the application", &no);
	return CK_END_PARKED;
}

static enum ck_outcome
outcome_of(struct ck_visit *v)
{
	const struct ck_record_head *h = ck_record_head(v->record);

	if (h->closed == 0)
		return park(v);
	return h->state == CK_RECORD_DONE ? CK_END_DONE : CK_END_REFUSED;
}

static json_t *
facts_of(struct ck_visit *v, const struct ck_application *said)
{
	const char *word = ck_record_text(v->record, 0, "service");
	const struct ck_service *s = word != NULL ? ck_service_of(&v->policy.services, word) : NULL;
	json_t *facts = json_pack("{s:s*, s:s*}", "hotline",
	    v->policy.hotline[0] != '\0' ? v->policy.hotline : NULL, "text",
	    said->text[0] != '\0' ? said->text : NULL);
	struct ck_err no = { 0 };
	struct ck_form form;

	if (s != NULL)
		json_object_update_new(
		    facts, json_pack("{s:o, s:o*, s:o}", "title", called(&s->title), "note",
			       called(&s->note), "bring", papers_of(v, s)));
	if (said->id[0] != '\0')
		json_object_update_new(facts, json_pack("{s:s, s:s}", "application", said->id,
						  "state", ck_service_state_names[said->state]));
	if (ck_form_of(v->store, ck_record_head(v->record)->number, &form, &no) == 1)
		ck_form_tell(&form, facts);
	return facts;
}

enum ck_outcome
ck_apply(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	struct ck_talk talk = { .link = link };
	struct filling f = { .service = NULL };
	struct ck_application said = { .id = "" };
	struct ck_err err = { 0 };
	struct ck_visit *v = ck_own_begin(site, link, order, &err);
	const char *record = text(order, "record");
	enum ck_outcome outcome = CK_END_REFUSED;
	char number[CK_NUMBER_MAX] = "";
	json_t *facts = NULL;
	int rc = -1;

	if (v != NULL)
		rc = record != NULL ? ck_service_take(v, record, &err) : apply(v, &f, order, &err);
	if (rc == 0) {
		memcpy(number, ck_record_head(v->record)->number, sizeof number);
		(void)ck_service_go_on(v, &said, &err);
		outcome = outcome_of(v);
		/* also of one that was turned down: it may be brought */
		ck_paper_after(v);
		facts = facts_of(v, &said);
	} else if (err.code == CK_E_USAGE) {
		outcome = CK_END_USAGE;
	}
	free(f.cert);
	json_decref(f.fields);
	ck_visit_close(v);
	ck_talk_end(&talk, outcome, number[0] != '\0' ? number : NULL, facts, &err);
	return outcome;
}

enum ck_outcome
ck_drop_application(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	struct ck_err err = { 0 };
	struct ck_visit *v = ck_own_begin(site, link, order, &err);
	enum ck_outcome outcome = CK_END_REFUSED;

	if (v != NULL && ck_service_drop(v, text(order, "record"), &err) == 0)
		outcome = CK_END_ABANDONED;
	return ck_own_end(v, link, outcome, &err);
}
