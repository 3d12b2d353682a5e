/*
 * What a batch knows of its keys. A row is written before its record is closed, since names go
 * then; what has a record is told as that stands now, so that no crash between two lines makes a
 * row say more than is true. What has none is known by its key.
 */
#include "walk/batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "walk/parked.h"
#include "walk/show.h"

#define OID_ORGANISATION "2.5.4.10" /* X.520 */
#define STATION "batch"		    /* in lines and ledger: no station of the walk */
#define ROW "row."
#define FACT "batch" /* of a visit's record: whose it is */
/* "row." and a record's number, or a key's hash */
#define ROW_NAME_MAX 48
#define KEY_HASH 12 /* bytes: two keys of a unit have never the same */

static const char *
text(const json_t *row, const char *name)
{
	const char *value = json_string_value(json_object_get(row, name));

	return value != NULL ? value : "";
}

/* ---- the record of a batch ---- */

const char *
ck_batch_way(const struct ck_record *batch)
{
	const char *way = ck_record_text(batch, 0, "way");

	return way != NULL ? way : "";
}

int
ck_batch_find(struct ck_visit *v, const char *number, struct ck_record **out, struct ck_err *err)
{
	int found;

	if (number == NULL)
		return ck_fail(err, CK_E_USAGE, "batch");
	/* one engine at a time writes rows, and none while the list is made */
	if (ck_visit_lock(v, CK_BATCH_WAY, number, CK_E_BATCH_BUSY, err) == -1)
		return -1;
	found = ck_record_find(v->store, "number", number, out, err);
	if (found == 1 && ck_is_batch(ck_record_head(*out)) && ck_record_head(*out)->closed == 0)
		return 0;
	if (found == 1)
		ck_record_free(*out);
	*out = NULL;
	return found == -1 ? -1 : ck_fail(err, CK_E_BATCH_NONE, "%s", number);
}

bool
ck_batch_listed(const struct ck_record *batch)
{
	return ck_record_text(batch, 0, "form") != NULL;
}

int
ck_batch_open(struct ck_visit *v, const char *number, struct ck_record **out, struct ck_err *err)
{
	if (ck_batch_find(v, number, out, err) == -1)
		return -1;
	if (!ck_batch_listed(*out))
		return 0;
	ck_record_free(*out);
	*out = NULL;
	return ck_fail(err, CK_E_BATCH_NONE, "%s", number);
}

/* ---- a visit's place in it ---- */

static const char *
batch_of(const struct ck_visit *v)
{
	if (v->wish.batch != NULL)
		return v->wish.batch;
	return v->record != NULL ? ck_record_text(v->record, 0, FACT) : NULL;
}

int
ck_batch_mark(struct ck_visit *v, struct ck_err *err)
{
	const char *number = v->wish.batch, *has;
	struct ck_fact fact;

	if (number == NULL || v->record == NULL || !v->agreed || v->done.closed)
		return 0;
	has = ck_record_text(v->record, 0, FACT);
	if (has != NULL && strcmp(has, number) == 0)
		return 0;
	fact = ck_text_fact(FACT, number, 0);
	return ck_visit_note(v,
	    &(struct ck_note){ .mark = CK_NOTE, .text = number, .facts = &fact, .n_facts = 1 },
	    err);
}

/* ---- a row ---- */

static void
put_old(json_t *row, const unsigned char *cert, size_t n, const struct ck_cert_facts *f)
{
	char *unit = ck_cert_attribute(cert, n, OID_ORGANISATION);

	ck_put_text(row, "unit", unit);
	free(unit);
	ck_put_text(row, "name", f->name);
	ck_put_text(row, "old_serial", f->serial);
	ck_put_time(row, "old_not_after", f->not_after);
}

/* key: MODULE|SERIAL */
static void
put_key(json_t *row, const char *key)
{
	const char *bar = key != NULL ? strrchr(key, '|') : NULL;

	ck_put_text(row, "key", key);
	ck_put_text(row, "key_serial", bar != NULL ? bar + 1 : key);
}

