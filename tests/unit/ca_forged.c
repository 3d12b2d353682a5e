/* Replies no well-behaved CA sends, made here byte by byte: what they do to a confirmation. */
#include "t.h"

#include <signal.h>
#include <openssl/crmf.h>
#include <openssl/objects.h>

#include "base/buf.h"
#include "ca/cmp_msg.h"
#include "ca_lab.h"

struct forgery {
	const char *secret;    /* what the reply is protected with; NULL = not at all */
	const char *fail_info; /* DER of a BIT STRING, 5 bytes */
	bool other_nonce;
	bool cut; /* the last byte is missing */
	struct ck_buf made;
};

static const char certConfirmed[] = "\x03\x03\x04\x00\x10"; /* bit 11 */
static const char badRequest[] = "\x03\x03\x05\x20\x00";    /* bit 2 */

/* out gets tag, length, and the bytes */
static void
der(struct ck_buf *out, unsigned tag, const void *bytes, size_t n)
{
	unsigned char head[5];
	size_t h = 0;

	head[h++] = (unsigned char)tag;
	if (n >= 0x100) {
		head[h++] = 0x82;
		head[h++] = (unsigned char)(n >> 8);
	} else if (n >= 0x80) {
		head[h++] = 0x81;
	}
	head[h++] = (unsigned char)n;
	if (ck_buf_add(out, head, h) != 0 || ck_buf_add(out, bytes, n) != 0)
		abort();
}

/* the same, and the inner one is freed */
static void
wrap(struct ck_buf *out, unsigned tag, struct ck_buf *in)
{
	der(out, tag, in->p, in->n);
	ck_buf_free(in);
}

static void
explicit_octets(struct ck_buf *out, unsigned tag, const void *bytes, size_t n)
{
	struct ck_buf in = { .p = NULL };

	der(&in, 0x04, bytes, n);
	wrap(out, tag, &in);
}

static void
put_head(struct ck_buf *out, const struct forgery *f, const struct ck_cmp_msg *ask,
    OSSL_CRMF_PBMPARAMETER *pbm)
{
	static const unsigned char no_name[] = { 0xa4, 0x02, 0x30, 0x00 };
	static const unsigned char oid[] = { 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf6, 0x7d, 0x07,
		0x42, 0x0d };
	struct ck_buf head = { .p = NULL }, alg = { .p = NULL }, seq = { .p = NULL };
	unsigned char *p = NULL;
	int n = 0;

	der(&head, 0x02, "\x02", 1);
	ck_buf_add(&head, no_name, sizeof no_name);
	ck_buf_add(&head, no_name, sizeof no_name);
	if (f->secret != NULL) {
		n = i2d_OSSL_CRMF_PBMPARAMETER(pbm, &p);
		ck_buf_add(&alg, oid, sizeof oid);
		ck_buf_add(&alg, p, (size_t)n);
		wrap(&seq, 0x30, &alg);
		wrap(&head, 0xa1, &seq);
		OPENSSL_free(p);
	}
	explicit_octets(&head, 0xa4, ask->transaction.p, ask->transaction.n);
	explicit_octets(&head, 0xa5, "nonce of the CA.", 16);
	if (f->other_nonce)
		explicit_octets(&head, 0xa6, "somebody else's.", 16);
	else
		explicit_octets(&head, 0xa6, ask->sender_nonce.p, ask->sender_nonce.n);
	wrap(out, 0x30, &head);
}

/* error [23] { PKIStatusInfo { rejection, "话", fail_info } } */
static void
put_error(struct ck_buf *out, const struct forgery *f)
{
	struct ck_buf text = { .p = NULL }, info = { .p = NULL }, msg = { .p = NULL },
		      body = { .p = NULL };

	der(&text, 0x0c, "话", strlen("话"));
	der(&info, 0x02, "\x02", 1);
	wrap(&info, 0x30, &text);
	ck_buf_add(&info, f->fail_info, 5);
	wrap(&msg, 0x30, &info);
	wrap(&body, 0x30, &msg);
	wrap(out, 0xb7, &body);
}

static void
forge(struct forgery *f, const struct ck_cmp_msg *ask)
{
	OSSL_CRMF_PBMPARAMETER *pbm =
	    OSSL_CRMF_pbmp_new(NULL, 16, NID_sha256, 500, NID_hmacWithSHA256);
	struct ck_buf parts = { .p = NULL }, all = { .p = NULL }, bits = { .p = NULL },
		      field = { .p = NULL };
	unsigned char *mac = NULL;
	size_t n = 0;

	ck_buf_free(&f->made);
	f->made = (struct ck_buf){ .p = NULL };
	put_head(&parts, f, ask, pbm);
	put_error(&parts, f);
	der(&all, 0x30, parts.p, parts.n);
	if (f->secret != NULL) {
		if (OSSL_CRMF_pbm_new(NULL, NULL, pbm, all.p, all.n,
			(const unsigned char *)f->secret, strlen(f->secret), &mac, &n) != 1)
			abort();
		ck_buf_add(&bits, "", 1);
		ck_buf_add(&bits, mac, n);
		wrap(&field, 0x03, &bits);
		wrap(&parts, 0xa0, &field);
		OPENSSL_free(mac);
	}
	wrap(&f->made, 0x30, &parts);
	if (f->cut)
		f->made.n--;
	ck_buf_free(&all);
	OSSL_CRMF_PBMPARAMETER_free(pbm);
}

