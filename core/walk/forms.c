/*
 * certkiosk form, forms, printers and print: the kept document as it was signed, what waits for
 * paper, where it can be printed, and having it printed. None of them needs the customer's key.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "walk/batch.h"
#include "walk/own.h"
#include "walk/paper.h"
#include "walk/show.h"

/* of the document in one line: well below what a link takes, as base64 */
#define CHUNK (384 * 1024)
#define STEP_S 60

static const char *
text(const json_t *order, const char *name)
{
	return json_string_value(json_object_get(order, name));
}

/* The record has none: was that its own affair, or could none be made of it? */
static int
fail_formless(const struct ck_record *r, struct ck_err *err)
{
	const char *number = ck_record_head(r)->number, *why = ck_record_text(r, 0, "form");

	if (why == NULL || strcmp(why, "kept") == 0)
		return ck_fail(err, CK_E_FORM_NONE, "%s", number);
	return ck_fail(
	    err, CK_E_FORM_UNMADE, "%s: CK-%d, %s", number, (int)ck_print_code(why), why);
}

int
ck_form_find(struct ck_store *st, const char *number, struct ck_form *f, struct ck_err *err)
{
	struct ck_record *record = NULL;
	int found;

	if (number == NULL)
		return ck_fail(err, CK_E_USAGE, "record");
	if ((found = ck_form_of(st, number, f, err)) != 0)
		return found == 1 ? 0 : -1;
	found = ck_record_find(st, "number", number, &record, err);
	if (found == 0)
		(void)ck_no_record(st, number, err);
	else if (found == 1)
		(void)fail_formless(record, err);
	ck_record_free(record);
	return -1;
}

/* ---- the document ---- */

static int
unwritable(const char *path, struct ck_err *err)
{
	return ck_fail_native(
	    err, CK_E_FILE_UNWRITABLE, (unsigned long)errno, "%s: %s", path, strerror(errno));
}

/* A name that is taken is left to whoever has it; what could not be written whole does not stay. */
static int
write_file(const char *path, const unsigned char *p, size_t n, struct ck_err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	ssize_t did = 0;

	if (fd == -1)
		return unwritable(path, err);
	for (; n > 0 && did != -1; p += did, n -= (size_t)did)
		if ((did = write(fd, p, n)) == -1 && errno == EINTR)
			did = 0;
	if (did == -1 || fsync(fd) == -1) {
		unwritable(path, err);
		close(fd);
		unlink(path);
		return -1;
	}
	return close(fd) == 0 ? 0 : unwritable(path, err);
}

static int
send_document(struct ck_talk *talk, const unsigned char *p, size_t n, struct ck_err *err)
{
	for (size_t at = 0; at < n; at += CHUNK) {
		char *chunk = ck_base64(p + at, n - at < CHUNK ? n - at : CHUNK);

		if (chunk == NULL)
			return ck_fail(err, CK_E_NO_MEMORY, "form");
		ck_talk_row(talk, json_pack("{s:s}", "pdf", chunk));
		free(chunk);
	}
	return 0;
}

static int
give(struct ck_talk *talk, struct ck_store *st, const json_t *order, struct ck_err *err)
{
	const char *number = text(order, "record"), *out = text(order, "out");
	unsigned char *pdf = NULL;
	struct ck_form f;
	size_t n = 0;
	int rc = -1, found;

	if (ck_form_find(st, number, &f, err) == -1)
		return -1;
	found = ck_form_get(st, number, CK_FORM_PDF, &pdf, &n, err);
	if (found == 0)
		ck_fail(err, CK_E_FORM_WIPED, "%s", number);
	if (found != 1)
		return -1;
	/* the front makes it whole; one it could not find must not turn up from where we stand */
	if (out != NULL && *out != '/') {
		errno = ENOENT;
		unwritable(out, err);
	} else if (out == NULL) {
		rc = send_document(talk, pdf, n, err);
	} else if ((rc = write_file(out, pdf, n, err)) == 0) {
		ck_talk_row(talk,
		    json_pack("{s:s, s:s, s:i}", "record", number, "file", out, "pages", f.pages));
	}
	free(pdf);
	return rc;
}

enum ck_outcome
ck_show_form(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	struct ck_talk talk = { .link = link };
	struct ck_store *store = NULL;
	struct ck_err err = { 0 };

	if (ck_store_open(&site->store, &store, &err) == 0)
		(void)give(&talk, store, order, &err);
	return ck_end_of_list(&talk, store, NULL, &err);
}

/* ---- what there is ---- */

