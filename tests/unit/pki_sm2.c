/* SM2: what is signed under the agreed user ID counts, under another or none it does not, wherever
 * a signature is looked at. */
#include <openssl/ecdsa.h>
#include <openssl/ocsp.h>

#include "pki/revocation.h"
#include "pki/sm2.h"

#include "pki_make.h"
#include "t.h"

#define OTHER "ALICE123@YAHOO.COM"
#define NOW INT64_C(1782864000) /* 2026-07-01 */
#define DAY 86400

static const struct part ca_ext = { .name = "basicConstraints", .value = "critical,CA:TRUE" };
static char dir[256], file[280];
static struct ck_err err;

/* what a signer may have signed under; NULL: none */
static const struct {
	const char *what, *id;
} under[] = { { "the usual user ID", CK_SM2_ID }, { "another", OTHER }, { "none", NULL } };
#define UNDERS (sizeof under / sizeof *under)

static EVP_PKEY *
sm2_key(void)
{
	return EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
}

/* takes the key */
static struct made
made_of(struct spec s, EVP_PKEY *key, const char *cn)
{
	struct made m;

	s.subject[0] = (struct part){ .name = "CN", .value = cn };
	s.key = key;
	m = make_cert(&s);
	EVP_PKEY_free(key);
	return m;
}

static struct made
ca(const char *cn, const struct made *by, const char *id)
{
	return made_of((struct spec){ .by = by, .sm2_id = id, .exts = { ca_ext } }, sm2_key(), cn);
}

static struct made
leaf(const struct made *by, const char *id)
{
	return made_of((struct spec){ .by = by, .sm2_id = id }, sm2_key(), "user");
}

static struct ck_issuers *
issuers(const struct made *a, const struct made *b, const char *id)
{
	struct ck_issuers *is = NULL;
	FILE *f = fopen(file, "w");

	PEM_write_X509(f, a->x);
	if (b != NULL)
		PEM_write_X509(f, b->x);
	fclose(f);
	err = (struct ck_err){ .code = CK_E_NONE };
	if (ck_issuers_read(file, id, &is, &err) != 0)
		made_stop(err.detail);
	return is;
}

static struct ck_path *
path_of(const struct made *m, const struct ck_issuers *is)
{
	const struct ck_issuers *const pools[] = { is };
	struct ck_path *p = NULL;

	if (ck_path_make(pools, 1, m->der, m->n, &p, &err) != 0)
		made_stop(err.detail);
	return p;
}

/* ---- the standard's own example: GM/T 0003.5, annex A.2 ---- */

static void
unhex(const char *hex, unsigned char *out, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (sscanf(hex + 2 * i, "%2hhx", &out[i]) != 1)
			made_stop(hex);
}

static void
test_standard(void)
{
	static const unsigned char message[] = "message digest";
	const size_t n = sizeof message - 1;
	unsigned char point[CK_SM2_POINT], want[CK_SM2_E], e[CK_SM2_E], rs[CK_SM2_SIG],
	    back[CK_SM2_SIG], again[CK_SM2_POINT], der[CK_SM2_DER_MAX];
	size_t der_n = 0;
	EVP_PKEY *key = NULL;

	unhex("09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
	      "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13",
	    point, sizeof point);
	unhex(
	    "f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640", want, sizeof want);
	unhex("f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
	      "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa",
	    rs, sizeof rs);
	T(ck_sm2_digest(point, CK_SM2_ID, message, n, e, &err) == 0 &&
		memcmp(e, want, sizeof e) == 0,
	    "e of the standard's example");
	key = ck_sm2_public(point);
	T(key != NULL && ck_sm2_is(key) && ck_sm2_point(key, again) == 0 &&
		memcmp(again, point, sizeof point) == 0,
	    "its public key, there and back");
	T(ck_sm2_to_der(rs, der, &der_n, &err) == 0 &&
		ck_sm2_from_der(der, der_n, back, &err) == 0 && memcmp(back, rs, sizeof rs) == 0,
	    "its r and s, there and back");
	T(ck_sm2_verify(key, CK_SM2_ID, message, n, der, der_n), "its signature verifies");
	T(!ck_sm2_verify(key, OTHER, message, n, der, der_n) &&
		!ck_sm2_verify(key, "", message, n, der, der_n) &&
		!ck_sm2_verify(key, NULL, message, n, der, der_n),
	    "but under no other ID");
	T(!ck_sm2_verify(key, CK_SM2_ID, message, n - 1, der, der_n), "of another message");
	T(ck_sm2_digest(point, "", message, n, e, &err) == -1 && err.code == CK_E_INTERNAL &&
		ck_sm2_digest(point, NULL, message, n, e, NULL) == -1,
	    "no digest under the empty ID");
	EVP_PKEY_free(key);
	point[CK_SM2_POINT - 1] ^= 1;
	T(ck_sm2_public(point) == NULL, "a point off the curve is no key");
	memset(point, 0xFF, sizeof point);
	T(ck_sm2_public(point) == NULL, "nor are coordinates beyond the field");
	memset(point, 0, sizeof point);
	T(ck_sm2_public(point) == NULL, "nor is zero");
	T(ck_sm2_point(NULL, point) == -1, "no key has no point");
}

