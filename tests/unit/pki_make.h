/* Certificates made while a test runs, so that neither keys nor binaries lie in the tree. */
#ifndef PKI_MAKE_H
#define PKI_MAKE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#define MADE_PARTS 8

struct part {
	const char *name; /* "CN" or "1.2.3.4": an attribute; an extension's short name */
	const char *value;
	int type; /* of an attribute: V_ASN1_*, 0 = UTF8String */
	int len;  /* 0 = strlen */
};

struct spec {
	struct part subject[MADE_PARTS], exts[MADE_PARTS];
	const struct made *by; /* NULL: self-signed */
	EVP_PKEY *key;	       /* borrowed; NULL: a new P-256 */
	const char *from, *to; /* ASN.1 times; NULL: 2025-01-01, 2030-01-01 */
	const char *serial;    /* hexadecimal; NULL: 1001 */
	const EVP_MD *md;      /* NULL: SHA-256 */
	const char *sm2_id;    /* of a signer whose key is SM2; NULL: none, as OpenSSL does it */
	int v1;
};

struct made {
	X509 *x;
	EVP_PKEY *key;
	unsigned char *der;
	size_t n;
};

/* the test itself is wrong: say where */
static void
made_stop(const char *what)
{
	fprintf(stderr, "cannot make %s\n", what);
	ERR_print_errors_fp(stderr);
	abort();
}

/* SHA-256 of its SubjectPublicKeyInfo, as OpenSSL makes it */
__attribute__((unused)) static void
key_hash(EVP_PKEY *key, unsigned char hash[32])
{
	unsigned char *der = NULL;
	int n = i2d_PUBKEY(key, &der);

	if (n <= 0 || EVP_Digest(der, (size_t)n, hash, NULL, EVP_sha256(), NULL) != 1)
		made_stop("a key's hash");
	OPENSSL_free(der);
}

__attribute__((unused)) static EVP_PKEY *
rsa_key(unsigned bits)
{
	return EVP_RSA_gen(bits);
}

__attribute__((unused)) static X509_NAME *
make_name(const struct part *p)
{
	X509_NAME *name = X509_NAME_new();

	for (int i = 0; i < MADE_PARTS && p[i].name != NULL; i++)
		if (X509_NAME_add_entry_by_txt(name, p[i].name,
			p[i].type ? p[i].type : V_ASN1_UTF8STRING,
			(const unsigned char *)p[i].value,
			p[i].len ? p[i].len : (int)strlen(p[i].value), -1, 0) != 1)
			made_stop(p[i].name);
	return name;
}

/* A known extension from OpenSSL's text, any other from the DER of "ASN1_generate" text. */
__attribute__((unused)) static void
add_ext(X509 *x, X509 *issuer, const struct part *p)
{
	X509_EXTENSION *e = NULL;
	X509V3_CTX ctx;

	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	e = X509V3_EXT_nconf(NULL, &ctx, p->name, p->value);
	if (e == NULL || X509_add_ext(x, e, -1) != 1)
		made_stop(p->name);
	X509_EXTENSION_free(e);
}

/* what X509_sign_ctx and its like take; NULL: as OpenSSL does it, under no user ID */
__attribute__((unused)) static EVP_MD_CTX *
sm2_signing(EVP_PKEY *key, const char *id)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *way = NULL;

	if (EVP_DigestSignInit(ctx, &way, EVP_sm3(), NULL, key) != 1 ||
	    (id != NULL && EVP_PKEY_CTX_set1_id(way, id, (int)strlen(id)) != 1))
		made_stop("an SM2 signature");
	return ctx;
}

static int
made_sign(X509 *x, EVP_PKEY *key, const struct spec *s)
{
	EVP_MD_CTX *ctx = NULL;
	int n = 0;

	if (!EVP_PKEY_is_a(key, "SM2"))
		return X509_sign(x, key, s->md ? s->md : EVP_sha256());
	ctx = sm2_signing(key, s->sm2_id);
	n = X509_sign_ctx(x, ctx);
	EVP_MD_CTX_free(ctx);
	return n;
}

__attribute__((unused)) static struct made
make_cert(const struct spec *s)
{
	struct made m = { .x = X509_new(), .key = s->key };
	X509 *issuer = s->by ? s->by->x : m.x;
	X509_NAME *subject = make_name(s->subject);
	BIGNUM *bn = NULL;

	if (m.key != NULL)
		EVP_PKEY_up_ref(m.key);
	else
		m.key = EVP_EC_gen("P-256");
	BN_hex2bn(&bn, s->serial ? s->serial : "1001");
	BN_to_ASN1_INTEGER(bn, X509_get_serialNumber(m.x));
	X509_set_version(m.x, s->v1 ? X509_VERSION_1 : X509_VERSION_3);
	X509_set_subject_name(m.x, subject);
	X509_set_issuer_name(m.x, s->by ? X509_get_subject_name(issuer) : subject);
	X509_set_pubkey(m.x, m.key);
	ASN1_TIME_set_string(X509_getm_notBefore(m.x), s->from ? s->from : "250101000000Z");
	ASN1_TIME_set_string(X509_getm_notAfter(m.x), s->to ? s->to : "300101000000Z");
	for (int i = 0; i < MADE_PARTS && s->exts[i].name != NULL; i++)
		add_ext(m.x, issuer, &s->exts[i]);
	if (made_sign(m.x, s->by ? s->by->key : m.key, s) <= 0)
		made_stop("signature");
	m.n = (size_t)i2d_X509(m.x, &m.der);
	BN_free(bn);
	X509_NAME_free(subject);
	return m;
}

__attribute__((unused)) static void
made_free(struct made *m)
{
	X509_free(m->x);
	EVP_PKEY_free(m->key);
	OPENSSL_free(m->der);
	memset(m, 0, sizeof *m);
}

/* PEM text; the caller frees it */
__attribute__((unused)) static char *
made_pem(const struct made *m)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *p = NULL, *text = NULL;
	long n = 0;

	PEM_write_bio_X509(bio, m->x);
	n = BIO_get_mem_data(bio, &p);
	text = strndup(p, (size_t)n);
	BIO_free(bio);
	return text;
}

/* a folder of the test's own, which it removes itself */
__attribute__((unused)) static void
scratch_dir(char *out, size_t cap)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(out, cap, "%s/certkiosk.XXXXXX", tmp != NULL ? tmp : P_tmpdir);
	if (mkdtemp(out) == NULL)
		made_stop(out);
}

__attribute__((unused)) static void
write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		made_stop(path);
}

#endif
