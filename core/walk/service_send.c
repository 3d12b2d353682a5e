/*
 * An application brought to its end: the form made, once; then it is handed to the desk, which has
 * one for each record however often it is sent, so that whatever was lost on the way is only said
 * again. What the desk turns down is over; what it could not be told waits, for a person or for
 * records tend.
 */
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certkiosk/forms.h"
#include "walk/service.h"

/* A reply that was lost is asked for once more at once: most are not lost twice. */
#define TRIES 2

/* ---- the record ---- */

static int
find(struct ck_visit *v, const char *number, struct ck_err *err)
{
	int found;

	if (number == NULL)
		return ck_fail(err, CK_E_USAGE, "record");
	ck_record_free(v->record);
	v->record = NULL;
	if ((found = ck_record_find(v->store, "number", number, &v->record, err)) != 1)
		return found == 0 ? ck_no_record(v->store, number, err) : -1;
	if (!ck_is_service(ck_record_head(v->record)))
		return ck_fail(err, CK_E_NO_RECORD, "%s", number);
	if (ck_record_head(v->record)->closed != 0)
		return ck_fail(err, CK_E_RECORD_CLOSED, "%s", number);
	return 0;
}

int
ck_service_take(struct ck_visit *v, const char *number, struct ck_err *err)
{
	const char *key;

	if (find(v, number, err) == -1)
		return -1;
	if ((key = ck_record_text(v->record, CK_ITEM_RECORD, "key")) == NULL)
		return ck_fail(err, CK_E_STORE_DAMAGED, "%s: no key", number);
	/* read again: somebody may have closed it until it was ours */
	if (ck_store_lock_key(v->store, key, err) == -1 || find(v, number, err) == -1)
		return -1;
	return ck_visit_take_system(v, ck_record_head(v->record)->system, err);
}

static int
finish(struct ck_visit *v, enum ck_record_state state, const char *text, struct ck_err *err)
{
	struct ck_line last = {
		.station = CK_SERVICE_WAY, .mark = CK_DONE, .text = text, .ledger = true
	};

	ck_record_keep_private(v->record, v->policy.keep_private_days);
	return ck_record_close(v->record, state, &last, err);
}

static int
note(struct ck_visit *v, enum ck_mark mark, const char *text, const struct ck_fact *fact,
    struct ck_err *err)
{
	return ck_record_put(v->record,
	    &(struct ck_line){ .station = CK_SERVICE_WAY,
		.mark = mark,
		.text = text,
		.ledger = true,
		.facts = fact,
		.n_facts = 1 },
	    err);
}

/* ---- sending ---- */

static int
hash_of_form(struct ck_visit *v, unsigned char sha[CK_HASH_LEN], struct ck_err *err)
{
	const char *number = ck_record_head(v->record)->number;
	unsigned char *pdf = NULL;
	size_t n = 0;
	int found = ck_form_get(v->store, number, CK_FORM_PDF, &pdf, &n, err);

	if (found == 1)
		SHA256(pdf, n, sha);
	free(pdf);
	return found == 1 ? 0 : found == 0 ? ck_fail(err, CK_E_FORM_WIPED, "%s", number) : -1;
}

/* as the desk is told them: a label is for people */
static json_t *
fields_of(const struct ck_record *r)
{
	const char *text = ck_record_text(r, 0, "fields");
	json_t *fields = text != NULL ? json_loads(text, 0, NULL) : NULL, *one;
	size_t i;

	json_array_foreach(fields, i, one) json_object_del(one, "label");
	return fields;
}

static int
say(struct ck_visit *v, const struct ck_application_wish *wish, struct ck_application *said,
    struct ck_err *err)
{
	for (int i = 0; i < TRIES; i++) {
		*err = (struct ck_err){ 0 };
		ck_busy_net(v);
		if (ck_desk_service(v->desk, wish, said, err) == 0)
			return 0;
		if (err->code != CK_E_DESK_SLOW)
			break;
	}
	return -1;
}