/* ---- r and s ---- */

/* what OpenSSL signs nothing with may not be signed with, and one signature has one encoding */
static void
test_bounds(void)
{
#define ORDER "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123"
#define LAST "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54122"
#define NONE "0000000000000000000000000000000000000000000000000000000000000000"
#define ONE "0000000000000000000000000000000000000000000000000000000000000001"
	static const struct {
		const char *what, *rs;
		bool good;
	} raw[] = {
		{ "1 and 1", ONE ONE, true },
		{ "n-1 and n-1", LAST LAST, true },
		{ "r = 0", NONE ONE, false },
		{ "s = 0", ONE NONE, false },
		{ "r = n", ORDER ONE, false },
		{ "s = n", ONE ORDER, false },
	};
	static const struct {
		const char *what;
		size_t n;
		const char *der;
	} bad[] = {
		{ "a byte behind", 9, "300602010102010100" },
		{ "a byte behind, inside", 9, "300702010102010100" },
		{ "a third number", 11, "3009020101020101020101" },
		{ "a zero in front", 9, "300702020001020101" },
		{ "a negative number", 8, "30060201ff020101" },
		{ "a length in long form", 9, "308106020101020101" },
		{ "no end", 10, "30800201010201010000" },
		{ "zero", 8, "3006020100020101" },
		{ "nothing", 2, "3000" },
		{ "no bytes", 0, "" },
		{ "33 bytes of r", 40, "3026022101" NONE "020101" },
	};
	unsigned char rs[CK_SM2_SIG], back[CK_SM2_SIG], der[CK_SM2_DER_MAX], in[64];
	size_t n = 0;

	for (size_t i = 0; i < sizeof raw / sizeof *raw; i++) {
		unhex(raw[i].rs, rs, sizeof rs);
		err = (struct ck_err){ .code = CK_E_NONE };
		T((ck_sm2_to_der(rs, der, &n, &err) == 0) == raw[i].good &&
			err.code == (raw[i].good ? CK_E_NONE : CK_E_SIGNATURE_WRONG),
		    "r and s: %s", raw[i].what);
		T(!raw[i].good || (ck_sm2_from_der(der, n, back, NULL) == 0 &&
				      memcmp(back, rs, sizeof rs) == 0),
		    "r and s: %s, and back", raw[i].what);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		unhex(bad[i].der, in, bad[i].n);
		err = (struct ck_err){ .code = CK_E_NONE };
		T(ck_sm2_from_der(in, bad[i].n, back, &err) == -1 &&
			err.code == CK_E_SIGNATURE_WRONG,
		    "DER: %s", bad[i].what);
	}
}

