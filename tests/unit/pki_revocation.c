/* OCSP answers and revocation lists: what counts, and all that must not. */
#include <openssl/ocsp.h>

#include "pki_revoke.h"
#include "t.h"

#define NOW INT64_C(1782864000) /* 2026-07-01 */
#define TOLERANCE 300
#define DAY 86400

/* ---- OCSP ---- */

/* by a responder, or in a list; what is not said: good, an hour ago, for a day */
struct said {
	const struct made *by; /* NULL: the issuer */
	int status, reason;    /* V_OCSP_CERTSTATUS_*; of a list: is it on it? 0: no reason */
	int64_t from, until;   /* from NOW */
	bool no_until, other_nonce, no_nonce, other_cert, no_signer;
	int response;	   /* OCSP_RESPONSE_STATUS_* */
	const char *scope; /* of a list: as in x509v3_config(5) */
	const char *ext, *entry_ext;
};
#define SAID(...) (&(struct said){ __VA_ARGS__ })

static ASN1_TIME *
from_of(const struct said *s)
{
	return ASN1_TIME_set(NULL, NOW + (s->from != 0 ? s->from : -3600));
}

static ASN1_TIME *
until_of(const struct said *s)
{
	if (s->no_until)
		return NULL;
	return ASN1_TIME_set(NULL, NOW + (s->until != 0 ? s->until : DAY));
}

static int
reason_of(const struct said *s)
{
	return s->reason != 0 ? s->reason : CRL_REASON_NONE;
}

static unsigned char *
ocsp_answer(const struct said *s, const struct ck_ocsp *q, size_t *n)
{
	const unsigned char *der = ck_ocsp_der(q, n), *p = der;
	const struct made *by = s->by != NULL ? s->by : &sub;
	OCSP_REQUEST *req = d2i_OCSP_REQUEST(NULL, &p, (long)*n);
	OCSP_CERTID *id = OCSP_cert_to_id(EVP_sha1(), s->other_cert ? sub.x : leaf.x, sub.x);
	OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
	ASN1_TIME *from = from_of(s), *until = until_of(s),
		  *since = ASN1_TIME_set(NULL, NOW - 7 * DAY);
	OCSP_RESPONSE *whole = NULL;
	unsigned char *out = NULL;

	if (OCSP_basic_add1_status(basic, id, s->status, reason_of(s), since, from, until) == NULL)
		made_stop("a status");
	if (s->other_nonce)
		OCSP_basic_add1_nonce(basic, NULL, 16);
	else if (!s->no_nonce)
		OCSP_copy_nonce(basic, req);
	if (OCSP_basic_sign(
		basic, by->x, by->key, EVP_sha256(), NULL, s->no_signer ? OCSP_NOCERTS : 0) != 1)
		made_stop("a signature");
	whole = OCSP_response_create(s->response, s->response == 0 ? basic : NULL);
	*n = (size_t)i2d_OCSP_RESPONSE(whole, &out);
	OCSP_RESPONSE_free(whole);
	OCSP_BASICRESP_free(basic);
	OCSP_CERTID_free(id);
	OCSP_REQUEST_free(req);
	ASN1_TIME_free(from);
	ASN1_TIME_free(until);
	ASN1_TIME_free(since);
	return out;
}

static struct ck_revocation got;
static struct ck_err err;

static int
read_ocsp(const struct ck_ocsp *q, const unsigned char *bytes, size_t n)
{
	struct ck_answer a = { .bytes = bytes, .n = n, .now = NOW, .tolerance = TOLERANCE };

	err = (struct ck_err){ .code = CK_E_NONE };
	return ck_ocsp_read(q, &a, &got, &err);
}

/* 0, or the code */
static int
ocsp(const struct said *s)
{
	struct ck_ocsp *q = NULL;
	unsigned char *bytes = NULL;
	size_t n = 0;
	int rc = 0;

	if (ck_ocsp_make(path, &q, &err) != 0)
		made_stop("a question");
	bytes = ocsp_answer(s, q, &n);
	rc = read_ocsp(q, bytes, n);
	OPENSSL_free(bytes);
	ck_ocsp_free(q);
	return rc == 0 ? 0 : (int)err.code;
}

