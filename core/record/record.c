#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "inside.h"

const char *const ck_record_state_names[] = { [CK_RECORD_OPEN] = "open",
	[CK_RECORD_PARKED] = "parked",
	[CK_RECORD_DONE] = "done",
	[CK_RECORD_REFUSED] = "refused",
	[CK_RECORD_ABANDONED] = "abandoned",
	NULL };
const char *const ck_mark_names[] = {
	[CK_INTENT] = "intent", [CK_DONE] = "done", [CK_WAIT] = "wait", [CK_NOTE] = "note", NULL
};

bool
ck_record_is_open(enum ck_record_state state)
{
	return state == CK_RECORD_OPEN || state == CK_RECORD_PARKED;
}

const struct ck_record_head *
ck_record_head(const struct ck_record *r)
{
	return &r->head;
}

void
ck_record_free(struct ck_record *r)
{
	if (r == NULL)
		return;
	ck_facts_free(&r->facts);
	free(r);
}

static struct ck_record *
record_new(struct ck_store *st, struct ck_err *err)
{
	struct ck_record *r = calloc(1, sizeof *r);

	if (r == NULL) {
		ck_fail(err, CK_E_NO_MEMORY, "record");
		return NULL;
	}
	r->store = st;
	for (int i = 0; i < CK_TAPES; i++)
		r->tapes[i] = (struct ck_tape_at){ r, i + CK_ITEM_RECORD };
	return r;
}

/* ---- begin ---- */

static int
take_text(char *to, size_t cap, const char *from, const char *what, struct ck_err *err)
{
	if (from == NULL)
		from = "";
	if (strlen(from) >= cap)
		return ck_fail(err, CK_E_INTERNAL, "%s: longer than %zu", what, cap - 1);
	ck_clean_str(to, cap, from);
	return 0;
}

static int
count_up(struct ck_store *st, int64_t *count, struct ck_err *err)
{
	sqlite3_stmt *stmt = ck_sql_ask(st, CK_SQL_COUNT_UP, NULL, err);
	int rc = stmt == NULL ? -1 : ck_sql_next(st, stmt, err);

	if (rc < 0)
		return -1;
	if (rc == 0)
		return ck_fail(err, CK_E_STORE_DAMAGED, "%s: count", st->conf.dir);
	*count = sqlite3_column_int64(stmt, 0);
	ck_sql_done(st, stmt);
	return 0;
}

/* The count gives the record its id too: it goes on when a record is ever removed. */
static int
write_record(struct ck_record *r, struct ck_err *err)
{
	struct ck_record_head *h = &r->head;
	int y = 0, m = 0, d = 0;

	if (count_up(r->store, &r->id, err) != 0)
		return -1;
	ck_day_split(ck_day_of(h->opened), &y, &m, &d);
	snprintf(h->number, sizeof h->number, "CK-%04d%02d%02d-%06lld", y, m, d, (long long)r->id);
	return ck_sql_do(r->store, CK_SQL_RECORD_ADD,
	    CK_ARGS(CK_INT(r->id), CK_TEXT(h->number), CK_TEXT(h->system), CK_TEXT(h->way),
		CK_TEXT(h->clerk), CK_INT(h->state), CK_INT(h->opened)),
	    err);
}

static int
begin(struct ck_record *r, const char *key, struct ck_err *err)
{
	const struct ck_fact fact = { "key", key, strlen(key), CK_FACT_SEALED | CK_FACT_HANDLE };
	const struct ck_line line = { .item = CK_ITEM_RECORD, .facts = &fact, .n_facts = 1 };
	struct ck_helds staged = { 0 };
	int rc = -1;

	if (ck_facts_stage(r, &line, &staged, err) == 0 && ck_sql_begin(r->store, err) == 0 &&
	    write_record(r, err) == 0 && ck_facts_write(r, &staged, err) == 0 &&
	    ck_sql_commit(r->store, err) == 0) {
		ck_facts_take(r, &staged);
		rc = 0;
	}
	ck_sql_rollback(r->store);
	ck_facts_free(&staged);
	return rc;
}

int
ck_record_begin(struct ck_store *st, const char *system, const char *way, const char *clerk,
    const char *key, struct ck_record **out, struct ck_err *err)
{
	struct ck_record *r = NULL;
	struct ck_record_head *h = NULL;

	if (ck_disk_room(st->conf.dir, st->conf.reserve, err) != 0)
		return -1;
	r = record_new(st, err);
	if (r == NULL)
		return -1;
	h = &r->head;
	h->opened = h->touched = ck_now();
	if (take_text(h->system, sizeof h->system, system, "system", err) != 0 ||
	    take_text(h->way, sizeof h->way, way, "way", err) != 0 ||
	    take_text(h->clerk, sizeof h->clerk, clerk, "clerk", err) != 0 ||
	    begin(r, key, err) != 0) {
		ck_record_free(r);
		return -1;
	}
	*out = r;
	return 0;
}

