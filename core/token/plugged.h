/* What is plugged in now, asked of no module: keys in readers, and whatever is on the USB. */
#ifndef CK_PLUGGED_H
#define CK_PLUGGED_H

#include "certkiosk/reader.h"
#include "token/usb.h"

struct ck_plugged {
	struct ck_card cards[CK_CARDS_MAX];
	struct ck_usb usb[CK_USB_MAX];
	size_t n_cards, n_usb;
	bool others;	      /* keys that no reader shows are looked for, too */
	enum ck_code service; /* NONE, or why readers could not be asked */
	unsigned long native;
};

void ck_plugged_all(struct ck_plugged *);
/* this key alone; NULL: all but those in readers */
void ck_plugged_one(struct ck_plugged *, const struct ck_card *);

/* Is it the slot of this reader? A module has 64 bytes for the name and may cut it. */
bool ck_plugged_slot_fits(const char *slot, const char *reader);

#endif
