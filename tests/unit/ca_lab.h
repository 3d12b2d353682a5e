/* A kiosk's CMP client, a tape in memory, and `openssl cmp -port` as the CA behind a TLS relay that
 * can lose or replace what it likes. */
#ifndef CA_LAB_H
#define CA_LAB_H

#include <stdlib.h>

#include "../fake/peer.h"
#include "ca/http.h"
#include "ca_failed.h"
#include "t.h"

#define STEPS_MAX 16
#define MOCK_ARGS_MAX 32

static struct peer_site site;
static unsigned char *csr, *cert;
static size_t csr_n, cert_n;

/* ---- a tape in memory ---- */

struct tape {
	unsigned char *bytes[STEPS_MAX][2];
	size_t n[STEPS_MAX][2];
	int fail_put; /* step whose request can't be written, -1 */
};

static int
tape_get(void *u, int step, const char *kind, unsigned char **bytes, size_t *n, struct ck_err *err)
{
	struct tape *t = u;
	int k = strcmp(kind, "rep") == 0;

	(void)err;
	if (step >= STEPS_MAX || t->bytes[step][k] == NULL)
		return 0;
	*n = t->n[step][k];
	*bytes = malloc(*n);
	memcpy(*bytes, t->bytes[step][k], *n);
	return 1;
}

static int
tape_put(
    void *u, int step, const char *kind, const unsigned char *bytes, size_t n, struct ck_err *err)
{
	struct tape *t = u;
	int k = strcmp(kind, "rep") == 0;

	if (step == t->fail_put)
		return ck_fail(err, CK_E_STORE_FULL, "no room");
	if (step >= STEPS_MAX || t->bytes[step][k] != NULL)
		return ck_fail(err, CK_E_INTERNAL, "step %d.%s put twice", step, kind);
	t->bytes[step][k] = malloc(n);
	memcpy(t->bytes[step][k], bytes, n);
	t->n[step][k] = n;
	return 0;
}

__attribute__((unused)) static bool
on_tape(const struct tape *t, int step, const char *kind)
{
	return t->bytes[step][strcmp(kind, "rep") == 0] != NULL;
}

/* ---- one kiosk, one relay, one CA behind it ---- */

struct lab {
	enum ck_ca_way way;
	struct peer_mock mock;
	struct peer *relay;
	struct ck_http *http;
	struct ck_ca *ca;
	struct ck_secret *secret;
	struct tape mem;
	struct ck_tape tape;
	struct ck_enrol enrol;
	struct ck_ca_reply reply;
	struct ck_err err;
	int rc;
};

static void
open_ca(struct lab *l)
{
	struct ck_http_conf hc = { .connect_s = 2, .answer_s = 3 };
	struct ck_ca_conf cc = { .way = l->way };

	ck_ca_close(l->ca);
	ck_http_close(l->http);
	l->ca = NULL;
	l->http = NULL;
	snprintf(hc.ca_file, sizeof hc.ca_file, "%s", peer_file(&site, "ca.pem"));
	snprintf(hc.cert_file, sizeof hc.cert_file, "%s", peer_file(&site, "kiosk.pem"));
	snprintf(hc.key_file, sizeof hc.key_file, "%s", peer_file(&site, "kiosk.key"));
	snprintf(cc.trust_file, sizeof cc.trust_file, "%s", peer_file(&site, "ca.pem"));
	snprintf(cc.accepted_file, sizeof cc.accepted_file, "%s", peer_file(&site, "ca.pem"));
	if (l->relay != NULL)
		peer_url(l->relay, "/cmp", cc.url, sizeof cc.url);
	else
		snprintf(cc.url, sizeof cc.url, "https://localhost:%d/cmp", peer_free_port());
	if (ck_http_open(&hc, &l->http, &l->err) != 0 ||
	    ck_ca_open(&cc, l->http, &l->ca, &l->err) != 0)
		abort();
}

__attribute__((unused)) static void
set_secret(struct lab *l, const char *secret)
{
	ck_secret_set(l->secret, secret, strlen(secret));
}

