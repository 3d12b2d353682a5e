/* Station install: the new certificate is written beside the old one, read back byte for byte, and
 * its key signs for it on the spot. Only then is anything confirmed. */
#include <stdlib.h>

#include "walk/visit.h"

/* Interrupted before it was written: the CA may have withdrawn it meanwhile. */
static int
still_good(struct ck_visit *v, struct ck_err *err)
{
	struct ck_lease *now = v->resumed ? calloc(1, sizeof *now) : NULL;
	bool good;
	int found;

	if (!v->resumed)
		return 0;
	if (now == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "lease");
	found = ck_lease_now(v, now, err);
	good = found == 1 && (now->state == CK_BOUND_ISSUED || now->state == CK_BOUND_CONFIRMED);
	free(now);
	if (found == -1 || good)
		return found == -1 ? -1 : 0;
	return ck_fail(err, CK_E_LEASE_LOST, "%s", v->lease.id);
}

/* A certificate of ours that the CA withdrew, under the id of the new pair: no use to anybody. */
static int
make_way(struct ck_visit *v, const unsigned char *id, size_t id_len, struct ck_err *err)
{
	if (ck_record_get(v->record, 0, "reissue", NULL) == NULL)
		return 0;
	ck_busy_key(v);
	return ck_token_remove(v->token, id, id_len, CK_PART_CERT, err);
}

enum ck_turn
ck_at_install(struct ck_visit *v, struct ck_err *err)
{
	const char *label = v->old.label[0] != '\0' ? v->old.label : "certkiosk";
	const char *serial = ck_record_text(v->record, 0, "new-serial");
	struct ck_fact done = ck_text_fact("installed", "yes", 0);
	unsigned char id[CK_TOKEN_ID_MAX];
	size_t n = 0, id_len = ck_visit_id(v, id);
	const unsigned char *cert;

	if (still_good(v, err) == -1 || make_way(v, id, id_len, err) == -1 ||
	    ck_visit_note(v, &(struct ck_note){ .mark = CK_INTENT, .text = serial }, err) == -1)
		return CK_STOP;
	cert = ck_record_get(v->record, 0, "new-cert", &n); /* borrowed until the next line */
	ck_busy_key(v);
	if (ck_token_put_cert(v->token, id, id_len, label, cert, n, err) == -1 ||
	    ck_visit_prove(v, id, id_len, cert, n, err) == -1 ||
	    ck_visit_note(v,
		&(struct ck_note){ .mark = CK_DONE,
		    .text = "written, read back, signs",
		    .ledger = true,
		    .facts = &done,
		    .n_facts = 1 },
		err) == -1)
		return CK_STOP;
	ck_visit_did(v, "installed", "{s:s}", "serial", ck_record_text(v->record, 0, "new-serial"));
	return CK_GO;
}
