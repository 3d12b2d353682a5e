#include "listed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kit/text.h"
#include "words/desk_rows.h"
#include "words/rows.h"
#include "words/service_rows.h"

/* ---- in columns ---- */

/* heads are words column.NAME, cells column.NAME-cell: what is in them has a known length */
static const char *const record_columns[] = { "record", "touched", "state", "way", "station",
	NULL };
/* where there is room, whose they are as well */
static const char *const wide_columns[] = { "record", "touched", "state", "way", "station", "name",
	NULL };
#define WIDE 96
#define NAME_COLS 26
static const char *const report_columns[] = { "record", "opened", "closed", "way", "outcome",
	NULL };
static const char *const form_columns[] = { "record", "made_at", "form", "pages", "copies", NULL };
static const char *const batch_columns[] = { "record", "opened", "state", "way", "keys", "done",
	NULL };
static const char *const key_columns[] = { "no", "name", "key_serial", "result", "why", NULL };
static const char *const way_columns[] = { "title", "way", NULL };
static const char *const service_columns[] = { "title", "service", NULL };
static const char *const printer_columns[] = { "printer", "printer_state", "info", NULL };

static const char *const *
columns_of(enum ck_list_kind kind, int w)
{
	switch (kind) {
	case CK_LIST_RECORDS:
		return w >= WIDE ? wide_columns : record_columns;
	case CK_LIST_REPORT:
		return report_columns;
	case CK_LIST_FORMS:
	case CK_LIST_FORMS_ALL:
		return form_columns;
	case CK_LIST_PRINTERS:
		return printer_columns;
	case CK_LIST_BATCHES:
		return batch_columns;
	case CK_LIST_BATCH:
	case CK_LIST_BATCH_OVER:
		return key_columns;
	case CK_LIST_WAYS:
		return way_columns;
	case CK_LIST_SERVICES:
		return service_columns;
	default:
		return NULL;
	}
}

bool
ck_listed_in_table(enum ck_list_kind kind)
{
	return columns_of(kind, 0) != NULL;
}

static const char *
printer_state(const json_t *row)
{
	if (json_is_false(json_object_get(row, "accepting")))
		return "rejecting";
	return strcmp(text_of(row, "state"), "stopped") == 0  ? "stopped"
	       : strcmp(text_of(row, "state"), "queued") == 0 ? "queued"
							      : "ready";
}

static void
add_text(
    const struct ck_ctx *ctx, json_t *facts, const char *fact, const char *group, const char *name)
{
	const char *known = ck_word(ctx->lang, group, name);

	json_object_set_new(facts, fact, json_string(known != NULL ? known : name));
}

/* of a form, or of a printer, what is said in words; why a printer stands still as an error is */
static void
add_paper(const struct ck_ctx *ctx, enum ck_list_kind kind, const json_t *row, json_t *facts)
{
	const char *title = ck_phrase_title(ctx->lang, text_of(row, "why"));

	if (kind == CK_LIST_FORMS || kind == CK_LIST_FORMS_ALL) {
		add_text(ctx, facts, "form_text", "form-state", text_of(row, "state"));
		add_text(ctx, facts, "form_name", "form-name", text_of(row, "form"));
		return;
	}
	add_text(ctx, facts, "printer_state_text", "printer-state", printer_state(row));
	if (title != NULL)
		json_object_set_new(facts, "printer_state_text", json_string(title));
}

/* a row with its code words in the reader's language; an outcome is a state */
static json_t *
with_texts(const struct ck_ctx *ctx, enum ck_list_kind kind, const json_t *row)
{
	json_t *more = kind == CK_LIST_BATCHES		    ? ck_batch_texts(ctx->lang, row)
		       : columns_of(kind, 0) == key_columns ? ck_batch_key_texts(ctx->lang, row)
							    : ck_phrase_facts(ctx->lang, row, NULL);
	const char *outcome = text_of(row, "outcome"),
		   *known = ck_word(ctx->lang, "state", outcome);

	json_object_set_new(more, "outcome_text", json_string(known != NULL ? known : outcome));
	if (columns_of(kind, 0) == form_columns || columns_of(kind, 0) == printer_columns)
		add_paper(ctx, kind, row, more);
	if (kind == CK_LIST_SERVICES)
		json_object_set_new(more, "service_text",
		    json_string(ck_called(ctx->lang, json_object_get(row, "called"))));
	/* where a closed one was last is of no use to anybody */
	if (json_is_string(json_object_get(row, "closed")))
		json_object_del(more, "station_text");
	return more;
}