static void
test_torn(void)
{
	unsigned char rs[CK_SM2_SIG], der[CK_SM2_DER_MAX];
	size_t n = 0, taken = 0;

	memset(rs, 0x5A, sizeof rs);
	if (ck_sm2_to_der(rs, der, &n, NULL) != 0)
		made_stop("a signature");
	for (size_t i = 0; i < n; i++) {
		unsigned char *torn = malloc(i + 1);

		memcpy(torn, der, i);
		taken += ck_sm2_from_der(torn, i, rs, NULL) == 0;
		free(torn);
	}
	T(taken == 0, "DER cut short at any of %zu bytes", n);
}

/* ---- certificates ---- */

static void
test_facts(void)
{
	struct made root = ca("Root", NULL, CK_SM2_ID), user = leaf(&root, CK_SM2_ID);
	struct ck_cert_facts f;
	char text[CK_ALG_TEXT_MAX];

	T(ck_cert_read(user.der, user.n, &f, &err) == 0 && f.alg == CK_ALG_SM2 && f.bits == 256,
	    "a certificate's algorithm");
	ck_alg_text(&f, text);
	T_STR(text, "SM2", "as it is called");
	T(X509_get_signature_nid(user.x) == NID_SM2_with_SM3, "signed with SM3");
	made_free(&root);
	made_free(&user);
}

static void
test_chain(void)
{
	struct made root = ca("Root", NULL, CK_SM2_ID), stranger = ca("Root", NULL, CK_SM2_ID);
	struct ck_issuers *usual = issuers(&root, NULL, NULL), *odd = issuers(&root, NULL, OTHER),
			  *none = issuers(&root, NULL, ""),
			  *false_ = issuers(&stranger, NULL, NULL);

	for (size_t i = 0; i < UNDERS; i++) {
		struct made user = leaf(&root, under[i].id);

		T(ck_issuers_signed(usual, user.der, user.n) == (i == 0), "a chain: under %s",
		    under[i].what);
		T(ck_issuers_signed(odd, user.der, user.n) == (i == 1),
		    "a chain where another is agreed on: under %s", under[i].what);
		T(!ck_issuers_signed(none, user.der, user.n), "the empty ID agrees with nobody: %s",
		    under[i].what);
		T(!ck_issuers_signed(false_, user.der, user.n), "another key: under %s",
		    under[i].what);
		made_free(&user);
	}
	ck_issuers_free(usual);
	ck_issuers_free(odd);
	ck_issuers_free(none);
	ck_issuers_free(false_);
	made_free(&root);
	made_free(&stranger);
}

/* each certificate is signed under its issuer's ID: one that is not ends the path */
static void
test_path(void)
{
	for (size_t i = 0; i < UNDERS; i++) {
		struct made root = ca("Root", NULL, under[i].id),
			    good = ca("Good", NULL, CK_SM2_ID);
		struct made sub = ca("Sub", &good, under[i].id), user = leaf(&sub, CK_SM2_ID);
		struct ck_issuers *is = issuers(&sub, &good, NULL),
				  *self = issuers(&root, NULL, NULL);
		struct ck_path *p = path_of(&user, is), *q = path_of(&root, self);

		T(p->n == (i == 0 ? 2 : 1) && p->whole == (i == 0) && !p->weak,
		    "a path: its middle signed under %s", under[i].what);
		T(q->whole == (i == 0), "a root signed itself under %s", under[i].what);
		ck_path_free(p);
		ck_path_free(q);
		ck_issuers_free(is);
		ck_issuers_free(self);
		made_free(&root);
		made_free(&good);
		made_free(&sub);
		made_free(&user);
	}
}

static void
test_mixed(void)
{
	struct made sm2 = ca("SM2", NULL, CK_SM2_ID),
		    p256 = made_of((struct spec){ .exts = { ca_ext } }, EVP_EC_gen("P-256"), "P");
	struct made a = made_of(
			(struct spec){ .by = &sm2, .sm2_id = CK_SM2_ID }, EVP_EC_gen("P-256"), "a"),
		    b = leaf(&p256, NULL);
	struct ck_issuers *is = issuers(&sm2, &p256, NULL);

	T(ck_issuers_signed(is, a.der, a.n), "SM2 signs for P-256");
	T(ck_issuers_signed(is, b.der, b.n), "and P-256 for SM2");
	ck_issuers_free(is);
	made_free(&sm2);
	made_free(&p256);
	made_free(&a);
	made_free(&b);
}

