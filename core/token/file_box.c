/* Opening and sealing one pair: PKCS#12, PKCS#8, and the PEM of before PKCS#8. */
#include <stdlib.h>
#include <string.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/x509.h>

#include "base/utf8.h"
#include "token/file.h"

/* PBKDF2: some 10 ms a try here; the desk's envelope passwords are short */
#define ITERATIONS 20000
/* what others may ask for: a few seconds; a thousand times what is in use today */
#define ROUNDS_MAX 10000000

int
ck_secret_copy(struct ck_secret *to, const struct ck_secret *from)
{
	return ck_secret_set(to, ck_secret_bytes(from), ck_secret_len(from));
}

/* RC2-40 and single DES of old PKCS#12 live in the legacy provider, and naming one provider
 * switches the silent default off. Where legacy is not installed, such files are unsupported. */
static void
want_old_ciphers(void)
{
	ERR_set_mark();
	if (!OSSL_PROVIDER_available(NULL, "legacy") && OSSL_PROVIDER_load(NULL, "default") != NULL)
		OSSL_PROVIDER_load(NULL, "legacy");
	ERR_pop_to_mark();
}

static bool
says_unsupported(unsigned long e)
{
	int lib = ERR_GET_LIB(e), reason = ERR_GET_REASON(e);

	if (reason == ERR_R_UNSUPPORTED)
		return true;
	if (lib == ERR_LIB_PEM)
		return reason == PEM_R_UNSUPPORTED_ENCRYPTION || reason == PEM_R_UNSUPPORTED_CIPHER;
	return lib == ERR_LIB_EVP &&
	       (reason == EVP_R_UNKNOWN_PBE_ALGORITHM || reason == EVP_R_UNSUPPORTED_ALGORITHM ||
		   reason == EVP_R_UNSUPPORTED_CIPHER || reason == EVP_R_UNKNOWN_CIPHER ||
		   reason == EVP_R_UNSUPPORTED_PRF || reason == EVP_R_UNSUPPORTED_KEYLENGTH ||
		   reason == EVP_R_UNSUPPORTED_KEY_DERIVATION_FUNCTION ||
		   reason == EVP_R_UNSUPPORTED_PRIVATE_KEY_ALGORITHM);
}

/* What OpenSSL's queue says: unsupported, or otherwise. */
static int
refuse(enum ck_code otherwise, const char *name, struct ck_err *err)
{
	enum ck_code code = otherwise;
	unsigned long e = 0, native = ERR_peek_last_error();

	while ((e = ERR_get_error()) != 0)
		if (says_unsupported(e))
			code = CK_E_MEDIUM_UNSUPPORTED;
	return ck_fail_native(err, code, native, "%s", name);
}

/* ---- what a file is, without its password ---- */

bool
ck_p12_whole(const unsigned char *p, size_t n)
{
	const unsigned char *q = p;
	PKCS12 *p12 = NULL;
	bool good = false;

	ERR_set_mark();
	p12 = d2i_PKCS12(NULL, &q, (long)n);
	good = p12 != NULL && q == p + n;
	PKCS12_free(p12);
	ERR_pop_to_mark();
	return good;
}

static enum ck_key_form
form_of_pem(const char *text)
{
	if (strstr(text, "-----BEGIN ENCRYPTED PRIVATE KEY-----") != NULL)
		return CK_FORM_PKCS8_PEM;
	if (strstr(text, "PRIVATE KEY-----") == NULL)
		return CK_FORM_NONE;
	return strstr(text, "Proc-Type: 4,ENCRYPTED") != NULL ? CK_FORM_OLD_PEM : CK_FORM_PLAIN;
}

