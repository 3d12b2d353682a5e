/* The desk's calls against answers made here from PROTOCOL.desk, good ones and all kinds of bad. */
#include "t.h"

#include <signal.h>
#include <stdlib.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <jansson.h>

#include "base/buf.h"
#include "base/clock.h"
#include "ca_desk_lab.h"

#define LEASE "\"lease\":\"L-1\",\"kiosk\":\"kiosk-1\",\"record\":\"CK-20261120-000001\""
#define HASH "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

#define CHALLENGED \
	"{\"ok\":true,\"now\":1,\"salt\":\"c2FsdHNhbHQ=\",\"iterations\":1000," \
	"\"challenge\":\"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\"}"

static const unsigned char cert[] = "stands for a certificate", csr[] = "stands for a request";
static const char challenge[] = "0123456789abcdef0123456789abcdef"; /* 32 */

/* ---- what it is asked is looked at ---- */

static unsigned char *
bytes_of(const json_t *from, const char *name, size_t *n)
{
	const char *text = json_string_value(json_object_get(from, name));

	return text != NULL ? ck_unbase64(text, 65536, n) : NULL;
}

/* title 00 who 00 challenge SHA-256(certificate); by codes there is no certificate yet */
static size_t
proof_message(const char *title, const char *who, unsigned char *out)
{
	size_t a = strlen(title) + 1, b = strlen(who) + 1;

	memcpy(out, title, a);
	memcpy(out + a, who, b);
	memcpy(out + a + b, challenge, 32);
	SHA256(cert, sizeof cert, out + a + b + 32);
	return a + b + 64;
}

static bool
signature_good(const struct lab *l, const json_t *ask)
{
	unsigned char msg[256], *sig = NULL;
	size_t n = 0, msg_n = proof_message("certkiosk key proof v1", "kiosk-1", msg);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good = false;

	sig = bytes_of(ask, "signature", &n);
	good = sig != NULL && EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, l->key) == 1 &&
	       EVP_DigestVerify(ctx, sig, n, msg, msg_n) == 1;
	free(sig);
	EVP_MD_CTX_free(ctx);
	return good;
}

/* PROTOCOL.desk 12: over the hash of the public key, which comes with it */
static bool
public_good(const struct lab *l, const json_t *ask)
{
	static const char title[] = "certkiosk public key proof v1\0kiosk-1";
	unsigned char msg[sizeof title + 64], *sig = NULL, *der = NULL;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t n = 0, der_n = 0;
	bool good = false;

	sig = bytes_of(ask, "signature", &n);
	der = bytes_of(ask, "public_key", &der_n);
	if (sig != NULL && der != NULL) {
		memcpy(msg, title, sizeof title);
		memcpy(msg + sizeof title, challenge, 32);
		SHA256(der, der_n, msg + sizeof title + 32);
		good = EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, l->key) == 1 &&
		       EVP_DigestVerify(ctx, sig, n, msg, sizeof msg) == 1;
	}
	free(sig);
	free(der);
	EVP_MD_CTX_free(ctx);
	return good;
}

static bool
mac_good(const struct lab *l, const json_t *said, bool codes)
{
	const char *title = codes ? "certkiosk download proof v1" : "certkiosk envelope proof v1";
	unsigned char k[32], want[32], msg[256], *mac = NULL;
	size_t n = 0, msg_n = proof_message(title, codes ? "D-1001" : "MM-0001", msg);
	bool good = false;

	if (codes)
		msg_n -= 32;

	PKCS5_PBKDF2_HMAC(l->password, (int)strlen(l->password), (const unsigned char *)"saltsalt",
	    8, 1000, EVP_sha256(), 32, k);
	HMAC(EVP_sha256(), k, 32, msg, msg_n, want, NULL);
	mac = bytes_of(said, "mac", &n);
	good = mac != NULL && n == 32 && memcmp(mac, want, 32) == 0;
	free(mac);
	return good;
}

static void
answer(void *u, const struct peer_request *q, struct peer_line *out)
{
	struct lab *l = u;
	json_t *ask = json_loadb((const char *)q->body, q->n, 0, NULL), *envelope = NULL;

	lab_answer(u, q, out);
	if (l->key != NULL && strstr(q->path, "/challenge") != NULL) {
		out->status = 200;
		out->body = "{\"ok\":true,\"now\":1,"
			    "\"challenge\":\"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\"}";
	}
	if (l->key != NULL && strstr(q->path, "/key-proof") != NULL)
		l->proof_good = signature_good(l, ask);
	if (l->key != NULL && strstr(q->path, "/issued") != NULL)
		l->proof_good = public_good(l, ask);
	envelope = json_object_get(ask, "envelope");
	if (l->password != NULL && envelope != NULL)
		l->mac_good = mac_good(l, envelope, false);
	if (l->password != NULL && strstr(q->path, "/download-proof") != NULL)
		l->mac_good = mac_good(l, ask, true);
	else if (l->password != NULL && strstr(q->path, "/download") != NULL)
		*out = (struct peer_line){ .act = PEER_ANSWER, .status = 200, .body = CHALLENGED };
	json_decref(ask);
}