static void
test_ocsp(void)
{
	T(ocsp(SAID(.by = NULL)) == 0 && got.status == CK_STATUS_GOOD, "ocsp: good %s", err.detail);
	T(got.at == NOW - 3600 && got.until == NOW + DAY && got.revoked_at == 0 &&
		got.reason == NULL,
	    "ocsp: its times");
	T(ocsp(SAID(.status = V_OCSP_CERTSTATUS_REVOKED)) == 0 && got.status == CK_STATUS_REVOKED &&
		got.revoked_at == NOW - 7 * DAY && got.reason == NULL,
	    "ocsp: revoked, no reason said");
	T(ocsp(SAID(.status = V_OCSP_CERTSTATUS_REVOKED, .reason = 1)) == 0 &&
		strcmp(got.reason, "key-compromise") == 0,
	    "ocsp: revoked, for a reason");
	T(ocsp(SAID(.status = V_OCSP_CERTSTATUS_REVOKED, .reason = 77)) == 0 &&
		got.status == CK_STATUS_REVOKED && got.reason == NULL,
	    "ocsp: revoked, for a reason no standard knows");
	T(ocsp(SAID(.status = V_OCSP_CERTSTATUS_REVOKED, .reason = 6)) == 0 &&
		got.status == CK_STATUS_HELD && got.revoked_at != 0,
	    "ocsp: on hold");
	T(ocsp(SAID(.status = V_OCSP_CERTSTATUS_UNKNOWN)) == 0 && got.status == CK_STATUS_UNKNOWN,
	    "ocsp: unknown");
	T(ocsp(SAID(.no_nonce = true)) == 0, "ocsp: made beforehand, without a nonce");
	T(ocsp(SAID(.other_nonce = true)) == CK_E_STATUS_UNTRUSTED, "ocsp: another nonce");
	T(ocsp(SAID(.other_cert = true)) == CK_E_STATUS_UNTRUSTED, "ocsp: another certificate");
	for (int i = 1; i <= 6; i++)
		T(ocsp(SAID(.response = i)) == CK_E_STATUS_REFUSED && err.native == (unsigned)i,
		    "ocsp: no answer but %d", i);
}

static void
test_ocsp_times(void)
{
	T(ocsp(SAID(.from = -10 * DAY, .until = -DAY)) == CK_E_STATUS_STALE, "ocsp: too old");
	T(ocsp(SAID(.from = -DAY, .until = -TOLERANCE)) == 0, "ocsp: just over, as clocks differ");
	T(ocsp(SAID(.from = -DAY, .until = -TOLERANCE - 1)) == CK_E_STATUS_STALE,
	    "ocsp: a second more");
	T(ocsp(SAID(.from = TOLERANCE)) == 0, "ocsp: just ahead, as clocks differ");
	T(ocsp(SAID(.from = TOLERANCE + 1)) == CK_E_STATUS_STALE, "ocsp: from the future");
	T(ocsp(SAID(.from = -TOLERANCE, .no_until = true)) == 0 && got.until == 0,
	    "ocsp: of this moment, no end said");
	T(ocsp(SAID(.from = -DAY, .no_until = true)) == CK_E_STATUS_STALE,
	    "ocsp: of yesterday, no end said");
}

static struct made
responder(const struct made *by, const char *use, const char *from, const char *to)
{
	struct spec s = {
		.subject = { { .name = "CN", .value = "OCSP" } },
		.by = by,
		.from = from,
		.to = to,
	};

	if (use != NULL)
		s.exts[0] = (struct part){ .name = "extendedKeyUsage", .value = use };
	return make_cert(&s);
}

static int
ocsp_by(const char *use, const struct made *by, const char *from, const char *to)
{
	struct made r = responder(by, use, from, to);
	int rc = ocsp(SAID(.by = &r));

	made_free(&r);
	return rc;
}