/* p is NUL-terminated, as ck_file_read leaves it. */
enum ck_key_form
ck_key_form(const unsigned char *p, size_t n)
{
	const unsigned char *q = p;
	X509_SIG *sealed = NULL;
	PKCS8_PRIV_KEY_INFO *plain = NULL;
	enum ck_key_form form = form_of_pem((const char *)p);

	if (form != CK_FORM_NONE)
		return form;
	ERR_set_mark();
	sealed = d2i_X509_SIG(NULL, &q, (long)n);
	if (sealed != NULL)
		form = q == p + n ? CK_FORM_PKCS8_DER : CK_FORM_NONE;
	q = p;
	if (sealed == NULL && (plain = d2i_PKCS8_PRIV_KEY_INFO(NULL, &q, (long)n)) != NULL)
		form = CK_FORM_PLAIN;
	X509_SIG_free(sealed);
	PKCS8_PRIV_KEY_INFO_free(plain);
	ERR_pop_to_mark();
	return form;
}

bool
ck_key_whole(const unsigned char *p, size_t n)
{
	static const unsigned char none[16];
	enum ck_key_form form = ck_key_form(p, n);

	if (form != CK_FORM_PKCS8_DER)
		return form != CK_FORM_NONE && strstr((const char *)p, "-----END") != NULL;
	/* a torn write may leave the length right and zeros for the end; no cipher does */
	return n > sizeof none && memcmp(p + n - sizeof none, none, sizeof none) != 0;
}

void
ck_file_cert_der(unsigned char **p, size_t *n)
{
	BIO *in = BIO_new_mem_buf(*p, (int)*n);
	X509 *x = NULL;
	unsigned char *der = NULL, *q = NULL;
	int len = 0;

	ERR_set_mark();
	x = in == NULL ? NULL : PEM_read_bio_X509(in, NULL, NULL, NULL);
	len = x == NULL ? 0 : i2d_X509(x, NULL);
	if (len > 0 && (der = q = malloc((size_t)len)) != NULL) {
		*n = (size_t)i2d_X509(x, &q);
		free(*p);
		*p = der;
	}
	X509_free(x);
	BIO_free(in);
	ERR_pop_to_mark();
}

/* ---- opening ---- */

/* The certificate a PKCS#12 holds for its key, in place of none. */
static int
keep_cert(struct ck_box *b, X509 *x, struct ck_err *err)
{
	int n = x == NULL ? 0 : i2d_X509(x, NULL), alias = 0;
	unsigned char *p = NULL;
	const char *name = NULL;

	if (n <= 0 || b->cert != NULL)
		return 0;
	b->cert = p = malloc((size_t)n);
	if (p == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "reading a certificate");
	b->cert_len = (size_t)i2d_X509(x, &p);
	name = (const char *)X509_alias_get0(x, &alias);
	if (name != NULL && alias > 0)
		ck_clean(b->label, sizeof b->label, name, (size_t)alias);
	return 0;
}

/* How often the password is hashed is said by whoever made the file: one that asks for minutes of
 * it is not waited for. */
static bool
is_slow(const PKCS12 *p12)
{
	const ASN1_INTEGER *rounds = NULL;
	int64_t n = 0;

	PKCS12_get0_mac(NULL, NULL, NULL, &rounds, p12);
	return rounds != NULL && (ASN1_INTEGER_get_int64(&n, rounds) != 1 || n > ROUNDS_MAX);
}

