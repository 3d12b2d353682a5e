#include "ca.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/cmp.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include "base/utf8.h"
#include "cmp_tape.h"

/* ---- the context ---- */

/* libcrypto writes to standard error unless somebody listens */
static int
drop_log(const char *func, const char *file, int line, OSSL_CMP_severity level, const char *msg)
{
	(void)func;
	(void)file;
	(void)line;
	(void)level;
	(void)msg;
	return 1;
}

/*
 * Asked before certConf. Whatever was issued is accepted here, also a certificate for another key,
 * which libcrypto would turn down by itself: the walk judges it and says so in ck_ca_confirm.
 */
static int
judge(OSSL_CMP_CTX *ctx, X509 *cert, int fail_info, const char **text)
{
	struct ck_cmp_run *r = OSSL_CMP_CTX_get_certConf_cb_arg(ctx);

	(void)fail_info;
	if (r->cert == NULL && X509_up_ref(cert) == 1)
		r->cert = cert;
	if (r->mode != CK_CMP_CONFIRM || r->accept)
		return 0;
	*text = r->why;
	return 1 << OSSL_CMP_PKIFAILUREINFO_systemFailure;
}

static X509_REQ *
read_csr(const struct ck_enrol *enrol)
{
	const unsigned char *p = enrol->csr;
	X509_REQ *csr =
	    enrol->csr_len <= CK_CERT_MAX ? d2i_X509_REQ(NULL, &p, (long)enrol->csr_len) : NULL;

	if (csr != NULL && p != enrol->csr + enrol->csr_len) {
		X509_REQ_free(csr);
		csr = NULL;
	}
	return csr;
}

static int
give_secret(OSSL_CMP_CTX *ctx, const struct ck_enrol *enrol, X509_REQ *csr)
{
	const char *reference = enrol->reference;
	const struct ck_secret *secret = enrol->secret;

	return OSSL_CMP_CTX_set1_p10CSR(ctx, csr) == 1 &&
	       OSSL_CMP_CTX_set1_referenceValue(
		   ctx, (const unsigned char *)reference, (int)strlen(reference)) == 1 &&
	       OSSL_CMP_CTX_set1_secretValue(ctx, (const unsigned char *)ck_secret_bytes(secret),
		   (int)ck_secret_len(secret)) == 1;
}

/* The request's proof of possession is made when the request is: once, and then it is recorded. */
static int
give_new_key(OSSL_CMP_CTX *ctx, const struct ck_cmp_run *r, X509_REQ *csr)
{
	bool prove = r->mode == CK_CMP_STEP && !r->begun;
	EVP_PKEY *key = prove ? r->enrol->new_key : X509_REQ_get0_pubkey(csr);
	int popo = prove ? OSSL_CRMF_POPO_SIGNATURE : OSSL_CRMF_POPO_NONE;

	if (key == NULL || EVP_PKEY_eq(key, X509_REQ_get0_pubkey(csr)) != 1 ||
	    EVP_PKEY_up_ref(key) != 1)
		return 0;
	if (OSSL_CMP_CTX_set0_newPkey(ctx, prove, key) != 1) {
		EVP_PKEY_free(key);
		return 0;
	}
	return OSSL_CMP_CTX_set_option(ctx, OSSL_CMP_OPT_POPO_METHOD, popo) == 1;
}

/* kur: the same subject for the new key; who asks is the old certificate's holder */
static int
give_keys(OSSL_CMP_CTX *ctx, const struct ck_cmp_run *r, X509_REQ *csr)
{
	const struct ck_enrol *enrol = r->enrol;
	const unsigned char *p = enrol->old_cert;
	X509 *old = enrol->old_len <= CK_CERT_MAX ? d2i_X509(NULL, &p, (long)enrol->old_len) : NULL;
	int good = old != NULL && OSSL_CMP_CTX_set1_oldCert(ctx, old) == 1 &&
		   OSSL_CMP_CTX_set1_cert(ctx, old) == 1 && give_new_key(ctx, r, csr) &&
		   (enrol->old_key == NULL || OSSL_CMP_CTX_set1_pkey(ctx, enrol->old_key) == 1);

	X509_free(old);
	return good;
}

/* Is everything here that this call may need? */
static int
complete(const struct ck_cmp_run *r)
{
	const struct ck_enrol *e = r->enrol;

	if (!ck_ca_way_signs(r->ca->conf.way)) {
		if (e->reference == NULL || e->secret == NULL || ck_secret_len(e->secret) == 0)
			return ck_fail(
			    r->err, CK_E_INTERNAL, "enrolment without reference or secret");
	} else if (e->old_cert == NULL) {
		return ck_fail(r->err, CK_E_INTERNAL, "a key update without the old certificate");
	} else if (r->mode == CK_CMP_STEP && !r->begun &&
		   (e->old_key == NULL || e->new_key == NULL)) {
		return ck_fail(r->err, CK_E_INTERNAL, "a key update without the keys");
	}
	return 0;
}