/* The curve lends itself to ECDSA as well; no CA means that. */
static void
test_ecdsa(void)
{
	struct made root = made_of((struct spec){ .exts = { ca_ext } },
	    EVP_PKEY_Q_keygen(NULL, NULL, "EC", "SM2"), "Root");
	struct made user = made_of((struct spec){ .by = &root }, EVP_EC_gen("P-256"), "user");
	struct ck_issuers *is = issuers(&root, NULL, NULL);

	T(X509_get_signature_nid(user.x) == NID_ecdsa_with_SHA256 &&
		!ck_issuers_signed(is, user.der, user.n),
	    "ECDSA with a key of SM2's curve");
	ck_issuers_free(is);
	made_free(&root);
	made_free(&user);
}

/* ---- lists and answers ---- */

static unsigned char *
list_by(const struct made *by, const char *id, size_t *n)
{
	X509_CRL *crl = X509_CRL_new();
	ASN1_TIME *from = ASN1_TIME_set(NULL, NOW - 3600), *to = ASN1_TIME_set(NULL, NOW + DAY);
	EVP_MD_CTX *ctx = sm2_signing(by->key, id);
	unsigned char *der = NULL;

	X509_CRL_set_version(crl, X509_CRL_VERSION_2);
	X509_CRL_set_issuer_name(crl, X509_get_subject_name(by->x));
	X509_CRL_set1_lastUpdate(crl, from);
	X509_CRL_set1_nextUpdate(crl, to);
	if (X509_CRL_sign_ctx(crl, ctx) <= 0)
		made_stop("a list");
	*n = (size_t)i2d_X509_CRL(crl, &der);
	ASN1_TIME_free(from);
	ASN1_TIME_free(to);
	EVP_MD_CTX_free(ctx);
	X509_CRL_free(crl);
	return der;
}

static unsigned char *
answer_by(const struct made *by, const char *id, const struct ck_ocsp *q, const struct made *user,
    const struct made *issuer, size_t *n)
{
	const unsigned char *p = ck_ocsp_der(q, n);
	OCSP_REQUEST *req = d2i_OCSP_REQUEST(NULL, &p, (long)*n);
	OCSP_CERTID *about = OCSP_cert_to_id(EVP_sha1(), user->x, issuer->x);
	OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
	ASN1_TIME *from = ASN1_TIME_set(NULL, NOW - 3600), *to = ASN1_TIME_set(NULL, NOW + DAY);
	EVP_MD_CTX *ctx = sm2_signing(by->key, id);
	OCSP_RESPONSE *whole = NULL;
	unsigned char *der = NULL;

	if (OCSP_basic_add1_status(basic, about, V_OCSP_CERTSTATUS_GOOD, 0, NULL, from, to) ==
		NULL ||
	    OCSP_copy_nonce(basic, req) != 1 ||
	    OCSP_basic_sign_ctx(basic, by->x, ctx, NULL, 0) != 1)
		made_stop("an answer");
	whole = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
	*n = (size_t)i2d_OCSP_RESPONSE(whole, &der);
	OCSP_RESPONSE_free(whole);
	OCSP_BASICRESP_free(basic);
	OCSP_CERTID_free(about);
	OCSP_REQUEST_free(req);
	ASN1_TIME_free(from);
	ASN1_TIME_free(to);
	EVP_MD_CTX_free(ctx);
	return der;
}

static enum ck_code
read_list(const struct ck_path *p, const unsigned char *der, size_t n)
{
	struct ck_answer a = { .bytes = der, .n = n, .now = NOW, .tolerance = 300 };
	struct ck_revocation got;

	err = (struct ck_err){ .code = CK_E_NONE };
	return ck_crl_read(p, &a, &got, &err) == 0 && got.status == CK_STATUS_GOOD ? CK_E_NONE
										   : err.code;
}

