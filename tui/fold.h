/* Text in columns of a terminal: its lines. */
#ifndef CK_FOLD_H
#define CK_FOLD_H

#include <stddef.h>

#include "kit/text.h" /* ck_columns */

/* Columns of the terminal behind fd; 0 = none, or it does not say. */
int ck_terminal_columns(int fd);

/* The text in lines of at most width columns, those after the first begun with hang blanks; width 0
 * leaves it whole. Broken at blanks and beside wide characters, never before a closing mark or
 * behind an opening one; what has no such place in a whole line is cut. The caller frees it; NULL =
 * no memory. */
char *ck_folded(const char *text, int width, int hang);

#endif
