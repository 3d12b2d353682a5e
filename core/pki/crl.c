#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "pki/fresh.h"
#include "pki/sm2.h"

static X509_CRL *
parse(const struct ck_answer *a, struct ck_err *err)
{
	const unsigned char *p = a->bytes;
	X509_CRL *crl = d2i_X509_CRL(NULL, &p, (long)a->n);

	if (crl != NULL && p == a->bytes + a->n)
		return crl;
	ck_fail(err, CK_E_STATUS_GARBAGE, "no revocation list");
	X509_CRL_free(crl);
	return NULL;
}

static int
judge_signature(
    X509_CRL *crl, const struct ck_path *path, const struct ck_answer *a, struct ck_err *err)
{
	X509 *issuer = path->issuers[0];

	/* without the extension every usage bit is set */
	if ((X509_get_key_usage(issuer) & KU_CRL_SIGN) == 0 ||
	    X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_subject_name(issuer)) != 0)
		return ck_fail(err, CK_E_STATUS_UNTRUSTED, "the list is another issuer's");
	if (!ck_signed_list(crl, a->bytes, a->n, X509_get0_pubkey(issuer), path->sm2_id))
		return ck_fail(err, CK_E_STATUS_UNTRUSTED, "its signature is wrong");
	return 0;
}

/* ---- is it a list of a kind we can draw a conclusion from? ---- */

static int
unusable(struct ck_err *err, const char *why)
{
	return ck_fail(err, CK_E_STATUS_UNUSABLE, "%s", why);
}

/* Does one of the certificate's own distribution points have a name of this list's? */
static bool
is_ours(const DIST_POINT_NAME *name, const X509 *cert)
{
	CRL_DIST_POINTS *all = X509_get_ext_d2i(cert, NID_crl_distribution_points, NULL, NULL);
	bool ours = false;

	for (int i = 0; i < sk_DIST_POINT_num(all); i++) {
		const DIST_POINT *at = sk_DIST_POINT_value(all, i);

		if (at->distpoint == NULL || at->distpoint->type != 0)
			continue;
		for (int j = 0; j < sk_GENERAL_NAME_num(at->distpoint->name.fullname); j++)
			for (int k = 0; k < sk_GENERAL_NAME_num(name->name.fullname); k++)
				ours = ours ||
				       GENERAL_NAME_cmp(
					   sk_GENERAL_NAME_value(at->distpoint->name.fullname, j),
					   sk_GENERAL_NAME_value(name->name.fullname, k)) == 0;
	}
	CRL_DIST_POINTS_free(all);
	return ours;
}

/*
 * RFC 5280 section 6.3.3 (b)(2). A CA with many customers cuts its list into pieces; without the
 * name in the signed list anybody on the line could hand us the piece this certificate is not in.
 */
static int
judge_scope(const ISSUING_DIST_POINT *scope, X509 *cert, struct ck_err *err)
{
	if (scope->indirectCRL > 0)
		return unusable(err, "a list of several issuers (indirect)");
	if (scope->onlysomereasons != NULL)
		return unusable(err, "a list of some reasons only");
	if (scope->onlyattr > 0 || (scope->onlyCA > 0 && X509_check_ca(cert) != 1) ||
	    (scope->onlyuser > 0 && X509_check_ca(cert) == 1))
		return unusable(err, "a list of another kind of certificates");
	if (scope->distpoint == NULL)
		return 0;
	if (scope->distpoint->type != 0 || !is_ours(scope->distpoint, cert))
		return unusable(err, "a piece of the list that is not this certificate's");
	return 0;
}

static int
judge_extensions(X509_CRL *crl, struct ck_err *err)
{
	for (int i = 0; i < X509_CRL_get_ext_count(crl); i++) {
		X509_EXTENSION *e = X509_CRL_get_ext(crl, i);
		int nid = OBJ_obj2nid(X509_EXTENSION_get_object(e));

		if (nid == NID_delta_crl)
			return unusable(err, "a list of changes only (delta)");
		if (X509_EXTENSION_get_critical(e) && nid != NID_issuing_distribution_point &&
		    nid != NID_authority_key_identifier && nid != NID_crl_number)
			return unusable(err, "a list with a critical extension unknown here");
	}
	return 0;
}

