#include "desk_wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "base/wipe.h"
#include "http.h"

#define KEY_BYTES 20		       /* of an Idempotency-Key: 40 letters of the 64 allowed */
#define TIME_MAX INT64_C(253402300799) /* the last second of the year 9999 */
#define AMOUNT_MAX 100000000	       /* fen: PROTOCOL.desk section 13 */
#define AGAIN_MAX 3600		       /* who is told a longer time has gone home */

static const struct ck_http_names desk_names = {
	.unreachable = CK_E_DESK_UNREACHABLE,
	.silent = CK_E_DESK_SLOW,
	.garbage = CK_E_DESK_GARBAGE,
};

/*
 * The desk repeats an answer byte for byte when the same Idempotency-Key comes again. Made from the
 * request, the key is the same after a crash, without anything to remember: right for a call that
 * spends something (the envelope's challenge) or that is over once said. It would be wrong where
 * the answer of today is wanted, or where the desk itself says the same again for the same wish: an
 * order changed and changed back, a sheet begun anew after its hash was wrong, a code that expired
 * would all be answered with what was true before.
 */
static const struct {
	const char *path;
	bool same_key;
} calls[] = {
	[CK_CALL_CERTIFICATE] = { "certificate", false },
	[CK_CALL_CHALLENGE] = { "challenge", false },
	[CK_CALL_KEY_PROOF] = { "key-proof", false },
	[CK_CALL_ENVELOPE] = { "envelope", false },
	[CK_CALL_LEASE] = { "lease", false },
	[CK_CALL_LEASE_ENVELOPE] = { "lease", true },
	[CK_CALL_BIND] = { "bind", false },
	[CK_CALL_ENROL_PAIR] = { "enrol-pair", false },
	[CK_CALL_QUERY] = { "query", false },
	[CK_CALL_ACK] = { "ack", true },
	[CK_CALL_RELEASE] = { "release", true },
	[CK_CALL_ISSUED] = { "issued", false },
	[CK_CALL_QUOTE] = { "quote", false },
	[CK_CALL_SMS_CODE] = { "sms-code", false },
	[CK_CALL_ORDER] = { "order", false },
	[CK_CALL_PAY] = { "pay", false },
	[CK_CALL_IDENTITY] = { "identity", false },
	[CK_CALL_PAPER] = { "paper", false },
	[CK_CALL_SEAL] = { "seal", false },
	[CK_CALL_SEAL_ACK] = { "seal-ack", false },
	[CK_CALL_DOWNLOAD] = { "download", false },
	[CK_CALL_DOWNLOAD_PROOF] = { "download-proof", true },
	[CK_CALL_SERVICE] = { "service", false },
	[CK_CALL_SERVICE_QUERY] = { "service-query", false },
};

/* refusals that mean something to the walk; all others are DESK_REFUSED with the desk's text */
static const struct {
	const char *word;
	enum ck_code code;
} refusals[] = {
	{ "unknown-kiosk", CK_E_KIOSK_CERT },
	{ "challenge-unknown", CK_E_KEY_PROOF_FAILED },
	{ "proof-wrong", CK_E_KEY_PROOF_FAILED },
	{ "proof-unknown", CK_E_KEY_PROOF_FAILED },
	{ "envelope-unknown", CK_E_ENVELOPE_UNKNOWN },
	{ "envelope-original", CK_E_ENVELOPE_ORIGINAL },
	{ "envelope-used", CK_E_ENVELOPE_USED },
	{ "envelope-foreign", CK_E_ENVELOPE_FOREIGN },
	{ "envelope-locked", CK_E_ENVELOPE_LOCKED },
	{ "envelope-wrong", CK_E_ENVELOPE_WRONG },
	{ "lease-elsewhere", CK_E_LEASE_ELSEWHERE },
	{ "lease-unknown", CK_E_LEASE_LOST },
	{ "lease-released", CK_E_LEASE_LOST },
	{ "bound-otherwise", CK_E_LEASE_LOST },
	{ "way-otherwise", CK_E_OTHER_WAY },
	{ "certificate-revoked", CK_E_REVOKED },
	{ "not-yet", CK_E_NOT_YET },
	{ "amount-changed", CK_E_AMOUNT_CHANGED },
	{ "field-wrong", CK_E_FIELD_WRONG },
	{ "owner-other", CK_E_OWNER_OTHER },
	{ "sms-wrong", CK_E_SMS_WRONG },
	{ "sms-wait", CK_E_SMS_WAIT },
	{ "paid-already", CK_E_PAID_ALREADY },
	{ "method-unknown", CK_E_METHOD_UNKNOWN },
	{ "paper-unknown", CK_E_PAPER_UNKNOWN },
	{ "paper-wrong", CK_E_PAPER_REFUSED },
	{ "download-unknown", CK_E_DOWNLOAD_UNKNOWN },
	{ "download-used", CK_E_DOWNLOAD_USED },
	{ "download-wrong", CK_E_DOWNLOAD_WRONG },
	{ "download-locked", CK_E_DOWNLOAD_LOCKED },
	{ "download-expired", CK_E_DOWNLOAD_EXPIRED },
	{ "service-unknown", CK_E_SERVICE_UNKNOWN },
	{ "service-closed", CK_E_SERVICE_CLOSED },
};

