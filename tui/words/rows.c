/* The rows of lists in words: keys, records, certificates, findings. */
#include "rows.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "desk_rows.h"
#include "service_rows.h"
#include "kit/text.h"
#include "say.h"

/* of a ledger's numbers, so that they stand under each other */
#define SEQ_COLUMNS 3
/* of what is told of a system, below its verdict */
#define NOTICE_INDENT 8

static void
show_entry(const struct ck_show *s, const json_t *entry)
{
	const json_t *cert = json_object_get(entry, "certificate");

	if (!json_is_object(cert)) {
		bool closed = json_is_true(json_object_get(entry, "closed"));

		say(s, "keys", closed ? "closed" : "no-cert", entry);
		return;
	}
	if (json_object_get(cert, "error") != NULL) {
		say(s, "keys", "bad-cert", entry);
		return;
	}
	say(s, "keys", "cert", cert);
	say(s, "keys", "issuer", cert);
	if (strcmp(text_of(entry, "private"), "no") == 0)
		say(s, "keys", "no-private", entry);
}

/* the verdict of a system, below its title */
static void
show_verdict(const struct ck_show *s, const json_t *at)
{
	static const char *const names[] = { "class", NULL };
	json_t *more = with_words(s, at, names);
	char verdict[CK_SENTENCE_MAX], line[CK_SENTENCE_MAX + 8];

	ck_fill(verdict, sizeof verdict, word(s, "policy", text_of(at, "rule")), more);
	snprintf(line, sizeof line, "      %s", verdict);
	s->line(s->u, line, (int)strspn(line, " ") + MARK_COLUMNS);
	json_decref(more);
}

void
ck_show_notice(const struct ck_show *s, int indent, const json_t *notice, const char *hotline)
{
	char text[CK_SENTENCE_MAX], line[CK_SENTENCE_MAX + NOTICE_INDENT];

	for (int i = 0; i < CK_NOTICE_LINES; i++) {
		if (!ck_phrase_notice(s->lang, i, notice, hotline, text))
			continue;
		snprintf(line, sizeof line, "%*s%s", indent, "", text);
		s->line(s->u, line, indent);
	}
}

/* what this site can do for a certificate */
static void
show_offers(const struct ck_show *s, const json_t *entry, const json_t *notices)
{
	const json_t *systems = json_object_get(entry, "systems"), *at;
	size_t i;

	if (json_is_string(json_object_get(entry, "unique_id")))
		say(s, "keys", "unique-id", entry);
	if (systems != NULL && json_array_size(systems) == 0)
		say(s, "status", "chain-none", entry);
	json_array_foreach(systems, i, at)
	{
		say(s, "status", "system", at);
		show_verdict(s, at);
		ck_show_notice(s, NOTICE_INDENT, json_object_get(notices, text_of(at, "system")),
		    text_of(at, "hotline"));
	}
}

/* whose it is, and what waits for it */
static void
show_owner(const struct ck_show *s, const json_t *row)
{
	static const char *const names[] = { "state", "station", "way", NULL };
	const json_t *record = json_object_get(row, "record");
	json_t *more = NULL;

	if (json_object_get(row, "clerk") != NULL)
		say(s, "keys", "clerk", json_object_get(row, "clerk"));
	if (record == NULL)
		return;
	more = with_words(s, record, names);
	say(s, "keys", "record", more);
	json_decref(more);
}

static void
show_key(const struct ck_show *s, const json_t *row)
{
	const json_t *pin = json_object_get(row, "pin"), *entry;
	char name[32], text[CK_SENTENCE_MAX], state[CK_SENTENCE_MAX], both[2 * CK_SENTENCE_MAX + 4];
	size_t i;

	snprintf(name, sizeof name, "pin-%.16s", text_of(pin, "state"));
	ck_fill(text, sizeof text, word(s, "keys", "key"), row);
	ck_fill(state, sizeof state, word(s, "keys", name), pin);
	snprintf(both, sizeof both, "%s   %s", text, state);
	s->line(s->u, both, MARK_COLUMNS);
	say(s, "keys", "reader", row);
	if (json_is_true(json_object_get(row, "readonly")))
		say(s, "keys", "readonly", row);
	if (json_is_false(json_object_get(row, "two_pairs")))
		say(s, "keys", "one-pair", row);
	show_owner(s, row);
	json_array_foreach(json_object_get(row, "entries"), i, entry)
	{
		show_entry(s, entry);
		show_offers(s, entry, json_object_get(row, "notices"));
	}
}

