/* Station key: which key is in which reader, and is a record waiting for it here? One that shows no
 * certificate without its PIN is unlocked at once. */
#include <stdio.h>
#include <string.h>

#include "walk/clerk.h"
#include "walk/find.h"

static const char *
question_of(const struct ck_visit *v)
{
	return v->signs_in ? CK_ASK_CLERK_KEY : CK_ASK_KEY;
}

static enum ck_turn
ask_which(struct ck_visit *v, const struct ck_token_info *rows, size_t n)
{
	const struct ck_clerk *clerk;
	char label[200];
	size_t i;

	ck_question(&v->talk, question_of(v), &v->trouble, "{s:b}", "several", 1);
	ck_question_field(&v->talk, "serial", CK_FIELD_CHOICE, 1, 1, NULL);
	for (i = 0; i < n; i++) {
		clerk = v->signs_in ? ck_clerk_of_key(v->site, v->ring, &rows[i]) : NULL;
		snprintf(label, sizeof label, "%s  %s",
		    clerk != NULL ? clerk->name : rows[i].family, rows[i].label);
		ck_question_choice(&v->talk, rows[i].serial, label);
	}
	return CK_ASK;
}

/* The key this visit had is meant, whatever else is in. */
static int
choose_missing(struct ck_visit *v, const struct ck_token_info *rows, size_t n,
    const struct ck_token_info **which, struct ck_err *err)
{
	char ours[CK_KEY_NAME_MAX], name[CK_KEY_NAME_MAX];
	size_t i;

	ck_key_name(&v->key, ours);
	for (i = 0; i < n; i++) {
		ck_key_name(&rows[i], name);
		if (strcmp(name, ours) == 0) {
			*which = &rows[i];
			return 0;
		}
	}
	if (n == 0)
		return ck_fail(err, CK_E_NO_KEY, "no key in any reader");
	return ck_fail(err, CK_E_OTHER_KEY, "%s (%s) is in the reader, not %s (%s)", rows[0].label,
	    rows[0].serial, v->key.label, v->key.serial);
}

/* GO: *which is it. The person's choice, the front's wish, or the only one there is. */
static enum ck_turn
choose(struct ck_visit *v, const struct ck_token_info *rows, size_t n,
    const struct ck_token_info **which, struct ck_err *err)
{
	const char *serial = ck_answer_text(&v->talk, question_of(v), "serial");
	size_t i;

	if (v->lost.missing)
		return choose_missing(v, rows, n, which, err) == 0 ? CK_GO : CK_STOP;
	if (serial == NULL)
		serial = v->wish.key;
	if (serial == NULL && n > 1)
		return ask_which(v, rows, n);
	for (i = 0; i < n; i++)
		if (serial == NULL || strcmp(rows[i].serial, serial) == 0) {
			*which = &rows[i];
			return CK_GO;
		}
	if (n == 0)
		ck_fail(err, CK_E_NO_KEY, "no key in any reader");
	else
		ck_fail(err, CK_E_OTHER_KEY, "%s (%s) is in the reader, not %s", rows[0].label,
		    rows[0].serial, serial);
	return CK_STOP;
}

int
ck_judge_pin(const struct ck_token_info *k, struct ck_err *err)
{
	if (k->readonly)
		return ck_fail(err, CK_E_KEY_READONLY, "%s", k->serial);
	if (k->pinpad)
		return ck_fail(err, CK_E_KEY_PINPAD, "%s", k->serial);
	if (!k->pin_set)
		return ck_fail(err, CK_E_PIN_NOT_SET, "%s", k->serial);
	return 0;
}

/* Keys that could not be brought to the end are named before anything is asked for. */
int
ck_judge_renewal(const struct ck_token_info *k, struct ck_err *err)
{
	if (ck_judge_pin(k, err) == -1)
		return -1;
	if (!k->two_pairs)
		return ck_fail(err, CK_E_KEY_FULL, "%s holds one pair only", k->family);
	return 0;
}

ck_key_judge *
ck_judge_of(const struct ck_visit *v)
{
	return v->rules.download ? ck_judge_pin : ck_judge_renewal;
}

