/* The EST client and its tape, against a server that says what its script says. */
#include "ca_lab.h"

#include <signal.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>

#include "base/buf.h"
#include "base/clock.h"

#define PAIR "R-0001:one-time-secret"

static char *authority, *given; /* base64: cacerts, and the certificate asked for */

static char *
certs_only(X509 *x)
{
	PKCS7 *p7 = PKCS7_new();
	unsigned char *der = NULL;
	char *text = NULL;
	int n = 0;

	PKCS7_set_type(p7, NID_pkcs7_signed);
	PKCS7_content_new(p7, NID_pkcs7_data);
	PKCS7_add_certificate(p7, x);
	n = i2d_PKCS7(p7, &der);
	text = ck_base64(der, (size_t)n);
	OPENSSL_free(der);
	PKCS7_free(p7);
	return text;
}

static void
open_lab(struct lab *l, const struct peer_line *lines, size_t n)
{
	begin(l);
	l->way = CK_CA_EST;
	l->enrol.reference = "R-0001";
	set_secret(l, "one-time-secret");
	relay(l, lines, n);
}

/* closed behind it: the peer serves one connection at a time */
#define CACERTS \
	{ \
		.body = authority, .type = "application/pkcs7-mime", \
		.head = "Connection: close\r\n" \
	}
#define GIVEN \
	{ \
		.body = given, .type = "application/pkcs7-mime; smime-type=certs-only" \
	}

static void
test_plain(void)
{
	const struct peer_line lines[] = { CACERTS, GIVEN };
	const struct peer_request *asked = NULL;
	struct lab l;
	char *pair = NULL;
	size_t n = 0;

	open_lab(&l, lines, 2);
	step(&l);
	T(is_issued(&l), "the certificate");
	T(peer_count(l.relay) == 2, "two exchanges");
	if (peer_count(l.relay) != 2)
		return;
	T_STR(peer_seen(l.relay, 0)->path, "/cmp/cacerts", "who issues, first");
	T_STR(peer_seen(l.relay, 0)->auth, "", "without a secret");
	asked = peer_seen(l.relay, 1);
	T_STR(asked->path, "/cmp/simpleenroll", "then the certificate");
	T_STR(asked->type, "application/pkcs10", "as a request");
	T(asked->connection != peer_seen(l.relay, 0)->connection, "over a line of its own");
	pair = (char *)ck_unbase64(asked->auth + strlen("Basic "), 128, &n);
	T_STR(pair, PAIR, "under the pair");
	T(on_tape(&l.mem, 0, "req") && l.mem.n[0][0] == asked->n &&
		memcmp(l.mem.bytes[0][0], asked->body, asked->n) == 0,
	    "what was sent is on the tape");
	T(memmem(l.mem.bytes[0][1], l.mem.n[0][1], given, strlen(given)) != NULL,
	    "what came is on the tape");
	T(memmem(l.mem.bytes[0][0], l.mem.n[0][0], asked->auth + 6, 8) == NULL,
	    "the secret is not");
	step(&l);
	T(is_issued(&l) && peer_count(l.relay) == 2, "again, from the tape alone");
	T(try_secret(&l) == -1, "nothing to try a secret on");
	T(confirm(&l, true) == -1 && l.err.code == CK_E_INTERNAL, "nothing to confirm");
	free(pair);
	end(&l);
}

static void
test_wait(void)
{
	const struct peer_line lines[] = { CACERTS,
		{ .status = 202,
		    .type = "text/plain",
		    .head = "Retry-After: 31536000\r\n",
		    .body = "in review\033[2J" },
		{ .status = 202, .type = "text/plain", .body = "" }, { .act = PEER_CLOSE }, GIVEN };
	struct lab l;
	int64_t in;

	open_lab(&l, lines, 5);
	step(&l);
	in = l.reply.retry_at - ck_now();
	T(l.rc == 0 && l.reply.state == CK_CA_WAIT && in > 86390 && in <= 86400, "a year is a day");
	T(strncmp(l.reply.text, "in review", 9) == 0 && strchr(l.reply.text, 033) == NULL,
	    "its words, filtered");
	open_ca(&l); /* as an engine does that was killed */
	step(&l);
	T(l.rc == 0 && l.reply.state == CK_CA_WAIT && l.reply.retry_at - ck_now() <= 1,
	    "unsaid is a second");
	T(peer_count(l.relay) == 3, "who issues was not asked again");
	T(peer_seen(l.relay, 1)->n == peer_seen(l.relay, 2)->n &&
		memcmp(peer_seen(l.relay, 1)->body, peer_seen(l.relay, 2)->body,
		    peer_seen(l.relay, 1)->n) == 0,
	    "the poll is the same request");
	step(&l);
	T(failed(&l, CK_E_CA_NO_ANSWER), "the poll's answer is lost");
	step(&l);
	T(failed(&l, CK_E_CA_NO_ANSWER) && peer_count(l.relay) == 4,
	    "it is not sent again unasked");
	l.enrol.resend = true;
	step(&l);
	T(is_issued(&l) && peer_count(l.relay) == 5, "it is by leave");
	end(&l);
}

