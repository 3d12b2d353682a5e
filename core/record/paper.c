/*
 * Forms and the journal of their printing (forms.h). The journal's line, the record's and the
 * ledger's are one transaction: after a crash either all of them say what was about to be done, or
 * nothing of it was done.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "certkiosk/papers.h"
#include "inside.h"

#define STATION "paper" /* in lines and ledger: no station of the walk, which is over by then */
#define NONCE 4		/* bytes of a title that no other store of the same slips has */
/* what a slip may take of a title, so that the rest always fits */
#define SLIP_MAX (CK_TITLE_MAX - 32)
/* Unsettled attempts: one for each form whose printer died, and nobody came by. Those that only a
 * person can settle come last, or enough of them would hide the others. */
#define AT_ONCE 64

const char *const ck_print_mark_names[] = {
	[CK_PRINT_MEANT] = "meant",
	[CK_PRINT_CREATED] = "created",
	[CK_PRINT_HANDED] = "sent",
	[CK_PRINT_LOOSE] = "left",
	[CK_PRINT_UNSURE] = "unknown",
	[CK_PRINT_OUT] = "printed",
	[CK_PRINT_NOTHING] = "failed",
	[CK_PRINT_DENIED] = "denied",
	NULL,
};
/* the statements of sql.c and the indices of store.c count on it */
_Static_assert(
    CK_PRINT_UNSURE == 4 && CK_PRINT_OUT == 5 && CK_PRINT_DENIED == 7 && CK_DAY_S == 86400,
    "settled from 5 on");

static const char *const part_names[] = {
	[CK_FORM_FIELDS] = "fields",
	[CK_FORM_QR] = "qr",
	[CK_FORM_PDF] = "pdf",
	[CK_FORM_TEMPLATE] = "template",
};

static void
aad_of(const char *number, enum ck_form_part part, char aad[128])
{
	snprintf(aad, 128, "form|%s|%s", number, part_names[part]);
}

/* ---- a form ---- */

static sqlite3_blob *
open_part(struct ck_store *st, int64_t n, bool write, struct ck_err *err)
{
	sqlite3_blob *blob = NULL;

	errno = 0;
	if (sqlite3_blob_open(st->db, "main", "form_part", "value", n, write, &blob) == SQLITE_OK)
		return blob;
	ck_sql_fail(st, err);
	sqlite3_blob_close(blob);
	return NULL;
}

static int
write_part(struct ck_record *r, const struct ck_form_made *m, int part, struct ck_err *err)
{
	const struct ck_arg *empty = CK_ARGS(
	    CK_INT(r->id), CK_TEXT(part_names[part]), CK_INT((int64_t)CK_SEALED(m->part[part].n)));
	sqlite3_blob *to = NULL;
	char aad[128];
	int rc = -1;

	if (ck_sql_do(r->store, CK_SQL_FORM_ADD_PART, empty, err) != 0)
		return -1;
	to = open_part(r->store, sqlite3_last_insert_rowid(r->store->db), true, err);
	if (to == NULL)
		return -1;
	aad_of(r->head.number, (enum ck_form_part)part, aad);
	rc = ck_seal_into(r->store, aad, m->part[part].p, m->part[part].n, to, err);
	errno = 0;
	if (sqlite3_blob_close(to) != SQLITE_OK && rc == 0)
		rc = ck_sql_fail(r->store, err);
	return rc;
}

static int
check(const struct ck_form_made *m, struct ck_err *err)
{
	if (strlen(m->name) >= CK_FORM_NAME_MAX)
		return ck_fail(err, CK_E_INTERNAL, "form: name");
	for (int i = 0; i < CK_FORM_PARTS; i++)
		if (m->part[i].n == 0 || m->part[i].n > CK_PAPER_BYTES_MAX)
			return ck_fail(err, CK_E_INTERNAL, "form: %s", part_names[i]);
	return 0;
}

/* One its record does not speak of any more is void: it goes, with the attempts to print it and the
 * sheets of it that came back. */