/* everything is forwarded but certConf */
static void
answer(void *u, const struct peer_request *q, struct peer_line *out)
{
	struct forgery *f = u;
	struct ck_cmp_msg ask;

	*out = (struct peer_line){ .act = PEER_FORWARD };
	if (ck_cmp_msg_read(q->body, q->n, &ask) != 0 || ask.body != CK_CMP_CERTCONF)
		return;
	forge(f, &ask);
	*out = (struct peer_line){
		.act = PEER_ANSWER,
		.type = "application/pkixcmp",
		.body = (const char *)f->made.p,
		.n = f->made.n,
	};
}

static void
begin_forged(struct lab *l, struct forgery *f)
{
	begin(l);
	mock(l, "new.pem", NULL);
	relay_by(l, NULL, 0, answer, f);
	step(l);
	T(is_issued(l), "issued (%s)", l->err.detail);
}

static void
end_forged(struct lab *l, struct forgery *f)
{
	end(l);
	ck_buf_free(&f->made);
}

/* accept or not, and what comes of it; kept: is the reply on the tape? */
static void
try(struct forgery f, bool accept, enum ck_code code, bool kept, const char *what)
{
	struct lab l;

	begin_forged(&l, &f);
	confirm(&l, accept);
	T(code == CK_E_NONE ? l.rc == 0 && l.reply.state == CK_CA_CONFIRMED : failed(&l, code),
	    "%s: code %d (%s)", what, (int)l.err.code, l.err.detail);
	T(on_tape(&l.mem, 1, "rep") == kept, "%s: %s", what, kept ? "kept" : "not kept");
	end_forged(&l, &f);
}

static void
test_text(void)
{
	struct forgery f = { .fail_info = badRequest };
	struct lab l;

	begin_forged(&l, &f);
	confirm(&l, true);
	T(failed(&l, CK_E_CA_GARBAGE) && strstr(l.err.detail, "话") != NULL,
	    "what an unprotected error says is shown, not believed");
	f.secret = "envelope-password";
	l.enrol.resend = true;
	confirm(&l, true);
	T(failed(&l, CK_E_CA_REFUSED), "the same, protected, is the CA's word");
	T_STR(l.err.detail, "话", "and its own words");
	end_forged(&l, &f);
}

/* ---- the header walk on its own: no byte changed or missing may make it read beyond the end ----
 */

static void
test_walk(void)
{
	struct forgery f = { .secret = "x", .fail_info = badRequest };
	struct ck_cmp_msg ask = { .transaction = { (const unsigned char *)"transaction", 11 },
		.sender_nonce = { (const unsigned char *)"nonce", 5 } };
	struct ck_cmp_msg m;
	unsigned char *copy = NULL;
	char text[256];
	int accepted = 0;

	forge(&f, &ask);
	T(ck_cmp_msg_read(f.made.p, f.made.n, &m) == 0 && m.body == CK_CMP_ERROR, "walk: an error");
	T(ck_der_same(m.transaction, ask.transaction) &&
		ck_der_same(m.recip_nonce, ask.sender_nonce),
	    "walk: transaction and nonce");
	T(m.is_protected && m.by_mac, "walk: protected by a MAC");
	ck_cmp_msg_error_text(&m, text, sizeof text);
	T(strstr(text, "话") != NULL, "walk: the error's text");
	for (size_t n = 0; n < f.made.n; n++) {
		copy =
		    malloc(n + 1); /* of its own size, so that a sanitizer sees one byte too many */
		memcpy(copy, f.made.p, n);
		accepted += ck_cmp_msg_read(copy, n, &m) == 0;
		free(copy);
	}
	T(accepted == 0, "walk: no part of a message is one");
	for (size_t i = 0; i < f.made.n; i++)
		for (unsigned bit = 0; bit < 8; bit++) {
			copy = malloc(f.made.n);
			memcpy(copy, f.made.p, f.made.n);
			copy[i] ^= (unsigned char)(1U << bit);
			if (ck_cmp_msg_read(copy, f.made.n, &m) == 0) {
				ck_cmp_msg_error_text(&m, text, sizeof text);
				ck_cmp_msg_turns_down(&m);
				accepted++;
			}
			free(copy);
		}
	T(accepted > 0, "walk: survives every flipped bit");
	ck_buf_free(&f.made);
}

int
main(void)
{
	const char *right = "envelope-password";

	signal(SIGPIPE, SIG_IGN);
	peer_site_make(&site);
	make_cert();
	test_walk();
	try((struct forgery){ .secret = right, .fail_info = certConfirmed }, true, CK_E_NONE, true,
	    "confirmed before, accepted now");
	try((struct forgery){ .secret = right, .fail_info = certConfirmed }, false,
	    CK_E_CA_NOT_CONFIRMED, true, "confirmed before, turned down now");
	try((struct forgery){ .secret = right, .fail_info = badRequest }, true, CK_E_CA_REFUSED,
	    true, "refused");
	try((struct forgery){ .secret = right, .fail_info = badRequest }, false, CK_E_CA_REFUSED,
	    true, "turning down refused");
	try((struct forgery){ .secret = "another", .fail_info = badRequest }, false,
	    CK_E_CA_BAD_SECRET, true, "turning down, protected with another secret");
	try((struct forgery){ .secret = "another", .fail_info = certConfirmed }, true,
	    CK_E_CA_BAD_SECRET, true, "protected with another secret");
	try((struct forgery){ .fail_info = certConfirmed }, true, CK_E_CA_GARBAGE, false,
	    "not protected");
	try((struct forgery){ .secret = right, .fail_info = certConfirmed, .other_nonce = true },
	    true, CK_E_CA_GARBAGE, false, "about another request");
	try((struct forgery){ .secret = right, .fail_info = certConfirmed, .cut = true }, true,
	    CK_E_CA_GARBAGE, false, "cut short");
	test_text();
	free(csr);
	OPENSSL_free(cert);
	peer_site_remove(&site);
	return T_END();
}
