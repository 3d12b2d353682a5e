/*
 * One screen: what is to be seen, and what a key does there. A view knows the kit, the words and
 * what it was given; no engine, no terminal, no clock. The stage (tui/stage.h) shows it inside the
 * page that all screens share, and gives it the events the page has no use for.
 *
 * Each screen is NAME.h: a struct or an opaque pointer with its model, NAME_view() to fill in a
 * ck_view, and what was chosen to be read from it once key said DONE.
 */
#ifndef CK_VIEW_H
#define CK_VIEW_H

#include <stdbool.h>
#include <stdint.h>
#include <jansson.h>

#include "kit/page.h"
#include "words/words.h"

/* what every screen may know */
struct ck_ctx {
	enum ck_lang lang;
	bool clerk;	     /* the clerk's desk; false: a customer by himself */
	bool ascii;	     /* no line graphics, no half blocks */
	bool key_in;	     /* a customer's key is in a reader */
	bool services;	     /* a system here has more in its menu than renewals */
	int64_t now;	     /* seconds, as the kiosk's clock has it */
	int64_t mono_ms;     /* for what took how long */
	const char *hotline; /* of the site or the system at hand; "" = none */
};

enum ck_went {
	CK_WENT_NOTHING, /* not for this screen */
	CK_WENT_CHANGE,	 /* draw it again */
	CK_WENT_REFUSED, /* for it, but not possible */
	CK_WENT_DONE,	 /* something was chosen or typed to its end */
	CK_WENT_BACK,	 /* the person wants to leave it */
};

/* what happens when nobody touches anything, at the customer's face */
enum ck_idle {
	CK_IDLE_WIPE, /* warned of, then everything is wiped */
	CK_IDLE_MASK, /* covered, not wiped: the customer is busy with a phone, or pays */
	CK_IDLE_STAY, /* never: the key is being written to, or there is nothing to be wiped */
};

struct ck_prose; /* prose.h */

/* function keys of a screen's own beside help, language and theme */
#define CK_VIEW_FUNCTIONS_MAX 8

struct ck_view {
	void *self;
	void (*draw)(void *self, struct ck_canvas *, struct ck_rect, const struct ck_ctx *);
	/* an event may hold a PIN's character: what takes it wipes it out. NULL: takes none */
	enum ck_went (*key)(void *self, struct ck_event *, const struct ck_ctx *);
	/* its function keys in the language of ctx; an event they stand for comes to key as the
	 * function key itself. NULL: none */
	int (*functions)(
	    void *self, const struct ck_ctx *, struct ck_function out[CK_VIEW_FUNCTIONS_MAX]);
	void (*forget)(void *self); /* wipes what was typed so far; NULL: nothing is typed */
	bool of_key; /* what is typed or shown is of the key that is in: it goes when that is pulled
		      */
	const char *help; /* word help.HELP: what F1 says here */
	/* and what it says besides of what is on the screen now; NULL: nothing */
	void (*more)(void *self, struct ck_prose *, const struct ck_ctx *);
	enum ck_idle idle;
	bool typing; /* letters belong to a field; may change with every key */
	bool alone;  /* nothing beside the field: the customer types a PIN at the desk */
	bool heeds;  /* a key that comes or goes is for who shows it (CK_STAGE_READY) */
	bool staff;  /* F9 led here: it leads nowhere else */
	bool ticks;  /* shows a time that runs: drawn again every second */
};

/* A word of the screens, "" when there is none; and one with facts filled in. */
static inline const char *
ck_say(const struct ck_ctx *ctx, const char *group, const char *name)
{
	const char *w = ck_word(ctx->lang, group, name);

	return w != NULL ? w : "";
}

#endif