static int
drop_void(struct ck_record *r, struct ck_err *err)
{
	static const enum ck_sql drops[] = { CK_SQL_PRINT_DROP, CK_SQL_FORM_WIPE,
		CK_SQL_FORM_DROP };

	if (ck_record_text(r, 0, "form") != NULL)
		return 0;
	for (size_t i = 0; i < sizeof drops / sizeof *drops; i++)
		if (ck_sql_do(r->store, drops[i], CK_ARGS(CK_INT(r->id)), err) != 0)
			return -1;
	return ck_sql_do(
	    r->store, CK_SQL_SHEET_DROP_KIND, CK_ARGS(CK_INT(r->id), CK_TEXT(CK_PAPER_FORM)), err);
}

static int
write_form(struct ck_record *r, const void *what, struct ck_err *err)
{
	const struct ck_form_made *m = what;

	if (check(m, err) == -1 || drop_void(r, err) == -1 ||
	    ck_sql_do(r->store, CK_SQL_FORM_ADD,
		CK_ARGS(CK_INT(r->id), CK_TEXT(m->name), CK_INT(m->made), CK_INT(m->pages),
		    CK_INT(m->keep_days)),
		err) != 0)
		return -1;
	if (sqlite3_changes(r->store->db) == 0)
		return ck_fail(err, CK_E_INTERNAL, "%s: a second form", r->head.number);
	for (int i = 0; i < CK_FORM_PARTS; i++)
		if (write_part(r, m, i, err) == -1)
			return -1;
	return 0;
}

int
ck_record_put_form(struct ck_record *r, const struct ck_form_made *m, const struct ck_line *line,
    struct ck_err *err)
{
	return ck_record_put_with(r, line, write_form, m, err);
}

static void
read_form(sqlite3_stmt *stmt, struct ck_form *f)
{
	bool tried = sqlite3_column_type(stmt, 9) != SQLITE_NULL;

	*f = (struct ck_form){
		.made = sqlite3_column_int64(stmt, 2),
		.pages = sqlite3_column_int(stmt, 3),
		.keep_days = sqlite3_column_int(stmt, 4),
		.copies = sqlite3_column_int(stmt, 5),
		.printed = sqlite3_column_int64(stmt, 6),
		.wipe = sqlite3_column_int64(stmt, 7),
		.kept = sqlite3_column_int(stmt, 8) != 0,
		.mark = tried ? sqlite3_column_int(stmt, 9) : -1,
		.denied = sqlite3_column_int(stmt, 10),
	};
	ck_sql_text(stmt, 0, f->record, sizeof f->record);
	ck_sql_text(stmt, 1, f->name, sizeof f->name);
}

int
ck_form_of(struct ck_store *st, const char *record, struct ck_form *f, struct ck_err *err)
{
	sqlite3_stmt *stmt = ck_sql_ask(st, CK_SQL_FORM_OF, CK_ARGS(CK_TEXT(record)), err);
	int rc = stmt == NULL ? -1 : ck_sql_next(st, stmt, err);

	if (rc != 1)
		return rc;
	read_form(stmt, f);
	ck_sql_done(st, stmt);
	return 1;
}

int
ck_form_get(struct ck_store *st, const char *record, enum ck_form_part part, unsigned char **out,
    size_t *n, struct ck_err *err)
{
	const struct ck_arg *which = CK_ARGS(CK_TEXT(record), CK_TEXT(part_names[part]));
	sqlite3_stmt *stmt = ck_sql_ask(st, CK_SQL_FORM_PART, which, err);
	int rc = stmt == NULL ? -1 : ck_sql_next(st, stmt, err);
	sqlite3_blob *from = NULL;
	char aad[128];

	*out = NULL;
	*n = 0;
	if (rc != 1)
		return rc;
	from = open_part(st, sqlite3_column_int64(stmt, 0), false, err);
	if (from != NULL) {
		aad_of(record, part, aad);
		*out = ck_unseal_from(st, aad, from, n, err);
	}
	sqlite3_blob_close(from);
	ck_sql_done(st, stmt);
	return *out != NULL ? 1 : -1;
}

