/* Station request: the PKCS#10 request, made once, on record before anyone sees it, then bound to
 * the lease: from here on this order can only become a certificate for this key. */
#include <stdlib.h>
#include <string.h>

#include "walk/visit.h"

static int
make(struct ck_visit *v, struct ck_err *err)
{
	unsigned char id[CK_TOKEN_ID_MAX], spki[CK_HASH_LEN], *csr = NULL;
	const void *ours = ck_record_get(v->record, 0, "new-spki", NULL);
	EVP_PKEY *handle = NULL;
	struct ck_fact fact = { .name = "csr", .flags = CK_FACT_SEALED };
	int r = -1;

	ck_busy_key(v);
	if (ck_token_key(v->token, id, ck_visit_id(v, id), &handle, err) == -1 ||
	    ck_csr_make(handle, v->old.der, v->old.der_len, &csr, &fact.n, err) == -1 ||
	    ck_csr_spki(csr, fact.n, spki, err) == -1)
		goto out;
	if (ours == NULL || memcmp(ours, spki, sizeof spki) != 0) {
		ck_fail(err, CK_E_OTHER_KEY, "%s does not hold the new pair", v->key.serial);
		goto out;
	}
	fact.bytes = csr;
	r = ck_visit_note(v,
	    &(struct ck_note){ .mark = CK_INTENT, .text = "request", .facts = &fact, .n_facts = 1 },
	    err);
out:
	EVP_PKEY_free(handle);
	free(csr);
	return r == 0 ? 0 : ck_visit_blame_key(v, err);
}

enum ck_turn
ck_at_request(struct ck_visit *v, struct ck_err *err)
{
	struct ck_fact facts[] = {
		ck_text_fact("bound", "yes", 0),
		ck_text_fact("enrol", ck_enrol_name(v->policy.enrol), 0),
	};
	const unsigned char *csr;
	size_t n = 0;

	if (ck_record_get(v->record, 0, "csr", NULL) == NULL && make(v, err) == -1)
		return CK_STOP;
	csr = ck_record_get(v->record, 0, "csr", &n);
	ck_busy_net(v);
	if (ck_desk_bind(v->desk, v->lease.id, csr, n, err) == -1 ||
	    ck_visit_note(v,
		&(struct ck_note){ .mark = CK_DONE, .text = "bound to the lease", CK_FACTS(facts) },
		err) == -1)
		return CK_STOP;
	ck_visit_did(v, "request-made", NULL);
	return CK_GO;
}
