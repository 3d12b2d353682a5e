/* Text as a terminal shows it: how many columns it takes, what stands for a glyph that terminals
 * disagree about, where its lines may end. */
#ifndef CK_KIT_TEXT_H
#define CK_KIT_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* Columns of a code point: 0 joins the one before it. Without a UTF-8 locale what is wide is
 * guessed by the block it is in. */
int ck_columns_of(uint32_t cp);
int ck_columns(const char *text);

/* What is shown for one code point of text from outside: itself, or what stands for it, or "". */
#define CK_GLYPH_MAX 8
void ck_glyph(char out[CK_GLYPH_MAX], const char *at, size_t len);
/* columns of the same */
int ck_glyph_columns(uint32_t cp);
/* columns of a text as a canvas shows it */
int ck_shown_columns(const char *text);

/* Bytes of the first of the lines of at most width columns that n bytes make; blanks at its end may
 * stand out. Broken at blanks and beside wide characters, never before a closing mark or behind an
 * opening one; what has no such place in a whole line is cut. */
size_t ck_line_end(const char *text, size_t n, int width, int (*columns)(uint32_t cp));

#endif