/* The MAC tells a wrong password from all else (RFC 7292, 4); PKCS12_parse takes none without. */
static int
open_p12(struct ck_box *b, const struct ck_secret *pin, struct ck_err *err)
{
	const unsigned char *p = b->sealed;
	PKCS12 *p12 = d2i_PKCS12(NULL, &p, (long)b->sealed_len);
	EVP_PKEY *key = NULL;
	X509 *x = NULL;
	int rc = -1;

	if (p12 == NULL)
		refuse(CK_E_MEDIUM_BROKEN, b->name, err);
	else if (!PKCS12_mac_present(p12))
		ck_fail(err, CK_E_MEDIUM_UNSUPPORTED, "%s has no MAC", b->name);
	else if (is_slow(p12))
		ck_fail(err, CK_E_MEDIUM_UNSUPPORTED, "%s hashes its password too often", b->name);
	else if (!PKCS12_verify_mac(p12, ck_secret_bytes(pin), (int)ck_secret_len(pin)))
		refuse(CK_E_PIN_WRONG, b->name, err);
	else if (!PKCS12_parse(p12, ck_secret_bytes(pin), &key, &x, NULL))
		refuse(CK_E_MEDIUM_BROKEN, b->name, err);
	else if (key == NULL && x == NULL)
		ck_fail(err, CK_E_MEDIUM_BROKEN, "%s is empty", b->name);
	else
		rc = keep_cert(b, x, err);
	if (rc == 0) {
		b->key = key;
		b->keys = key != NULL;
		key = NULL;
	}
	EVP_PKEY_free(key);
	X509_free(x);
	PKCS12_free(p12);
	return rc;
}

static EVP_PKEY *
open_pkcs8(const struct ck_box *b, const unsigned char *der, size_t n, const struct ck_secret *pin,
    struct ck_err *err)
{
	const unsigned char *p = der;
	X509_SIG *sealed = d2i_X509_SIG(NULL, &p, (long)n);
	PKCS8_PRIV_KEY_INFO *plain = NULL;
	EVP_PKEY *key = NULL;

	if (sealed == NULL) {
		refuse(CK_E_MEDIUM_BROKEN, b->key_file, err);
		return NULL;
	}
	plain = PKCS8_decrypt(sealed, ck_secret_bytes(pin), (int)ck_secret_len(pin));
	if (plain == NULL)
		refuse(CK_E_PIN_WRONG, b->key_file, err);
	else if ((key = EVP_PKCS82PKEY(plain)) == NULL)
		refuse(CK_E_MEDIUM_UNSUPPORTED, b->key_file, err);
	PKCS8_PRIV_KEY_INFO_free(plain); /* wipes */
	X509_SIG_free(sealed);
	return key;
}

static int
password_of(char *buf, int size, int rw, void *u)
{
	const struct ck_secret *pin = u;
	int n = (int)ck_secret_len(pin);

	(void)rw;
	if (n > size)
		return -1;
	memcpy(buf, ck_secret_bytes(pin), (size_t)n);
	return n;
}

/* Only its padding and its shape tell whether it was decrypted rightly. */
static EVP_PKEY *
open_old_pem(const struct ck_box *b, char *header, unsigned char *body, long n,
    const struct ck_secret *pin, struct ck_err *err)
{
	EVP_CIPHER_INFO cipher;
	const unsigned char *p = body;
	EVP_PKEY *key = NULL;

	if (!PEM_get_EVP_CIPHER_INFO(header, &cipher) || cipher.cipher == NULL)
		refuse(CK_E_MEDIUM_BROKEN, b->key_file, err);
	else if (!PEM_do_header(&cipher, body, &n, password_of, (void *)(uintptr_t)pin))
		refuse(CK_E_PIN_WRONG, b->key_file, err);
	else if ((key = d2i_AutoPrivateKey(NULL, &p, n)) == NULL) {
		ERR_clear_error();
		ck_fail(err, CK_E_PIN_WRONG, "%s", b->key_file);
	}
	return key;
}

static EVP_PKEY *
open_pem(const struct ck_box *b, const struct ck_secret *pin, struct ck_err *err)
{
	BIO *in = BIO_new_mem_buf(b->sealed, (int)b->sealed_len);
	char *name = NULL, *header = NULL;
	unsigned char *body = NULL;
	long n = 0, whole = 0;
	EVP_PKEY *key = NULL;
	bool found = false;

	while (in != NULL && !found && PEM_read_bio(in, &name, &header, &body, &n)) {
		whole = n;
		found = strstr(name, "PRIVATE KEY") != NULL;
		if (found && b->form == CK_FORM_PKCS8_PEM)
			key = open_pkcs8(b, body, (size_t)n, pin, err);
		else if (found)
			key = open_old_pem(b, header, body, n, pin, err);
		OPENSSL_free(name);
		OPENSSL_free(header);
		OPENSSL_clear_free(body, (size_t)whole);
	}
	if (!found)
		refuse(CK_E_MEDIUM_BROKEN, b->key_file, err);
	BIO_free(in);
	return key;
}

