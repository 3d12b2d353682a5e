/* Two download codes (PROTOCOL.desk, 19): the first is sent, the second is proved. */
#include <string.h>
#include <openssl/sha.h>

#include "desk_proof.h"
#include "desk_wire.h"

/* codes: with the desk's salt and challenge */
static int
ask_challenge(
    struct ck_desk *d, const char *reference, struct ck_envelope *codes, struct ck_err *err)
{
	struct ck_desk_said a = { .body = NULL };
	json_t *ask = NULL;
	int rc = -1;

	*codes = (struct ck_envelope){ .serial = "" };
	/* no desk gives out longer ones: not worth asking */
	if (strlen(reference) >= sizeof codes->serial)
		return ck_fail(err, CK_E_DOWNLOAD_UNKNOWN, "the first code is too long");
	ask = json_pack("{s:s, s:s}", "system", d->conf.system, "reference", reference);
	if (ck_desk_call(d, CK_CALL_DOWNLOAD, ask, &a, err) == 0 &&
	    ck_desk_read_password(&a, codes) == 0) {
		strcpy(codes->serial, reference);
		rc = 0;
	}
	ck_desk_said_free(&a);
	return rc;
}

static int
read_download(const struct ck_desk_said *a, struct ck_download *out)
{
	out->now = a->now;
	if (ck_field_id(a, a->body, "proof", true, out->proof.id) != 1 ||
	    ck_field_time(a, a->body, "until", true, &out->proof.until) != 1 ||
	    ck_field_bytes(a, a->body, "certificate", true, 1, sizeof out->cert, out->cert,
		&out->cert_len) != 1 ||
	    ck_field_time(a, a->body, "quoted_end", false, &out->quoted_end) < 0)
		return -1;
	SHA256(out->cert, out->cert_len, out->proof.cert_sha256);
	return 0;
}

int
ck_desk_download(struct ck_desk *d, const char *reference, const struct ck_secret *code,
    struct ck_download *out, int *tries_left, struct ck_err *err)
{
	unsigned char mac[CK_HASH_LEN] = { 0 };
	struct ck_desk_said a = { .body = NULL };
	struct ck_envelope codes;
	int rc = -1;

	*out = (struct ck_download){ .cert_len = 0 };
	*tries_left = -1;
	if (ask_challenge(d, reference, &codes, err) != 0 ||
	    ck_proof_download(&codes, code, mac, err) != 0)
		return -1;
	rc = ck_desk_call(d, CK_CALL_DOWNLOAD_PROOF,
	    json_pack("{s:s, s:s, s:o, s:o}", "system", d->conf.system, "reference", reference,
		"challenge", ck_json_bytes(codes.challenge, codes.challenge_len), "mac",
		ck_json_bytes(mac, sizeof mac)),
	    &a, err);
	if (rc == 0)
		rc = read_download(&a, out);
	else
		*tries_left = ck_desk_tries(&a);
	ck_desk_said_free(&a);
	return rc;
}
