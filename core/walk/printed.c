/*
 * Which print of our form is it whose pages come in? This record's own, mostly. Who began at
 * another counter may bring that one's, signed and sealed days ago: the desk knows whose right a
 * visit was. Pages of two prints never make one form.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/slip.h"
#include "walk/paper.h"
#include "walk/sheets.h"

/* "2 CK-20261120-000027-KIOSK-1-X": of another one than the record's own */
#define FACT "form-print"

int
ck_printed_read(struct ck_visit *v, struct ck_printed *p, struct ck_err *err)
{
	const char *kept = ck_record_text(v->record, 0, FACT);
	struct ck_form f;
	int found;

	*p = (struct ck_printed){ .pages = 0 };
	if (kept != NULL && sscanf(kept, "%d %255s", &p->pages, p->number) != 2)
		return ck_fail(err, CK_E_STORE_DAMAGED, "%s", FACT);
	if (kept != NULL)
		return 0;
	found = ck_form_of(v->store, ck_record_head(v->record)->number, &f, err);
	if (found == 1)
		p->pages = f.pages;
	(void)ck_visit_slip(v, p->number);
	return found == -1 ? -1 : 0;
}

int
ck_printed_for_this(struct ck_visit *v, const char *number, struct ck_err *err)
{
	struct ck_lease *theirs = NULL;
	struct ck_slip slip;
	int found = -1;

	if (ck_slip_read(number, &slip) != 1 || slip.kiosk[0] == '\0')
		return 0;
	ck_busy_net(v);
	if ((theirs = calloc(1, sizeof *theirs)) == NULL)
		ck_fail(err, CK_E_NO_MEMORY, "lease");
	else if (ck_visit_connect(v, err) == 0)
		found = ck_desk_query_visit(v->desk, slip.kiosk, slip.record, theirs, err);
	if (found == 1)
		found = strcmp(theirs->id, v->lease.id) == 0;
	free(theirs);
	return found;
}

int
ck_printed_turn_to(struct ck_visit *v, const struct ck_printed *p, struct ck_err *err)
{
	char text[CK_SLIP_MAX + 16];
	struct ck_fact other;

	snprintf(text, sizeof text, "%d %s", p->pages, p->number);
	other = ck_text_fact(FACT, text, 0);
	return ck_record_drop_sheets(v->record, CK_PAPER_FORM,
	    &(struct ck_line){ .station = ck_station_name(v->at),
		.mark = CK_NOTE,
		.text = "pages of another print come in",
		.facts = &other,
		.n_facts = 1 },
	    err);
}