static int
find_of_key(struct ck_visit *v, const char *name, struct ck_err *err)
{
	int found = ck_record_find(v->store, "key", name, &v->record, err);

	if (found != 1)
		return found;
	if (ck_judge_meant_record(v, err) == 0)
		return 0;
	ck_record_free(v->record);
	v->record = NULL;
	return -1;
}

/* The record that was named, which is open already, must be this key's; otherwise the open one of
 * this key, if there is one. */
static int
find_record(struct ck_visit *v, const char *name, struct ck_err *err)
{
	const char *owner, *label;

	if (v->record == NULL)
		return find_of_key(v, name, err);
	owner = ck_record_text(v->record, CK_ITEM_RECORD, "key");
	if (owner != NULL && strcmp(owner, name) == 0)
		return 0;
	label = ck_record_text(v->record, 0, "key-label");
	return ck_fail(err, CK_E_OTHER_KEY, "%s (%s) is in the reader; the record is for %s (%s)",
	    v->key.label, v->key.serial, label != NULL ? label : "",
	    owner == NULL ? "?" : strchr(owner, '|') + 1);
}

static int
open_ring(struct ck_visit *v, struct ck_err *err)
{
	if (v->ring != NULL)
		return 0;
	if (ck_keyring_open(v->site->keys_dir, &v->ring, err) == -1)
		return -1;
	return ck_keyring_medium(v->ring, v->wish.medium, v->wish.save_to, err);
}

/* The pairs by which a key is known to be the one of this visit: serial numbers are not unique. The
 * old one goes in station retire, the new one when the renewal is given up. A download has no old
 * one, wherever that may be. */
struct known {
	struct ck_pairs pairs;
	char label[sizeof((struct ck_token_info *)0)->label];
};

static void
read_known(const struct ck_record *r, struct known *k)
{
	struct ck_pairs *p = &k->pairs;
	struct ck_progress done;
	struct ck_cert_facts old;
	struct ck_err unread = { 0 };
	size_t n = 0, hash = 0;
	const void *cert = ck_record_get(r, 0, "old-cert", &n);
	const void *new = ck_record_get(r, 0, "new-spki", &hash), *id;
	const char *label = ck_record_text(r, 0, "key-label");

	ck_progress_of(r, &done);
	snprintf(k->label, sizeof k->label, "%s", label != NULL ? label : "");
	if (cert != NULL && ck_record_get(r, 0, "old-id", NULL) != NULL && !done.retire_meant &&
	    ck_cert_read(cert, n, &old, &unread) == 0)
		memcpy(p->spki[p->n++], old.spki, CK_HASH_LEN);
	if (hash != CK_HASH_LEN || (done.abandon_meant && ck_abandon_gives_back(&done)))
		return;
	memcpy(p->spki[p->n++], new, CK_HASH_LEN);
	id = ck_record_get(r, 0, "new-id", &p->id_len);
	memcpy(p->id, id, p->id_len);
}

/* A renewal that began with a folder for the new pair goes on there, whatever is said now. */
static int
save_where_begun(struct ck_visit *v, const struct ck_record *r, struct ck_err *err)
{
	const char *kept = ck_record_text(r, 0, "save-to");

	return kept == NULL ? 0 : ck_keyring_medium(v->ring, NULL, kept, err);
}

/* Of the record, if this key has one; before it is begun, what this engine has seen. */
static int
know(struct ck_visit *v, const char *name, struct known *k, struct ck_err *err)
{
	struct ck_record *found = NULL;
	const struct ck_record *r = NULL;
	int rc = 0;
	const char *owner =
	    v->record != NULL ? ck_record_text(v->record, CK_ITEM_RECORD, "key") : NULL;

	if (owner != NULL && strcmp(owner, name) == 0)
		r = v->record;
	if (v->record == NULL && v->system != NULL) {
		if (ck_record_find(v->store, "key", name, &found, err) == -1)
			return -1;
		r = found;
	}
	if (r != NULL) {
		read_known(r, k);
		rc = save_where_begun(v, r, err);
	}
	ck_record_free(found);
	if (k->pairs.n == 0 && v->old.der != NULL && !v->rules.download) {
		memcpy(k->pairs.spki[k->pairs.n++], v->old.facts.spki, CK_HASH_LEN);
		memcpy(k->label, v->key.label, sizeof k->label);
	}
	return rc;
}

