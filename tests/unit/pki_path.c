/* From a certificate up to its root, and the addresses it names. */
#include "pki_revoke.h"
#include "t.h"

/* ---- the path ---- */

static bool
climbs(const struct made *m, const struct made *const *members, size_t n, bool whole)
{
	struct ck_issuers *is = issuers(members);
	struct ck_path *p = path_of(m, is);
	bool good = p->n == n && p->whole == whole;

	if (!good)
		printf("#   %zu issuers, %s\n", p->n, p->whole ? "whole" : "open");
	ck_path_free(p);
	ck_issuers_free(is);
	return good;
}

static void
test_path(void)
{
	struct made a = ca("A", NULL, NULL), b = ca("B", NULL, NULL);
	struct made a_by_b = ca("A", &b, a.key), b_by_a = ca("B", &a, b.key);
	struct made of_a = user("31", &a, (struct part){ 0 }, (struct part){ 0 });
	const struct made *const both[] = { &root, &sub, NULL }, *const one[] = { &sub, NULL },
				 *const other[] = { &stranger, NULL },
				 *const ring[] = { &a_by_b, &b_by_a, NULL };
	struct ck_path *p = NULL;
	struct ck_err err = { 0 };

	T(climbs(&leaf, both, 2, true), "chain: up to the root");
	T(path->issuers[0] != NULL && X509_cmp(path->issuers[0], sub.x) == 0,
	    "chain: the issuer is first");
	T(climbs(&leaf, one, 1, false), "chain: a root that is not there");
	T(climbs(&leaf, other, 0, false), "chain: another CA of the same name");
	T(climbs(&stranger, both, 0, true), "chain: self-signed, and of nobody here");
	T(climbs(&root, both, 0, true), "chain: a root itself");
	T(climbs(&of_a, ring, 2, false), "chain: CAs that certified each other end it");
	T(!path->weak, "chain: SHA-256 is not weak");
	T(ck_path_make(NULL, 0, (const unsigned char *)"0", 1, &p, &err) == -1 && p == NULL &&
		err.code == CK_E_CERT_UNREADABLE,
	    "chain: of no certificate");
	made_free(&a);
	made_free(&b);
	made_free(&a_by_b);
	made_free(&b_by_a);
	made_free(&of_a);
}

static void
test_old(void)
{
	struct spec s = { .subject = { { .name = "CN", .value = "2009" } }, .by = &sub };
	struct made old, deep[CK_CHAIN_MAX + 2];
	const struct made *all[CK_CHAIN_MAX + 3] = { NULL };
	struct ck_path *p = NULL;
	char cn[16];

	s.md = EVP_sha1();
	old = make_cert(&s);
	p = path_of(&old, pool);
	T(p->n == 2 && p->weak, "chain: SHA-1 is read, and said");
	ck_path_free(p);
	made_free(&old);
	for (size_t i = 0; i < CK_CHAIN_MAX + 2; i++) {
		snprintf(cn, sizeof cn, "%zu", i);
		deep[i] = ca(cn, i > 0 ? &deep[i - 1] : NULL, NULL);
		all[i] = &deep[i];
	}
	T(climbs(&deep[CK_CHAIN_MAX + 1], all, CK_CHAIN_MAX, false), "chain: one that is too long");
	for (size_t i = 0; i < CK_CHAIN_MAX + 2; i++)
		made_free(&deep[i]);
}

/* ---- addresses ---- */

static struct ck_urls
urls(const char *ext, const char *value)
{
	struct made m =
	    user("41", &sub, (struct part){ .name = ext, .value = value }, (struct part){ 0 });
	struct ck_urls u;

	if (strcmp(ext, "authorityInfoAccess") == 0)
		ck_ocsp_urls(m.x, &u);
	else
		ck_crl_urls(m.x, &u);
	made_free(&m);
	return u;
}

