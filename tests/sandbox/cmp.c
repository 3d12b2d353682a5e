#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/cmperr.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/buf.h"
#include "base/log.h"
#include "cmp.h"
#include "envelope.h"
#include "knob.h"

#define CHECK_AFTER_S 1 /* the least a pollRep can ask for */

/* ---- the books ---- */

bool
sb_tx_load(struct sb *sb, const struct sb_cmp_head *h, const struct sb_request *r, struct sb_tx *tx)
{
	sqlite3_stmt *st = sb_prepare(sb->db,
	    "SELECT reference, issued, state, polls, req0, signer FROM tx WHERE tid=?", "t",
	    h->tid);
	bool found = false;

	memset(tx, 0, sizeof *tx);
	tx->sb = sb;
	tx->area = "cmp";
	tx->body = sb_cmp_body_name(h->body);
	tx->now = r->body;
	tx->now_len = r->length;
	snprintf(tx->tid, sizeof tx->tid, "%s", h->tid);
	snprintf(tx->reference, sizeof tx->reference, "%s", h->reference);
	snprintf(tx->signer, sizeof tx->signer, "%s", h->signer);
	if (st != NULL && sqlite3_step(st) == SQLITE_ROW) {
		sb_col_copy(st, 0, tx->reference, sizeof tx->reference);
		sb_col_copy(st, 1, tx->issued, sizeof tx->issued);
		sb_col_copy(st, 2, tx->state, sizeof tx->state);
		tx->polls = sqlite3_column_int64(st, 3);
		tx->req0_len = (size_t)sqlite3_column_bytes(st, 4);
		tx->req0 = malloc(tx->req0_len + 1);
		if (tx->req0 != NULL && tx->req0_len > 0)
			memcpy(tx->req0, sqlite3_column_blob(st, 4), tx->req0_len);
		sb_col_copy(st, 5, tx->signer, sizeof tx->signer);
		found = tx->req0 != NULL;
	}
	sqlite3_finalize(st);
	return found;
}

int
sb_tx_put(struct sb_tx *tx)
{
	const unsigned char *req0 = tx->req0 != NULL ? tx->req0 : tx->now;
	size_t n = tx->req0 != NULL ? tx->req0_len : tx->now_len;

	return sb_exec(tx->sb->db,
	    "INSERT INTO tx(tid, reference, req0, issued, state, polls, made, signer) "
	    "VALUES(?1,?2,?3,?4,?5,?6,?7,?8)"
	    " ON CONFLICT(tid) DO UPDATE SET issued=?4, state=?5, polls=?6",
	    "ttbttiit", tx->tid, tx->reference, req0, n, tx->issued, tx->state, tx->polls,
	    sb_now(tx->sb), tx->signer);
}

/* ---- what libcrypto asks of us ---- */

static OSSL_CMP_PKISI *
rejection(int bit, const char *text)
{
	ck_log(CK_LOG_INFO, "cmp refuses: %s", text);
	return OSSL_CMP_STATUSINFO_new(OSSL_CMP_PKISTATUS_rejection, 1 << bit, text);
}

/* OpenSSL 3.0 does not give out a template's public key: encode it, find its [6], decode that */
static EVP_PKEY *
template_key(const OSSL_CRMF_MSG *msg)
{
	OSSL_CRMF_CERTTEMPLATE *t = OSSL_CRMF_MSG_get0_tmpl(msg);
	unsigned char *der = NULL, *at = NULL;
	const unsigned char *p = NULL;
	int n = i2d_OSSL_CRMF_CERTTEMPLATE(t, &der), tag = 0, cls = 0;
	EVP_PKEY *key = NULL;
	long len = 0;

	p = der;
	if (n <= 0 || (ASN1_get_object(&p, &len, &tag, &cls, n) & 0x80) != 0)
		goto out;
	while (p < der + n && key == NULL) {
		at = der + (p - der);
		if ((ASN1_get_object(&p, &len, &tag, &cls, der + n - p) & 0x80) != 0)
			break;
		p += len;
		if (cls != V_ASN1_CONTEXT_SPECIFIC || tag != 6)
			continue;
		*at = V_ASN1_SEQUENCE |
		      V_ASN1_CONSTRUCTED; /* it is IMPLICIT: give it its own tag back */
		p = at;
		key = d2i_PUBKEY(NULL, &p, der + n - at);
		break;
	}
out:
	OPENSSL_free(der);
	return key;
}

