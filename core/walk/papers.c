/*
 * Station papers: what the desk wants to see comes in, is kept sealed, and goes to the desk when a
 * paper is whole. The desk's word alone says what is in; what is kept here spares the person the
 * scanner after a crash, and the desk a second copy.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "walk/sheets.h"

/* "form: 2, 3; licence" */
static void
name_missing(const struct ck_intake *in, char out[CK_DETAIL_MAX])
{
	size_t at = 0;

	out[0] = '\0';
	for (size_t i = 0; i < in->n && at < CK_DETAIL_MAX - 64; i++) {
		const struct ck_wanted *w = &in->want[i];
		const char *sep = ": ";

		if (w->whole)
			continue;
		at += (size_t)snprintf(
		    out + at, CK_DETAIL_MAX - at, "%s%s", at > 0 ? "; " : "", w->now->kind);
		for (int page = 1; page <= w->pages && at < CK_DETAIL_MAX - 8; page++)
			if (w->missing[page] && w->have > 0) {
				at += (size_t)snprintf(
				    out + at, CK_DETAIL_MAX - at, "%s%d", sep, page);
				sep = ", ";
			}
	}
}

static json_t *
papers_of(const struct ck_visit *v, const struct ck_intake *in)
{
	const struct ck_desk_steps *s = &v->lease.steps;
	json_t *list = json_array();

	for (size_t i = 0; i < s->n_papers; i++) {
		const struct ck_paper_rule *rule = ck_paper_rule(v, s->papers[i].kind);

		if (s->papers[i].state == CK_PAPER_IN)
			json_array_append_new(
			    list, json_pack("{s:s, s:s*, s:s*, s:s}", "kind", s->papers[i].kind,
				      "zh", rule != NULL ? rule->called.zh : NULL, "en",
				      rule != NULL ? rule->called.en : NULL, "state", "in"));
	}
	for (size_t i = 0; i < in->n; i++) {
		const struct ck_wanted *w = &in->want[i];

		json_array_append_new(
		    list, json_pack("{s:s, s:s, s:s, s:s, s:s*, s:i, s:i}", "kind", w->now->kind,
			      "zh", w->rule->called.zh, "en", w->rule->called.en, "state",
			      ck_paper_state_names[w->now->state], "text",
			      w->now->text[0] != '\0' ? w->now->text : NULL, "pages",
			      w->pages > 0 ? w->pages : w->rule->pages, "have", w->have));
	}
	return list;
}

static enum ck_turn
ask(struct ck_visit *v, const struct ck_intake *in)
{
	const struct ck_wanted *next = ck_intake_next(in);
	json_t *files = ck_sheets_files(&v->site->paper), *file;
	char value[600];
	size_t i;

	ck_question(&v->talk, CK_ASK_PAPERS, &v->trouble, "{s:o, s:s*}", "papers", papers_of(v, in),
	    "next", next != NULL ? next->now->kind : NULL);
	ck_question_field(&v->talk, "do", CK_FIELD_CHOICE, 0, 0, NULL);
	ck_question_choice(&v->talk, "scan", "scan");
	json_array_foreach(files, i, file)
	{
		const char *path = json_string_value(file);

		snprintf(value, sizeof value, "file:%s", path);
		ck_question_choice(&v->talk, value, strrchr(path, '/') + 1);
	}
	ck_question_choice(&v->talk, "later", "later");
	json_decref(files);
	ck_steps_watch(v);
	return CK_ASK;
}

/* Nobody reads a file that was not offered. */
static bool
is_offered(const struct ck_visit *v, const char *path)
{
	json_t *files = ck_sheets_files(&v->site->paper), *file;
	bool found = false;
	size_t i;

	json_array_foreach(files, i, file) found =
	    found || strcmp(json_string_value(file), path) == 0;
	json_decref(files);
	return found;
}

static int
take_in(struct ck_visit *v, const char *said, struct ck_err *err)
{
	const char *path = strncmp(said, "file:", 5) == 0 ? said + 5 : NULL;

	v->trouble = (struct ck_err){ 0 };
	if (path == NULL)
		return ck_sheets_scan(v, &v->trouble, err);
	if (is_offered(v, path))
		return ck_sheets_file(v, path, &v->trouble, err);
	ck_fail(&v->trouble, CK_E_SHEET_UNREADABLE, "%s", "not there any more");
	return 0;
}

/* What is whole goes to the desk, and the desk is heard. */
static int
bring(struct ck_visit *v, struct ck_intake *in, struct ck_err *err)
{
	struct ck_err no = { 0 };

	if (ck_intake_read(v, in, err) == -1)
		return -1;
	if (ck_sheets_upload(v, in, &no) == -1) {
		if (no.code != CK_E_PAPER_REFUSED && no.code != CK_E_PAPER_UNKNOWN) {
			*err = no;
			return -1;
		}
		v->trouble = no;
	}
	return ck_steps_ask(v, err) == -1 ? -1 : ck_intake_read(v, in, err);
}

static enum ck_turn
settle(struct ck_visit *v, struct ck_intake *in, bool answered, struct ck_err *err)
{
	char missing[CK_DETAIL_MAX];

	if (bring(v, in, err) == -1)
		return CK_STOP;
	if (in->n == 0)
		return CK_GO;
	name_missing(in, missing);
	if (answered && v->trouble.code == CK_E_NONE)
		ck_fail(&v->trouble, CK_E_SHEET_MISSING, "%s", missing);
	return ask(v, in);
}

enum ck_turn
ck_take_papers(struct ck_visit *v, struct ck_err *err)
{
	const char *said = ck_answer_text(&v->talk, CK_ASK_PAPERS, "do");
	struct ck_intake *in = calloc(1, sizeof *in);
	enum ck_turn turn = CK_STOP;

	if (in == NULL)
		ck_fail(err, CK_E_NO_MEMORY, "papers");
	else if (said == NULL || take_in(v, said, err) == 0)
		turn = settle(v, in, said != NULL, err);
	free(in);
	return turn;
}

enum ck_turn
ck_at_papers(struct ck_visit *v, struct ck_err *err)
{
	enum ck_turn turn = CK_GO;

	if (ck_steps_later(v, CK_ASK_PAPERS, "do"))
		return ck_steps_park(v);
	if (!ck_answered(&v->talk, CK_ASK_PAPERS))
		turn = ck_steps_rejection(v, err);
	if (turn == CK_GO)
		turn = ck_take_papers(v, err);
	/* others look at what is there */
	if (turn == CK_GO && v->lease.steps.step[CK_STEP_PAPERS].state != CK_STEP_PASSED)
		return ck_steps_park(v);
	return turn;
}