/* answer, or lines, or else everything is forwarded */
static void
relay_by(struct lab *l, const struct peer_line *lines, size_t n,
    void (*answer)(void *, const struct peer_request *, struct peer_line *), void *u)
{
	static const struct peer_line straight[] = { { .act = PEER_FORWARD } };

	peer_stop(l->relay);
	l->relay = peer_start(&(struct peer_conf){
	    .cert = peer_file(&site, "server.pem"),
	    .key = peer_file(&site, "server.key"),
	    .client_ca = peer_file(&site, "ca.pem"),
	    .lines = n > 0 ? lines : straight,
	    .n_lines = n > 0 ? n : 1,
	    .answer = answer,
	    .u = u,
	    .behind = l->mock.port,
	});
	open_ca(l);
}

__attribute__((unused)) static void
relay(struct lab *l, const struct peer_line *lines, size_t n)
{
	relay_by(l, lines, n, NULL, NULL);
}

/* more: further arguments for openssl cmp, NULL-terminated */
__attribute__((unused)) static void
mock(struct lab *l, const char *rsp, const char *const *more)
{
	const char *args[MOCK_ARGS_MAX] = { "-srv_ref", "ca", "-srv_secret",
		"pass:envelope-password", "-rsp_cert", NULL };
	size_t n = 5;

	args[n++] = peer_file(&site, rsp);
	for (size_t i = 0; more != NULL && more[i] != NULL; i++)
		args[n++] = more[i];
	peer_mock_start(&l->mock, args);
}

static void
begin(struct lab *l)
{
	*l = (struct lab){ .mem.fail_put = -1 };
	l->secret = ck_secret_new();
	set_secret(l, "envelope-password");
	l->tape = (struct ck_tape){ .get = tape_get, .put = tape_put, .u = &l->mem };
	l->enrol = (struct ck_enrol){
		.reference = "MM-0001",
		.secret = l->secret,
		.csr = csr,
		.csr_len = csr_n,
	};
}

static void
clear_tape(struct tape *t)
{
	for (int i = 0; i < STEPS_MAX; i++)
		for (int k = 0; k < 2; k++)
			free(t->bytes[i][k]);
	*t = (struct tape){ .fail_put = -1 };
}

static void
end(struct lab *l)
{
	ck_ca_close(l->ca);
	ck_http_close(l->http);
	peer_stop(l->relay);
	peer_mock_stop(&l->mock);
	ck_secret_free(l->secret);
	clear_tape(&l->mem);
}

static int
step(struct lab *l)
{
	l->err = (struct ck_err){ .code = CK_E_NONE };
	return l->rc = ck_ca_step(l->ca, &l->tape, &l->enrol, &l->reply, &l->err);
}

__attribute__((unused)) static int
confirm(struct lab *l, bool accept)
{
	l->err = (struct ck_err){ .code = CK_E_NONE };
	return l->rc = ck_ca_confirm(l->ca, &l->tape, &l->enrol, accept,
		   accept ? NULL : "another key", &l->reply, &l->err);
}

__attribute__((unused)) static int
try_secret(struct lab *l)
{
	l->err = (struct ck_err){ .code = CK_E_NONE };
	return ck_ca_try_secret(l->ca, &l->tape, &l->enrol, &l->err);
}

__attribute__((unused)) static bool
is_issued(const struct lab *l)
{
	return l->rc == 0 && l->reply.state == CK_CA_ISSUED && l->reply.cert_len == cert_n &&
	       memcmp(l->reply.cert, cert, cert_n) == 0;
}

/* the customer's new key, its request, and the certificate the CA will answer with */
__attribute__((unused)) static void
make_cert(void)
{
	EVP_PKEY *key = peer_key(), *ca_key = peer_key();
	X509 *ca = peer_cert("Customer CA", ca_key, NULL, NULL, PEER_CA, -60, 86400);
	X509 *new = peer_cert("张三", key, ca, ca_key, PEER_CLIENT, -60, 86400);
	int n = i2d_X509(new, &cert);

	cert_n = n > 0 ? (size_t)n : 0;
	csr = peer_csr(key, "张三", &csr_n);
	peer_save_cert(peer_file(&site, "new.pem"), new);
	X509_free(new);
	X509_free(ca);
	EVP_PKEY_free(key);
	EVP_PKEY_free(ca_key);
}

#endif
