/* Rows of records, for all who show one. */
#ifndef CK_RECORDS_H
#define CK_RECORDS_H

#include <jansson.h>

#include "certkiosk/record.h"
#include "base/site.h"

json_t *ck_record_json(const struct ck_record_head *, int deadline_days);
/* the same, and the slip of one that is not over */
json_t *ck_record_row(const struct ck_site *, const struct ck_record_head *, int deadline_days);

#endif
