#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>

#include "revoked.h"
#include "knob.h"

#define HOUR 3600
#define DAY (24 * HOUR)

static const char garbage[] = "<html>\x1b[2J Gateway Timeout</html>";

/* of a certificate, as the books have it */
struct entry {
	bool known, revoked, held;
	int64_t since;
	long reason;
};

static bool
wrong(struct sb *sb, const char *area, char how[SB_KNOB_MAX])
{
	how[0] = '\0';
	return sb_knob_text(sb, "status.wrong", area, how, SB_KNOB_MAX);
}

static bool
is(const char *how, const char *what)
{
	return strcmp(how, what) == 0;
}

static unsigned char *
spoilt(size_t *n)
{
	*n = sizeof garbage - 1;
	return (unsigned char *)strdup(garbage);
}

/* the row's certificate, if it is this issuer's */
static X509 *
row_cert(sqlite3_stmt *row, const X509 *issuer)
{
	const unsigned char *p = sqlite3_column_blob(row, 0);
	X509 *x = d2i_X509(NULL, &p, sqlite3_column_bytes(row, 0));

	if (x != NULL && X509_NAME_cmp(X509_get_issuer_name(x), X509_get_subject_name(issuer)) == 0)
		return x;
	X509_free(x);
	return NULL;
}

static void
read_row(struct sb *sb, sqlite3_stmt *row, struct entry *e)
{
	const char *status = sb_col(row, 1);
	int64_t at = sqlite3_column_int64(row, 2);

	*e = (struct entry){ .known = !is(status, "unknown") };
	e->held = is(status, "held");
	e->revoked = e->held || is(status, "revoked");
	e->since = at != 0 ? at : sqlite3_column_int64(row, 3);
	e->reason = e->held ? CRL_REASON_CERTIFICATE_HOLD
			    : sb_knob_number(sb, "status.reason", NULL, CRL_REASON_NONE);
}

static sqlite3_stmt *
rows(struct sb *sb)
{
	return sb_prepare(sb->db, "SELECT der, status, revoked_at, made FROM cert", "");
}

static void
look_up(struct sb *sb, const X509 *issuer, const ASN1_INTEGER *serial, struct entry *e)
{
	sqlite3_stmt *row = rows(sb);

	*e = (struct entry){ .known = false };
	while (row != NULL && !e->known && sqlite3_step(row) == SQLITE_ROW) {
		X509 *x = row_cert(row, issuer);

		if (x != NULL && ASN1_INTEGER_cmp(X509_get0_serialNumber(x), serial) == 0)
			read_row(sb, row, e);
		X509_free(x);
	}
	sqlite3_finalize(row);
}

/* ---- OCSP ---- */

static enum sb_who
issuer_of(const struct sb *sb, const OCSP_CERTID *id)
{
	static const enum sb_who issuers[] = { SB_OLD, SB_NEW };
	ASN1_OBJECT *md = NULL;

	OCSP_id_get0_info(NULL, &md, NULL, NULL, (OCSP_CERTID *)(uintptr_t)id);
	for (size_t i = 0; i < sizeof issuers / sizeof *issuers; i++) {
		OCSP_CERTID *own =
		    OCSP_cert_to_id(EVP_get_digestbyobj(md), NULL, sb->pki.cert[issuers[i]]);
		bool same = own != NULL && OCSP_id_issuer_cmp(own, id) == 0;

		OCSP_CERTID_free(own);
		if (same)
			return issuers[i];
	}
	return SB_WHO_N;
}

/* The issuer, the responder it certified, one that it certified for something else, or a stranger
 */
static int
sign(struct sb *sb, OCSP_BASICRESP *basic, enum sb_who by, const char *how)
{
	const struct sb_pki *pki = &sb->pki;
	X509_NAME *name = NULL;
	struct sb_cert_spec spec = {
		.issuer = pki->cert[by],
		.issuer_key = pki->key[by],
		.from = sb_now(sb) - DAY,
		.to = sb_now(sb) + DAY,
		.key_usage = "critical,digitalSignature",
		.ext_usage = is(how, "delegated") ? "OCSPSigning" : "clientAuth",
	};
	X509 *x = NULL;
	int rc = -1;

	if (is(how, "signer"))
		return OCSP_basic_sign(basic, pki->cert[SB_FOREIGN], pki->key[SB_FOREIGN],
			   EVP_sha256(), NULL, 0) == 1
			   ? 0
			   : -1;
	if (!is(how, "delegated") && !is(how, "not-delegated"))
		return OCSP_basic_sign(basic, pki->cert[by], pki->key[by], EVP_sha256(), NULL, 0) ==
			       1
			   ? 0
			   : -1;
	name = sb_name("/C=CN/O=Sandbox CA/CN=Sandbox OCSP Responder");
	spec.subject = name;
	spec.key = EVP_EC_gen("P-256");
	if (spec.key != NULL && name != NULL && (x = sb_cert_make(&spec)) != NULL &&
	    OCSP_basic_sign(basic, x, spec.key, EVP_sha256(), NULL, 0) == 1)
		rc = 0;
	X509_free(x);
	X509_NAME_free(name);
	EVP_PKEY_free(spec.key);
	return rc;
}