/* What an open record says; a new certificate counts once the CA has it confirmed. */
static void
put_record(json_t *row, const struct ck_record *r)
{
	struct ck_cert_facts f;
	struct ck_err unreadable = { 0 };
	size_t n = 0;
	const unsigned char *cert = ck_record_get(r, 0, "old-cert", &n);

	ck_put_text(row, "record", ck_record_head(r)->number);
	put_key(row, ck_record_text(r, CK_ITEM_RECORD, "key"));
	if (cert != NULL && ck_cert_read(cert, n, &f, &unreadable) == 0)
		put_old(row, cert, n, &f);
	cert = ck_record_get(r, 0, "new-cert", &n);
	if (cert == NULL || ck_record_text(r, 0, "confirmed") == NULL ||
	    ck_cert_read(cert, n, &f, &unreadable) == -1)
		return;
	ck_put_text(row, "new_serial", f.serial);
	ck_put_time(row, "new_not_after", f.not_after);
}

/* Who left had no quarrel with the key, nor had it with us. */
static bool
gave_up(const char *result, const char *why)
{
	return strcmp(result, CK_ROW_REFUSED) == 0 && why != NULL &&
	       (strcmp(why, ck_err_fact(CK_E_STOPPED)->name) == 0 ||
		   strcmp(why, ck_err_fact(CK_E_NO_ANSWER)->name) == 0);
}

static json_t *
row_of(const struct ck_visit *v, const char *result, const char *why)
{
	char key[CK_KEY_NAME_MAX];
	json_t *row = json_object();

	ck_put_time(row, "at", ck_now());
	if (v->record != NULL) {
		why = ck_record_text(v->record, 0, "abandon");
		put_record(row, v->record);
	}
	ck_put_text(row, "result", gave_up(result, why) ? CK_ROW_SKIPPED : result);
	/* of words that are no error's it is enough that it was given up */
	if (why != NULL && ck_err_named(why) != NULL)
		ck_put_text(row, "why", why);
	if (v->record != NULL)
		return row;
	ck_key_name(&v->key, key);
	put_key(row, key);
	if (v->old.der != NULL)
		put_old(row, v->old.der, v->old.der_len, &v->old.facts);
	return row;
}

static int
name_of(const json_t *row, char out[ROW_NAME_MAX], struct ck_err *err)
{
	const char *record = text(row, "record"), *key = text(row, "key");
	unsigned char hash[EVP_MAX_MD_SIZE];
	char hex[2 * KEY_HASH + 1];

	if (*record == '\0' && EVP_Digest(key, strlen(key), hash, NULL, EVP_sha256(), NULL) != 1)
		return ck_fail(err, CK_E_NO_MEMORY, "batch");
	if (*record == '\0')
		ck_hex(hash, KEY_HASH, hex);
	snprintf(out, ROW_NAME_MAX, ROW "%s", *record != '\0' ? record : hex);
	return 0;
}

/* ---- rows that are kept ---- */

static json_t *
kept_row(const struct ck_record *batch, const char *name)
{
	size_t n = 0;
	const char *bytes = ck_record_get(batch, 0, name, &n);

	return bytes != NULL ? json_loadb(bytes, n, 0, NULL) : NULL;
}

/* Names of the rows are one fact: there is no way to walk over facts. */
static json_t *
kept_names(const struct ck_record *batch)
{
	const char *names = ck_record_text(batch, 0, "rows");
	json_t *all = names != NULL ? json_loads(names, 0, NULL) : json_array();

	return json_is_array(all) ? all : (json_decref(all), json_array());
}

static bool
has_name(const json_t *names, const char *name)
{
	const json_t *at;
	size_t i;

	json_array_foreach(names, i, at) if (strcmp(json_string_value(at), name) == 0) return true;
	return false;
}

/* it leads to nothing any more: another try of that key takes its place */
static bool
is_void(const json_t *row)
{
	const char *result = text(row, "result");

	return strcmp(result, CK_ROW_DONE) != 0 && strcmp(result, CK_ROW_PARKED) != 0;
}

/* Of the same key: one that is in the way of this row (1), or makes it needless (-1). */
static int
against(const json_t *other, const json_t *row)
{
	if (strcmp(text(other, "key"), text(row, "key")) != 0 ||
	    (*text(row, "record") != '\0' &&
		strcmp(text(other, "record"), text(row, "record")) == 0))
		return 0;
	return is_void(other) ? 1 : *text(row, "record") == '\0' ? -1 : 0;
}