/* ---- fields ---- */

int
ck_desk_said_wrong(const struct ck_desk_said *a, const char *field)
{
	return ck_fail(a->err, CK_E_DESK_GARBAGE, "answer to \"%s\": \"%s\" is missing or wrong",
	    calls[a->call].path, field);
}

/* the field's text; absent and need: wrong */
static int
text_of(
    const struct ck_desk_said *a, const json_t *from, const char *name, bool need, const char **out)
{
	const json_t *v = json_object_get(from, name);

	*out = json_string_value(v);
	if (*out != NULL)
		return 1;
	return v == NULL && !need ? 0 : ck_desk_said_wrong(a, name);
}

int
ck_field_id(const struct ck_desk_said *a, const json_t *from, const char *name, bool need,
    char out[CK_DESK_ID_MAX])
{
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-";
	const char *text = NULL;
	int rc = text_of(a, from, name, need, &text);
	size_t n = rc == 1 ? strspn(text, letters) : 0;

	if (rc != 1)
		return rc;
	if (n == 0 || n >= CK_DESK_ID_MAX || text[n] != '\0')
		return ck_desk_said_wrong(a, name);
	memcpy(out, text, n + 1);
	return 1;
}

int
ck_field_text(const struct ck_desk_said *a, const json_t *from, const char *name, bool need,
    char *out, size_t cap)
{
	const char *text = NULL;
	int rc = text_of(a, from, name, need, &text);

	if (rc == 1)
		ck_clean_str(out, cap, text);
	return rc;
}

static int
integer(const struct ck_desk_said *a, const json_t *from, const char *name, bool need, int64_t min,
    int64_t max, int64_t *out)
{
	const json_t *v = json_object_get(from, name);

	if (v == NULL && !need)
		return 0;
	if (!json_is_integer(v) || json_integer_value(v) < min || json_integer_value(v) > max)
		return ck_desk_said_wrong(a, name);
	*out = json_integer_value(v);
	return 1;
}

int
ck_field_time(
    const struct ck_desk_said *a, const json_t *from, const char *name, bool need, int64_t *out)
{
	return integer(a, from, name, need, 0, TIME_MAX, out);
}

int
ck_field_int(const struct ck_desk_said *a, const json_t *from, const char *name, bool need, int min,
    int max, int *out)
{
	int64_t v = 0;
	int rc = integer(a, from, name, need, min, max, &v);

	if (rc == 1)
		*out = (int)v;
	return rc;
}

int
ck_field_word(const struct ck_desk_said *a, const json_t *from, const char *name,
    const char *const *words, int *out)
{
	const char *text = NULL;

	if (text_of(a, from, name, true, &text) != 1)
		return -1;
	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(text, words[i]) == 0) {
			*out = i;
			return 1;
		}
	return ck_desk_said_wrong(a, name);
}

int
ck_field_bytes(const struct ck_desk_said *a, const json_t *from, const char *name, bool need,
    size_t min, size_t max, unsigned char *out, size_t *n)
{
	const char *text = NULL;
	unsigned char *bytes = NULL;
	int rc = text_of(a, from, name, need, &text);

	if (rc != 1)
		return rc;
	bytes = ck_unbase64(text, max, n);
	if (bytes == NULL || *n < min) {
		*n = 0;
		rc = ck_desk_said_wrong(a, name);
	} else {
		memcpy(out, bytes, *n);
	}
	free(bytes);
	return rc;
}

