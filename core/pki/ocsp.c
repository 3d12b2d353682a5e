#include <stdlib.h>
#include <string.h>
#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>

#include "pki/fresh.h"
#include "pki/sm2.h"

/* RFC 8954 lets a nonce have 1 to 32; responders older than it were made for OpenSSL's 16 */
#define NONCE_LEN 16

struct ck_ocsp {
	OCSP_REQUEST *request;
	OCSP_CERTID *id; /* in the request */
	X509 *issuer;
	char sm2_id[CK_SM2_ID_MAX];
	unsigned char *der;
	int n;
};

/* ---- the question ---- */

static int
make(struct ck_ocsp *q, const struct ck_path *path)
{
	/* responders of the lightweight profile know a certificate by SHA-1 (RFC 5019 2.1.1) */
	OCSP_CERTID *id = OCSP_cert_to_id(EVP_sha1(), path->cert, path->issuers[0]);

	q->request = OCSP_REQUEST_new();
	if (id == NULL || q->request == NULL || OCSP_request_add0_id(q->request, id) == NULL) {
		OCSP_CERTID_free(id);
		return -1;
	}
	q->id = id;
	if (OCSP_request_add1_nonce(q->request, NULL, NONCE_LEN) != 1)
		return -1;
	q->n = i2d_OCSP_REQUEST(q->request, &q->der);
	return q->n > 0 ? 0 : -1;
}

int
ck_ocsp_make(const struct ck_path *path, struct ck_ocsp **out, struct ck_err *err)
{
	struct ck_ocsp *q = calloc(1, sizeof *q);
	int rc = -1;

	*out = NULL;
	ERR_set_mark();
	if (q == NULL || path->n == 0 || make(q, path) != 0) {
		ck_fail(err, q == NULL ? CK_E_NO_MEMORY : CK_E_INTERNAL, "OCSP request");
		goto out;
	}
	q->issuer = path->issuers[0];
	X509_up_ref(q->issuer);
	memcpy(q->sm2_id, path->sm2_id, sizeof q->sm2_id);
	*out = q;
	q = NULL;
	rc = 0;
out:
	ck_ocsp_free(q);
	ERR_pop_to_mark();
	return rc;
}

const unsigned char *
ck_ocsp_der(const struct ck_ocsp *q, size_t *n)
{
	*n = (size_t)q->n;
	return q->der;
}

void
ck_ocsp_free(struct ck_ocsp *q)
{
	if (q == NULL)
		return;
	OCSP_REQUEST_free(q->request);
	X509_free(q->issuer);
	OPENSSL_free(q->der);
	free(q);
}

/* ---- the answer ---- */

static OCSP_BASICRESP *
parse(const struct ck_answer *a, struct ck_err *err)
{
	const unsigned char *p = a->bytes;
	OCSP_RESPONSE *whole = d2i_OCSP_RESPONSE(NULL, &p, (long)a->n);
	OCSP_BASICRESP *basic = NULL;
	int said = whole != NULL ? OCSP_response_status(whole) : -1;

	if (whole == NULL || p != a->bytes + a->n)
		ck_fail(err, CK_E_STATUS_GARBAGE, "no OCSP answer");
	else if (said != OCSP_RESPONSE_STATUS_SUCCESSFUL)
		ck_fail_native(err, CK_E_STATUS_REFUSED, (unsigned long)said, "OCSP: %s",
		    OCSP_response_status_str(said));
	else if ((basic = OCSP_response_get1_basic(whole)) == NULL)
		ck_fail(err, CK_E_STATUS_GARBAGE, "an OCSP answer of an unknown kind");
	OCSP_RESPONSE_free(whole);
	return basic;
}

/*
 * The issuer itself, or one it certified for this (RFC 6960 section 4.2.2.2). Whether that one is
 * revoked is not asked: its certificate is the CA's own and short-lived by profile.
 */
