/* Which keys may be meant, and waiting for one to be put in. */
#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "walk/visit.h"

/* A key that no reader tells of is looked for this often, and only while one is asked for: some
 * modules show a key that came only when they are loaded anew. */
#define LOOK_MS 1000
/* Behind a reader's event a module may show its key late (some ask their driver every second or
 * two). */
#define LAG_MS 3000
#define LAG_LOOK_MS 300

/* ---- which keys ---- */

/* Whose own key is it? What can't be told (it is asked for its certificates) is the customer's. */
static const struct ck_clerk *
clerk_of(struct ck_visit *v, const struct ck_token_info *row)
{
	struct ck_entries all = { .n = 0 };
	struct ck_token *token = NULL;
	const struct ck_clerk *clerk = NULL;
	struct ck_err untold = { 0 };
	unsigned char hash[CK_HASH_LEN];

	if (ck_keyring_take(v->ring, row, &token, &untold) == 0 &&
	    ck_token_list(token, &all, &untold) == 0)
		for (size_t i = 0; i < all.n && clerk == NULL; i++) {
			if (all.at[i].cert == NULL)
				continue;
			SHA256(all.at[i].cert, all.at[i].cert_len, hash);
			clerk = ck_site_clerk_with(v->site, hash);
		}
	ck_entries_free(&all);
	ck_token_close(token);
	return clerk;
}

static bool
clerks_have_keys(const struct ck_site *site)
{
	for (size_t i = 0; i < site->n_clerks; i++)
		if (site->clerks[i].n_certs > 0)
			return true;
	return false;
}

static void
drop_clerks(struct ck_visit *v, struct ck_token_info *rows, size_t *n)
{
	size_t kept = 0;

	if (!clerks_have_keys(v->site))
		return;
	for (size_t i = 0; i < *n; i++)
		if ((v->wish.key != NULL && strcmp(v->wish.key, rows[i].serial) == 0) ||
		    clerk_of(v, &rows[i]) == NULL)
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

	if (r == 0)
		drop_clerks(v, rows, n);
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
	drop_clerks(v, rows, &n);
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
		return true;
	case CK_E_OTHER_KEY:
		return v->wish.key != NULL;
	default:
		return false;
	}
}

enum ck_turn
ck_ask_insert(struct ck_visit *v, struct ck_err *err)
{
	struct ck_err why = *err;

	if (!may_come(v, err->code) || ck_answered(&v->talk, CK_ASK_INSERT))
		return CK_STOP;
	*err = (struct ck_err){ 0 };
	v->await.unheard = ck_keyring_unheard(v->ring);
	if (ck_watch_keys(v, err) == -1)
		return CK_STOP;
	/* that there is none needs no saying to who is asked for one */
	ck_question(&v->talk, CK_ASK_INSERT, why.code != CK_E_NO_KEY ? &why : NULL, NULL);
	return CK_ASK;
}