static bool
fits(const struct ck_box *b)
{
	const unsigned char *p = b->cert;
	X509 *x = NULL;
	bool good = true;

	if (b->cert == NULL || b->key == NULL)
		return true;
	ERR_set_mark();
	x = d2i_X509(NULL, &p, (long)b->cert_len);
	good = x != NULL && X509_check_private_key(x, b->key) == 1;
	X509_free(x);
	ERR_pop_to_mark();
	return good;
}

static int
open_folder(struct ck_box *b, const struct ck_secret *pin, struct ck_err *err)
{
	if (b->keys == 0)
		return ck_fail(err, CK_E_CERT_WITHOUT_KEY, "%s", b->dir);
	if (b->keys > 1)
		return ck_fail(err, CK_E_PAIR_AMBIGUOUS, "%s: %zu keys", b->dir, b->keys);
	b->key = b->form == CK_FORM_PKCS8_DER ? open_pkcs8(b, b->sealed, b->sealed_len, pin, err)
					      : open_pem(b, pin, err);
	return b->key != NULL ? 0 : -1;
}

int
ck_box_open(struct ck_box *b, const struct ck_secret *pin, struct ck_err *err)
{
	if (b->open)
		return 0;
	want_old_ciphers();
	ERR_clear_error();
	if ((b->kind == CK_BOX_P12 ? open_p12(b, pin, err) : open_folder(b, pin, err)) != 0)
		return -1;
	ERR_clear_error();
	if (!fits(b)) {
		EVP_PKEY_free(b->key);
		b->key = NULL;
		b->keys = 0;
	}
	b->open = true;
	return 0;
}

/* ---- sealing ---- */

static int
seal_p12(const struct ck_box *b, const struct ck_secret *pin, BIO *out)
{
	const unsigned char *p = b->cert;
	X509 *x = b->cert == NULL ? NULL : d2i_X509(NULL, &p, (long)b->cert_len);
	PKCS12 *p12 = NULL;
	int good = 0;

	if (b->cert == NULL || x != NULL)
		p12 = PKCS12_create(ck_secret_bytes(pin), b->label, b->key, x, NULL, 0, 0,
		    ITERATIONS, ITERATIONS, 0);
	good = p12 != NULL && i2d_PKCS12_bio(out, p12);
	PKCS12_free(p12);
	X509_free(x);
	return good;
}

static int
seal_key(const struct ck_box *b, const struct ck_secret *pin, BIO *out)
{
	const EVP_CIPHER *aes = EVP_aes_256_cbc();
	int n = (int)ck_secret_len(pin);

	if (b->form == CK_FORM_PKCS8_DER)
		return i2d_PKCS8PrivateKey_bio(
		    out, b->key, aes, ck_secret_bytes(pin), n, NULL, NULL);
	return PEM_write_bio_PKCS8PrivateKey(out, b->key, aes, ck_secret_bytes(pin), n, NULL, NULL);
}

int
ck_box_seal(const struct ck_box *b, const struct ck_secret *pin, unsigned char **out, size_t *n,
    struct ck_err *err)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *p = NULL;
	long len = 0;
	int rc = -1;

	*out = NULL;
	if (bio != NULL && (b->kind == CK_BOX_P12 ? seal_p12(b, pin, bio) : seal_key(b, pin, bio)))
		len = BIO_get_mem_data(bio, &p);
	if (len > 0 && (*out = malloc((size_t)len)) != NULL) {
		memcpy(*out, p, *n = (size_t)len);
		rc = 0;
	} else {
		refuse(CK_E_INTERNAL, b->name, err);
	}
	BIO_free(bio);
	return rc;
}
