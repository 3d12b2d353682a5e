/* Our CMP client where the old key signs (kur), with `openssl cmp -port` as the CA behind a TLS
 * relay: what needs the keys and what goes on without them. */
#include "t.h"

#include <signal.h>

#include "ca/cmp_msg.h"
#include "ca_lab.h"

#define WAITS 3 /* the waiting reply, and the pollRep of all polls but the last */

static EVP_PKEY *old_key, *new_key;
static unsigned char *old_cert;
static size_t old_n;

/* ---- a customer ---- */

static EVP_PKEY *
key_of(bool rsa)
{
	return rsa ? EVP_RSA_gen(2048) : peer_key();
}

static void
forget(void)
{
	EVP_PKEY_free(old_key);
	EVP_PKEY_free(new_key);
	OPENSSL_free(old_cert);
	OPENSSL_free(cert);
	free(csr);
	old_key = new_key = NULL;
	old_cert = cert = csr = NULL;
}

/* What the CA answers with. openssl cmp 3.0 takes a kur only if oldCertID is that of the
 * certificate it was told to answer with, so it gets the old one's number. */
static X509 *
answer_for(EVP_PKEY *key, const X509 *old, X509 *ca, EVP_PKEY *ca_key)
{
	X509 *x = peer_cert("张三", key, ca, ca_key, PEER_CLIENT, -60, 86400);

	if (X509_set_serialNumber(x, (ASN1_INTEGER *)(uintptr_t)X509_get0_serialNumber(old)) != 1 ||
	    X509_sign(x, ca_key, EVP_sha256()) <= 0)
		abort();
	return x;
}

/* customers.pem, which the CA verifies with; it answers with new.pem, or wrong.pem for another key
 */
static void
customer(bool old_rsa, bool new_rsa)
{
	EVP_PKEY *ca_key = peer_key();
	X509 *ca = peer_cert("Customer CA", ca_key, NULL, NULL, PEER_CA, -60, 86400);
	X509 *x = NULL, *old = NULL;

	forget();
	old_key = key_of(old_rsa);
	new_key = key_of(new_rsa);
	peer_save_cert(peer_file(&site, "customers.pem"), ca);
	old = peer_cert("张三", old_key, ca, ca_key, PEER_CLIENT, -60, 3600);
	old_n = (size_t)i2d_X509(old, &old_cert);
	x = answer_for(ca_key, old, ca, ca_key);
	peer_save_cert(peer_file(&site, "wrong.pem"), x);
	X509_free(x);
	x = answer_for(new_key, old, ca, ca_key);
	cert_n = (size_t)i2d_X509(x, &cert);
	peer_save_cert(peer_file(&site, "new.pem"), x);
	csr = peer_csr(new_key, "张三", &csr_n);
	X509_free(x);
	X509_free(old);
	X509_free(ca);
	EVP_PKEY_free(ca_key);
}

static void
keys(struct lab *l, bool at_hand)
{
	l->enrol.old_key = at_hand ? old_key : NULL;
	l->enrol.new_key = at_hand ? new_key : NULL;
}

static void
begin_kur(struct lab *l)
{
	begin(l);
	l->way = CK_CA_KUR;
	l->enrol.reference = NULL;
	l->enrol.secret = NULL;
	l->enrol.old_cert = old_cert;
	l->enrol.old_len = old_n;
	keys(l, true);
}

/* the CA signs what it says as NAME.pem; more as in mock() */
static void
signing_mock(struct lab *l, const char *rsp, const char *name, const char *const *more)
{
	const char *args[MOCK_ARGS_MAX] = { "-srv_trusted", NULL, "-rsp_cert", NULL, "-srv_cert",
		NULL, "-srv_key", NULL };
	char signer[256], key[256], trusted[256];
	size_t n = 8;

	snprintf(signer, sizeof signer, "%s/%s.pem", site.dir, name);
	snprintf(key, sizeof key, "%s/%s.key", site.dir, name);
	snprintf(trusted, sizeof trusted, "%s/customers.pem", site.dir);
	args[1] = trusted;
	args[3] = peer_file(&site, rsp);
	args[5] = signer;
	args[7] = key;
	for (size_t i = 0; more != NULL && more[i] != NULL; i++)
		args[n++] = more[i];
	peer_mock_start(&l->mock, args);
}

