/* PROTOCOL.desk section 17: sheets that come in parts, kept until they are whole and after. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "order.h"

#define PART_MAX 131072
#define SHEET_MAX (8 << 20)
#define SHEETS_MAX 20

static const struct {
	const char *type, *begins;
	size_t n;
} types[] = {
	{ "image/png", "\x89PNG\r\n\x1a\n", 8 },
	{ "image/jpeg", "\xff\xd8\xff", 3 },
	{ "application/pdf", "%PDF-", 5 },
};

/* one request, read */
struct part {
	const char *kind, *type, *sha;
	int64_t page, pages, size, offset;
	unsigned char *bytes;
	size_t n;
};

static int
want_bytes(struct sb_call *c, struct part *p)
{
	const char *text = json_string_value(json_object_get(c->in, "bytes"));

	if (text != NULL && text[0] == '\0')
		return 0;
	p->bytes = text != NULL ? ck_unbase64(text, PART_MAX, &p->n) : NULL;
	return p->bytes != NULL ? 0 : sb_refuse(c, "bad-request", "bytes");
}

static int
want_part(struct sb_call *c, struct part *p)
{
	unsigned char sha[32];

	if (sb_want_text(c, "kind", &p->kind) != 0 || sb_want_text(c, "type", &p->type) != 0 ||
	    sb_want_text(c, "sha256", &p->sha) != 0 ||
	    sb_want_number(c, "pages", 1, SHEETS_MAX, &p->pages) != 0 ||
	    sb_want_number(c, "page", 1, p->pages, &p->page) != 0 ||
	    sb_want_number(c, "size", 1, INT32_MAX, &p->size) != 0 ||
	    sb_want_number(c, "offset", 0, p->size, &p->offset) != 0)
		return -1;
	if (!ck_unhex(p->sha, sha, sizeof sha))
		return sb_refuse(c, "bad-request", "sha256");
	if (p->size > SHEET_MAX)
		return sb_refuse(c, "paper-wrong", "文件太大，最大 8 MB");
	if (want_bytes(c, p) != 0)
		return -1;
	return p->n <= (size_t)(p->size - p->offset) ? 0 : sb_refuse(c, "bad-request", "bytes");
}

/* the proof only as long as it is a transfer that is waited for */
static bool
is_wanted(struct sb_call *c, const struct sb_lease *l, const char *kind)
{
	bool listed = sb_int(c->db, 0, "SELECT 1 FROM paper WHERE lease=? AND kind=?", "tt", l->id,
			  kind) != 0;

	if (strcmp(kind, SB_PROOF) != 0)
		return listed;
	return listed &&
	       sb_int(c->db, 0,
		   "SELECT method='transfer' FROM payment WHERE lease=? AND state<>'ended'"
		   " ORDER BY rowid DESC",
		   "t", l->id) != 0;
}

/* bytes it has of this very sheet; -1: of another one, or of none */
static int64_t
has(struct sb_call *c, const struct sb_lease *l, const struct part *p)
{
	return sb_int(c->db, -1,
	    "SELECT coalesce(length(bytes),0) FROM sheet WHERE lease=? AND kind=? AND page=? AND"
	    " sha=? AND size=? AND type=?",
	    "ttitit", l->id, p->kind, p->page, p->sha, p->size, p->type);
}

static bool
is_whole(struct sb_call *c, const struct sb_lease *l, const struct part *p)
{
	return sb_int(c->db, 0,
		   "SELECT whole FROM sheet WHERE lease=? AND kind=? AND page=? AND sha=?", "ttit",
		   l->id, p->kind, p->page, p->sha) != 0;
}

static int
begin_sheet(struct sb_call *c, const struct sb_lease *l, const struct part *p)
{
	if (sb_exec(c->db, "DELETE FROM sheet WHERE lease=? AND kind=? AND page=?", "tti", l->id,
		p->kind, p->page) != 0)
		return -1;
	return sb_exec(c->db,
	    "INSERT INTO sheet(lease, kind, page, pages, type, sha, size, bytes)"
	    " VALUES(?,?,?,?,?,?,?,x'')",
	    "ttiitti", l->id, p->kind, p->page, p->pages, p->type, p->sha, p->size);
}