/* ---- find ---- */

static int
read_head(sqlite3_stmt *stmt, struct ck_record_head *h, struct ck_err *err)
{
	int state = sqlite3_column_int(stmt, 4);

	ck_sql_text(stmt, 0, h->number, sizeof h->number);
	ck_sql_text(stmt, 1, h->system, sizeof h->system);
	ck_sql_text(stmt, 2, h->way, sizeof h->way);
	ck_sql_text(stmt, 3, h->clerk, sizeof h->clerk);
	ck_sql_text(stmt, 5, h->station, sizeof h->station);
	h->opened = sqlite3_column_int64(stmt, 6);
	h->touched = sqlite3_column_int64(stmt, 7);
	h->closed = sqlite3_column_int64(stmt, 8);
	ck_sql_text(stmt, 9, h->reason, sizeof h->reason);
	h->since = sqlite3_column_int64(stmt, 10);
	h->next = sqlite3_column_int64(stmt, 11);
	h->wipe = sqlite3_column_int64(stmt, 12);
	if (state < CK_RECORD_OPEN || state > CK_RECORD_ABANDONED)
		return ck_fail(err, CK_E_STORE_DAMAGED, "%s: state %d", h->number, state);
	h->state = (enum ck_record_state)state;
	return 0;
}

/* 1, 0, -1; stmt NULL: it could not be asked */
static int
take_id(struct ck_store *st, sqlite3_stmt *stmt, int64_t *id, struct ck_err *err)
{
	int rc = stmt != NULL ? ck_sql_next(st, stmt, err) : -1;

	if (rc == 1) {
		*id = sqlite3_column_int64(stmt, 0);
		ck_sql_done(st, stmt);
	}
	return rc;
}

static int
find_id(struct ck_store *st, const char *handle, const char *value, int64_t *id, struct ck_err *err)
{
	unsigned char hash[CK_HASH_LEN];
	sqlite3_stmt *stmt = NULL;

	if (strcmp(handle, "number") == 0) {
		stmt = ck_sql_ask(st, CK_SQL_RECORD_BY_NUMBER, CK_ARGS(CK_TEXT(value)), err);
	} else {
		if (ck_keyed_hash(st->keys->handle, handle, value, strlen(value), hash, err) != 0)
			return -1;
		stmt = ck_sql_ask(st, CK_SQL_RECORD_BY_HANDLE,
		    CK_ARGS(CK_TEXT(handle), CK_BLOB(hash, sizeof hash)), err);
	}
	return take_id(st, stmt, id, err);
}

static int
load(struct ck_record *r, struct ck_err *err)
{
	sqlite3_stmt *stmt = ck_sql_ask(r->store, CK_SQL_RECORD_GET, CK_ARGS(CK_INT(r->id)), err);
	int rc = stmt == NULL ? -1 : ck_sql_next(r->store, stmt, err);

	if (rc < 0)
		return -1;
	if (rc == 0)
		return ck_fail(err, CK_E_STORE_DAMAGED, "%s: record %lld", r->store->conf.dir,
		    (long long)r->id);
	rc = read_head(stmt, &r->head, err);
	ck_sql_done(r->store, stmt);
	return rc != 0 ? -1 : ck_facts_load(r, err);
}

/* One view of the store for the head and its facts, until end_look. */
static struct ck_record *
begin_look(struct ck_store *st, struct ck_err *err)
{
	struct ck_record *r = record_new(st, err);

	if (r == NULL || ck_sql_begin_read(st, err) == 0)
		return r;
	ck_record_free(r);
	return NULL;
}

/* found: 1, r->id is it; 0, -1 */
static int
end_look(struct ck_record *r, int found, struct ck_record **out, struct ck_err *err)
{
	if (found == 1 && load(r, err) != 0)
		found = -1;
	ck_sql_end_read(r->store);
	if (found == 1)
		*out = r;
	else
		ck_record_free(r);
	return found;
}

int
ck_record_find(struct ck_store *st, const char *handle, const char *value, struct ck_record **out,
    struct ck_err *err)
{
	struct ck_record *r = begin_look(st, err);

	return r == NULL ? -1 : end_look(r, find_id(st, handle, value, &r->id, err), out, err);
}

int
ck_record_by_fact(struct ck_store *st, const char *name, const void *bytes, size_t n,
    struct ck_record **out, struct ck_err *err)
{
	struct ck_record *r = begin_look(st, err);
	sqlite3_stmt *stmt = NULL;

	if (r == NULL)
		return -1;
	stmt =
	    ck_sql_ask(st, CK_SQL_RECORD_BY_FACT, CK_ARGS(CK_TEXT(name), CK_BLOB(bytes, n)), err);
	return end_look(r, take_id(st, stmt, &r->id, err), out, err);
}

