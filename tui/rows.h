/* The rows of lists in words. */
#ifndef CK_TUI_ROWS_H
#define CK_TUI_ROWS_H

#include "show.h"

void ck_show_row(const struct ck_show *, enum ck_verb, const json_t *row);

#endif
