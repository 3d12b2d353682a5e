/* A box over what is there, with a few words and what to do now. */
#ifndef CK_KIT_MESSAGE_H
#define CK_KIT_MESSAGE_H

#include "list.h"

struct ck_message {
	enum ck_tone tone;
	const char *title;
	const char *text;
	struct ck_buttons buttons;
};

void ck_message_draw(struct ck_canvas *, const struct ck_message *);

#endif
