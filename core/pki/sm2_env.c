#include <string.h>

#include "pki/der.h"
#include "pki/double.h"
#include "pki/sm2.h"

#define KEY_BITS 256
#define BLOB_VERSION 1
#define FIELD 64 /* GM/T 0016 leaves room for 512 bits; 256 stand at the end */

struct in {
	const unsigned char *p;
	size_t n;
};

static int
garbage(struct ck_err *err, const char *why)
{
	return ck_fail(err, CK_E_ENC_KEY_GARBAGE, "%s", why);
}

static bool
all_zero(const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != 0)
			return false;
	return true;
}

static bool
on_curve(const unsigned char point[CK_SM2_POINT])
{
	EVP_PKEY *key = ck_sm2_public(point);

	EVP_PKEY_free(key);
	return key != NULL;
}

/* What both forms must hold. */
static int
judge_fields(const struct ck_wrapped_key *w, struct ck_err *err)
{
	if (!on_curve(w->point))
		return garbage(err, "its public half is not on the curve");
	if (!on_curve(w->wrap_point))
		return garbage(err, "the point it is wrapped with is not on the curve");
	if (all_zero(w->half + CK_SM2_HALF, CK_SM2_HALF))
		return garbage(err, "there is no private half");
	return 0;
}

/* ---- SM2EnvelopedKey: DER alone, and nothing that could be left out ---- */

/* tag, the shortest length there is, value; takes it off in */
static bool
take(struct in *in, unsigned char tag, struct in *value)
{
	size_t len = 0, head = 2;

	if (in->n < 2 || in->p[0] != tag)
		return false;
	len = in->p[1];
	if (len > 0x80) {
		head += len - 0x80;
		if (head > 4 || in->n < head)
			return false;
		len = head == 3 ? in->p[2] : (size_t)(in->p[2] << 8 | in->p[3]);
		if (len < (head == 3 ? 0x80 : 0x100))
			return false;
	} else if (len == 0x80)
		return false;
	if (len > in->n - head)
		return false;
	*value = (struct in){ in->p + head, len };
	in->p += head + len;
	in->n -= head + len;
	return true;
}

static bool
take_fixed(struct in *in, unsigned char tag, unsigned char *out, size_t n)
{
	struct in v;

	if (!take(in, tag, &v) || v.n != n)
		return false;
	memcpy(out, v.p, n);
	return true;
}

/* a coordinate: an INTEGER, not negative, without zeros it does not need */
static bool
take_number(struct in *in, unsigned char out[CK_SM2_HALF])
{
	struct in v;

	if (!take(in, 0x02, &v) || v.n == 0 || (v.p[0] & 0x80) != 0)
		return false;
	if (v.n > 1 && v.p[0] == 0) {
		if ((v.p[1] & 0x80) == 0)
			return false;
		v.p++;
		v.n--;
	}
	if (v.n > CK_SM2_HALF)
		return false;
	memset(out, 0, CK_SM2_HALF);
	memcpy(out + CK_SM2_HALF - v.n, v.p, v.n);
	return true;
}

/* of whole bytes */
static bool
take_bits(struct in *in, struct in *value)
{
	if (!take(in, 0x03, value) || value->n == 0 || value->p[0] != 0)
		return false;
	value->p++;
	value->n--;
	return true;
}

/* SM4 with the mode or, as older CAs write it, without; parameters absent or NULL */
static bool
take_cipher(struct in *in, struct ck_wrapped_key *w)
{
	static const struct {
		size_t n;
		const char *oid;
	} known[] = {
		{ 9, "\x06\x07\x2a\x81\x1c\xcf\x55\x01\x68" },	    /* 1.2.156.10197.1.104 */
		{ 10, "\x06\x08\x2a\x81\x1c\xcf\x55\x01\x68\x01" }, /* .1, ECB */
	};
	struct in alg;

	if (!take(in, 0x30, &alg))
		return false;
	w->cipher = CK_SGD_SM4_ECB;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		size_t n = known[i].n;

		if (alg.n >= n && memcmp(alg.p, known[i].oid, n) == 0 &&
		    (alg.n == n || (alg.n == n + 2 && memcmp(alg.p + n, "\x05\x00", 2) == 0)))
			return true;
	}
	return false;
}

static bool
take_point(struct in *in, unsigned char point[CK_SM2_POINT])
{
	struct in v;

	/* uncompressed, SEC 1 section 2.3.3 */
	if (!take_bits(in, &v) || v.n != 1 + CK_SM2_POINT || v.p[0] != 0x04)
		return false;
	memcpy(point, v.p + 1, CK_SM2_POINT);
	return true;
}

/* E(d), or E(0…0 d) as the blob has it */
static bool
take_half(struct in *in, unsigned char half[FIELD])
{
	struct in v;

	if (!take_bits(in, &v) || (v.n != CK_SM2_HALF && v.n != FIELD))
		return false;
	memset(half, 0, FIELD);
	memcpy(half + FIELD - v.n, v.p, v.n);
	return true;
}

int
ck_wrapped_from_der(
    const unsigned char *der, size_t n, struct ck_wrapped_key *w, struct ck_err *err)
{
	struct in in = { der, n }, body, wrap;

	memset(w, 0, sizeof *w);
	if (!take(&in, 0x30, &body) || in.n != 0)
		return garbage(err, "no SM2EnvelopedKey, or not all of it");
	if (!take_cipher(&body, w))
		return garbage(err, "its cipher is not SM4");
	if (!take(&body, 0x30, &wrap) || !take_number(&wrap, w->wrap_point) ||
	    !take_number(&wrap, w->wrap_point + CK_SM2_HALF) ||
	    !take_fixed(&wrap, 0x04, w->wrap_hash, sizeof w->wrap_hash) ||
	    !take_fixed(&wrap, 0x04, w->wrap_key, sizeof w->wrap_key) || wrap.n != 0)
		return garbage(err, "the cipher's key in it is none");
	if (!take_point(&body, w->point) || !take_half(&body, w->half) || body.n != 0)
		return garbage(err, "the pair in it is none of SM2");
	return judge_fields(w, err);
}