int
ck_field_hash(const struct ck_desk_said *a, const json_t *from, const char *name, bool need,
    unsigned char out[CK_HASH_LEN])
{
	const char *text = NULL;
	int rc = text_of(a, from, name, need, &text);

	if (rc == 1 && !ck_unhex(text, out, CK_HASH_LEN))
		return ck_desk_said_wrong(a, name);
	return rc;
}

int
ck_field_tag(const struct ck_desk_said *a, const json_t *from, const char *name, bool need,
    char out[CK_WORD_MAX])
{
	const char *text = NULL;
	int rc = text_of(a, from, name, need, &text);
	size_t n = rc == 1 ? strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") : 0;

	if (rc != 1)
		return rc;
	if (n == 0 || n >= CK_WORD_MAX || text[n] != '\0')
		return ck_desk_said_wrong(a, name);
	memcpy(out, text, n + 1);
	return 1;
}

int
ck_field_amount(
    const struct ck_desk_said *a, const json_t *from, const char *name, bool need, int64_t *fen)
{
	return integer(a, from, name, need, 0, AMOUNT_MAX, fen);
}

int
ck_field_again(const struct ck_desk_said *a, const json_t *from, bool need, int *seconds)
{
	return ck_field_int(a, from, "again", need, 1, AGAIN_MAX, seconds);
}

int
ck_field_code(const struct ck_desk_said *a, const json_t *from, const char *name, bool need,
    bool https, char out[CK_PAY_CODE_MAX])
{
	static const char scheme[] = "https://";
	const char *text = NULL;
	int rc = text_of(a, from, name, need, &text);
	size_t n = 0, least = https ? sizeof scheme : 1;

	if (rc != 1)
		return rc;
	while (text[n] > (https ? ' ' : ' ' - 1) && text[n] <= '~')
		n++;
	if (n < least || n >= CK_PAY_CODE_MAX || text[n] != '\0' ||
	    (https && strncmp(text, scheme, sizeof scheme - 1) != 0))
		return ck_desk_said_wrong(a, name);
	memcpy(out, text, n + 1);
	return 1;
}

json_t *
ck_json_bytes(const unsigned char *bytes, size_t n)
{
	char *text = ck_base64(bytes, n);
	json_t *v = text != NULL ? json_string(text) : NULL;

	free(text);
	return v;
}

/* ---- answers ---- */

void
ck_desk_said_free(struct ck_desk_said *a)
{
	json_decref(a->body);
	a->body = NULL;
}

/* What must stand in a refusal beside its words for it to mean anything; said goes before its text.
 */
static int
refused_more(const struct ck_desk_said *a, enum ck_code code, char said[128])
{
	char kiosk[64] = "", record[32] = "", field[CK_WORD_MAX] = "";
	int64_t amount = 0;
	int again = 0;

	switch (code) {
	case CK_E_LEASE_ELSEWHERE:
		if (ck_field_text(a, a->body, "kiosk", true, kiosk, sizeof kiosk) != 1 ||
		    ck_field_text(a, a->body, "record", true, record, sizeof record) != 1)
			return -1;
		snprintf(said, 128, "%s, %s", kiosk, record);
		return 0;
	case CK_E_FIELD_WRONG:
		if (ck_field_tag(a, a->body, "field", true, field) != 1)
			return -1;
		snprintf(said, 128, "%s: ", field);
		return 0;
	case CK_E_AMOUNT_CHANGED:
		return ck_field_amount(a, a->body, "amount", true, &amount) == 1 ? 0 : -1;
	case CK_E_SMS_WAIT:
		return ck_field_again(a, a->body, true, &again) == 1 ? 0 : -1;
	default:
		return 0;
	}
}

