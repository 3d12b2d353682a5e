/*
 * Who is a clerk, and how he proves it: by his own key, which holds a certificate of the site's
 * list and signs a challenge, or by his passphrase where the site allows that.
 */
#ifndef CK_CLERK_H
#define CK_CLERK_H

#include <jansson.h>

#include "walk/visit.h"

/* as a "by" says it */
#define CK_BY_KEY "key"
#define CK_BY_WORD "passphrase"

/* ---- whose key is it? NULL: no clerk's, or it can't be told without the PIN ---- */

const struct ck_clerk *ck_clerk_of_entries(const struct ck_site *, const struct ck_entries *);
const struct ck_clerk *ck_clerk_of_key(
    const struct ck_site *, struct ck_keyring *, const struct ck_token_info *);

/* ---- proofs; what is tried and how it ended stands in the ledger ---- */

/* Before the PIN: does the key hold one of this clerk's certificates that is valid now and, where
 * the site names issuers, signed by one? CLERK_CERT_DAYS, CLERK_CERT_ISSUER. */
int ck_clerk_judge_key(
    const struct ck_site *, struct ck_token *, const struct ck_clerk *, struct ck_err *);
/* After it: and does the key sign for it? */
int ck_clerk_prove_key(
    const struct ck_site *, struct ck_token *, const struct ck_clerk *, struct ck_err *);

/* 0 with *who; -1: CLERK_NOT_PROVED (whether there is such a clerk is not told), CLERK_WAIT after
 * too many wrong ones in a row, CLERK_WORD_OFF where the site has no passphrases; or the store. */
int ck_clerk_prove_word(struct ck_visit *, const char *id, const struct ck_secret *,
    const struct ck_clerk **who, struct ck_err *);

/* A line of the ledger about him; station: what he wanted. */
int ck_clerk_note(struct ck_visit *, const struct ck_clerk *, const char *station, enum ck_mark,
    const char *text, struct ck_err *);

/* ---- what is asked of the engine (sign_in.c) ---- */

enum ck_outcome ck_sign_in(const struct ck_site *, struct ck_link *, const json_t *order);
enum ck_outcome ck_sign_out(const struct ck_site *, struct ck_link *, const json_t *order);
/* makes the line of certkiosk.conf(5) by which a passphrase is known */
enum ck_outcome ck_clerk_word(const struct ck_site *, struct ck_link *, const json_t *order);

/* ---- the word of a clerk who does not serve this visit (second.c) ---- */

/* GO: given for this act, or the policy does not ask for it. It holds until it is used up
 * (v->seconded). */
enum ck_turn ck_second_clerk(struct ck_visit *, enum ck_second, struct ck_err *);
/* The same where no station asks: 0 or -1. */
int ck_second_clerk_now(struct ck_visit *, enum ck_second, struct ck_err *);

#endif
