#include <stdio.h>
#include <stdlib.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "pki/der.h"
#include "pki/issuers.h"
#include "pki/pki.h"
#include "pki/sm2.h"

/* a CA has a handful of sub-CAs; a system's trust store dropped here by mistake has more */
#define ISSUERS_MAX 256

/*
 * Every member of the file is trusted, so a certificate comes from one of them exactly when a
 * member made its signature. They are tried one by one rather than through X509_STORE, which
 * settles on one member by name: a sub-CA that rolled its key over under the same name, with no key
 * identifiers in the certificates of that time, would make honest signatures fail.
 */
struct ck_issuers {
	STACK_OF(X509) * members;
	char sm2_id[CK_SM2_ID_MAX];
};

/* An encrypted PEM must not make OpenSSL ask the terminal. */
static int
no_password(char *buf, int size, int rwflag, void *u)
{
	(void)buf, (void)size, (void)rwflag, (void)u;
	return -1;
}

static int
read_members(BIO *bio, STACK_OF(X509) * members, const char *file, struct ck_err *err)
{
	X509 *x = NULL;

	while ((x = PEM_read_bio_X509(bio, NULL, no_password, NULL)) != NULL) {
		if (sk_X509_num(members) == ISSUERS_MAX || sk_X509_push(members, x) == 0) {
			X509_free(x);
			return ck_fail(
			    err, CK_E_CONFIG, "%s: more than %d certificates", file, ISSUERS_MAX);
		}
	}
	if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
		return ck_fail(err, CK_E_CONFIG, "%s: certificate %d is damaged", file,
		    sk_X509_num(members) + 1);
	if (sk_X509_num(members) == 0)
		return ck_fail(err, CK_E_CONFIG, "%s: no certificate in PEM", file);
	return 0;
}

int
ck_issuers_read(
    const char *pem_file, const char *sm2_id, struct ck_issuers **out, struct ck_err *err)
{
	struct ck_issuers *is = calloc(1, sizeof *is);
	BIO *bio = NULL;
	int rc = -1;

	*out = NULL;
	ERR_set_mark();
	if (is == NULL || (is->members = sk_X509_new_null()) == NULL) {
		ck_fail(err, CK_E_NO_MEMORY, "%s", pem_file);
		goto out;
	}
	snprintf(is->sm2_id, sizeof is->sm2_id, "%s", sm2_id != NULL ? sm2_id : CK_SM2_ID);
	bio = BIO_new_file(pem_file, "r");
	if (bio == NULL) {
		ck_fail(err, CK_E_CONFIG, "%s: cannot be opened", pem_file);
		goto out;
	}
	if (read_members(bio, is->members, pem_file, err) != 0)
		goto out;
	*out = is;
	is = NULL;
	rc = 0;
out:
	BIO_free(bio);
	ck_issuers_free(is);
	ERR_pop_to_mark();
	return rc;
}

void
ck_issuers_free(struct ck_issuers *is)
{
	if (is == NULL)
		return;
	sk_X509_pop_free(is->members, X509_free);
	free(is);
}

/*
 * May it issue at all? X509_check_ca says 1 for basicConstraints CA:TRUE and 3 for a self-signed
 * version 1 root, of which the 1990s left some; a keyUsage without keyCertSign is 0.
 */
static bool
is_ca(X509 *member)
{
	int kind = X509_check_ca(member);

	return kind == 1 || kind == 3;
}

X509 *
ck_issuers_of(const struct ck_issuers *is, X509 *x)
{
	X509 *found = NULL;

	ERR_set_mark();
	for (int i = 0; i < sk_X509_num(is->members) && found == NULL; i++) {
		X509 *member = sk_X509_value(is->members, i);

		if (is_ca(member) && X509_check_issued(member, x) == X509_V_OK &&
		    ck_signed_cert(x, X509_get0_pubkey(member), is->sm2_id))
			found = member;
	}
	ERR_pop_to_mark();
	return found;
}

const char *
ck_issuers_sm2_id(const struct ck_issuers *is)
{
	return is->sm2_id;
}

/* a member is trusted, but nobody's customer */
static bool
is_member(const struct ck_issuers *is, const X509 *x)
{
	for (int i = 0; i < sk_X509_num(is->members); i++)
		if (X509_cmp(sk_X509_value(is->members, i), x) == 0)
			return true;
	return false;
}

bool
ck_issuers_signed(const struct ck_issuers *is, const unsigned char *der, size_t n)
{
	X509 *x = NULL;
	bool found = false;

	if (ck_x509_read(der, n, &x, NULL, NULL, NULL) != 0)
		return false;
	found = !is_member(is, x) && ck_issuers_of(is, x) != NULL;
	X509_free(x);
	return found;
}
