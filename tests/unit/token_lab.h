/*
 * A lab for one unit test: a folder of its own with SoftHSM2 tokens, keys.d, and the shim's folder.
 * Wherever the lab itself fails the test ends at once: nothing after it would mean anything.
 */
#ifndef TOKEN_LAB_H
#define TOKEN_LAB_H

#include <dlfcn.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <openssl/x509.h>
#include <p11-kit/pkcs11.h>

#include "certkiosk/token.h"
#include "t.h"

#define LAB_SOFTHSM "/usr/lib/softhsm/libsofthsm2.so"
#define LAB_SO_PIN "12345678"
#define LAB_PIN "123456"
/* how long a whole test may take before something in it counts as hung */
#define LAB_LIMIT_S 240

static struct {
	char dir[64];
	char shim[PATH_MAX];
} lab;

#define LAB(cond) \
	do { \
		if (!(cond)) { \
			printf("not ok - lab: %s (%s:%d)\n", #cond, __FILE__, __LINE__); \
			exit(1); \
		} \
	} while (0)

__attribute__((format(printf, 2, 3), unused)) static void
lab_write(const char *name, const char *fmt, ...)
{
	char path[PATH_MAX], tmp[PATH_MAX];
	va_list ap;
	FILE *f = NULL;

	LAB((size_t)snprintf(path, sizeof path, "%s/%s", lab.dir, name) < sizeof path);
	LAB((size_t)snprintf(tmp, sizeof tmp, "%s/tmp", lab.dir) < sizeof tmp);
	f = fopen(tmp, "w");
	LAB(f != NULL);
	va_start(ap, fmt);
	vfprintf(f, fmt, ap);
	va_end(ap);
	LAB(fclose(f) == 0 && rename(tmp, path) == 0);
}

/* what the shim shall do from its next call on */
__attribute__((unused)) static void
lab_ctl(const char *text)
{
	lab_write("shim/ctl", "%s", text);
}

__attribute__((unused)) static size_t
lab_count(const char *name, char what)
{
	char path[PATH_MAX];
	size_t n = 0;
	FILE *f = NULL;

	snprintf(path, sizeof path, "%s/shim/%s", lab.dir, name);
	f = fopen(path, "r");
	for (int c = 0; f != NULL && (c = getc(f)) != EOF;)
		n += c == what;
	if (f != NULL)
		fclose(f);
	return n;
}

/* How often a function was called so far in this lab. */
__attribute__((unused)) static size_t
lab_called(const char *function)
{
	char path[PATH_MAX], line[64];
	size_t n = 0, len = strlen(function);
	FILE *f = NULL;

	snprintf(path, sizeof path, "%s/shim/calls", lab.dir);
	f = fopen(path, "r");
	while (f != NULL && fgets(line, sizeof line, f) != NULL)
		n += strncmp(line, function, len) == 0 && line[len] == '\n';
	if (f != NULL)
		fclose(f);
	return n;
}

/* The next call of a function answers rv. Good for the first lab of a process: the shim counts
 * calls from its start. */
__attribute__((unused)) static void
lab_fail(const char *function, unsigned long rv)
{
	lab_write("shim/ctl", "fail %s %lx %zu\n", function, rv, lab_called(function));
}

/* The next call is done, and answers rv all the same. */
__attribute__((unused)) static void
lab_fail_after(const char *function, unsigned long rv)
{
	lab_write("shim/ctl", "failafter %s %lx %zu\n", function, rv, lab_called(function));
}

/* PIN verifications on the wire so far, and calls of any kind */
#define lab_logins() lab_count("logins", '.')
#define lab_calls() lab_count("calls", '\n')

__attribute__((format(printf, 2, 3), unused)) static void
lab_family(const char *name, const char *fmt, ...)
{
	char file[64], text[2 * PATH_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	snprintf(file, sizeof file, "keys.d/%s.conf", name);
	lab_write(file, "name = \"%s\";\ndriver = \"p11\";\n%s", name, text);
}

#define LAB_KEYTYPES "keytypes = [\"rsa2048\", \"rsa3072\", \"p256\"];\n"

static int
lab_drop(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st, (void)flag, (void)ftw;
	return remove(path);
}

static void
lab_end(void)
{
	nftw(lab.dir, lab_drop, 16, FTW_DEPTH | FTW_PHYS);
}

__attribute__((unused)) static void
lab_begin(void)
{
	static const char *const folders[] = { "tokens", "shim", "keys.d" };
	char path[PATH_MAX], exe[PATH_MAX] = "";

	alarm(LAB_LIMIT_S);
	setvbuf(stdout, NULL, _IOLBF, 0);
	snprintf(lab.dir, sizeof lab.dir, "/tmp/token-lab-XXXXXX");
	LAB(mkdtemp(lab.dir) != NULL);
	atexit(lab_end);
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		snprintf(path, sizeof path, "%s/%s", lab.dir, folders[i]);
		LAB(mkdir(path, 0700) == 0);
	}
	lab_write(
	    "softhsm2.conf", "directories.tokendir = %s/tokens\nlog.level = ERROR\n", lab.dir);
	snprintf(path, sizeof path, "%s/softhsm2.conf", lab.dir);
	setenv("SOFTHSM2_CONF", path, 1);
	snprintf(path, sizeof path, "%s/shim", lab.dir);
	setenv("CK_SHIM_DIR", path, 1);
	LAB(readlink("/proc/self/exe", exe, sizeof exe - 1) > 0);
	*strrchr(exe, '/') = '\0';
	LAB((size_t)snprintf(lab.shim, sizeof lab.shim, "%s/../test/shim.so", exe) <
	    sizeof lab.shim);
	LAB(realpath(lab.shim, path) != NULL);
	snprintf(lab.shim, sizeof lab.shim, "%s", path);
	lab_family("test", "module = \"%s\";\n" LAB_KEYTYPES, lab.shim);
}

/* ---- behind the driver's back ---- */

/* SoftHSM2 itself. Only while the driver has no module loaded: C_Finalize is for all. */
__attribute__((unused)) static CK_FUNCTION_LIST *
lab_softhsm(void)
{
	CK_RV (*get)(CK_FUNCTION_LIST **) = NULL;
	CK_FUNCTION_LIST *f = NULL;
	void *so = dlopen(LAB_SOFTHSM, RTLD_NOW);

	LAB(so != NULL);
	*(void **)&get = dlsym(so, "C_GetFunctionList");
	LAB(get != NULL && get(&f) == CKR_OK && f->C_Initialize(NULL) == CKR_OK);
	return f;
}

/* the slot of SoftHSM2 that has no token in it yet */
static CK_SLOT_ID
lab_empty_slot(CK_FUNCTION_LIST *f)
{
	CK_SLOT_ID slots[16];
	CK_ULONG n = 16;

	LAB(f->C_GetSlotList(CK_TRUE, slots, &n) == CKR_OK);
	for (CK_ULONG i = 0; i < n; i++) {
		CK_TOKEN_INFO ti;

		LAB(f->C_GetTokenInfo(slots[i], &ti) == CKR_OK);
		if (!(ti.flags & CKF_TOKEN_INITIALIZED))
			return slots[i];
	}
	LAB(!"an empty slot");
	return 0;
}

/* A key with PIN 123456; pin false leaves it without a user PIN. */
__attribute__((unused)) static void
lab_token(const char *label, bool pin)
{
	CK_FUNCTION_LIST *f = lab_softhsm();
	CK_SLOT_ID slot = lab_empty_slot(f);
	CK_SESSION_HANDLE s = 0;
	unsigned char padded[32], so_pin[] = LAB_SO_PIN, user_pin[] = LAB_PIN;

	memset(padded, ' ', sizeof padded);
	memcpy(padded, label, strlen(label));
	LAB(f->C_InitToken(slot, so_pin, sizeof so_pin - 1, padded) == CKR_OK);
	if (pin) {
		LAB(f->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s) ==
		    CKR_OK);
		LAB(f->C_Login(s, CKU_SO, so_pin, sizeof so_pin - 1) == CKR_OK);
		LAB(f->C_InitPIN(s, user_pin, sizeof user_pin - 1) == CKR_OK);
	}
	f->C_Finalize(NULL);
}

