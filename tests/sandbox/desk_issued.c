/* PROTOCOL.desk section 12: what was issued for a public key, told to who has the private one. */
#include <stdlib.h>
#include <string.h>
#include <openssl/x509.h>

#include "base/buf.h"
#include "desk.h"

static const char proof_words[] = "certkiosk public key proof v1";

int
sb_want_public(struct sb_call *c, EVP_PKEY **key, char spki[SB_HEX_MAX])
{
	const unsigned char *p = NULL;
	unsigned char *der = NULL;
	size_t n = 0;

	if (sb_want_bytes(c, "public_key", &der, &n) != 0)
		return -1;
	p = der;
	*key = d2i_PUBKEY(NULL, &p, (long)n);
	free(der);
	if (*key != NULL && sb_key_sha(*key, spki) == 0)
		return 0;
	return sb_refuse(c, "bad-request", "public_key");
}

static bool
signed_by(struct sb_call *c, EVP_PKEY *key, const char *spki, const unsigned char *challenge,
    size_t n, const unsigned char *sig, size_t sig_n)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	struct ck_buf said = { 0 };
	unsigned char sha[32];
	bool good = false;

	if (md != NULL && ck_unhex(spki, sha, sizeof sha) &&
	    ck_buf_add(&said, proof_words, sizeof proof_words) == 0 &&
	    ck_buf_add(&said, c->kiosk, strlen(c->kiosk) + 1) == 0 &&
	    ck_buf_add(&said, challenge, n) == 0 && ck_buf_add(&said, sha, sizeof sha) == 0 &&
	    EVP_DigestVerifyInit(md, NULL, EVP_sha256(), NULL, key) == 1)
		good = EVP_DigestVerify(md, sig, sig_n, said.p, said.n) == 1;
	ck_buf_free(&said);
	EVP_MD_CTX_free(md);
	return good;
}

/* made under a lease that is still open */
static int
say_visit(struct sb_call *c, const char *lease)
{
	struct sb_lease l = { 0 };

	if (sb_lease_find(c->db, &l, "id", lease) != 1 || strcmp(l.state, "confirmed") == 0 ||
	    strcmp(l.state, "released") == 0)
		return 0;
	return json_object_set_new(
	    c->out, "visit", json_pack("{s:s, s:s}", "kiosk", l.kiosk, "record", l.record));
}

static int
say(struct sb_call *c, const char *spki)
{
	sqlite3_stmt *st = sb_prepare(c->db,
	    "SELECT der, status, coalesce(lease, '') FROM cert WHERE spki=? AND status<>'unknown'"
	    " ORDER BY status='good' DESC, rowid DESC LIMIT 1",
	    "t", spki);
	bool found = st != NULL && sqlite3_step(st) == SQLITE_ROW;
	char *text = NULL;
	int rc = json_object_set_new(c->out, "found", json_boolean(found));

	if (found) {
		text = ck_base64(sqlite3_column_blob(st, 0), (size_t)sqlite3_column_bytes(st, 0));
		json_object_set_new(c->out, "certificate", json_string(text));
		json_object_set_new(c->out, "status", json_string(sb_col(st, 1)));
		rc |= say_visit(c, sb_col(st, 2));
	}
	free(text);
	sqlite3_finalize(st);
	return rc;
}

int
sb_call_issued(struct sb_call *c)
{
	unsigned char *challenge = NULL, *sig = NULL;
	char spki[SB_HEX_MAX] = "";
	const char *system = NULL;
	EVP_PKEY *key = NULL;
	size_t n = 0, sig_n = 0;
	int rc = -1;

	if (sb_want_system(c, &system) != 0 || sb_want_public(c, &key, spki) != 0 ||
	    sb_want_bytes(c, "challenge", &challenge, &n) != 0 ||
	    sb_want_bytes(c, "signature", &sig, &sig_n) != 0 ||
	    sb_take_challenge(c, challenge, n, spki, NULL) != 0)
		goto out;
	if (signed_by(c, key, spki, challenge, n, sig, sig_n))
		rc = say(c, spki);
	else
		sb_refuse(c, "proof-wrong", "签名与公钥不符");
out:
	free(challenge);
	free(sig);
	EVP_PKEY_free(key);
	return rc;
}