int
ck_store_each_form(struct ck_store *st, bool waiting, int (*each)(void *, const struct ck_form *),
    void *u, struct ck_err *err)
{
	enum ck_sql which = waiting ? CK_SQL_FORM_EACH_WAITING : CK_SQL_FORM_EACH;
	sqlite3_stmt *stmt = ck_sql_ask(st, which, NULL, err);
	int rc = stmt == NULL ? -1 : 1;

	while (rc == 1 && (rc = ck_sql_next(st, stmt, err)) == 1) {
		struct ck_form f;

		read_form(stmt, &f);
		rc = each(u, &f) == 0;
		if (rc != 1)
			ck_sql_done(st, stmt);
	}
	return rc;
}

/* ---- the journal ---- */

/* The record is closed: its lines go on all the same, as its state does not. */
static int
write_line(struct ck_store *st, int64_t record, const struct ck_print *p, enum ck_mark mark,
    const char *text, struct ck_err *err)
{
	char clean[256];

	ck_clean_str(clean, sizeof clean, text);
	if (ck_sql_do(st, CK_SQL_LINE_ADD,
		CK_ARGS(CK_INT(record), CK_INT(p->at), CK_INT(0), CK_TEXT(STATION), CK_INT(mark),
		    CK_TEXT(clean)),
		err) != 0)
		return -1;
	return ck_ledger_add(st, p->record, p->at, STATION, ck_mark_names[mark], clean, err);
}

struct attempts {
	int64_t record, all, open;
};

/* FORM_NONE when there is no form to print. */
static int
count(struct ck_store *st, const char *record, struct attempts *a, struct ck_err *err)
{
	sqlite3_stmt *stmt = ck_sql_ask(st, CK_SQL_PRINT_COUNT, CK_ARGS(CK_TEXT(record)), err);
	int rc = stmt == NULL ? -1 : ck_sql_next(st, stmt, err);

	if (rc == 0)
		return ck_fail(err, CK_E_FORM_NONE, "%s", record);
	if (rc != 1)
		return -1;
	*a = (struct attempts){ sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1),
		sqlite3_column_int64(stmt, 2) };
	ck_sql_done(st, stmt);
	return 0;
}

static int
make_title(const char *slip, int64_t n, struct ck_print *p, struct ck_err *err)
{
	unsigned char nonce[NONCE];
	char hex[2 * NONCE + 1];

	if (RAND_bytes(nonce, NONCE) != 1)
		return ck_fail(err, CK_E_INTERNAL, "random");
	ck_hex(nonce, NONCE, hex);
	snprintf(p->title, sizeof p->title, "%.*s#%s.%lld", SLIP_MAX, slip, hex, (long long)n);
	return 0;
}

/* "HEAD: TITLE, copy 2, clerk 07": the head is a text of ours (tui/words line.*) */
static void
say(const struct ck_print *p, const char *head, const char *why, char text[256])
{
	char copy[32] = "";

	if (p->copy > 1)
		snprintf(copy, sizeof copy, ", copy %d", p->copy);
	snprintf(text, 256, "%.32s: %.80s%s%s%.32s%s%.64s", head, p->title, copy,
	    p->clerk[0] != '\0' ? ", clerk " : "", p->clerk, *why != '\0' ? ", " : "", why);
}

int
ck_print_begin(struct ck_store *st, const char *slip, struct ck_print *p, struct ck_err *err)
{
	struct attempts a = { 0 };
	char text[256];
	int rc = -1;

	if (ck_sql_begin(st, err) != 0)
		return -1;
	if (count(st, p->record, &a, err) != 0)
		goto out;
	if (a.open > 0) {
		ck_fail(err, CK_E_FORM_BUSY, "%s", p->record);
		goto out;
	}
	p->mark = CK_PRINT_MEANT;
	p->at = ck_now();
	if (make_title(slip, a.all + 1, p, err) != 0)
		goto out;
	say(p, "to be printed", "", text);
	if (ck_sql_do(st, CK_SQL_PRINT_ADD,
		CK_ARGS(CK_TEXT(p->title), CK_INT(a.record), CK_INT(p->copy), CK_TEXT(p->printer),
		    CK_INT(p->at), CK_TEXT(p->clerk)),
		err) == 0 &&
	    write_line(st, a.record, p, CK_INTENT, text, err) == 0)
		rc = ck_sql_commit(st, err);
out:
	ck_sql_rollback(st);
	return rc;
}