static int
each_row(struct ck_store *st, sqlite3_stmt *stmt,
    int (*each)(void *, const struct ck_record_head *), void *u, struct ck_err *err)
{
	int rc = stmt == NULL ? -1 : 1;

	while (rc == 1 && (rc = ck_sql_next(st, stmt, err)) == 1) {
		struct ck_record_head h = { 0 };

		rc = read_head(stmt, &h, err) != 0 ? -1 : each(u, &h) == 0;
		if (rc != 1)
			ck_sql_done(st, stmt);
	}
	return rc;
}

int
ck_store_each(struct ck_store *st, bool open_only,
    int (*each)(void *, const struct ck_record_head *), void *u, struct ck_err *err)
{
	enum ck_sql which = open_only ? CK_SQL_EACH_OPEN : CK_SQL_EACH;

	return each_row(st, ck_sql_ask(st, which, NULL, err), each, u, err);
}

int
ck_store_each_held(struct ck_store *st, const char *part,
    int (*each)(void *, const struct ck_record_head *), void *u, struct ck_err *err)
{
	/* what is not bound is NULL, which is in no number */
	const struct ck_arg *which = part != NULL ? CK_ARGS(CK_TEXT(part)) : NULL;

	return each_row(st, ck_sql_ask(st, CK_SQL_EACH_HELD, which, err), each, u, err);
}

int
ck_store_each_between(struct ck_store *st, int64_t from, int64_t to,
    int (*each)(void *, const struct ck_record_head *), void *u, struct ck_err *err)
{
	const struct ck_arg *which = CK_ARGS(CK_INT(from), CK_INT(to));

	return each_row(st, ck_sql_ask(st, CK_SQL_EACH_BETWEEN, which, err), each, u, err);
}

/* ---- one line, one transaction ---- */

static int
check_line(const struct ck_line *line, struct ck_err *err)
{
	size_t n = line->station != NULL ? strlen(line->station) : 0;

	if (n == 0 || n >= sizeof((struct ck_record_head *)0)->station)
		return ck_fail(err, CK_E_INTERNAL, "line: station");
	if (!ck_item_good(line->item))
		return ck_fail(err, CK_E_INTERNAL, "line: item %d", line->item);
	if ((unsigned)line->mark > CK_NOTE)
		return ck_fail(err, CK_E_INTERNAL, "line: mark %u", (unsigned)line->mark);
	return 0;
}

static int
write_line(struct ck_record *r, const struct ck_line *line, int64_t now, struct ck_err *err)
{
	char station[sizeof r->head.station], text[256];

	ck_clean_str(station, sizeof station, line->station);
	ck_clean_str(text, sizeof text, line->text != NULL ? line->text : "");
	if (ck_sql_do(r->store, CK_SQL_LINE_ADD,
		CK_ARGS(CK_INT(r->id), CK_INT(now), CK_INT(line->item), CK_TEXT(station),
		    CK_INT(line->mark), CK_TEXT(text)),
		err) != 0)
		return -1;
	if (!line->ledger)
		return 0;
	return ck_ledger_add(
	    r->store, r->head.number, now, station, ck_mark_names[line->mark], text, err);
}

static int
write_head(struct ck_record *r, const struct ck_record_head *h, struct ck_err *err)
{
	if (ck_sql_do(r->store, CK_SQL_RECORD_SET,
		CK_ARGS(CK_INT(r->id), CK_INT(h->state), CK_TEXT(h->station), CK_INT(h->touched),
		    CK_INT(h->closed), CK_TEXT(h->reason), CK_INT(h->since), CK_INT(h->next),
		    CK_INT(h->wipe)),
		err) != 0)
		return -1;
	/* someone else may have closed it since it was read */
	if (sqlite3_changes(r->store->db) == 0)
		return ck_fail(err, CK_E_RECORD_CLOSED, "%s", h->number);
	return 0;
}

int
ck_record_wipe_rows(struct ck_store *st, int64_t record, struct ck_err *err)
{
	if (ck_facts_wipe_rows(st, record, err) != 0 || ck_tape_wipe_rows(st, record, err) != 0)
		return -1;
	return ck_sheets_wipe_rows(st, record, err);
}

/* what goes into the same transaction; write NULL: nothing */
struct beside {
	int (*write)(struct ck_record *, const void *what, struct ck_err *);
	const void *what;
};

static int
write_all(struct ck_record *r, const struct ck_line *line, const struct ck_helds *staged,
    struct beside more, const struct ck_record_head *next, struct ck_err *err)
{
	if (write_head(r, next, err) != 0 ||
	    (more.write != NULL && more.write(r, more.what, err) != 0))
		return -1;
	if (line != NULL &&
	    (ck_facts_write(r, staged, err) != 0 || write_line(r, line, next->touched, err) != 0))
		return -1;
	if (ck_record_is_open(next->state))
		return 0;
	if (ck_facts_forget(r, err) != 0)
		return -1;
	if (next->wipe != 0)
		return 0;
	return ck_record_wipe_rows(r->store, r->id, err);
}