static void
test_ocsp_signers(void)
{
	struct made again = ca("Sub", &root, sub.key),
		    r = responder(&sub, "OCSPSigning", NULL, NULL);

	T(ocsp_by("OCSPSigning", &sub, NULL, NULL) == 0, "ocsp: a responder of the issuer's");
	T(ocsp_by("clientAuth", &sub, NULL, NULL) == CK_E_STATUS_UNTRUSTED,
	    "ocsp: a customer of the issuer's");
	T(ocsp_by(NULL, &sub, NULL, NULL) == CK_E_STATUS_UNTRUSTED,
	    "ocsp: a certificate that says nothing of its use");
	T(ocsp_by("anyExtendedKeyUsage", &sub, NULL, NULL) == CK_E_STATUS_UNTRUSTED,
	    "ocsp: a certificate for anything");
	T(ocsp_by("OCSPSigning", &stranger, NULL, NULL) == CK_E_STATUS_UNTRUSTED,
	    "ocsp: a responder of a stranger with the issuer's name");
	T(ocsp_by("OCSPSigning", &root, NULL, NULL) == CK_E_STATUS_UNTRUSTED,
	    "ocsp: a responder of the issuer's own issuer");
	T(ocsp_by("OCSPSigning", &sub, NULL, "260601000000Z") == CK_E_STATUS_UNTRUSTED,
	    "ocsp: a responder that is over");
	T(ocsp_by("OCSPSigning", &sub, "260801000000Z", NULL) == CK_E_STATUS_UNTRUSTED,
	    "ocsp: a responder of tomorrow");
	T(ocsp(SAID(.by = &r, .no_signer = true)) == CK_E_STATUS_UNTRUSTED,
	    "ocsp: a responder that does not show itself");
	T(ocsp(SAID(.by = &stranger)) == CK_E_STATUS_UNTRUSTED,
	    "ocsp: a stranger with the issuer's name");
	T(ocsp(SAID(.by = &root)) == CK_E_STATUS_UNTRUSTED, "ocsp: the root");
	T(ocsp(SAID(.no_signer = true)) == 0, "ocsp: the issuer, who is known");
	T(ocsp(SAID(.by = &again)) == 0, "ocsp: the issuer under a newer certificate");
	made_free(&again);
	made_free(&r);
}

/* ---- lists ---- */

static void
add_list_ext(X509_CRL *crl, const char *text)
{
	char name[64];
	size_t n = strcspn(text, "=");
	X509_EXTENSION *e = NULL;
	X509V3_CTX ctx;

	snprintf(name, sizeof name, "%.*s", (int)n, text);
	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, NULL, NULL, NULL, crl, 0);
	e = X509V3_EXT_nconf(NULL, &ctx, name, text + n + 1);
	if (e == NULL || X509_CRL_add_ext(crl, e, -1) != 1)
		made_stop(text);
	X509_EXTENSION_free(e);
}

static void
add_entry(X509_CRL *crl, const ASN1_INTEGER *serial, const struct said *s)
{
	X509_REVOKED *r = X509_REVOKED_new();
	ASN1_TIME *since = ASN1_TIME_set(NULL, NOW - 7 * DAY);
	ASN1_ENUMERATED *reason = ASN1_ENUMERATED_new();
	X509_EXTENSION *e = NULL;

	X509_REVOKED_set_serialNumber(r, (ASN1_INTEGER *)(uintptr_t)serial);
	X509_REVOKED_set_revocationDate(r, since);
	ASN1_ENUMERATED_set(reason, s->reason);
	if (s->reason != 0)
		X509_REVOKED_add1_ext_i2d(r, NID_crl_reason, reason, 0, 0);
	if (s->entry_ext != NULL) {
		e = X509V3_EXT_nconf(NULL, NULL, s->entry_ext, "critical,DER:05:00");
		if (e == NULL || X509_REVOKED_add_ext(r, e, -1) != 1)
			made_stop(s->entry_ext);
		X509_EXTENSION_free(e);
	}
	X509_CRL_add0_revoked(crl, r);
	ASN1_TIME_free(since);
	ASN1_ENUMERATED_free(reason);
}

static unsigned char *
list(const struct said *s, const struct made *of, size_t *n)
{
	const struct made *by = s->by != NULL ? s->by : &sub;
	X509_CRL *crl = X509_CRL_new();
	ASN1_TIME *from = from_of(s), *until = until_of(s);
	ASN1_INTEGER *other = ASN1_INTEGER_new();
	unsigned char *out = NULL;

	ASN1_INTEGER_set(other, 77);
	X509_CRL_set_version(crl, X509_CRL_VERSION_2);
	X509_CRL_set_issuer_name(crl, X509_get_subject_name(by->x));
	X509_CRL_set1_lastUpdate(crl, from);
	if (until != NULL)
		X509_CRL_set1_nextUpdate(crl, until);
	add_entry(crl, s->status != 0 ? X509_get0_serialNumber(of->x) : other, s);
	if (s->scope != NULL)
		add_list_ext(crl, s->scope);
	if (s->ext != NULL)
		add_list_ext(crl, s->ext);
	X509_CRL_sort(crl);
	if (X509_CRL_sign(crl, by->key, EVP_sha256()) <= 0)
		made_stop("a list");
	*n = (size_t)i2d_X509_CRL(crl, &out);
	X509_CRL_free(crl);
	ASN1_TIME_free(from);
	ASN1_TIME_free(until);
	ASN1_INTEGER_free(other);
	return out;
}

