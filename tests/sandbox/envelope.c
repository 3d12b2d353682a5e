#include <stdio.h>
#include <string.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "base/buf.h"
#include "envelope.h"

static const char proof_words[] = "certkiosk envelope proof v1"; /* PROTOCOL.desk section 6 */

int
sb_envelope_load(sqlite3 *db, const char *serial, struct sb_envelope *e)
{
	sqlite3_stmt *st = sb_prepare(db,
	    "SELECT password, salt, iterations, bound, original_of, state, open FROM envelope"
	    " WHERE serial=?",
	    "t", serial);
	int found = 0;

	memset(e, 0, sizeof *e);
	if (st == NULL)
		return -1;
	if (sqlite3_step(st) == SQLITE_ROW) {
		snprintf(e->serial, sizeof e->serial, "%s", serial);
		sb_col_copy(st, 0, e->password, sizeof e->password);
		e->salt_len = (size_t)sqlite3_column_bytes(st, 1);
		if (e->salt_len > sizeof e->salt)
			e->salt_len = sizeof e->salt;
		memcpy(e->salt, sqlite3_column_blob(st, 1), e->salt_len);
		e->iterations = sqlite3_column_int(st, 2);
		sb_col_copy(st, 3, e->bound, sizeof e->bound);
		sb_col_copy(st, 4, e->original_of, sizeof e->original_of);
		sb_col_copy(st, 5, e->state, sizeof e->state);
		e->open = sqlite3_column_int(st, 6) != 0;
		found = 1;
	}
	sqlite3_finalize(st);
	return found;
}

int
sb_envelope_put(sqlite3 *db, struct sb_envelope *e)
{
	e->salt_len = sizeof e->salt;
	if (RAND_bytes(e->salt, sizeof e->salt) != 1)
		return -1;
	return sb_exec(db,
	    "INSERT OR REPLACE INTO envelope(serial, password, salt, iterations, bound, "
	    "original_of,"
	    " state, open) VALUES(?,?,?,?,?,?,?,?)",
	    "ttbittti", e->serial, e->password, e->salt, e->salt_len, (int64_t)e->iterations,
	    e->bound[0] != '\0' ? e->bound : NULL,
	    e->original_of[0] != '\0' ? e->original_of : NULL, e->state, (int64_t)e->open);
}

const char *
sb_envelope_refusal(sqlite3 *db, const struct sb_envelope *e, const char *cert)
{
	if (strcmp(e->state, "locked") == 0)
		return "envelope-locked";
	if (strcmp(e->original_of, cert) == 0)
		return "envelope-original";
	/* by this very certificate's lease: answered, so that a password can be proved once more */
	if (sb_int(db, 0,
		"SELECT count(*) FROM lease WHERE envelope=? AND cert=? AND state<>'released'",
		"tt", e->serial, cert) > 0)
		return NULL;
	if (strcmp(e->state, "used") == 0 ||
	    sb_int(db, 0, "SELECT count(*) FROM lease WHERE envelope=? AND state<>'released'", "t",
		e->serial) > 0)
		return "envelope-used";
	if ((e->bound[0] != '\0' && strcmp(e->bound, cert) != 0) || e->original_of[0] != '\0')
		return "envelope-foreign";
	return NULL;
}

bool
sb_envelope_proved(const struct sb_envelope *e, const unsigned char *challenge, size_t n,
    const unsigned char cert_sha[32], const unsigned char *mac, size_t mac_len)
{
	unsigned char key[32], want[EVP_MAX_MD_SIZE];
	struct ck_buf said = { 0 };
	unsigned want_len = 0;
	bool good = false;

	if (ck_buf_add(&said, proof_words, sizeof proof_words) == 0 &&
	    ck_buf_add(&said, e->serial, strlen(e->serial) + 1) == 0 &&
	    ck_buf_add(&said, challenge, n) == 0 && ck_buf_add(&said, cert_sha, 32) == 0 &&
	    PKCS5_PBKDF2_HMAC(e->password, (int)strlen(e->password), e->salt, (int)e->salt_len,
		e->iterations, EVP_sha256(), sizeof key, key) == 1 &&
	    HMAC(EVP_sha256(), key, sizeof key, said.p, said.n, want, &want_len) != NULL)
		good = mac_len == want_len && CRYPTO_memcmp(mac, want, want_len) == 0;
	OPENSSL_cleanse(key, sizeof key);
	ck_buf_free(&said);
	return good;
}

int
sb_envelope_wrong(sqlite3 *db, const struct sb_envelope *e, const char *kiosk, const char *cert)
{
	int64_t n = 0;

	sb_exec(db,
	    "INSERT INTO wrong VALUES(?,?,?,1) ON CONFLICT(envelope, kiosk, cert) DO UPDATE SET "
	    "n=n+1",
	    "ttt", e->serial, kiosk, cert);
	n = sb_int(db, SB_TRIES, "SELECT n FROM wrong WHERE envelope=? AND kiosk=? AND cert=?",
	    "ttt", e->serial, kiosk, cert);
	if (n < SB_TRIES)
		return (int)(SB_TRIES - n);
	sb_exec(db, "UPDATE envelope SET state='locked' WHERE serial=?", "t", e->serial);
	return 0;
}

static const struct {
	const char *code, *text;
} texts[] = {
	{ "envelope-unknown", "没有这个信封序列号" },
	{ "envelope-original", "这是该证书首次申请时的信封，请使用新的信封" },
	{ "envelope-used", "密码信封已使用" },
	{ "envelope-foreign", "该信封不是为这张证书发放的" },
	{ "envelope-locked", "密码多次输入错误，信封已锁定" },
	{ "envelope-wrong", "信封密码不正确" },
};

const char *
sb_envelope_text(const char *code)
{
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (strcmp(texts[i].code, code) == 0)
			return texts[i].text;
	return code;
}
