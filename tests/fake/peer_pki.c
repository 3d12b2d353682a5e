#include "peer.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>

#define DAY 86400L

static void
must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "peer: %s\n", what);
	abort();
}

EVP_PKEY *
peer_key(void)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");

	must(key != NULL, "key");
	return key;
}

static void
extend(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *e = NULL;

	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	must(e != NULL && X509_add_ext(cert, e, -1) == 1, value);
	X509_EXTENSION_free(e);
}

X509 *
peer_cert(const char *cn, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key, enum peer_use use,
    long from, long to)
{
	static const char *const usage[] = {
		[PEER_CA] = "critical,keyCertSign,cRLSign,digitalSignature",
		[PEER_SERVER] = "critical,digitalSignature",
		[PEER_CLIENT] = "critical,digitalSignature",
	};
	X509 *cert = X509_new();
	X509_NAME *name = X509_NAME_new();
	X509 *by = issuer != NULL ? issuer : cert;
	uint64_t serial = 0;

	must(cert != NULL && name != NULL && RAND_bytes((unsigned char *)&serial, 7) == 1, "cert");
	must(X509_NAME_add_entry_by_txt(
		 name, "CN", MBSTRING_UTF8, (const unsigned char *)cn, -1, -1, 0) == 1,
	    "name");
	must(X509_set_version(cert, X509_VERSION_3) == 1 &&
		 X509_set_subject_name(cert, name) == 1 &&
		 ASN1_INTEGER_set_uint64(X509_get_serialNumber(cert), serial | 1) == 1 &&
		 X509_set_issuer_name(cert, X509_get_subject_name(by)) == 1 &&
		 X509_gmtime_adj(X509_getm_notBefore(cert), from) != NULL &&
		 X509_gmtime_adj(X509_getm_notAfter(cert), to) != NULL &&
		 X509_set_pubkey(cert, key) == 1,
	    "cert fields");
	extend(cert, by, NID_basic_constraints, use == PEER_CA ? "critical,CA:TRUE" : "CA:FALSE");
	extend(cert, by, NID_key_usage, usage[use]);
	extend(cert, by, NID_subject_key_identifier, "hash");
	if (use == PEER_SERVER)
		extend(cert, by, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
	must(X509_sign(cert, issuer_key != NULL ? issuer_key : key, EVP_sha256()) > 0, "cert sign");
	X509_NAME_free(name);
	return cert;
}

void
peer_save_cert(const char *file, X509 *cert)
{
	FILE *f = fopen(file, "w");

	must(f != NULL && PEM_write_X509(f, cert) == 1 && fclose(f) == 0, file);
}

void
peer_save_key(const char *file, EVP_PKEY *key)
{
	FILE *f = fopen(file, "w");

	must(f != NULL && PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL) == 1 &&
		 fclose(f) == 0,
	    file);
}

void
peer_pin(EVP_PKEY *key, char out[64])
{
	unsigned char *der = NULL, hash[SHA256_DIGEST_LENGTH], text[48];
	int n = i2d_PUBKEY(key, &der);

	must(n > 0, "pin");
	SHA256(der, (size_t)n, hash);
	EVP_EncodeBlock(text, hash, sizeof hash);
	snprintf(out, 64, "sha256//%.44s", (char *)text);
	OPENSSL_free(der);
}

unsigned char *
peer_csr(EVP_PKEY *key, const char *cn, size_t *n)
{
	X509_REQ *req = X509_REQ_new();
	unsigned char *der = NULL, *p = NULL;
	int len = 0;

	must(req != NULL &&
		 X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(req), "CN", MBSTRING_UTF8,
		     (const unsigned char *)cn, -1, -1, 0) == 1 &&
		 X509_REQ_set_pubkey(req, key) == 1 && X509_REQ_sign(req, key, EVP_sha256()) > 0,
	    "request");
	len = i2d_X509_REQ(req, NULL);
	must(len > 0 && (p = der = malloc((size_t)len)) != NULL, "request");
	*n = (size_t)i2d_X509_REQ(req, &p);
	X509_REQ_free(req);
	return der;
}

/* ---- the site ---- */

const char *
peer_file(const struct peer_site *s, const char *name)
{
	static char paths[4][256];
	static unsigned turn;
	char *out = paths[turn++ % 4];

	snprintf(out, sizeof paths[0], "%s/%s", s->dir, name);
	return out;
}

/* NAME.pem and NAME.key; the pin when asked for */
static void
save_pair(struct peer_site *s, const char *name, const char *cn, X509 *ca, EVP_PKEY *ca_key,
    enum peer_use use, char *pin)
{
	EVP_PKEY *key = peer_key();
	X509 *cert = peer_cert(cn, key, ca, ca_key, use, -DAY, DAY);
	X509 *late = peer_cert(cn, key, ca, ca_key, use, -2 * DAY, -DAY);
	char file[64];

	snprintf(file, sizeof file, "%s.pem", name);
	peer_save_cert(peer_file(s, file), cert);
	snprintf(file, sizeof file, "%s.key", name);
	peer_save_key(peer_file(s, file), key);
	if (strcmp(name, "server") == 0)
		peer_save_cert(peer_file(s, "late.pem"), late);
	if (pin != NULL)
		peer_pin(key, pin);
	X509_free(cert);
	X509_free(late);
	EVP_PKEY_free(key);
}

void
peer_site_make(struct peer_site *s)
{
	const char *tmp = getenv("TMPDIR");
	EVP_PKEY *key = peer_key(), *other_key = peer_key();
	X509 *ca = peer_cert("Root of the site", key, NULL, NULL, PEER_CA, -DAY, DAY);
	X509 *other = peer_cert("Root of strangers", other_key, NULL, NULL, PEER_CA, -DAY, DAY);

	snprintf(s->dir, sizeof s->dir, "%s/certkiosk-peer.XXXXXX", tmp != NULL ? tmp : "/tmp");
	must(mkdtemp(s->dir) != NULL, s->dir);
	peer_save_cert(peer_file(s, "ca.pem"), ca);
	peer_save_cert(peer_file(s, "other-ca.pem"), other);
	save_pair(s, "server", "desk", ca, key, PEER_SERVER, s->pin);
	save_pair(s, "kiosk", "kiosk-1", ca, key, PEER_CLIENT, NULL);
	save_pair(s, "other", "desk", other, other_key, PEER_SERVER, s->other_pin);
	save_pair(s, "stranger", "kiosk-1", other, other_key, PEER_CLIENT, NULL);
	X509_free(ca);
	X509_free(other);
	EVP_PKEY_free(key);
	EVP_PKEY_free(other_key);
}

void
peer_site_remove(struct peer_site *s)
{
	DIR *d = opendir(s->dir);
	struct dirent *e = NULL;

	while (d != NULL && (e = readdir(d)) != NULL)
		if (e->d_name[0] != '.')
			unlink(peer_file(s, e->d_name));
	if (d != NULL)
		closedir(d);
	rmdir(s->dir);
}
