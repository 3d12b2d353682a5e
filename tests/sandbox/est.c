#include "est.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/crypto.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>

#include "base/buf.h"
#include "base/log.h"
#include "cmp.h"
#include "envelope.h"
#include "knob.h"

#define CSR_MAX 16384
/* the longest lines of RFC 7468 and of RFC 2045 */
#define PEM_COLUMNS 64
#define MIME_COLUMNS 76

/* a request, from whom */
struct asked {
	struct sb *sb;
	const X509 *shown;
	X509_REQ *req;
	unsigned char *der;
	size_t n;
	struct sb_cmp_head as; /* whose transaction it is */
};

/* ---- answers ---- */

static void
say(struct sb_answer *a, int status, const char *text)
{
	a->status = status;
	a->type = "text/plain";
	a->body = (unsigned char *)strdup(text);
	a->n = a->body != NULL ? strlen(text) : 0;
}

static char *
in_lines(const char *all, size_t columns, const char *end)
{
	size_t n = strlen(all), at = 0;
	char *out = calloc(1, n + (n / columns + 2) * strlen(end) + 1), *to = out;

	for (; out != NULL && at < n; at += columns) {
		size_t some = n - at < columns ? n - at : columns;

		memcpy(to, all + at, some);
		to = stpcpy(to + some, end);
	}
	return out;
}

static void
take(struct sb_answer *a, char *text)
{
	a->body = (unsigned char *)text;
	a->n = text != NULL ? strlen(text) : 0;
}

/* knob est.shape */
static void
shape(struct sb *sb, const char *call, const unsigned char *der, size_t n, struct sb_answer *a)
{
	char how[SB_KNOB_MAX] = "", *line = ck_base64(der, n), *text = NULL;

	sb_knob_text(sb, "est.shape", call, how, sizeof how);
	if (strcmp(how, "64") == 0) {
		take(a, in_lines(line, PEM_COLUMNS, "\n"));
	} else if (strcmp(how, "76") == 0) {
		take(a, in_lines(line, MIME_COLUMNS, "\n"));
	} else if (strcmp(how, "crlf") == 0) {
		take(a, in_lines(line, MIME_COLUMNS, "\r\n"));
	} else if (strcmp(how, "spaces") == 0) {
		take(a, in_lines(line, 7, " \t "));
	} else if (strcmp(how, "pem") == 0) {
		text = in_lines(line, PEM_COLUMNS, "\n");
		if (asprintf((char **)&a->body, "-----BEGIN PKCS7-----\n%s-----END PKCS7-----\n",
			text) >= 0)
			a->n = strlen((char *)a->body);
		free(text);
	} else if (strcmp(how, "trailing") == 0) {
		if (asprintf((char **)&a->body, "%s<html>", line) >= 0)
			a->n = strlen((char *)a->body);
	} else if (strcmp(how, "der") == 0) {
		a->body = malloc(n);
		a->n = a->body != NULL ? n : 0;
		memcpy(a->body, der, a->n);
	} else if (strcmp(how, "empty") != 0) {
		take(a, line);
		line = NULL;
	}
	free(line);
}

static void
say_certs(struct sb *sb, const char *call, STACK_OF(X509) * certs, struct sb_answer *a)
{
	PKCS7 *p7 = PKCS7_new();
	unsigned char *der = NULL;
	int n = 0;

	if (p7 != NULL && PKCS7_set_type(p7, NID_pkcs7_signed) == 1 &&
	    PKCS7_content_new(p7, NID_pkcs7_data) == 1) {
		ASN1_OCTET_STRING_free(p7->d.sign->contents->d.data);
		p7->d.sign->contents->d.data = NULL;
		for (int i = 0; i < sk_X509_num(certs); i++)
			PKCS7_add_certificate(p7, sk_X509_value(certs, i));
		n = i2d_PKCS7(p7, &der);
	}
	if (n > 0) {
		a->status = 200;
		a->type = "application/pkcs7-mime; smime-type=certs-only";
		shape(sb, call, der, (size_t)n, a);
	}
	OPENSSL_free(der);
	PKCS7_free(p7);
}

