/* Our CMP client with `openssl cmp -port` as the CA, behind a TLS relay that can lose what it
 * likes. */
#include "t.h"

#include <signal.h>

#include "base/clock.h"
#include "ca_lab.h"

#define WAITS 3 /* the waiting reply, and the pollRep of all polls but the last */

/* ---- the tests ---- */

static void
test_issue(void)
{
	struct lab l;

	begin(&l);
	mock(&l, "new.pem", NULL);
	relay(&l, NULL, 0);
	T(try_secret(&l) == -1, "try_secret on an empty tape");
	step(&l);
	T(is_issued(&l), "issued (%s)", l.err.detail);
	T(on_tape(&l.mem, 0, "req") && on_tape(&l.mem, 0, "rep"), "both halves are on the tape");
	T(peer_count(l.relay) == 1 && !on_tape(&l.mem, 1, "req"), "nothing was confirmed yet");
	T(l.mem.n[0][0] == peer_seen(l.relay, 0)->n &&
		memcmp(l.mem.bytes[0][0], peer_seen(l.relay, 0)->body, l.mem.n[0][0]) == 0,
	    "the tape holds what was sent");
	T_STR(peer_seen(l.relay, 0)->type, "application/pkixcmp", "media type of a request");
	step(&l);
	T(is_issued(&l) && peer_count(l.relay) == 1, "issued again, from the tape");
	open_ca(&l);
	T(confirm(&l, true) == 0 && l.reply.state == CK_CA_CONFIRMED, "confirmed (%s)",
	    l.err.detail);
	T(peer_count(l.relay) == 2 && on_tape(&l.mem, 1, "rep"), "confirmed by one exchange");
	T(confirm(&l, true) == 0 && peer_count(l.relay) == 2, "confirmed again, from the tape");
	confirm(&l, false);
	T(failed(&l, CK_E_CA_NOT_CONFIRMED) && peer_count(l.relay) == 2,
	    "what was accepted can't be turned down");
	step(&l);
	T(is_issued(&l), "still issued after the confirmation");
	end(&l);
}

static void
test_secret(void)
{
	struct lab l;

	begin(&l);
	mock(&l, "new.pem", NULL);
	relay(&l, NULL, 0);
	step(&l);
	T(is_issued(&l), "issued");
	peer_mock_stop(&l.mock);
	peer_stop(l.relay);
	l.relay = NULL;
	open_ca(&l);
	T(try_secret(&l) == 1 && l.err.code == CK_E_NONE, "right secret, nobody asked");
	set_secret(&l, "another-password");
	T(try_secret(&l) == 0 && l.err.code == CK_E_NONE, "wrong secret, nobody asked");
	step(&l);
	T(failed(&l, CK_E_CA_BAD_SECRET), "a step with the wrong secret");
	set_secret(&l, "envelope-password");
	step(&l);
	T(is_issued(&l), "a step with the right one");
	l.enrol.csr_len--;
	step(&l);
	T(failed(&l, CK_E_INTERNAL), "half a request");
	end(&l);

	begin(&l);
	mock(&l, "new.pem", NULL);
	relay(&l, NULL, 0);
	set_secret(&l, "another-password");
	step(&l);
	T(failed(&l, CK_E_CA_BAD_SECRET), "the CA protects with another secret");
	end(&l);
}

static void
test_wait(void)
{
	static const char *const more[] = { "-poll_count", "3", "-check_after", "3", NULL };
	struct lab l;
	int64_t now = 0;

	begin(&l);
	mock(&l, "new.pem", more);
	relay(&l, NULL, 0);
	for (int i = 0; i < WAITS; i++) {
		open_ca(&l);
		now = ck_now();
		T(step(&l) == 0 && l.reply.state == CK_CA_WAIT, "waits (%s)", l.err.detail);
		T(l.reply.retry_at >= now + (i == 0 ? 1 : 3) && l.reply.retry_at <= ck_now() + 3,
		    "waits as long as the CA says");
		T(peer_count(l.relay) == i + 1, "one exchange a step");
		T(try_secret(&l) == 1, "the secret can be tried while waiting");
	}
	T(confirm(&l, true) == -1 && peer_count(l.relay) == WAITS, "nothing to confirm yet");
	open_ca(&l);
	step(&l);
	T(is_issued(&l) && peer_count(l.relay) == WAITS + 1, "issued after waiting (%s)",
	    l.err.detail);
	open_ca(&l);
	T(confirm(&l, true) == 0 && peer_count(l.relay) == WAITS + 2,
	    "confirmed after waiting (%s)", l.err.detail);
	end(&l);
}

