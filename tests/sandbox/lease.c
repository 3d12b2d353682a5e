#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "lease.h"

#define COLUMNS \
	"id, system, cert, envelope, orderid, way, clerk, kiosk, record, state, spki, issued," \
	" reference, secret, quoted, seen, withdrawn, download"

static void
from_row(sqlite3_stmt *st, struct sb_lease *l)
{
	sb_col_copy(st, 0, l->id, sizeof l->id);
	sb_col_copy(st, 1, l->system, sizeof l->system);
	sb_col_copy(st, 2, l->cert, sizeof l->cert);
	sb_col_copy(st, 3, l->envelope, sizeof l->envelope);
	sb_col_copy(st, 4, l->order, sizeof l->order);
	sb_col_copy(st, 5, l->way, sizeof l->way);
	sb_col_copy(st, 6, l->clerk, sizeof l->clerk);
	sb_col_copy(st, 7, l->kiosk, sizeof l->kiosk);
	sb_col_copy(st, 8, l->record, sizeof l->record);
	sb_col_copy(st, 9, l->state, sizeof l->state);
	sb_col_copy(st, 10, l->spki, sizeof l->spki);
	sb_col_copy(st, 11, l->issued, sizeof l->issued);
	sb_col_copy(st, 12, l->reference, sizeof l->reference);
	sb_col_copy(st, 13, l->secret, sizeof l->secret);
	l->quoted = sqlite3_column_int64(st, 14);
	l->seen = sqlite3_column_int64(st, 15);
	l->withdrawn = sqlite3_column_int(st, 16) != 0;
	sb_col_copy(st, 17, l->download, sizeof l->download);
}

static int
take_row(sqlite3_stmt *st, struct sb_lease *l)
{
	int rc = st != NULL ? sqlite3_step(st) : SQLITE_ERROR;

	memset(l, 0, sizeof *l);
	if (rc == SQLITE_ROW)
		from_row(st, l);
	sqlite3_finalize(st);
	return rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 : -1;
}

int
sb_lease_find(sqlite3 *db, struct sb_lease *l, const char *where, const char *value)
{
	char sql[512];

	snprintf(sql, sizeof sql,
	    "SELECT " COLUMNS
	    " FROM lease WHERE %s=? ORDER BY state='released', rowid DESC LIMIT 1",
	    where);
	return take_row(sb_prepare(db, sql, "t", value), l);
}

int
sb_lease_for(
    sqlite3 *db, const char *cert, const char *envelope, const char *download, struct sb_lease *l)
{
	return take_row(sb_prepare(db,
			    "SELECT " COLUMNS " FROM lease WHERE cert=? AND envelope IS ?"
			    " AND download IS ? AND state<>'released' ORDER BY rowid DESC LIMIT 1",
			    "ttt", cert, envelope, download),
	    l);
}

int
sb_lease_of_visit(sqlite3 *db, const char *kiosk, const char *record, struct sb_lease *l)
{
	return take_row(sb_prepare(db,
			    "SELECT " COLUMNS " FROM lease WHERE id IN"
			    " (SELECT lease FROM holder WHERE kiosk=? AND record=?)"
			    " ORDER BY state='released', rowid DESC LIMIT 1",
			    "tt", kiosk, record),
	    l);
}

int
sb_lease_held(sqlite3 *db, const struct sb_lease *l)
{
	return sb_exec(db, "INSERT OR IGNORE INTO holder(lease, kiosk, record) VALUES(?, ?, ?)",
	    "ttt", l->id, l->kiosk, l->record);
}

static const char *
or_null(const char *text)
{
	return text[0] != '\0' ? text : NULL;
}

int
sb_lease_put(sqlite3 *db, const struct sb_lease *l)
{
	return sb_exec(db,
	    "INSERT INTO lease(" COLUMNS
	    ", made) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,"
	    "?14,?15,?16,?17,?18,?16) ON CONFLICT(id) DO UPDATE SET orderid=?5, way=?6, clerk=?7, "
	    "kiosk=?8,"
	    " record=?9, state=?10, spki=?11, issued=?12, reference=?13, secret=?14, quoted=?15,"
	    " seen=?16, withdrawn=?17",
	    "ttttttttttttttiiit", l->id, l->system, l->cert, or_null(l->envelope),
	    or_null(l->order), l->way, or_null(l->clerk), l->kiosk, l->record, l->state,
	    or_null(l->spki), or_null(l->issued), or_null(l->reference), or_null(l->secret),
	    l->quoted, l->seen, (int64_t)l->withdrawn, or_null(l->download));
}

int
sb_lease_say(sqlite3 *db, const struct sb_lease *l, json_t *out)
{
	bool released = strcmp(l->state, "released") == 0;
	unsigned char *der = NULL;
	char *text = NULL, pin[16];
	size_t n = 0;
	int bad = 0;

	bad |= json_object_set_new(out, "lease", json_string(l->id));
	bad |= json_object_set_new(out, "kiosk", json_string(l->kiosk));
	bad |= json_object_set_new(out, "record", json_string(l->record));
	bad |= json_object_set_new(out, "state", json_string(l->state));
	bad |= json_object_set_new(out, "way", json_string(l->way));
	if (l->order[0] != '\0')
		bad |= json_object_set_new(out, "order", json_string(l->order));
	if (sb_text(db, pin, sizeof pin, "SELECT pin FROM lease WHERE id=?", "t", l->id))
		bad |= json_object_set_new(out, "pin", json_string(pin));
	if (l->quoted != 0)
		bad |= json_object_set_new(out, "quoted_end", json_integer(l->quoted));
	if (!released && l->spki[0] != '\0')
		bad |= json_object_set_new(out, "spki", json_string(l->spki));
	if (!released && l->issued[0] != '\0') {
		der = sb_blob(db, &n, "SELECT der FROM cert WHERE sha=?", "t", l->issued);
		text = der != NULL ? ck_base64(der, n) : NULL;
		bad |= text == NULL || json_object_set_new(out, "certificate", json_string(text));
	}
	free(text);
	free(der);
	return bad ? -1 : 0;
}

int
sb_lease_withdraw(sqlite3 *db, struct sb_lease *l, int64_t now)
{
	if (l->issued[0] == '\0')
		return 0;
	if (sb_exec(db,
		"UPDATE cert SET status='revoked', revoked_at=? WHERE sha=? AND status<>'revoked'",
		"it", now, l->issued) != 0)
		return -1;
	l->issued[0] = '\0';
	l->withdrawn = true;
	return 0;
}
