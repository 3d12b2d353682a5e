/*
 * The record's right to renew, as the desk tells of it now: still ours, another counter's, or over.
 * One question and one end serve whoever has to know: a person who comes back, records tend, the
 * way back, and stations that look before they act.
 */
#include <stdio.h>
#include <string.h>

#include "walk/visit.h"

int
ck_lease_now(struct ck_visit *v, struct ck_lease *now, struct ck_err *err)
{
	const char *lease = ck_record_text(v->record, 0, "lease");

	ck_busy_net(v);
	if (ck_visit_connect(v, err) == -1)
		return -1;
	if (lease != NULL)
		return ck_desk_query(v->desk, CK_QUERY_LEASE, lease, now, err);
	return ck_desk_query_visit(
	    v->desk, v->site->kiosk, ck_record_head(v->record)->number, now, err);
}

bool
ck_lease_is_ours(const struct ck_visit *v, const struct ck_lease *l)
{
	return strcmp(l->kiosk, v->site->kiosk) == 0 &&
	       strcmp(l->record, ck_record_head(v->record)->number) == 0;
}

int
ck_end_elsewhere(struct ck_visit *v, const struct ck_lease *now, struct ck_err *err)
{
	char text[160];

	snprintf(text, sizeof text, "finished at another counter: %s %s", now->kiosk, now->record);
	return ck_end_record(v, CK_AT_CLOSE, CK_RECORD_DONE, text, err);
}