static int
submit(
    struct ck_visit *v, const struct ck_service *s, struct ck_application *said, struct ck_err *err)
{
	struct ck_application_wish wish = { .service = s->id,
		.record = ck_record_head(v->record)->number };
	struct ck_fact meant = ck_text_fact("sent", "meant", 0);
	json_t *fields = fields_of(v->record);
	int rc = -1;

	wish.fields = fields;
	if (fields == NULL)
		ck_fail(err, CK_E_STORE_DAMAGED, "the record has lost its fields");
	else if (hash_of_form(v, wish.form_sha256, err) == 0 && ck_visit_connect(v, err) == 0 &&
		 (ck_record_text(v->record, 0, "sent") != NULL ||
		     note(v, CK_INTENT, "application sent to the desk", &meant, err) == 0)) {
		wish.cert = ck_record_get(v->record, 0, "cert", &wish.cert_len);
		rc = say(v, &wish, said, err);
	}
	json_decref(fields);
	return rc;
}

/* A desk that said no will not say yes to the same. */
static bool
is_final(enum ck_code code)
{
	return code == CK_E_SERVICE_UNKNOWN || code == CK_E_SERVICE_CLOSED ||
	       code == CK_E_FIELD_WRONG;
}

static int
turned_down(struct ck_visit *v, const char *why, struct ck_err *err)
{
	struct ck_err no = { 0 };

	if (finish(v, CK_RECORD_REFUSED, why, &no) == -1)
		*err = no;
	return -1;
}

static int
settle(struct ck_visit *v, const struct ck_application *said, struct ck_err *err)
{
	struct ck_fact id = ck_text_fact("application", said->id, 0);
	char text[CK_DESK_ID_MAX + 64];

	snprintf(text, sizeof text, "application at the desk: %s", said->id);
	if (note(v, CK_DONE, text, &id, err) == -1)
		return -1;
	if (said->state != CK_SERVICE_REFUSED)
		return finish(v, CK_RECORD_DONE, "application handed in", err);
	ck_fail(err, CK_E_SERVICE_REFUSED, "%s", said->text);
	return turned_down(v, "SERVICE_REFUSED", err);
}

int
ck_service_go_on(struct ck_visit *v, struct ck_application *said, struct ck_err *err)
{
	const char *word = ck_record_text(v->record, 0, "service");
	const struct ck_service *s = word != NULL ? ck_service_of(&v->policy.services, word) : NULL;

	*said = (struct ck_application){ .id = "" };
	/* it was begun, and not a field of it was kept */
	if (word == NULL)
		return finish(v, CK_RECORD_ABANDONED, "no application was made", err);
	if (s == NULL)
		return ck_fail(err, CK_E_SERVICE_UNKNOWN, "%s: %s", v->policy.id, word);
	if (ck_record_text(v->record, 0, "form") == NULL && ck_service_form(v, s, err) == -1)
		return -1;
	if (!s->submits)
		return finish(v, CK_RECORD_DONE, "the form is brought to the CA", err);
	if (submit(v, s, said, err) == 0)
		return settle(v, said, err);
	return is_final(err->code) ? turned_down(v, ck_err_fact((int)err->code)->name, err) : -1;
}

/* ---- without a person, and given up ---- */

int
ck_service_tend(struct ck_visit *v, const char *number, struct ck_err *err)
{
	struct ck_application said;

	if (ck_service_take(v, number, err) == -1)
		return -1;
	(void)ck_service_go_on(v, &said, err);
	return ck_record_head(v->record)->closed != 0;
}

int
ck_service_drop(struct ck_visit *v, const char *number, struct ck_err *err)
{
	struct ck_application said;
	int found = 0;

	if (ck_service_take(v, number, err) == -1)
		return -1;
	if (ck_record_text(v->record, 0, "sent") != NULL) {
		ck_busy_net(v);
		if (ck_visit_connect(v, err) == -1 ||
		    (found = ck_desk_service_query(v->desk, number, &said, err)) == -1)
			return -1;
	}
	if (found == 0)
		return finish(v, CK_RECORD_ABANDONED, "application given up", err);
	if (settle(v, &said, err) == 0)
		ck_fail(err, CK_E_SERVICE_RECORD, "%s: %s", number, said.id);
	return -1;
}