static json_t *
row_of(const struct ck_form *f)
{
	return json_pack("{s:s, s:s, s:o, s:i, s:i, s:i, s:o, s:o, s:s}", "record", f->record,
	    "form", f->name, "made_at", ck_time_json(f->made), "pages", f->pages, "copies",
	    f->copies, "reprint", ck_form_reprint(f), "printed_at", ck_time_json(f->printed),
	    "wipe_after", ck_time_json(f->wipe), "state", ck_form_state(f));
}

static int
show(void *u, const struct ck_form *f)
{
	ck_talk_row(u, row_of(f));
	return 0;
}

enum ck_outcome
ck_show_forms(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	struct ck_talk talk = { .link = link };
	bool all = json_is_true(json_object_get(order, "all"));
	struct ck_store *store = NULL;
	struct ck_err err = { 0 };

	if (ck_store_open(&site->store, &store, &err) == 0)
		(void)ck_store_each_form(store, !all, show, &talk, &err);
	return ck_end_of_list(&talk, store, NULL, &err);
}

/* ---- printers ---- */

static void
tell_printer(void *u, const json_t *row)
{
	ck_talk_row(u, json_deep_copy(row));
}

enum ck_outcome
ck_show_printers(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	struct ck_talk talk = { .link = link };
	struct ck_err err = { 0 };

	(void)order;
	(void)ck_printers(site, &talk, tell_printer, &talk, &err);
	return ck_end_of_list(&talk, NULL, NULL, &err);
}

/* ---- printing ---- */

static enum ck_outcome
outcome_of(const struct ck_form *before, const struct ck_form *now)
{
	return now->copies > before->copies ? CK_END_DONE : CK_END_PARKED;
}

/* Of a record that is not over; facts: how it is found again, whatever became of the paper. */
static enum ck_outcome
print_slip(struct ck_visit *v, const char *printer, json_t **facts, struct ck_err *err)
{
	const char *waits = ck_record_head(v->record)->reason;
	char slip[CK_SLIP_MAX];

	*facts = json_pack("{s:s*, s:s*, s:s*}", "slip", ck_visit_slip(v, slip), "waits",
	    *waits != '\0' ? waits : NULL, "hotline",
	    v->policy.hotline[0] != '\0' ? v->policy.hotline : NULL);
	ck_talk_step(&v->talk, "slip", 1, 1, STEP_S);
	return ck_slip_print(v, printer, err) == 0 ? CK_END_DONE : CK_END_FAILED;
}

/* An open batch is printed by being brought to its end. */
static int
end_batch(struct ck_visit *v, const char *number, struct ck_err *err)
{
	struct ck_record *r = NULL;
	int found = number != NULL ? ck_record_find(v->store, "number", number, &r, err) : 0;
	bool open = found == 1 && ck_is_batch(ck_record_head(r)) && ck_record_head(r)->closed == 0;

	ck_record_free(r);
	if (open)
		ck_talk_step(&v->talk, "paper", 1, 1, STEP_S);
	return found == -1 ? -1 : open ? ck_handover(v, number, err) : 0;
}

enum ck_outcome
ck_print_form(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	struct ck_paper_wish wish = {
		.record = text(order, "record"), .printer = text(order, "printer"), .again = true
	};
	enum ck_outcome outcome = CK_END_REFUSED;
	struct ck_talk talk = { .link = link };
	struct ck_err err = { 0 };
	struct ck_visit *v = ck_own_begin(site, link, order, &err);
	struct ck_form before, now;
	json_t *facts = NULL;
	int open = v != NULL ? end_batch(v, wish.record, &err) : -1;

	if (open == 0)
		open = ck_slip_open(
		    v, wish.record, json_is_true(json_object_get(order, "slip")), &err);

	if (open == 1)
		outcome = print_slip(v, wish.printer, &facts, &err);
	if (open != 0 || ck_form_find(v->store, wish.record, &before, &err) == -1 ||
	    ck_form_may_print(v, &before, &err) == -1)
		goto out;
	ck_talk_step(&v->talk, "paper", 1, 1, STEP_S);
	outcome = CK_END_FAILED;
	if (ck_paper_print(v, &wish, &err) == 0 &&
	    ck_form_find(v->store, wish.record, &now, &err) == 0) {
		outcome = outcome_of(&before, &now);
		facts = json_pack("{s:o}", "form", row_of(&now));
	}
out:
	if (err.code == CK_E_USAGE)
		outcome = CK_END_USAGE;
	if (err.code == CK_E_CLERK_NEEDED)
		outcome = CK_END_REFUSED;
	ck_visit_close(v);
	ck_talk_end(&talk, outcome, wish.record, facts, &err);
	return outcome;
}