const char *
sb_tx_knob(const struct sb_tx *tx, const char *fault, char name[SB_ID_MAX])
{
	snprintf(name, SB_ID_MAX, "%s.%s", tx->area, fault);
	return name;
}

bool
sb_tx_waits(struct sb_tx *tx)
{
	char name[SB_ID_MAX];

	if (tx->state[0] == '\0') {
		tx->polls = sb_knob_number(tx->sb, sb_tx_knob(tx, "waiting", name), NULL, 0);
		if (tx->polls <= 0)
			return false;
		snprintf(tx->state, sizeof tx->state, "waiting");
		sb_tx_put(tx);
	}
	return strcmp(tx->state, "waiting") == 0 && tx->polls > 0;
}

static OSSL_CMP_PKISI *
give(
    struct sb_tx *tx, EVP_PKEY *key, const X509_NAME *subject, X509 **cert, STACK_OF(X509) * *chain)
{
	const char *why = NULL;

	*cert = sb_issue(tx, key, subject, &why);
	if (*cert == NULL)
		return why != NULL ? rejection(OSSL_CMP_PKIFAILUREINFO_notAuthorized, why) : NULL;
	*chain = sk_X509_new_null();
	X509_add_cert(*chain, tx->sb->pki.cert[SB_NEW], X509_ADD_FLAG_UP_REF);
	return OSSL_CMP_STATUSINFO_new(OSSL_CMP_PKISTATUS_accepted, 0, NULL);
}

/*
 * Who may update this certificate: its holder, while it is good (RFC 4210 section 5.3.5). libcrypto
 * has verified the signature with the signer's certificate as the books have it, and nothing else.
 */
static const char *
signer_refusal(const struct sb_tx *tx, const OSSL_CRMF_MSG *crm)
{
	OSSL_CRMF_CERTID *old = crm != NULL ? OSSL_CRMF_MSG_get0_regCtrl_oldCertID(crm) : NULL;
	X509 *x = sb_stored(tx->sb->db, tx->signer);
	const char *why = NULL;
	char status[16] = "";

	sb_text(tx->sb->db, status, sizeof status, "SELECT status FROM cert WHERE sha=?", "t",
	    tx->signer);
	if (strcmp(tx->body, sb_cmp_body_name(SB_KUR)) != 0)
		why = "password-based protection only";
	else if (x == NULL)
		why = "证书不是本机构签发的";
	else if (old == NULL ||
		 X509_NAME_cmp(OSSL_CRMF_CERTID_get0_issuer(old), X509_get_issuer_name(x)) != 0 ||
		 ASN1_INTEGER_cmp(
		     OSSL_CRMF_CERTID_get0_serialNumber(old), X509_get0_serialNumber(x)) != 0)
		why = "签名证书不是要更新的证书";
	else if (strcmp(status, "good") != 0)
		why = "证书已撤销或冻结";
	else if (sb_time_of(X509_get0_notAfter(x)) < sb_now(tx->sb))
		why = "证书已过期";
	X509_free(x);
	return why;
}