struct writing {
	json_t *names; /* as they will be */
	struct ck_fact facts[4];
	char dropped[ROW_NAME_MAX];
	size_t n;
	bool needless;
};

static void
weigh(struct writing *w, const struct ck_record *batch, const char *own, const json_t *row)
{
	for (size_t i = json_array_size(w->names); i > 0; i--) {
		const char *name = json_string_value(json_array_get(w->names, i - 1));
		json_t *other = kept_row(batch, name);
		int way = strcmp(name, own) != 0 ? against(other, row) : 0;

		json_decref(other);
		w->needless = w->needless || way == -1;
		if (way != 1 || w->dropped[0] != '\0')
			continue;
		snprintf(w->dropped, sizeof w->dropped, "%s", name);
		w->facts[w->n++] = (struct ck_fact){ .name = w->dropped };
		json_array_remove(w->names, i - 1);
	}
}

static int
write_row(struct ck_record *batch, struct writing *w, const char *name, const json_t *row,
    struct ck_err *err)
{
	char *bytes = json_dumps(row, JSON_COMPACT), *names = NULL, said[128];
	struct ck_line line = { .station = STATION, .mark = CK_NOTE, .text = said, .ledger = true };
	int rc = -1;

	if (!has_name(w->names, name))
		json_array_append_new(w->names, json_string(name));
	names = json_dumps(w->names, JSON_COMPACT);
	if (bytes == NULL || names == NULL) {
		ck_fail(err, CK_E_NO_MEMORY, "batch");
	} else {
		w->facts[w->n++] = ck_text_fact(name, bytes, CK_FACT_SEALED);
		w->facts[w->n++] = ck_text_fact("rows", names, 0);
		snprintf(said, sizeof said, "a key of it: %s%s%s%s%s", text(row, "result"),
		    *text(row, "record") != '\0' ? ", " : "", text(row, "record"),
		    *text(row, "why") != '\0' ? ", " : "", text(row, "why"));
		line.facts = w->facts;
		line.n_facts = w->n;
		rc = ck_record_put(batch, &line, err);
	}
	free(names);
	free(bytes);
	return rc;
}

/* Is what stands there the same but for its time? */
static bool
is_same(const struct ck_record *batch, const char *name, json_t *row)
{
	json_t *kept = kept_row(batch, name);
	bool same;

	if (kept != NULL)
		json_object_set(row, "at", json_object_get(kept, "at"));
	same = kept != NULL && json_equal(kept, row) == 1;
	json_decref(kept);
	return same;
}

static int
keep_row(struct ck_record *batch, json_t *row, struct ck_err *err)
{
	struct writing w = { .names = kept_names(batch) };
	char name[ROW_NAME_MAX];
	int rc = name_of(row, name, err);

	if (rc == 0 && !is_same(batch, name, row)) {
		weigh(&w, batch, name, row);
		if (!w.needless)
			rc = write_row(batch, &w, name, row, err);
	}
	json_decref(w.names);
	return rc;
}

int
ck_batch_keep(struct ck_visit *v, const char *result, const char *why, struct ck_err *err)
{
	const char *number = batch_of(v);
	struct ck_record *batch = NULL;
	struct ck_err none = { 0 };
	json_t *row;
	int rc = 0;

	if (number == NULL)
		return 0;
	if (ck_batch_open(v, number, &batch, &none) == -1) {
		/* its list is on paper by now, and says what was so then */
		if (none.code == CK_E_BATCH_NONE)
			return 0;
		*err = none;
		return -1;
	}
	row = row_of(v, result, why);
	rc = keep_row(batch, row, err);
	json_decref(row);
	ck_record_free(batch);
	return rc;
}

void
ck_batch_end(struct ck_visit *v, enum ck_outcome outcome, const struct ck_err *cause)
{
	const struct ck_err_fact *fact = ck_err_fact((int)cause->code);
	bool open = v->record != NULL && ck_record_head(v->record)->closed == 0;
	struct ck_err err = { 0 };
	int rc = 0;

	if (open && (v->agreed || v->wish.batch == NULL))
		rc = ck_batch_keep(v, CK_ROW_PARKED, NULL, &err);
	else if (v->record == NULL && v->had_key)
		rc = ck_batch_keep(v, outcome == CK_END_REFUSED ? CK_ROW_REFUSED : CK_ROW_FAILED,
		    cause->code != CK_E_NONE && fact != NULL ? fact->name : NULL, &err);
	if (rc == -1)
		ck_log_err(CK_LOG_WARN, "the batch", &err);
}

