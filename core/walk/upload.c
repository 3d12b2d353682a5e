/*
 * Sheets on their way to the desk, in parts. What the desk has of one is asked before anything is
 * sent, so that a part it has is never sent again, whoever died or whatever answer was lost; one
 * that is whole there is marked, and not looked at again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "walk/sheets.h"

/* A desk that takes nothing of it twice in a row would be fed for ever. */
static int
feed(struct ck_visit *v, const struct ck_paper_sheet *s, const unsigned char *bytes,
    struct ck_err *err)
{
	size_t have = 0, before, n;

	if (ck_desk_paper(v->desk, v->lease.id, s, 0, NULL, 0, &have, err) == -1)
		return -1;
	while (have < s->size) {
		before = have;
		n = s->size - have < CK_PAPER_PART_MAX ? s->size - have : CK_PAPER_PART_MAX;
		ck_busy_net(v);
		if (ck_desk_paper(v->desk, v->lease.id, s, before, bytes + before, n, &have, err) ==
		    -1)
			return -1;
		if (have <= before)
			return ck_fail(
			    err, CK_E_PAPER_REFUSED, "%s %d: not taken", s->kind, s->page);
	}
	return 0;
}

static int
send_sheet(struct ck_visit *v, const struct ck_sheet_kept *k, int pages, struct ck_err *err)
{
	struct ck_paper_sheet s = {
		.kind = k->kind, .type = k->type, .page = k->page, .pages = pages, .size = k->size
	};
	unsigned char *bytes = NULL;
	char text[96];
	size_t n = 0;
	int rc = ck_record_sheet(v->record, k, &bytes, &n, err);

	if (rc != 1 || n != k->size)
		return ck_fail(err, CK_E_STORE_DAMAGED, "sheet %s %d", k->kind, k->page);
	memcpy(s.sha256, k->sha256, sizeof s.sha256);
	snprintf(text, sizeof text, "at the desk: %s, page %d of %d", k->kind, k->page, pages);
	ck_busy_net(v);
	rc = feed(v, &s, bytes, err);
	if (rc == 0)
		rc = ck_record_sheet_up(v->record, k,
		    &(struct ck_line){ .station = ck_station_name(v->at),
			.mark = CK_DONE,
			.text = text,
			.ledger = true },
		    err);
	free(bytes);
	return rc;
}

/* It would be turned down as often as it is sent. */
static int
drop(struct ck_visit *v, const char *kind)
{
	struct ck_err no = { 0 };

	return ck_record_drop_sheets(v->record, kind,
	    &(struct ck_line){ .station = ck_station_name(v->at),
		.mark = CK_NOTE,
		.text = "the desk did not take it" },
	    &no);
}

static int
send_paper(struct ck_visit *v, const struct ck_intake *in, const struct ck_wanted *w, bool *sent,
    struct ck_err *err)
{
	*sent = false;
	for (size_t i = 0; i < in->n_sheets; i++) {
		const struct ck_sheet_kept *k = &in->sheets[i];

		if (strcmp(k->kind, w->now->kind) != 0 || k->uploaded)
			continue;
		if (send_sheet(v, k, w->have, err) == -1) {
			if (err->code == CK_E_PAPER_REFUSED || err->code == CK_E_PAPER_UNKNOWN)
				(void)drop(v, k->kind);
			return -1;
		}
		*sent = true;
	}
	return 0;
}

int
ck_sheets_upload(struct ck_visit *v, const struct ck_intake *in, struct ck_err *err)
{
	bool sent = false;

	for (size_t i = 0; i < in->n; i++) {
		const struct ck_wanted *w = &in->want[i];

		if (!w->whole)
			continue;
		if (send_paper(v, in, w, &sent, err) == -1)
			return -1;
		if (sent)
			ck_visit_did(v, "paper-in", "{s:s, s:s, s:s, s:i}", "kind", w->now->kind,
			    "zh", w->rule->called.zh, "en", w->rule->called.en, "pages", w->have);
	}
	return 0;
}