static OSSL_CMP_PKISI *
on_request(OSSL_CMP_SRV_CTX *srv, const OSSL_CMP_MSG *req, int id, const OSSL_CRMF_MSG *crm,
    const X509_REQ *p10, X509 **cert, STACK_OF(X509) * *chain, STACK_OF(X509) * *pubs)
{
	struct sb_tx *tx = OSSL_CMP_SRV_CTX_get0_custom_ctx(srv);
	const X509_NAME *subject = NULL;
	OSSL_CMP_PKISI *status = NULL;
	const char *why = NULL;
	char text[SB_KNOB_MAX];
	EVP_PKEY *key = NULL;

	(void)req, (void)id, (void)pubs;
	if (tx->in_use)
		return rejection(
		    OSSL_CMP_PKIFAILUREINFO_transactionIdInUse, "transactionID in use");
	if (tx->reference[0] == '\0' && tx->state[0] == '\0' &&
	    (why = signer_refusal(tx, crm)) != NULL)
		return rejection(OSSL_CMP_PKIFAILUREINFO_notAuthorized, why);
	if (tx->state[0] == '\0' && sb_knob_text(tx->sb, "cmp.refuse", NULL, text, sizeof text))
		return rejection(OSSL_CMP_PKIFAILUREINFO_badRequest, text);
	if (sb_tx_waits(tx))
		return OSSL_CMP_STATUSINFO_new(OSSL_CMP_PKISTATUS_waiting, 0, "审核中");
	if (p10 != NULL) {
		key = X509_REQ_get_pubkey((X509_REQ *)(uintptr_t)p10);
		subject = X509_REQ_get_subject_name(p10);
	} else {
		key = template_key(crm);
		subject = OSSL_CRMF_CERTTEMPLATE_get0_subject(OSSL_CRMF_MSG_get0_tmpl(crm));
	}
	if (key == NULL || subject == NULL)
		status =
		    rejection(OSSL_CMP_PKIFAILUREINFO_badCertTemplate, "no public key or subject");
	else
		status = give(tx, key, subject, cert, chain);
	EVP_PKEY_free(key);
	return status;
}

static int
on_conf(OSSL_CMP_SRV_CTX *srv, const OSSL_CMP_MSG *req, int id, const ASN1_OCTET_STRING *hash,
    const OSSL_CMP_PKISI *status)
{
	struct sb_tx *tx = OSSL_CMP_SRV_CTX_get0_custom_ctx(srv);
	char text[OSSL_CMP_PKISI_BUFLEN] = "";
	ASN1_OCTET_STRING *want = NULL;
	const unsigned char *p = NULL;
	size_t n = 0;
	unsigned char *der =
	    sb_blob(tx->sb->db, &n, "SELECT der FROM cert WHERE sha=?", "t", tx->issued);
	X509 *cert = NULL;
	bool same = false;

	(void)req, (void)id;
	p = der;
	cert = der != NULL ? d2i_X509(NULL, &p, (long)n) : NULL;
	want = cert != NULL ? X509_digest_sig(cert, NULL, NULL) : NULL;
	same = want != NULL && ASN1_OCTET_STRING_cmp(hash, want) == 0;
	ASN1_OCTET_STRING_free(want);
	X509_free(cert);
	free(der);
	if (!same) {
		ERR_raise(ERR_LIB_CMP, CMP_R_CERTHASH_UNMATCHED);
		return 0;
	}
	tx->conf_seen = true;
	if (status != NULL)
		OSSL_CMP_snprint_PKIStatusInfo(status, text, sizeof text);
	/* the only public way to a PKIStatus in 3.0 is its text */
	if (strncmp(text, "PKIStatus: rejection", 20) == 0)
		return sb_issue_withdraw(tx) == 0;
	snprintf(tx->state, sizeof tx->state, "confirmed");
	if (sb_exec(tx->sb->db, "UPDATE cert SET certconf='accepted' WHERE sha=?", "t",
		tx->issued) != 0)
		return 0;
	return sb_tx_put(tx) == 0;
}

static OSSL_CMP_MSG *
message(const unsigned char *der, size_t n)
{
	BIO *b = BIO_new_mem_buf(der, (int)n);
	OSSL_CMP_MSG *m = b != NULL ? d2i_OSSL_CMP_MSG_bio(b, NULL) : NULL;

	BIO_free(b);
	return m;
}

