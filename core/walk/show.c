#include "walk/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "walk/clerk.h"
#include "walk/visit.h"

/* largest certificate file read for a verdict: PEM of CK_CERT_MAX with text before it */
#define CERT_FILE_MAX (4 * CK_CERT_MAX)

json_t *
ck_time_json(int64_t t)
{
	char at[CK_TIME_LEN];

	if (t == 0)
		return json_null();
	ck_time_text(t, at);
	return json_string(at);
}

static const char *
text(const json_t *order, const char *name)
{
	return json_string_value(json_object_get(order, name));
}

/* ---- keys ---- */

static const char *
pin_state(const struct ck_token_info *k)
{
	return k->pinpad	 ? "pinpad"
	       : !k->pin_set	 ? "unset"
	       : k->tries.locked ? "locked"
	       : k->tries.last	 ? "last"
	       : k->tries.low	 ? "low"
	       : k->pin_default	 ? "default"
				 : "ok";
}

json_t *
ck_cert_json(const unsigned char *der, size_t n)
{
	struct ck_cert_facts f;
	char alg[CK_ALG_TEXT_MAX], sha[2 * CK_HASH_LEN + 1];
	struct ck_err unreadable = { 0 };

	if (der == NULL)
		return json_null();
	if (ck_cert_read(der, n, &f, &unreadable) == -1)
		return json_pack("{s:o}", "error", ck_err_json(&unreadable));
	ck_alg_text(&f, alg);
	ck_hex(f.sha256, CK_HASH_LEN, sha);
	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:s, s:s}", "subject", f.subject, "name",
	    f.name, "issuer", f.issuer, "serial", f.serial, "not_before",
	    ck_time_json(f.not_before), "not_after", ck_time_json(f.not_after), "alg", alg,
	    "sha256", sha);
}

static json_t *
entries_json(const struct ck_entries *all)
{
	static const char *const has[] = {
		[CK_HAS_NO] = "no", [CK_HAS_YES] = "yes", [CK_HAS_UNKNOWN] = "unknown"
	};
	json_t *rows = json_array();
	char id[2 * CK_TOKEN_ID_MAX + 1];
	size_t i;

	for (i = 0; i < all->n; i++) {
		const struct ck_entry *e = &all->at[i];

		ck_hex(e->id, e->id_len, id);
		json_array_append_new(
		    rows, json_pack("{s:s, s:s, s:o, s:b, s:b, s:s}", "id", id, "label", e->label,
			      "certificate", ck_cert_json(e->cert, e->cert_len), "closed",
			      e->closed, "public", e->has_public, "private", has[e->has_private]));
	}
	return rows;
}

_Static_assert(CK_KEY_ROW_MAX < CK_LINE_MAX, "the fullest key is one line");

json_t *
ck_key_row(const struct ck_site *site, const struct ck_token_info *k, const struct ck_entries *all)
{
	json_t *tries = k->tries.number < 0 ? json_null() : json_integer(k->tries.number);
	json_t *pin = json_pack("{s:s, s:o, s:i, s:i}", "state", pin_state(k), "tries", tries,
	    "min", k->pin_min, "max", k->pin_max);

	json_t *row = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:b, s:b, s:o}", "family",
	    k->family, "module", k->module, "serial", k->serial, "label", k->label, "model",
	    k->model, "maker", k->maker, "reader", k->reader, "pin", pin, "readonly", k->readonly,
	    "two_pairs", k->two_pairs, "entries", entries_json(all));
	const struct ck_clerk *clerk = ck_clerk_of_entries(site, all);

	if (clerk != NULL)
		json_object_set_new(
		    row, "clerk", json_pack("{s:s, s:s}", "id", clerk->id, "name", clerk->name));
	return row;
}

static void
beat(void *u)
{
	const struct ck_patience *p = u;

	ck_talk_busy(p->talk, CK_BUSY_KEY, p->limit);
}

void
ck_patience_begin(struct ck_patience *p, struct ck_talk *talk, struct ck_keyring *ring)
{
	*p =
	    (struct ck_patience){ .talk = talk, .limit = ck_keyring_limit(ring) + CK_KEY_MARGIN_S };
	ck_keyring_on_pulse(ring, beat, p);
}

int
ck_key_read(struct ck_keyring *ring, const struct ck_token_info *k, struct ck_entries *all,
    struct ck_err *err)
{
	struct ck_token *token = NULL;
	int r = -1;

	*all = (struct ck_entries){ .n = 0 };
	if (ck_keyring_take(ring, k, &token, err) == 0)
		r = ck_token_list(token, all, err);
	ck_token_close(token);
	return r;
}

json_t *
ck_stranger_json(const struct ck_stranger *s)
{
	return json_pack(
	    "{s:{s:s, s:s, s:s}}", "unknown", "reader", s->reader, "atr", s->atr, "usb", s->usb);
}

static void
show_strangers(struct ck_keyring *ring, struct ck_talk *talk)
{
	size_t n = 0;
	const struct ck_stranger *s = ck_keyring_strangers(ring, &n);

	for (size_t i = 0; i < n; i++)
		ck_talk_row(talk, ck_stranger_json(&s[i]));
}