static void
begin(struct lab *l)
{
	lab_begin(l, "sheca-cisweb", "/desk/v1/", answer);
}

/* ---- certificate ---- */

static int
lookup(struct lab *l, struct ck_lookup *out)
{
	return l->rc = ck_desk_lookup(l->desk, cert, sizeof cert, out, &l->err);
}

static void
test_lookup(void)
{
	struct ck_lookup out;
	struct lab l;
	char key[80] = "";

	begin(&l);
	will_say(&l, 200,
	    "{\"ok\":true,\"now\":1795000000,\"status\":\"revoked\",\"revoked_at\":1790000000,"
	    "\"orders\":[{\"order\":\"O-1\"},{\"order\":\"O-2\"}],\"leases\":[{" LEASE "}],"
	    "\"more\":{\"x\":[1]}}");
	T(lookup(&l, &out) == 0 && out.status == CK_STATUS_REVOKED, "lookup (%s)", l.err.detail);
	T(out.now == 1795000000 && out.revoked_at == 1790000000, "lookup times");
	T(out.n_orders == 2 && out.n_leases == 1, "lookup orders and leases");
	T_STR(out.orders[1], "O-2", "lookup order");
	T_STR(out.leases[0].lease, "L-1", "lookup lease");
	T_STR(out.leases[0].record, "CK-20261120-000001", "lookup lease's record");
	T_STR(asked(&l)->path, "/desk/v1/certificate", "lookup path");
	T_STR((char *)asked(&l)->body,
	    "{\"system\":\"sheca-cisweb\",\"certificate\":\"c3RhbmRzIGZvciBhIGNlcnRpZmljYXRlAA=="
	    "\"}",
	    "lookup request");
	T_STR(asked(&l)->type, "application/json", "lookup media type");
	T(strlen(asked(&l)->key) == 40, "lookup has an Idempotency-Key");
	snprintf(key, sizeof key, "%s", asked(&l)->key);
	lookup(&l, &out);
	T(strcmp(asked(&l)->key, key) != 0, "lookup asks anew each time");
	T(asked(&l)->connection == 1, "lookup keeps the connection");
	end(&l);
}

/* ---- answers that mean nothing ---- */

static void
test_garbage(void)
{
	static const struct {
		int status;
		const char *body;
	} bad[] = {
		{ 200, "" },
		{ 200, "<html>" },
		{ 200, "[]" },
		{ 200, "{\"now\":1,\"status\":\"good\",\"orders\":[],\"leases\":[]}" },
		{ 200, "{\"ok\":1,\"now\":1,\"status\":\"good\",\"orders\":[],\"leases\":[]}" },
		{ 200, "{\"ok\":false,\"code\":\"refused\",\"text\":\"no\"}" },
		{ 200, "{\"ok\":true,\"status\":\"good\",\"orders\":[],\"leases\":[]}" },
		{ 200,
		    "{\"ok\":true,\"now\":\"1\",\"status\":\"good\",\"orders\":[],\"leases\":[]}" },
		{ 200,
		    "{\"ok\":true,\"now\":1.5,\"status\":\"good\",\"orders\":[],\"leases\":[]}" },
		{ 200, "{\"ok\":true,\"now\":-1,\"status\":\"good\",\"orders\":[],\"leases\":[]}" },
		{ 200, "{\"ok\":true,\"now\":1,\"status\":\"fine\",\"orders\":[],\"leases\":[]}" },
		{ 200,
		    "{\"ok\":true,\"now\":1,\"status\":\"revoked\",\"orders\":[],\"leases\":[]}" },
		{ 200, "{\"ok\":true,\"now\":1,\"status\":\"good\",\"leases\":[]}" },
		{ 200, "{\"ok\":true,\"now\":1,\"status\":\"good\",\"orders\":[],\"leases\":{}}" },
		{ 200, "{\"ok\":true,\"now\":1,\"status\":\"good\",\"orders\":[\"O\"],\"leases\":[]"
		       "}" },
		{ 200,
		    "{\"ok\":true,\"now\":1,\"status\":\"good\",\"orders\":[{\"order\":\"a b\"}],"
		    "\"leases\":[]}" },
		{ 200, "{\"ok\":true,\"now\":1,\"status\":\"good\",\"orders\":[{\"order\":\"\"}],"
		       "\"leases\":[]}" },
		{ 200, "{\"ok\":true,\"now\":1,\"now\":2,\"status\":\"good\",\"orders\":[],"
		       "\"leases\":[]}" },
		{ 200, "{\"ok\":true,\"now\":1,\"status\":\"good\",\"orders\":[],\"leases\":[]} "
		       "more" },
		{ 500, "{\"ok\":false,\"code\":\"refused\",\"text\":\"no\"}" },
		{ 302, "{\"ok\":true,\"now\":1,\"status\":\"good\",\"orders\":[],\"leases\":[]}" },
		{ 404, "{\"ok\":true,\"now\":1,\"status\":\"good\",\"orders\":[],\"leases\":[]}" },
		{ 404, "not here" },
		{ 403, "{\"ok\":false,\"text\":\"no\"}" },
		{ 503, "busy" },
	};
	struct ck_lookup out;
	struct lab l;

	begin(&l);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		will_say(&l, bad[i].status, bad[i].body);
		lookup(&l, &out);
		T(failed(&l, CK_E_DESK_GARBAGE), "garbage: %d %.60s", bad[i].status, bad[i].body);
	}
	end(&l);
}

