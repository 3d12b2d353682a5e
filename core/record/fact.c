#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/crypto.h>

#include "inside.h"

bool
ck_item_good(int item)
{
	return item >= CK_ITEM_RECORD && item < CK_ITEMS_MAX;
}

/* ---- in memory ---- */

static struct ck_held *
held(const struct ck_helds *all, int item, const char *name)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].item == item && strcmp(all->v[i].name, name) == 0)
			return &all->v[i];
	return NULL;
}

static int
reserve(struct ck_helds *all, size_t more, struct ck_err *err)
{
	size_t cap = all->n + more;
	struct ck_held *v = NULL;

	if (cap > CK_FACTS_MAX)
		return ck_fail(err, CK_E_INTERNAL, "more than %d facts", CK_FACTS_MAX);
	if (cap <= all->cap)
		return 0;
	cap = cap + 16 < CK_FACTS_MAX ? cap + 16 : CK_FACTS_MAX;
	v = realloc(all->v, cap * sizeof *v);
	if (v == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "facts");
	all->v = v;
	all->cap = cap;
	return 0;
}

static void
drop(struct ck_helds *all, struct ck_held *h)
{
	OPENSSL_clear_free(h->p, h->n);
	*h = all->v[--all->n];
}

void
ck_facts_free(struct ck_helds *all)
{
	while (all->n > 0)
		drop(all, &all->v[0]);
	free(all->v);
	*all = (struct ck_helds){ 0 };
}

const void *
ck_record_get(const struct ck_record *r, int item, const char *name, size_t *n)
{
	const struct ck_held *h = held(&r->facts, item, name);

	if (n != NULL)
		*n = h != NULL ? h->n : 0;
	return h != NULL ? h->p : NULL;
}

const char *
ck_record_text(const struct ck_record *r, int item, const char *name)
{
	return ck_record_get(r, item, name, NULL);
}

/* ---- a line's facts, until they are on disk ---- */

static bool
name_good(const char *name)
{
	size_t n = name != NULL ? strlen(name) : 0;

	/* a bar parts it from what stands before it in what a sealed fact is bound to */
	return n > 0 && n < CK_FACT_NAME_MAX && strchr(name, '|') == NULL;
}

static int
stage_one(struct ck_helds *to, int item, const struct ck_fact *f, struct ck_err *err)
{
	struct ck_held h = { .item = item, .flags = f->flags, .n = f->n };

	if (!name_good(f->name))
		return ck_fail(err, CK_E_INTERNAL, "name of a fact");
	if (f->n > CK_FACT_MAX)
		return ck_fail(err, CK_E_INTERNAL, "fact %s: longer than %d", f->name, CK_FACT_MAX);
	snprintf(h.name, sizeof h.name, "%s", f->name);
	/* a handle is the serial of a key or an envelope: it never stands in clear */
	if ((h.flags & CK_FACT_HANDLE) != 0)
		h.flags |= CK_FACT_SEALED;
	if (f->bytes != NULL) {
		h.p = malloc(f->n + 1);
		if (h.p == NULL)
			return ck_fail(err, CK_E_NO_MEMORY, "fact %s", f->name);
		memcpy(h.p, f->bytes, f->n);
		h.p[f->n] = '\0';
	}
	to->v[to->n++] = h;
	return 0;
}

int
ck_facts_stage(
    struct ck_record *r, const struct ck_line *line, struct ck_helds *to, struct ck_err *err)
{
	if (reserve(&r->facts, line->n_facts, err) != 0 || reserve(to, line->n_facts, err) != 0)
		return -1;
	for (size_t i = 0; i < line->n_facts; i++)
		if (stage_one(to, line->item, &line->facts[i], err) != 0)
			return -1;
	return 0;
}

void
ck_facts_take(struct ck_record *r, struct ck_helds *from)
{
	for (size_t i = 0; i < from->n; i++) {
		struct ck_held *now = &from->v[i], *old = held(&r->facts, now->item, now->name);

		if (old != NULL)
			drop(&r->facts, old);
		if (now->p != NULL)
			r->facts.v[r->facts.n++] = *now;
	}
	from->n = 0;
}

/* ---- on disk ---- */

static void
aad_of(const char *number, int item, const char *name, char aad[128])
{
	snprintf(aad, 128, "fact|%s|%d|%s", number, item, name);
}

static int
handle_taken(struct ck_record *r, const char *name, const unsigned char *hash, struct ck_err *err)
{
	sqlite3_stmt *stmt = ck_sql_ask(
	    r->store, CK_SQL_HANDLE_OWNER, CK_ARGS(CK_TEXT(name), CK_BLOB(hash, CK_HASH_LEN)), err);
	char number[sizeof r->head.number] = "";

	if (stmt == NULL || ck_sql_next(r->store, stmt, err) < 0)
		return -1;
	ck_sql_text(stmt, 0, number, sizeof number);
	ck_sql_done(r->store, stmt);
	return ck_fail(
	    err, strcmp(name, "key") == 0 ? CK_E_KEY_BUSY : CK_E_LEASE_ELSEWHERE, "%s", number);
}