static OSSL_CMP_CTX *
context(struct ck_cmp_run *r, X509_REQ *csr)
{
	OSSL_CMP_CTX *ctx = OSSL_CMP_CTX_new(NULL, NULL);
	X509_STORE *trust = r->ca->trust;

	if (ctx == NULL || OSSL_CMP_CTX_set_log_cb(ctx, drop_log) != 1 ||
	    OSSL_CMP_CTX_set_transfer_cb(ctx, ck_cmp_transfer) != 1 ||
	    OSSL_CMP_CTX_set_transfer_cb_arg(ctx, r) != 1 ||
	    OSSL_CMP_CTX_set_certConf_cb(ctx, judge) != 1 ||
	    OSSL_CMP_CTX_set_certConf_cb_arg(ctx, r) != 1 ||
	    /* libcrypto's own default is HMAC-SHA-1 */
	    OSSL_CMP_CTX_set_option(ctx, OSSL_CMP_OPT_MAC_ALGNID, NID_hmacWithSHA256) != 1 ||
	    OSSL_CMP_CTX_set1_subjectName(ctx, X509_REQ_get_subject_name(csr)) != 1)
		goto fail;
	/* Under PBM too: a CA that doesn't know the reference can only sign its refusal. */
	if (X509_STORE_up_ref(trust) != 1)
		goto fail;
	if (OSSL_CMP_CTX_set0_trustedStore(ctx, trust) != 1) {
		X509_STORE_free(trust);
		goto fail;
	}
	return ctx;
fail:
	OSSL_CMP_CTX_free(ctx); /* wipes the secret */
	return NULL;
}

/* ready to play the tape */
static int
open_context(struct ck_cmp_run *r, OSSL_CMP_CTX **ctx)
{
	X509_REQ *csr = read_csr(r->enrol);
	int rc = -1, good;

	if (csr == NULL) {
		ck_fail(r->err, CK_E_INTERNAL, "the certificate request cannot be read");
		goto out;
	}
	if ((*ctx = context(r, csr)) == NULL) {
		ck_fail(r->err, CK_E_NO_MEMORY, "libcrypto makes no CMP context");
		goto out;
	}
	if (ck_cmp_tape_begin(r, *ctx) != 0 || complete(r) != 0)
		goto out;
	good = ck_ca_way_signs(r->ca->conf.way) ? give_keys(*ctx, r, csr)
						: give_secret(*ctx, r->enrol, csr);
	if (!good)
		ck_fail(r->err, CK_E_INTERNAL, "libcrypto does not take what enrolment rests on");
	else
		rc = 0;
out:
	ERR_clear_error();
	X509_REQ_free(csr);
	return rc;
}

/* ---- what came of it ---- */

/* The CA's own words; its failure bits by name when it has none. */
static void
status_text(const OSSL_CMP_CTX *ctx, char *out, size_t cap)
{
	OSSL_CMP_PKIFREETEXT *words = OSSL_CMP_CTX_get0_statusString(ctx);
	char said[OSSL_CMP_PKISI_BUFLEN] = "", all[CK_DETAIL_MAX] = "";
	size_t n = 0;

	for (int i = 0; i < sk_ASN1_UTF8STRING_num(words); i++) {
		const ASN1_UTF8STRING *w = sk_ASN1_UTF8STRING_value(words, i);
		size_t len = (size_t)ASN1_STRING_length(w), gap = n > 0 ? 2 : 0;

		if (n + gap >= sizeof all)
			break;
		memcpy(all + n, "; ", gap);
		n += gap;
		if (len > sizeof all - n)
			len = sizeof all - n;
		memcpy(all + n, ASN1_STRING_get0_data(w), len);
		n += len;
	}
	if (n > 0)
		ck_clean(out, cap, all, n);
	else if (OSSL_CMP_CTX_get_failInfoCode(ctx) > 0 &&
		 OSSL_CMP_CTX_snprint_PKIStatus(ctx, said, sizeof said) != NULL)
		ck_clean_str(out, cap, said);
	else
		out[0] = '\0';
}

/* what libcrypto's error queue says, oldest first; the queue is empty afterwards */
struct reasons {
	bool wrong_mac, refused, turned_down;
	bool unmade;	   /* our own request could not be made */
	bool other;	   /* anything beside turned_down */
	const char *first; /* the deepest cause libcrypto has a name for */
};