/* RFC 5280 section 5.3: one such entry spoils the list for every certificate */
static int
judge_entries(X509_CRL *crl, struct ck_err *err)
{
	STACK_OF(X509_REVOKED) *all = X509_CRL_get_REVOKED(crl);

	for (int i = 0; i < sk_X509_REVOKED_num(all); i++) {
		const X509_REVOKED *entry = sk_X509_REVOKED_value(all, i);

		for (int k = 0; k < X509_REVOKED_get_ext_count(entry); k++) {
			X509_EXTENSION *e = X509_REVOKED_get_ext(entry, k);
			int nid = OBJ_obj2nid(X509_EXTENSION_get_object(e));

			if (nid == NID_certificate_issuer)
				return unusable(err, "a list of several issuers (indirect)");
			if (X509_EXTENSION_get_critical(e) && nid != NID_crl_reason &&
			    nid != NID_invalidity_date)
				return unusable(
				    err, "an entry with a critical extension unknown here");
		}
	}
	return 0;
}

static int
judge_kind(X509_CRL *crl, X509 *cert, struct ck_err *err)
{
	int there = -1;
	ISSUING_DIST_POINT *scope =
	    X509_CRL_get_ext_d2i(crl, NID_issuing_distribution_point, &there, NULL);
	int rc = -1;

	if (scope == NULL && there != -1)
		ck_fail(err, CK_E_STATUS_GARBAGE, "its scope cannot be read");
	else if (scope == NULL || judge_scope(scope, cert, err) == 0)
		rc = judge_extensions(crl, err) == 0 ? judge_entries(crl, err) : -1;
	ISSUING_DIST_POINT_free(scope);
	return rc;
}

/* ---- what it says ---- */

static int
look_up(X509_CRL *crl, X509 *cert, const struct ck_answer *a, struct ck_revocation *out,
    struct ck_err *err)
{
	X509_REVOKED *entry = NULL;
	ASN1_ENUMERATED *reason = NULL;
	time_t now = (time_t)a->now;

	if (X509_CRL_get0_by_cert(crl, &entry, cert) == 1) {
		reason = X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, NULL, NULL);
		ck_revoked(out, X509_REVOKED_get0_revocationDate(entry),
		    reason != NULL ? (int)ASN1_ENUMERATED_get(reason) : -1);
		ASN1_ENUMERATED_free(reason);
		return 0;
	}
	/* RFC 5280 section 3.3: entries leave the list once the certificate is over */
	if (X509_cmp_time(X509_get0_notAfter(cert), &now) < 0)
		return unusable(err, "the certificate has expired, and lists forget those");
	out->status = CK_STATUS_GOOD;
	return 0;
}

int
ck_crl_read(const struct ck_path *path, const struct ck_answer *a, struct ck_revocation *out,
    struct ck_err *err)
{
	X509_CRL *crl = NULL;
	int rc = -1;

	*out = (struct ck_revocation){ .status = CK_STATUS_UNKNOWN };
	if (path->n == 0)
		return ck_fail(err, CK_E_INTERNAL, "a list without an issuer");
	ERR_set_mark();
	crl = parse(a, err);
	if (crl == NULL || judge_signature(crl, path, a, err) != 0 ||
	    judge_kind(crl, path->cert, err) != 0)
		goto out;
	if (X509_CRL_get0_nextUpdate(crl) == NULL)
		ck_fail(err, CK_E_STATUS_STALE, "the list does not say how long it holds");
	else if (ck_fresh(a, X509_CRL_get0_lastUpdate(crl), X509_CRL_get0_nextUpdate(crl), out,
		     err) == 0)
		rc = look_up(crl, path->cert, a, out, err);
out:
	X509_CRL_free(crl);
	ERR_pop_to_mark();
	return rc;
}
