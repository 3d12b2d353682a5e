/* Certificates in every shape an EST server may give them, and what is none of them. */
#include "t.h"

#include <stdlib.h>
#include <openssl/pkcs7.h>

#include "../fake/peer.h"
#include "base/buf.h"
#include "ca/est_body.h"

#define CHAIN 500
#define CHAIN_MAX 64 /* of est_body.c */

static X509 *root, *sub, *next, *mine;
static EVP_PKEY *root_key, *sub_key, *next_key, *my_key;
static unsigned char *der, *csr;
static size_t der_n, csr_n;

static unsigned char *
certs_only(X509 *const *list, size_t n, size_t *out_n)
{
	PKCS7 *p7 = PKCS7_new();
	unsigned char *out = NULL, *copy = NULL;
	int len = 0;

	PKCS7_set_type(p7, NID_pkcs7_signed);
	PKCS7_content_new(p7, NID_pkcs7_data);
	for (size_t i = 0; i < n; i++)
		PKCS7_add_certificate(p7, list[i]);
	len = i2d_PKCS7(p7, &out);
	PKCS7_free(p7);
	*out_n = (size_t)len;
	copy = malloc((size_t)len + 1);
	memcpy(copy, out, (size_t)len);
	copy[len] = '\0';
	OPENSSL_free(out);
	return copy;
}

/* how many certificates are in it, -1 when it is refused */
static int
count(const void *body, size_t n)
{
	char *whole = malloc(n + 1);
	STACK_OF(X509) *certs = NULL;
	int have;

	memcpy(whole, body, n);
	whole[n] = '\0';
	certs = ck_est_certs((unsigned char *)whole, n);
	have = certs != NULL ? sk_X509_num(certs) : -1;
	sk_X509_pop_free(certs, X509_free);
	free(whole);
	return have;
}

/* of text with something behind */
static int
count_text(const char *behind, const char *text)
{
	char *all = NULL;
	int n = asprintf(&all, "%s%s", text, behind), have = n > 0 ? count(all, (size_t)n) : -2;

	free(all);
	return have;
}

/* every so many letters, end */
static char *
broken(const char *line, size_t columns, const char *end)
{
	char *out = calloc(1, strlen(line) * (strlen(end) + 1) + 1);

	for (size_t at = 0; at < strlen(line); at += columns)
		strcat(strncat(out, line + at, columns), end);
	return out;
}

static void
test_shapes(void)
{
	static const struct {
		size_t columns;
		const char *end, *name;
	} ways[] = { { 64, "\n", "64 columns" }, { 76, "\r\n", "76 columns and CRLF" },
		{ 5, " ", "blanks in it" }, { 1, "\t\n", "a letter a line" } };
	char *line = ck_base64(der, der_n), *text = NULL;

	T(count(der, der_n) == 2, "as it is");
	T(count(line, strlen(line)) == 2, "one line");
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		text = broken(line, ways[i].columns, ways[i].end);
		T(count(text, strlen(text)) == 2, "%s", ways[i].name);
		free(text);
	}
	T(count_text("\n\n", line) == 2, "empty lines behind");
	free(line);
}

static void
test_armour(void)
{
	char *line = ck_base64(der, der_n), *body = broken(line, 64, "\n"), all[8192];
	static const char *const labels[] = { "PKCS7", "CMS", "PKCS #7 SIGNED DATA" };

	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
		snprintf(all, sizeof all, "\n-----BEGIN %s-----\n%s-----END %s-----\n", labels[i],
		    body, labels[i]);
		T(count(all, strlen(all)) == 2, "PEM of %s", labels[i]);
	}
	snprintf(all, sizeof all, "-----BEGIN CMS-----\n%s-----END PKCS7-----\n", body);
	T(count(all, strlen(all)) == -1, "PEM that ends as another");
	snprintf(all, sizeof all, "-----BEGIN PKCS7-----\n%s", body);
	T(count(all, strlen(all)) == -1, "PEM without an end");
	snprintf(all, sizeof all, "-----BEGIN PKCS7-----\n%s-----END PKCS7-----\nmore", body);
	T(count(all, strlen(all)) == -1, "something behind PEM");
	snprintf(
	    all, sizeof all, "-----BEGIN CERTIFICATE-----\n%s-----END CERTIFICATE-----\n", body);
	T(count(all, strlen(all)) == -1, "PEM of something else");
	free(line);
	free(body);
}