static void
show_stranger(const struct ck_show *s, const json_t *unknown)
{
	say(s, "keys", "unknown", unknown);
	say(s, "keys", "unknown-todo", unknown);
}

static void
show_event(const struct ck_show *s, const json_t *row)
{
	const char *event = text_of(row, "event");
	json_t *facts = json_copy((json_t *)(uintptr_t)row);
	struct ck_told told;

	if (json_object_get(row, "error") != NULL) {
		ck_tell_err(s->lang, json_object_get(row, "error"), NULL, &told);
		json_object_set_new(facts, "title", json_string(told.title));
		json_object_set_new(facts, "what", json_string(told.what));
		json_object_set_new(facts, "todo", json_string(told.todo));
		json_object_set_new(facts, "detail", json_string(told.detail));
	}
	say(s, "watch", event, facts);
	if (strcmp(event, "key") == 0)
		show_key(s, row);
	if (strcmp(event, "unknown") == 0)
		show_stranger(s, json_object_get(row, "unknown"));
	json_decref(facts);
}

/* columns of the longest word of a group */
static int
widest(enum ck_lang lang, const char *group)
{
	const struct ck_sentence *w;
	size_t n = strlen(group);
	int columns = 0, widest = 0;

	for (size_t i = 0; (w = ck_sentence_at(lang, i)) != NULL; i++) {
		if (strncmp(w->name, group, n) != 0 || w->name[n] != '.')
			continue;
		columns = ck_columns(w->text);
		widest = columns > widest ? columns : widest;
	}
	return widest;
}

/* the words beside these names as columns of a list */
static void
align(const struct ck_show *s, json_t *row, const char *const *names)
{
	char beside[32];

	for (; *names != NULL; names++) {
		const char *text = NULL;
		int pad = 0;

		snprintf(beside, sizeof beside, "%s_text", *names);
		text = text_of(row, beside);
		pad = widest(s->lang, *names) - ck_columns(text);
		json_object_set_new(
		    row, beside, json_sprintf("%s%*s", text, pad > 0 ? pad : 0, ""));
	}
}

static void
show_record(const struct ck_show *s, const json_t *row)
{
	static const char *const names[] = { "state", "way", "station", NULL };
	static const char *const columns[] = { "state", "way", NULL };
	json_t *more = with_words(s, row, names);

	align(s, more, columns);
	/* where a closed one was last is of no use to anybody */
	if (!json_is_null(json_object_get(row, "closed")))
		json_object_del(more, "station_text");
	say(s, "records", "row", more);
	if (json_object_get(row, "name") != NULL)
		say(s, "records", "holder", row);
	if (json_object_get(row, "slip") != NULL)
		say(s, "records", "slip", row);
	if (json_object_get(row, "form") != NULL) {
		json_object_set_new(
		    more, "form_text", json_string(word(s, "form", text_of(row, "form"))));
		say(s, "records", "form", more);
	}
	if (strcmp(text_of(row, "state"), "parked") == 0) {
		json_object_set_new(
		    more, "waits_text", json_string(word(s, "waits", text_of(row, "reason"))));
		say(s, "records", "waits", more);
	}
	if (json_is_string(json_object_get(row, "deadline")))
		say(s, "records", "deadline", more);
	json_decref(more);
}

/* what records tend did about one */
static void
show_tended(const struct ck_show *s, const json_t *row)
{
	json_t *more = json_deep_copy(row);
	const json_t *at = json_object_get(row, "at"), *err = json_object_get(row, "error");
	char text[CK_SENTENCE_MAX];
	struct ck_told told;

	json_object_set_new(
	    more, "waits_text", json_string(word(s, "waits", text_of(row, "reason"))));
	json_object_set_new(more, "kiosk", json_string(text_of(at, "kiosk")));
	json_object_set_new(more, "there", json_string(text_of(at, "record")));
	if (err != NULL) {
		ck_tell_err(s->lang, err, NULL, &told);
		json_object_set_new(more, "title", json_string(told.title));
	}
	say(s, "tended", text_of(row, "did"), more);
	ck_phrase_left(s->lang, json_object_get(row, "left"), text);
	json_object_set_new(more, "left_text", json_string(text));
	if (*text != '\0')
		say(s, "tended", "left", more);
	json_decref(more);
}

