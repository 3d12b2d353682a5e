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
/* more pictures of a stick than anybody looks through */
#define FILES_MAX 40

/* one run */
struct run {
	struct ck_visit *v;
	struct ck_intake in;
	json_t *codes; /* of our form, a text a page; NULL: there is none */
	json_t *site;  /* its certificate; NULL: it has none */
	int file;      /* what the sheet at hand stands in */
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

static int
form_pages(struct ck_visit *v, int *pages, struct ck_err *err)
{
	struct ck_form f;
	int found = ck_form_of(v->store, ck_record_head(v->record)->number, &f, err);

	*pages = found == 1 ? f.pages : 0;
	return found == -1 ? -1 : 0;
}

int
ck_intake_read(struct ck_visit *v, struct ck_intake *in, struct ck_err *err)
{
	bool dropped = false;
	int pages = 0;

	if (form_pages(v, &pages, err) == -1 || read_sheets(v, in, pages, err) == -1)
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
	return dropped ? read_sheets(v, in, pages, err) : 0;
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

/* Of another record it is named; ours, but of another print, is as good as none. */
static struct ck_wanted *
place_by_code(struct run *r, const json_t *code, int *page)
{
	const char *number = json_string_value(json_object_get(code, "number"));
	const char *text = json_string_value(json_object_get(code, "text"));
	char slip[CK_SLIP_MAX] = "", other[CK_SLIP_MAX];
	struct ck_wanted *w = wanted(r, CK_PAPER_FORM);

	(void)ck_visit_slip(r->v, slip);
	ck_clean_str(other, sizeof other, number != NULL ? number : "");
	*page = (int)json_integer_value(json_object_get(code, "page"));
	if (strcmp(other, slip) != 0)
		ck_fail(r->why, CK_E_SHEET_OTHER, "%s", other);
	else if (r->site != NULL && !json_is_true(json_object_get(code, "signed")))
		ck_fail(r->why, CK_E_SHEET_CODE, "%s", other);
	else if (w == NULL)
		ck_fail(r->why, CK_E_SHEET_UNWANTED, "%s", other);
	else if (text == NULL || *page < 1 ||
		 json_string_value(json_array_get(r->codes, (size_t)*page - 1)) == NULL ||
		 strcmp(json_string_value(json_array_get(r->codes, (size_t)*page - 1)), text) != 0)
		ck_fail(r->why, CK_E_SHEET_CODE, "%s, page %d", other, *page);
	else
		return w;
	return NULL;
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
	w = code != NULL ? place_by_code(r, code, &page) : place_in_turn(r, &page);
	if (w == NULL)
		return 0;
	if (keep(r, sheet, w, page, err) == -1)
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
	struct ck_kept kept = { .qr = NULL };
	int pages = 0;

	*r = (struct run){ .v = v, .file = -1, .why = why };
	if (ck_intake_read(v, &r->in, err) == -1 || form_pages(v, &pages, err) == -1 ||
	    read_site(r, err) == -1)
		return -1;
	if (pages > 0 &&
	    ck_kept_read(v->store, ck_record_head(v->record)->number, &kept, err) == -1)
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

/* One conversation; go: each sheet is answered. Troubles of scanner and picture are no end of ours:
 * they are told, and it is tried again. */
static int
converse(struct run *r, json_t *request, bool go, struct ck_err *err)
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
				if (rc == 0 && go)
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
		rc = converse(&r, request, true, err);
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
		rc = converse(&r, json_pack("{s:s, s:O*}", "paper", "read", "certificate", r.site),
		    false, err);
	close_run(&r);
	return rc;
}

/* ---- a stick ---- */

static bool
is_picture(const char *name)
{
	const char *dot = strrchr(name, '.');

	return name[0] != '.' && dot != NULL &&
	       (strcasecmp(dot, ".png") == 0 || strcasecmp(dot, ".jpg") == 0 ||
		   strcasecmp(dot, ".jpeg") == 0);
}

static void
list_folder(const char *dir, json_t *out)
{
	struct dirent **names = NULL;
	int n = scandir(dir, &names, NULL, alphasort);
	struct stat st;
	char path[512];

	for (int i = 0; i < n; i++) {
		if (is_picture(names[i]->d_name) && json_array_size(out) < FILES_MAX &&
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