/* The only way a record changes: a line (or none), with more beside it (or nothing), and what its
 * head is afterwards. */
static int
settle(struct ck_record *r, const struct ck_line *line, struct beside more,
    struct ck_record_head *next, struct ck_err *err)
{
	struct ck_helds staged = { 0 };
	int rc = -1;

	if (!ck_record_is_open(r->head.state))
		return ck_fail(err, CK_E_RECORD_CLOSED, "%s", r->head.number);
	if (line != NULL) {
		if (check_line(line, err) != 0 || ck_facts_stage(r, line, &staged, err) != 0)
			goto out;
		ck_clean_str(next->station, sizeof next->station, line->station);
	}
	if (ck_sql_begin(r->store, err) != 0 || write_all(r, line, &staged, more, next, err) != 0 ||
	    ck_sql_commit(r->store, err) != 0)
		goto out;
	r->head = *next;
	ck_facts_take(r, &staged);
	if (!ck_record_is_open(next->state) && next->wipe == 0)
		ck_facts_wipe(r);
	rc = 0;
out:
	ck_sql_rollback(r->store);
	ck_facts_free(&staged);
	return rc;
}

/* As it is now, but nothing is waited for. */
static struct ck_record_head
awake(const struct ck_record *r, enum ck_record_state state)
{
	struct ck_record_head next = r->head;

	next.state = state;
	next.touched = ck_now();
	next.reason[0] = '\0';
	next.since = next.next = 0;
	return next;
}

int
ck_record_put(struct ck_record *r, const struct ck_line *line, struct ck_err *err)
{
	struct ck_record_head next = awake(r, CK_RECORD_OPEN);

	return settle(r, line, (struct beside){ NULL, NULL }, &next, err);
}

int
ck_record_put_with(struct ck_record *r, const struct ck_line *line,
    int (*write)(struct ck_record *, const void *, struct ck_err *), const void *what,
    struct ck_err *err)
{
	struct ck_record_head next = awake(r, CK_RECORD_OPEN);

	return settle(r, line, (struct beside){ write, what }, &next, err);
}

int
ck_record_park(struct ck_record *r, const char *reason, int64_t when, struct ck_err *err)
{
	struct ck_record_head next = r->head;

	if (strlen(reason) >= sizeof next.reason)
		return ck_fail(err, CK_E_INTERNAL, "reason: %s", reason);
	if (next.state == CK_RECORD_OPEN)
		next.since = next.touched;
	else if (strcmp(next.reason, reason) != 0)
		next.since = ck_now();
	ck_clean_str(next.reason, sizeof next.reason, reason);
	next.state = CK_RECORD_PARKED;
	next.next = when;
	return settle(r, NULL, (struct beside){ NULL, NULL }, &next, err);
}

void
ck_record_keep_private(struct ck_record *r, int days)
{
	r->keep_days = days;
}

int
ck_record_close(
    struct ck_record *r, enum ck_record_state state, const struct ck_line *last, struct ck_err *err)
{
	struct ck_record_head next = awake(r, state);

	if (ck_record_is_open(state) || last == NULL)
		return ck_fail(err, CK_E_INTERNAL, "%s: close", r->head.number);
	next.closed = next.touched;
	next.wipe = r->keep_days > 0 ? next.closed + (int64_t)r->keep_days * CK_DAY_S : 0;
	return settle(r, last, (struct beside){ NULL, NULL }, &next, err);
}

int
ck_record_lines(struct ck_record *r, int (*each)(void *, const struct ck_line_row *), void *u,
    struct ck_err *err)
{
	sqlite3_stmt *stmt = ck_sql_ask(r->store, CK_SQL_LINES, CK_ARGS(CK_INT(r->id)), err);
	int rc = stmt == NULL ? -1 : 1;

	while (rc == 1 && (rc = ck_sql_next(r->store, stmt, err)) == 1) {
		struct ck_line_row row = { .at = sqlite3_column_int64(stmt, 0),
			.item = sqlite3_column_int(stmt, 1) };
		int mark = sqlite3_column_int(stmt, 3);

		ck_sql_text(stmt, 2, row.station, sizeof row.station);
		ck_sql_text(stmt, 4, row.text, sizeof row.text);
		if (mark >= CK_INTENT && mark <= CK_NOTE)
			snprintf(row.mark, sizeof row.mark, "%s", ck_mark_names[mark]);
		rc = each(u, &row) == 0;
		if (rc != 1)
			ck_sql_done(r->store, stmt);
	}
	return rc;
}