static int
add_status(struct sb *sb, OCSP_BASICRESP *basic, OCSP_CERTID *id, enum sb_who by, const char *how)
{
	int64_t from = sb_now(sb) - (is(how, "stale") ? 10 * DAY : HOUR);
	ASN1_TIME *this = ASN1_TIME_set(NULL, from), *next = ASN1_TIME_set(NULL, from + 2 * DAY);
	ASN1_TIME *since = NULL;
	ASN1_INTEGER *serial = NULL;
	struct entry e;
	int status = V_OCSP_CERTSTATUS_UNKNOWN, rc = -1;

	OCSP_id_get0_info(NULL, NULL, NULL, &serial, id);
	look_up(sb, sb->pki.cert[by], serial, &e);
	since = ASN1_TIME_set(NULL, e.since);
	if (e.known && !is(how, "unknown"))
		status = e.revoked ? V_OCSP_CERTSTATUS_REVOKED : V_OCSP_CERTSTATUS_GOOD;
	if (is(how, "other"))
		ASN1_INTEGER_set(serial, 7);
	if (OCSP_basic_add1_status(basic, id, status, (int)e.reason, since, this, next) != NULL)
		rc = 0;
	ASN1_TIME_free(this);
	ASN1_TIME_free(next);
	ASN1_TIME_free(since);
	return rc;
}

static OCSP_RESPONSE *
answer(struct sb *sb, OCSP_REQUEST *request, const char *how)
{
	OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
	OCSP_ONEREQ *one = OCSP_request_onereq_get0(request, 0);
	OCSP_CERTID *id = one != NULL ? OCSP_onereq_get0_id(one) : NULL;
	enum sb_who by = id != NULL ? issuer_of(sb, id) : SB_WHO_N;
	OCSP_RESPONSE *out = NULL;

	if (by == SB_WHO_N)
		out = OCSP_response_create(OCSP_RESPONSE_STATUS_UNAUTHORIZED, NULL);
	else if (is(how, "try-later"))
		out = OCSP_response_create(OCSP_RESPONSE_STATUS_TRYLATER, NULL);
	else if (basic != NULL && add_status(sb, basic, id, by, how) == 0) {
		if (is(how, "nonce"))
			OCSP_basic_add1_nonce(basic, NULL, 16);
		else if (!is(how, "no-nonce"))
			OCSP_copy_nonce(basic, request);
		if (sign(sb, basic, by, how) == 0)
			out = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
	}
	OCSP_BASICRESP_free(basic);
	return out;
}

unsigned char *
sb_ocsp(struct sb *sb, const unsigned char *request, size_t n, size_t *out_n)
{
	const unsigned char *p = request;
	OCSP_REQUEST *q = d2i_OCSP_REQUEST(NULL, &p, (long)n);
	OCSP_RESPONSE *a = NULL;
	unsigned char *der = NULL;
	char how[SB_KNOB_MAX];
	int len = 0;

	if (wrong(sb, "ocsp", how) && is(how, "garbage")) {
		OCSP_REQUEST_free(q);
		return spoilt(out_n);
	}
	if (q != NULL)
		a = answer(sb, q, how);
	else
		a = OCSP_response_create(OCSP_RESPONSE_STATUS_MALFORMEDREQUEST, NULL);
	len = a != NULL ? i2d_OCSP_RESPONSE(a, &der) : -1;
	OCSP_RESPONSE_free(a);
	OCSP_REQUEST_free(q);
	*out_n = len > 0 ? (size_t)len : 0;
	return der;
}

/* ---- lists ---- */