static void
answered_by(struct lab *l, const char *const *more)
{
	begin_kur(l);
	signing_mock(l, "new.pem", "server", more);
	relay(l, NULL, 0);
}

/* ---- the tests ---- */

static void
test_issue(bool old_rsa, bool new_rsa)
{
	struct ck_cmp_msg m;
	struct lab l;

	customer(old_rsa, new_rsa);
	answered_by(&l, NULL);
	T(try_secret(&l) == -1, "no secret to be tried");
	step(&l);
	T(is_issued(&l), "%s to %s: issued (%s)", old_rsa ? "RSA" : "P-256",
	    new_rsa ? "RSA" : "P-256", l.err.detail);
	T(ck_cmp_msg_read(l.mem.bytes[0][0], l.mem.n[0][0], &m) == 0 && m.body == CK_CMP_KUR &&
		m.is_protected && !m.by_mac && ck_cmp_msg_wish(&m).n > 0,
	    "the request is a signed kur");
	T(peer_count(l.relay) == 1 && !on_tape(&l.mem, 1, "req"), "nothing was confirmed yet");
	T(try_secret(&l) == -1 && l.err.code == CK_E_CA_NO_ANSWER,
	    "nothing recorded is under a secret");
	keys(&l, false);
	open_ca(&l);
	step(&l);
	T(is_issued(&l) && peer_count(l.relay) == 1, "issued again, from the tape, without keys");
	confirm(&l, true);
	T(failed(&l, CK_E_KEY_TROUBLE) && peer_count(l.relay) == 1 && !on_tape(&l.mem, 1, "req"),
	    "not confirmed without the old key: code %d", (int)l.err.code);
	l.enrol.old_key = old_key;
	T(confirm(&l, true) == 0 && l.reply.state == CK_CA_CONFIRMED && peer_count(l.relay) == 2,
	    "confirmed with the old key alone (%s)", l.err.detail);
	T(ck_cmp_msg_read(l.mem.bytes[1][0], l.mem.n[1][0], &m) == 0 && m.is_protected &&
		m.body == CK_CMP_CERTCONF,
	    "the confirmation is signed");
	keys(&l, false);
	T(confirm(&l, true) == 0 && peer_count(l.relay) == 2, "confirmed again without keys");
	confirm(&l, false);
	T(failed(&l, CK_E_CA_NOT_CONFIRMED), "what was accepted can't be turned down");
	end(&l);
}

static void
test_without(void)
{
	EVP_PKEY *other = peer_key();
	struct lab l;

	answered_by(&l, NULL);
	keys(&l, false);
	step(&l);
	T(failed(&l, CK_E_INTERNAL), "no request without keys");
	l.enrol.old_key = old_key;
	step(&l);
	T(failed(&l, CK_E_INTERNAL), "nor without the new one");
	l.enrol.new_key = other;
	step(&l);
	T(failed(&l, CK_E_INTERNAL), "nor with another one than is bound");
	l.enrol.new_key = new_key;
	l.enrol.old_key = other;
	step(&l);
	T(failed(&l, CK_E_KEY_TROUBLE), "nor signed by another than the old one: code %d",
	    (int)l.err.code);
	l.enrol.old_key = old_key;
	l.enrol.old_cert = NULL;
	step(&l);
	T(failed(&l, CK_E_INTERNAL), "nor without the old certificate");
	T(peer_count(l.relay) == 0 && !on_tape(&l.mem, 0, "req"), "nothing left for all that");
	EVP_PKEY_free(other);
	end(&l);
}