/* What others have to hear of: not each step on the way. */
static int
tell(struct ck_store *st, const struct ck_print *p, const char *why, struct ck_err *err)
{
	static const struct {
		enum ck_mark mark;
		const char *head;
	} lines[] = {
		[CK_PRINT_LOOSE] = { CK_WAIT, "at the printer, not followed" },
		[CK_PRINT_UNSURE] = { CK_WAIT, "printed or not, nobody knows" },
		[CK_PRINT_OUT] = { CK_DONE, "printed" },
		[CK_PRINT_NOTHING] = { CK_NOTE, "not printed" },
		[CK_PRINT_DENIED] = { CK_NOTE, "not printed" },
	};
	struct attempts a = { 0 };
	char text[256];

	if (p->mark < CK_PRINT_LOOSE)
		return 0;
	if (count(st, p->record, &a, err) != 0)
		return -1;
	say(p, lines[p->mark].head, why, text);
	return write_line(st, a.record, p, lines[p->mark].mark, text, err);
}

static int
settle(struct ck_store *st, const struct ck_print *p, const char *why, struct ck_err *err)
{
	if (ck_sql_do(st, CK_SQL_PRINT_SET,
		CK_ARGS(CK_TEXT(p->title), CK_INT(p->mark), CK_TEXT(p->printer), CK_INT(p->job),
		    CK_TEXT(p->uuid), CK_INT(p->at)),
		err) != 0)
		return -1;
	if (sqlite3_changes(st->db) == 0)
		return ck_fail(err, CK_E_FORM_BUSY, "%s", p->record);
	if (p->mark == CK_PRINT_OUT && ck_sql_do(st, CK_SQL_FORM_PRINTED,
					   CK_ARGS(CK_TEXT(p->record), CK_INT(p->at)), err) != 0)
		return -1;
	return tell(st, p, why, err);
}

int
ck_print_note(struct ck_store *st, struct ck_print *p, enum ck_print_mark mark, const char *why,
    struct ck_err *err)
{
	struct ck_print next = *p;
	int rc = -1;

	next.mark = mark;
	next.at = ck_now();
	if (ck_sql_begin(st, err) != 0)
		return -1;
	if (settle(st, &next, why, err) == 0)
		rc = ck_sql_commit(st, err);
	ck_sql_rollback(st);
	if (rc == 0)
		*p = next;
	return rc;
}

static void
read_print(sqlite3_stmt *stmt, struct ck_print *p)
{
	*p = (struct ck_print){
		.copy = sqlite3_column_int(stmt, 2),
		.mark = (enum ck_print_mark)sqlite3_column_int(stmt, 3),
		.job = sqlite3_column_int64(stmt, 5),
		.at = sqlite3_column_int64(stmt, 7),
	};
	ck_sql_text(stmt, 0, p->title, sizeof p->title);
	ck_sql_text(stmt, 1, p->record, sizeof p->record);
	ck_sql_text(stmt, 4, p->printer, sizeof p->printer);
	ck_sql_text(stmt, 6, p->uuid, sizeof p->uuid);
	ck_sql_text(stmt, 8, p->clerk, sizeof p->clerk);
}

int
ck_store_each_print(struct ck_store *st, const char *record,
    int (*each)(void *, const struct ck_print *), void *u, struct ck_err *err)
{
	struct ck_print *all = calloc(AT_ONCE, sizeof *all);
	const struct ck_arg *which = CK_ARGS(CK_TEXT(record != NULL ? record : ""));
	sqlite3_stmt *stmt = NULL;
	int rc = -1, n = 0;

	if (all == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "prints");
	stmt = ck_sql_ask(st, CK_SQL_PRINT_EACH, which, err);
	rc = stmt == NULL ? -1 : 1;
	while (rc == 1 && n < AT_ONCE && (rc = ck_sql_next(st, stmt, err)) == 1)
		read_print(stmt, &all[n++]);
	if (rc == 1)
		ck_sql_done(st, stmt);
	for (int i = 0; i < n && rc != -1; i++)
		if (each(u, &all[i]) != 0)
			break;
	free(all);
	return rc == -1 ? -1 : 0;
}
