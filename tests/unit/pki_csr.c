/* RSA_METHOD is how libp11 makes its handles, so the test's faulty keys are made the same way. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "pki/pki.h"

#include "pki_make.h"
#include "t.h"

/* every string kind, two values in one: what a re-encoding would change */
static const struct spec old_spec = {
	.subject = { { "C", "CN", V_ASN1_PRINTABLESTRING, 0 },
	    { "O", "\x4e\x0a\x6d\x77", V_ASN1_BMPSTRING, 4 },
	    { "OU", "caf\xe9", V_ASN1_T61STRING, 0 },
	    { "CN", "  Zhang   San ", V_ASN1_UTF8STRING, 0 },
	    { "1.2.156.99.1", "91370000", V_ASN1_IA5STRING, 0 } },
};

static EVP_PKEY *other; /* whose private half the crossed handle uses */

static int
crossed(int n, const unsigned char *from, unsigned char *to, RSA *rsa, int padding)
{
	(void)rsa;
	return RSA_private_encrypt(n, from, to, (RSA *)EVP_PKEY_get0_RSA(other), padding);
}

static int
removed(int n, const unsigned char *from, unsigned char *to, RSA *rsa, int padding)
{
	(void)n, (void)from, (void)to, (void)rsa, (void)padding;
	return -1;
}

/* a handle with the public half of key that signs by method */
static EVP_PKEY *
handle(EVP_PKEY *key, RSA_METHOD *method,
    int (*sign)(int, const unsigned char *, unsigned char *, RSA *, int))
{
	RSA *rsa = EVP_PKEY_get1_RSA(key), *own = RSAPublicKey_dup(rsa);
	EVP_PKEY *h = EVP_PKEY_new();

	RSA_meth_set_priv_enc(method, sign);
	RSA_set_method(own, method);
	EVP_PKEY_assign_RSA(h, own);
	RSA_free(rsa);
	return h;
}

static void
test_request(const char *what, EVP_PKEY *key)
{
	struct made old = make_cert(&old_spec);
	unsigned char *der = NULL, spki[CK_HASH_LEN] = { 0 }, same[CK_HASH_LEN] = { 0 };
	const unsigned char *p = NULL, *a = NULL, *b = NULL;
	struct ck_err err = { 0 };
	X509_REQ *req = NULL;
	size_t n = 0, na = 0, nb = 0;

	T(ck_csr_make(key, old.der, old.n, &der, &n, &err) == 0, "%s: a request is made", what);
	p = der;
	req = d2i_X509_REQ(NULL, &p, (long)n);
	T(req != NULL && p == der + n, "%s: of DER and nothing else", what);
	X509_NAME_get0_der(X509_REQ_get_subject_name(req), &a, &na);
	X509_NAME_get0_der(X509_get_subject_name(old.x), &b, &nb);
	T(na == nb && memcmp(a, b, na) == 0, "%s: the old subject to the byte", what);
	T(X509_REQ_verify(req, key) == 1, "%s: signed by the new key", what);
	T(X509_REQ_get_signature_nid(req) == NID_sha256WithRSAEncryption ||
		X509_REQ_get_signature_nid(req) == NID_ecdsa_with_SHA256,
	    "%s: with SHA-256", what);
	T(X509_REQ_get_version(req) == X509_REQ_VERSION_1, "%s: version 1", what);
	key_hash(key, same);
	T(ck_csr_spki(der, n, spki, NULL) == 0 && memcmp(spki, same, sizeof spki) == 0,
	    "%s: its public key is the key's", what);
	T(ck_csr_spki(der, n - 1, spki, &err) == -1, "%s: cut short it is no request", what);
	X509_REQ_free(req);
	free(der);
	made_free(&old);
}

static void
test_faulty(EVP_PKEY *key)
{
	struct made old = make_cert(&old_spec);
	struct spec spec = { .subject = { { .name = "CN", .value = "a" } }, .key = key };
	struct made cert = make_cert(&spec);
	RSA_METHOD *method = RSA_meth_dup(RSA_get_default_method());
	EVP_PKEY *h = handle(key, method, crossed);
	unsigned char *der = NULL;
	struct ck_err err = { 0 };
	size_t n = 0;

	T(ck_csr_make(h, old.der, old.n, &der, &n, &err) == -1 &&
		err.code == CK_E_SIGNATURE_WRONG && der == NULL,
	    "another private key behind the handle: no request");
	err = (struct ck_err){ 0 };
	T(ck_key_proves(h, cert.der, cert.n, &err) == -1 && err.code == CK_E_SIGNATURE_WRONG,
	    "nor does it prove the certificate");
	EVP_PKEY_free(h);
	h = handle(key, method, removed);
	err = (struct ck_err){ 0 };
	T(ck_csr_make(h, old.der, old.n, &der, &n, &err) == -1 && err.code == CK_E_KEY_TROUBLE &&
		der == NULL,
	    "a key that does not sign: no request");
	err = (struct ck_err){ 0 };
	T(ck_key_proves(h, cert.der, cert.n, &err) == -1 && err.code == CK_E_KEY_TROUBLE,
	    "nor a proof");
	EVP_PKEY_free(h);
	err = (struct ck_err){ 0 };
	T(ck_csr_make(key, old.der, 10, &der, &n, &err) == -1 && err.code == CK_E_CERT_UNREADABLE,
	    "an old certificate that cannot be read: no request");
	RSA_meth_free(method);
	made_free(&cert);
	made_free(&old);
}

static void
test_proves(EVP_PKEY *key, const char *what)
{
	struct spec spec = { .subject = { { .name = "CN", .value = "a" } }, .key = key };
	struct spec foreign = { .subject = { { .name = "CN", .value = "a" } } };
	struct made mine = make_cert(&spec), theirs = make_cert(&foreign);
	struct ck_err err = { 0 };

	T(ck_key_proves(key, mine.der, mine.n, &err) == 0, "%s proves its certificate", what);
	T(ck_key_proves(key, theirs.der, theirs.n, &err) == -1 && err.code == CK_E_SIGNATURE_WRONG,
	    "%s does not prove another's", what);
	err = (struct ck_err){ 0 };
	T(ck_key_proves(key, (const unsigned char *)"x", 1, &err) == -1 &&
		err.code == CK_E_CERT_UNREADABLE,
	    "%s proves no rubbish", what);
	made_free(&mine);
	made_free(&theirs);
}

int
main(void)
{
	EVP_PKEY *rsa = rsa_key(2048), *ec = EVP_EC_gen("P-256"), *h = NULL;
	RSA_METHOD *method = RSA_meth_dup(RSA_get_default_method());

	other = rsa_key(2048);
	test_request("RSA-2048", rsa);
	test_request("P-256", ec);
	h = handle(other, method, crossed);
	test_request("a handle that only signs", h);
	EVP_PKEY_free(h);
	test_faulty(rsa);
	test_proves(rsa, "RSA-2048");
	test_proves(ec, "P-256");
	RSA_meth_free(method);
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(ec);
	EVP_PKEY_free(other);
	return T_END();
}