static int
on_poll(OSSL_CMP_SRV_CTX *srv, const OSSL_CMP_MSG *msg, int id, OSSL_CMP_MSG **req, int64_t *after)
{
	struct sb_tx *tx = OSSL_CMP_SRV_CTX_get0_custom_ctx(srv);

	(void)msg, (void)id;
	*req = NULL;
	*after = sb_knob_number(tx->sb, "cmp.check-after", NULL, CHECK_AFTER_S);
	/* "issued": we died between the certificate and the answer to this very poll */
	if (strcmp(tx->state, "waiting") != 0 && strcmp(tx->state, "issued") != 0) {
		ERR_raise(ERR_LIB_CMP, CMP_R_UNEXPECTED_PKIBODY);
		return 0;
	}
	if (tx->polls > 0)
		tx->polls--;
	if (sb_knob_number(tx->sb, "cmp.approved", NULL, 0) > 0)
		tx->polls = 0;
	if (tx->polls == 0 && (*req = message(tx->req0, tx->req0_len)) == NULL)
		return 0;
	return sb_tx_put(tx) == 0;
}

static void
on_error(OSSL_CMP_SRV_CTX *srv, const OSSL_CMP_MSG *msg, const OSSL_CMP_PKISI *status,
    const ASN1_INTEGER *code, const OSSL_CMP_PKIFREETEXT *details)
{
	char text[OSSL_CMP_PKISI_BUFLEN];

	(void)srv, (void)msg, (void)code, (void)details;
	if (OSSL_CMP_snprint_PKIStatusInfo(status, text, sizeof text) != NULL)
		ck_log(CK_LOG_INFO, "the client's error: %s", text);
}

static int
on_log(const char *func, const char *file, int line, OSSL_CMP_severity level, const char *text)
{
	(void)func, (void)file, (void)line, (void)level;
	ck_log(CK_LOG_DEBUG, "libcrypto: %s", text);
	return 1;
}

/* ---- one message ---- */

/* the secret of a reference: an envelope's password, or the one-time pair of a lease */
static bool
secret_of(struct sb *sb, const char *reference, char out[SB_PASSWORD_MAX])
{
	return sb_text(sb->db, out, SB_PASSWORD_MAX, "SELECT password FROM envelope WHERE serial=?",
		   "t", reference) ||
	       sb_text(sb->db, out, SB_PASSWORD_MAX, "SELECT secret FROM lease WHERE reference=?",
		   "t", reference);
}

static int
set_secret(struct sb_tx *tx, OSSL_CMP_CTX *x)
{
	char secret[SB_PASSWORD_MAX];
	int rc = 0;

	if (tx->reference[0] == '\0' || !secret_of(tx->sb, tx->reference, secret))
		return 0; /* then libcrypto answers that there is none, signed */
	if (OSSL_CMP_CTX_set1_referenceValue(
		x, (const unsigned char *)tx->reference, (int)strlen(tx->reference)) != 1 ||
	    OSSL_CMP_CTX_set1_secretValue(x, (const unsigned char *)secret, (int)strlen(secret)) !=
		1)
		rc = -1;
	OPENSSL_cleanse(secret, sizeof secret);
	return rc;
}

/* what a signature is verified with: not whatever certificate of ours happens to fit */
static int
set_signer(const struct sb_tx *tx, OSSL_CMP_CTX *x)
{
	X509 *signer = sb_stored(tx->sb->db, tx->signer);
	int good = signer == NULL || OSSL_CMP_CTX_set1_srvCert(x, signer) == 1;

	X509_free(signer);
	return good ? 0 : -1;
}

