/* Cells as curses has them: the theme's colours and attributes, lines as the terminal draws them.
 */
#ifndef CK_KIT_INK_H
#define CK_KIT_INK_H

#include "canvas.h"

struct ck_ink {
	enum ck_theme theme;
	bool ascii;   /* no line graphics */
	bool colours; /* the terminal has enough of them */
};

/* once curses stands on its terminal, and when the theme changed */
void ck_ink_open(struct ck_ink *);
void ck_ink_theme(struct ck_ink *, enum ck_theme);
void ck_ink_row(const struct ck_ink *, const struct ck_cell *row, int cols, int y);

#endif