enum ck_outcome
ck_show_keys(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	struct ck_talk talk = { .link = link };
	struct ck_token_info rows[CK_TOKENS_MAX];
	struct ck_patience patience;
	struct ck_entries all = { .n = 0 };
	struct ck_keyring *ring = NULL;
	struct ck_err err = { 0 };
	size_t i, n = 0;

	if (ck_keyring_open(site->keys_dir, &ring, &err) == -1 ||
	    ck_keyring_medium(ring, text(order, "medium"), NULL, &err) == -1)
		goto out;
	ck_patience_begin(&patience, &talk, ring);
	ck_talk_step(&talk, "key", 1, 1, patience.limit);
	beat(&patience);
	ck_keyring_list(ring, rows, CK_TOKENS_MAX, &n, &err);
	show_strangers(ring, &talk);
	for (i = 0; i < n; i++) {
		if (ck_key_read(ring, &rows[i], &all, &err) == -1)
			goto out;
		ck_talk_row(&talk, ck_key_row(site, &rows[i], &all));
		ck_entries_free(&all);
	}
out:
	ck_entries_free(&all);
	ck_keyring_close(ring);
	ck_talk_end(&talk, err.code == CK_E_NONE ? CK_END_DONE : CK_END_FAILED, NULL, NULL, &err);
	return err.code == CK_E_NONE ? CK_END_DONE : CK_END_FAILED;
}

/* ---- a verdict on a certificate in a file ---- */

int
ck_cert_file(const char *file, unsigned char **der, size_t *der_n, struct ck_cert_facts *facts,
    struct ck_err *err)
{
	unsigned char *bytes = malloc(CERT_FILE_MAX);
	FILE *f = file != NULL ? fopen(file, "rb") : NULL;
	size_t n;
	int r = -1;

	if (bytes == NULL || f == NULL) {
		ck_fail(err, CK_E_CERT_UNREADABLE, "%s", file != NULL ? file : "no file");
		goto out;
	}
	n = fread(bytes, 1, CERT_FILE_MAX, f);
	if (n >= CERT_FILE_MAX || ferror(f))
		ck_fail(err, CK_E_CERT_UNREADABLE, "%s", file);
	else if (ck_cert_read(bytes, n, facts, err) == 0 &&
		 (*der = ck_cert_der(bytes, n, der_n, err)) != NULL)
		r = 0;
out:
	if (f != NULL)
		fclose(f);
	free(bytes);
	return r;
}

json_t *
ck_verdict_json(const struct ck_verdict *verdict)
{
	char first[CK_DATE_LEN], last[CK_DATE_LEN], end[CK_TIME_LEN];

	ck_date_text(verdict->first_day, first);
	ck_date_text(verdict->last_day, last);
	ck_moment_text(verdict->new_end, end);
	return json_pack("{s:b, s:s, s:s, s:s, s:s, s:s, s:s*}", "eligible", verdict->eligible,
	    "rule", verdict->rule, "reason", verdict->reason, "class",
	    ck_class_name(verdict->class), "first_day", first, "last_day", last, "new_not_after",
	    verdict->tells_end ? end : NULL);
}

json_t *
ck_notice_json(const struct ck_policy *p)
{
	json_t *notice = json_object();

	for (int i = 0; i < CK_NOTICES; i++)
		if (p->notice[i].zh[0] != '\0')
			json_object_set_new(notice, ck_notice_name((enum ck_notice)i),
			    json_pack("{s:s, s:s}", "zh", p->notice[i].zh, "en", p->notice[i].en));
	if (json_object_size(notice) > 0)
		return notice;
	json_decref(notice);
	return NULL;
}

enum ck_outcome
ck_show_verdict(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	struct ck_talk talk = { .link = link };
	const char *system = text(order, "system"), *on = text(order, "on");
	struct ck_cert_facts cert;
	unsigned char *der = NULL;
	size_t n = 0;
	struct ck_policy policy;
	struct ck_verdict verdict;
	struct ck_moment moment;
	struct ck_err err = { 0 };
	enum ck_outcome outcome = CK_END_USAGE;
	json_t *facts = NULL, *notice;

	if (system == NULL || on == NULL || !ck_moment_read(on, &moment)) {
		ck_fail(&err, CK_E_USAGE, "--on: 2026-11-20, 2026-11-20T10:32:00+08:00");
		goto out;
	}
	if (ck_policy_find(site->systems_dir, system, &policy, &err) == -1 ||
	    ck_cert_file(text(order, "cert"), &der, &n, &cert, &err) == -1)
		goto out;
	ck_policy_judge(&policy, &cert, moment, &verdict);
	facts = ck_verdict_json(&verdict);
	if (policy.hotline[0] != '\0')
		json_object_set_new(facts, "hotline", json_string(policy.hotline));
	if ((notice = ck_notice_json(&policy)) != NULL)
		json_object_set_new(facts, "notice", notice);
	outcome = CK_END_DONE;
out:
	free(der);
	ck_talk_end(&talk, outcome, NULL, facts, &err);
	return outcome;
}

/* ---- the end of a list ---- */

enum ck_outcome
ck_end_of_list(
    struct ck_talk *talk, struct ck_store *store, json_t *facts, const struct ck_err *err)
{
	enum ck_outcome outcome = err->code == CK_E_NONE    ? CK_END_DONE
				  : err->code == CK_E_USAGE ? CK_END_USAGE
							    : CK_END_FAILED;

	ck_store_close(store);
	ck_talk_end(talk, outcome, NULL, facts, err);
	return outcome;
}
