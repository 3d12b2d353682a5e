/* How things look, by what they are. A screen names a style; the theme says which of the eight
 * colours and which attributes that is. Colour only repeats what a sign or a word says. */
#ifndef CK_KIT_STYLE_H
#define CK_KIT_STYLE_H

#include <stdbool.h>

enum ck_style {
	CK_S_PLAIN,
	CK_S_TITLE, /* the top line */
	CK_S_HEAD,  /* the one thought of a screen */
	CK_S_DIM,   /* what matters less, what can't be chosen */
	CK_S_GOOD,
	CK_S_NOW,
	CK_S_CAREFUL,
	CK_S_BAD,
	CK_S_FOCUS, /* what Enter would choose */
	CK_S_INPUT, /* where one types */
	CK_S_BORDER,
	CK_S_DONE,    /* the part of a bar that is done */
	CK_S_LEFT,    /* the part that is left */
	CK_S_KEYNAME, /* "F1", "Enter" */
	CK_S_QR,      /* light modules are its background */
	CK_S_QR_DARK, /* dark modules where they are drawn as blanks */
	CK_STYLES
};

enum ck_theme { CK_THEME_STANDARD, CK_THEME_CONTRAST, CK_THEME_MONO, CK_THEMES };
extern const char *const ck_theme_names[]; /* "standard" "contrast" "mono" */
int ck_theme_from(const char *name);	   /* -1: no such theme */

/* the eight every terminal has, in the terminals' own order */
enum ck_colour {
	CK_BLACK,
	CK_RED,
	CK_GREEN,
	CK_YELLOW,
	CK_BLUE,
	CK_MAGENTA,
	CK_CYAN,
	CK_WHITE,
};
enum ck_attr { CK_BOLD = 1, CK_REVERSE = 2, CK_UNDERLINE = 4, CK_FAINT = 8 };

struct ck_look {
	enum ck_colour fg, bg; /* not used by the mono theme */
	unsigned attr;	       /* enum ck_attr */
};
const struct ck_look *ck_look(enum ck_theme, enum ck_style);

/* What is said by a sign, a word and a colour at once. */
enum ck_tone {
	CK_TONE_PLAIN,
	CK_TONE_GOOD,	 /* v done, in order */
	CK_TONE_NOW,	 /* > under way */
	CK_TONE_CAREFUL, /* ! */
	CK_TONE_BAD,	 /* x no, failed */
	CK_TONE_SAFE,	 /* O the key may be pulled */
	CK_TONE_TODO,	 /* . not yet */
	CK_TONES
};
char ck_tone_sign(enum ck_tone);
enum ck_style ck_tone_style(enum ck_tone);

#endif
