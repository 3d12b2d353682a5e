/*
 * Sheets that come in find their place: a page of our form by the code on it, whatever order it
 * comes in; what has no code is the next paper the desk still wants. What has no place is told and
 * not kept.
 */
#include "walk/sheets.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "walk/paper.h"

/* from one sheet to the next; a lamp has to warm up first */
#define SHEET_S 120
/* more files of a stick than anybody looks through */
#define FILES_MAX 40

/* one run */
struct run {
	struct ck_visit *v;
	struct ck_intake in;
	json_t *codes; /* of the record's own form, a text a page; NULL: there is none */
	struct ck_printed now, from; /* whose pages come in; whose the sheet at hand is */
	json_t *site;		     /* its certificate; NULL: it has none */
	int file;		     /* what the sheet at hand stands in */
	struct ck_err *why;
};

/* ---- what there is ---- */

const struct ck_paper_rule *
ck_paper_rule(const struct ck_visit *v, const char *kind)
{
	const struct ck_order_rules *o = &v->policy.order;

	for (size_t i = 0; i < o->n_papers; i++)
		if (strcmp(o->papers[i].kind, kind) == 0)
			return &o->papers[i];
	return NULL;
}

static void
count(const struct ck_intake *in, struct ck_wanted *w)
{
	memset(w->missing, true, sizeof w->missing);
	w->have = 0;
	for (size_t i = 0; i < in->n_sheets; i++)
		if (strcmp(in->sheets[i].kind, w->now->kind) == 0) {
			w->have++;
			if (in->sheets[i].page <= CK_PAPER_SHEETS_MAX)
				w->missing[in->sheets[i].page] = false;
		}
	w->whole = w->pages > 0 && w->have == w->pages;
}

/* The desk looked at all of it, and still wants it: it is to come in anew. */
static bool
turned_down(const struct ck_intake *in, const struct ck_wanted *w)
{
	for (size_t i = 0; i < in->n_sheets; i++)
		if (strcmp(in->sheets[i].kind, w->now->kind) == 0 && !in->sheets[i].uploaded)
			return false;
	return w->have > 0;
}

static int
read_sheets(struct ck_visit *v, struct ck_intake *in, int form_pages, struct ck_err *err)
{
	const struct ck_desk_steps *s = &v->lease.steps;

	in->n = 0;
	if (ck_record_sheets(v->record, in->sheets, &in->n_sheets, err) == -1)
		return -1;
	for (size_t i = 0; i < s->n_papers; i++) {
		struct ck_wanted *w = &in->want[in->n];

		if (s->papers[i].state == CK_PAPER_IN)
			continue;
		*w = (struct ck_wanted){ .rule = ck_paper_rule(v, s->papers[i].kind),
			.now = &s->papers[i] };
		if (w->rule == NULL)
			return ck_fail(err, CK_E_STEP_UNKNOWN, "papers: %s", s->papers[i].kind);
		w->pages = strcmp(w->now->kind, CK_PAPER_FORM) == 0 ? form_pages : w->rule->pages;
		count(in, w);
		in->n++;
	}
	return 0;
}

int
ck_intake_read(struct ck_visit *v, struct ck_intake *in, struct ck_err *err)
{
	struct ck_printed form;
	bool dropped = false;

	if (ck_printed_read(v, &form, err) == -1 || read_sheets(v, in, form.pages, err) == -1)
		return -1;
	for (size_t i = 0; i < in->n; i++) {
		if (!turned_down(in, &in->want[i]))
			continue;
		if (ck_record_drop_sheets(v->record, in->want[i].now->kind,
			&(struct ck_line){ .station = ck_station_name(v->at),
			    .mark = CK_NOTE,
			    .text = "the desk wants it anew" },
			err) == -1)
			return -1;
		dropped = true;
	}
	return dropped ? read_sheets(v, in, form.pages, err) : 0;
}

const struct ck_wanted *
ck_intake_next(const struct ck_intake *in)
{
	for (size_t i = 0; i < in->n; i++)
		if (!in->want[i].whole)
			return &in->want[i];
	return NULL;
}

/* ---- a sheet's place ---- */

static struct ck_wanted *
wanted(struct run *r, const char *kind)
{
	for (size_t i = 0; i < r->in.n; i++)
		if (strcmp(r->in.want[i].now->kind, kind) == 0)
			return &r->in.want[i];
	return NULL;
}