/* whose records purge left alone, and why */
static void
show_unpurged(const struct ck_show *s, const json_t *row)
{
	json_t *more = json_deep_copy(row);
	struct ck_told told;

	ck_tell_err(s->lang, json_object_get(row, "error"), NULL, &told);
	json_object_set_new(more, "title", json_string(told.title));
	say(s, "purge", "skipped", more);
	json_decref(more);
}

/* The engine's own words and names of errors; what it heard from others stays as it is. */
static const char *
line_text(const struct ck_show *s, const char *text)
{
	const char *known = ck_word(s->lang, "line", text);
	const struct ck_err_fact *f = NULL;

	for (int i = 0; known == NULL && (f = ck_err_at(i)) != NULL; i++)
		if (strcmp(f->name, text) == 0)
			known = ck_err_word(s->lang, (int)f->code)->title;
	return known != NULL ? known : text;
}

/* Is what stands before the colon a text of ours that lists something? */
static bool
lists(const struct ck_show *s, const char *text)
{
	const char *colon = strstr(text, ": ");
	char head[CK_SENTENCE_MAX];

	if (colon == NULL || ck_word(s->lang, "line", text) != NULL)
		return false;
	snprintf(head, sizeof head, "%.*s", (int)(colon - text), text);
	return ck_word(s->lang, "line", head) != NULL;
}

/* "TEXT: pair=ID pin": what the last line of a record says is left undone */
static void
listed_text(const struct ck_show *s, const char *text, char out[CK_SENTENCE_MAX])
{
	char head[CK_SENTENCE_MAX], list[CK_SENTENCE_MAX], *one, *rest = NULL, *value;
	const char *colon = strstr(text, ": ");
	json_t *left = json_array();

	snprintf(head, sizeof head, "%.*s", (int)(colon - text), text);
	snprintf(list, sizeof list, "%s", colon + 2);
	for (one = strtok_r(list, " ", &rest); one != NULL; one = strtok_r(NULL, " ", &rest)) {
		if ((value = strchr(one, '=')) != NULL)
			*value++ = '\0';
		/* a counter's name and its record are nothing to be put in words */
		if (ck_word(s->lang, "left", one) == NULL)
			break;
		json_array_append_new(left,
		    json_pack("{s:s, s:s*, s:s*}", "what", one, "id", value, "serial", value));
	}
	if (one == NULL)
		ck_phrase_left(s->lang, left, list);
	else
		snprintf(list, sizeof list, "%s", colon + 2);
	/* a line of the record has 255 bytes, in words a few times that */
	snprintf(out, CK_SENTENCE_MAX, "%.255s: %.1270s", word(s, "line", head), list);
	json_decref(left);
}

/* of a record's number, beside which the others stand */
#define RECORD_COLUMNS 18

/* What a line of the ledger is about, where it is no record: a clerk, or a key, which the ledger
 * names by its keyed hash alone. */
static json_t *
place_text(const struct ck_show *s, const char *place)
{
	const char *name = strncmp(place, "key:", 4) == 0      ? "key"
			   : strncmp(place, "clerk:#", 7) == 0 ? "stranger"
			   : strncmp(place, "clerk:", 6) == 0  ? "clerk"
							       : NULL;
	char text[CK_SENTENCE_MAX];
	json_t *facts;
	int pad;

	if (name == NULL)
		return json_string(place);
	facts = json_pack("{s:s}", "id", strchr(place, ':') + 1);
	ck_fill(text, sizeof text, word(s, "place", name), facts);
	json_decref(facts);
	pad = RECORD_COLUMNS - ck_columns(text);
	return json_sprintf("%s%*s", text, pad > 0 ? pad : 0, "");
}

