/*
 * Part of station retire: id and label as the software of the key's maker expects them, by the rule
 * of its family (keys.d). The pair was made under an id of our own; only now, with the old one out
 * of the way, may it be the old one's or one computed from the key. Both are on record before
 * anything is changed: three objects are changed one after the other, and what was interrupted is
 * gone on with. A key that refuses keeps what it has: the certificate is good under any id.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "walk/visit.h"

/* of "2026-11-20T10:32:00+08:00" */
#define DAY_LEN 10

/* Fills {cn}, {serial}, {date} and {old} into a rule that was checked when it was read. */
static void
fill(const struct ck_visit *v, const struct ck_cert_facts *new, const char *rule, char *out,
    size_t cap)
{
	char date[CK_TIME_LEN], text[CK_NAME_MAX * 2];
	const struct {
		const char *name, *value;
	} words[] = {
		{ "{cn}", new->name },
		{ "{serial}", new->serial },
		{ "{date}", date },
		{ "{old}", v->old.label },
	};
	size_t n = 0;

	ck_time_text(new->not_before, date);
	date[DAY_LEN] = '\0';
	while (*rule != '\0' && n + 1 < sizeof text) {
		const char *value = NULL;

		for (size_t i = 0; value == NULL && i < sizeof words / sizeof *words; i++)
			if (strncmp(rule, words[i].name, strlen(words[i].name)) == 0) {
				value = words[i].value;
				rule += strlen(words[i].name);
			}
		if (value == NULL)
			text[n++] = *rule++;
		else
			n += (size_t)snprintf(text + n, sizeof text - n, "%s", value);
		n = n < sizeof text ? n : sizeof text - 1;
	}
	ck_clean(out, cap, text, n);
}

/* *meant: what the rules make of it; the same as now where there is none. */
static int
compute(
    const struct ck_visit *v, const struct ck_name *now, struct ck_name *meant, struct ck_err *err)
{
	const struct ck_naming *rule = &v->key.naming;
	struct ck_cert_facts facts;
	size_t n = 0;
	const unsigned char *cert = ck_record_get(v->record, 0, "new-cert", &n);

	*meant = *now;
	if (ck_cert_read(cert, n, &facts, err) == -1)
		return -1;
	if (rule->label[0] != '\0')
		fill(v, &facts, rule->label, meant->label, sizeof meant->label);
	switch (rule->id) {
	case CK_ID_RANDOM:
		break;
	case CK_ID_SHA1:
		meant->id_len = CK_KEY_ID_LEN;
		return ck_cert_key_id(cert, n, meant->id, err);
	case CK_ID_OLD:
		meant->id_len = v->old.id_len;
		memcpy(meant->id, v->old.id, v->old.id_len);
		break;
	case CK_ID_LABEL:
		meant->id_len = strnlen(meant->label, sizeof meant->id);
		memcpy(meant->id, meant->label, meant->id_len);
		break;
	}
	if (meant->id_len == 0) { /* the old one had none, or the label is empty: nothing to go by */
		meant->id_len = now->id_len;
		memcpy(meant->id, now->id, now->id_len);
	}
	return 0;
}

/* Two pairs under one id are worse than a name nobody expects. */
static bool
taken(const struct ck_visit *v, const struct ck_name *meant, const struct ck_entries *all)
{
	const void *ours = ck_record_get(v->record, 0, "new-spki", NULL);

	for (size_t i = 0; i < all->n; i++) {
		const struct ck_entry *e = &all->at[i];

		if (e->id_len == meant->id_len && memcmp(e->id, meant->id, e->id_len) == 0 &&
		    (!e->has_spki || memcmp(e->spki, ours, CK_HASH_LEN) != 0))
			return true;
	}
	return false;
}

static int
note_meant(struct ck_visit *v, const struct ck_name *meant, struct ck_err *err)
{
	struct ck_fact facts[] = {
		{ .name = "final-id", .bytes = meant->id, .n = meant->id_len },
		ck_text_fact("final-label", meant->label, CK_FACT_SEALED),
	};

	return ck_visit_note(v,
	    &(struct ck_note){ .mark = CK_INTENT, .text = "id and label", CK_FACTS(facts) }, err);
}

static int
settle(struct ck_visit *v, bool named, const char *why, struct ck_err *err)
{
	struct ck_fact f = ck_text_fact("named", named ? "yes" : "no", 0);

	if (ck_visit_note(v,
		&(struct ck_note){ .mark = CK_DONE,
		    .text = named ? "id and label set" : "id and label kept",
		    .facts = &f,
		    .n_facts = 1 },
		err) == -1)
		return -1;
	if (named)
		ck_visit_did(v, "named", NULL);
	else
		ck_visit_did(v, "names-kept", "{s:s}", "why", why);
	return 0;
}

static int
rename_new(struct ck_visit *v, const struct ck_name *now, struct ck_err *err)
{
	struct ck_name meant = { .id_len = 0 };
	const char *label = ck_record_text(v->record, 0, "final-label");
	const void *id = ck_record_get(v->record, 0, "final-id", &meant.id_len);
	struct ck_err no = { 0 };
	const unsigned char *cert;
	size_t n = 0;

	memcpy(meant.id, id, meant.id_len);
	snprintf(meant.label, sizeof meant.label, "%s", label != NULL ? label : "");
	ck_busy_key(v);
	if (ck_token_rename(v->token, now, &meant, &no) == -1) {
		if (no.code == CK_E_KEY_ID_FIXED)
			return settle(v, false, no.detail, err);
		return ck_fail_native(err, no.code, no.native, "%s", no.detail);
	}
	cert = ck_record_get(v->record, 0, "new-cert", &n);
	ck_busy_key(v);
	if (ck_visit_prove(v, meant.id, meant.id_len, cert, n, err) == -1)
		return -1;
	return settle(v, true, NULL, err);
}

int
ck_name_new(struct ck_visit *v, const struct ck_entries *all, struct ck_err *err)
{
	struct ck_name now = { .label = "" }, meant;

	if (v->done.named || (v->key.naming.id == CK_ID_RANDOM && v->key.naming.label[0] == '\0'))
		return 0;
	now.id_len = ck_visit_id(v, now.id);
	if (!v->done.naming_meant) {
		if (compute(v, &now, &meant, err) == -1)
			return -1;
		if (taken(v, &meant, all))
			return settle(v, false, "another pair has it", err);
		if (note_meant(v, &meant, err) == -1)
			return -1;
	}
	return rename_new(v, &now, err);
}