static int
write_handle(struct ck_record *r, const struct ck_held *h, struct ck_err *err)
{
	unsigned char hash[CK_HASH_LEN];

	if (ck_keyed_hash(r->store->keys->handle, h->name, h->p, h->n, hash, err) != 0 ||
	    ck_sql_do(r->store, CK_SQL_HANDLE_ADD,
		CK_ARGS(
		    CK_TEXT(h->name), CK_BLOB(hash, sizeof hash), CK_INT(r->id), CK_INT(h->item)),
		err) != 0)
		return -1;
	if (sqlite3_changes(r->store->db) == 0)
		return handle_taken(r, h->name, hash, err);
	return 0;
}

static int
write_value(struct ck_record *r, const struct ck_held *h, struct ck_err *err)
{
	unsigned char *sealed = NULL;
	size_t n = h->n;
	char aad[128];
	int rc = -1;

	if ((h->flags & CK_FACT_SEALED) != 0) {
		aad_of(r->head.number, h->item, h->name, aad);
		sealed = ck_seal(r->store->keys, aad, h->p, h->n, &n, err);
		if (sealed == NULL)
			return -1;
	}
	rc = ck_sql_do(r->store, CK_SQL_FACT_SET,
	    CK_ARGS(CK_INT(r->id), CK_INT(h->item), CK_TEXT(h->name), CK_INT(h->flags),
		CK_BLOB(sealed != NULL ? sealed : h->p, n)),
	    err);
	free(sealed);
	return rc;
}

static int
write_one(struct ck_record *r, const struct ck_held *h, struct ck_err *err)
{
	const struct ck_arg *which = CK_ARGS(CK_INT(r->id), CK_INT(h->item), CK_TEXT(h->name));
	int rc = 0;

	if (ck_sql_do(r->store, CK_SQL_HANDLE_DROP, which, err) != 0)
		return -1;
	if (h->p == NULL)
		return ck_sql_do(r->store, CK_SQL_FACT_DROP, which, err);
	if ((h->flags & CK_FACT_HANDLE) != 0)
		rc = write_handle(r, h, err);
	return rc != 0 ? rc : write_value(r, h, err);
}

int
ck_facts_write(struct ck_record *r, const struct ck_helds *all, struct ck_err *err)
{
	for (size_t i = 0; i < all->n; i++)
		if (write_one(r, &all->v[i], err) != 0)
			return -1;
	return 0;
}

/* From column on: flags and value. Malloc'd, NUL beyond n. */
static unsigned char *
read_value(struct ck_store *st, const char *number, int item, const char *name, sqlite3_stmt *stmt,
    int column, size_t *n, struct ck_err *err)
{
	bool sealed = (sqlite3_column_int(stmt, column) & CK_FACT_SEALED) != 0;
	const void *bytes = sqlite3_column_blob(stmt, column + 1);
	unsigned char *p = NULL;
	char aad[128];

	*n = (size_t)sqlite3_column_bytes(stmt, column + 1);
	if (sealed) {
		aad_of(number, item, name, aad);
		return ck_unseal(st->keys, aad, bytes, *n, n, err);
	}
	p = malloc(*n + 1);
	if (p == NULL) {
		ck_fail(err, CK_E_NO_MEMORY, "fact %s", name);
		return NULL;
	}
	if (*n > 0)
		memcpy(p, bytes, *n);
	p[*n] = '\0';
	return p;
}

int
ck_store_fact(struct ck_store *st, const struct ck_record_head *h, int item, const char *name,
    unsigned char **out, size_t *n, struct ck_err *err)
{
	sqlite3_stmt *stmt = ck_sql_ask(
	    st, CK_SQL_FACT_GET, CK_ARGS(CK_TEXT(h->number), CK_INT(item), CK_TEXT(name)), err);
	int rc = stmt == NULL ? -1 : ck_sql_next(st, stmt, err);

	if (rc != 1)
		return rc;
	*out = read_value(st, h->number, item, name, stmt, 0, n, err);
	ck_sql_done(st, stmt);
	return *out != NULL ? 1 : -1;
}

int
ck_facts_load(struct ck_record *r, struct ck_err *err)
{
	sqlite3_stmt *stmt = ck_sql_ask(r->store, CK_SQL_FACT_ALL, CK_ARGS(CK_INT(r->id)), err);
	int rc = stmt == NULL ? -1 : 1;

	while (rc == 1 && (rc = ck_sql_next(r->store, stmt, err)) == 1) {
		struct ck_held h = { .item = sqlite3_column_int(stmt, 0),
			.flags = (unsigned)sqlite3_column_int(stmt, 2) };

		ck_sql_text(stmt, 1, h.name, sizeof h.name);
		if (reserve(&r->facts, 1, err) != 0 ||
		    (h.p = read_value(
			 r->store, r->head.number, h.item, h.name, stmt, 2, &h.n, err)) == NULL) {
			ck_sql_done(r->store, stmt);
			return -1;
		}
		r->facts.v[r->facts.n++] = h;
	}
	return rc;
}

int
ck_facts_forget(struct ck_record *r, struct ck_err *err)
{
	return ck_sql_do(r->store, CK_SQL_HANDLE_WIPE, CK_ARGS(CK_INT(r->id)), err);
}

int
ck_facts_wipe_rows(struct ck_store *st, int64_t record, struct ck_err *err)
{
	return ck_sql_do(st, CK_SQL_FACT_WIPE, CK_ARGS(CK_INT(record)), err);
}

void
ck_facts_wipe(struct ck_record *r)
{
	for (size_t i = r->facts.n; i-- > 0;)
		if ((r->facts.v[i].flags & CK_FACT_SEALED) != 0)
			drop(&r->facts, &r->facts.v[i]);
}