static int
read_list(const struct ck_path *of, const unsigned char *bytes, size_t n)
{
	struct ck_answer a = { .bytes = bytes, .n = n, .now = NOW, .tolerance = TOLERANCE };

	err = (struct ck_err){ .code = CK_E_NONE };
	return ck_crl_read(of, &a, &got, &err);
}

static int
crl_of(const struct said *s, const struct made *m, const struct ck_path *p)
{
	size_t n = 0;
	unsigned char *bytes = list(s, m, &n);
	int rc = read_list(p, bytes, n);

	OPENSSL_free(bytes);
	return rc == 0 ? 0 : (int)err.code;
}

static int
crl(const struct said *s)
{
	return crl_of(s, &leaf, path);
}

static void
test_list(void)
{
	T(crl(SAID(.by = NULL)) == 0 && got.status == CK_STATUS_GOOD, "list: not on it %s",
	    err.detail);
	T(got.at == NOW - 3600 && got.until == NOW + DAY, "list: its times");
	T(crl(SAID(.status = 1)) == 0 && got.status == CK_STATUS_REVOKED &&
		got.revoked_at == NOW - 7 * DAY && got.reason == NULL,
	    "list: on it");
	T(crl(SAID(.status = 1, .reason = 4)) == 0 && strcmp(got.reason, "superseded") == 0,
	    "list: on it, for a reason");
	T(crl(SAID(.status = 1, .reason = 6)) == 0 && got.status == CK_STATUS_HELD,
	    "list: on hold");
	T(crl(SAID(.from = -10 * DAY, .until = -DAY)) == CK_E_STATUS_STALE, "list: too old");
	T(crl(SAID(.from = DAY)) == CK_E_STATUS_STALE, "list: from the future");
	T(crl(SAID(.no_until = true)) == CK_E_STATUS_STALE, "list: no end said");
	T(crl(SAID(.by = &stranger)) == CK_E_STATUS_UNTRUSTED,
	    "list: of a stranger with the issuer's name");
	T(crl(SAID(.by = &root)) == CK_E_STATUS_UNTRUSTED, "list: of the root");
}

static void
test_list_kinds(void)
{
	static const char *const useless[] = {
		"issuingDistributionPoint=critical,indirectCRL:TRUE",
		"issuingDistributionPoint=critical,onlysomereasons:keyCompromise",
		"issuingDistributionPoint=critical,onlyCA:TRUE",
		"issuingDistributionPoint=critical,onlyAA:TRUE",
		"issuingDistributionPoint=critical,fullname:URI:http://crl.example.cn/g2-2.crl",
		"issuingDistributionPoint=fullname:URI:http://crl.example.cn/g2-2.crl",
		"deltaCRL=critical,DER:02:01:01",
		"deltaCRL=DER:02:01:01",
		"1.2.3.4=critical,DER:05:00",
	};

	for (size_t i = 0; i < sizeof useless / sizeof useless[0]; i++) {
		T(crl(SAID(.scope = useless[i])) == CK_E_STATUS_UNUSABLE, "list: %s", useless[i]);
		T(crl(SAID(.scope = useless[i], .status = 1)) == CK_E_STATUS_UNUSABLE,
		    "list: on it, %s", useless[i]);
	}
	T(crl(SAID(.scope = "issuingDistributionPoint=critical,fullname:URI:" POINT)) == 0,
	    "list: the piece it is in");
	T(crl(SAID(.scope = "issuingDistributionPoint=critical,onlyuser:TRUE")) == 0,
	    "list: of customers");
	T(crl(SAID(.scope = "issuingDistributionPoint=critical,DER:05:00")) == CK_E_STATUS_GARBAGE,
	    "list: a scope that cannot be read");
	T(crl(SAID(.ext = "1.2.3.4=DER:05:00")) == 0, "list: an extension that may be unknown");
	T(crl(SAID(.ext = "crlNumber=DER:02:01:05")) == 0, "list: with a number");
	T(crl(SAID(.entry_ext = "1.2.3.4")) == CK_E_STATUS_UNUSABLE,
	    "list: another's entry that must be understood");
	T(crl(SAID(.entry_ext = "2.5.29.29")) == CK_E_STATUS_UNUSABLE,
	    "list: another's entry is another issuer's");
}