static void
test_refused(void)
{
	static const char *const rejection[] = { "-pkistatus", "2", "-failure", "22",
		"-statusstring", "密码信封已使用\x1b[31m", NULL };
	static const char *const error[] = { "-send_error", NULL };
	struct lab l;

	begin(&l);
	mock(&l, "new.pem", rejection);
	relay(&l, NULL, 0);
	step(&l);
	T(failed(&l, CK_E_CA_REFUSED), "rejection");
	T(strstr(l.err.detail, "密码信封已使用") != NULL, "rejection in the CA's words: %s",
	    l.err.detail);
	T(strchr(l.err.detail, '\x1b') == NULL, "rejection without control characters");
	T(try_secret(&l) == 1, "a rejection proves the secret");
	step(&l);
	T(failed(&l, CK_E_CA_REFUSED) && peer_count(l.relay) == 1,
	    "rejection again, from the tape");
	end(&l);

	begin(&l);
	mock(&l, "new.pem", error);
	relay(&l, NULL, 0);
	step(&l);
	T(failed(&l, CK_E_CA_REFUSED) && l.err.detail[0] != '\0', "error message: %s",
	    l.err.detail);
	end(&l);
}

static void
test_lost(void)
{
	const struct peer_line lines[] = { { .act = PEER_CLOSE }, { .act = PEER_LOSE },
		{ .act = PEER_FORWARD }, { .act = PEER_CLOSE }, { .act = PEER_FORWARD } };
	struct lab l;

	begin(&l);
	mock(&l, "new.pem", NULL);
	relay(&l, lines, 5);
	step(&l);
	T(failed(&l, CK_E_CA_NO_ANSWER), "request lost");
	T(on_tape(&l.mem, 0, "req") && !on_tape(&l.mem, 0, "rep"), "an open outcome");
	T(try_secret(&l) == -1, "no reply to try a secret on");
	step(&l);
	T(failed(&l, CK_E_CA_NO_ANSWER) && peer_count(l.relay) == 1,
	    "an open outcome sends nothing");
	open_ca(&l);
	step(&l);
	T(failed(&l, CK_E_CA_NO_ANSWER) && peer_count(l.relay) == 1, "nor does a new engine");
	l.enrol.resend = true;
	step(&l);
	T(failed(&l, CK_E_CA_NO_ANSWER) && peer_count(l.relay) == 2, "answer lost");
	open_ca(&l);
	step(&l);
	T(is_issued(&l) && peer_count(l.relay) == 3, "issued by the resend (%s)", l.err.detail);
	T(peer_seen(l.relay, 0)->n == peer_seen(l.relay, 2)->n &&
		memcmp(peer_seen(l.relay, 0)->body, peer_seen(l.relay, 2)->body,
		    peer_seen(l.relay, 0)->n) == 0,
	    "the resend is the same bytes");
	l.enrol.resend = false;
	confirm(&l, true);
	T(failed(&l, CK_E_CA_NO_ANSWER) && on_tape(&l.mem, 1, "req"), "confirmation lost");
	confirm(&l, true);
	T(failed(&l, CK_E_CA_NO_ANSWER) && peer_count(l.relay) == 4, "not said again on our own");
	step(&l);
	T(is_issued(&l), "issued all the same");
	l.enrol.resend = true;
	T(confirm(&l, true) == 0 && l.reply.state == CK_CA_CONFIRMED,
	    "confirmed by the resend (%s)", l.err.detail);
	end(&l);
}

static void
test_not_sent(void)
{
	struct lab l;

	begin(&l);
	open_ca(&l);
	step(&l);
	T(failed(&l, CK_E_CA_UNREACHABLE) && !on_tape(&l.mem, 0, "req"), "nobody there, no trace");
	mock(&l, "new.pem", NULL);
	relay(&l, NULL, 0);
	l.mem.fail_put = 0;
	step(&l);
	T(failed(&l, CK_E_STORE_FULL) && peer_count(l.relay) == 0,
	    "what can't be written down is not sent");
	l.mem.fail_put = -1;
	step(&l);
	T(is_issued(&l), "issued when it could be sent (%s)", l.err.detail);
	end(&l);
}

/* The server turns the kiosk down after its side of a TLS 1.3 handshake: nobody read the request.
 */
static void
test_unread(void)
{
	struct lab l;
	struct peer *strict = NULL;

	begin(&l);
	mock(&l, "new.pem", NULL);
	strict = peer_start(&(struct peer_conf){
	    .cert = peer_file(&site, "server.pem"),
	    .key = peer_file(&site, "server.key"),
	    .client_ca = peer_file(&site, "other-ca.pem"),
	});
	l.relay = strict;
	open_ca(&l);
	step(&l);
	T(failed(&l, CK_E_KIOSK_CERT), "kiosk turned down");
	step(&l);
	T(failed(&l, CK_E_KIOSK_CERT), "kiosk turned down again: asking again is right");
	end(&l);
}

