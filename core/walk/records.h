/* Rows of records, for all who show one. */
#ifndef CK_RECORDS_H
#define CK_RECORDS_H

#include <jansson.h>

#include "certkiosk/record.h"
#include "base/site.h"
#include "policy/policy.h"

/* station: where it stands */
json_t *ck_record_json(const struct ck_record_head *, const char *station, int deadline_days);
/* The same with the slip of one that is not over, and where that stopped. policy: its system's,
 * NULL: this site has it no more. */
json_t *ck_record_row(const struct ck_site *, struct ck_store *, const struct ck_record_head *,
    const struct ck_policy *);

#endif