static OSSL_CMP_SRV_CTX *
server_for(struct sb_tx *tx)
{
	OSSL_CMP_SRV_CTX *srv = OSSL_CMP_SRV_CTX_new(NULL, NULL);
	OSSL_CMP_CTX *x = OSSL_CMP_SRV_CTX_get0_cmp_ctx(srv);
	const struct sb_pki *pki = &tx->sb->pki;
	X509_STORE *trusted = X509_STORE_new();
	STACK_OF(X509) *chain = sk_X509_new_null();
	int good = 0;

	if (trusted != NULL && X509_STORE_add_cert(trusted, pki->cert[SB_ROOT]) == 1 &&
	    chain != NULL && X509_add_cert(chain, pki->cert[SB_NEW], X509_ADD_FLAG_UP_REF) == 1 &&
	    OSSL_CMP_SRV_CTX_init(srv, tx, on_request, NULL, NULL, on_error, on_conf, on_poll) ==
		1 &&
	    OSSL_CMP_CTX_set_log_cb(x, on_log) == 1 && set_secret(tx, x) == 0 &&
	    set_signer(tx, x) == 0 &&
	    OSSL_CMP_CTX_set_option(x, OSSL_CMP_OPT_MAC_ALGNID, NID_hmacWithSHA256) == 1 &&
	    OSSL_CMP_CTX_set1_cert(x, pki->cert[SB_CMP]) == 1 &&
	    OSSL_CMP_CTX_set1_pkey(x, pki->key[SB_CMP]) == 1 &&
	    OSSL_CMP_CTX_set1_untrusted(x, chain) == 1)
		good = OSSL_CMP_CTX_set0_trustedStore(x, trusted);
	sk_X509_pop_free(chain, X509_free);
	if (good)
		return srv;
	X509_STORE_free(trusted);
	OSSL_CMP_SRV_CTX_free(srv);
	return NULL;
}

/* Bring a new server to where this transaction stands: the first request once more (the books say
 * what it got), then the nonce of the last answer, which the next message has to name. */
static int
replay(struct sb_tx *tx, OSSL_CMP_SRV_CTX *srv)
{
	OSSL_CMP_MSG *first = message(tx->req0, tx->req0_len), *answer = NULL;
	ASN1_OCTET_STRING *nonce = ASN1_OCTET_STRING_new();
	struct sb_cmp_head last = { 0 };
	size_t n = 0;
	unsigned char *rep = sb_blob(tx->sb->db, &n,
	    "SELECT rep FROM exchange WHERE tid=? ORDER BY n DESC LIMIT 1", "t", tx->tid);
	int rc = -1;

	if (rep == NULL) { /* died before any answer: the first request comes again by itself */
		rc = 0;
		goto out;
	}
	if (first != NULL && nonce != NULL && sb_cmp_head(rep, n, &last) == 0 &&
	    (answer = OSSL_CMP_SRV_process_request(srv, first)) != NULL &&
	    ASN1_OCTET_STRING_set(nonce, last.nonce, (int)last.nonce_len) == 1 &&
	    OSSL_CMP_CTX_set1_senderNonce(OSSL_CMP_SRV_CTX_get0_cmp_ctx(srv), nonce) == 1)
		rc = 0;
out:
	OSSL_CMP_MSG_free(first);
	OSSL_CMP_MSG_free(answer);
	ASN1_OCTET_STRING_free(nonce);
	free(rep);
	return rc;
}