/* of a record, or of the ledger: group.line is what stands before the text */
static void
show_record_line(const struct ck_show *s, const char *group, const json_t *row)
{
	static const char *const names[] = { "station", "mark", NULL };
	json_t *more = with_words(s, row, names);
	/* what was done outside of a renewal: signing in, a PIN, a key looked at */
	const char *service = ck_word(s->lang, "service", text_of(row, "station"));
	char text[CK_SENTENCE_MAX], listed[CK_SENTENCE_MAX] = "";
	int hang;

	if (service != NULL)
		json_object_set_new(more, "station_text", json_string(service));
	align(s, more, names);
	json_object_set_new(more, "record", place_text(s, text_of(row, "record")));
	if (json_object_get(row, "seq") != NULL)
		json_object_set_new(more, "seq",
		    json_sprintf("%*lld", SEQ_COLUMNS,
			(long long)json_integer_value(json_object_get(row, "seq"))));
	ck_fill(text, sizeof text, word(s, group, "line"), more);
	hang = ck_columns(text);
	if (lists(s, text_of(row, "text")))
		listed_text(s, text_of(row, "text"), listed);
	snprintf(text + strlen(text), sizeof text - strlen(text), "%s",
	    *listed != '\0' ? listed : line_text(s, text_of(row, "text")));
	s->line(s->u, text, hang);
	json_decref(more);
}

static void
show_system(const struct ck_show *s, const json_t *at)
{
	const char *desk = text_of(at, "desk");
	struct ck_told told;
	json_t *more = NULL;

	say(s, "status", "system", at);
	if (!json_is_true(json_object_get(at, "issuers")) &&
	    !json_is_true(json_object_get(at, "accepted"))) {
		say(s, "status", "foreign", at);
		return;
	}
	say(s, "status", json_is_true(json_object_get(at, "accepted")) ? "accepted" : "issuers",
	    at);
	if (json_object_get(at, "error") != NULL) {
		ck_tell_err(s->lang, json_object_get(at, "error"), NULL, &told);
		more = json_pack("{s:s}", "title", told.title);
		say(s, "status", "silent", more);
		json_decref(more);
	} else {
		say(s, "status", desk, at);
	}
	show_verdict(s, at);
}

static void
show_chain(const struct ck_show *s, const json_t *chain)
{
	const char *state = text_of(chain, "state");
	const json_t *at;
	size_t i;

	json_array_foreach(json_object_get(chain, "issuers"), i, at)
	    say(s, "status", "chain-link", at);
	if (json_is_true(json_object_get(chain, "weak")))
		say(s, "status", "chain-weak", chain);
	if (strcmp(state, "whole") != 0)
		say(s, "status", strcmp(state, "open") == 0 ? "chain-open" : "chain-none", chain);
}

static void
show_tried(const struct ck_show *s, const json_t *tried)
{
	static const char *const names[] = { "source", NULL };
	json_t *more = with_words(s, tried, names);
	struct ck_told told;

	ck_tell_err(s->lang, json_object_get(tried, "error"), NULL, &told);
	json_object_set_new(more, "title", json_string(told.title));
	say(s, "status", "rev-tried", more);
	json_decref(more);
}

static void
show_revocation(const struct ck_show *s, const json_t *revocation)
{
	static const char *const names[] = { "source", "reason", "why", NULL };
	json_t *more = with_words(s, revocation, names);
	char what[32];
	const json_t *at;
	size_t i;

	snprintf(what, sizeof what, "rev-%.16s", text_of(revocation, "status"));
	say(s, "status", what, more);
	if (json_is_string(json_object_get(revocation, "why")) &&
	    json_is_string(json_object_get(revocation, "source")))
		say(s, "status", "rev-why", more);
	json_array_foreach(json_object_get(revocation, "tried"), i, at) show_tried(s, at);
	json_decref(more);
}

static void
show_status(const struct ck_show *s, const json_t *row)
{
	const json_t *at;
	size_t i;

	show_entry(s, row);
	say(s, "status", text_of(row, "validity"), row);
	show_chain(s, json_object_get(row, "chain"));
	show_revocation(s, json_object_get(row, "revocation"));
	json_array_foreach(json_object_get(row, "systems"), i, at) show_system(s, at);
}

