#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "pki/der.h"
#include "pki/pki.h"

/* two names and the words around them fit one detail */
#define SHORT_NAME 200

static int
judge_key(const struct ck_expected *want, const struct ck_cert_facts *new, struct ck_err *err)
{
	unsigned char asked[CK_HASH_LEN] = { 0 };

	if (ck_csr_spki(want->csr, want->csr_len, asked, err) != 0)
		return -1;
	if (memcmp(asked, new->spki, sizeof asked) != 0)
		return ck_fail(err, CK_E_ISSUED_OTHER_KEY,
		    "certificate %s holds another public key", new->serial);
	return 0;
}

/* the names themselves are compared, never the lines made of them for display */
static int
judge_subject(const struct ck_expected *want, const struct ck_cert_facts *old,
    const unsigned char *cert, size_t n, const struct ck_cert_facts *new, struct ck_err *err)
{
	char was[SHORT_NAME] = "", is[SHORT_NAME] = "";
	X509 *a = NULL, *b = NULL;
	int rc = -1;

	if (ck_x509_read(want->old_cert, want->old_len, &a, NULL, NULL, err) != 0 ||
	    ck_x509_read(cert, n, &b, NULL, NULL, err) != 0)
		goto out;
	if (!ck_name_same(X509_get_subject_name(a), X509_get_subject_name(b))) {
		ck_clean_str(was, sizeof was, old->subject);
		ck_clean_str(is, sizeof is, new->subject);
		ck_fail(err, CK_E_ISSUED_OTHER_SUBJECT, "%s instead of %s", is, was);
		goto out;
	}
	rc = 0;
out:
	X509_free(a);
	X509_free(b);
	return rc;
}

static const char *
class_of(const struct ck_cert_facts *f)
{
	return ck_class_name(f->server	       ? CK_CLASS_SERVER
			     : f->organisation ? CK_CLASS_ORG
					       : CK_CLASS_PERSON);
}

static int
judge_class(const struct ck_cert_facts *old, const struct ck_cert_facts *new, struct ck_err *err)
{
	if (old->server == new->server && old->organisation == new->organisation)
		return 0;
	return ck_fail(
	    err, CK_E_ISSUED_OTHER_CLASS, "%s instead of %s", class_of(new), class_of(old));
}

static int
judge_start(const struct ck_expected *want, const struct ck_cert_facts *new, struct ck_err *err)
{
	char from[CK_TIME_LEN] = "", now[CK_TIME_LEN] = "";

	if (new->not_before <= want->now + want->tolerance)
		return 0;
	ck_time_text(new->not_before, from);
	ck_time_text(want->now, now);
	return ck_fail(err, CK_E_ISSUED_NOT_YET, "valid from %s, now is %s", from, now);
}

static int
judge_rule(const struct ck_expected *want, const struct ck_cert_facts *new, struct ck_err *err)
{
	char is[CK_TIME_LEN] = "", ruled[CK_TIME_LEN] = "";

	ck_time_text(new->not_after, is);
	if (want->ruled_from != 0 && new->not_after < want->ruled_from - want->tolerance) {
		ck_time_text(want->ruled_from, ruled);
		return ck_fail(err, CK_E_ISSUED_TOO_SHORT, "ends %s, the rules say %s", is, ruled);
	}
	if (want->ruled_to != 0 && new->not_after > want->ruled_to + want->tolerance) {
		ck_time_text(want->ruled_to, ruled);
		return ck_fail(err, CK_E_ISSUED_TOO_LONG, "ends %s, the rules say %s", is, ruled);
	}
	return 0;
}

static int
judge_end(const struct ck_expected *want, const struct ck_cert_facts *old,
    const struct ck_cert_facts *new, struct ck_err *err)
{
	char is[CK_TIME_LEN] = "", least[CK_TIME_LEN] = "";

	ck_time_text(new->not_after, is);
	if (new->not_after <= old->not_after) {
		ck_time_text(old->not_after, least);
		return ck_fail(err, CK_E_ISSUED_TOO_SHORT, "ends %s, the old one %s", is, least);
	}
	if (want->quoted_end != 0 && new->not_after < want->quoted_end - want->tolerance) {
		ck_time_text(want->quoted_end, least);
		return ck_fail(err, CK_E_ISSUED_TOO_SHORT, "ends %s, promised was %s", is, least);
	}
	return judge_rule(want, new, err);
}

int
ck_judge_issued(
    const struct ck_expected *want, const unsigned char *cert, size_t n, struct ck_err *err)
{
	struct ck_cert_facts old = { 0 }, new = { 0 };

	if (ck_cert_read(cert, n, &new, err) != 0 ||
	    ck_cert_read(want->old_cert, want->old_len, &old, err) != 0)
		return -1;
	if (judge_key(want, &new, err) != 0 || judge_subject(want, &old, cert, n, &new, err) != 0 ||
	    judge_class(&old, &new, err) != 0)
		return -1;
	if (!ck_issuers_signed(want->accepted, cert, n)) {
		char issuer[SHORT_NAME] = "";

		ck_clean_str(issuer, sizeof issuer, new.issuer);
		return ck_fail(
		    err, CK_E_ISSUED_OTHER_ISSUER, "not signed by an accepted CA: %s", issuer);
	}
	if (judge_start(want, &new, err) != 0)
		return -1;
	return judge_end(want, &old, &new, err);
}
