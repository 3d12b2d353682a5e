/* For tests of the file driver: a place for media, what lies in it, the driver's verbs. */
#ifndef TOKEN_FILE_LAB_H
#define TOKEN_FILE_LAB_H

#include <errno.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>

#include "../../core/token/file.h"
#include "token_lab.h"

#define PW "Old-4471"

static char place[80];
static EVP_PKEY *pair;
static unsigned char *der;
static int der_len;
static const unsigned char id[12] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };

__attribute__((unused)) static const char *
path_of(const char *name)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof path, "%s/%s", place, name);
	return path;
}

__attribute__((unused)) static bool
there(const char *name)
{
	return access(path_of(name), F_OK) == 0;
}

__attribute__((unused)) static void
empty_place(void)
{
	nftw(place, lab_drop, 16, FTW_DEPTH | FTW_PHYS);
	LAB(mkdir(place, 0700) == 0 || errno == EEXIST || errno == EBUSY);
}

__attribute__((unused)) static void
write_p12(const char *name, int key_pbe, int cert_pbe, bool mac)
{
	const unsigned char *p = der;
	X509 *x = d2i_X509(NULL, &p, der_len);
	PKCS12 *p12 =
	    PKCS12_create(PW, "zhang", pair, x, NULL, key_pbe, cert_pbe, 0, mac ? 0 : -1, 0);
	FILE *f = fopen(path_of(name), "wb");

	LAB(p12 != NULL && f != NULL && i2d_PKCS12_fp(f, p12) && fclose(f) == 0);
	PKCS12_free(p12);
	X509_free(x);
}

__attribute__((unused)) static void
write_bytes(const char *name, const void *p, size_t n)
{
	FILE *f = fopen(path_of(name), "wb");

	LAB(f != NULL && fwrite(p, 1, n, f) == n && fclose(f) == 0);
}

__attribute__((unused)) static void
write_cert_pem(const char *name)
{
	const unsigned char *p = der;
	X509 *x = d2i_X509(NULL, &p, der_len);
	FILE *f = fopen(path_of(name), "wb");

	LAB(x != NULL && f != NULL && PEM_write_X509(f, x) && fclose(f) == 0);
	X509_free(x);
}

__attribute__((unused)) static void
write_pem(const char *name)
{
	FILE *f = fopen(path_of(name), "wb");

	LAB(f != NULL &&
	    PEM_write_PKCS8PrivateKey(f, pair, EVP_aes_128_cbc(), PW, sizeof PW - 1, NULL, NULL) &&
	    fclose(f) == 0);
}

__attribute__((unused)) static void
write_folder(void)
{
	empty_place();
	write_bytes("USERCERT.DER", der, (size_t)der_len); /* as FAT writes it */
	write_pem("UserKey.key");
}

/* ---- through the driver ---- */

static struct ck_keyring *ring;
static struct ck_err err;

__attribute__((unused)) static size_t
count(struct ck_token_info *rows)
{
	size_t n = 0;

	err = (struct ck_err){ .code = CK_E_NONE };
	ck_keyring_list(ring, rows, CK_TOKENS_MAX, &n, &err);
	return n;
}

__attribute__((unused)) static struct ck_token *
take(void)
{
	struct ck_token_info rows[CK_TOKENS_MAX];
	struct ck_token *t = NULL;

	LAB(count(rows) == 1);
	LAB(ck_keyring_take(ring, &rows[0], &t, &err) == 0);
	return t;
}

__attribute__((unused)) static enum ck_code
login(struct ck_token *t, const char *pw)
{
	err = (struct ck_err){ .code = CK_E_NONE };
	lab_login(t, pw, &err);
	return err.code;
}

__attribute__((unused)) static enum ck_code
try_login(const char *pw)
{
	struct ck_token *t = take();
	enum ck_code code = login(t, pw);

	ck_token_close(t);
	return code;
}

__attribute__((unused)) static enum ck_code
genkey(struct ck_token *t)
{
	err = (struct ck_err){ .code = CK_E_NONE };
	ck_token_genkey(t, CK_KEY_P256, id, sizeof id, "x", &err);
	return err.code;
}

__attribute__((unused)) static enum ck_code
drop(struct ck_token *t, const unsigned char *which, size_t n)
{
	err = (struct ck_err){ .code = CK_E_NONE };
	ck_token_remove(t, which, n, CK_PART_CERT | CK_PART_PRIVATE | CK_PART_PUBLIC, &err);
	return err.code;
}

__attribute__((unused)) static bool
signs(struct ck_token *t, const unsigned char *which, size_t n)
{
	EVP_PKEY *key = NULL;
	bool good = false;

	err = (struct ck_err){ .code = CK_E_NONE };
	good = ck_token_key(t, which, n, &key, &err) == 0 && lab_signs(key);
	EVP_PKEY_free(key);
	return good;
}

/* of the pair under id: has it a certificate? */
__attribute__((unused)) static int
has_cert(struct ck_token *t)
{
	struct ck_entries all = { .n = 0 };
	int has = -1;

	LAB(ck_token_list(t, &all, &err) == 0);
	for (size_t i = 0; i < all.n; i++)
		if (all.at[i].id_len == sizeof id)
			has = all.at[i].cert != NULL;
	ck_entries_free(&all);
	return has;
}

__attribute__((unused)) static void
copy(const char *from, const char *to)
{
	char cmd[3 * PATH_MAX];

	snprintf(cmd, sizeof cmd, "cp -r '%s/%s' '%s/%s'", place, from, place, to);
	LAB(system(cmd) == 0);
}

/* names below place that hold text */
__attribute__((unused)) static size_t
names_with(const char *text)
{
	char cmd[256], line[16] = "";
	FILE *f = NULL;

	snprintf(cmd, sizeof cmd, "find '%s' -mindepth 1 | grep -c -e '%s'", place, text);
	f = popen(cmd, "r");
	LAB(f != NULL && fgets(line, sizeof line, f) != NULL);
	pclose(f);
	return strtoul(line, NULL, 10);
}

static void
file_lab_begin(void)
{
	char file[PATH_MAX];

	lab_begin();
	LAB(OSSL_PROVIDER_load(NULL, "default") != NULL &&
	    OSSL_PROVIDER_load(NULL, "legacy") != NULL);
	snprintf(place, sizeof place, "%s/stick", lab.dir);
	LAB(mkdir(place, 0700) == 0);
	snprintf(file, sizeof file, "%s/keys.d/test.conf", lab.dir);
	LAB(unlink(file) == 0);
	lab_write("keys.d/files.conf",
	    "name = \"files\";\ndriver = \"file\";\nroots = [\"%s\"];\n" LAB_KEYTYPES, place);
	pair = EVP_EC_gen("P-256");
	der = lab_cert(pair, 7, &der_len);
	ring = lab_ring();
}

static int
file_lab_end(void)
{
	ck_keyring_close(ring);
	EVP_PKEY_free(pair);
	OPENSSL_free(der);
	return T_END();
}

#endif