/* one answer to a request, and what comes of it */
static void
refuse(const struct peer_line *line, enum ck_code code, bool kept, const char *name)
{
	const struct peer_line lines[] = { CACERTS, *line, GIVEN };
	struct lab l;

	open_lab(&l, lines, 3);
	step(&l);
	T(failed(&l, code), "%s", name);
	T(on_tape(&l.mem, 0, "req") && on_tape(&l.mem, 0, "rep") == kept, "%s: %s", name,
	    kept ? "kept" : "not kept");
	step(&l);
	T(failed(&l, kept ? code : CK_E_CA_NO_ANSWER) && peer_count(l.relay) == 2,
	    "%s: the next step sends nothing", name);
	end(&l);
}

static void
test_refusals(void)
{
	static const struct {
		struct peer_line line;
		enum ck_code code;
		bool kept;
		const char *name;
	} all[] = {
		{ { .status = 400, .type = "text/plain", .body = "no" }, CK_E_CA_REFUSED, true,
		    "400" },
		{ { .status = 401, .body = "" }, CK_E_CA_PAIR_REFUSED, true, "401" },
		{ { .status = 403, .type = "text/html", .body = "<html>" }, CK_E_CA_PAIR_REFUSED,
		    true, "403" },
		{ { .status = 404, .body = "" }, CK_E_CA_NO_SERVICE, true, "404" },
		{ { .status = 405, .body = "" }, CK_E_CA_NO_SERVICE, true, "405" },
		{ { .status = 500, .body = "" }, CK_E_CA_GARBAGE, false, "500" },
		{ { .status = 302, .head = "Location: https://localhost/\r\n", .body = "" },
		    CK_E_CA_GARBAGE, false, "302" },
		{ { .type = "application/pkcs7-mime", .body = "" }, CK_E_CA_GARBAGE, false,
		    "an empty 200" },
		{ { .type = "text/html", .body = "<html>" }, CK_E_CA_GARBAGE, false, "a page" },
		{ { .act = PEER_ENDLESS }, CK_E_REPLY_TOO_LONG, false, "no end" },
		{ { .act = PEER_HALF, .body = "TUlJQ" }, CK_E_CA_NO_ANSWER, false, "a half" },
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		refuse(&all[i].line, all[i].code, all[i].kept, all[i].name);
	refuse(&(struct peer_line)CACERTS, CK_E_ISSUED_OTHER_KEY, true, "another's certificate");
}

/* what goes wrong before anything is asked for leaves nothing on the tape */
static void
test_before(void)
{
	const struct peer_line none[] = { { .status = 404, .body = "" }, CACERTS, GIVEN };
	const struct peer_line foreign[] = { GIVEN };
	const struct peer_line silent[] = { { .act = PEER_CLOSE } };
	struct lab l;

	open_lab(&l, none, 3);
	step(&l);
	T(failed(&l, CK_E_CA_NO_SERVICE) && !on_tape(&l.mem, 0, "req"), "no cacerts");
	step(&l);
	T(is_issued(&l), "and then there is");
	end(&l);
	open_lab(&l, foreign, 1);
	step(&l);
	T(failed(&l, CK_E_TLS_UNTRUSTED) && !on_tape(&l.mem, 0, "req"), "cacerts of nobody");
	end(&l);
	open_lab(&l, silent, 1);
	step(&l);
	T(failed(&l, CK_E_CA_UNREACHABLE) && !on_tape(&l.mem, 0, "req"), "no answer to cacerts");
	end(&l);
}

static void
test_tape(void)
{
	const struct peer_line lines[] = { CACERTS, CACERTS, GIVEN };
	struct lab l;

	open_lab(&l, lines, 3);
	l.mem.fail_put = 0;
	step(&l);
	T(failed(&l, CK_E_STORE_FULL) && peer_count(l.relay) == 1,
	    "what can't be written down is not sent");
	l.mem.fail_put = -1;
	tape_put(&l.mem, 0, "req", (const unsigned char *)"other", 5, &l.err);
	step(&l);
	T(failed(&l, CK_E_INTERNAL), "a tape of another request");
	clear_tape(&l.mem);
	step(&l);
	T(is_issued(&l), "an empty one");
	l.mem.n[0][1] = 5;
	step(&l);
	T(failed(&l, CK_E_STORE_DAMAGED), "an answer that was cut off");
	l.enrol.reference = "R:0001";
	step(&l);
	T(failed(&l, CK_E_DESK_GARBAGE), "a reference with a colon");
	l.enrol.reference = NULL;
	step(&l);
	T(failed(&l, CK_E_INTERNAL), "no reference");
	end(&l);
}

int
main(void)
{
	const unsigned char *p = NULL;
	X509 *x = NULL;
	FILE *f = NULL;

	signal(SIGPIPE, SIG_IGN);
	peer_site_make(&site);
	make_cert();
	f = fopen(peer_file(&site, "ca.pem"), "r");
	x = PEM_read_X509(f, NULL, NULL, NULL);
	fclose(f);
	authority = certs_only(x);
	X509_free(x);
	p = cert;
	x = d2i_X509(NULL, &p, (long)cert_n);
	given = certs_only(x);
	X509_free(x);
	test_plain();
	test_wait();
	test_refusals();
	test_before();
	test_tape();
	free(authority);
	free(given);
	free(csr);
	OPENSSL_free(cert);
	peer_site_remove(&site);
	return T_END();
}
