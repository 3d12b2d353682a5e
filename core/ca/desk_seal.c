/* PROTOCOL.desk section 18: the electronic seal that is renewed with a certificate. */
#include <stdlib.h>
#include <string.h>
#include <openssl/sha.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "certkiosk/desk.h"
#include "desk_wire.h"

/* It names an object on somebody's key: as it is, or not at all. */
static int
read_label(const struct ck_desk_said *a, struct ck_seal *out)
{
	const json_t *label = json_object_get(a->body, "label");
	size_t n = json_string_length(label);

	if (n == 0 || n >= sizeof out->label ||
	    ck_clean(out->label, sizeof out->label, json_string_value(label), n) != 0)
		return ck_desk_said_wrong(a, "label");
	return 0;
}

/* 1, 0, -1 */
static int
read_seal(const struct ck_desk_said *a, struct ck_seal *out)
{
	const json_t *there = json_object_get(a->body, "seal");
	unsigned char sha[CK_HASH_LEN] = { 0 };

	if (!json_is_boolean(there))
		return ck_desk_said_wrong(a, "seal");
	if (json_is_false(there))
		return 0;
	out->bytes = malloc(CK_SEAL_BYTES_MAX);
	if (out->bytes == NULL)
		return ck_fail(a->err, CK_E_NO_MEMORY, "no memory for a seal");
	if (read_label(a, out) != 0 ||
	    ck_field_bytes(a, a->body, "bytes", true, 1, CK_SEAL_BYTES_MAX, out->bytes, &out->n) !=
		1 ||
	    ck_field_hash(a, a->body, "sha256", true, out->sha256) != 1)
		return -1;
	SHA256(out->bytes, out->n, sha);
	return memcmp(sha, out->sha256, sizeof sha) == 0 ? 1 : ck_desk_said_wrong(a, "sha256");
}

int
ck_desk_seal(struct ck_desk *d, const char *lease, struct ck_seal *out, struct ck_err *err)
{
	struct ck_desk_said a = { .body = NULL };
	int rc = -1;

	*out = (struct ck_seal){ .n = 0 };
	if (ck_desk_call(d, CK_CALL_SEAL, json_pack("{s:s}", "lease", lease), &a, err) == 0)
		rc = read_seal(&a, out);
	if (rc != 1) {
		free(out->bytes);
		*out = (struct ck_seal){ .n = 0 };
	}
	ck_desk_said_free(&a);
	return rc;
}

int
ck_desk_seal_ack(struct ck_desk *d, const char *lease, const unsigned char sha256[CK_HASH_LEN],
    bool written, struct ck_err *err)
{
	struct ck_desk_said a = { .body = NULL };
	char sha[2 * CK_HASH_LEN + 1] = "";
	json_t *ask = NULL;
	int rc = -1;

	ck_hex(sha256, CK_HASH_LEN, sha);
	ask = json_pack("{s:s, s:s, s:s}", "lease", lease, "sha256", sha, "result",
	    written ? "written" : "not-written");
	rc = ck_desk_call(d, CK_CALL_SEAL_ACK, ask, &a, err);
	ck_desk_said_free(&a);
	return rc;
}
