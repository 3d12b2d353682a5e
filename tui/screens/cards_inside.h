/* The inside of the keys' screen, for the files that make it up. */
#ifndef CK_CARDS_INSIDE_H
#define CK_CARDS_INSIDE_H

#include "cards.h"
#include "keycard.h"
#include "kit/list.h"

/* what a key may hold of certificates; the engine judges no more */
#define CK_KEYVIEW_CARDS 32
/* a serial number, a certificate's hash: what was in focus, when the rows come anew */
#define CK_KEYVIEW_MARK 128

struct ck_keyview {
	json_t *rows;
	bool picked; /* among several, or something was done with it: it stays in hand */
	size_t key, cert;
	char key_mark[CK_KEYVIEW_MARK], cert_mark[CK_KEYVIEW_MARK];
	struct ck_cards keys, cards; /* where they were scrolled to */
	struct ck_list deeds;
	struct ck_chosen chosen;
};

/* the key in focus, and its certificate; NULL: there is none */
const json_t *ck_keyview_key(const struct ck_keyview *);
const json_t *ck_keyview_entry(const struct ck_keyview *);
/* the entries that get a card, in order; returns how many */
size_t ck_keyview_entries(const json_t *key, const json_t *out[CK_KEYVIEW_CARDS]);
/* among several keys one is to be chosen first */
bool ck_keyview_choosing(const struct ck_keyview *);
/* of each system that knows the certificate in focus: what it costs, what to bring … */
void ck_keyview_more(void *self, struct ck_prose *, const struct ck_ctx *);
void ck_keyview_draw(
    struct ck_keyview *, struct ck_canvas *, struct ck_rect, const struct ck_ctx *);

#endif
