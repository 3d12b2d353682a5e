/*
 * Abandon: the way back, from any station. Before the CA has confirmed, everything is given back:
 * the certificate turned down, the half-made pair swept, the lease released (which revokes what was
 * issued and frees the envelope). After that the new certificate is good and stays; what is left
 * undone stays undone. Each part looks first and may be repeated.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "walk/visit.h"

/* certConf with a refusal, where the secret is in hand; otherwise the desk's release revokes. */
static void
turn_down(struct ck_visit *v, const char *why)
{
	struct ck_ca_reply *reply = calloc(1, sizeof *reply);
	struct ck_tape tape = ck_record_tape(v->record, 0);
	struct ck_enrol enrol = ck_visit_enrol(v, false);
	struct ck_err no = { 0 };

	if (reply == NULL || !v->seen.authorised || enrol.csr == NULL)
		goto out;
	ck_busy_net(v);
	if (ck_ca_confirm(v->ca, &tape, &enrol, false, why, reply, &no) == -1)
		ck_log_err(CK_LOG_INFO, "the certificate was not turned down by CMP", &no);
	else
		ck_visit_did(v, "turned-down", NULL);
out:
	free(reply);
}

static int
sweep(struct ck_visit *v, struct ck_err *err)
{
	unsigned char id[CK_TOKEN_ID_MAX];
	size_t n = ck_visit_id(v, id);

	if (n == 0)
		return 0;
	ck_busy_key(v);
	if (ck_token_remove(
		v->token, id, n, CK_PART_CERT | CK_PART_PRIVATE | CK_PART_PUBLIC, err) == -1 ||
	    ck_visit_note(v, &(struct ck_note){ .mark = CK_NOTE, .text = "new pair swept" }, err) ==
		-1)
		return -1;
	ck_visit_did(v, "swept", NULL);
	return 0;
}

/* A lease that was granted while its answer was lost is found by our record's number. 1 found, 0
 * none. */
static int
lost_lease(struct ck_visit *v, char out[CK_DESK_ID_MAX], struct ck_err *err)
{
	const char *number = ck_record_head(v->record)->number;
	struct ck_lookup *look = calloc(1, sizeof *look);
	const unsigned char *cert;
	size_t i, n = 0;
	int r = -1;

	cert = ck_record_get(v->record, 0, "old-cert", &n);
	if (look == NULL) {
		ck_fail(err, CK_E_NO_MEMORY, "look-up");
		goto out;
	}
	if (ck_desk_lookup(v->desk, cert, n, look, err) == -1)
		goto out;
	r = 0;
	for (i = 0; i < look->n_leases && r == 0; i++)
		if (strcmp(look->leases[i].record, number) == 0 &&
		    strcmp(look->leases[i].kiosk, v->site->kiosk) == 0) {
			memcpy(out, look->leases[i].lease, CK_DESK_ID_MAX);
			r = 1;
		}
out:
	free(look);
	return r;
}

static int
release(struct ck_visit *v, const char *why, struct ck_err *err)
{
	const char *kept = ck_record_text(v->record, 0, "lease");
	char lease[CK_DESK_ID_MAX] = "";
	int found = 1;

	if (!v->done.lease_meant && !v->done.leased)
		return 0;
	ck_busy_net(v);
	if (ck_visit_connect(v, err) == -1)
		return -1;
	if (kept != NULL)
		snprintf(lease, sizeof lease, "%s", kept);
	else
		found = lost_lease(v, lease, err);
	if (found != 1)
		return found;
	if (ck_desk_release(v->desk, lease, why, err) == -1)
		return -1;
	ck_visit_did(v, "released", "{s:s}", "lease", lease);
	return 0;
}

static int
close_record(struct ck_visit *v, const char *text, struct ck_err *err)
{
	/* nothing was made on the key and nobody asked for it: to the customer it is a refusal */
	bool given_up = v->done.newkey_made ||
			strcmp(ck_record_text(v->record, 0, "abandon"), CK_ASKED_FOR) == 0;
	struct ck_line last = {
		.station = ck_station_name(CK_AT_ABANDON),
		.mark = CK_DONE,
		.text = text,
		.ledger = true,
	};

	if (ck_record_close(
		v->record, given_up ? CK_RECORD_ABANDONED : CK_RECORD_REFUSED, &last, err) == -1)
		return -1;
	ck_visit_read_progress(v);
	ck_visit_did(v, "abandoned", "{s:s}", "record", ck_record_head(v->record)->number);
	return 0;
}

enum ck_turn
ck_at_abandon(struct ck_visit *v, struct ck_err *err)
{
	bool back = ck_abandon_gives_back(&v->done);
	const char *why = ck_record_text(v->record, 0, "abandon");

	if (back) {
		turn_down(v, why);
		if (sweep(v, err) == -1 || release(v, why, err) == -1)
			return CK_STOP;
	}
	return close_record(v,
		   back ? "given back" : "ended after confirmation; the new certificate stays",
		   err) == 0
		   ? CK_GO
		   : CK_STOP;
}
