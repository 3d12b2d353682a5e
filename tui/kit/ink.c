#include "ink.h"

#define NCURSES_WIDECHAR 1
#include <curses.h>

static short
pair_of(enum ck_style style)
{
	return (short)(style + 1); /* pair 0 is the terminal's own */
}

void
ck_ink_theme(struct ck_ink *ink, enum ck_theme theme)
{
	ink->theme = ink->colours ? theme : CK_THEME_MONO;
	if (ink->theme == CK_THEME_MONO)
		return;
	for (enum ck_style s = 0; s < CK_STYLES; s++)
		init_pair(pair_of(s), (short)ck_look(theme, s)->fg, (short)ck_look(theme, s)->bg);
}

void
ck_ink_open(struct ck_ink *ink)
{
	ink->colours =
	    has_colors() && start_color() == OK && COLORS >= 8 && COLOR_PAIRS > CK_STYLES;
	if (ink->colours)
		use_default_colors(); /* where a theme has none: not black and white either */
	ck_ink_theme(ink, ink->theme);
}

static attr_t
attr_of(const struct ck_ink *ink, enum ck_style style)
{
	unsigned attr = ck_look(ink->theme, style)->attr;

	return ((attr & CK_BOLD) != 0 ? A_BOLD : 0) | ((attr & CK_REVERSE) != 0 ? A_REVERSE : 0) |
	       ((attr & CK_UNDERLINE) != 0 ? A_UNDERLINE : 0) |
	       ((attr & CK_FAINT) != 0 ? A_DIM : 0);
}

static short
pair_now(const struct ck_ink *ink, enum ck_style style)
{
	return ink->theme == CK_THEME_MONO ? 0 : pair_of(style);
}

static const cchar_t *
line_graphic(unsigned line)
{
	switch (line) {
	case CK_DOWN | CK_TO_RIGHT:
		return WACS_ULCORNER;
	case CK_DOWN | CK_TO_LEFT:
		return WACS_URCORNER;
	case CK_UP | CK_TO_RIGHT:
		return WACS_LLCORNER;
	case CK_UP | CK_TO_LEFT:
		return WACS_LRCORNER;
	case CK_UP | CK_DOWN | CK_TO_RIGHT:
		return WACS_LTEE;
	case CK_UP | CK_DOWN | CK_TO_LEFT:
		return WACS_RTEE;
	case CK_DOWN | CK_TO_LEFT | CK_TO_RIGHT:
		return WACS_TTEE;
	case CK_UP | CK_TO_LEFT | CK_TO_RIGHT:
		return WACS_BTEE;
	case CK_UP | CK_DOWN | CK_TO_LEFT | CK_TO_RIGHT:
		return WACS_PLUS;
	default:
		return (line & (CK_UP | CK_DOWN)) != 0 ? WACS_VLINE : WACS_HLINE;
	}
}

static void
write_cell(const struct ck_ink *ink, const struct ck_cell *at, int x, int y)
{
	wchar_t blank[] = L" ", text[CK_CELL_CHARS + 1];
	attr_t attr = attr_of(ink, at->style), had = 0;
	short pair = pair_now(ink, at->style), was = 0;
	cchar_t glyph;

	if (at->line != 0 && ink->ascii) {
		blank[0] = (wchar_t)ck_line_sign(at->line);
		setcchar(&glyph, blank, attr, pair, NULL);
	} else if (at->line != 0) {
		glyph = *line_graphic(at->line);
		getcchar(&glyph, text, &had, &was, NULL);
		setcchar(&glyph, text, attr | had, pair, NULL);
	} else {
		setcchar(&glyph, at->ch[0] != 0 ? at->ch : blank, attr, pair, NULL);
	}
	mvadd_wch(y, x, &glyph);
}

void
ck_ink_row(const struct ck_ink *ink, const struct ck_cell *row, int cols, int y)
{
	for (int x = 0; x < cols; x++)
		if (row[x].wide != 0)
			write_cell(ink, &row[x], x, y);
}