static void
garbage(const struct peer_line *line, enum ck_code code, const char *what)
{
	struct lab l;

	begin(&l);
	relay(&l, line, 1);
	step(&l);
	T(failed(&l, code), "%s", what);
	T(on_tape(&l.mem, 0, "req") && !on_tape(&l.mem, 0, "rep"), "%s is not kept as the answer",
	    what);
	end(&l);
}

static void
test_garbage(void)
{
	static const char *const bare[] = { "-send_unprotected", NULL };
	static char big[CK_REPLY_MAX + 2];
	struct lab l, other;
	struct peer_line replay[] = { { .type = "application/pkixcmp" } };

	memset(big, '0', sizeof big - 1);
	garbage(&(struct peer_line){ .body = "<html>", .type = "text/html", .status = 502 },
	    CK_E_CA_GARBAGE, "a proxy's page");
	garbage(&(struct peer_line){ .body = "0\x03zzz", .type = "application/pkixcmp" },
	    CK_E_CA_GARBAGE, "no message");
	garbage(&(struct peer_line){ .body = big, .type = "application/pkixcmp" },
	    CK_E_REPLY_TOO_LONG, "a message too long");
	garbage(&(struct peer_line){ .act = PEER_ENDLESS }, CK_E_REPLY_TOO_LONG,
	    "an answer without end");

	begin(&l);
	mock(&l, "new.pem", bare);
	relay(&l, NULL, 0);
	step(&l);
	T(failed(&l, CK_E_CA_GARBAGE) && !on_tape(&l.mem, 0, "rep"),
	    "a message without protection");
	end(&l);

	/* a good reply of another transaction, with the same secret */
	begin(&l);
	mock(&l, "new.pem", NULL);
	relay(&l, NULL, 0);
	step(&l);
	T(is_issued(&l), "issued");
	begin(&other);
	replay[0].body = (const char *)l.mem.bytes[0][1];
	replay[0].n = l.mem.n[0][1];
	relay(&other, replay, 1);
	step(&other);
	T(failed(&other, CK_E_CA_GARBAGE) && !on_tape(&other.mem, 0, "rep"),
	    "a reply of another transaction");
	end(&other);
	end(&l);
}

static void
test_wrong_cert(void)
{
	struct lab l;

	begin(&l);
	mock(&l, "kiosk.pem", NULL);
	relay(&l, NULL, 0);
	T(step(&l) == 0 && l.reply.state == CK_CA_ISSUED,
	    "a certificate for another key is handed up");
	T(!is_issued(&l), "it is the other one");
	T(confirm(&l, false) == 0 && l.reply.state == CK_CA_CONFIRMED, "turned down (%s)",
	    l.err.detail);
	T(peer_count(l.relay) == 2, "the CA was told");
	T(confirm(&l, false) == 0 && peer_count(l.relay) == 2, "turned down again, from the tape");
	confirm(&l, true);
	T(failed(&l, CK_E_CA_NOT_CONFIRMED), "what was turned down can't be accepted");
	end(&l);
}

static void
test_other_tape(void)
{
	struct lab l;
	EVP_PKEY *key = peer_key();
	unsigned char *other = NULL;

	begin(&l);
	mock(&l, "new.pem", NULL);
	relay(&l, NULL, 0);
	step(&l);
	T(is_issued(&l), "issued");
	l.enrol.csr = other = peer_csr(key, "somebody else", &l.enrol.csr_len);
	step(&l);
	T(failed(&l, CK_E_INTERNAL) && peer_count(l.relay) == 1, "a tape of another request");
	l.enrol.csr = csr;
	l.enrol.csr_len = csr_n;
	l.mem.bytes[0][1][0] ^= 0xff;
	step(&l);
	T(failed(&l, CK_E_STORE_DAMAGED), "a tape that is damaged");
	l.mem.bytes[0][1][0] ^= 0xff;
	l.mem.bytes[0][1][l.mem.n[0][1] - 1] ^= 0xff;
	step(&l);
	T(l.rc == -1, "a reply that was tampered with");
	free(other);
	EVP_PKEY_free(key);
	end(&l);
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	peer_site_make(&site);
	make_cert();
	test_issue();
	test_secret();
	test_wait();
	test_refused();
	test_lost();
	test_not_sent();
	test_unread();
	test_garbage();
	test_wrong_cert();
	test_other_tape();
	free(csr);
	OPENSSL_free(cert);
	peer_site_remove(&site);
	return T_END();
}
