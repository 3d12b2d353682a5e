/* Rows of a list on the screen: kept as they come, shown until the person has seen enough. */
#include <stdint.h>
#include <string.h>

#include "errand.h"
#include "words/say.h"

static void
keep_row(void *u, const json_t *row)
{
	json_array_append(u, (json_t *)(uintptr_t)row);
}

/* The latest stand above, and only so many of them. */
static void
keep_latest(void *u, const json_t *row)
{
	json_array_insert(u, 0, (json_t *)(uintptr_t)row);
	if (json_array_size(u) > CK_LATEST_MAX)
		json_array_remove(u, CK_LATEST_MAX);
}

/* ---- what a doctor finds ---- */

static bool
same_text(const json_t *a, const json_t *b, const char *name)
{
	return strcmp(text_of(a, name), text_of(b, name)) == 0;
}

/* It is told once more when another thing may be done about it: one finding is one row. */
static void
keep_finding(void *u, const json_t *row)
{
	const json_t *at;
	size_t i;

	json_array_foreach((json_t *)u, i, at)
	{
		if (json_object_get(at, "did") == NULL && same_text(at, row, "kind") &&
		    same_text(at, row, "id") && same_text(at, row, "sha256")) {
			json_array_set(u, i, (json_t *)(uintptr_t)row);
			return;
		}
	}
	keep_row(u, row);
}

/* With the PIN everything is seen. */
static void
drop_unseen(json_t *rows)
{
	for (size_t i = json_array_size(rows); i > 0; i--)
		if (strcmp(text_of(json_array_get(rows, i - 1), "kind"), "needs-pin") == 0)
			json_array_remove(rows, i - 1);
}

/* What was put right stands above what was found. */
static void
keep_deed(void *u, const json_t *line)
{
	const char *say = text_of(line, "say");
	size_t n = 0;

	if (strcmp(say, "unlocked") == 0)
		drop_unseen(u);
	if (strncmp(say, "doctor-", strlen("doctor-")) != 0)
		return;
	while (json_object_get(json_array_get(u, n), "did") != NULL)
		n++;
	json_array_insert(u, n, (json_t *)(uintptr_t)line);
}

/* ---- a list, whatever it is of ---- */

/* how the lines that come are kept */
static void
keep_as(struct ck_live *l, enum ck_list_kind kind, json_t *rows)
{
	l->u = rows;
	l->row = keep_row;
	if (kind == CK_LIST_FORMS_ALL)
		l->row = keep_latest;
	if (kind != CK_LIST_DOCTOR)
		return;
	l->row = keep_finding;
	l->did = keep_deed;
}

enum ck_stage_went
ck_errand_list(
    struct ck_stage *s, json_t *request, enum ck_list_kind kind, enum ck_row_act *act, json_t **row)
{
	json_t *rows = json_array();
	struct ck_rows *list = ck_rows_new(kind, rows);
	struct ck_view view = { .self = NULL };
	struct ck_live l = { .stage = s,
		.reads = kind != CK_LIST_DOCTOR, /* that puts right what it finds */
		.busy = &view };
	const json_t *chosen = NULL;
	enum ck_stage_went went = CK_STAGE_BACK;

	if (list == NULL)
		goto out;
	ck_rows_sought(list, json_string_value(json_object_get(request, "search")));
	ck_rows_view(list, &view);
	keep_as(&l, kind, rows);
	ck_live_run(&l, request);
	went = l.left;
	/* what the page says below must not contradict what was just found out */
	if (kind == CK_LIST_DIAGNOSIS || l.ended.err.code != CK_E_NONE)
		ck_status_ask_again(ck_stage_status(s));
	if (went == CK_STAGE_READY) {
		ck_rows_end(list, l.end);
		went = ck_errand_show(s, &view);
	}
	if (act != NULL)
		*act = ck_rows_chosen(list, &chosen);
	if (row != NULL)
		*row = chosen != NULL ? json_incref((json_t *)(uintptr_t)chosen) : NULL;
out:
	ck_rows_free(list);
	ck_live_clear(&l);
	json_decref(rows);
	json_decref(request);
	return went;
}