/* Both labels: they are what is written on the keys. */
static int
open_holding(
    struct ck_visit *v, const struct ck_token_info *which, const char *name, struct ck_err *err)
{
	struct known known = { .label = "" };
	struct ck_err no = { 0 };

	if (know(v, name, &known, err) == -1)
		return -1;
	if (ck_keyring_take_holding(v->ring, which, &known.pairs, &v->token, &no) == 0)
		return 0;
	if (no.code == CK_E_OTHER_KEY)
		return ck_fail(err, CK_E_OTHER_KEY,
		    "%s (%s) is in the reader, without the pair of %s (%s)", which->label,
		    which->serial, known.label, which->serial);
	return ck_fail_native(err, no.code, no.native, "%s", no.detail);
}

static void
pulse(void *u)
{
	ck_busy_key(u);
}

/* What the system allows of PINs is as good as a rule of the key's: no longer one reaches it. */
static int
bound_pin(struct ck_visit *v, struct ck_err *err)
{
	int most = v->policy.pin_max;

	if (most == 0 || most >= v->key.pin_max)
		return 0;
	if (most < v->key.pin_min)
		return ck_fail(err, CK_E_KEY_UNSUITABLE,
		    "its PINs have at least %d characters, %s takes at most %d", v->key.pin_min,
		    v->policy.id, most);
	v->key.pin_max = most;
	return 0;
}

enum ck_turn
ck_take_key(struct ck_visit *v, ck_key_judge *judge, struct ck_err *err)
{
	struct ck_token_info rows[CK_TOKENS_MAX];
	const struct ck_token_info *which = NULL;
	enum ck_turn turn;
	char name[CK_KEY_NAME_MAX];
	size_t n = 0;

	if (open_ring(v, err) == -1)
		return CK_STOP;
	ck_keyring_on_pulse(v->ring, pulse, v);
	if (v->system != NULL && v->readers == NULL && ck_keyring_in_readers(v->ring) &&
	    ck_reader_watch_start(&v->readers, err) == -1)
		return CK_STOP;
	ck_busy_key(v);
	if (ck_keys_here(v, rows, &n, err) == -1 ||
	    (turn = choose(v, rows, n, &which, err)) == CK_STOP)
		return v->lost.missing ? CK_STOP : ck_ask_insert(v, err);
	v->await.unheard = false;
	if (turn == CK_ASK && ck_watch_keys(v, err) == -1)
		return CK_STOP;
	if (turn != CK_GO)
		return turn;
	ck_watch_keys_end(v);
	ck_key_name(which, name);
	if (ck_store_lock_key(v->store, name, err) == -1)
		return CK_STOP;
	if (!v->lost.missing)
		v->key = *which;
	v->had_key = true;
	ck_busy_key(v);
	if ((judge != NULL && judge(which, err) == -1) || open_holding(v, which, name, err) == -1)
		return CK_STOP;
	v->key = *which;
	return bound_pin(v, err) == 0 ? CK_GO : CK_STOP;
}

static enum ck_turn
open_key(struct ck_visit *v, struct ck_err *err)
{
	enum ck_turn turn = v->token != NULL ? CK_GO : ck_take_key(v, ck_judge_of(v), err);
	char name[CK_KEY_NAME_MAX];

	if (turn == CK_STOP && ck_key_awaited(v, err))
		return CK_ASK;
	if (turn == CK_STOP && err->code == CK_E_OTHER_KEY && v->had_key && !v->agreed)
		turn = ck_look_back(v, err);
	if (turn != CK_GO || v->done.closed)
		return turn;
	ck_key_found(v);
	ck_visit_did(v, "key-found", "{s:s, s:s, s:s}", "serial", v->key.serial, "label",
	    v->key.label, "family", v->key.family);
	ck_key_name(&v->key, name);
	return find_record(v, name, err) == 0 ? CK_GO : CK_STOP;
}

enum ck_turn
ck_at_key(struct ck_visit *v, struct ck_err *err)
{
	bool open = v->token != NULL && !v->lost.missing;
	enum ck_turn turn = open ? CK_GO : open_key(v, err);

	if (turn == CK_GO)
		turn = ck_take_up(v, err);
	if (turn == CK_GO && !v->done.closed && !v->key.shows_certs && v->pin == NULL)
		turn = ck_enter_pin(v, err);
	v->seen.key = turn == CK_GO;
	return turn;
}