/* ---- rows as they are now ---- */

static void
set(json_t *row, const char *name, const char *value)
{
	json_object_del(row, name);
	ck_put_text(row, name, value);
}

/* What its record says counts, for as long as there is one. */
static void
bring_up(const struct ck_site *site, struct ck_store *st, json_t *row)
{
	struct ck_record *record = NULL;
	const struct ck_record_head *h;
	struct ck_err unread = { 0 };
	char slip[CK_SLIP_MAX];

	if (*text(row, "record") == '\0' ||
	    ck_record_find(st, "number", text(row, "record"), &record, &unread) != 1)
		return;
	h = ck_record_head(record);
	if (h->closed == 0) {
		put_record(row, record);
		set(row, "result", CK_ROW_PARKED);
		set(row, "why",
		    ck_record_text(record, 0, "abandon") != NULL ? CK_WAITS_ABANDON
		    : h->reason[0] != '\0'			 ? h->reason
								 : CK_WAITS_PERSON);
		set(row, "slip", ck_slip_make(site->kiosk, h->number, slip) ? slip : NULL);
	} else if (strcmp(text(row, "result"), ck_record_state_names[h->state]) != 0 &&
		   (h->state != CK_RECORD_REFUSED ||
		       strcmp(text(row, "result"), CK_ROW_SKIPPED) != 0)) {
		set(row, "result", ck_record_state_names[h->state]);
		set(row, "why", NULL);
	}
	ck_record_free(record);
}

struct open {
	struct ck_store *store;
	const char *number;
	json_t *rows;
	struct ck_err err;
};

static bool
has_record(const json_t *rows, const char *number)
{
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row) if (strcmp(text(row, "record"), number) == 0) return true;
	return false;
}

/* One whose visit came to no end: it has no row yet. */
static int
add_open(void *u, const struct ck_record_head *h)
{
	struct open *o = u;
	unsigned char *of = NULL;
	size_t n = 0;
	int found = ck_store_fact(o->store, h, 0, FACT, &of, &n, &o->err);

	if (found == 1 && strcmp((char *)of, o->number) == 0 && !has_record(o->rows, h->number)) {
		json_t *row = json_pack("{s:s}", "record", h->number);

		ck_put_time(row, "at", h->opened);
		json_array_append_new(o->rows, row);
	}
	free(of);
	return found == -1;
}

static json_t *
sorted(json_t *rows)
{
	json_t *out = json_array();

	while (json_array_size(rows) > 0) {
		size_t first = 0;

		for (size_t i = 1; i < json_array_size(rows); i++)
			if (strcmp(text(json_array_get(rows, i), "at"),
				text(json_array_get(rows, first), "at")) < 0)
				first = i;
		json_array_append(out, json_array_get(rows, first));
		json_array_remove(rows, first);
	}
	json_decref(rows);
	return out;
}

json_t *
ck_batch_rows(const struct ck_site *site, struct ck_store *st, const struct ck_record *batch,
    struct ck_err *err)
{
	struct open o = {
		.store = st, .number = ck_record_head(batch)->number, .rows = json_array()
	};
	json_t *names = kept_names(batch), *row;
	const json_t *name;
	size_t i;

	json_array_foreach(names, i, name)
	{
		row = kept_row(batch, json_string_value(name));
		if (row != NULL)
			json_array_append_new(o.rows, row);
	}
	json_decref(names);
	if (ck_store_each(st, true, add_open, &o, err) == -1 || o.err.code != CK_E_NONE) {
		if (err->code == CK_E_NONE)
			*err = o.err;
		json_decref(o.rows);
		return NULL;
	}
	json_array_foreach(o.rows, i, row) bring_up(site, st, row);
	return sorted(o.rows);
}

int
ck_batch_count(const json_t *rows, const char *result)
{
	const json_t *row;
	size_t i;
	int n = 0;

	json_array_foreach(rows, i, row) n +=
	    result == NULL || strcmp(text(row, "result"), result) == 0;
	return n;
}
