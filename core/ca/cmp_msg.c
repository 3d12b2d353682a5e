#include "cmp_msg.h"

#include <string.h>
#include <openssl/asn1.h>
#include <openssl/cmp.h>
#include <openssl/err.h>

#include "base/utf8.h"

/* id-PasswordBasedMac, 1.2.840.113533.7.66.13 (RFC 4210 section 5.1.3.1), as DER */
static const unsigned char pbm_oid[] = { 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf6, 0x7d, 0x07, 0x42,
	0x0d };

/* PKIHeader's optional fields are all [n] EXPLICIT */
enum {
	HEAD_PROTECTION_ALG = 1,
	HEAD_TRANSACTION = 4,
	HEAD_SENDER_NONCE = 5,
	HEAD_RECIP_NONCE = 6,
	AFTER_PROTECTION = 0,
};

struct element {
	int tag, class;
	struct ck_der in; /* its content */
};

bool
ck_der_same(struct ck_der a, struct ck_der b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Take the next element off from; indefinite lengths are not DER. */
static int
next(struct ck_der *from, struct element *e)
{
	const unsigned char *p = from->p;
	long n = 0;
	int flags = 0;

	if (from->n == 0 || from->n > INT32_MAX)
		return -1;
	flags = ASN1_get_object(&p, &n, &e->tag, &e->class, (long)from->n);
	if ((flags & 0x80) != 0 || (flags & 1) != 0) {
		ERR_clear_error();
		return -1;
	}
	e->in = (struct ck_der){ .p = p, .n = (size_t)n };
	from->n -= (size_t)(p + n - from->p);
	from->p = p + n;
	return 0;
}

static int
next_is(struct ck_der *from, int tag, struct element *e)
{
	if (next(from, e) != 0 || e->class != V_ASN1_UNIVERSAL || e->tag != tag)
		return -1;
	return 0;
}

static int
octets(struct ck_der field, struct ck_der *out)
{
	struct element e;

	if (next_is(&field, V_ASN1_OCTET_STRING, &e) != 0 || field.n != 0)
		return -1;
	*out = e.in;
	return 0;
}

/* protectionAlg: AlgorithmIdentifier, of which the OID stands first */
static bool
is_pbm(struct ck_der field)
{
	struct element e;

	return next_is(&field, V_ASN1_SEQUENCE, &e) == 0 && e.in.n >= sizeof pbm_oid &&
	       memcmp(e.in.p, pbm_oid, sizeof pbm_oid) == 0;
}

static int
read_head(struct ck_der head, struct ck_cmp_msg *m)
{
	struct element e;

	/* pvno, sender, recipient: the two names are context-tagged too, so they go by position */
	if (next_is(&head, V_ASN1_INTEGER, &e) != 0 || next(&head, &e) != 0 || next(&head, &e) != 0)
		return -1;
	while (head.n > 0) {
		int bad = 0;

		if (next(&head, &e) != 0 || e.class != V_ASN1_CONTEXT_SPECIFIC)
			return -1;
		switch (e.tag) {
		case HEAD_PROTECTION_ALG:
			m->is_protected = true;
			m->by_mac = is_pbm(e.in);
			break;
		case HEAD_TRANSACTION:
			bad = octets(e.in, &m->transaction);
			break;
		case HEAD_SENDER_NONCE:
			bad = octets(e.in, &m->sender_nonce);
			break;
		case HEAD_RECIP_NONCE:
			bad = octets(e.in, &m->recip_nonce);
			break;
		default:
			break;
		}
		if (bad)
			return -1;
	}
	return 0;
}

int
ck_cmp_msg_read(const unsigned char *der, size_t n, struct ck_cmp_msg *m)
{
	struct ck_der all = { .p = der, .n = n };
	struct element msg, head, body, bits;

	*m = (struct ck_cmp_msg){ .body = -1 };
	if (next_is(&all, V_ASN1_SEQUENCE, &msg) != 0 || all.n != 0 ||
	    next_is(&msg.in, V_ASN1_SEQUENCE, &head) != 0 || read_head(head.in, m) != 0 ||
	    next(&msg.in, &body) != 0 || body.class != V_ASN1_CONTEXT_SPECIFIC)
		return -1;
	m->body = body.tag;
	m->content = body.in;
	if (msg.in.n == 0 || next(&msg.in, &bits) != 0 || bits.class != V_ASN1_CONTEXT_SPECIFIC ||
	    bits.tag != AFTER_PROTECTION)
		m->is_protected = false;
	return 0;
}

/* CertReqMessages is SEQUENCE OF CertReqMsg { certReq, popo OPTIONAL, regInfo OPTIONAL }
 * (RFC 4211 section 3). */
struct ck_der
ck_cmp_msg_wish(const struct ck_cmp_msg *m)
{
	struct ck_der content = m->content;
	struct element all, one, wish;

	if (m->body != CK_CMP_KUR || next_is(&content, V_ASN1_SEQUENCE, &all) != 0 ||
	    next_is(&all.in, V_ASN1_SEQUENCE, &one) != 0 ||
	    next_is(&one.in, V_ASN1_SEQUENCE, &wish) != 0)
		return (struct ck_der){ .p = NULL };
	return wish.in;
}

/*
 * CertRepMessage is SEQUENCE { caPubs [1] OPTIONAL, SEQUENCE OF CertResponse { certReqId,
 * PKIStatusInfo { status, ... }, ... } }; 3 is waiting (RFC 4210 section 5.3.4).
 */
bool
ck_cmp_msg_waits(const struct ck_cmp_msg *m)
{
	struct ck_der content = m->content;
	struct element all, list, one, info, e;

	if (m->body == CK_CMP_POLLREP)
		return true;
	if ((m->body != CK_CMP_IP && m->body != CK_CMP_CP && m->body != CK_CMP_KUP) ||
	    next_is(&content, V_ASN1_SEQUENCE, &all) != 0 || next(&all.in, &list) != 0 ||
	    (list.class == V_ASN1_CONTEXT_SPECIFIC && next(&all.in, &list) != 0) ||
	    next_is(&list.in, V_ASN1_SEQUENCE, &one) != 0 ||
	    next_is(&one.in, V_ASN1_INTEGER, &e) != 0 ||
	    next_is(&one.in, V_ASN1_SEQUENCE, &info) != 0 ||
	    next_is(&info.in, V_ASN1_INTEGER, &e) != 0)
		return false;
	return e.in.n == 1 && e.in.p[0] == OSSL_CMP_PKISTATUS_waiting;
}

/*
 * CertConfirmContent is SEQUENCE OF CertStatus { certHash, certReqId, statusInfo OPTIONAL };
 * absent, accepted (0) and grantedWithMods (1) all accept (RFC 4210 section 5.3.18).
 */
bool
ck_cmp_msg_turns_down(const struct ck_cmp_msg *m)
{
	struct ck_der content = m->content;
	struct element all, one, info, e;

	if (m->body != CK_CMP_CERTCONF || next_is(&content, V_ASN1_SEQUENCE, &all) != 0 ||
	    next_is(&all.in, V_ASN1_SEQUENCE, &one) != 0 ||
	    next_is(&one.in, V_ASN1_OCTET_STRING, &e) != 0 ||
	    next_is(&one.in, V_ASN1_INTEGER, &e) != 0 ||
	    next_is(&one.in, V_ASN1_SEQUENCE, &info) != 0)
		return false;
	return next_is(&info.in, V_ASN1_INTEGER, &e) != 0 || e.in.n != 1 || e.in.p[0] > 1;
}

void
ck_cmp_msg_error_text(const struct ck_cmp_msg *m, char *out, size_t cap)
{
	char said[OSSL_CMP_PKISI_BUFLEN] = "";
	struct ck_der content = m->content;
	OSSL_CMP_PKISI *info = NULL;
	struct element e;

	out[0] = '\0';
	if (m->body != CK_CMP_ERROR || next_is(&content, V_ASN1_SEQUENCE, &e) != 0)
		return;
	info = d2i_OSSL_CMP_PKISI(NULL, &e.in.p, (long)e.in.n);
	if (info != NULL && OSSL_CMP_snprint_PKIStatusInfo(info, said, sizeof said) != NULL)
		ck_clean_str(out, cap, said);
	OSSL_CMP_PKISI_free(info);
	ERR_clear_error();
}