static void
test_refused(void)
{
	char *line = ck_base64(der, der_n), *more = calloc(1, der_n + 8);
	unsigned char *none = NULL, *one = NULL, *full = NULL;
	X509 *chain[CHAIN];
	size_t none_n = 0, full_n = 0;
	int n = 0;

	memcpy(more, der, der_n);
	T(count("", 0) == -1, "nothing");
	T(count(" \n", 2) == -1, "nothing but blanks");
	T(count(more, der_n + 1) == -1, "a byte behind it");
	T(count(der, der_n - 1) == -1, "a byte short of it");
	T(count_text("<html>", line) == -1, "a page behind it");
	T(count_text("A", line) == -1, "a letter behind it");
	T(count_text("", "TUlJ") == -1, "base64 of something else");
	T(count("MII\0MII", 7) == -1, "a NUL in it");
	n = i2d_X509(mine, &one);
	T(count(one, (size_t)n) == -1, "a certificate by itself");
	none = certs_only(NULL, 0, &none_n);
	T(count(none, none_n) == -1, "no certificate in it");
	for (size_t i = 0; i < CHAIN; i++)
		chain[i] = mine;
	T((full = certs_only(chain, CHAIN_MAX, &full_n)) != NULL &&
		count(full, full_n) == CHAIN_MAX,
	    "as many certificates as are taken");
	free(full);
	T((full = certs_only(chain, CHAIN, &full_n)) != NULL && count(full, full_n) == -1,
	    "a chain of five hundred");
	free(full);
	more = realloc(more, 300 * 1024);
	memset(more, 'A', 300 * 1024);
	T(count(more, 300 * 1024) == -1, "more than is taken");
	free(none);
	OPENSSL_free(one);
	free(more);
	free(line);
}

static void
test_pick(void)
{
	X509 *list[] = { sub, mine };
	size_t n = 0;
	unsigned char *bytes = NULL;
	STACK_OF(X509) *certs = NULL;

	for (int turn = 0; turn < 2; turn++) {
		bytes = certs_only(list, 2, &n);
		certs = ck_est_certs(bytes, n);
		T(certs != NULL && X509_cmp(ck_est_pick(certs, csr, csr_n), mine) == 0,
		    "ours, at place %d", 1 - turn);
		sk_X509_pop_free(certs, X509_free);
		free(bytes);
		list[0] = mine;
		list[1] = sub;
	}
	list[0] = root;
	bytes = certs_only(&list[0], 1, &n);
	certs = ck_est_certs(bytes, n);
	T(certs != NULL && ck_est_pick(certs, csr, csr_n) == NULL, "none of ours");
	T(ck_est_pick(certs, csr, csr_n - 1) == NULL, "a request that is none");
	sk_X509_pop_free(certs, X509_free);
	free(bytes);
}

static int
judged(X509 *const *given, size_t n, X509 *trusted, X509 *accepted)
{
	STACK_OF(X509) *g = sk_X509_new_null(), *a = sk_X509_new_null();
	X509_STORE *trust = X509_STORE_new();
	int verdict;

	for (size_t i = 0; i < n; i++)
		sk_X509_push(g, given[i]);
	sk_X509_push(a, accepted);
	sk_X509_push(a, root); /* roots stand there as well, and do not issue */
	X509_STORE_add_cert(trust, trusted);
	verdict = ck_est_issuers(g, trust, a);
	X509_STORE_free(trust);
	sk_X509_free(g);
	sk_X509_free(a);
	return verdict;
}

static void
test_issuers(void)
{
	X509 *both[] = { root, sub, next }, *rolled[] = { next, root };

	T(judged(both, 3, root, sub) == 1, "one of two that issue is accepted");
	T(judged(rolled, 2, root, sub) == 0, "rolled over: its root is no issuer");
	T(judged(rolled, 2, root, next) == 1, "rolled over, and the site knows");
	T(judged(rolled, 1, next, next) == 1, "trusted without its root");
	T(judged(both, 3, mine, sub) == -1, "under nobody who is trusted");
	T(judged(&mine, 1, root, mine) == -1, "no authority at all");
	T(judged(&root, 1, root, sub) == 1, "a root that issues by itself");
}

static void
test_request(void)
{
	size_t n = 0, back_n = 0, column = 0, longest = 0;
	char *text = ck_est_request(csr, csr_n, &n);
	unsigned char *back = ck_unbase64(text, 4096, &back_n);

	for (size_t i = 0; i < n; i++) {
		column = text[i] == '\n' ? 0 : column + 1;
		longest = column > longest ? column : longest;
	}
	T(longest == 64 && column == 0 && strlen(text) == n, "lines of 64 letters");
	T(back != NULL && back_n == csr_n && memcmp(back, csr, csr_n) == 0, "the request itself");
	free(back);
	free(text);
}

int
main(void)
{
	X509 *list[2];

	root_key = peer_key();
	sub_key = peer_key();
	next_key = peer_key();
	my_key = peer_key();
	root = peer_cert("Root", root_key, NULL, NULL, PEER_CA, -60, 86400);
	sub = peer_cert("Issuing CA 1", sub_key, root, root_key, PEER_CA, -60, 86400);
	next = peer_cert("Issuing CA 2", next_key, root, root_key, PEER_CA, -60, 86400);
	mine = peer_cert("张三", my_key, sub, sub_key, PEER_CLIENT, -60, 86400);
	csr = peer_csr(my_key, "张三", &csr_n);
	list[0] = sub;
	list[1] = mine;
	der = certs_only(list, 2, &der_n);
	test_shapes();
	test_armour();
	test_refused();
	test_pick();
	test_issuers();
	test_request();
	free(der);
	free(csr);
	X509_free(root);
	X509_free(sub);
	X509_free(next);
	X509_free(mine);
	EVP_PKEY_free(root_key);
	EVP_PKEY_free(sub_key);
	EVP_PKEY_free(next_key);
	EVP_PKEY_free(my_key);
	return T_END();
}