static void
test_refusals(void)
{
	static const struct {
		const char *word;
		enum ck_code code;
	} all[] = {
		{ "unknown-kiosk", CK_E_KIOSK_CERT },
		{ "proof-wrong", CK_E_KEY_PROOF_FAILED },
		{ "challenge-unknown", CK_E_KEY_PROOF_FAILED },
		{ "proof-unknown", CK_E_KEY_PROOF_FAILED },
		{ "envelope-unknown", CK_E_ENVELOPE_UNKNOWN },
		{ "envelope-used", CK_E_ENVELOPE_USED },
		{ "envelope-original", CK_E_ENVELOPE_ORIGINAL },
		{ "envelope-foreign", CK_E_ENVELOPE_FOREIGN },
		{ "envelope-locked", CK_E_ENVELOPE_LOCKED },
		{ "envelope-wrong", CK_E_ENVELOPE_WRONG },
		{ "lease-unknown", CK_E_LEASE_LOST },
		{ "lease-released", CK_E_LEASE_LOST },
		{ "bound-otherwise", CK_E_LEASE_LOST },
		{ "way-otherwise", CK_E_OTHER_WAY },
		{ "certificate-revoked", CK_E_REVOKED },
		{ "outside-window", CK_E_DESK_REFUSED },
		{ "refused", CK_E_DESK_REFUSED },
		{ "of-tomorrow", CK_E_DESK_REFUSED },
	};
	struct ck_lookup out;
	struct lab l;
	char body[256];

	begin(&l);
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		snprintf(body, sizeof body,
		    "{\"ok\":false,\"code\":\"%s\",\"text\":\"密码信封\\u001b[1m\\u202e不可用\"}",
		    all[i].word);
		will_say(&l, 409, body);
		lookup(&l, &out);
		T(failed(&l, all[i].code), "refusal %s", all[i].word);
		T(strstr(l.err.detail, "密码信封") != NULL &&
			strstr(l.err.detail, "\x1b") == NULL &&
			strstr(l.err.detail, "\xe2\x80\xae") == NULL,
		    "refusal %s: its text, filtered", all[i].word);
	}
	will_say(&l, 503, "{\"ok\":false,\"code\":\"busy\",\"text\":\"later\"}");
	lookup(&l, &out);
	T(failed(&l, CK_E_DESK_REFUSED), "refusal busy");
	end(&l);
}

/* ---- proofs ---- */

static void
prove(struct lab *l, EVP_PKEY *key, struct ck_key_proof *proof)
{
	l->key = key;
	l->proof_good = false;
	will_say(l, 200, "{\"ok\":true,\"now\":1,\"proof\":\"P-1\",\"until\":1801}");
	l->rc = ck_desk_prove_key(l->desk, cert, sizeof cert, key, proof, &l->err);
}

