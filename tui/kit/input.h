/* Where one types: a field in the clear, and one whose every character is a star. */
#ifndef CK_KIT_INPUT_H
#define CK_KIT_INPUT_H

#include "certkiosk/secret.h"
#include "widget.h"

enum ck_charset {
	CK_CHARS_ANY,
	CK_CHARS_DIGITS,
	CK_CHARS_SERIAL, /* digits, letters, '-': envelopes, keys, orders */
	CK_CHARS_ASCII,	 /* what a PIN may hold: printable, blanks too */
};

/* what one types to a desk has at most 200 characters (PROTOCOL.desk, 14); in bytes */
#define CK_INPUT_MAX 800

struct ck_input {
	enum ck_charset charset;
	int most; /* characters; 0 = as many as there is room for */
	/* the field's own */
	char text[CK_INPUT_MAX + 1];
	int at;	   /* the cursor, in bytes of text */
	int first; /* the first column to be seen */
};

/* One line. focus: the cursor is here. A press on it stands for key. */
void ck_input_draw(struct ck_canvas *, struct ck_rect, struct ck_input *, bool focus, int key);
enum ck_came ck_input_key(struct ck_input *, const struct ck_event *);
void ck_input_set(struct ck_input *, const char *text);
void ck_input_clear(struct ck_input *); /* wiped */

struct ck_masked {
	enum ck_charset charset;
	int most;
	struct ck_secret *secret; /* the only place its characters are */
	int n;			  /* characters */
};

int ck_masked_open(struct ck_masked *); /* -1: no memory that can be locked */
void ck_masked_close(struct ck_masked *);
void ck_masked_clear(struct ck_masked *);
void ck_masked_draw(
    struct ck_canvas *, struct ck_rect, const struct ck_masked *, bool focus, int key);
/* wipes the character out of the event */
enum ck_came ck_masked_key(struct ck_masked *, struct ck_event *);
/* What was typed, as a secret of its own for an answer (its caller frees it); the field is empty
 * then. NULL: no memory, and nothing changed. */
struct ck_secret *ck_masked_take(struct ck_masked *);

#endif