static void
cacerts(struct sb *sb, struct sb_answer *a)
{
	STACK_OF(X509) *certs = sk_X509_new_null();
	enum sb_who issues = SB_NEW;
	char whose[SB_KNOB_MAX] = "";

	sb_knob_text(sb, "est.cacerts", NULL, whose, sizeof whose);
	if (strcmp(whose, "foreign") == 0)
		issues = SB_FOREIGN;
	else if (strcmp(whose, "old") == 0)
		issues = SB_OLD;
	if (issues != SB_FOREIGN)
		sk_X509_push(certs, sb->pki.cert[SB_ROOT]);
	sk_X509_push(certs, sb->pki.cert[issues]);
	say_certs(sb, "cacerts", certs, a);
	sk_X509_free(certs);
}

/* ---- who asks ---- */

static bool
same_text(const char *a, const char *b)
{
	size_t n = strlen(b);

	return n > 0 && strlen(a) == n && CRYPTO_memcmp(a, b, n) == 0;
}

/* the pair of a lease, or the serial and password of an envelope a foreign client may use */
static bool
pair_good(sqlite3 *db, const char *user, const char *password)
{
	struct sb_envelope e = { 0 };
	struct sb_lease l = { 0 };
	bool good = false;

	if (sb_lease_find(db, &l, "reference", user) == 1)
		good = same_text(password, l.secret);
	else if (sb_envelope_load(db, user, &e) == 1 && e.open)
		good = same_text(password, e.password);
	OPENSSL_cleanse(&e, sizeof e);
	OPENSSL_cleanse(&l, sizeof l);
	return good;
}

static bool
by_pair(struct asked *q, const char *auth)
{
	size_t n = 0;
	char *pair = NULL, *password = NULL;
	bool good = false;

	if (strncasecmp(auth, "Basic ", 6) == 0)
		pair = (char *)ck_unbase64(auth + 6, SB_KNOB_MAX, &n);
	password = pair != NULL ? strchr(pair, ':') : NULL;
	if (password != NULL) {
		*password++ = '\0';
		good = strlen(pair) < SB_ID_MAX && pair_good(q->sb->db, pair, password);
		snprintf(q->as.reference, sizeof q->as.reference, "%s", pair);
		OPENSSL_cleanse(pair, n);
	}
	free(pair);
	return good;
}

/* a certificate of the books, good now, for the same subject */
static bool
by_certificate(struct asked *q)
{
	char status[16] = "";

	if (q->shown == NULL || sb_cert_sha(q->shown, q->as.signer) != 0)
		return false;
	sb_text(q->sb->db, status, sizeof status, "SELECT status FROM cert WHERE sha=?", "t",
	    q->as.signer);
	return strcmp(status, "good") == 0 &&
	       sb_time_of(X509_get0_notAfter(q->shown)) >= sb_now(q->sb) &&
	       X509_NAME_cmp(X509_get_subject_name(q->shown), X509_REQ_get_subject_name(q->req)) ==
		   0;
}

/* ---- what is asked ---- */

/* base64 in any shape, PEM, or DER */
static bool
read_request(struct asked *q, const struct sb_request *r)
{
	const unsigned char *p = NULL;
	char *text = (char *)r->body, *end = NULL;

	if (r->length == 0)
		return false;
	if (r->body[0] == 0x30) {
		q->n = r->length;
		if ((q->der = malloc(q->n)) != NULL)
			memcpy(q->der, r->body, q->n);
	} else {
		if (strncmp(text, "-----BEGIN", 10) == 0 && (text = strchr(text, '\n')) != NULL &&
		    (end = strstr(text, "-----END")) != NULL)
			*end = '\0';
		q->der = ck_unbase64(text, CSR_MAX, &q->n);
	}
	p = q->der;
	q->req = p != NULL ? d2i_X509_REQ(NULL, &p, (long)q->n) : NULL;
	return q->req != NULL && X509_REQ_verify(q->req, X509_REQ_get0_pubkey(q->req)) == 1;
}