static enum ck_code
read_answer(const struct ck_ocsp *q, const unsigned char *der, size_t n)
{
	struct ck_answer a = { .bytes = der, .n = n, .now = NOW, .tolerance = 300 };
	struct ck_revocation got;

	err = (struct ck_err){ .code = CK_E_NONE };
	return ck_ocsp_read(q, &a, &got, &err) == 0 && got.status == CK_STATUS_GOOD ? CK_E_NONE
										    : err.code;
}

static struct made root, user, stranger;
static struct ck_issuers *pool, *odd_pool;
static struct ck_path *path, *odd_path;

static void
test_list(void)
{
	unsigned char *der = NULL;
	size_t n = 0, taken = 0;

	for (size_t i = 0; i < UNDERS; i++) {
		der = list_by(&root, under[i].id, &n);
		T(read_list(path, der, n) == (i == 0 ? CK_E_NONE : CK_E_STATUS_UNTRUSTED),
		    "a list signed under %s", under[i].what);
		T(read_list(odd_path, der, n) == (i == 1 ? CK_E_NONE : CK_E_STATUS_UNTRUSTED),
		    "a list where another is agreed on: under %s", under[i].what);
		OPENSSL_free(der);
	}
	der = list_by(&stranger, CK_SM2_ID, &n);
	T(read_list(path, der, n) == CK_E_STATUS_UNTRUSTED, "a list by another key");
	OPENSSL_free(der);
	der = list_by(&root, CK_SM2_ID, &n);
	for (size_t i = 0; i < n; i++) {
		unsigned char *torn = malloc(i + 1);

		memcpy(torn, der, i);
		taken += read_list(path, torn, i) == CK_E_NONE;
		free(torn);
		der[i] ^= 0x01;
		taken += read_list(path, der, n) == CK_E_NONE;
		der[i] ^= 0x01;
	}
	T(taken == 0, "a list cut short or altered at any of %zu bytes", n);
	T(read_list(path, der, n) == CK_E_NONE, "which whole is good");
	OPENSSL_free(der);
}

static void
test_answer(void)
{
	static const struct part ocsp = { .name = "extendedKeyUsage", .value = "OCSPSigning" };
	unsigned char *der = NULL;
	struct ck_ocsp *q = NULL;
	size_t n = 0;

	if (ck_ocsp_make(path, &q, &err) != 0)
		made_stop("a question");
	for (size_t i = 0; i < UNDERS; i++) {
		struct made responder =
		    made_of((struct spec){ .by = &root, .sm2_id = under[i].id, .exts = { ocsp } },
			sm2_key(), "responder");

		der = answer_by(&root, under[i].id, q, &user, &root, &n);
		T(read_answer(q, der, n) == (i == 0 ? CK_E_NONE : CK_E_STATUS_UNTRUSTED),
		    "an answer signed under %s", under[i].what);
		OPENSSL_free(der);
		der = answer_by(&responder, CK_SM2_ID, q, &user, &root, &n);
		T(read_answer(q, der, n) == (i == 0 ? CK_E_NONE : CK_E_STATUS_UNTRUSTED),
		    "an answer of a responder certified under %s", under[i].what);
		der[n - 1] ^= 1; /* of its certificate's own signature */
		T(read_answer(q, der, n) != CK_E_NONE, "and an altered certificate");
		OPENSSL_free(der);
		made_free(&responder);
	}
	der = answer_by(&stranger, CK_SM2_ID, q, &user, &root, &n);
	T(read_answer(q, der, n) == CK_E_STATUS_UNTRUSTED, "an answer by another key");
	OPENSSL_free(der);
	ck_ocsp_free(q);
}

/* ---- requests ---- */

/* a key elsewhere, and what it does wrong */
struct device {
	EVP_PKEY *key;
	unsigned char zeros; /* bytes of zero s is to end with */
	bool refuses;
	const char *instead; /* r and s */
};