static struct reasons
drain(void)
{
	struct reasons said = { .first = NULL };
	unsigned long e = 0;

	while ((e = ERR_get_error()) != 0) {
		int reason = ERR_GET_REASON(e);

		if (said.first == NULL)
			said.first = ERR_reason_error_string(e);
		if (ERR_GET_LIB(e) == ERR_LIB_CMP && reason == CMP_R_CERTIFICATE_NOT_ACCEPTED) {
			said.turned_down = true;
			continue;
		}
		said.other = true;
		if (ERR_GET_LIB(e) != ERR_LIB_CMP)
			continue;
		said.wrong_mac |= reason == CMP_R_WRONG_PBM_VALUE;
		said.unmade |= reason == CMP_R_ERROR_CREATING_CERTREQ ||
			       reason == CMP_R_ERROR_CREATING_CERTCONF ||
			       reason == CMP_R_ERROR_CREATING_POLLREQ;
		said.refused |=
		    reason == CMP_R_RECEIVED_ERROR || reason == CMP_R_REQUEST_REJECTED_BY_SERVER;
	}
	return said;
}

static bool
failed_by(const OSSL_CMP_CTX *ctx, int bit)
{
	int bits = OSSL_CMP_CTX_get_failInfoCode(ctx);

	return bits > 0 && (bits & 1 << bit) != 0;
}

static int
refusal(const struct ck_cmp_run *r, const OSSL_CMP_CTX *ctx, const struct reasons *said)
{
	struct ck_err *err = r->err;
	const char *first = NULL;
	char text[256] = "";

	if (said->wrong_mac)
		return ck_fail(
		    err, CK_E_CA_BAD_SECRET, "the reply is protected with another secret");
	if (said->refused) {
		status_text(ctx, text, sizeof text);
		/* it came twice, by a proxy or by us, and this is the answer to the second: what
		 * became of the first is not said (RFC 4210 section 5.2.3) */
		if (failed_by(ctx, OSSL_CMP_PKIFAILUREINFO_transactionIdInUse))
			return ck_fail(err, CK_E_CA_NO_ANSWER, "%s", text);
		return ck_fail(err, CK_E_CA_REFUSED, "%s", text);
	}
	first = said->first != NULL ? said->first : "no reason given";
	/* nothing but the key's signatures can fail there */
	if (said->unmade && ck_ca_way_signs(r->ca->conf.way))
		return ck_fail(err, CK_E_KEY_TROUBLE, "no CMP request: %s", first);
	if (r->answered < 0)
		return ck_fail(err, CK_E_INTERNAL, "libcrypto makes no CMP request: %s", first);
	return ck_fail(err, CK_E_CA_GARBAGE, "%s", first);
}

static int
issued(struct ck_cmp_run *r, struct ck_ca_reply *reply)
{
	unsigned char *p = reply->cert;
	int n = r->cert != NULL ? i2d_X509(r->cert, NULL) : 0;

	if (n <= 0 || n > CK_CERT_MAX)
		return ck_fail(r->err, CK_E_CA_GARBAGE, "a certificate of %d bytes", n);
	reply->cert_len = (size_t)i2d_X509(r->cert, &p);
	reply->state = CK_CA_ISSUED;
	return 0;
}

/* ---- the calls ---- */

/*
 * Plays the tape and goes one exchange further if the mode lets it. *got and *after as
 * OSSL_CMP_try_certreq; that one polls at once when it is told to wait, and stands still only when
 * the transfer callback withholds the request. The requests made while the tape plays are thrown
 * away; under a secret they are protected all the same, which costs half a millisecond.
 */
static int
run(struct ck_cmp_run *r, OSSL_CMP_CTX **ctx, int *got, int *after)
{
	int body = ck_ca_way_signs(r->ca->conf.way) ? OSSL_CMP_KUR : OSSL_CMP_P10CR;

	ERR_clear_error();
	r->withheld = r->answered = -1;
	if (open_context(r, ctx) != 0)
		return -1;
	do {
		*after = 0;
		*got = OSSL_CMP_try_certreq(*ctx, body, NULL, after);
	} while (*got == -1 && !r->exchanged);
	return r->failed ? -1 : 0;
}

static void
end(struct ck_cmp_run *r, OSSL_CMP_CTX *ctx)
{
	X509_free(r->cert);
	OSSL_CMP_CTX_free(ctx);
	ERR_clear_error();
}

