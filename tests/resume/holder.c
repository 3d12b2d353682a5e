/*
 * What is on the key, seen without the kiosk and without the shim: SoftHSM itself, started anew
 * each time because others wrote in between; for a medium of files OpenSSL.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <p11-kit/pkcs11.h>

#include "base/buf.h"
#include "prove.h"

#define MODULE "/usr/lib/softhsm/libsofthsm2.so"
#define SLOTS_MAX 8
#define VALUE_MAX 4096
#define ID_MAX 64
#define P256_HALF 32

struct object {
	CK_OBJECT_HANDLE handle;
	CK_OBJECT_CLASS class;
	unsigned char id[ID_MAX], value[VALUE_MAX];
	size_t id_n, value_n;
	bool taken;
};

struct soft {
	CK_FUNCTION_LIST *f;
	CK_SESSION_HANDLE session;
	struct object at[4 * HELD_MAX];
	size_t n;
};

/* ---- SoftHSM ---- */

static CK_FUNCTION_LIST *
functions(void)
{
	/* never unloaded: it would take OpenSSL's state with it */
	void *so = dlopen(MODULE, RTLD_NOW | RTLD_LOCAL);
	CK_RV (*get)(CK_FUNCTION_LIST **) = NULL;
	CK_FUNCTION_LIST *f = NULL;

	if (so != NULL)
		*(void **)&get = dlsym(so, "C_GetFunctionList");
	return get != NULL && get(&f) == CKR_OK ? f : NULL;
}

/* The first slot with a key in it; SoftHSM always has a free one besides. */
static int
soft_open(struct soft *s)
{
	CK_SLOT_ID slots[SLOTS_MAX];
	CK_ULONG n = SLOTS_MAX;
	CK_TOKEN_INFO info;

	s->f = functions();
	if (s->f == NULL || s->f->C_Initialize(NULL) != CKR_OK)
		return -1;
	if (s->f->C_GetSlotList(CK_TRUE, slots, &n) != CKR_OK)
		return -1;
	for (CK_ULONG i = 0; i < n; i++)
		if (s->f->C_GetTokenInfo(slots[i], &info) == CKR_OK &&
		    (info.flags & CKF_TOKEN_INITIALIZED) != 0)
			return s->f->C_OpenSession(
				   slots[i], CKF_SERIAL_SESSION, NULL, NULL, &s->session) == CKR_OK
				   ? 0
				   : -1;
	return -1;
}

static void
soft_close(struct soft *s)
{
	if (s->f != NULL)
		s->f->C_Finalize(NULL);
}

static bool
soft_login(struct soft *s, const char *pin)
{
	return s->f->C_Login(s->session, CKU_USER, (CK_UTF8CHAR *)(uintptr_t)pin, strlen(pin)) ==
	       CKR_OK;
}

static void
soft_read(struct soft *s, struct object *o)
{
	CK_ATTRIBUTE a[] = {
		{ CKA_CLASS, &o->class, sizeof o->class },
		{ CKA_ID, o->id, sizeof o->id },
	};
	CK_ATTRIBUTE value = { CKA_VALUE, o->value, sizeof o->value };

	s->f->C_GetAttributeValue(s->session, o->handle, a, 2);
	o->id_n = a[1].ulValueLen <= sizeof o->id ? a[1].ulValueLen : 0;
	if ((o->class == CKO_CERTIFICATE || o->class == CKO_DATA) &&
	    s->f->C_GetAttributeValue(s->session, o->handle, &value, 1) == CKR_OK)
		o->value_n = value.ulValueLen;
}

static void
soft_list(struct soft *s)
{
	CK_OBJECT_HANDLE handles[4 * HELD_MAX];
	CK_ULONG n = 0;

	if (s->f->C_FindObjectsInit(s->session, NULL, 0) != CKR_OK ||
	    s->f->C_FindObjects(s->session, handles, 4 * HELD_MAX, &n) != CKR_OK)
		return;
	s->f->C_FindObjectsFinal(s->session);
	for (s->n = 0; s->n < n; s->n++) {
		s->at[s->n] = (struct object){ .handle = handles[s->n] };
		soft_read(s, &s->at[s->n]);
	}
}

