/*
 * Killed at every point from station form on: while the form is made, signed, kept and printed. The
 * print program dies with the engine. Then the same visit goes on, or, once its record is closed, a
 * clerk has what became of the form settled and goes and looks when he is asked. At the end there
 * is one form, the same as it was first meant, and one sheet.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certkiosk/forms.h"
#include "prove.h"

static int
count_print(void *u, const struct ck_print *p)
{
	(void)p;
	++*(int *)u;
	return 0;
}

/* What is kept is what was printed. */
static void
judge_kept(struct trial *t, struct ck_store *st, const char *number)
{
	char sheets[SB_PATH_MAX], kept[SB_PATH_MAX], sheet[SB_PATH_MAX];
	unsigned char *pdf = NULL;
	struct ck_err err = { 0 };
	FILE *f = NULL;
	size_t n = 0;

	world_path(t->w, "kept.pdf", kept);
	if (ck_form_get(st, number, CK_FORM_PDF, &pdf, &n, &err) != 1 ||
	    (f = fopen(kept, "wb")) == NULL || fwrite(pdf, 1, n, f) != n)
		trial_wrong(t, "the form cannot be read: %s", err.detail);
	if (f != NULL)
		fclose(f);
	free(pdf);
	world_path(t->w, "print/sheets", sheets);
	if (!files_find(sheets, "%PDF", sheet) || !files_same(kept, sheet))
		trial_wrong(t, "what is kept is not what came out");
}

static void
judge_paper(struct trial *t)
{
	struct ck_store_conf conf = { .reserve = 0 };
	struct ck_store *st = NULL;
	struct ck_err err = { 0 };
	struct ck_form f = { .copies = -1 };
	char number[40];
	int open = 0;

	trial_record(t, number);
	snprintf(conf.dir, sizeof conf.dir, "%s/state", t->w->wish->dir);
	if (ck_store_open(&conf, &st, &err) != 0 || ck_form_of(st, number, &f, &err) != 1)
		trial_wrong(t, "no form: %s", err.detail);
	else
		judge_kept(t, st, number);
	if (st != NULL &&
	    (ck_store_each_print(st, NULL, count_print, &open, &err) != 0 || open != 0))
		trial_wrong(t, "%d attempts to print are not settled", open);
	ck_store_close(st);
	if (f.copies != 1)
		trial_wrong(t, "known to be on paper: %d, not 1", f.copies);
	if (world_sheets(t->w) != 1)
		trial_wrong(t, "%d sheets, not 1", world_sheets(t->w));
}

/* Nothing is left to be done, as far as the journal knows. */
static bool
known_printed(const struct trial *t, const char *number)
{
	struct ck_store_conf conf = { .reserve = 0 };
	struct ck_store *st = NULL;
	struct ck_form f = { .copies = 0 };

	snprintf(conf.dir, sizeof conf.dir, "%s/state", t->w->wish->dir);
	if (ck_store_open(&conf, &st, NULL) == 0)
		(void)ck_form_of(st, number, &f, NULL);
	ck_store_close(st);
	return f.copies > 0;
}

static void
finish(struct trial *t)
{
	char number[40];
	struct visit v = { .print = number };

	if (strcmp(trial_record(t, number), "done") != 0) {
		trial_finish(t);
		return;
	}
	if (world_sheets(t->w) > 1)
		trial_wrong(t, "%d sheets, and nobody said a word", world_sheets(t->w));
	/* it may be settled: then this is one sheet too many, and none is asked for */
	if (known_printed(t, number))
		return;
	trial_visit(t, &v);
	if (v.status != 0)
		trial_wrong(t, "status %d, %s %s", v.status, v.error, v.detail);
	judge_done(t);
}

/* true: it died there */
static bool
at_point(struct world *w, long n, struct count *c)
{
	char log[SB_PATH_MAX], point[24];
	struct visit v = { .fault_at = point, .fault_how = "power", .fault_log = log };
	struct trial t;
	bool died;

	snprintf(point, sizeof point, "%ld", n);
	world_points_log(w, log);
	trial_begin(w, &t, "point %s", point);
	trial_visit(&t, &v);
	died = v.status < 0 && !v.stood_still;
	if (died)
		finish(&t);
	else if (v.status != 0)
		trial_wrong(&t, "not interrupted, and yet status %d, %s", v.status, v.error);
	judge_paper(&t);
	if (died || t.wrong[0] != '\0')
		trial_end(&t, c, point);
	else
		visit_free(&t.last);
	return died;
}

/* The number of the first point of station form, in a visit that comes through. */
static long
first_point(struct world *w)
{
	char log[SB_PATH_MAX], line[64];
	struct visit v = { .fault_log = log };
	struct trial t;
	FILE *f;
	long n = 0;
	bool found = false;

	world_points_log(w, log);
	trial_begin(w, &t, "the way there");
	trial_visit(&t, &v);
	visit_free(&t.last);
	f = fopen(log, "r");
	while (f != NULL && !found && fgets(line, sizeof line, f) != NULL) {
		n++;
		found = strcmp(line, "form\n") == 0;
	}
	if (f != NULL)
		fclose(f);
	return found ? n : 0;
}

int
prove_paper(struct world *w)
{
	static const char *const names[] = { "form", "close", "record.before", "record.after" };
	struct count c = { .mode = "paper" };
	long first;

	if (w->wish->only != NULL) {
		at_point(w, strtol(w->wish->only, NULL, 10), &c);
		return prove_count(&c, w->wish->only);
	}
	if ((first = first_point(w)) == 0) {
		count_some(&c, 0, "a point of station form");
		return prove_count(&c, "killed while the form is made and printed");
	}
	for (long n = first; at_point(w, n, &c); n++)
		continue;
	count_each(&c, 0, world_points(w, NULL) - first + 1, "points from there on");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		count_some(&c, world_points(w, names[i]), names[i]);
	return prove_count(&c, "killed while the form is made and printed");
}