/* "2026-": a record's number says which year */
#define YEAR_BYTES 5

/* what others choose the length of; all of it stands below, once it is in focus */
static const struct {
	const char *column;
	int most;
} longest[] = {
	{ "name", NAME_COLS },
	{ "printer", 28 },
	{ "printer_state", 20 },
	{ "info", 20 },
	{ "form", 20 },
	{ "title", 40 },
	{ "why", 24 },
	{ "key_serial", 18 },
};

static const char *
shortened(struct ck_texts *t, const char *column, const char *text)
{
	char part[CK_SENTENCE_MAX];
	size_t n;

	for (size_t i = 0; i < sizeof longest / sizeof *longest; i++) {
		if (strcmp(column, longest[i].column) != 0 ||
		    ck_shown_columns(text) <= longest[i].most)
			continue;
		n = ck_line_end(text, strlen(text), longest[i].most - 3, ck_glyph_columns);
		snprintf(part, sizeof part, "%.*s...", (int)n, text);
		return ck_texts_keep(t, part);
	}
	return text;
}

static const char *
cell(const struct ck_ctx *ctx, struct ck_texts *t, const char *column, const json_t *facts)
{
	const char *text = ck_texts_say(t, ctx, "cell", column, facts);
	bool time = strcmp(column, "touched") == 0 || strcmp(column, "opened") == 0 ||
		    strcmp(column, "closed") == 0 || strcmp(column, "made_at") == 0;

	if (time && strlen(text) > YEAR_BYTES)
		return text + YEAR_BYTES;
	return shortened(t, column, text);
}

int
ck_listed_table(const struct ck_ctx *ctx, struct ck_texts *t, enum ck_list_kind kind, int w,
    const json_t *rows, const char **heads, const char ***cells)
{
	const char *const *columns = columns_of(kind, w);
	size_t n = 0, i;
	const json_t *row;

	while (columns[n] != NULL && n < CK_TABLE_COLUMNS_MAX) {
		heads[n] = ck_say(ctx, "column", columns[n]);
		n++;
	}
	*cells = calloc(json_array_size(rows) * n + 1, sizeof **cells);
	if (*cells == NULL)
		return 0;
	json_array_foreach(rows, i, row)
	{
		json_t *facts = with_texts(ctx, kind, row);

		for (size_t j = 0; j < n; j++)
			(*cells)[i * n + j] = cell(ctx, t, columns[j], facts);
		json_decref(facts);
	}
	return (int)n;
}

/* ---- as text ---- */

static void
take_line(void *u, const char *text, int hang)
{
	ck_prose_add(u, CK_S_PLAIN, text, hang);
}

static void
detail(const struct ck_ctx *ctx, const char *word, const json_t *facts, struct ck_prose *p)
{
	char text[CK_SENTENCE_MAX];

	ck_fill(text, sizeof text, ck_say(ctx, "detail", word), facts);
	if (*text != '\0')
		ck_prose_add(p, CK_S_PLAIN, text, 2);
}

static void
detail_record(const struct ck_ctx *ctx, const json_t *row, json_t *facts, struct ck_prose *p)
{
	detail(ctx, "whose", facts, p);
	detail(ctx, "system", facts, p);
	detail(ctx, "slip", facts, p);
	if (strcmp(text_of(row, "state"), "parked") == 0) {
		json_object_set_new(
		    facts, "waits_text", json_string(ck_say(ctx, "waits", text_of(row, "reason"))));
		detail(ctx, "waits", facts, p);
	}
	if (*text_of(row, "form") != '\0') {
		add_text(ctx, facts, "form_text", "form", text_of(row, "form"));
		detail(ctx, "form-of", facts, p);
	}
	detail(ctx, "deadline", facts, p);
}

/* what it is, when it was printed, and what F5 would do now */
static void
detail_form(const struct ck_ctx *ctx, const json_t *row, json_t *facts, struct ck_prose *p)
{
	char state[48];

	snprintf(state, sizeof state, "form-%.32s", text_of(row, "state"));
	detail(ctx, "form", facts, p);
	detail(ctx, "printed", facts, p);
	detail(ctx, "wipe", facts, p);
	detail(ctx, state, facts, p);
}

