/* What is on the keys that are in: certificates as cards, and what can be done with them. */
#ifndef CK_CARDS_H
#define CK_CARDS_H

#include "view.h"

enum ck_deed {
	CK_DEED_RENEW,	/* with certificate, system, way */
	CK_DEED_RESUME, /* with record */
	CK_DEED_ABANDON,
	CK_DEED_DOCTOR, /* with key */
	CK_DEED_PIN,
	CK_DEED_STATUS,
	CK_DEED_OTHER, /* something else of a system's menu */
};

struct ck_chosen { /* texts belong to the rows */
	enum ck_deed deed;
	const char *key, *certificate, *system, *way, *record;
};

struct ck_keyview;
/* rows: the watch's "key" rows of the keys that are in, clerks' own left out; kept by reference */
struct ck_keyview *ck_keyview_new(const json_t *rows);
void ck_keyview_free(struct ck_keyview *);
/* other rows, the choice stays where it was as far as it can */
void ck_keyview_update(struct ck_keyview *, const json_t *rows);
void ck_keyview_view(struct ck_keyview *, struct ck_view *);
void ck_keyview_chosen(const struct ck_keyview *, struct ck_chosen *); /* once DONE */

#endif