static void
test_key_proof(void)
{
	EVP_PKEY *ec = peer_key(), *rsa = EVP_RSA_gen(2048);
	struct ck_key_proof proof;
	unsigned char hash[32];
	struct lab l;

	begin(&l);
	prove(&l, ec, &proof);
	T(l.rc == 0 && l.proof_good, "key proof, P-256 (%s)", l.err.detail);
	T_STR(proof.id, "P-1", "key proof's id");
	SHA256(cert, sizeof cert, hash);
	T(proof.until == 1801 && memcmp(hash, proof.cert_sha256, 32) == 0, "key proof's facts");
	prove(&l, rsa, &proof);
	T(l.rc == 0 && l.proof_good, "key proof, RSA (%s)", l.err.detail);
	l.key = NULL;
	will_say(&l, 200, "{\"ok\":true,\"now\":1,\"challenge\":\"c2hvcnQ=\"}");
	l.rc = ck_desk_prove_key(l.desk, cert, sizeof cert, ec, &proof, &l.err);
	T(failed(&l, CK_E_DESK_GARBAGE), "a challenge of another length is not signed");
	EVP_PKEY_free(ec);
	EVP_PKEY_free(rsa);
	end(&l);
}

static void
envelope(struct lab *l, struct ck_envelope *out, const char *body)
{
	struct ck_key_proof proof = { .id = "P-1" };

	will_say(l, 200, body);
	l->rc = ck_desk_envelope(l->desk, &proof, "MM-0001", out, &l->err);
}

#define ENVELOPE(salt, iterations) \
	"{\"ok\":true,\"now\":1,\"salt\":\"" salt "\",\"iterations\":" iterations "," \
	"\"challenge\":\"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\"}"

static void
test_envelope(void)
{
	struct ck_envelope e;
	struct lab l;

	begin(&l);
	envelope(&l, &e, ENVELOPE("c2FsdHNhbHQ=", "1000"));
	T(l.rc == 0 && e.iterations == 1000 && e.salt_len == 8 && e.challenge_len == 32,
	    "envelope (%s)", l.err.detail);
	T_STR(e.serial, "MM-0001", "envelope's serial");
	T_STR((char *)asked(&l)->body,
	    "{\"system\":\"sheca-cisweb\",\"proof\":\"P-1\",\"serial\":\"MM-0001\"}",
	    "envelope request");
	envelope(&l, &e, ENVELOPE("c2FsdHNhbHQ=", "999"));
	T(failed(&l, CK_E_DESK_GARBAGE), "envelope with too few iterations");
	envelope(&l, &e, ENVELOPE("c2FsdHNhbHQ=", "1000001"));
	T(failed(&l, CK_E_DESK_GARBAGE), "envelope with too many iterations");
	envelope(&l, &e, ENVELOPE("c2FsdA==", "1000"));
	T(failed(&l, CK_E_DESK_GARBAGE), "envelope with little salt");
	envelope(&l, &e, ENVELOPE("!", "1000"));
	T(failed(&l, CK_E_DESK_GARBAGE), "envelope with salt that is no base64");
	end(&l);
}

/* ---- leases ---- */

static int
lease(struct lab *l, const char *password, struct ck_lease *out, int *tries)
{
	struct ck_key_proof proof = { .id = "P-1" };
	struct ck_envelope e = { .serial = "MM-0001", .salt_len = 8, .iterations = 1000 };
	struct ck_secret *secret = ck_secret_new();
	struct ck_lease_wish wish = {
		.way = password != NULL ? "on-behalf" : "self",
		.record = "CK-20261120-000001",
		.clerk = password != NULL ? "007" : NULL,
		.envelope = password != NULL ? &e : NULL,
		.password = password != NULL ? secret : NULL,
	};

	memcpy(e.salt, "saltsalt", 8);
	memcpy(e.challenge, challenge, 32);
	e.challenge_len = 32;
	SHA256(cert, sizeof cert, proof.cert_sha256);
	if (password != NULL)
		ck_secret_set(secret, password, strlen(password));
	l->mac_good = false;
	l->rc = ck_desk_lease(l->desk, &proof, &wish, out, tries, &l->err);
	ck_secret_free(secret);
	return l->rc;
}

