/*
 * What a terminal sends, as keys and presses. The bytes stay in locked memory and are wiped as soon
 * as they are read: a PIN passes through here, which is why curses does not read them (it would
 * keep the last hundred).
 *
 * Alt and a digit is the function key of that number (0 the tenth, - and = the last two), for
 * terminals without; Alt and a letter is CK_KEY_ALT + letter. A barcode scanner types faster than
 * people and ends in Enter (CR, LF or both): nothing here is a matter of speed, but one: what
 * follows Escape within CK_ESC_MS belongs to it.
 */
#ifndef CK_KIT_KEY_H
#define CK_KIT_KEY_H

#include <stdbool.h>
#include <stddef.h>

struct ck_canvas;

/* long enough for a terminal over a serial line, too short to be noticed */
#define CK_ESC_MS 25

enum ck_event_kind {
	CK_EV_NONE,
	CK_EV_KEY,
	CK_EV_PRESS,  /* the first button, or a finger, on a cell */
	CK_EV_RESIZE, /* screen.h; not from bytes */
	CK_EV_GONE,   /* there is no terminal any more; screen.h */
};

/* Below CK_KEY_UP a key is the character it types, or a control character (CK_CTRL). */
enum {
	CK_KEY_UP = 0x110000,
	CK_KEY_DOWN,
	CK_KEY_LEFT,
	CK_KEY_RIGHT,
	CK_KEY_HOME,
	CK_KEY_END,
	CK_KEY_PAGE_UP,
	CK_KEY_PAGE_DOWN,
	CK_KEY_INSERT,
	CK_KEY_DELETE,
	CK_KEY_BACKSPACE,
	CK_KEY_TAB,
	CK_KEY_BACK_TAB,
	CK_KEY_ENTER,
	CK_KEY_ESC,
	CK_KEY_F1, /* to F12 */
	CK_KEY_F12 = CK_KEY_F1 + 11,
	CK_KEY_ALT = 0x120000,	 /* + the character */
	CK_KEY_PICK = 0x240000,	 /* + row: that row was pressed */
	CK_KEY_FOCUS = 0x250000, /* + field: that field was pressed */
};
#define CK_KEY_F(n) (CK_KEY_F1 + (n)-1)
#define CK_CTRL(letter) ((letter)&0x1F)
#define CK_KEY_PICKS 0x10000 /* rows a list may have */

struct ck_event {
	enum ck_event_kind kind;
	int key;
	int x, y;
};

/* The character a key types, as UTF-8; 0 = none. Its bytes may be a PIN's: the caller wipes out. */
#define CK_TYPED_MAX 5
size_t ck_key_typed(const struct ck_event *, char out[CK_TYPED_MAX]);
bool ck_is_key(const struct ck_event *, int key);

struct ck_keys;
struct ck_keys *ck_keys_new(void); /* NULL: no memory that can be locked */
void ck_keys_free(struct ck_keys *);
/* Where the next bytes go and how many there may be: at least one once ck_keys_next found nothing.
 */
char *ck_keys_room(struct ck_keys *, size_t *n);
void ck_keys_took(struct ck_keys *, size_t n);
/* The next event. settled: CK_ESC_MS passed and nothing more came. */
bool ck_keys_next(struct ck_keys *, bool settled, struct ck_event *);
/* the beginning of a sequence waits for the rest, or for time to pass */
bool ck_keys_waiting(const struct ck_keys *);
void ck_keys_drop(struct ck_keys *); /* forget what was typed ahead */

/* What a press means on what is shown: it becomes that key, or nothing. All else stays. */
void ck_press(const struct ck_canvas *, struct ck_event *);

#endif