static int
add_entry(X509_CRL *crl, const X509 *x, const struct entry *e)
{
	X509_REVOKED *r = X509_REVOKED_new();
	ASN1_TIME *since = ASN1_TIME_set(NULL, e->since);
	ASN1_ENUMERATED *reason = ASN1_ENUMERATED_new();
	int rc = -1;

	if (r != NULL && since != NULL && reason != NULL &&
	    X509_REVOKED_set_serialNumber(
		r, (ASN1_INTEGER *)(uintptr_t)X509_get0_serialNumber(x)) == 1 &&
	    X509_REVOKED_set_revocationDate(r, since) == 1 &&
	    ASN1_ENUMERATED_set(reason, e->reason) == 1 &&
	    (e->reason == CRL_REASON_NONE ||
		X509_REVOKED_add1_ext_i2d(r, NID_crl_reason, reason, 0, 0) == 1) &&
	    X509_CRL_add0_revoked(crl, r) == 1) {
		r = NULL;
		rc = 0;
	}
	X509_REVOKED_free(r);
	ASN1_TIME_free(since);
	ASN1_ENUMERATED_free(reason);
	return rc;
}

static int
add_entries(struct sb *sb, X509_CRL *crl, const X509 *issuer)
{
	sqlite3_stmt *row = rows(sb);
	int rc = row != NULL ? 0 : -1;

	while (rc == 0 && sqlite3_step(row) == SQLITE_ROW) {
		X509 *x = row_cert(row, issuer);
		struct entry e;

		if (x == NULL)
			continue;
		read_row(sb, row, &e);
		if (e.revoked)
			rc = add_entry(crl, x, &e);
		X509_free(x);
	}
	sqlite3_finalize(row);
	return rc;
}

/* what makes of a list one for others, as x509v3_config(5) spells it; a delta's base has some
 * number */
static int
add_kind(X509_CRL *crl, X509 *base, const char *how, const char *url)
{
	char scope[SB_PATH_MAX] = "";
	X509_EXTENSION *e = NULL;
	X509V3_CTX ctx;
	int rc = 0;

	if (is(how, "indirect"))
		snprintf(scope, sizeof scope, "critical,indirectCRL:TRUE");
	else if (is(how, "piece"))
		snprintf(scope, sizeof scope, "critical,fullname:URI:%s", url);
	else if (is(how, "other-piece"))
		snprintf(scope, sizeof scope, "critical,fullname:URI:%s-2", url);
	X509V3_set_ctx(&ctx, NULL, NULL, NULL, crl, 0);
	if (is(how, "delta"))
		return X509_CRL_add1_ext_i2d(
			   crl, NID_delta_crl, X509_get_serialNumber(base), 1, 0) == 1
			   ? 0
			   : -1;
	if (scope[0] == '\0')
		return 0;
	e = X509V3_EXT_conf_nid(NULL, &ctx, NID_issuing_distribution_point, scope);
	rc = e != NULL && X509_CRL_add_ext(crl, e, -1) == 1 ? 0 : -1;
	X509_EXTENSION_free(e);
	return rc;
}

static X509_CRL *
list(struct sb *sb, enum sb_who by, const char *how, const char *url)
{
	const struct sb_pki *pki = &sb->pki;
	int64_t from = sb_now(sb) - (is(how, "stale") ? 10 * DAY : HOUR);
	ASN1_TIME *this = ASN1_TIME_set(NULL, from), *next = ASN1_TIME_set(NULL, from + 2 * DAY);
	EVP_PKEY *key = pki->key[is(how, "signer") ? SB_FOREIGN : by];
	X509_CRL *crl = X509_CRL_new();

	if (crl == NULL || this == NULL || next == NULL ||
	    X509_CRL_set_version(crl, X509_CRL_VERSION_2) != 1 ||
	    X509_CRL_set_issuer_name(crl, X509_get_subject_name(pki->cert[by])) != 1 ||
	    X509_CRL_set1_lastUpdate(crl, this) != 1 || X509_CRL_set1_nextUpdate(crl, next) != 1 ||
	    add_entries(sb, crl, pki->cert[by]) != 0 ||
	    add_kind(crl, pki->cert[by], how, url) != 0 || X509_CRL_sort(crl) != 1 ||
	    X509_CRL_sign(crl, key, EVP_sha256()) <= 0) {
		X509_CRL_free(crl);
		crl = NULL;
	}
	ASN1_TIME_free(this);
	ASN1_TIME_free(next);
	return crl;
}

unsigned char *
sb_crl(struct sb *sb, const char *issuer, const char *url, size_t *out_n)
{
	char how[SB_KNOB_MAX];
	unsigned char *der = NULL;
	X509_CRL *crl = NULL;
	int len = -1;

	if (wrong(sb, "crl", how) && is(how, "garbage"))
		return spoilt(out_n);
	if (is(issuer, "g2") || is(issuer, "g3"))
		crl = list(sb, is(issuer, "g2") ? SB_OLD : SB_NEW, how, url);
	if (crl != NULL)
		len = i2d_X509_CRL(crl, &der);
	X509_CRL_free(crl);
	*out_n = len > 0 ? (size_t)len : 0;
	return der;
}