static int
refuse(struct ck_desk_said *a, struct ck_err *err)
{
	const char *word = json_string_value(json_object_get(a->body, "code"));
	const char *text = json_string_value(json_object_get(a->body, "text"));
	enum ck_code code = CK_E_DESK_REFUSED;
	char said[128] = "";

	if (word == NULL || text == NULL)
		return ck_desk_said_wrong(a, word == NULL ? "code" : "text");
	for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
		if (strcmp(word, refusals[i].word) == 0)
			code = refusals[i].code;
	if (refused_more(a, code, said) != 0)
		return -1;
	a->refused = code;
	if (code == CK_E_LEASE_ELSEWHERE)
		return ck_fail(err, code, "%s", said);
	if (code == CK_E_FIELD_WRONG)
		return ck_fail(err, code, "%s%s", said, text);
	return ck_fail(err, code, "%s (%s)", text, word);
}

static int
judge(struct ck_desk_said *a, const struct ck_http_reply *rep)
{
	const char *path = calls[a->call].path;
	const json_t *ok = json_object_get(a->body, "ok");
	bool refusal = (rep->status >= 400 && rep->status < 500) || rep->status == 503;

	if (rep->status == 200 && json_is_true(ok))
		return ck_field_time(a, a->body, "now", true, &a->now) == 1 ? 0 : -1;
	if (refusal && json_is_false(ok))
		return refuse(a, a->err);
	if (rep->status == 503 && rep->retry_after > 0)
		return ck_fail(a->err, CK_E_DESK_REFUSED, "busy, again in %d s", rep->retry_after);
	return ck_fail(a->err, CK_E_DESK_GARBAGE, "answer to \"%s\": HTTP %d %s%s", path,
	    rep->status, rep->type, a->body == NULL ? ", no JSON object" : "");
}

/* ---- the call ---- */

static int
make_key(const struct ck_desk *d, enum ck_desk_call call, const char *body, char out[128],
    struct ck_err *err)
{
	unsigned char raw[SHA256_DIGEST_LENGTH] = { 0 };
	char hex[2 * KEY_BYTES + 1] = "";
	struct ck_buf all = { .p = NULL };

	if (!calls[call].same_key) {
		if (RAND_bytes(raw, KEY_BYTES) != 1)
			return ck_fail(err, CK_E_INTERNAL, "no random numbers");
	} else {
		if (ck_buf_add(&all, d->conf.kiosk, strlen(d->conf.kiosk) + 1) != 0 ||
		    ck_buf_add(&all, calls[call].path, strlen(calls[call].path) + 1) != 0 ||
		    ck_buf_add(&all, body, strlen(body)) != 0) {
			ck_buf_free(&all);
			return ck_fail(err, CK_E_NO_MEMORY, "no memory for a request");
		}
		SHA256(all.p, all.n, raw);
		ck_buf_free(&all);
	}
	ck_hex(raw, KEY_BYTES, hex);
	snprintf(out, 128, "Idempotency-Key: %s", hex);
	return 0;
}

static void
parse(struct ck_desk_said *a, const struct ck_http_reply *rep)
{
	a->body = json_loadb((const char *)rep->body.p, rep->body.n, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(a->body)) {
		json_decref(a->body);
		a->body = NULL;
	}
}

int
ck_desk_call(struct ck_desk *d, enum ck_desk_call call, json_t *ask, struct ck_desk_said *a,
    struct ck_err *err)
{
	char url[sizeof d->conf.url + 32] = "", key[128] = "";
	char *body = ask != NULL ? json_dumps(ask, JSON_COMPACT) : NULL;
	struct ck_http_reply rep = { .status = 0 };
	struct ck_http_ask post = {
		.url = url,
		.type = "application/json",
		.header = key,
		.names = &desk_names,
	};
	int rc = -1;

	*a = (struct ck_desk_said){ .call = call, .err = err };
	json_decref(ask);
	if (body == NULL) {
		ck_fail(err, CK_E_INTERNAL, "request \"%s\" cannot be made", calls[call].path);
		goto out;
	}
	snprintf(url, sizeof url, "%s/%s", d->conf.url, calls[call].path);
	if (make_key(d, call, body, key, err) != 0)
		goto out;
	post.body = (const unsigned char *)body;
	post.n = strlen(body);
	if (ck_http_post(d->http, &post, &rep, err) != 0)
		goto out;
	parse(a, &rep);
	rc = judge(a, &rep);
out:
	ck_http_reply_free(&rep);
	ck_wiping_free(body);
	return rc;
}