static void
test_lease(void)
{
	static struct ck_lease out;
	struct lab l;
	char key[80] = "";
	int tries = 0;

	begin(&l);
	l.password = "密码-12345678";
	will_say(&l, 200,
	    "{\"ok\":true,\"now\":5," LEASE ",\"state\":\"issued\",\"quoted_end\":99,"
	    "\"spki\":\"" HASH "\",\"certificate\":\"Y2VydA==\"}");
	T(lease(&l, l.password, &out, &tries) == 0, "lease (%s)", l.err.detail);
	T(l.mac_good, "lease proves the password");
	T(strstr((char *)asked(&l)->body, "1234") == NULL, "lease does not send the password");
	T(strstr((char *)asked(&l)->body, "\"clerk\":\"007\"") != NULL, "lease names the clerk");
	T(out.state == CK_BOUND_ISSUED && out.now == 5 && out.quoted_end == 99, "lease facts");
	T(out.cert_len == 4 && memcmp(out.cert, "cert", 4) == 0 && out.spki[1] == 0x11,
	    "lease's certificate and key");
	snprintf(key, sizeof key, "%s", asked(&l)->key);
	lease(&l, l.password, &out, &tries);
	T_STR(asked(&l)->key, key, "the same lease has the same Idempotency-Key");
	lease(&l, "another", &out, &tries);
	T(!l.mac_good && strcmp(asked(&l)->key, key) != 0,
	    "another password is another proof and key");

	will_say(&l, 200, "{\"ok\":true,\"now\":5," LEASE ",\"state\":\"nothing\"}");
	T(lease(&l, NULL, &out, &tries) == 0 && out.state == CK_BOUND_NOTHING &&
		out.quoted_end == 0,
	    "lease by key proof alone");
	T(strstr((char *)asked(&l)->body, "clerk") == NULL &&
		strstr((char *)asked(&l)->body, "envelope") == NULL,
	    "lease by key proof alone names neither clerk nor envelope");
	snprintf(key, sizeof key, "%s", asked(&l)->key);
	lease(&l, NULL, &out, &tries);
	T(strcmp(asked(&l)->key, key) != 0, "its state is asked for anew");
	end(&l);
}

static void
test_lease_refused(void)
{
	static struct ck_lease out;
	struct lab l;
	int tries = 0;

	begin(&l);
	will_say(
	    &l, 403, "{\"ok\":false,\"code\":\"envelope-wrong\",\"text\":\"x\",\"tries_left\":3}");
	lease(&l, "x", &out, &tries);
	T(failed(&l, CK_E_ENVELOPE_WRONG) && tries == 3, "wrong password, 3 tries left");
	will_say(
	    &l, 403, "{\"ok\":false,\"code\":\"envelope-wrong\",\"text\":\"x\",\"tries_left\":-9}");
	lease(&l, "x", &out, &tries);
	T(failed(&l, CK_E_ENVELOPE_WRONG) && tries == -1, "wrong password, tries unknown");
	will_say(&l, 409,
	    "{\"ok\":false,\"code\":\"lease-elsewhere\",\"text\":\"x\",\"kiosk\":\"kiosk-2\","
	    "\"record\":\"CK-20261119-000009\"}");
	lease(&l, "x", &out, &tries);
	T(failed(&l, CK_E_LEASE_ELSEWHERE), "lease elsewhere");
	T_STR(l.err.detail, "kiosk-2, CK-20261119-000009", "lease elsewhere names the holder");
	will_say(&l, 200, "{\"ok\":true,\"now\":5," LEASE ",\"state\":\"key\"}");
	lease(&l, "x", &out, &tries);
	T(failed(&l, CK_E_DESK_GARBAGE), "lease bound to no key");
	will_say(&l, 200,
	    "{\"ok\":true,\"now\":5," LEASE ",\"state\":\"issued\",\"spki\":\"" HASH "\"}");
	lease(&l, "x", &out, &tries);
	T(failed(&l, CK_E_DESK_GARBAGE), "lease issued without a certificate");
	will_say(&l, 200, "{\"ok\":true,\"now\":5," LEASE ",\"state\":\"key\",\"spki\":\"00\"}");
	lease(&l, "x", &out, &tries);
	T(failed(&l, CK_E_DESK_GARBAGE), "lease bound to half a hash");
	end(&l);
}

static int
download(struct lab *l, const char *code, struct ck_download *out, int *tries)
{
	struct ck_secret *secret = ck_secret_new();

	ck_secret_set(secret, code, strlen(code));
	l->mac_good = false;
	l->rc = ck_desk_download(l->desk, "D-1001", secret, out, tries, &l->err);
	ck_secret_free(secret);
	return l->rc;
}

