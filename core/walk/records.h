/* Rows of records, for all who show one. */
#ifndef CK_RECORDS_H
#define CK_RECORDS_H

#include <jansson.h>

#include "certkiosk/record.h"
#include "base/site.h"
#include "policy/policy.h"

/* station: where it stands */
json_t *ck_record_json(const struct ck_record_head *, const char *station, int deadline_days);
/* Where an open one stopped, as whoever comes back is told, and the slip by which it is found again.
 * policy: of its system; NULL: the site has none, so nobody knows more than its last line. */
json_t *ck_record_row(const struct ck_site *, struct ck_store *, const struct ck_record_head *,
    const struct ck_policy *);

#endif