/* ---- through the driver ---- */

__attribute__((unused)) static struct ck_secret *
lab_secret(const char *text)
{
	struct ck_secret *s = ck_secret_new();

	LAB(s != NULL && ck_secret_set(s, text, strlen(text)) == 0);
	return s;
}

__attribute__((unused)) static struct ck_keyring *
lab_ring(void)
{
	struct ck_keyring *k = NULL;
	struct ck_err err = { .code = CK_E_NONE };
	char dir[PATH_MAX];

	snprintf(dir, sizeof dir, "%s/keys.d", lab.dir);
	if (ck_keyring_open(dir, &k, &err) != 0)
		printf("# %s\n", err.detail);
	LAB(k != NULL);
	return k;
}

/* the first key there is */
__attribute__((unused)) static struct ck_token *
lab_take(struct ck_keyring *k)
{
	struct ck_token_info rows[CK_TOKENS_MAX];
	struct ck_token *t = NULL;
	struct ck_err err = { .code = CK_E_NONE };
	size_t n = 0;

	LAB(ck_keyring_list(k, rows, CK_TOKENS_MAX, &n, &err) == 0 && n > 0);
	LAB(ck_keyring_take(k, &rows[0], &t, &err) == 0);
	return t;
}

__attribute__((unused)) static int
lab_login(struct ck_token *t, const char *pin, struct ck_err *err)
{
	struct ck_secret *s = lab_secret(pin);
	struct ck_tries tries;
	int rc = ck_token_login(t, s, &tries, err);

	ck_secret_free(s);
	return rc;
}