static int
judge_signer(const struct ck_ocsp *q, X509 *signer, const struct ck_answer *a, struct ck_err *err)
{
	EVP_PKEY *key = X509_get0_pubkey(q->issuer);
	uint32_t uses = X509_get_extended_key_usage(signer),
		 flags = X509_get_extension_flags(signer);
	time_t early = (time_t)(a->now - a->tolerance), late = (time_t)(a->now + a->tolerance);

	if (EVP_PKEY_eq(X509_get0_pubkey(signer), key) == 1)
		return 0;
	if (X509_check_issued(q->issuer, signer) != X509_V_OK ||
	    !ck_signed_cert(signer, key, q->sm2_id))
		return ck_fail(
		    err, CK_E_STATUS_UNTRUSTED, "its signer does not come from this issuer");
	/* without the extension OpenSSL calls it good for everything */
	if ((flags & EXFLAG_XKUSAGE) == 0 || (uses & XKU_OCSP_SIGN) == 0)
		return ck_fail(err, CK_E_STATUS_UNTRUSTED, "its signer is no OCSP responder");
	if (X509_cmp_time(X509_get0_notAfter(signer), &early) < 0 ||
	    X509_cmp_time(X509_get0_notBefore(signer), &late) > 0)
		return ck_fail(err, CK_E_STATUS_UNTRUSTED, "its signer is out of its days");
	return 0;
}

static int
judge_signature(
    const struct ck_ocsp *q, OCSP_BASICRESP *basic, const struct ck_answer *a, struct ck_err *err)
{
	STACK_OF(X509) *known = sk_X509_new_null();
	X509 *signer = NULL;
	int rc = -1;

	if (known == NULL || sk_X509_push(known, q->issuer) == 0)
		ck_fail(err, CK_E_NO_MEMORY, "OCSP answer");
	else if ((signer = ck_signed_answer(basic, known, q->sm2_id)) == NULL)
		ck_fail(err, CK_E_STATUS_UNTRUSTED, "its signature is wrong");
	else
		rc = judge_signer(q, signer, a, err);
	sk_X509_free(known);
	return rc;
}

static int
judge_question(
    const struct ck_ocsp *q, OCSP_BASICRESP *basic, OCSP_SINGLERESP **one, struct ck_err *err)
{
	int at = OCSP_resp_find(basic, q->id, -1);

	/* answers made beforehand carry none (RFC 5019): their times must do */
	if (OCSP_check_nonce(q->request, basic) == 0)
		return ck_fail(err, CK_E_STATUS_UNTRUSTED, "it answers another question (nonce)");
	if (at < 0)
		return ck_fail(err, CK_E_STATUS_UNTRUSTED, "it is about another certificate");
	*one = OCSP_resp_get0(basic, at);
	return 0;
}

static int
take(OCSP_SINGLERESP *one, const struct ck_answer *a, struct ck_revocation *out, struct ck_err *err)
{
	ASN1_GENERALIZEDTIME *since = NULL, *from = NULL, *until = NULL;
	int reason = -1;
	int status = OCSP_single_get0_status(one, &reason, &since, &from, &until);

	if (ck_fresh(a, from, until, out, err) != 0)
		return -1;
	if (status == V_OCSP_CERTSTATUS_GOOD)
		out->status = CK_STATUS_GOOD;
	else if (status == V_OCSP_CERTSTATUS_REVOKED)
		ck_revoked(out, since, reason);
	else
		out->status = CK_STATUS_UNKNOWN;
	return 0;
}

int
ck_ocsp_read(const struct ck_ocsp *q, const struct ck_answer *a, struct ck_revocation *out,
    struct ck_err *err)
{
	OCSP_SINGLERESP *one = NULL;
	OCSP_BASICRESP *basic = NULL;
	int rc = -1;

	*out = (struct ck_revocation){ .status = CK_STATUS_UNKNOWN };
	ERR_set_mark();
	basic = parse(a, err);
	if (basic != NULL && judge_signature(q, basic, a, err) == 0 &&
	    judge_question(q, basic, &one, err) == 0)
		rc = take(one, a, out, err);
	OCSP_BASICRESP_free(basic);
	ERR_pop_to_mark();
	return rc;
}
