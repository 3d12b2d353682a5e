/*
 * Station consent: the system's documents, one question each, before anything is asked of the key.
 * What was agreed to is on record by name, version and the hash of the very file that was shown, so
 * that it is asked once, and anew when the document has changed since. Who does not agree has spent
 * nothing; one who did before and finds another text leaves the renewal where it stands.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "walk/visit.h"

json_t *
ck_consents_of(const struct ck_record *r)
{
	const char *text = ck_record_text(r, 0, "consents");
	json_t *list = text != NULL ? json_loads(text, 0, NULL) : NULL;

	if (json_is_array(list))
		return list;
	json_decref(list);
	return json_array();
}

static bool
says(const json_t *o, const char *name, const char *text)
{
	const char *said = json_string_value(json_object_get(o, name));

	return said != NULL && strcmp(said, text) == 0;
}

static bool
agreed(const struct ck_visit *v, const struct ck_consent *c, const struct ck_document *d)
{
	json_t *list = ck_consents_of(v->record), *one;
	bool found = false;
	size_t i;

	json_array_foreach(list, i, one) found =
	    found || (says(one, "name", c->name) && says(one, "version", c->version) &&
			 says(one, "sha256", d->sha256));
	json_decref(list);
	return found;
}

static int
note(
    struct ck_visit *v, const struct ck_consent *c, const struct ck_document *d, struct ck_err *err)
{
	char at[CK_TIME_LEN], line[256], *text = NULL;
	json_t *list = ck_consents_of(v->record);
	int rc = -1;

	ck_time_text(ck_now(), at);
	snprintf(line, sizeof line, "agreed to: %s %s, SHA-256 %s", c->name, c->version, d->sha256);
	json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "name", c->name, "version",
					c->version, "sha256", d->sha256, "at", at));
	if ((text = json_dumps(list, JSON_COMPACT)) == NULL) {
		ck_fail(err, CK_E_NO_MEMORY, "consents");
	} else {
		struct ck_fact fact = ck_text_fact("consents", text, 0);

		rc = ck_visit_note(v,
		    &(struct ck_note){ .mark = CK_DONE,
			.text = line,
			.ledger = true,
			.facts = &fact,
			.n_facts = 1 },
		    err);
	}
	free(text);
	json_decref(list);
	if (rc == 0)
		ck_visit_did(v, "agreed", "{s:s, s:s}", "name", c->name, "version", c->version);
	return rc;
}

/* The file may be another one by the time the answer comes: an answer is to what was shown. */
static bool
is_about(const struct ck_visit *v, const struct ck_document *d)
{
	return ck_answered(&v->talk, CK_ASK_CONSENT) &&
	       says(json_object_get(v->talk.question, "facts"), "sha256", d->sha256);
}

static enum ck_turn
ask(struct ck_visit *v, size_t i, const struct ck_document *d)
{
	const struct ck_consent *c = &v->policy.consents[i];

	ck_question(&v->talk, CK_ASK_CONSENT, NULL, "{s:s, s:s, s:s, s:i, s:i, s:s}", "name",
	    c->name, "version", c->version, "sha256", d->sha256, "n", (int)i + 1, "of",
	    (int)v->policy.n_consents, "text", d->text);
	ck_question_field(&v->talk, "yes", CK_FIELD_YES, 1, 1, NULL);
	return CK_ASK;
}

/* GO: it is agreed to. */
static enum ck_turn
settle(struct ck_visit *v, size_t i, struct ck_err *err)
{
	const struct ck_consent *c = &v->policy.consents[i];
	enum ck_turn turn = CK_STOP;
	struct ck_document d;

	if (ck_consent_read(c, &d, err) == -1)
		return CK_STOP;
	if (agreed(v, c, &d)) {
		turn = CK_GO;
	} else if (!is_about(v, &d)) {
		turn = ask(v, i, &d);
	} else if (!ck_answer_yes(&v->talk, CK_ASK_CONSENT, "yes")) {
		ck_fail(err, CK_E_NOT_AGREED, "%s %s", c->name, c->version);
	} else if (note(v, c, &d, err) == 0) {
		ck_answer_drop(&v->talk);
		turn = CK_GO;
	}
	ck_document_free(&d);
	return turn;
}

enum ck_turn
ck_at_consent(struct ck_visit *v, struct ck_err *err)
{
	struct ck_fact all = ck_text_fact("consented", "yes", 0);
	struct ck_note done = {
		.mark = CK_DONE, .text = "all documents", .facts = &all, .n_facts = 1
	};
	enum ck_turn turn = CK_GO;

	for (size_t i = 0; turn == CK_GO && i < v->policy.n_consents; i++)
		turn = settle(v, i, err);
	if (turn != CK_GO)
		return turn;
	if (!v->done.consented && ck_visit_note(v, &done, err) == -1)
		return CK_STOP;
	v->seen.consented = true;
	return CK_GO;
}