static void
test_download(void)
{
	static const char good[] =
	    "{\"ok\":true,\"now\":7,\"proof\":\"P-3\",\"until\":1807,\"certificate\":"
	    "\"Y2VydA==\",\"quoted_end\":99}";
	static struct ck_download out;
	unsigned char hash[32];
	struct lab l;
	int tries = 0;

	begin(&l);
	l.password = "Zk7-密码-q9";
	will_say(&l, 200, good);
	T(download(&l, l.password, &out, &tries) == 0 && l.mac_good &&
		strstr((char *)asked(&l)->body, "Zk7") == NULL,
	    "the second is proved over the first and the challenge, and not sent (%s)",
	    l.err.detail);
	SHA256((const unsigned char *)"cert", 4, hash);
	T(out.cert_len == 4 && memcmp(out.cert, "cert", 4) == 0 && out.quoted_end == 99 &&
		strcmp(out.proof.id, "P-3") == 0 && out.proof.until == 1807 &&
		memcmp(out.proof.cert_sha256, hash, 32) == 0,
	    "the certificate, its quoted end, and its proof");
	will_say(&l, 200, "{\"ok\":true,\"now\":7,\"proof\":\"P-3\",\"until\":1807}");
	download(&l, "x", &out, &tries);
	T(failed(&l, CK_E_DESK_GARBAGE), "no certificate is no answer");
	will_say(
	    &l, 409, "{\"ok\":false,\"code\":\"download-wrong\",\"text\":\"x\",\"tries_left\":2}");
	download(&l, "x", &out, &tries);
	T(failed(&l, CK_E_DOWNLOAD_WRONG) && tries == 2, "a wrong one, and how many are left");
	l.password = NULL; /* the first call is refused by now */
	will_say(&l, 409, "{\"ok\":false,\"code\":\"download-used\",\"text\":\"x\"}");
	download(&l, "x", &out, &tries);
	T(failed(&l, CK_E_DOWNLOAD_USED) && tries == -1, "used");
	end(&l);
}

static void
test_pair(void)
{
	struct ck_key_proof proof = { .id = "P-1" };
	struct ck_secret *s = ck_secret_new();
	char reference[CK_DESK_ID_MAX] = "";
	struct lab l;

	begin(&l);
	will_say(
	    &l, 200, "{\"ok\":true,\"now\":1,\"reference\":\"R-1\",\"secret\":\"abcdefghijkl\"}");
	l.rc = ck_desk_enrol_pair(l.desk, &proof, "L-1", reference, s, &l.err);
	T(l.rc == 0, "enrol-pair (%s)", l.err.detail);
	T_STR(reference, "R-1", "enrol-pair's reference");
	T_STR(ck_secret_bytes(s), "abcdefghijkl", "enrol-pair's secret");
	will_say(&l, 200, "{\"ok\":true,\"now\":1,\"reference\":\"R-1\",\"secret\":\"short\"}");
	l.rc = ck_desk_enrol_pair(l.desk, &proof, "L-1", reference, s, &l.err);
	T(failed(&l, CK_E_DESK_GARBAGE) && strstr(l.err.detail, "short") == NULL,
	    "enrol-pair with a short secret, which is not shown");
	ck_secret_free(s);
	end(&l);
}

static void
test_bind_ack_release(void)
{
	unsigned char hash[CK_HASH_LEN] = { 0xab };
	struct lab l;
	struct ck_order_back order;
	char key[80] = "";

	begin(&l);
	will_say(
	    &l, 200, "{\"ok\":true,\"now\":1," LEASE ",\"state\":\"key\",\"spki\":\"" HASH "\"}");
	l.rc = ck_desk_bind(l.desk, "L-1", csr, sizeof csr, &l.err);
	T(l.rc == 0, "bind (%s)", l.err.detail);
	l.rc = ck_desk_bind(l.desk, "L-2", csr, sizeof csr, &l.err);
	T(failed(&l, CK_E_DESK_GARBAGE), "bind answered about another lease");
	will_say(&l, 200, "{\"ok\":true,\"now\":1," LEASE ",\"state\":\"nothing\"}");
	l.rc = ck_desk_bind(l.desk, "L-1", csr, sizeof csr, &l.err);
	T(failed(&l, CK_E_DESK_GARBAGE), "bind that bound nothing");

	will_say(&l, 200,
	    "{\"ok\":true,\"now\":1," LEASE ",\"state\":\"confirmed\",\"spki\":\"" HASH
	    "\",\"certificate\":\"Y2VydA==\"}");
	l.rc = ck_desk_ack(l.desk, "L-1", hash, "changed", &l.err);
	T(l.rc == 0, "ack (%s)", l.err.detail);
	T(strstr((char *)asked(&l)->body, "\"certificate_sha256\":\"ab00") != NULL &&
		strstr((char *)asked(&l)->body, "\"pin\":\"changed\"") != NULL,
	    "ack's request");
	snprintf(key, sizeof key, "%s", asked(&l)->key);
	ck_desk_ack(l.desk, "L-1", hash, "changed", &l.err);
	T_STR(asked(&l)->key, key, "the same ack has the same Idempotency-Key");
	ck_desk_ack(l.desk, "L-1", hash, "unchanged", &l.err);
	T(strcmp(asked(&l)->key, key) != 0, "another word has another key");

	will_say(&l, 200, "{\"ok\":true,\"now\":1," LEASE ",\"state\":\"released\"}");
	l.rc = ck_desk_release(l.desk, "L-1", "abandoned by the clerk", &order, &l.err);
	T(l.rc == 0 && order.id[0] == '\0', "release (%s)", l.err.detail);
	T_STR((char *)asked(&l)->body, "{\"lease\":\"L-1\",\"why\":\"abandoned by the clerk\"}",
	    "release's request");
	will_say(&l, 200,
	    "{\"ok\":true,\"now\":1," LEASE
	    ",\"state\":\"released\",\"order\":\"O-1\",\"order_state\":\"refund\"}");
	l.rc = ck_desk_release(l.desk, "L-1", "why", &order, &l.err);
	T(l.rc == 0 && order.state == CK_ORDER_REFUND, "what becomes of the order");
	T_STR(order.id, "O-1", "and which");
	will_say(&l, 200,
	    "{\"ok\":true,\"now\":1," LEASE
	    ",\"state\":\"released\",\"order\":\"O-1\",\"order_state\":\"eaten\"}");
	l.rc = ck_desk_release(l.desk, "L-1", "why", &order, &l.err);
	T(failed(&l, CK_E_DESK_GARBAGE), "no such end of an order");
	end(&l);
}