static int
step(struct ck_ca *ca, const struct ck_tape *tape, const struct ck_enrol *enrol,
    struct ck_ca_reply *reply, struct ck_err *err)
{
	struct ck_cmp_run r = { .ca = ca, .tape = tape, .enrol = enrol, .err = err };
	struct reasons said;
	OSSL_CMP_CTX *ctx = NULL;
	int got = 0, after = 0, rc = -1;

	*reply = (struct ck_ca_reply){ .state = CK_CA_WAIT };
	r.mode = CK_CMP_STEP;
	if (run(&r, &ctx, &got, &after) != 0)
		goto out;
	if (got == 1 || r.withheld == CK_CMP_CERTCONF) {
		rc = issued(&r, reply);
	} else if (got == -1 || r.withheld == CK_CMP_POLLREQ) {
		ck_ca_wait(reply, after);
		rc = 0;
	} else {
		said = drain();
		rc = refusal(&r, ctx, &said);
	}
	if (rc == 0)
		status_text(ctx, reply->text, sizeof reply->text);
out:
	end(&r, ctx);
	return rc;
}

/* Did the CA take our word about the certificate? */
static int
confirmed(struct ck_cmp_run *r, const OSSL_CMP_CTX *ctx, int got)
{
	struct reasons said = drain();
	char text[256] = "";

	if (r->answered != CK_CMP_CERTCONF && r->withheld >= 0)
		return ck_fail(
		    r->err, CK_E_INTERNAL, "nothing was issued yet that could be confirmed");
	if (r->accept && got == 1)
		return 0;
	/* libcrypto calls a certificate turned down a failure although the CA took note of it;
	 * without a certConf the CA has granted implicit confirmation unasked and heard nothing */
	if (!r->accept && said.turned_down && !said.other) {
		if (r->answered == CK_CMP_CERTCONF)
			return 0;
		return ck_fail(
		    r->err, CK_E_CA_NOT_CONFIRMED, "the authority confirmed it by itself");
	}
	/* failInfo certConfirmed: said before, its answer was lost (RFC 4210 section 5.2.3) */
	if (said.refused && failed_by(ctx, OSSL_CMP_PKIFAILUREINFO_certConfirmed)) {
		if (r->accept)
			return 0;
		status_text(ctx, text, sizeof text);
		return ck_fail(r->err, CK_E_CA_NOT_CONFIRMED, "%s", text);
	}
	return refusal(r, ctx, &said);
}

static int
confirm(struct ck_ca *ca, const struct ck_tape *tape, const struct ck_enrol *enrol, bool accept,
    const char *why, struct ck_ca_reply *reply, struct ck_err *err)
{
	struct ck_cmp_run r = { .ca = ca, .tape = tape, .enrol = enrol, .err = err };
	OSSL_CMP_CTX *ctx = NULL;
	int got = 0, after = 0, rc = -1;

	*reply = (struct ck_ca_reply){ .state = CK_CA_WAIT };
	r.mode = CK_CMP_CONFIRM;
	r.accept = accept;
	r.why = why;
	if (run(&r, &ctx, &got, &after) != 0)
		goto out;
	rc = confirmed(&r, ctx, got);
	if (rc == 0) {
		reply->state = CK_CA_CONFIRMED;
		status_text(ctx, reply->text, sizeof reply->text);
	}
out:
	end(&r, ctx);
	return rc;
}

static int
try_secret(
    struct ck_ca *ca, const struct ck_tape *tape, const struct ck_enrol *enrol, struct ck_err *err)
{
	struct ck_cmp_run r = { .ca = ca, .tape = tape, .enrol = enrol, .err = err };
	struct reasons said;
	OSSL_CMP_CTX *ctx = NULL;
	int got = 0, after = 0, rc = -1;

	if (ck_ca_way_signs(ca->conf.way))
		return ck_fail(err, CK_E_CA_NO_ANSWER, "no secret protects these replies");
	r.mode = CK_CMP_REPLAY;
	if (run(&r, &ctx, &got, &after) != 0)
		goto out;
	if (!r.first_by_mac) {
		rc =
		    ck_fail(err, CK_E_CA_NO_ANSWER, "no reply on record that this secret protects");
		goto out;
	}
	/* past the first reply, or at its end: libcrypto verified it, or it said why not */
	said = drain();
	if (r.step == 1 && said.wrong_mac)
		rc = 0;
	else if (r.step > 1 || r.withheld >= 0 || said.refused)
		rc = 1;
	else
		rc = refusal(&r, ctx, &said);
out:
	end(&r, ctx);
	return rc;
}

const struct ck_ca_ops ck_cmp_ops = {
	.step = step,
	.confirm = confirm,
	.try_secret = try_secret,
};