/* one transaction for each user and request */
static void
name_transaction(struct asked *q)
{
	unsigned char sha[EVP_MAX_MD_SIZE];
	char hex[2 * EVP_MAX_MD_SIZE + 1] = "";
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned n = 0;

	if (ctx != NULL && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1 &&
	    EVP_DigestUpdate(ctx, q->as.reference, strlen(q->as.reference) + 1) == 1 &&
	    EVP_DigestUpdate(ctx, q->as.signer, strlen(q->as.signer) + 1) == 1 &&
	    EVP_DigestUpdate(ctx, q->der, q->n) == 1 && EVP_DigestFinal_ex(ctx, sha, &n) == 1)
		ck_hex(sha, n, hex);
	EVP_MD_CTX_free(ctx);
	snprintf(q->as.tid, sizeof q->as.tid, "est-%.64s", hex);
}

static void
wait(struct sb_tx *tx, struct sb_answer *a)
{
	char after[256] = "1";

	tx->polls--;
	sb_tx_put(tx);
	sb_knob_text(tx->sb, "est.retry-after", NULL, after, sizeof after);
	snprintf(a->more, sizeof a->more, "Retry-After: %s\r\n", after);
	say(a, 202, "审核中");
}

static void
issue(struct sb_tx *tx, const struct asked *q, struct sb_answer *a)
{
	STACK_OF(X509) *certs = sk_X509_new_null();
	const char *why = NULL;
	X509 *x =
	    sb_issue(tx, X509_REQ_get0_pubkey(q->req), X509_REQ_get_subject_name(q->req), &why);

	if (x == NULL) {
		say(a, why != NULL ? 400 : 500, why != NULL ? why : "");
	} else {
		/* the issuer goes first: who takes certificates by their position is found out */
		sk_X509_push(certs, tx->sb->pki.cert[SB_NEW]);
		sk_X509_push(certs, x);
		say_certs(tx->sb, tx->body, certs, a);
	}
	sk_X509_free(certs);
	X509_free(x);
}

static void
enrol(struct asked *q, const char *operation, const struct sb_request *r, struct sb_answer *a)
{
	struct sb_tx tx = { 0 };

	name_transaction(q);
	sb_tx_load(q->sb, &q->as, r, &tx);
	tx.area = "est";
	tx.body = operation;
	if (sb_knob_number(q->sb, "est.approved", NULL, 0) > 0)
		tx.polls = 0;
	if (sb_tx_waits(&tx))
		wait(&tx, a);
	else
		issue(&tx, q, a);
	ck_log(CK_LOG_INFO, "est %s of %.12s under %s%.8s: %s", operation, tx.tid, tx.reference,
	    tx.signer, tx.state[0] != '\0' ? tx.state : "refused");
	if (a->status == 200 && sb_knob_is(q->sb, "est.crash", operation, "before-reply"))
		sb_die("before the reply");
	free(tx.req0);
}

void
sb_est(struct sb *sb, const char *operation, const X509 *shown, const struct sb_request *r,
    struct sb_answer *a)
{
	char encoding[48] = "base64";
	struct asked q = { .sb = sb, .shown = shown };
	bool again = strcmp(operation, "simplereenroll") == 0;

	pthread_mutex_lock(&sb->act);
	if (strcmp(operation, "cacerts") == 0) {
		cacerts(sb, a);
	} else if (!again && strcmp(operation, "simpleenroll") != 0) {
		say(a, 404, "no such operation");
	} else if (strcmp(r->method, "POST") != 0) {
		say(a, 405, "POST it");
	} else if (!read_request(&q, r)) {
		say(a, 400, "not a request, or its signature is wrong");
	} else if (again ? !by_certificate(&q) : !by_pair(&q, r->auth)) {
		strcpy(a->more, "WWW-Authenticate: Basic realm=\"est\"\r\n");
		say(a, again ? 403 : 401, again ? "证书不能用于更新" : "口令不正确");
	} else {
		enrol(&q, operation, r, a);
	}
	if (a->status == 200) {
		sb_knob_text(sb, "est.encoding", operation, encoding, sizeof encoding);
		snprintf(a->more, sizeof a->more, "Content-Transfer-Encoding: %s\r\n", encoding);
	}
	pthread_mutex_unlock(&sb->act);
	X509_REQ_free(q.req);
	free(q.der);
}