/* The same print as this record's, to the letter. */
static bool
is_own_page(const struct run *r, const json_t *code, int page)
{
	const char *text = json_string_value(json_object_get(code, "text")), *own;

	own = page < 1 ? NULL : json_string_value(json_array_get(r->codes, (size_t)page - 1));
	return text != NULL && own != NULL && strcmp(own, text) == 0;
}

/* What it shows is the other counter's affair; its signature is the site's. */
static bool
is_form_page(const struct run *r, const json_t *code, int page)
{
	const char *form = json_string_value(json_object_get(code, "form"));

	if (strcmp(r->from.number, r->now.number) == 0 && r->from.pages != r->now.pages)
		return false;
	return form != NULL && strcmp(form, r->v->policy.form) == 0 && page >= 1 &&
	       page <= r->from.pages && r->from.pages <= CK_PAPER_PAGES_MAX;
}

/* own: printed for this very record */
static bool
is_of_this_renewal(struct run *r, bool own)
{
	int found = own || strcmp(r->from.number, r->now.number) == 0
			? 1
			: ck_printed_for_this(r->v, r->from.number, r->why);

	if (found == 0)
		ck_fail(r->why, CK_E_SHEET_OTHER, "%s", r->from.number);
	return found == 1;
}

/* Of another renewal it is named; ours, but of another print, is as good as none. */
static struct ck_wanted *
place_by_code(struct run *r, const json_t *code, int *page)
{
	const char *number = json_string_value(json_object_get(code, "number"));
	struct ck_wanted *w = wanted(r, CK_PAPER_FORM);
	char slip[CK_SLIP_MAX] = "";
	bool own;

	(void)ck_visit_slip(r->v, slip);
	r->from.pages = (int)json_integer_value(json_object_get(code, "pages"));
	ck_clean_str(r->from.number, sizeof r->from.number, number != NULL ? number : "");
	own = strcmp(r->from.number, slip) == 0;
	*page = (int)json_integer_value(json_object_get(code, "page"));
	if (!is_of_this_renewal(r, own))
		return NULL;
	if (r->site != NULL && !json_is_true(json_object_get(code, "signed")))
		ck_fail(r->why, CK_E_SHEET_CODE, "%s", r->from.number);
	else if (w == NULL || (w->whole && strcmp(r->from.number, r->now.number) != 0))
		ck_fail(r->why, CK_E_SHEET_UNWANTED, "%s", r->from.number);
	else if (own ? !is_own_page(r, code, *page) : !is_form_page(r, code, *page))
		ck_fail(r->why, CK_E_SHEET_CODE, "%s, page %d", r->from.number, *page);
	else
		return w;
	return NULL;
}

static int
turn_to_print(struct run *r, struct ck_err *err)
{
	if (strcmp(r->from.number, r->now.number) == 0)
		return 0;
	if (ck_printed_turn_to(r->v, &r->from, err) == -1)
		return -1;
	r->now = r->from;
	return 0;
}

/* The next that is wanted; one of several pages takes what follows, in this run or another. */
static struct ck_wanted *
place_in_turn(struct run *r, int *page)
{
	for (size_t i = 0; i < r->in.n; i++) {
		struct ck_wanted *w = &r->in.want[i];

		if (strcmp(w->now->kind, CK_PAPER_FORM) == 0)
			continue;
		if (!w->whole) {
			*page = w->have + 1;
			return w;
		}
	}
	ck_fail(r->why, CK_E_SHEET_UNWANTED, "%s", "");
	return NULL;
}

static int
keep(struct run *r, const json_t *sheet, const struct ck_wanted *w, int page, struct ck_err *err)
{
	const char *sha = json_string_value(json_object_get(sheet, "sha256"));
	const char *type = json_string_value(json_object_get(sheet, "type"));
	struct ck_sheet_kept k = { .page = page,
		.size = (size_t)json_integer_value(json_object_get(sheet, "size")) };
	void *bytes = MAP_FAILED;
	char text[96];
	struct stat st;
	int rc = -1;

	if (sha == NULL || type == NULL || !ck_unhex(sha, k.sha256, sizeof k.sha256) ||
	    k.size < 1 || k.size > CK_SHEET_BYTES_MAX || fstat(r->file, &st) != 0 ||
	    (size_t)st.st_size != k.size ||
	    (bytes = mmap(NULL, k.size, PROT_READ, MAP_PRIVATE, r->file, 0)) == MAP_FAILED)
		return ck_fail(err, CK_E_SHEET_UNREADABLE, "%s", w->now->kind);
	snprintf(k.kind, sizeof k.kind, "%s", w->now->kind);
	snprintf(k.type, sizeof k.type, "%s", type);
	snprintf(text, sizeof text, "came in: %s, page %d", k.kind, page);
	rc = ck_record_put_sheet(r->v->record, &k, bytes,
	    &(struct ck_line){
		.station = ck_station_name(r->v->at), .mark = CK_DONE, .text = text },
	    err);
	munmap(bytes, k.size);
	return rc;
}

