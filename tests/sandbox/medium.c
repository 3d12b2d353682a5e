#include "medium.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/sha.h>

#include "base/buf.h"
#include "base/log.h"
#include "pki.h"

#define PATH_LEN 1024
#define FILE_MAX 65536

static int
write_p12(FILE *f, const char *form, const char *pin, const char *label, EVP_PKEY *key, X509 *x)
{
	int rc2 = NID_pbe_WithSHA1And40BitRC2_CBC, des3 = NID_pbe_WithSHA1And3_Key_TripleDES_CBC;
	int old = strcmp(form, "p12-rc2") == 0, des = strcmp(form, "p12-3des") == 0;
	PKCS12 *p12 = NULL;
	int good = 0;

	if (old && (OSSL_PROVIDER_load(NULL, "default") == NULL ||
		       OSSL_PROVIDER_load(NULL, "legacy") == NULL))
		return -1;
	p12 = PKCS12_create(pin, label, key, x, NULL, old || des ? des3 : 0,
	    old	  ? rc2
	    : des ? des3
		  : 0,
	    0, 0, 0);
	if (p12 != NULL && (old || des))
		good = PKCS12_set_mac(p12, pin, -1, NULL, 0, 2048, EVP_sha1());
	else
		good = p12 != NULL;
	good = good && i2d_PKCS12_fp(f, p12);
	PKCS12_free(p12);
	return good ? 0 : -1;
}

static int
write_key(FILE *f, const char *form, const char *pin, EVP_PKEY *key)
{
	const EVP_CIPHER *aes = EVP_aes_128_cbc();
	int n = (int)strlen(pin), good = 0;

	if (strcmp(form, "folder-der") == 0)
		good = i2d_PKCS8PrivateKey_fp(f, key, aes, pin, n, NULL, NULL);
	else if (strcmp(form, "folder-pem") == 0)
		good = PEM_write_PKCS8PrivateKey(f, key, aes, pin, n, NULL, NULL);
	else if (strcmp(form, "folder-plain") == 0)
		good = PEM_write_PKCS8PrivateKey(f, key, NULL, NULL, 0, NULL, NULL);
	else {
		BIO *out = BIO_new_fp(f, BIO_NOCLOSE);

		good = PEM_write_bio_PrivateKey_traditional(
		    out, key, EVP_des_ede3_cbc(), (const unsigned char *)pin, n, NULL, NULL);
		BIO_free(out);
	}
	return good ? 0 : -1;
}

static int
in_file(
    const char *path, const char *form, const char *pin, const char *label, EVP_PKEY *key, X509 *x)
{
	FILE *f = fopen(path, "wb");
	int rc = -1;

	if (f == NULL)
		return -1;
	if (strncmp(form, "p12", 3) == 0)
		rc = write_p12(f, form, pin, label, key, x);
	else
		rc = key == NULL ? (i2d_X509_fp(f, x) ? 0 : -1) : write_key(f, form, pin, key);
	return fclose(f) == 0 ? rc : -1;
}

int
sb_medium_write(
    const char *form, const char *path, const char *pin, const char *label, EVP_PKEY *key, X509 *x)
{
	char name[PATH_LEN];

	if (strncmp(form, "p12", 3) == 0)
		return in_file(path, form, pin, label, key, x);
	mkdir(path, 0700);
	snprintf(name, sizeof name, "%s/UserCert.der", path);
	if (in_file(name, form, pin, label, NULL, x) != 0)
		return -1;
	snprintf(name, sizeof name, "%s/UserKey.key", path);
	return in_file(name, form, pin, label, key, x);
}

int
sb_medium_serial(const char *form, const char *path, EVP_PKEY *key, char out[17])
{
	unsigned char hash[SHA256_DIGEST_LENGTH], bytes[FILE_MAX];
	char spki[65];
	size_t n = 0;
	FILE *f = NULL;

	if (strncmp(form, "p12", 3) != 0) {
		if (sb_key_sha(key, spki) != 0)
			return -1;
		snprintf(out, 17, "%.16s", spki);
		return 0;
	}
	if ((f = fopen(path, "rb")) == NULL)
		return -1;
	n = fread(bytes, 1, sizeof bytes, f);
	fclose(f);
	SHA256(bytes, n, hash);
	ck_hex(hash, 8, out);
	return 0;
}
