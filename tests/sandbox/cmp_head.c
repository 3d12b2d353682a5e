#include <string.h>
#include <openssl/asn1.h>
#include <openssl/evp.h>
#include <openssl/objects.h>

#include "base/buf.h"
#include "cmp.h"

/* one TLV of DER */
struct tlv {
	const unsigned char *p; /* content */
	long n;
	int tag, cls;
};

static bool
next(const unsigned char **p, const unsigned char *end, struct tlv *out)
{
	/* 0x80 is ASN1_get_object's sign of an error */
	if (*p >= end || (ASN1_get_object(p, &out->n, &out->tag, &out->cls, end - *p) & 0x80) != 0)
		return false;
	out->p = *p;
	*p += out->n;
	return *p <= end;
}

static bool
is_pbm(const struct tlv *alg)
{
	const unsigned char *p = alg->p;
	ASN1_OBJECT *what = d2i_ASN1_OBJECT(NULL, &p, alg->n);
	bool is = what != NULL && OBJ_obj2nid(what) == NID_id_PasswordBasedMAC;

	ASN1_OBJECT_free(what);
	return is;
}

/* behind the body come protection [0] and extraCerts [1], the sender's first (RFC 9483 section 3.3)
 */
static void
take_signer(const unsigned char *p, const unsigned char *end, struct sb_cmp_head *h)
{
	struct tlv field = { 0 }, list = { 0 }, cert = { 0 };
	unsigned char sha[EVP_MAX_MD_SIZE];
	const unsigned char *at = NULL;
	unsigned n = 0;

	while (next(&p, end, &field)) {
		at = field.p;
		if (field.cls != V_ASN1_CONTEXT_SPECIFIC || field.tag != 1 ||
		    !next(&at, field.p + field.n, &list))
			continue;
		at = list.p;
		if (next(&at, list.p + list.n, &cert) &&
		    EVP_Digest(list.p, (size_t)(at - list.p), sha, &n, EVP_sha256(), NULL) == 1)
			ck_hex(sha, n, h->signer);
	}
}

static void
take_field(int tag, const struct tlv *in, struct sb_cmp_head *h, bool *pbm)
{
	bool octets = in->cls == V_ASN1_UNIVERSAL && in->tag == V_ASN1_OCTET_STRING;

	if (tag == 1 && in->tag == V_ASN1_SEQUENCE)
		*pbm = is_pbm(in);
	if (!octets || in->n <= 0)
		return;
	if (tag == 2 && in->n < (long)sizeof h->reference) {
		memcpy(h->reference, in->p, (size_t)in->n);
		h->reference[in->n] = '\0';
	} else if (tag == 4 && in->n < SB_TID_MAX / 2) {
		/* sender and recipient are [4] too when they are directory names, but hold a
		 * SEQUENCE */
		ck_hex(in->p, (size_t)in->n, h->tid);
	} else if (tag == 5 && in->n <= (long)sizeof h->nonce) {
		memcpy(h->nonce, in->p, (size_t)in->n);
		h->nonce_len = (size_t)in->n;
	}
}

int
sb_cmp_head(const unsigned char *der, size_t n, struct sb_cmp_head *h)
{
	const unsigned char *p = der, *end = NULL, *rest = NULL;
	struct tlv message = { 0 }, header = { 0 }, field = { 0 }, inner = { 0 };
	bool pbm = false;

	memset(h, 0, sizeof *h);
	if (!next(&p, der + n, &message) || message.tag != V_ASN1_SEQUENCE)
		return -1;
	p = message.p;
	if (!next(&p, message.p + message.n, &header) || header.tag != V_ASN1_SEQUENCE)
		return -1;
	end = p;
	if (!next(&end, message.p + message.n, &field))
		return -1;
	h->body = field.tag;
	rest = end;
	for (p = header.p; p < header.p + header.n;) {
		if (!next(&p, header.p + header.n, &field))
			return -1;
		end = field.p;
		if (field.cls == V_ASN1_CONTEXT_SPECIFIC && next(&end, field.p + field.n, &inner))
			take_field(field.tag, &inner, h, &pbm);
	}
	if (!pbm) {
		h->reference[0] = '\0';
		take_signer(rest, message.p + message.n, h);
	}
	return h->tid[0] != '\0' ? 0 : -1;
}

const char *
sb_cmp_body_name(int body)
{
	static const char *const names[] = {
		[SB_IR] = "ir",
		[SB_CR] = "cr",
		[SB_P10CR] = "p10cr",
		[SB_KUR] = "kur",
		[SB_CERTCONF] = "certConf",
		[SB_POLLREQ] = "pollReq",
		[SB_GENM] = "genm",
		[SB_ERROR] = "error",
	};

	if (body < 0 || body >= (int)(sizeof names / sizeof *names) || names[body] == NULL)
		return "other";
	return names[body];
}
