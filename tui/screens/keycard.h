/* What is on a key, in words: its certificates as cards, the key itself, and what can be done. */
#ifndef CK_KEYCARD_H
#define CK_KEYCARD_H

#include "cards.h"
#include "kit/card.h"
#include "texts.h"

/* One of the key's entries, with so many facts below its name. Its texts are kept in t. */
void ck_keycard(
    const struct ck_ctx *, struct ck_texts *t, const json_t *entry, int facts, struct ck_card *);
/* does it get a card? Pairs without a certificate are counted instead */
bool ck_keycard_wanted(const json_t *entry);

/* the state of its PIN, in words */
struct ck_note ck_key_pin(const struct ck_ctx *, struct ck_texts *t, const json_t *key);
/* "Key  飞天 ePass2003   某某   序列号 3310090012345678" */
const char *ck_key_line(const struct ck_ctx *, struct ck_texts *t, const json_t *key);
/* why nothing can be written to it: word cards.WHY; NULL = it can */
const char *ck_key_unfit(const json_t *key);

/* what can be done, in the order in which it is offered */
struct ck_deed_row {
	enum ck_deed deed;
	const json_t *system; /* of RENEW */
	const char *way;
	const char *why; /* it can't be done, because: word cards.WHY; NULL = it can */
};
#define CK_WAY_BY_CODES "download" /* of none of the certificates that are there */
/* does it take a clerk? */
bool ck_way_of_clerk(const char *way);
/* on behalf and by oneself in each system, downloads, and what is always there */
#define CK_DEED_ROWS_MAX (3 * CK_CARD_NOTES + 5)
/* entry NULL: no certificate is in focus; returns how many */
int ck_deeds(const struct ck_ctx *, const json_t *key, const json_t *entry,
    struct ck_deed_row out[CK_DEED_ROWS_MAX]);
/* in one line, and whether its own place is below the others */
const char *ck_deed_text(const struct ck_ctx *, struct ck_texts *t, const json_t *key,
    const json_t *entry, const struct ck_deed_row *);
bool ck_deed_is_small(enum ck_deed);
/* the nearest from at on that can be done, else the nearest before; at: there is none */
int ck_deed_next(const struct ck_deed_row *, int n, int at, bool down);

#endif
