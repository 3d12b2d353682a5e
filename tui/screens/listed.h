/* The rows of a list as a screen has them: a table where each row is chosen from, or lines of text.
 */
#ifndef CK_LISTED_H
#define CK_LISTED_H

#include "desk.h"
#include "kit/table.h"
#include "prose.h"

/* kinds whose rows stand in columns */
bool ck_listed_in_table(enum ck_list_kind);
/* the cells of all rows and their heads, for a table of so many columns of the screen; the caller
 * frees cells, texts are kept in t */
int ck_listed_table(const struct ck_ctx *, struct ck_texts *t, enum ck_list_kind, int w,
    const json_t *rows, const char **heads, const char ***cells);
/* what is to be known of the row in focus */
void ck_listed_detail(
    const struct ck_ctx *, enum ck_list_kind, const json_t *row, struct ck_prose *);
/* rows as lines of text */
void ck_listed_prose(
    const struct ck_ctx *, enum ck_list_kind, const json_t *rows, struct ck_prose *);

#endif
