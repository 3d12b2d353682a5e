/*
 * The list that a unit is handed with its keys: what became of each. It is drawn once, kept sealed
 * as the form of the batch's record, and is that batch's end; from then on it is printed, and
 * printed again, as every other form is (print.c). The site signs it; no customer's key does.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/formfile.h"
#include "base/log.h"
#include "walk/batch.h"
#include "walk/paper.h"

#define FORM "renewal-list"
#define STATION "batch"

static const char *
text(const json_t *row, const char *name)
{
	return json_string_value(json_object_get(row, name));
}

/* ---- what stands on it (certkiosk-forms(5)) ---- */

static void
put_row(json_t *fields, const json_t *row, int n)
{
	static const char *const columns[] = { "name", "key_serial", "old_serial", "old_not_after",
		"new_serial", "new_not_after", "result", "why", "slip", "record" };
	const char *why = text(row, "why");
	const struct ck_err_fact *fact = why != NULL ? ck_err_named(why) : NULL;
	char name[32];

	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		snprintf(name, sizeof name, "%s_%d", columns[i], n);
		ck_put_text(fields, name, text(row, columns[i]));
	}
	snprintf(name, sizeof name, "no_%d", n);
	json_object_set_new(fields, name, json_sprintf("%d", n));
	snprintf(name, sizeof name, "code_%d", n);
	if (fact != NULL)
		json_object_set_new(fields, name, json_sprintf("CK-%d", (int)fact->code));
}

/* Whose keys they are, where all that have a name of a unit have the same. */
static const char *
unit_of(const json_t *rows)
{
	const char *unit = NULL;
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		const char *at = text(row, "unit");

		if (at != NULL && unit != NULL && strcmp(at, unit) != 0)
			return NULL;
		unit = at != NULL ? at : unit;
	}
	return unit;
}

static json_t *
fields_of(const struct ck_visit *v, const struct ck_record *batch, const json_t *rows, int64_t made)
{
	const struct ck_record_head *h = ck_record_head(batch);
	json_t *fields = json_object();
	const json_t *row;
	size_t i;

	ck_put_text(fields, "unit", unit_of(rows));
	ck_put_text(fields, "system", v->policy.title);
	ck_put_text(fields, "hotline", v->policy.hotline);
	ck_put_text(fields, "way", ck_batch_way(batch));
	ck_put_text(fields, "clerk", v->clerk->id);
	ck_put_text(fields, "clerk_name", v->clerk->name);
	ck_put_text(fields, "site", v->site->name);
	ck_put_text(fields, "kiosk", v->site->kiosk);
	ck_put_text(fields, "record", h->number);
	ck_put_time(fields, "opened", h->opened);
	ck_put_time(fields, "date", made);
	json_object_set_new(fields, "total", json_sprintf("%d", ck_batch_count(rows, NULL)));
	json_object_set_new(fields, "done", json_sprintf("%d", ck_batch_count(rows, CK_ROW_DONE)));
	json_array_foreach(rows, i, row) put_row(fields, row, (int)i + 1);
	return fields;
}

/* ---- kept, and over ---- */

static int
make(struct ck_visit *v, struct ck_record *batch, struct ck_err *err)
{
	char slip[CK_SLIP_MAX], *template = NULL;
	struct ck_draw d = { .form = FORM, .number = slip, .made = ck_now() };
	struct ck_drawn drawn = { .pdf = NULL };
	json_t *rows = ck_batch_rows(v->site, v->store, batch, err), *fields = NULL;
	int rc = -1;

	if (rows == NULL)
		return -1;
	if (json_array_size(rows) == 0) {
		ck_fail(err, CK_E_BATCH_EMPTY, "%s", ck_record_head(batch)->number);
		goto out;
	}
	if (!ck_slip_make(v->site->kiosk, ck_record_head(batch)->number, slip)) {
		ck_fail(err, CK_E_INTERNAL, "slip of %s", ck_record_head(batch)->number);
		goto out;
	}
	fields = fields_of(v, batch, rows, d.made);
	if (ck_form_file(v->site->paper.forms_dir, d.form, &template, err) == -1 ||
	    ck_form_drop_letters(v, FORM, fields, err) == -1)
		goto out;
	d.text = template;
	d.fields = fields;
	if (ck_draw_form(v, &d, &drawn, err) == 0)
		rc = ck_kept_write(batch, &d, &drawn, v->policy.keep_forms_days,
		    &(struct ck_line){ .station = STATION,
			.mark = CK_DONE,
			.text = "list of a unit's keys made and kept" },
		    err);
out:
	ck_drawn_free(&drawn);
	free(template);
	json_decref(fields);
	json_decref(rows);
	return rc;
}

static int
end_batch(struct ck_visit *v, struct ck_record *batch, struct ck_err *err)
{
	struct ck_line last = {
		.station = STATION, .mark = CK_DONE, .text = "the batch is over", .ledger = true
	};

	ck_record_keep_private(batch, v->policy.keep_private_days);
	return ck_record_close(batch, CK_RECORD_DONE, &last, err);
}

int
ck_handover(struct ck_visit *v, const char *number, struct ck_err *err)
{
	struct ck_record *batch = NULL;
	int rc = -1;

	if (v->clerk == NULL)
		return ck_fail(err, CK_E_CLERK_NEEDED, "%s", number);
	if (ck_batch_find(v, number, &batch, err) == 0 &&
	    ck_visit_take_system(v, ck_record_head(batch)->system, err) == 0 &&
	    (ck_batch_listed(batch) || make(v, batch, err) == 0))
		rc = end_batch(v, batch, err);
	ck_record_free(batch);
	return rc;
}