/* what was found, and under it what can be done about it */
static void
show_finding(const struct ck_show *s, const json_t *row)
{
	const char *kind = text_of(row, "kind");
	const json_t *err = json_object_get(row, "error");
	json_t *more = json_deep_copy(row);
	struct ck_told told;

	if (strcmp(kind, "room") == 0 && json_is_null(json_object_get(row, "total")))
		kind = "room-unknown";
	if (err != NULL) {
		ck_tell_err(s->lang, err, NULL, &told);
		json_object_set_new(more, "title", json_string(told.title));
	}
	json_object_set_new(more, "cli", json_boolean(s->cli));
	say(s, "doctor", kind, more);
	if (json_is_true(json_object_get(row, "safe")))
		say(s, "doctor", text_of(row, "act"), more);
	else if (ck_word(s->lang, "remedy", kind) != NULL)
		say(s, "remedy", kind, more);
	json_decref(more);
}

static void
show_form(const struct ck_show *s, const json_t *row)
{
	json_t *more = json_deep_copy(row);

	json_object_set_new(more, "form_text", json_string(word(s, "form", text_of(row, "state"))));
	say(s, "forms", "row", more);
	json_decref(more);
}

static void
show_printer(const struct ck_show *s, const json_t *row)
{
	const char *title = ck_phrase_title(s->lang, text_of(row, "why"));
	json_t *more = json_deep_copy(row);

	if (title != NULL)
		json_object_set_new(more, "title", json_string(title));
	if (json_is_false(json_object_get(row, "accepting")))
		json_object_set_new(more, "rejecting", json_true());
	say(s, "printers", "row", more);
	json_decref(more);
}

/* one of a form's: whose, and does it hold? */
static void
show_signature(const struct ck_show *s, const json_t *row)
{
	const json_t *err = json_object_get(row, "error");
	bool good = json_is_true(json_object_get(row, "good"));
	bool whole = json_is_true(json_object_get(row, "whole"));
	json_t *more = json_copy((json_t *)(uintptr_t)row);

	json_object_set_new(
	    more, "signer_text", json_string(word(s, "signer", text_of(row, "signer"))));
	say(s, "form", good ? "signature" : "bad-signature", more);
	say(s, "form", "certificate", more);
	if (good && !whole)
		say(s, "form", "part", more);
	else if (err != NULL)
		say(s, "form", "why", err);
	json_decref(more);
}

static void
show_key_row(const struct ck_show *s, const json_t *row)
{
	const json_t *unknown = json_object_get(row, "unknown");

	if (unknown != NULL)
		show_stranger(s, unknown);
	else
		show_key(s, row);
}

static void
show_line(const struct ck_show *s, const json_t *row)
{
	show_record_line(s, "records", row);
}

static void
show_ledger_line(const struct ck_show *s, const json_t *row)
{
	show_record_line(s, "ledger", row);
}

static void
show_export(const struct ck_show *s, const json_t *row)
{
	say(s, "export", "row", row);
}

static void
show_document(const struct ck_show *s, const json_t *row)
{
	say(s, "forms", "file", row);
}

void
ck_show_row(const struct ck_show *s, enum ck_row_of of, const json_t *row)
{
	static void (*const shows[])(const struct ck_show *, const json_t *) = {
		[CK_ROW_OF_KEYS] = show_key_row,
		[CK_ROW_OF_WATCH] = show_event,
		[CK_ROW_OF_RECORDS] = show_record,
		[CK_ROW_OF_RECORD] = show_line,
		[CK_ROW_OF_TEND] = show_tended,
		[CK_ROW_OF_PURGE] = show_unpurged,
		[CK_ROW_OF_STATUS] = show_status,
		[CK_ROW_OF_EXPORT] = show_export,
		[CK_ROW_OF_DOCTOR] = show_finding,
		[CK_ROW_OF_LEDGER] = show_ledger_line,
		[CK_ROW_OF_DIAGNOSE] = ck_show_part,
		[CK_ROW_OF_REPORT] = ck_show_reported,
		[CK_ROW_OF_FORM] = show_signature,
		[CK_ROW_OF_DOCUMENT] = show_document,
		[CK_ROW_OF_FORMS] = show_form,
		[CK_ROW_OF_PRINTERS] = show_printer,
		[CK_ROW_OF_BATCHES] = ck_show_batch,
		[CK_ROW_OF_BATCH] = ck_show_batch_key,
		[CK_ROW_OF_SERVICES] = ck_show_service,
		[CK_ROW_OF_APPLICATION] = ck_show_application,
	};

	shows[of](s, row);
}