static void
test_wait(void)
{
	static const char *const more[] = { "-poll_count", "3", "-check_after", "3", NULL };
	struct ck_cmp_msg m;
	struct lab l;

	answered_by(&l, more);
	for (int i = 0; i < WAITS; i++) {
		open_ca(&l);
		T(step(&l) == 0 && l.reply.state == CK_CA_WAIT, "waits (%s)", l.err.detail);
		T(peer_count(l.relay) == i + 1, "one exchange a step");
	}
	T(ck_cmp_msg_read(l.mem.bytes[1][0], l.mem.n[1][0], &m) == 0 && m.is_protected &&
		m.body == CK_CMP_POLLREQ,
	    "a poll is signed");
	keys(&l, false);
	step(&l);
	T(failed(&l, CK_E_KEY_TROUBLE) && peer_count(l.relay) == WAITS,
	    "no poll without the old key, and no garbage either: code %d", (int)l.err.code);
	l.enrol.old_key = old_key;
	step(&l);
	T(is_issued(&l) && peer_count(l.relay) == WAITS + 1, "issued after waiting (%s)",
	    l.err.detail);
	open_ca(&l);
	T(confirm(&l, true) == 0 && peer_count(l.relay) == WAITS + 2,
	    "confirmed after waiting (%s)", l.err.detail);
	end(&l);
}

static void
test_lost(void)
{
	const struct peer_line lines[] = { { .act = PEER_CLOSE }, { .act = PEER_LOSE },
		{ .act = PEER_FORWARD } };
	struct lab l;

	begin_kur(&l);
	signing_mock(&l, "new.pem", "server", NULL);
	relay(&l, lines, 3);
	step(&l);
	T(failed(&l, CK_E_CA_NO_ANSWER) && on_tape(&l.mem, 0, "req"), "request lost");
	keys(&l, false);
	open_ca(&l);
	step(&l);
	T(failed(&l, CK_E_CA_NO_ANSWER) && peer_count(l.relay) == 1,
	    "an open outcome sends nothing");
	l.enrol.resend = true;
	step(&l);
	T(failed(&l, CK_E_CA_NO_ANSWER) && peer_count(l.relay) == 2, "answer lost");
	step(&l);
	T(is_issued(&l) && peer_count(l.relay) == 3, "issued by the resend, without keys (%s)",
	    l.err.detail);
	T(peer_seen(l.relay, 0)->n == peer_seen(l.relay, 2)->n &&
		memcmp(peer_seen(l.relay, 0)->body, peer_seen(l.relay, 2)->body,
		    peer_seen(l.relay, 0)->n) == 0,
	    "the resend is the same bytes");
	end(&l);
}

static void
test_refused(void)
{
	static const char *const rejection[] = { "-pkistatus", "2", "-failure", "22",
		"-statusstring", "证书已撤销\x1b[31m", NULL };
	struct lab l;

	answered_by(&l, rejection);
	step(&l);
	T(failed(&l, CK_E_CA_REFUSED) && strstr(l.err.detail, "证书已撤销") != NULL &&
		strchr(l.err.detail, '\x1b') == NULL,
	    "rejection in the CA's words: %s", l.err.detail);
	keys(&l, false);
	step(&l);
	T(failed(&l, CK_E_CA_REFUSED) && peer_count(l.relay) == 1, "and again, from the tape");
	end(&l);
}

/* who says so must be somebody the site trusts to speak for the CA */
static void
test_wrong_voice(void)
{
	static const char *const bare[] = { "-send_unprotected", NULL };
	struct lab l;

	begin_kur(&l);
	signing_mock(&l, "new.pem", "other", NULL);
	relay(&l, NULL, 0);
	step(&l);
	T(failed(&l, CK_E_CA_GARBAGE), "signed by a stranger: code %d (%s)", (int)l.err.code,
	    l.err.detail);
	end(&l);

	answered_by(&l, bare);
	step(&l);
	T(failed(&l, CK_E_CA_GARBAGE) && !on_tape(&l.mem, 0, "rep"), "not signed at all");
	end(&l);

	answered_by(&l, NULL);
	step(&l);
	T(is_issued(&l), "issued");
	l.mem.bytes[0][1][l.mem.n[0][1] / 2] ^= 0x01;
	step(&l);
	T(l.rc == -1 && peer_count(l.relay) == 1, "a signed reply that was tampered with");
	end(&l);
}

