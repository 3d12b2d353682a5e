/*
 * A unit's keys in a row: system and way are chosen once, then each key is a visit of its own. A
 * batch is kept as a record whose way is CK_BATCH_WAY, one open at a time a clerk; it has a row for
 * each key, kept with the key's own visit. At its end the rows become a list on paper, which is the
 * form of that record (paper.h).
 */
#ifndef CK_BATCH_H
#define CK_BATCH_H

#include <jansson.h>

#include "walk/visit.h"

#define CK_BATCH_WAY "batch"
/* a list of so many fills sixteen sheets, and more than a day */
#define CK_BATCH_MAX 200

static inline bool
ck_is_batch(const struct ck_record_head *h)
{
	return strcmp(h->way, CK_BATCH_WAY) == 0;
}

/* The record of a batch that is not over, for this engine alone. BATCH_NONE, BATCH_BUSY */
int ck_batch_find(struct ck_visit *, const char *number, struct ck_record **, struct ck_err *);
/* The same where its list is not made yet, either: keys may be added. */
int ck_batch_open(struct ck_visit *, const char *number, struct ck_record **, struct ck_err *);
bool ck_batch_listed(const struct ck_record *);
const char *ck_batch_way(const struct ck_record *);

/* The visit's record belongs to the batch it was asked for in. */
int ck_batch_mark(struct ck_visit *, struct ck_err *);
/* What has become of the key, for its batch, if it has one: before the record is closed, and when
 * the visit ends. result: CK_ROW_…; why: an error's name or a reason of parked.h, NULL none. */
#define CK_ROW_DONE "done"
#define CK_ROW_PARKED "parked"
#define CK_ROW_REFUSED "refused"
#define CK_ROW_SKIPPED "skipped"
#define CK_ROW_FAILED "failed"
int ck_batch_keep(struct ck_visit *, const char *result, const char *why, struct ck_err *);
/* The same for a visit that ended so. */
void ck_batch_end(struct ck_visit *, enum ck_outcome, const struct ck_err *cause);

/* Its rows in the order of their keys, as things stand now: an array of objects with "at", "key",
 * "unit", "name", "key_serial", "old_serial", "old_not_after", "new_serial", "new_not_after",
 * "record", "slip", "result", "why"; what is not known is missing. NULL with the cause. */
json_t *ck_batch_rows(
    const struct ck_site *, struct ck_store *, const struct ck_record *, struct ck_err *);
/* How many of them have this result; NULL: all. */
int ck_batch_count(const json_t *rows, const char *result);

/* handover.c: the list is made and kept, and the batch is over. BATCH_EMPTY */
int ck_handover(struct ck_visit *, const char *number, struct ck_err *);

/* batches.c: the services; each says its rows and its "end" itself */
enum ck_outcome ck_begin_batch(const struct ck_site *, struct ck_link *, const json_t *order);
enum ck_outcome ck_show_batch_ways(const struct ck_site *, struct ck_link *, const json_t *order);
enum ck_outcome ck_show_batches(const struct ck_site *, struct ck_link *, const json_t *order);
enum ck_outcome ck_show_batch(const struct ck_site *, struct ck_link *, const json_t *order);

#endif
