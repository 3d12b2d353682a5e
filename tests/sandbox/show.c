#include "show.h"

static const struct {
	const char *name, *sql;
} lists[] = {
	{ "leases",
	    "SELECT id lease, system, cert, envelope, reference, orderid 'order', way, clerk, kiosk, record,"
	    " state, quoted, spki, issued, withdrawn, pin, why, download FROM lease ORDER BY rowid" },
	{ "certificates", "SELECT sha, serial, origin, status, revoked_at, envelope, lease, "
			  "certconf, spki FROM cert"
			  " ORDER BY rowid" },
	{ "envelopes", "SELECT serial, bound, original_of, state, open,"
		       " (SELECT coalesce(sum(n),0) FROM wrong WHERE envelope=serial) wrong,"
		       " (SELECT count(*) FROM cert WHERE cert.envelope=envelope.serial AND "
		       "origin='issued') issued"
		       " FROM envelope ORDER BY rowid" },
	{ "downloads",
	    "SELECT reference, system, cert, until, wrong FROM download ORDER BY rowid" },
	{ "orders",
	    "SELECT id 'order', cert, state, (SELECT id FROM lease WHERE orderid=orders.id AND"
	    " state<>'released') lease, months, amount, said, settled FROM orders ORDER BY rowid" },
	{ "payments",
	    "SELECT id payment, lease, orderid 'order', method, amount, until, state FROM payment"
	    " ORDER BY rowid" },
	{ "papers",
	    "SELECT paper.lease, paper.kind, state, text, page, pages, type, sha, size, whole, sent,"
	    " coalesce(length(bytes), 0) have FROM paper LEFT JOIN sheet USING(lease, kind)"
	    " ORDER BY paper.rowid, page" },
	{ "courses", "SELECT * FROM course ORDER BY rowid" },
	{ "messages", "SELECT lease, mobile, made, until, wrong, used FROM sms ORDER BY rowid" },
	{ "seals", "SELECT cert, label, sha, length(bytes) size, state FROM seal ORDER BY rowid" },
	{ "applications", "SELECT id application, kiosk, record, system, service, cert, form, said"
			  " FROM application ORDER BY rowid" },
	{ "transactions",
	    "SELECT tid, reference, issued, state, polls,"
	    " (SELECT count(*) FROM exchange WHERE exchange.tid=tx.tid) exchanges FROM tx"
	    " ORDER BY rowid" },
};

static const struct {
	const char *name, *sql;
} counts[] = {
	{ "issued", "SELECT count(*) FROM cert WHERE origin='issued'" },
	{ "live", "SELECT count(*) FROM cert WHERE origin='issued' AND status='good'" },
	{ "certconf", "SELECT count(*) FROM cert WHERE certconf='accepted'" },
	{ "unconfirmed", "SELECT count(*) FROM cert WHERE origin='issued' AND status='good'"
			 " AND certconf IS NULL" },
	{ "rejected", "SELECT count(*) FROM cert WHERE certconf='rejected'" },
	{ "revoked", "SELECT count(*) FROM cert WHERE status='revoked'" },
	{ "confirmed", "SELECT count(*) FROM lease WHERE state='confirmed'" },
	{ "released", "SELECT count(*) FROM lease WHERE state='released'" },
	{ "open", "SELECT count(*) FROM lease WHERE state IN ('nothing','key','issued')" },
	{ "wrong", "SELECT coalesce(sum(n),0) FROM wrong" },
};

static json_t *
row_json(sqlite3_stmt *st)
{
	json_t *row = json_object();

	for (int i = 0; i < sqlite3_column_count(st); i++) {
		json_t *value = NULL;

		if (sqlite3_column_type(st, i) == SQLITE_NULL)
			value = json_null();
		else if (sqlite3_column_type(st, i) == SQLITE_INTEGER)
			value = json_integer(sqlite3_column_int64(st, i));
		else
			value = json_string(sb_col(st, i));
		json_object_set_new(row, sqlite3_column_name(st, i), value);
	}
	return row;
}

json_t *
sb_show(struct sb *sb)
{
	json_t *all = json_object(), *numbers = json_object();

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		sqlite3_stmt *st = sb_prepare(sb->db, lists[i].sql, NULL);
		json_t *list = json_array();

		while (st != NULL && sqlite3_step(st) == SQLITE_ROW)
			json_array_append_new(list, row_json(st));
		sqlite3_finalize(st);
		json_object_set_new(all, lists[i].name, list);
	}
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		json_object_set_new(
		    numbers, counts[i].name, json_integer(sb_int(sb->db, -1, counts[i].sql, NULL)));
	json_object_set_new(all, "counts", numbers);
	return all;
}
