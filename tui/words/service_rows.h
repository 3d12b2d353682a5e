/* The other services of a menu, and what became of an application, in words. */
#ifndef CK_SERVICE_ROWS_H
#define CK_SERVICE_ROWS_H

#include "say.h"

/* of {"zh","en"} */
const char *ck_called(enum ck_lang, const json_t *both);

void ck_show_service(const struct ck_show *, const json_t *row);     /* one there is */
void ck_show_application(const struct ck_show *, const json_t *row); /* what the desk says */
/* what to bring, and what the CA does; of facts with "bring", "note" */
void ck_show_bring(const struct ck_show *, const json_t *facts);
void ck_show_applied(const struct ck_show *, const json_t *end);

#endif