static struct object *
partner(struct soft *s, const struct object *of, CK_OBJECT_CLASS class)
{
	for (size_t i = 0; i < s->n; i++) {
		struct object *o = &s->at[i];

		if (o->class == class && !o->taken && o->id_n == of->id_n && o->id_n > 0 &&
		    memcmp(o->id, of->id, o->id_n) == 0)
			return o;
	}
	return NULL;
}

/* The two halves of an ECDSA signature as PKCS#11 gives them, in DER. */
static size_t
ecdsa_der(const unsigned char *raw, unsigned char out[128])
{
	ECDSA_SIG *sig = ECDSA_SIG_new();
	int n = 0;

	if (sig != NULL && ECDSA_SIG_set0(sig, BN_bin2bn(raw, P256_HALF, NULL),
			       BN_bin2bn(raw + P256_HALF, P256_HALF, NULL)) == 1)
		n = i2d_ECDSA_SIG(sig, &out);
	ECDSA_SIG_free(sig);
	return n > 0 ? (size_t)n : 0;
}

static bool
verifies(EVP_PKEY *key, const unsigned char *sig, size_t n, const unsigned char *data, size_t len)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good = ctx != NULL && EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
		    EVP_DigestVerify(ctx, sig, n, data, len) == 1;

	EVP_MD_CTX_free(ctx);
	return good;
}

static bool
soft_signs(struct soft *s, CK_OBJECT_HANDLE private, X509 *x)
{
	static unsigned char text[] = "what a key is for";
	EVP_PKEY *key = X509_get0_pubkey(x);
	bool ec = EVP_PKEY_is_a(key, "EC");
	CK_MECHANISM how = { ec ? CKM_ECDSA : CKM_SHA256_RSA_PKCS, NULL, 0 };
	unsigned char digest[32], sig[512], der[128];
	CK_ULONG n = sizeof sig;

	EVP_Digest(text, sizeof text, digest, NULL, EVP_sha256(), NULL);
	if (s->f->C_SignInit(s->session, &how, private) != CKR_OK ||
	    s->f->C_Sign(s->session, ec ? digest : text, ec ? sizeof digest : sizeof text, sig,
		&n) != CKR_OK)
		return false;
	if (ec)
		return verifies(key, der, ecdsa_der(sig, der), text, sizeof text);
	return verifies(key, sig, n, text, sizeof text);
}

/* ---- what both tell ---- */

/* By the sandbox's new or old issuer, and in its days. */
static bool
is_valid(struct world *w, X509 *x)
{
	static const enum sb_who issuers[] = { SB_NEW, SB_OLD };

	if (X509_cmp_current_time(X509_get0_notBefore(x)) >= 0 ||
	    X509_cmp_current_time(X509_get0_notAfter(x)) <= 0)
		return false;
	for (size_t i = 0; i < 2; i++)
		if (X509_verify(x, X509_get0_pubkey(w->sb.pki.cert[issuers[i]])) == 1)
			return true;
	return false;
}

static void
add_cert(struct world *w, struct held *h, X509 *x, bool signs)
{
	static const char live[] = "SELECT count(*) FROM cert WHERE sha=? AND status='good'";
	char sha[SB_HEX_MAX];
	bool valid = is_valid(w, x);

	sb_cert_sha(x, sha);
	if (h->certs < HELD_MAX) {
		memcpy(h->cert[h->certs], sha, sizeof sha);
		h->valid[h->certs] = valid;
	}
	h->certs++;
	h->signs = h->signs && signs;
	h->good += valid && signs && sb_int(w->sb.db, 0, live, "t", sha) == 1;
}