static void
detail_batch(const struct ck_ctx *ctx, const json_t *row, json_t *facts, struct ck_prose *p)
{
	detail(ctx, "batch", facts, p);
	detail(ctx, "batch-list", facts, p);
	detail(ctx, strcmp(text_of(row, "state"), "open") == 0 ? "batch-open" : "batch-over", facts,
	    p);
}

static void
detail_printer(const struct ck_ctx *ctx, const json_t *row, json_t *facts, struct ck_prose *p)
{
	detail(ctx, "printer", facts, p);
	if (json_is_true(json_object_get(row, "default")))
		detail(ctx, "printer-default", facts, p);
}

void
ck_listed_detail(
    const struct ck_ctx *ctx, enum ck_list_kind kind, const json_t *row, struct ck_prose *p)
{
	json_t *facts = with_texts(ctx, kind, row);

	if (kind == CK_LIST_RECORDS)
		detail_record(ctx, row, facts, p);
	else if (kind == CK_LIST_BATCHES)
		detail_batch(ctx, row, facts, p);
	else if (kind == CK_LIST_PRINTERS)
		detail_printer(ctx, row, facts, p);
	else if (kind != CK_LIST_WAYS && kind != CK_LIST_SERVICES)
		detail_form(ctx, row, facts, p);
	json_decref(facts);
}

/* what was done about what the rows say */
static void
put_deed(const struct ck_show *show, const json_t *line)
{
	char text[CK_SENTENCE_MAX], marked[CK_SENTENCE_MAX + MARK_COLUMNS];

	ck_phrase_did(show->lang, line, text, sizeof text);
	snprintf(marked, sizeof marked, "%c %s", ck_phrase_mark(line), text);
	show->line(show->u, marked, MARK_COLUMNS);
}

/* A line of a form: its heading, a label and what is beside it, or a numbered clause. */
static void
form_line(const char *text, bool heads, struct ck_prose *p)
{
	const char *colon = strstr(text, "\xEF\xBC\x9A"); /* U+FF1A, as forms have it */
	size_t number = strspn(text, "0123456789");
	char label[CK_SENTENCE_MAX] = "";

	if (number > 0 && text[number] == '.' && text[number + 1] == ' ')
		snprintf(label, sizeof label, "%.*s", (int)number + 2, text);
	else if (colon != NULL)
		snprintf(label, sizeof label, "%.*s\xEF\xBC\x9A", (int)(colon - text), text);
	ck_prose_add(p, heads ? CK_S_HEAD : CK_S_PLAIN, text, ck_shown_columns(label));
}

/* A heading stands by itself below a blank line, and the form's own name at its top. */
static void
form_prose(const json_t *rows, struct ck_prose *p)
{
	bool above = true, after = false;
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		const char *text = text_of(row, "line");

		form_line(text, above || after, p);
		after = *text == '\0';
		above = above && !after;
	}
}

void
ck_listed_prose(
    const struct ck_ctx *ctx, enum ck_list_kind kind, const json_t *rows, struct ck_prose *p)
{
	static const enum ck_row_of of[CK_LIST_KINDS] = {
		[CK_LIST_LINES] = CK_ROW_OF_RECORD,
		[CK_LIST_STATUS] = CK_ROW_OF_STATUS,
		[CK_LIST_DOCTOR] = CK_ROW_OF_DOCTOR,
		[CK_LIST_LEDGER] = CK_ROW_OF_LEDGER,
		[CK_LIST_DIAGNOSIS] = CK_ROW_OF_DIAGNOSE,
	};
	const struct ck_show show = { .lang = ctx->lang, .line = take_line, .u = p };
	const json_t *row;
	size_t i;

	if (kind == CK_LIST_FORM) {
		form_prose(rows, p);
		return;
	}
	json_array_foreach(rows, i, row)
	{
		if (i > 0 && (kind == CK_LIST_STATUS || kind == CK_LIST_DOCTOR))
			ck_prose_add(p, CK_S_PLAIN, "", 0);
		if (json_object_get(row, "did") != NULL)
			put_deed(&show, row);
		else
			ck_show_row(&show, of[kind], row);
	}
}
