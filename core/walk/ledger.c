/* The ledger: its last lines, and whether it is whole. */
#include "walk/show.h"

/* without a number: what fits a screen or two */
#define LAST_LINES 50

static int
row_of(void *u, const struct ck_ledger_row *l)
{
	ck_talk_row(u, json_pack("{s:I, s:o, s:s, s:s, s:s, s:s}", "seq", (json_int_t)l->seq, "at",
			   ck_time_json(l->at), "record", l->record, "station", l->station, "mark",
			   l->mark, "text", l->text));
	return 0;
}

/* above zero; not said: otherwise; -1 */
static int64_t
number(const json_t *order, const char *name, int64_t otherwise, struct ck_err *err)
{
	const json_t *n = json_object_get(order, name);

	if (n == NULL)
		return otherwise;
	if (json_is_integer(n) && json_integer_value(n) > 0)
		return json_integer_value(n);
	return ck_fail(err, CK_E_USAGE, "%s", name);
}

enum ck_outcome
ck_show_ledger(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	struct ck_talk talk = { .link = link };
	struct ck_store *store = NULL;
	struct ck_err err = { 0 };
	int64_t last = number(order, "last", LAST_LINES, &err);
	int64_t before = number(order, "before", 0, &err);

	if (last != -1 && before != -1 && ck_store_open(&site->store, &store, &err) == 0)
		ck_ledger_each(store, before, last, row_of, &talk, &err);
	return ck_end_of_list(&talk, store, NULL, &err);
}

enum ck_outcome
ck_ledger_check(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	struct ck_talk talk = { .link = link };
	struct ck_store *store = NULL;
	struct ck_err err = { 0 };
	json_t *facts = NULL;
	int64_t lines = 0;

	(void)order;
	if (ck_store_open(&site->store, &store, &err) == 0 &&
	    ck_ledger_verify(store, &lines, &err) == 0)
		facts = json_pack("{s:I}", "lines", (json_int_t)lines);
	return ck_end_of_list(&talk, store, facts, &err);
}