static void
add_seal(const struct object *o, struct held *h)
{
	unsigned char sha[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	EVP_Digest(o->value, o->value_n, sha, &n, EVP_sha256(), NULL);
	ck_hex(sha, n, h->seal);
	h->seals++;
}

/* Each certificate with its pair, then pairs without one; what is left over is a stray. */
static void
soft_tell(struct world *w, struct soft *s, struct held *h)
{
	static const CK_OBJECT_CLASS first[] = { CKO_CERTIFICATE, CKO_PRIVATE_KEY };

	for (size_t i = 0; i < 2 * s->n; i++) {
		struct object *o = &s->at[i % s->n];
		struct object *private = NULL, *public = NULL;
		const unsigned char *p = o->value;
		X509 *x = NULL;

		if (o->class != first[i / s->n] || o->taken)
			continue;
		private = partner(s, o, CKO_PRIVATE_KEY);
		public = partner(s, o, CKO_PUBLIC_KEY);
		if (private == NULL || public == NULL)
			continue;
		h->pairs++;
		o->taken = private->taken = public->taken = true;
		x = o->class == CKO_CERTIFICATE ? d2i_X509(NULL, &p, (long)o->value_n) : NULL;
		if (x != NULL)
			add_cert(w, h, x, soft_signs(s, private->handle, x));
		X509_free(x);
	}
	for (size_t i = 0; i < s->n; i++)
		if (s->at[i].class == CKO_DATA && w->seal)
			add_seal(&s->at[i], h);
		else
			h->strays += !s->at[i].taken;
}

static int
key_look(struct world *w, const char *pin, struct held *h)
{
	struct soft *s = calloc(1, sizeof *s);
	int rc = -1;

	if (s != NULL && soft_open(s) == 0) {
		h->opens = soft_login(s, pin);
		soft_list(s);
		soft_tell(w, s, h);
		rc = 0;
	}
	if (s != NULL)
		soft_close(s);
	free(s);
	return rc;
}

static bool
key_opens(const char *pin)
{
	struct soft *s = calloc(1, sizeof *s);
	bool opens = s != NULL && soft_open(s) == 0 && soft_login(s, pin);

	if (s != NULL)
		soft_close(s);
	free(s);
	return opens;
}

/* ---- files ---- */

static int
read_box(const char *path, const char *pin, EVP_PKEY **key, X509 **cert)
{
	FILE *f = fopen(path, "r");
	PKCS12 *p12 = f != NULL ? d2i_PKCS12_fp(f, NULL) : NULL;
	int rc = p12 != NULL && PKCS12_parse(p12, pin, key, cert, NULL) == 1 ? 0 : -1;

	PKCS12_free(p12);
	if (f != NULL)
		fclose(f);
	return rc;
}

static void
tell_box(struct world *w, const char *path, const char *pin, struct held *h)
{
	EVP_PKEY *key = NULL;
	X509 *cert = NULL;

	h->opens = read_box(path, pin, &key, &cert) == 0 || h->opens;
	if (key == NULL) {
		h->strays++;
	} else {
		h->pairs++;
		h->signs = h->signs && cert != NULL;
	}
	if (cert != NULL)
		add_cert(w, h, cert, key != NULL && X509_check_private_key(cert, key) == 1);
	EVP_PKEY_free(key);
	X509_free(cert);
}

/* Those of the stick that are not put aside. */
static int
files_look(struct world *w, const char *pin, struct held *h)
{
	char dir[SB_PATH_MAX], path[SB_PATH_MAX];
	struct dirent *e = NULL;
	DIR *d = NULL;

	world_path(w, "media/stick", dir);
	d = opendir(dir);
	while (d != NULL && (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.' || strstr(e->d_name, ".old") != NULL)
			continue;
		files_join(dir, e->d_name, path);
		tell_box(w, path, pin, h);
	}
	if (d != NULL)
		closedir(d);
	return d != NULL ? 0 : -1;
}

int
held_look(struct world *w, const char *pin, struct held *h)
{
	*h = (struct held){ .signs = true };
	return w->file ? files_look(w, pin, h) : key_look(w, pin, h);
}

bool
held_opens(struct world *w, const char *pin)
{
	struct held h = { .signs = true };

	if (w->file)
		return files_look(w, pin, &h) == 0 && h.opens;
	return world_calls(w, "C_SetPIN") > 0 && key_opens(pin);
}