/* A file that is brought once more, after a crash in the middle of it or by mistake: its first page
 * is no second one. */
static bool
is_kept(struct run *r, const json_t *sheet)
{
	const char *text = json_string_value(json_object_get(sheet, "sha256"));
	unsigned char sha[CK_HASH_LEN];

	if (text == NULL || !ck_unhex(text, sha, sizeof sha))
		return false;
	for (size_t i = 0; i < r->in.n_sheets; i++)
		if (memcmp(r->in.sheets[i].sha256, sha, sizeof sha) == 0 &&
		    wanted(r, r->in.sheets[i].kind) != NULL)
			return true;
	return false;
}

/* 0: kept, or why says what is wrong with it */
static int
take(struct run *r, const json_t *sheet, struct ck_err *err)
{
	const json_t *code = json_object_get(sheet, "code");
	struct ck_wanted *w = NULL;
	int page = 0;

	if (json_is_true(json_object_get(sheet, "blank"))) {
		ck_fail(r->why, CK_E_SHEET_BLANK, "%s", "");
		return 0;
	}
	if (is_kept(r, sheet))
		return 0;
	w = code != NULL ? place_by_code(r, code, &page) : place_in_turn(r, &page);
	if (w == NULL)
		return 0;
	if ((code != NULL && turn_to_print(r, err) == -1) || keep(r, sheet, w, page, err) == -1)
		return -1;
	return ck_intake_read(r->v, &r->in, err);
}

/* ---- where from ---- */

static int
read_site(struct run *r, struct ck_err *err)
{
	struct ck_signer site = { .key = NULL };
	char *text = NULL;

	if (ck_signer_open(&r->v->site->paper, &site, err) == -1)
		return -1;
	text = site.cert != NULL ? ck_base64(site.cert, site.cert_len) : NULL;
	r->site = text != NULL ? json_string(text) : NULL;
	free(text);
	ck_signer_close(&site);
	return 0;
}

static int
open_run(struct run *r, struct ck_visit *v, struct ck_err *why, struct ck_err *err)
{
	const char *number = ck_record_head(v->record)->number;
	struct ck_kept kept = { .qr = NULL };
	struct ck_form own;
	int found;

	*r = (struct run){ .v = v, .file = -1, .why = why };
	if (ck_intake_read(v, &r->in, err) == -1 || ck_printed_read(v, &r->now, err) == -1 ||
	    read_site(r, err) == -1)
		return -1;
	found = ck_form_of(v->store, number, &own, err);
	if (found == -1 || (found == 1 && ck_kept_read(v->store, number, &kept, err) == -1))
		return -1;
	r->codes = json_incref(kept.qr);
	ck_kept_free(&kept);
	return 0;
}

static void
close_run(struct run *r)
{
	json_decref(r->codes);
	json_decref(r->site);
	if (r->file != -1)
		close(r->file);
}

/* One conversation. Troubles of scanner and picture are no end of ours: they are told, and it is
 * tried again. */
static int
converse(struct run *r, json_t *request, struct ck_err *err)
{
	struct ck_press press;
	json_t *line = NULL, *sheet = NULL;
	struct ck_err told = { 0 };
	bool end = false;
	int got = -1, rc = 0;

	ck_talk_busy(&r->v->talk, CK_BUSY_PAPER, SHEET_S + CK_KEY_MARGIN_S);
	if (ck_press_start(&press, &r->v->talk, r->file, request, &told) == 0)
		while (!end && rc == 0 &&
		       (got = ck_press_hear(&press, SHEET_S * 1000, &line, &told)) == 1) {
			end = json_object_get(line, "end") != NULL;
			if ((sheet = json_object_get(line, "sheet")) != NULL) {
				rc = take(r, sheet, err);
				ck_talk_busy(&r->v->talk, CK_BUSY_PAPER, SHEET_S + CK_KEY_MARGIN_S);
				if (rc == 0)
					rc = ck_press_say(&press, json_pack("{s:b}", "go", 1), err);
			}
			json_decref(line);
		}
	if (rc == 0 && got == 0 && press.front_left)
		rc = ck_fail(err, CK_E_STOPPED, "the person gave up for now");
	else if (rc == 0 && got == 0)
		ck_press_silent(&press, SHEET_S, &told);
	ck_press_end(&press);
	if (told.code != CK_E_NONE)
		*r->why = told;
	return rc;
}

