/* Which keys may be meant, and waiting for one to be put in. */
#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "walk/clerk.h"

/* A key that no reader tells of is looked for this often, and only while one is asked for: some
 * modules show a key that came only when they are loaded anew. */
#define LOOK_MS 1000
/* Behind a reader's event a module may show its key late (some ask their driver every second or
 * two). */
#define LAG_MS 3000
#define LAG_LOOK_MS 300

/* ---- which keys ---- */

static bool
clerks_have_keys(const struct ck_site *site)
{
	for (size_t i = 0; i < site->n_clerks; i++)
		if (site->clerks[i].n_certs > 0)
			return true;
	return false;
}

bool
ck_own_key_meant(
    const char *named, const struct ck_token_info *rows, const bool *own, size_t n, size_t i)
{
	if (named == NULL || strcmp(named, rows[i].serial) != 0)
		return false;
	for (size_t j = 0; j < n; j++)
		if (!own[j] && strcmp(named, rows[j].serial) == 0)
			return false;
	return true;
}

/* What can't be told (it is asked for its certificates) is the customer's. */
static void
keep_meant(struct ck_visit *v, struct ck_token_info *rows, size_t *n)
{
	bool own[CK_TOKENS_MAX] = { false }, keep[CK_TOKENS_MAX] = { false };
	size_t kept = 0;

	if (!clerks_have_keys(v->site) && !v->signs_in)
		return;
	for (size_t i = 0; i < *n; i++)
		own[i] = ck_clerk_of_key(v->site, v->ring, &rows[i]) != NULL;
	for (size_t i = 0; i < *n; i++)
		keep[i] = v->signs_in ? own[i] && strcmp(rows[i].driver, "file") != 0
				      : !own[i] || ck_own_key_meant(v->wish.key, rows, own, *n, i);
	for (size_t i = 0; i < *n; i++)
		if (keep[i])
			rows[kept++] = rows[i];
	*n = kept;
}

/* what was seen, so that a look that sees the same is told from one that does not */
static void
remember(struct ck_visit *v, const struct ck_token_info *rows, size_t n, const struct ck_err *err)
{
	char seen[CK_TOKENS_MAX * (sizeof rows->family + sizeof rows->serial) + CK_DETAIL_MAX + 16];
	int len = snprintf(seen, sizeof seen, "%d %s\n", err->code, err->detail);

	for (size_t i = 0; i < n; i++)
		len += snprintf(seen + len, sizeof seen - (size_t)len, "%s|%s\n", rows[i].family,
		    rows[i].serial);
	SHA256((const unsigned char *)seen, (size_t)len, v->await.looked);
}

int
ck_keys_here(
    struct ck_visit *v, struct ck_token_info rows[CK_TOKENS_MAX], size_t *n, struct ck_err *err)
{
	int r = ck_keyring_list(v->ring, rows, CK_TOKENS_MAX, n, err);
	size_t there = *n;

	if (r == 0)
		keep_meant(v, rows, n);
	/* the first is still where it was */
	if (r == 0 && v->signs_in && there > 0 && *n == 0)
		r = ck_fail(err, CK_E_CLERK_KEY_FOREIGN, "%s (%s)", rows[0].label, rows[0].serial);
	remember(v, rows, *n, err);
	return r;
}

/* ---- something moves while a question stands ---- */

static bool
here_otherwise(struct ck_visit *v)
{
	struct ck_token_info rows[CK_TOKENS_MAX];
	unsigned char before[CK_HASH_LEN];
	struct ck_err err = { 0 };
	size_t n = 0;

	memcpy(before, v->await.looked, sizeof before);
	(void)ck_keys_here(v, rows, &n, &err);
	return memcmp(before, v->await.looked, sizeof before) != 0;
}

static bool
here_unheard(struct ck_visit *v)
{
	struct ck_token_info rows[CK_TOKENS_MAX];
	struct ck_err err = { 0 };
	size_t n = 0;

	if (ck_keyring_list_at(v->ring, NULL, rows, CK_TOKENS_MAX, &n, &err) == -1)
		return false;
	keep_meant(v, rows, &n);
	for (size_t i = 0; i < n; i++)
		if (v->wish.key == NULL || strcmp(v->wish.key, rows[i].serial) == 0)
			return true;
	return false;
}