static void
sign_e(EVP_PKEY *key, const unsigned char *e, unsigned char rs[CK_SM2_SIG])
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	unsigned char der[CK_SM2_DER_MAX];
	size_t n = sizeof der;

	if (EVP_PKEY_sign_init(ctx) != 1 || EVP_PKEY_sign(ctx, der, &n, e, CK_SM2_E) != 1 ||
	    ck_sm2_from_der(der, n, rs, NULL) != 0)
		made_stop("a signature");
	EVP_PKEY_CTX_free(ctx);
}

static int
device_sign(
    void *at, const unsigned char e[CK_SM2_E], unsigned char rs[CK_SM2_SIG], struct ck_err *why)
{
	const struct device *d = at;

	if (d->refuses)
		return ck_fail(why, CK_E_KEY_REMOVED, "pulled");
	do
		sign_e(d->key, e, rs);
	while (d->zeros > 0 && rs[CK_SM2_SIG - 1] != 0);
	if (d->instead != NULL)
		unhex(d->instead, rs, CK_SM2_SIG);
	return 0;
}

static enum ck_code
request(struct device *d, EVP_PKEY *pub, const char *id, unsigned char **der, size_t *n)
{
	struct ck_sm2_key key = { .id = id, .sign = device_sign, .device = d };

	*der = NULL;
	err = (struct ck_err){ .code = CK_E_NONE };
	if (pub == NULL)
		memset(key.point, 1, sizeof key.point);
	else if (ck_sm2_point(pub, key.point) != 0)
		made_stop("a point");
	return ck_sm2_csr_make(&key, user.der, user.n, der, n, &err) == 0 ? CK_E_NONE : err.code;
}

static void
test_request(void)
{
	struct device d = { .key = sm2_key() };
	unsigned char *der = NULL, spki[CK_HASH_LEN] = { 0 }, same[CK_HASH_LEN] = { 1 };
	const unsigned char *p = NULL;
	X509_REQ *req = NULL;
	size_t n = 0;

	T(request(&d, d.key, NULL, &der, &n) == CK_E_NONE, "a request is made");
	p = der;
	req = d2i_X509_REQ(NULL, &p, (long)n);
	T(req != NULL && p == der + n && X509_REQ_get_signature_nid(req) == NID_SM2_with_SM3,
	    "signed with SM3");
	T(X509_REQ_verify(req, d.key) == 0, "OpenSSL alone takes the empty ID");
	for (size_t i = 0; i < UNDERS; i++)
		T(ck_signed_request(req, d.key, under[i].id) == (i == 0), "is it good under %s?",
		    under[i].what);
	T(X509_NAME_cmp(X509_REQ_get_subject_name(req), X509_get_subject_name(user.x)) == 0,
	    "of the old subject");
	key_hash(d.key, same);
	T(ck_csr_spki(der, n, spki, NULL) == 0 && memcmp(spki, same, sizeof spki) == 0,
	    "its public key is the pair's");
	X509_REQ_free(req);
	free(der);
	T(request(&d, d.key, OTHER, &der, &n) == CK_E_NONE, "a request under another ID");
	p = der;
	req = d2i_X509_REQ(NULL, &p, (long)n);
	T(ck_signed_request(req, d.key, OTHER) && !ck_signed_request(req, d.key, CK_SM2_ID),
	    "is good under that alone");
	X509_REQ_free(req);
	free(der);
	d.zeros = 1;
	T(request(&d, d.key, NULL, &der, &n) == CK_E_NONE && der[n - 1] == 0,
	    "one whose s ends in zeros keeps them");
	free(der);
	EVP_PKEY_free(d.key);
}