static void
sha_of(const unsigned char *bytes, size_t n, char hex[SB_HEX_MAX])
{
	unsigned char sha[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	EVP_Digest(bytes, n, sha, &len, EVP_sha256(), NULL);
	ck_hex(sha, len, hex);
}

static void
encode(const OSSL_CMP_MSG *m, struct sb_answer *a)
{
	BIO *b = BIO_new(BIO_s_mem());
	char *p = NULL;
	long n = 0;

	if (b != NULL && i2d_OSSL_CMP_MSG_bio(b, m) == 1 && (n = BIO_get_mem_data(b, &p)) > 0 &&
	    (a->body = malloc((size_t)n)) != NULL) {
		memcpy(a->body, p, (size_t)n);
		a->n = (size_t)n;
		a->status = 200;
	}
	BIO_free(b);
}

/* knob cmp.again, of a CA that does not know its own certificates any more; false: it does */
static bool
forgets(struct sb *sb, const struct sb_cmp_head *h, char how[SB_KNOB_MAX])
{
	return (h->body == SB_P10CR || h->body == SB_KUR) &&
	       sb_knob_text(sb, "cmp.again", NULL, how, SB_KNOB_MAX);
}

static void
came_before(struct sb_tx *tx, const struct sb_cmp_head *h)
{
	char how[SB_KNOB_MAX];

	if (!forgets(tx->sb, h, how))
		return;
	tx->anew = strcmp(how, "anew") == 0;
	tx->in_use = !tx->anew;
}

static void
process(
    struct sb_tx *tx, const struct sb_cmp_head *h, const struct sb_request *r, struct sb_answer *a)
{
	OSSL_CMP_SRV_CTX *srv = server_for(tx);
	OSSL_CMP_MSG *msg = message(r->body, r->length), *reply = NULL;
	bool again = tx->req0 != NULL;

	/* libcrypto puts the oldest error of this thread into its answers */
	ERR_clear_error();
	if (srv == NULL || msg == NULL || (again && replay(tx, srv) != 0))
		goto out;
	tx->fresh_issue = false;
	if (again)
		came_before(tx, h);
	ERR_clear_error();
	reply = OSSL_CMP_SRV_process_request(srv, msg);
	if (reply == NULL)
		goto out;
	/* an empty certConf turns everything down and is not told to on_conf (RFC 4210 5.3.18) */
	if (h->body == SB_CERTCONF && !tx->conf_seen &&
	    OSSL_CMP_MSG_get_bodytype(reply) == SB_PKICONF)
		sb_issue_withdraw(tx);
	encode(reply, a);
out:
	OSSL_CMP_MSG_free(msg);
	OSSL_CMP_MSG_free(reply);
	OSSL_CMP_SRV_CTX_free(srv);
}

/* The same bytes again: the same answer, byte for byte, also of a closed transaction. */
static bool
repeat(struct sb *sb, const struct sb_cmp_head *h, const char *sha, struct sb_answer *a)
{
	char how[SB_KNOB_MAX];

	if (forgets(sb, h, how))
		return false;
	a->body = sb_blob(
	    sb->db, &a->n, "SELECT rep FROM exchange WHERE tid=? AND req=?", "tt", h->tid, sha);
	if (a->body == NULL)
		return false;
	a->status = 200;
	ck_log(CK_LOG_INFO, "cmp: a repeated message of %.8s", h->tid);
	return true;
}

void
sb_cmp(struct sb *sb, const struct sb_request *r, struct sb_answer *a)
{
	struct sb_cmp_head h = { 0 };
	struct sb_tx tx = { 0 };
	char sha[SB_HEX_MAX];

	a->type = "application/pkixcmp";
	a->status = 400;
	if (strcmp(r->method, "POST") != 0 || sb_cmp_head(r->body, r->length, &h) != 0)
		return;
	sha_of(r->body, r->length, sha);
	pthread_mutex_lock(&sb->act);
	if (!repeat(sb, &h, sha, a)) {
		/* a transaction goes on as it began: under its reference, or signed */
		if (!sb_tx_load(sb, &h, r, &tx) ||
		    (tx.reference[0] == '\0') == (h.reference[0] == '\0'))
			process(&tx, &h, r, a);
		if (a->status == 200 && tx.state[0] != '\0')
			sb_exec(sb->db,
			    "INSERT INTO exchange SELECT ?1, count(*), ?2, ?3 FROM exchange WHERE "
			    "tid=?1",
			    "ttb", tx.tid, sha, a->body, a->n);
		ck_log(CK_LOG_INFO, "cmp %s of %.8s under %s%.8s: %s", tx.body, tx.tid,
		    tx.reference, tx.signer, tx.state[0] != '\0' ? tx.state : "refused");
		if (a->status == 200 && sb_knob_is(sb, "cmp.crash", tx.body, "before-reply"))
			sb_die("before the reply");
		free(tx.req0);
	}
	pthread_mutex_unlock(&sb->act);
}
