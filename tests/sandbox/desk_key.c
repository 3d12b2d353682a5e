/* What a kiosk may ask before it has a lease: the certificate's status, the proofs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "desk.h"
#include "envelope.h"

#define PROOF_S 1800

static const char proof_words[] = "certkiosk key proof v1"; /* PROTOCOL.desk section 4 */

static json_t *
open_orders(struct sb_call *c, const char *cert)
{
	sqlite3_stmt *st = sb_prepare(
	    c->db, "SELECT id FROM orders WHERE cert=? AND state='paid' ORDER BY rowid", "t", cert);
	json_t *list = json_array();

	while (st != NULL && sqlite3_step(st) == SQLITE_ROW)
		json_array_append_new(list, json_pack("{s:s}", "order", sb_col(st, 0)));
	sqlite3_finalize(st);
	return list;
}

static json_t *
open_leases(struct sb_call *c, const char *cert)
{
	sqlite3_stmt *st = sb_prepare(c->db,
	    "SELECT id, kiosk, record, made FROM lease WHERE cert=? AND state IN "
	    "('nothing','key','issued')"
	    " ORDER BY rowid",
	    "t", cert);
	json_t *list = json_array();

	while (st != NULL && sqlite3_step(st) == SQLITE_ROW)
		json_array_append_new(
		    list, json_pack("{s:s, s:s, s:s, s:I}", "lease", sb_col(st, 0), "kiosk",
			      sb_col(st, 1), "record", sb_col(st, 2), "granted",
			      (json_int_t)sqlite3_column_int64(st, 3)));
	sqlite3_finalize(st);
	return list;
}

int
sb_call_certificate(struct sb_call *c)
{
	const char *system = NULL;
	char status[16] = "";
	struct sb_shown shown = { 0 };
	int64_t at = 0;
	int rc = -1;

	if (sb_want_system(c, &system) != 0 || sb_want_cert(c, &shown) != 0)
		goto out;
	if (!sb_text(c->db, status, sizeof status, "SELECT status FROM cert WHERE sha=?", "t",
		shown.hex))
		snprintf(status, sizeof status, "unknown");
	at = sb_int(c->db, 0, "SELECT revoked_at FROM cert WHERE sha=?", "t", shown.hex);
	json_object_set_new(c->out, "status", json_string(status));
	if (at != 0)
		json_object_set_new(c->out, "revoked_at", json_integer(at));
	json_object_set_new(c->out, "orders", open_orders(c, shown.hex));
	json_object_set_new(c->out, "leases", open_leases(c, shown.hex));
	rc = 0;
out:
	X509_free(shown.x);
	return rc;
}

int
sb_call_challenge(struct sb_call *c)
{
	const char *system = NULL;
	struct sb_shown shown = { 0 };
	EVP_PKEY *key = NULL;
	int rc = -1;

	if (sb_want_system(c, &system) != 0)
		return -1;
	if (json_object_get(c->in, "public_key") != NULL ? sb_want_public(c, &key, shown.hex) == 0
							 : sb_want_cert(c, &shown) == 0)
		rc = sb_give_challenge(c, shown.hex, NULL);
	EVP_PKEY_free(key);
	X509_free(shown.x);
	return rc;
}

/* the signature over the words, this kiosk's name, the challenge and the certificate */
static bool
signed_by(struct sb_call *c, const struct sb_shown *shown, const unsigned char *challenge, size_t n,
    const unsigned char *sig, size_t sig_n)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	struct ck_buf said = { 0 };
	bool good = false;

	if (md != NULL && ck_buf_add(&said, proof_words, sizeof proof_words) == 0 &&
	    ck_buf_add(&said, c->kiosk, strlen(c->kiosk) + 1) == 0 &&
	    ck_buf_add(&said, challenge, n) == 0 &&
	    ck_buf_add(&said, shown->sha, sizeof shown->sha) == 0 &&
	    EVP_DigestVerifyInit(md, NULL, EVP_sha256(), NULL, X509_get0_pubkey(shown->x)) == 1)
		good = EVP_DigestVerify(md, sig, sig_n, said.p, said.n) == 1;
	ck_buf_free(&said);
	EVP_MD_CTX_free(md);
	return good;
}

static int
note_proof(struct sb_call *c, const char *cert)
{
	char id[SB_ID_MAX];

	sb_new_id("P-", 12, id);
	if (sb_exec(c->db, "INSERT INTO proof(id, kiosk, cert, until) VALUES(?,?,?,?)", "ttti", id,
		c->kiosk, cert, c->now + PROOF_S) != 0)
		return -1;
	json_object_set_new(c->out, "proof", json_string(id));
	json_object_set_new(c->out, "until", json_integer(c->now + PROOF_S));
	return 0;
}

int
sb_call_key_proof(struct sb_call *c)
{
	const char *system = NULL;
	struct sb_shown shown = { 0 };
	unsigned char *challenge = NULL, *sig = NULL;
	size_t n = 0, sig_n = 0;
	int rc = -1;

	if (sb_want_system(c, &system) != 0 || sb_want_cert(c, &shown) != 0 ||
	    sb_want_bytes(c, "challenge", &challenge, &n) != 0 ||
	    sb_want_bytes(c, "signature", &sig, &sig_n) != 0 ||
	    sb_take_challenge(c, challenge, n, shown.hex, NULL) != 0)
		goto out;
	if (!signed_by(c, &shown, challenge, n, sig, sig_n))
		sb_refuse(c, "proof-wrong", "签名与证书不符");
	else
		rc = note_proof(c, shown.hex);
out:
	free(challenge);
	free(sig);
	X509_free(shown.x);
	return rc;
}

int
sb_call_envelope(struct sb_call *c)
{
	const char *system = NULL, *serial = NULL, *refusal = NULL;
	struct sb_envelope e = { 0 };
	char cert[SB_HEX_MAX], codes[SB_ID_MAX], *salt = NULL;

	if (sb_want_system(c, &system) != 0 || sb_want_text(c, "serial", &serial) != 0 ||
	    sb_want_proof(c, cert) != 0)
		return -1;
	if (sb_proof_codes(c, codes))
		return sb_refuse(c, "proof-unknown", "下载授权码不能用于信封");
	if (sb_envelope_load(c->db, serial, &e) != 1)
		return sb_refuse(c, "envelope-unknown", sb_envelope_text("envelope-unknown"));
	refusal = sb_envelope_refusal(c->db, &e, cert);
	if (refusal != NULL)
		return sb_refuse(c, refusal, sb_envelope_text(refusal));
	salt = ck_base64(e.salt, e.salt_len);
	json_object_set_new(c->out, "salt", json_string(salt != NULL ? salt : ""));
	json_object_set_new(c->out, "iterations", json_integer(e.iterations));
	free(salt);
	return sb_give_challenge(c, cert, serial);
}