static void
test_wrong_cert(void)
{
	struct lab l;

	begin_kur(&l);
	signing_mock(&l, "wrong.pem", "server", NULL);
	relay(&l, NULL, 0);
	T(step(&l) == 0 && l.reply.state == CK_CA_ISSUED && !is_issued(&l),
	    "a certificate for another key is handed up (%s)", l.err.detail);
	T(confirm(&l, false) == 0 && l.reply.state == CK_CA_CONFIRMED, "turned down (%s)",
	    l.err.detail);
	T(peer_count(l.relay) == 2, "the CA was told");
	keys(&l, false);
	T(confirm(&l, false) == 0 && peer_count(l.relay) == 2, "turned down again without keys");
	end(&l);
}

/* the tape of one renewal is not played for another */
static void
test_other_tape(void)
{
	struct lab l, second;
	unsigned char *first = NULL;
	size_t n = 0;

	answered_by(&l, NULL);
	step(&l);
	T(is_issued(&l), "issued");
	first = old_cert;
	n = old_n;
	old_cert = NULL;
	customer(false, false);
	begin_kur(&second);
	l.enrol = second.enrol;
	step(&l);
	T(failed(&l, CK_E_INTERNAL) && peer_count(l.relay) == 1, "the tape of another request");
	end(&second);
	end(&l);

	answered_by(&l, NULL);
	step(&l);
	T(is_issued(&l), "issued");
	l.enrol.old_cert = first;
	l.enrol.old_len = n;
	step(&l);
	T(failed(&l, CK_E_INTERNAL), "the tape of another certificate's renewal");
	OPENSSL_free(first);
	end(&l);
}

/* ---- what is read of a message: no byte changed or missing may make it read beyond the end ----
 */

static int
survives(const unsigned char *der, size_t n)
{
	struct ck_cmp_msg m;
	unsigned char *copy = NULL;
	int read = 0;

	for (size_t i = 0; i < n; i++)
		for (unsigned bit = 0; bit < 8; bit++) {
			copy = malloc(n); /* of its own size: a sanitizer sees one byte too many */
			memcpy(copy, der, n);
			copy[i] ^= (unsigned char)(1U << bit);
			if (ck_cmp_msg_read(copy, n, &m) == 0)
				read += (int)ck_cmp_msg_waits(&m) + (ck_cmp_msg_wish(&m).n > 0);
			free(copy);
		}
	return read;
}

static void
test_walk(void)
{
	static const char *const more[] = { "-poll_count", "1", NULL };
	struct ck_cmp_msg m;
	struct lab l;

	answered_by(&l, more);
	T(step(&l) == 0 && l.reply.state == CK_CA_WAIT, "waits");
	T(ck_cmp_msg_read(l.mem.bytes[0][1], l.mem.n[0][1], &m) == 0 && ck_cmp_msg_waits(&m),
	    "walk: a kup that asks for patience");
	T(survives(l.mem.bytes[0][0], l.mem.n[0][0]) > 0, "walk: a kur survives flipped bits");
	T(survives(l.mem.bytes[0][1], l.mem.n[0][1]) > 0, "walk: a kup survives flipped bits");
	step(&l);
	T(is_issued(&l), "issued (%s)", l.err.detail);
	T(ck_cmp_msg_read(l.mem.bytes[1][1], l.mem.n[1][1], &m) == 0 && !ck_cmp_msg_waits(&m),
	    "walk: a kup that brings the certificate");
	T(ck_cmp_msg_wish(&m).n == 0, "walk: which asks for nothing");
	end(&l);
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	peer_site_make(&site);
	test_issue(true, true);
	test_issue(true, false);
	test_issue(false, true);
	test_issue(false, false);
	test_without();
	test_wait();
	test_lost();
	test_refused();
	test_wrong_voice();
	test_wrong_cert();
	test_other_tape();
	test_walk();
	forget();
	peer_site_remove(&site);
	return T_END();
}
