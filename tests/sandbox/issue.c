/* The one place that makes a customer's new certificate, and the deliberately wrong ones. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/ec.h>

#include "base/log.h"
#include "cmp.h"
#include "envelope.h"
#include "knob.h"

#define DAY ((int64_t)86400)
#define BACKDATE_S 60	   /* kiosks' clocks differ a little */
#define OFF_BY (100 * DAY) /* what knob "short" takes off the quoted end, and "long" adds */
#define NOT_YET (2 * DAY)

/* what the books allow a transaction to get */
struct right {
	struct sb_lease lease;
	struct sb_envelope envelope;
	bool by_lease;
	char given[SB_HEX_MAX]; /* the certificate that stands for this right already */
};

X509 *
sb_stored(sqlite3 *db, const char *sha)
{
	size_t n = 0;
	unsigned char *der = sb_blob(db, &n, "SELECT der FROM cert WHERE sha=?", "t", sha);
	const unsigned char *p = der;
	X509 *x = der != NULL ? d2i_X509(NULL, &p, (long)n) : NULL;

	free(der);
	return x;
}

/* a foreign client's envelope: one certificate, unless that was withdrawn */
static const char *
open_right(sqlite3 *db, const char *spki, struct right *r)
{
	char other[SB_HEX_MAX];

	if (!r->envelope.open)
		return "没有办理权，或公钥与绑定的不符";
	if (sb_text(db, r->given, sizeof r->given,
		"SELECT sha FROM cert WHERE envelope=? AND spki=? AND origin='issued'"
		" AND status='good'",
		"tt", r->envelope.serial, spki))
		return NULL;
	if (sb_text(db, other, sizeof other,
		"SELECT sha FROM cert WHERE envelope=? AND origin='issued' AND status='good'", "t",
		r->envelope.serial))
		return "密码信封已使用";
	return NULL;
}

/* The certificate that asks was a foreign client's own under an envelope: it may be renewed. */
static const char *
open_signer(sqlite3 *db, const char *signer, const char *spki, struct right *r)
{
	char serial[SB_ID_MAX];

	sb_text(db, serial, sizeof serial, "SELECT envelope FROM cert WHERE sha=?", "t", signer);
	if (sb_envelope_load(db, serial, &r->envelope) != 1 || !r->envelope.open)
		return "没有办理权，或公钥与绑定的不符";
	OPENSSL_cleanse(r->envelope.password, sizeof r->envelope.password);
	sb_text(db, r->given, sizeof r->given,
	    "SELECT sha FROM cert WHERE envelope=? AND spki=? AND origin='issued'"
	    " AND status='good'",
	    "tt", serial, spki);
	return NULL;
}

/* a signed request: the key is bound to a lease for the certificate that signs */
static int
lease_of_signer(sqlite3 *db, const char *signer, const char *spki, struct right *r)
{
	int lease = sb_lease_find(db, &r->lease, "spki", spki);

	if (lease != 1 || strcmp(r->lease.cert, signer) != 0)
		return 0;
	sb_envelope_load(db, r->lease.envelope, &r->envelope);
	return 1;
}

static const char *
find_right(struct sb_tx *tx, const char *spki, struct right *r)
{
	sqlite3 *db = tx->sb->db;
	int envelope = sb_envelope_load(db, tx->reference, &r->envelope), lease;

	if (tx->signer[0] != '\0')
		lease = lease_of_signer(db, tx->signer, spki, r);
	else
		lease = sb_lease_find(
		    db, &r->lease, envelope == 1 ? "envelope" : "reference", tx->reference);
	OPENSSL_cleanse(r->envelope.password, sizeof r->envelope.password);
	if (lease != 1 && tx->signer[0] != '\0')
		return open_signer(db, tx->signer, spki, r);
	if (lease != 1)
		return open_right(db, spki, r);
	if (strcmp(r->lease.state, "released") == 0)
		return "办理已取消";
	if (strcmp(r->lease.state, "confirmed") == 0)
		return "证书已签发并确认";
	if (strcmp(r->lease.spki, spki) != 0)
		return "没有办理权，或公钥与绑定的不符";
	r->by_lease = true;
	snprintf(r->given, sizeof r->given, "%s", r->lease.issued);
	return NULL;
}

/* knob AREA.wrong: what a CA must never do. The spec's members are borrowed from *key and *name. */
static void
spoil(struct sb_tx *tx, struct sb_cert_spec *spec, EVP_PKEY **key, X509_NAME **name)
{
	static const char elsewhere[] = "/C=CN/O=Somebody Else/CN=Somebody Else";
	const struct sb_pki *pki = &tx->sb->pki;
	char how[SB_KNOB_MAX], name_of[SB_ID_MAX];
	bool order = false;

	if (!sb_knob_text(tx->sb, sb_tx_knob(tx, "wrong", name_of), NULL, how, sizeof how))
		return;
	ck_log(CK_LOG_INFO, "issues deliberately wrong: %s", how);
	order = strcmp(how, "rogue-order") == 0; /* the certificate of another order altogether */
	if (order || strcmp(how, "key") == 0)
		spec->key = *key = EVP_EC_gen("P-256");
	if (order || strcmp(how, "subject") == 0)
		spec->subject = *name = sb_name(elsewhere);
	if (strcmp(how, "class") == 0) {
		spec->as = NULL;
		spec->ext_usage = "serverAuth";
	} else if (strcmp(how, "issuer") == 0) {
		spec->issuer = pki->cert[SB_FOREIGN];
		spec->issuer_key = pki->key[SB_FOREIGN];
	} else if (strcmp(how, "old-issuer") == 0) {
		spec->issuer = pki->cert[SB_OLD];
		spec->issuer_key = pki->key[SB_OLD];
	} else if (strcmp(how, "short") == 0) {
		spec->to -= OFF_BY;
	} else if (strcmp(how, "long") == 0) {
		spec->to += OFF_BY;
	} else if (strcmp(how, "notyet") == 0) {
		spec->from += NOT_YET;
	}
}

