/* Two download codes in place of a key proof (PROTOCOL.desk, 19). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include "base/buf.h"
#include "desk.h"
#include "envelope.h"

#define PROOF_S 1800

static const char proof_words[] = "certkiosk download proof v1";

struct codes {
	char reference[SB_ID_MAX], code[SB_PASSWORD_MAX], cert[SB_HEX_MAX], system[SB_ID_MAX];
	unsigned char salt[SB_SALT_MAX];
	size_t salt_len;
	int iterations, wrong;
	int64_t until;		    /* 0: for good */
	char about[SB_ID_MAX + 16]; /* what a challenge for them is for */
};

bool
sb_proof_codes(struct sb_call *c, char reference[SB_ID_MAX])
{
	const char *id = json_string_value(json_object_get(c->in, "proof"));

	return id != NULL &&
	       sb_text(c->db, reference, SB_ID_MAX,
		   "SELECT download FROM proof WHERE id=? AND kiosk=?", "tt", id, c->kiosk);
}

static bool
load(struct sb_call *c, const char *system, const char *reference, struct codes *k)
{
	sqlite3_stmt *st = sb_prepare(c->db,
	    "SELECT code, salt, iterations, cert, until, wrong FROM download"
	    " WHERE reference=? AND system=?",
	    "tt", reference, system);
	bool found = st != NULL && sqlite3_step(st) == SQLITE_ROW;

	if (found) {
		snprintf(k->reference, sizeof k->reference, "%s", reference);
		snprintf(k->system, sizeof k->system, "%s", system);
		snprintf(k->about, sizeof k->about, "download %s", reference);
		sb_col_copy(st, 0, k->code, sizeof k->code);
		k->salt_len = (size_t)sqlite3_column_bytes(st, 1);
		memcpy(k->salt, sqlite3_column_blob(st, 1), k->salt_len);
		k->iterations = sqlite3_column_int(st, 2);
		sb_col_copy(st, 3, k->cert, sizeof k->cert);
		k->until = sqlite3_column_int64(st, 4);
		k->wrong = sqlite3_column_int(st, 5);
	}
	sqlite3_finalize(st);
	return found;
}

static int
leases(struct sb_call *c, const struct codes *k, const char *state)
{
	return (int)sb_int(c->db, 0, "SELECT count(*) FROM lease WHERE download=? AND state=?",
	    "tt", k->reference, state);
}

/* The codes of the request, if they are good today. */
static int
want_codes(struct sb_call *c, struct codes *k)
{
	const char *system = NULL, *reference = NULL;
	bool open;

	if (sb_want_system(c, &system) != 0 || sb_want_text(c, "reference", &reference) != 0)
		return -1;
	if (!load(c, system, reference, k))
		return sb_refuse(c, "download-unknown", "没有这个授权码");
	open = leases(c, k, "nothing") + leases(c, k, "key") + leases(c, k, "issued") > 0;
	if (leases(c, k, "confirmed") > 0)
		return sb_refuse(c, "download-used", "授权码已使用");
	if (k->wrong >= SB_TRIES)
		return sb_refuse(c, "download-locked", "授权码多次输入错误，已锁定");
	if (k->until != 0 && c->now > k->until && !open)
		return sb_refuse(c, "download-expired", "授权码已过期");
	return 0;
}

int
sb_call_download(struct sb_call *c)
{
	struct codes k = { .wrong = 0 };
	char *salt = NULL;

	if (want_codes(c, &k) != 0)
		return -1;
	salt = ck_base64(k.salt, k.salt_len);
	json_object_set_new(c->out, "salt", json_string(salt != NULL ? salt : ""));
	json_object_set_new(c->out, "iterations", json_integer(k.iterations));
	free(salt);
	return sb_give_challenge(c, k.cert, k.about);
}

static bool
proved(const struct codes *k, const unsigned char *challenge, size_t n, const unsigned char *mac,
    size_t mac_n)
{
	unsigned char key[32], want[EVP_MAX_MD_SIZE];
	struct ck_buf said = { 0 };
	unsigned want_n = 0;
	bool good = false;

	if (ck_buf_add(&said, proof_words, sizeof proof_words) == 0 &&
	    ck_buf_add(&said, k->reference, strlen(k->reference) + 1) == 0 &&
	    ck_buf_add(&said, challenge, n) == 0 &&
	    PKCS5_PBKDF2_HMAC(k->code, (int)strlen(k->code), k->salt, (int)k->salt_len,
		k->iterations, EVP_sha256(), sizeof key, key) == 1 &&
	    HMAC(EVP_sha256(), key, sizeof key, said.p, said.n, want, &want_n) != NULL)
		good = mac_n == want_n && CRYPTO_memcmp(mac, want, want_n) == 0;
	OPENSSL_cleanse(key, sizeof key);
	ck_buf_free(&said);
	return good;
}

/* A right one begins the count anew. */
static int
count_wrong(struct sb_call *c, const struct codes *k, bool good)
{
	if (sb_exec(c->db, "UPDATE download SET wrong=? WHERE reference=?", "it",
		good ? (int64_t)0 : (int64_t)k->wrong + 1, k->reference) != 0)
		return -1;
	if (good)
		return 0;
	if (k->wrong + 1 >= SB_TRIES)
		return sb_refuse(c, "download-locked", "授权码多次输入错误，已锁定");
	sb_refuse(c, "download-wrong", "第二个授权码不正确");
	json_object_set_new(c->out, "tries_left", json_integer(SB_TRIES - k->wrong - 1));
	return -1;
}

static int
say_download(struct sb_call *c, const struct codes *k)
{
	size_t n = 0;
	unsigned char *der = sb_blob(c->db, &n, "SELECT der FROM cert WHERE sha=?", "t", k->cert);
	const unsigned char *p = der;
	X509 *x = der != NULL ? d2i_X509(NULL, &p, (long)n) : NULL;
	char *text = der != NULL ? ck_base64(der, n) : NULL, id[SB_ID_MAX];
	int rc = -1;

	sb_new_id("P-", 12, id);
	if (x != NULL && text != NULL &&
	    sb_exec(c->db, "INSERT INTO proof VALUES(?,?,?,?,?)", "tttit", id, c->kiosk, k->cert,
		c->now + PROOF_S, k->reference) == 0) {
		json_object_set_new(c->out, "proof", json_string(id));
		json_object_set_new(c->out, "until", json_integer(c->now + PROOF_S));
		json_object_set_new(c->out, "certificate", json_string(text));
		json_object_set_new(c->out, "quoted_end",
		    json_integer(sb_quote(c, k->system, sb_time_of(X509_get0_notAfter(x)))));
		rc = 0;
	}
	free(text);
	free(der);
	X509_free(x);
	return rc;
}

int
sb_call_download_proof(struct sb_call *c)
{
	unsigned char *challenge = NULL, *mac = NULL;
	struct codes k = { .wrong = 0 };
	size_t n = 0, mac_n = 0;
	int rc = -1;

	if (want_codes(c, &k) == 0 && sb_want_bytes(c, "challenge", &challenge, &n) == 0 &&
	    sb_want_bytes(c, "mac", &mac, &mac_n) == 0 &&
	    sb_take_challenge(c, challenge, n, k.cert, k.about) == 0 &&
	    count_wrong(c, &k, proved(&k, challenge, n, mac, mac_n)) == 0)
		rc = say_download(c, &k);
	free(challenge);
	free(mac);
	OPENSSL_cleanse(&k, sizeof k);
	return rc;
}