/* ---- ENVELOPEDKEYBLOB: little-endian, packed or not, since all is aligned as it stands ---- */

static uint64_t
blob_number(struct in *in, size_t width)
{
	uint64_t v = 0;

	for (size_t i = width; i-- > 0;)
		v = v << 8 | in->p[i];
	in->p += width;
	return v;
}

static void
blob_bytes(struct in *in, unsigned char *out, size_t n)
{
	memcpy(out, in->p, n);
	in->p += n;
}

/* false: more than 256 bits */
static bool
blob_point(struct in *in, unsigned char point[CK_SM2_POINT])
{
	unsigned char xy[2][FIELD];
	const size_t skip = FIELD - CK_SM2_HALF;

	blob_bytes(in, xy[0], FIELD);
	blob_bytes(in, xy[1], FIELD);
	memcpy(point, xy[0] + skip, CK_SM2_HALF);
	memcpy(point + CK_SM2_HALF, xy[1] + skip, CK_SM2_HALF);
	return all_zero(xy[0], skip) && all_zero(xy[1], skip);
}

/* five numbers, the private half, two points, hash and key */
static size_t
blob_size(size_t width)
{
	return 5 * width + FIELD + 2 * 2 * FIELD + CK_SM2_E + CK_WRAP_KEY;
}

/* A structure of C may be padded at its end. 0: no length of a blob. */
static size_t
blob_width(struct in in)
{
	for (size_t width = 4; width <= 8; width += 4) {
		size_t n = blob_size(width);

		if (in.n >= n && in.n < n + width && all_zero(in.p + n, in.n - n))
			return width;
	}
	return 0;
}

static bool
is_known(uint64_t cipher)
{
	return cipher == CK_SGD_SM4_ECB || cipher == CK_SGD_SM1_ECB || cipher == CK_SGD_SSF33_ECB;
}

int
ck_wrapped_from_blob(
    const unsigned char *blob, size_t n, struct ck_wrapped_key *w, struct ck_err *err)
{
	struct in in = { blob, n };
	size_t width = blob_width(in);
	uint64_t cipher;

	memset(w, 0, sizeof *w);
	if (width == 0)
		return garbage(err, "no ENVELOPEDKEYBLOB, or not all of it");
	if (blob_number(&in, width) != BLOB_VERSION)
		return garbage(err, "a blob of an unknown version");
	cipher = blob_number(&in, width);
	if (!is_known(cipher))
		return garbage(err, "its cipher is unknown");
	w->cipher = (uint32_t)cipher;
	if (blob_number(&in, width) != KEY_BITS)
		return garbage(err, "its private half is not of 256 bits");
	blob_bytes(&in, w->half, sizeof w->half);
	if (blob_number(&in, width) != KEY_BITS || !blob_point(&in, w->point))
		return garbage(err, "its public half is not of 256 bits");
	if (!blob_point(&in, w->wrap_point))
		return garbage(err, "the point it is wrapped with is not of 256 bits");
	blob_bytes(&in, w->wrap_hash, sizeof w->wrap_hash);
	if (blob_number(&in, width) != sizeof w->wrap_key)
		return garbage(err, "the cipher's key in it is not of 128 bits");
	blob_bytes(&in, w->wrap_key, sizeof w->wrap_key);
	return judge_fields(w, err);
}

/* ---- whose is it? ---- */

/* -1 with an error only where it can't be read at all */
static int
cert_point(const struct ck_cert_der *cert, unsigned char point[CK_SM2_POINT], struct ck_err *err)
{
	X509 *x = NULL;

	if (ck_x509_read(cert->p, cert->n, &x, NULL, NULL, err) != 0)
		return -1;
	/* a key of another kind has no point that equals one */
	if (ck_sm2_point(X509_get0_pubkey(x), point) != 0)
		memset(point, 0, CK_SM2_POINT);
	X509_free(x);
	return 0;
}

int
ck_wrapped_judge(const struct ck_wrapped_key *w, const unsigned char ours[CK_SM2_POINT],
    const struct ck_cert_der *signing, const struct ck_cert_der *encryption, struct ck_err *err)
{
	const struct ck_cert_der both[] = { *signing, *encryption };
	unsigned char signs[CK_SM2_POINT], enciphers[CK_SM2_POINT];
	int of[2] = { CK_ALONE, CK_ALONE };
	struct ck_cert_facts facts;

	if (ck_cert_read(signing->p, signing->n, &facts, err) != 0 ||
	    cert_point(signing, signs, err) != 0 || cert_point(encryption, enciphers, err) != 0)
		return -1;
	if (memcmp(signs, ours, sizeof signs) != 0)
		return ck_fail(err, CK_E_ISSUED_OTHER_KEY, "the signing certificate");
	if (memcmp(w->point, ours, sizeof w->point) == 0)
		return ck_fail(err, CK_E_ENC_KEY_OTHER, "it is the signing pair itself");
	if (memcmp(enciphers, w->point, sizeof enciphers) != 0)
		return ck_fail(
		    err, CK_E_ENC_KEY_OTHER, "the encryption certificate is of another pair");
	if (ck_couples(both, 2, of, err) != 0)
		return -1;
	if (of[0] != 1 || facts.may_encipher)
		return ck_fail(err, CK_E_ENC_KEY_OTHER, "the two certificates are no unit");
	return 0;
}