static void
test_faults(void)
{
	struct device d = { .key = sm2_key() }, pulled = { .refuses = true },
		      zero = { .key = d.key, .instead = NONE ONE },
		      rubbish = { .key = d.key, .instead = ONE ONE };
	EVP_PKEY *other = sm2_key();
	unsigned char *der = NULL;
	size_t n = 0;

	T(request(&d, other, NULL, &der, &n) == CK_E_SIGNATURE_WRONG && der == NULL,
	    "a request signed by another key");
	T(request(&d, d.key, "", &der, &n) == CK_E_INTERNAL && der == NULL,
	    "no request under the empty ID");
	T(request(&d, NULL, NULL, &der, &n) == CK_E_KEY_TROUBLE && der == NULL,
	    "no request for a point off the curve");
	T(request(&pulled, d.key, NULL, &der, &n) == CK_E_KEY_REMOVED && der == NULL,
	    "what the key says is what is said");
	T(request(&zero, d.key, NULL, &der, &n) == CK_E_SIGNATURE_WRONG && der == NULL,
	    "a key that signs with zero");
	T(request(&rubbish, d.key, NULL, &der, &n) == CK_E_SIGNATURE_WRONG && der == NULL,
	    "a key that signs something else");
	EVP_PKEY_free(d.key);
	EVP_PKEY_free(other);
}

/* OpenSSL would sign under the empty ID */
static void
test_handles(void)
{
	EVP_PKEY *key = sm2_key();
	struct made own = made_of((struct spec){ .by = &root, .sm2_id = CK_SM2_ID }, key, "own");
	unsigned char digest[CK_HASH_LEN] = { 1 }, sig[CK_P256_SIG];
	unsigned char *der = NULL;
	size_t n = 0;

	T(ck_csr_make(own.key, own.der, own.n, &der, &n, NULL) == -1 && der == NULL,
	    "no request by a handle");
	T(ck_cms_sign(own.key, own.der, own.n, digest, NOW, &der, &n, NULL) == -1 && der == NULL,
	    "no signature of a form");
	T(ck_sign_p256(own.key, "text", sig, NULL) == -1, "none of a site");
	err = (struct ck_err){ .code = CK_E_NONE };
	T(ck_key_proves(own.key, own.der, own.n, &err) == -1 && err.code == CK_E_KEY_UNSUITABLE,
	    "no proof, and a word why");
	made_free(&own);
}

/* as a key does that adds Z of another ID, or signs SM3 of the bytes alone */
static int
sign_under(
    void *at, const unsigned char e[CK_SM2_E], unsigned char rs[CK_SM2_SIG], struct ck_err *why)
{
	unsigned char again[CK_SM2_E], point[CK_SM2_POINT];
	const struct device *d = at;

	ck_sm2_point(d->key, point);
	if (ck_sm2_digest(point, d->instead, e, CK_SM2_E, again, why) != 0)
		return -1;
	sign_e(d->key, again, rs);
	return 0;
}

static void
test_own_id(void)
{
	struct device d = { .key = sm2_key(), .instead = OTHER };
	struct ck_sm2_key key = { .sign = sign_under, .device = &d };
	unsigned char *der = NULL;
	size_t n = 0;

	ck_sm2_point(d.key, key.point);
	err = (struct ck_err){ .code = CK_E_NONE };
	T(ck_sm2_csr_make(&key, user.der, user.n, &der, &n, &err) == -1 &&
		err.code == CK_E_SIGNATURE_WRONG,
	    "a key that hashes once more by its own rules");
	EVP_PKEY_free(d.key);
}

int
main(void)
{
	scratch_dir(dir, sizeof dir);
	snprintf(file, sizeof file, "%s/issuers.pem", dir);
	root = ca("Root", NULL, CK_SM2_ID);
	stranger = ca("Root", NULL, CK_SM2_ID);
	user = leaf(&root, CK_SM2_ID);
	pool = issuers(&root, NULL, NULL);
	path = path_of(&user, pool);
	struct made odd_user = leaf(&root, OTHER);
	odd_pool = issuers(&root, NULL, OTHER);
	odd_path = path_of(&odd_user, odd_pool);

	test_standard();
	test_bounds();
	test_torn();
	test_facts();
	test_chain();
	test_path();
	test_mixed();
	test_ecdsa();
	test_list();
	test_answer();
	test_request();
	test_faults();
	test_own_id();
	test_handles();

	ck_path_free(path);
	ck_path_free(odd_path);
	ck_issuers_free(pool);
	ck_issuers_free(odd_pool);
	made_free(&root);
	made_free(&stranger);
	made_free(&user);
	made_free(&odd_user);
	unlink(file);
	rmdir(dir);
	return T_END();
}