/* Its last part is here: is it what was promised, and a picture at all? Else it begins anew. */
static int
check_sheet(struct sb_call *c, const struct sb_lease *l, const struct part *p)
{
	unsigned char sha[EVP_MAX_MD_SIZE] = { 0 }, want[32] = { 0 };
	bool right = false, known = false;
	unsigned char *all = NULL;
	unsigned sha_n = 0;
	size_t n = 0;

	all = sb_blob(c->db, &n, "SELECT bytes FROM sheet WHERE lease=? AND kind=? AND page=?",
	    "tti", l->id, p->kind, p->page);
	EVP_Digest(all, n, sha, &sha_n, EVP_sha256(), NULL);
	right = ck_unhex(p->sha, want, sizeof want) && memcmp(sha, want, sizeof want) == 0;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (strcmp(types[i].type, p->type) == 0 && n >= types[i].n &&
		    memcmp(all, types[i].begins, types[i].n) == 0)
			known = true;
	free(all);
	if (sb_exec(c->db,
		right && known ? "UPDATE sheet SET whole=1 WHERE lease=? AND kind=? AND page=?"
			       : "UPDATE sheet SET bytes=x'' WHERE lease=? AND kind=? AND page=?",
		"tti", l->id, p->kind, p->page) != 0)
		return -1;
	return right && !known ? sb_refuse(c, "paper-wrong", "看不清，请重新扫描") : 0;
}

/* A paper is in once all its pages are; what it had more of before is gone. */
static int
count_pages(struct sb_call *c, const struct sb_lease *l, const struct part *p)
{
	int64_t whole = 0;

	if (sb_exec(c->db, "DELETE FROM sheet WHERE lease=? AND kind=? AND page>?", "tti", l->id,
		p->kind, p->pages) != 0)
		return -1;
	whole = sb_int(c->db, 0, "SELECT count(*) FROM sheet WHERE lease=? AND kind=? AND whole=1",
	    "tt", l->id, p->kind);
	return sb_exec(c->db,
	    whole == p->pages
		? "UPDATE paper SET state='in', text=NULL WHERE lease=? AND kind=?"
		: "UPDATE paper SET state='wanted' WHERE lease=? AND kind=? AND state='in'",
	    "tt", l->id, p->kind);
}

static int
take(struct sb_call *c, const struct sb_lease *l, struct sb_course *k, const struct part *p)
{
	int64_t have = has(c, l, p);

	if (strcmp(k->review, "passed") == 0)
		return sb_refuse(c, "paper-unknown", "材料已经审核通过");
	if (have < 0 && p->offset == 0) {
		if (begin_sheet(c, l, p) != 0)
			return -1;
		have = 0;
	}
	if (sb_exec(c->db,
		"UPDATE sheet SET sent=sent+? WHERE lease=? AND kind=? AND page=? AND sha=?",
		"ittit", (int64_t)p->n, l->id, p->kind, p->page, p->sha) != 0)
		return -1;
	if (have != p->offset)
		return 0;
	if (sb_exec(c->db,
		"UPDATE sheet SET bytes=CAST(bytes||? AS BLOB) WHERE lease=? AND kind=? AND page=?",
		"btti", p->bytes, p->n, l->id, p->kind, p->page) != 0)
		return -1;
	if (have + (int64_t)p->n == p->size && check_sheet(c, l, p) != 0)
		return -1;
	return count_pages(c, l, p) == 0 ? sb_course_corrected(c->db, l->id, k) : -1;
}

int
sb_call_paper(struct sb_call *c)
{
	struct sb_course k = { 0 };
	struct sb_lease l = { 0 };
	struct part p = { 0 };
	int rc = -1;

	if (sb_want_course(c, &l, &k) != 0 || want_part(c, &p) != 0)
		goto out;
	if (!is_wanted(c, &l, p.kind)) {
		sb_refuse(c, "paper-unknown", "不需要这份材料");
		goto out;
	}
	if (p.n > 0 && !is_whole(c, &l, &p) && take(c, &l, &k, &p) != 0)
		goto out;
	rc = json_object_set_new(
	    c->out, "have", json_integer(has(c, &l, &p) > 0 ? has(c, &l, &p) : 0));
out:
	free(p.bytes);
	return rc;
}