/* Readers that come and go matter only by the keys in them. */
static bool
take_events(struct ck_await *a)
{
	struct ck_reader_event e;
	bool moved = false;

	while (ck_reader_watch_next(a->readers, &e)) {
		moved = moved || (e.what != CK_READER_IN && e.what != CK_READER_OUT);
		if (e.what == CK_CARD_IN)
			a->lag_until = ck_mono_ms() + LAG_MS;
	}
	return moved;
}

static int
every(const struct ck_await *a)
{
	if (ck_mono_ms() < a->lag_until)
		return LAG_LOOK_MS;
	return a->unheard ? LOOK_MS : -1;
}

static bool
moved(void *u)
{
	struct ck_visit *v = u;
	bool off = false;

	ck_look_quietly(v, true);
	if (take_events(&v->await) || ck_mono_ms() < v->await.lag_until)
		off = here_otherwise(v);
	else if (v->await.unheard)
		off = here_unheard(v);
	ck_look_quietly(v, false);
	v->talk.wake.every_ms = every(&v->await);
	return off;
}

int
ck_watch_keys(struct ck_visit *v, struct ck_err *err)
{
	if (v->await.readers == NULL && ck_reader_watch_start(&v->await.readers, err) == -1)
		return -1;
	v->talk.wake = (struct ck_wake){
		.moved = moved,
		.u = v,
		.fd = ck_reader_watch_fd(v->await.readers),
		.every_ms = every(&v->await),
	};
	return 0;
}

void
ck_watch_keys_end(struct ck_visit *v)
{
	ck_reader_watch_stop(v->await.readers);
	v->await = (struct ck_await){ .readers = NULL };
}

/* ---- none will do ---- */

/* Could it be another one in a moment? */
static bool
may_come(const struct ck_visit *v, enum ck_code code)
{
	switch (code) {
	case CK_E_NO_KEY:
	case CK_E_KEY_UNKNOWN:
	case CK_E_KEY_MUTE:
	case CK_E_READER_SERVICE:
	case CK_E_READER_DENIED:
	case CK_E_CLERK_KEY_FOREIGN:
		return true;
	case CK_E_OTHER_KEY:
		return v->wish.key != NULL;
	default:
		return false;
	}
}

/* The key that was asked for, or that of the record at hand; NULL: any will do. */
static const char *
meant(const struct ck_visit *v)
{
	const char *name =
	    v->record != NULL ? ck_record_text(v->record, CK_ITEM_RECORD, "key") : NULL;
	const char *bar = name != NULL ? strchr(name, '|') : NULL;

	return bar != NULL ? bar + 1 : v->wish.key;
}

static const char *
label_of(const struct ck_visit *v)
{
	return v->record != NULL ? ck_record_text(v->record, 0, "key-label") : NULL;
}

/* ---- the one that was missing ---- */

static bool
meant_is_here(struct ck_visit *v)
{
	struct ck_token_info rows[CK_TOKENS_MAX];
	const char *serial = meant(v);
	struct ck_err err = { 0 };
	size_t n = 0;

	if (serial == NULL || ck_keys_here(v, rows, &n, &err) == -1)
		return false;
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].serial, serial) == 0)
			return true;
	return false;
}

static bool
came_back(void *u)
{
	struct ck_visit *v = u;
	bool back;

	if (!moved(v))
		return false;
	ck_look_quietly(v, true);
	back = meant_is_here(v);
	ck_look_quietly(v, false);
	return back;
}

int
ck_watch_key_back(struct ck_visit *v, struct ck_err *err)
{
	if (ck_watch_keys(v, err) == -1)
		return -1;
	v->talk.wake.moved = came_back;
	return 0;
}

/* ---- asking for one ---- */

enum ck_turn
ck_ask_insert(struct ck_visit *v, struct ck_err *err)
{
	const char *question = v->signs_in ? CK_ASK_CLERK_KEY : CK_ASK_INSERT;
	const char *serial = v->signs_in ? NULL : meant(v);
	struct ck_err why = *err;

	if (!may_come(v, err->code) || ck_answered(&v->talk, question))
		return CK_STOP;
	*err = (struct ck_err){ 0 };
	v->await.unheard = ck_keyring_unheard(v->ring);
	if (ck_watch_keys(v, err) == -1)
		return CK_STOP;
	/* that there is none needs no saying to who is asked for one; which one it is does */
	ck_question(&v->talk, question, why.code != CK_E_NO_KEY ? &why : NULL, "{s:b, s:s*, s:s*}",
	    "several", 0, "serial", serial, "label", serial != NULL ? label_of(v) : NULL);
	return CK_ASK;
}
