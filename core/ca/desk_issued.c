/* PROTOCOL.desk section 12: a key without its certificate asks what was issued for it. */
#include <stdlib.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include "certkiosk/desk.h"
#include "desk_proof.h"
#include "desk_wire.h"

static int
read_issued(const struct ck_desk_said *a, struct ck_issued *out)
{
	const json_t *found = json_object_get(a->body, "found");
	const json_t *visit = json_object_get(a->body, "visit");
	int status = 0;

	if (!json_is_boolean(found))
		return ck_desk_said_wrong(a, "found");
	if (json_is_false(found))
		return 0;
	if (ck_field_word(a, a->body, "status", ck_cert_status_names, &status) != 1 ||
	    ck_field_bytes(a, a->body, "certificate", true, 1, sizeof out->cert, out->cert,
		&out->cert_len) != 1)
		return -1;
	out->status = (enum ck_cert_status)status;
	if (visit != NULL &&
	    (ck_field_text(a, visit, "kiosk", true, out->kiosk, sizeof out->kiosk) != 1 ||
		ck_field_text(a, visit, "record", true, out->record, sizeof out->record) != 1))
		return -1;
	return 1;
}

/* The proof of one challenge, as the request it goes out with; NULL with the cause. */
static json_t *
proved(struct ck_desk *d, EVP_PKEY *key, const unsigned char *spki, size_t n, struct ck_err *err)
{
	unsigned char challenge[CK_CHALLENGE_LEN], hash[CK_HASH_LEN], *sig = NULL;
	json_t *ask = NULL;
	size_t sig_n = 0;

	SHA256(spki, n, hash);
	if (ck_desk_challenge(d, "public_key", spki, n, challenge, err) == 0 &&
	    ck_proof_public(
		key, d->conf.kiosk, challenge, sizeof challenge, hash, &sig, &sig_n, err) == 0 &&
	    (ask = json_pack("{s:s, s:o, s:o, s:o}", "system", d->conf.system, "challenge",
		 ck_json_bytes(challenge, sizeof challenge), "public_key", ck_json_bytes(spki, n),
		 "signature", ck_json_bytes(sig, sig_n))) == NULL)
		ck_fail(err, CK_E_NO_MEMORY, "no memory for a request");
	free(sig);
	return ask;
}

int
ck_desk_issued(struct ck_desk *d, EVP_PKEY *key, struct ck_issued *out, struct ck_err *err)
{
	struct ck_desk_said a = { .body = NULL };
	unsigned char *spki = NULL;
	int n = i2d_PUBKEY(key, &spki), rc = -1;
	json_t *ask = NULL;

	*out = (struct ck_issued){ .status = CK_STATUS_UNKNOWN };
	if (n <= 0)
		return ck_fail(err, CK_E_KEY_TROUBLE, "the key tells no public half");
	if ((ask = proved(d, key, spki, (size_t)n, err)) != NULL &&
	    ck_desk_call(d, CK_CALL_ISSUED, ask, &a, err) == 0)
		rc = read_issued(&a, out);
	ck_desk_said_free(&a);
	OPENSSL_free(spki);
	return rc;
}