static void
test_query(void)
{
	static struct ck_lease out;
	struct lab l;

	begin(&l);
	will_say(&l, 200, "{\"ok\":true,\"now\":1,\"found\":false}");
	T(ck_desk_query(l.desk, CK_QUERY_SPKI, HASH, &out, &l.err) == 0, "query finds nothing");
	T_STR((char *)asked(&l)->body, "{\"system\":\"sheca-cisweb\",\"spki\":\"" HASH "\"}",
	    "query by key");
	will_say(&l, 200,
	    "{\"ok\":true,\"now\":1,\"found\":true," LEASE ",\"state\":\"key\",\"spki\":\"" HASH
	    "\"}");
	T(ck_desk_query(l.desk, CK_QUERY_ENVELOPE, "MM-0001", &out, &l.err) == 1 &&
		out.state == CK_BOUND_KEY,
	    "query by envelope finds a lease");
	T(out.way[0] == '\0' && out.order[0] == '\0' && !out.pin_changed,
	    "a desk of an earlier day does not tell way, order and PIN");
	will_say(&l, 200,
	    "{\"ok\":true,\"now\":1,\"found\":true," LEASE
	    ",\"state\":\"confirmed\",\"spki\":\"" HASH
	    "\",\"certificate\":\"Y2VydA==\",\"way\":\"on-behalf\",\"order\":\"O-7\",\"pin\":\"changed\"}");
	T(ck_desk_query(l.desk, CK_QUERY_ORDER, "O-7", &out, &l.err) == 1, "query by order");
	T_STR((char *)asked(&l)->body, "{\"system\":\"sheca-cisweb\",\"order\":\"O-7\"}",
	    "query by order, its request");
	T_STR(out.way, "on-behalf", "the lease's way");
	T_STR(out.order, "O-7", "its order");
	T(out.pin_changed, "its PIN");
	T(ck_desk_query_visit(l.desk, "kiosk-2", "CK-1", &out, &l.err) == 1, "query by visit");
	T_STR((char *)asked(&l)->body,
	    "{\"system\":\"sheca-cisweb\",\"visit\":{\"kiosk\":\"kiosk-2\",\"record\":\"CK-1\"}}",
	    "query by visit, its request");
	will_say(&l, 200,
	    "{\"ok\":true,\"now\":1,\"found\":true," LEASE
	    ",\"state\":\"nothing\",\"order\":\"a b\"}");
	l.rc = ck_desk_query(l.desk, CK_QUERY_ORDER, "O-7", &out, &l.err);
	T(failed(&l, CK_E_DESK_GARBAGE), "an order that is no id");
	will_say(&l, 200, "{\"ok\":true,\"now\":1}");
	l.rc = ck_desk_query(l.desk, CK_QUERY_LEASE, "L-1", &out, &l.err);
	T(failed(&l, CK_E_DESK_GARBAGE), "query that does not say");
	end(&l);
}

/* ---- issued ---- */

static void
issued(struct lab *l, EVP_PKEY *key, const char *said, struct ck_issued *out)
{
	will_say(l, 200, said);
	l->rc = ck_desk_issued(l->desk, key, out, &l->err);
}