static json_t *
options_of(const struct ck_site_paper *p)
{
	json_t *o = json_object();
	char name[256];

	for (size_t i = 0; i < p->n_scan_options; i++) {
		const char *eq = strchr(p->scan_options[i], '=');

		snprintf(
		    name, sizeof name, "%.*s", (int)(eq - p->scan_options[i]), p->scan_options[i]);
		json_object_set_new(o, name, json_string(eq + 1));
	}
	return o;
}

int
ck_sheets_scan(struct ck_visit *v, struct ck_err *why, struct ck_err *err)
{
	const struct ck_site_paper *p = &v->site->paper;
	struct run r;
	int rc = open_run(&r, v, why, err);
	json_t *request = NULL;

	if (rc == 0 && (r.file = ck_paper_file(NULL, 0, err)) == -1)
		rc = -1;
	if (rc == 0) {
		request = json_pack("{s:s, s:s, s:b, s:o, s:O*}", "paper", "scan", "scanner",
		    p->scanner, "colour", 1, "options", options_of(p), "certificate", r.site);
		rc = converse(&r, request, err);
	}
	close_run(&r);
	return rc;
}

/* A copy: a stick that is pulled, or written to meanwhile, changes nothing of it. */
static int
copy_of(const char *path, int *out, struct ck_err *why, struct ck_err *err)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct ck_buf b = { .max = CK_SHEET_BYTES_MAX };
	unsigned char some[65536];
	ssize_t got = fd == -1 ? -1 : 0;
	int rc = 0;

	while (fd != -1 && (got = read(fd, some, sizeof some)) > 0)
		if (ck_buf_add(&b, some, (size_t)got) == -1) {
			ck_fail(why, CK_E_SHEET_LARGE, "%s", "");
			goto out;
		}
	if (got == -1)
		ck_fail_native(
		    why, CK_E_SHEET_UNREADABLE, (unsigned long)errno, "%s", strerror(errno));
	else
		rc = (*out = ck_paper_file(b.p, b.n, err)) != -1 ? 0 : -1;
out:
	ck_buf_free(&b);
	if (fd != -1)
		close(fd);
	return rc;
}

int
ck_sheets_file(struct ck_visit *v, const char *path, struct ck_err *why, struct ck_err *err)
{
	struct run r;
	int rc = open_run(&r, v, why, err);

	if (rc == 0)
		rc = copy_of(path, &r.file, why, err);
	if (rc == 0 && r.file != -1)
		rc = converse(
		    &r, json_pack("{s:s, s:O*}", "paper", "read", "certificate", r.site), err);
	close_run(&r);
	return rc;
}

/* ---- a stick ---- */

static bool
may_be_paper(const char *name)
{
	static const char *const ends[] = { ".png", ".jpg", ".jpeg", ".pdf" };
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; name[0] != '.' && dot != NULL && i < sizeof ends / sizeof *ends; i++)
		if (strcasecmp(dot, ends[i]) == 0)
			return true;
	return false;
}

static void
list_folder(const char *dir, json_t *out)
{
	struct dirent **names = NULL;
	int n = scandir(dir, &names, NULL, alphasort);
	struct stat st;
	char path[512];

	for (int i = 0; i < n; i++) {
		if (may_be_paper(names[i]->d_name) && json_array_size(out) < FILES_MAX &&
		    (size_t)snprintf(path, sizeof path, "%s/%s", dir, names[i]->d_name) <
			sizeof path &&
		    lstat(path, &st) == 0 && S_ISREG(st.st_mode))
			/* a name that is no text is no JSON either, and left out */
			json_array_append_new(out, json_string(path));
		free(names[i]);
	}
	free(names);
}

json_t *
ck_sheets_files(const struct ck_site_paper *p)
{
	json_t *out = json_array();
	glob_t found = { 0 };

	for (size_t i = 0; i < p->n_scan_folders; i++) {
		if (glob(p->scan_folders[i], GLOB_ONLYDIR, NULL, &found) == 0)
			for (size_t k = 0; k < found.gl_pathc; k++)
				list_folder(found.gl_pathv[k], out);
		globfree(&found);
	}
	return out;
}