static X509 *
make(struct sb_tx *tx, const struct right *r, EVP_PKEY *pub, const X509_NAME *subject)
{
	X509 *old = r->by_lease ? sb_stored(tx->sb->db, r->lease.cert) : NULL, *x = NULL;
	int64_t now = sb_now(tx->sb);
	X509_NAME *name = NULL;
	EVP_PKEY *key = NULL;
	struct sb_cert_spec spec = {
		.subject = subject,
		.key = pub,
		.issuer = tx->sb->pki.cert[SB_NEW],
		.issuer_key = tx->sb->pki.key[SB_NEW],
		.from = now - BACKDATE_S,
		.to = r->by_lease ? r->lease.quoted : sb_years_later(now, 1),
		.key_usage = "critical,digitalSignature",
		.as = old,
	};

	spoil(tx, &spec, &key, &name);
	x = sb_cert_make(&spec);
	EVP_PKEY_free(key);
	X509_NAME_free(name);
	X509_free(old);
	return x;
}

static int
write_down(struct sb_tx *tx, struct right *r, const X509 *x, const char *spki)
{
	const char *origin = "issued";
	unsigned char *der = NULL;
	int n = i2d_X509(x, &der), rc = -1;
	char *serial = i2s_ASN1_INTEGER(NULL, X509_get0_serialNumber(x));

	if (n > 0 && serial != NULL && sb_cert_sha(x, tx->issued) == 0)
		rc = sb_exec(tx->sb->db,
		    "INSERT INTO cert(sha, serial, der, spki, origin, status, envelope, lease, "
		    "made)"
		    " VALUES(?,?,?,?,?,'good',?,?,?)",
		    "ttbtttti", tx->issued, serial, der, (size_t)n, spki, origin,
		    r->envelope.serial[0] != '\0' ? r->envelope.serial : NULL,
		    r->by_lease ? r->lease.id : NULL, sb_now(tx->sb));
	OPENSSL_free(serial);
	OPENSSL_free(der);
	if (rc == 0 && r->by_lease) {
		snprintf(r->lease.state, sizeof r->lease.state, "issued");
		snprintf(r->lease.issued, sizeof r->lease.issued, "%s", tx->issued);
		rc = sb_lease_put(tx->sb->db, &r->lease);
	}
	return rc;
}

/* certificate, lease and transaction change together: after a crash it was issued or it was not */
static X509 *
issue_new(
    struct sb_tx *tx, struct right *r, EVP_PKEY *pub, const X509_NAME *subject, const char *spki)
{
	X509 *x = make(tx, r, pub, subject);
	char name[SB_ID_MAX];

	if (x == NULL || sb_exec(tx->sb->db, "BEGIN IMMEDIATE", NULL) != 0)
		goto fail;
	snprintf(tx->state, sizeof tx->state, "issued");
	if (write_down(tx, r, x, spki) != 0 || sb_tx_put(tx) != 0) {
		sb_exec(tx->sb->db, "ROLLBACK", NULL);
		goto fail;
	}
	sb_exec(tx->sb->db, "COMMIT", NULL);
	tx->fresh_issue = true;
	if (sb_knob_is(tx->sb, sb_tx_knob(tx, "crash", name), tx->body, "after-issue"))
		sb_die("after issuing");
	return x;
fail:
	X509_free(x);
	return NULL;
}

X509 *
sb_issue(struct sb_tx *tx, EVP_PKEY *pub, const X509_NAME *subject, const char **why)
{
	struct right r = { 0 };
	char spki[SB_HEX_MAX];

	*why = NULL;
	if (tx->issued[0] != '\0' &&
	    !tx->anew) /* a message of a transaction that has its certificate */
		return sb_stored(tx->sb->db, tx->issued);
	if (sb_key_sha(pub, spki) != 0 || (*why = find_right(tx, spki, &r)) != NULL)
		return NULL;
	if (r.given[0] == '\0' || tx->anew)
		return issue_new(tx, &r, pub, subject, spki);
	/* a new transaction for what was issued before: the same certificate, never a second one */
	snprintf(tx->issued, sizeof tx->issued, "%s", r.given);
	snprintf(tx->state, sizeof tx->state, "issued");
	return sb_tx_put(tx) == 0 ? sb_stored(tx->sb->db, tx->issued) : NULL;
}

int
sb_issue_withdraw(struct sb_tx *tx)
{
	sqlite3 *db = tx->sb->db;
	char lease[SB_ID_MAX];
	struct sb_lease l = { 0 };

	snprintf(tx->state, sizeof tx->state, "rejected");
	if (sb_exec(db,
		"UPDATE cert SET certconf='rejected', status='revoked', revoked_at=? WHERE sha=?",
		"it", sb_now(tx->sb), tx->issued) != 0)
		return -1;
	if (sb_text(
		db, lease, sizeof lease, "SELECT lease FROM cert WHERE sha=?", "t", tx->issued) &&
	    sb_lease_find(db, &l, "id", lease) == 1 && strcmp(l.issued, tx->issued) == 0) {
		l.issued[0] = '\0';
		l.withdrawn = true;
		snprintf(l.state, sizeof l.state, "key");
		if (sb_lease_put(db, &l) != 0)
			return -1;
	}
	return sb_tx_put(tx);
}
