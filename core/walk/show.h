/* What can be asked of an engine besides a visit: keys, verdicts, records, the ledger. Each says
 * its rows and its "end" itself. */
#ifndef CK_SHOW_H
#define CK_SHOW_H

#include <jansson.h>

#include "certkiosk/ask.h"
#include "base/frame.h"
#include "base/site.h"

enum ck_outcome ck_show_keys(const struct ck_site *, struct ck_link *, const json_t *order);
enum ck_outcome ck_show_verdict(const struct ck_site *, struct ck_link *, const json_t *order);
enum ck_outcome ck_show_records(const struct ck_site *, struct ck_link *, const json_t *order);
enum ck_outcome ck_show_record(const struct ck_site *, struct ck_link *, const json_t *order);
enum ck_outcome ck_show_ledger(const struct ck_site *, struct ck_link *, const json_t *order);

#endif