static void
test_issued(void)
{
	static struct ck_issued out;
	EVP_PKEY *key = EVP_EC_gen("P-256");
	struct lab l;

	begin(&l);
	l.key = key;
	issued(&l, key, "{\"ok\":true,\"now\":1,\"found\":false}", &out);
	T(l.rc == 0 && l.proof_good, "issued: nothing, and the proof is right (%s)", l.err.detail);
	T_STR(asked(&l)->path, "/desk/v1/issued", "issued: path");
	T(strstr((char *)peer_seen(l.peer, 0)->body, "\"public_key\":") != NULL &&
		strstr((char *)peer_seen(l.peer, 0)->body, "\"certificate\":") == NULL,
	    "issued: the challenge is for a public key");
	issued(&l, key,
	    "{\"ok\":true,\"now\":1,\"found\":true,\"status\":\"held\",\"certificate\":\"QUJD\","
	    "\"visit\":{\"kiosk\":\"kiosk-9\",\"record\":\"CK\\u001b[2J\"}}",
	    &out);
	T(l.rc == 1 && out.status == CK_STATUS_HELD && out.cert_len == 3 &&
		memcmp(out.cert, "ABC", 3) == 0,
	    "issued: a certificate");
	T_STR(out.kiosk, "kiosk-9", "issued: the visit's kiosk");
	T(strchr(out.record, '\033') == NULL && out.record[0] == 'C',
	    "issued: its record, filtered");
	issued(&l, key, "{\"ok\":true,\"now\":1}", &out);
	T(failed(&l, CK_E_DESK_GARBAGE), "issued: does not say");
	issued(&l, key,
	    "{\"ok\":true,\"now\":1,\"found\":true,\"status\":\"good\",\"certificate\":\"\"}",
	    &out);
	T(failed(&l, CK_E_DESK_GARBAGE), "issued: an empty certificate");
	issued(&l, key,
	    "{\"ok\":true,\"now\":1,\"found\":true,\"status\":\"fine\",\"certificate\":\"QUJD\"}",
	    &out);
	T(failed(&l, CK_E_DESK_GARBAGE), "issued: no such status");
	issued(&l, key,
	    "{\"ok\":true,\"now\":1,\"found\":true,\"status\":\"good\",\"certificate\":\"QUJD\","
	    "\"visit\":{}}",
	    &out);
	T(failed(&l, CK_E_DESK_GARBAGE), "issued: a visit without a name");
	will_say(&l, 409, "{\"ok\":false,\"code\":\"proof-wrong\",\"text\":\"no\"}");
	l.rc = ck_desk_issued(l.desk, key, &out, &l.err);
	T(failed(&l, CK_E_KEY_PROOF_FAILED), "issued: a proof turned down");
	end(&l);
	EVP_PKEY_free(key);
}

/* ---- the line ---- */

static void
test_line(void)
{
	static const struct peer_line silent[] = { { .act = PEER_SILENT } };
	struct ck_http_conf hc = { .connect_s = 1, .answer_s = 1 };
	struct ck_desk_conf dc = { .kiosk = "kiosk-1", .system = "s" };
	struct ck_lookup out;
	struct lab l = { .rc = 0 };

	snprintf(hc.ca_file, sizeof hc.ca_file, "%s", peer_file(&site, "ca.pem"));
	snprintf(hc.cert_file, sizeof hc.cert_file, "%s", peer_file(&site, "kiosk.pem"));
	snprintf(hc.key_file, sizeof hc.key_file, "%s", peer_file(&site, "kiosk.key"));
	l.peer = peer_start(&(struct peer_conf){
	    .cert = peer_file(&site, "server.pem"),
	    .key = peer_file(&site, "server.key"),
	    .lines = silent,
	    .n_lines = 1,
	});
	snprintf(dc.url, sizeof dc.url, "https://localhost:%d/desk", peer_free_port());
	if (ck_http_open(&hc, &l.http, &l.err) != 0 ||
	    ck_desk_open(&dc, l.http, &l.desk, &l.err) != 0)
		abort();
	lookup(&l, &out);
	T(failed(&l, CK_E_DESK_UNREACHABLE), "desk unreachable");
	ck_desk_close(l.desk);
	l.err = (struct ck_err){ .code = CK_E_NONE };
	peer_url(l.peer, "/desk", dc.url, sizeof dc.url);
	if (ck_desk_open(&dc, l.http, &l.desk, &l.err) != 0)
		abort();
	lookup(&l, &out);
	T(failed(&l, CK_E_DESK_SLOW), "desk silent");
	end(&l);
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	peer_site_make(&site);
	test_lookup();
	test_garbage();
	test_refusals();
	test_key_proof();
	test_envelope();
	test_lease();
	test_lease_refused();
	test_download();
	test_pair();
	test_bind_ack_release();
	test_query();
	test_issued();
	test_line();
	peer_site_remove(&site);
	return T_END();
}
