#include <stdio.h>
#include <stdlib.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "pki/der.h"
#include "pki/issuers.h"
#include "pki/revocation.h"
#include "pki/sm2.h"

/* below that, two documents of one signature can be made (SHA-1 counts as 63 to 80 bits) */
#define COLLISION_BITS 80

static bool
is_weak(X509 *x)
{
	int md = NID_undef, bits = 0;

	if (X509_get_signature_info(x, &md, NULL, &bits, NULL) != 1)
		return false;
	return md == NID_sha1 || (bits > 0 && bits < COLLISION_BITS);
}

static bool
signed_itself(X509 *x, const char *sm2_id)
{
	return X509_check_issued(x, x) == X509_V_OK &&
	       ck_signed_cert(x, X509_get0_pubkey(x), sm2_id);
}

static bool
is_in(const struct ck_path *path, const X509 *x)
{
	for (size_t i = 0; i < path->n; i++)
		if (X509_cmp(path->issuers[i], x) == 0)
			return true;
	return X509_cmp(path->cert, x) == 0;
}

/* CAs that certified each other make rings: nobody stands in a path twice */
static X509 *
next_of(const struct ck_path *path, const struct ck_issuers *const *pools, size_t n, X509 *last)
{
	for (size_t i = 0; i < n; i++) {
		X509 *by = ck_issuers_of(pools[i], last);

		if (by != NULL && !is_in(path, by))
			return by;
	}
	return NULL;
}

static void
climb(struct ck_path *path, const struct ck_issuers *const *pools, size_t n)
{
	X509 *last = path->cert, *by = NULL;

	while (path->n < CK_CHAIN_MAX) {
		path->whole = signed_itself(last, path->sm2_id);
		by = path->whole ? NULL : next_of(path, pools, n, last);
		if (by == NULL)
			return;
		path->weak = path->weak || is_weak(last);
		X509_up_ref(by);
		path->issuers[path->n++] = last = by;
	}
}

int
ck_path_make(const struct ck_issuers *const *pools, size_t n_pools, const unsigned char *der,
    size_t n, struct ck_path **out, struct ck_err *err)
{
	struct ck_path *path = calloc(1, sizeof *path);

	*out = NULL;
	if (path == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "chain");
	snprintf(path->sm2_id, sizeof path->sm2_id, "%s",
	    n_pools > 0 ? ck_issuers_sm2_id(pools[0]) : CK_SM2_ID);
	if (ck_x509_read(der, n, &path->cert, NULL, NULL, err) != 0) {
		ck_path_free(path);
		return -1;
	}
	ERR_set_mark();
	climb(path, pools, n_pools);
	ERR_pop_to_mark();
	*out = path;
	return 0;
}

void
ck_path_free(struct ck_path *path)
{
	if (path == NULL)
		return;
	for (size_t i = 0; i < path->n; i++)
		X509_free(path->issuers[i]);
	X509_free(path->cert);
	free(path);
}