static void
test_list_others(void)
{
	struct spec s = {
		.subject = { { .name = "CN", .value = "Sub" } },
		.exts = { ca_ext, { .name = "keyUsage", .value = "keyCertSign" } },
		.by = &root,
		.key = sub.key,
	};
	struct made no_lists = make_cert(&s), over;
	const struct made *const one[] = { &no_lists, NULL };
	struct ck_issuers *is = issuers(one);
	struct ck_path *p = path_of(&leaf, is);

	T(crl_of(SAID(.by = NULL), &leaf, p) == CK_E_STATUS_UNTRUSTED,
	    "list: of an issuer who may sign none");
	ck_path_free(p);
	ck_issuers_free(is);
	s = (struct spec){ .subject = { { .name = "CN", .value = "x" } },
		.by = &sub,
		.serial = "51",
		.to = "260601000000Z" };
	over = make_cert(&s);
	p = path_of(&over, pool);
	T(crl_of(SAID(.by = NULL), &over, p) == CK_E_STATUS_UNUSABLE,
	    "list: it forgets what is over");
	T(crl_of(SAID(.status = 1), &over, p) == 0 && got.status == CK_STATUS_REVOKED,
	    "list: it may still have it");
	ck_path_free(p);
	made_free(&no_lists);
	made_free(&over);
}

/* ---- bytes that went wrong on the way ---- */

/* Every byte changed, every length cut, one byte more: never another word than the signed one. */
static void
torn(const char *what, unsigned char *bytes, size_t n, enum ck_cert_status want, const void *u,
    int (*read)(const void *u, const unsigned char *, size_t))
{
	unsigned char *copy = malloc(n + 1);
	size_t wrong = 0, same = 0;

	for (size_t i = 0; i < n; i++) {
		memcpy(copy, bytes, n);
		copy[i] ^= 0x41;
		if (read(u, copy, n) == 0) {
			same++;
			wrong += got.status != want;
		} else {
			wrong += err.code == CK_E_NONE || err.code == CK_E_INTERNAL;
		}
		wrong += read(u, bytes, i) == 0;
	}
	T(wrong == 0, "%s: whatever byte is changed or missing", what);
	/* what is not signed: the names of algorithms, a certificate nobody needs */
	T(same < n / 2, "%s: of %zu changed ones %zu mean the same", what, n, same);
	memcpy(copy, bytes, n);
	copy[n] = 0;
	T(read(u, copy, n + 1) == -1 && err.code == CK_E_STATUS_GARBAGE, "%s: a byte more", what);
	free(copy);
}

static int
torn_ocsp(const void *u, const unsigned char *bytes, size_t n)
{
	return read_ocsp(u, bytes, n);
}

static int
torn_list(const void *u, const unsigned char *bytes, size_t n)
{
	return read_list(u, bytes, n);
}

static void
test_torn(void)
{
	struct ck_ocsp *q = NULL;
	unsigned char *bytes = NULL;
	size_t n = 0;

	ck_ocsp_make(path, &q, &err);
	bytes = ocsp_answer(SAID(.no_signer = true, .status = V_OCSP_CERTSTATUS_REVOKED), q, &n);
	torn("ocsp", bytes, n, CK_STATUS_REVOKED, q, torn_ocsp);
	OPENSSL_free(bytes);
	ck_ocsp_free(q);
	bytes = list(SAID(.status = 1), &leaf, &n);
	torn("list", bytes, n, CK_STATUS_REVOKED, path, torn_list);
	OPENSSL_free(bytes);
	T(ERR_peek_error() == 0, "OpenSSL's errors are not left behind");
}

static void
test_question(void)
{
	struct ck_path nobody = { .cert = leaf.x };
	struct ck_ocsp *q = NULL;

	err = (struct ck_err){ .code = CK_E_NONE };
	T(ck_ocsp_make(&nobody, &q, &err) == -1 && q == NULL, "ocsp: no issuer, no question");
	T(read_list(&nobody, (const unsigned char *)"", 0) == -1, "list: no issuer, no answer");
	ck_ocsp_free(NULL);
	ck_path_free(NULL);
}

int
main(void)
{
	make_all();
	test_ocsp();
	test_ocsp_times();
	test_ocsp_signers();
	test_list();
	test_list_kinds();
	test_list_others();
	test_torn();
	test_question();
	free_all();
	return T_END();
}