/* A certificate over a public key, signed by a CA of the moment; malloc'd by OpenSSL. */
__attribute__((unused)) static unsigned char *
lab_cert(EVP_PKEY *key, long serial, int *n)
{
	EVP_PKEY *ca = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	unsigned char *der = NULL;

	LAB(ca != NULL && x != NULL);
	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), serial);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8,
	    (const unsigned char *)"\xe5\xbc\xa0\xe4\xb8\x89", -1, -1, 0);
	X509_NAME_add_entry_by_txt(X509_get_issuer_name(x), "CN", MBSTRING_UTF8,
	    (const unsigned char *)"Lab CA", -1, -1, 0);
	X509_gmtime_adj(X509_getm_notBefore(x), 0);
	X509_gmtime_adj(X509_getm_notAfter(x), 86400);
	LAB(X509_set_pubkey(x, key != NULL ? key : ca) && X509_sign(x, ca, EVP_sha256()) > 0);
	*n = i2d_X509(x, &der);
	LAB(*n > 0);
	X509_free(x);
	EVP_PKEY_free(ca);
	return der;
}

/* A copy of the public half that has nothing to do with the key any more. */
__attribute__((unused)) static EVP_PKEY *
lab_public(EVP_PKEY *handle)
{
	unsigned char *der = NULL;
	const unsigned char *p = NULL;
	int n = i2d_PUBKEY(handle, &der);
	EVP_PKEY *pub = NULL;

	if (n <= 0)
		return NULL;
	p = der;
	pub = d2i_PUBKEY(NULL, &p, n);
	OPENSSL_free(der);
	return pub;
}

/* Sign with the handle, verify with the copy. */
__attribute__((unused)) static bool
lab_signs(EVP_PKEY *handle)
{
	EVP_PKEY *pub = lab_public(handle);
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	unsigned char sig[1024];
	size_t n = sizeof sig;
	bool good = false;

	if (pub != NULL && EVP_DigestSignInit(c, NULL, EVP_sha256(), NULL, handle) == 1 &&
	    EVP_DigestSign(c, sig, &n, (const unsigned char *)"challenge", 9) == 1) {
		EVP_MD_CTX_reset(c);
		good = EVP_DigestVerifyInit(c, NULL, EVP_sha256(), NULL, pub) == 1 &&
		       EVP_DigestVerify(c, sig, n, (const unsigned char *)"challenge", 9) == 1;
	}
	EVP_MD_CTX_free(c);
	EVP_PKEY_free(pub);
	return good;
}

#endif
