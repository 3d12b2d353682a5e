#include <string.h>
#include <strings.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "pki/revocation.h"

/* RFC 3986 without what only curl, a shell or a terminal would read otherwise than we do */
static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
			      "-._~:/?&=%+,;!*'()$@";

static bool
is_plain(const char *url)
{
	static const char *const schemes[] = { "http://", "https://" };

	if (url[strspn(url, letters)] != '\0')
		return false;
	for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
		const char *host = url + strlen(schemes[i]);

		if (strncasecmp(url, schemes[i], strlen(schemes[i])) != 0)
			continue;
		/* a user before the host would make it look like another one */
		return strchr("/:?", *host) == NULL &&
		       memchr(host, '@', strcspn(host, "/?")) == NULL;
	}
	return false;
}

static void
take(struct ck_urls *to, const GENERAL_NAME *name)
{
	const ASN1_IA5STRING *uri = NULL;
	char *url = to->at[to->n];
	int n = 0;

	if (name->type == GEN_URI) {
		uri = name->d.uniformResourceIdentifier;
		n = ASN1_STRING_length(uri);
	}
	if (to->n == CK_URLS_MAX || n <= 0 || n >= CK_URL_MAX) {
		to->others = true;
		return;
	}
	memcpy(url, ASN1_STRING_get0_data(uri), (size_t)n);
	url[n] = '\0';
	if (strlen(url) == (size_t)n && is_plain(url))
		to->n++;
	else
		to->others = true;
}

void
ck_ocsp_urls(const X509 *x, struct ck_urls *to)
{
	AUTHORITY_INFO_ACCESS *all = NULL;

	*to = (struct ck_urls){ .n = 0 };
	ERR_set_mark();
	all = X509_get_ext_d2i(x, NID_info_access, NULL, NULL);
	for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(all); i++) {
		const ACCESS_DESCRIPTION *at = sk_ACCESS_DESCRIPTION_value(all, i);

		if (OBJ_obj2nid(at->method) == NID_ad_OCSP)
			take(to, at->location);
	}
	AUTHORITY_INFO_ACCESS_free(all);
	ERR_pop_to_mark();
}

void
ck_crl_urls(const X509 *x, struct ck_urls *to)
{
	CRL_DIST_POINTS *all = NULL;

	*to = (struct ck_urls){ .n = 0 };
	ERR_set_mark();
	all = X509_get_ext_d2i(x, NID_crl_distribution_points, NULL, NULL);
	for (int i = 0; i < sk_DIST_POINT_num(all); i++) {
		const DIST_POINT *at = sk_DIST_POINT_value(all, i);
		const GENERAL_NAMES *names = NULL;

		/* a list of some reasons, or of another issuer, says too little */
		if (at->reasons == NULL && at->CRLissuer == NULL && at->distpoint != NULL &&
		    at->distpoint->type == 0)
			names = at->distpoint->name.fullname;
		to->others = to->others || names == NULL;
		for (int j = 0; j < sk_GENERAL_NAME_num(names); j++)
			take(to, sk_GENERAL_NAME_value(names, j));
	}
	CRL_DIST_POINTS_free(all);
	ERR_pop_to_mark();
}