static bool
no_url(const char *value)
{
	struct ck_urls u = urls("authorityInfoAccess", value);

	if (u.n > 0)
		printf("#   took \"%s\"\n", u.at[0]);
	return u.n == 0 && u.others;
}

static void
test_urls(void)
{
	char longest[CK_URL_MAX + 16] = "OCSP;URI:http://h/";
	struct ck_urls u =
	    urls("authorityInfoAccess", "caIssuers;URI:http://x/ca.cer,OCSP;URI:" RESPONDER
					",OCSP;DNS:x,OCSP;URI:HTTPS://h:8/");

	T(u.n == 2 && u.others, "addresses: the responder's only");
	T_STR(u.at[0], RESPONDER, "addresses: the first");
	T_STR(u.at[1], "HTTPS://h:8/", "addresses: the second");
	u = urls("authorityInfoAccess",
	    "OCSP;URI:http://1/,OCSP;URI:http://2/,OCSP;URI:http://3/,OCSP;URI:http://4/,"
	    "OCSP;URI:http://5/");
	T(u.n == CK_URLS_MAX && u.others, "addresses: no more than are asked");
	T(no_url("OCSP;URI:ldap://h/x") && no_url("OCSP;URI:file:///etc/passwd") &&
		no_url("OCSP;URI:gopher://h/"),
	    "addresses: other schemes");
	T(no_url("OCSP;URI:http:///x") && no_url("OCSP;URI:http://") &&
		no_url("OCSP;URI:http://:80/") && no_url("OCSP;URI:http://?x") &&
		no_url("OCSP;URI:http:/h/"),
	    "addresses: no host");
	T(no_url("OCSP;URI:http://known@h/") && no_url("OCSP;URI:http://a:b@h/"),
	    "addresses: a user");
	T(no_url("OCSP;URI:http://h/ x") && no_url("OCSP;URI:http://h/\x1b[2J") &&
		no_url("OCSP;URI:http://h/a\tb") && no_url("OCSP;URI:http://h\\x/") &&
		no_url("OCSP;URI:http://h/{a}") && no_url("OCSP;URI:http://h/#x") &&
		no_url("OCSP;URI:http://h/\xe5\xbc\xa0"),
	    "addresses: letters none has");
	T(no_url("DER:30:19:30:17:06:08:2b:06:01:05:05:07:30:01:"
		 "86:0b:68:74:74:70:3a:2f:2f:68:2f:00:61"),
	    "addresses: one that ends before its end");
	memset(longest + strlen(longest), 'a', CK_URL_MAX - 1 - strlen("http://h/"));
	T(urls("authorityInfoAccess", longest).n == 1, "addresses: the longest");
	strcat(longest, "a");
	T(no_url(longest), "addresses: one letter longer");
}

static void
test_points(void)
{
	/* a distribution point with reasons, one with another issuer, one named relatively */
	static const char reasons[] = "DER:30:1f:30:1d:a0:17:a0:15:86:13:"
				      "68:74:74:70:3a:2f:2f:68:2f:31:32:33:34:35:36:37:38:39:30:"
				      "81:02:05:60";
	struct ck_urls u = urls("crlDistributionPoints", "URI:ldap://h/x,URI:" POINT);

	T(u.n == 1 && u.others && strcmp(u.at[0], POINT) == 0, "points: the list of the web");
	u = urls("crlDistributionPoints", reasons);
	T(u.n == 0 && u.others, "points: for some reasons only");
	u = urls("crlDistributionPoints", "DER:30:03:01:02:03");
	T(u.n == 0, "points: damaged");
	u = urls("authorityInfoAccess", "DER:04:00");
	T(u.n == 0 && !u.others, "addresses: damaged");
	ck_ocsp_urls(sub.x, &u);
	T(u.n == 0 && !u.others, "addresses: none named");
	ck_crl_urls(sub.x, &u);
	T(u.n == 0 && !u.others, "points: none named");
}

int
main(void)
{
	make_all();
	test_path();
	test_old();
	test_urls();
	test_points();
	free_all();
	return T_END();
}
