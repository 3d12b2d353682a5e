#include "walk/clerk.h"

#include <openssl/sha.h>
#include <string.h>

#include "base/clock.h"

/* the station passphrases are counted under, whatever they were typed for */
#define WORD_STATION "clerk-word"

/* ---- whose key is it? ---- */

static const struct ck_clerk *
clerk_of_entry(const struct ck_site *site, const struct ck_entry *e)
{
	unsigned char hash[CK_HASH_LEN];

	if (e->cert == NULL)
		return NULL;
	SHA256(e->cert, e->cert_len, hash);
	return ck_site_clerk_with(site, hash);
}

const struct ck_clerk *
ck_clerk_of_entries(const struct ck_site *site, const struct ck_entries *all)
{
	const struct ck_clerk *clerk = NULL;

	for (size_t i = 0; i < all->n && clerk == NULL; i++)
		clerk = clerk_of_entry(site, &all->at[i]);
	return clerk;
}

const struct ck_clerk *
ck_clerk_of_key(
    const struct ck_site *site, struct ck_keyring *ring, const struct ck_token_info *row)
{
	struct ck_entries all = { .n = 0 };
	struct ck_token *token = NULL;
	const struct ck_clerk *clerk = NULL;
	struct ck_err untold = { 0 };

	if (ck_keyring_take(ring, row, &token, &untold) == 0 &&
	    ck_token_list(token, &all, &untold) == 0)
		clerk = ck_clerk_of_entries(site, &all);
	ck_entries_free(&all);
	ck_token_close(token);
	return clerk;
}

/* ---- by key ---- */

static int
judge_cert(const struct ck_issuers *issuers, const struct ck_entry *e, struct ck_err *err)
{
	struct ck_cert_facts f;
	char from[CK_TIME_LEN], to[CK_TIME_LEN];
	int64_t now = ck_now();

	if (ck_cert_read(e->cert, e->cert_len, &f, err) == -1)
		return -1;
	if (now < f.not_before || now > f.not_after) {
		ck_time_text(f.not_before, from);
		ck_time_text(f.not_after, to);
		return ck_fail(err, CK_E_CLERK_CERT_DAYS, "%s - %s", from, to);
	}
	if (issuers != NULL && !ck_issuers_signed(issuers, e->cert, e->cert_len))
		return ck_fail(err, CK_E_CLERK_CERT_ISSUER, "%s", f.issuer);
	return 0;
}

static int
signs_for(struct ck_token *token, const struct ck_entry *e, struct ck_err *err)
{
	EVP_PKEY *handle = NULL;
	int r = -1;

	if (ck_token_key(token, e->id, e->id_len, &handle, err) == 0)
		r = ck_key_proves(handle, e->cert, e->cert_len, err);
	EVP_PKEY_free(handle);
	return r;
}

/* One that will do is enough: beside it there may be one of last year, or one that only decrypts.
 */
static int
any_good(const struct ck_site *site, struct ck_token *token, const struct ck_clerk *who, bool prove,
    struct ck_err *err)
{
	struct ck_entries all = { .n = 0 };
	struct ck_issuers *issuers = NULL;
	struct ck_err first = { 0 };
	bool found = false;
	int r = -1;

	if (site->clerk_issuers[0] != '\0' &&
	    ck_issuers_read(site->clerk_issuers, NULL, &issuers, err) == -1)
		goto out;
	if (ck_token_list(token, &all, err) == -1)
		goto out;
	for (size_t i = 0; i < all.n && r == -1; i++) {
		if (clerk_of_entry(site, &all.at[i]) != who)
			continue;
		found = true;
		if (judge_cert(issuers, &all.at[i], &first) == 0 &&
		    (!prove || signs_for(token, &all.at[i], &first) == 0))
			r = 0;
	}
	if (r == -1 && found)
		ck_fail_native(err, first.code, first.native, "%s", first.detail);
	else if (r == -1)
		ck_fail(err, CK_E_CLERK_KEY_FOREIGN, "%s", who->id);
out:
	ck_entries_free(&all);
	ck_issuers_free(issuers);
	return r;
}

int
ck_clerk_judge_key(const struct ck_site *site, struct ck_token *token, const struct ck_clerk *who,
    struct ck_err *err)
{
	return any_good(site, token, who, false, err);
}

int
ck_clerk_prove_key(const struct ck_site *site, struct ck_token *token, const struct ck_clerk *who,
    struct ck_err *err)
{
	return any_good(site, token, who, true, err);
}

/* ---- by passphrase ---- */

static int
not_yet(int64_t left, struct ck_err *err)
{
	char until[CK_TIME_LEN];

	ck_time_text(ck_now() + left, until);
	return ck_fail(err, CK_E_CLERK_WAIT, "%s", until);
}

/* Somebody who is no clerk, or has no passphrase, is treated like one whose passphrase was wrong:
 * same words, same time, same waits. */
int
ck_clerk_prove_word(struct ck_visit *v, const char *id, const struct ck_secret *word,
    const struct ck_clerk **who, struct ck_err *err)
{
	const struct ck_clerk *clerk = ck_site_clerk(v->site, id);
	const struct ck_who said = { .id = id, .known = clerk != NULL };
	int64_t left = 0;
	int fits;

	if (!v->site->clerk_passphrase)
		return ck_fail(err, CK_E_CLERK_WORD_OFF, "%s", "");
	if (ck_ledger_try(v->store, &said, WORD_STATION, "a passphrase is tried", ck_guess_wait,
		&left, err) == -1)
		return -1;
	if (left > 0)
		return not_yet(left, err);
	fits = ck_passphrase_fits(word, clerk != NULL ? clerk->known_by : "", err);
	if (fits == -1 ||
	    ck_ledger_clerk(v->store, &said, WORD_STATION, fits == 1 ? CK_DONE : CK_NOTE,
		fits == 1 ? "the right passphrase" : "a wrong passphrase", err) == -1)
		return -1;
	if (fits != 1)
		return ck_fail(err, CK_E_CLERK_NOT_PROVED, "%s", "");
	*who = clerk;
	return 0;
}

int
ck_clerk_note(struct ck_visit *v, const struct ck_clerk *who, const char *station,
    enum ck_mark mark, const char *text, struct ck_err *err)
{
	return ck_ledger_clerk(
	    v->store, &(struct ck_who){ .id = who->id, .known = true }, station, mark, text, err);
}
