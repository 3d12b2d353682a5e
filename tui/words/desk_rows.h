/* What a counter did and how it is, in words: the report and the diagnosis. */
#ifndef CK_DESK_ROWS_H
#define CK_DESK_ROWS_H

#include "say.h"

/* a unit's keys in a row; and one of the keys. With texts: the row and its words in a language. */
void ck_show_batch(const struct ck_show *, const json_t *row);
void ck_show_batch_key(const struct ck_show *, const json_t *row);
json_t *ck_batch_texts(enum ck_lang, const json_t *row);
json_t *ck_batch_key_texts(enum ck_lang, const json_t *row);

void ck_show_reported(const struct ck_show *, const json_t *row);
/* of a report's end: the sums alone, and with a bar for each hour */
void ck_show_totals(const struct ck_show *, const json_t *facts);
void ck_show_figures(const struct ck_show *, const json_t *facts);
void ck_show_part(const struct ck_show *, const json_t *row);
void ck_show_health(const struct ck_show *, const json_t *facts); /* of a diagnosis's end */

#endif
