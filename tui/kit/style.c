#include "style.h"

#include <string.h>

const char *const ck_theme_names[] = {
	[CK_THEME_STANDARD] = "standard",
	[CK_THEME_CONTRAST] = "contrast",
	[CK_THEME_MONO] = "mono",
	[CK_THEMES] = NULL,
};

int
ck_theme_from(const char *name)
{
	for (int i = 0; i < CK_THEMES; i++)
		if (strcmp(ck_theme_names[i], name) == 0)
			return i;
	return -1;
}

static const struct ck_look looks[CK_THEMES][CK_STYLES] = {
	[CK_THEME_STANDARD] = {
		[CK_S_PLAIN] = { CK_WHITE, CK_BLACK, 0 },
		[CK_S_TITLE] = { CK_WHITE, CK_BLUE, CK_BOLD },
		[CK_S_HEAD] = { CK_WHITE, CK_BLACK, CK_BOLD },
		[CK_S_DIM] = { CK_CYAN, CK_BLACK, 0 },
		[CK_S_GOOD] = { CK_GREEN, CK_BLACK, CK_BOLD },
		[CK_S_NOW] = { CK_CYAN, CK_BLACK, CK_BOLD },
		[CK_S_CAREFUL] = { CK_YELLOW, CK_BLACK, CK_BOLD },
		[CK_S_BAD] = { CK_WHITE, CK_RED, CK_BOLD },
		[CK_S_FOCUS] = { CK_BLACK, CK_CYAN, 0 },
		[CK_S_INPUT] = { CK_BLACK, CK_WHITE, 0 },
		[CK_S_BORDER] = { CK_CYAN, CK_BLACK, 0 },
		/* sign and ground alike: one solid bar, and still a '#' for who reads the text */
		[CK_S_DONE] = { CK_GREEN, CK_GREEN, 0 },
		[CK_S_LEFT] = { CK_WHITE, CK_BLACK, 0 },
		[CK_S_KEYNAME] = { CK_BLACK, CK_CYAN, 0 },
		[CK_S_QR] = { CK_BLACK, CK_WHITE, 0 },
		[CK_S_QR_DARK] = { CK_WHITE, CK_BLACK, 0 },
	},
	[CK_THEME_CONTRAST] = {
		[CK_S_PLAIN] = { CK_WHITE, CK_BLACK, CK_BOLD },
		[CK_S_TITLE] = { CK_YELLOW, CK_BLACK, CK_BOLD },
		[CK_S_HEAD] = { CK_YELLOW, CK_BLACK, CK_BOLD },
		[CK_S_DIM] = { CK_WHITE, CK_BLACK, 0 },
		[CK_S_GOOD] = { CK_WHITE, CK_BLACK, CK_BOLD },
		[CK_S_NOW] = { CK_YELLOW, CK_BLACK, CK_BOLD },
		[CK_S_CAREFUL] = { CK_BLACK, CK_YELLOW, 0 },
		[CK_S_BAD] = { CK_BLACK, CK_WHITE, 0 },
		[CK_S_FOCUS] = { CK_BLACK, CK_YELLOW, 0 },
		[CK_S_INPUT] = { CK_BLACK, CK_WHITE, 0 },
		[CK_S_BORDER] = { CK_WHITE, CK_BLACK, CK_BOLD },
		[CK_S_DONE] = { CK_WHITE, CK_WHITE, 0 },
		[CK_S_LEFT] = { CK_WHITE, CK_BLACK, CK_BOLD },
		[CK_S_KEYNAME] = { CK_BLACK, CK_YELLOW, 0 },
		[CK_S_QR] = { CK_BLACK, CK_WHITE, 0 },
		[CK_S_QR_DARK] = { CK_WHITE, CK_BLACK, 0 },
	},
	[CK_THEME_MONO] = {
		[CK_S_TITLE] = { .attr = CK_REVERSE },
		[CK_S_HEAD] = { .attr = CK_BOLD },
		[CK_S_DIM] = { .attr = CK_FAINT },
		[CK_S_GOOD] = { .attr = CK_BOLD },
		[CK_S_NOW] = { .attr = CK_BOLD },
		[CK_S_CAREFUL] = { .attr = CK_BOLD | CK_UNDERLINE },
		[CK_S_BAD] = { .attr = CK_BOLD | CK_REVERSE },
		[CK_S_FOCUS] = { .attr = CK_REVERSE },
		[CK_S_INPUT] = { .attr = CK_UNDERLINE },
		[CK_S_DONE] = { .attr = CK_BOLD },
		[CK_S_KEYNAME] = { .attr = CK_REVERSE },
		[CK_S_QR] = { .attr = CK_REVERSE },
	},
};

const struct ck_look *
ck_look(enum ck_theme theme, enum ck_style style)
{
	return &looks[theme][style];
}

static const struct {
	char sign;
	enum ck_style style;
} tones[CK_TONES] = {
	[CK_TONE_PLAIN] = { ' ', CK_S_PLAIN },
	[CK_TONE_GOOD] = { 'v', CK_S_GOOD },
	[CK_TONE_NOW] = { '>', CK_S_NOW },
	[CK_TONE_CAREFUL] = { '!', CK_S_CAREFUL },
	[CK_TONE_BAD] = { 'x', CK_S_BAD },
	[CK_TONE_SAFE] = { 'O', CK_S_GOOD },
	[CK_TONE_TODO] = { '.', CK_S_DIM },
};

char
ck_tone_sign(enum ck_tone tone)
{
	return tones[tone].sign;
}

enum ck_style
ck_tone_style(enum ck_tone tone)
{
	return tones[tone].style;
}
