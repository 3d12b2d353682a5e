#include "token/plugged.h"

#include <string.h>

#include "base/utf8.h"
#include "token/pcsc.h"

/* CK_SLOT_INFO.slotDescription */
#define SLOT_TEXT_MAX 64

void
ck_plugged_all(struct ck_plugged *p)
{
	*p = (struct ck_plugged){ .others = true };
	p->n_usb = ck_usb_list(p->usb);
	p->service = ck_pcsc_cards(&ck_pcsc_lite, p->cards, &p->n_cards, &p->native);
}

void
ck_plugged_one(struct ck_plugged *p, const struct ck_card *card)
{
	*p = (struct ck_plugged){ .others = card == NULL, .n_cards = card != NULL };
	p->n_usb = ck_usb_list(p->usb);
	if (card != NULL)
		p->cards[0] = *card;
}

bool
ck_plugged_slot_fits(const char *slot, const char *raw)
{
	char reader[CK_READER_NAME_MAX];
	size_t n = strlen(slot);

	/* as the slot's own text was filtered (p11.c) */
	ck_clean_str(reader, sizeof reader, raw);
	if (strcmp(slot, reader) == 0)
		return true;
	/* OpenSC ends what it cut in dots, others just cut */
	if (n == SLOT_TEXT_MAX && strcmp(slot + n - 3, "...") == 0)
		n -= 3;
	else if (n != SLOT_TEXT_MAX)
		return false;
	return strncmp(slot, reader, n) == 0;
}
