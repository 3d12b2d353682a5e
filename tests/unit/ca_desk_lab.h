/* A desk that answers what the test says. */
#ifndef CA_DESK_LAB_H
#define CA_DESK_LAB_H

#include <stdlib.h>
#include <openssl/evp.h>

#include "../fake/peer.h"
#include "ca/http.h"
#include "ca_failed.h"
#include "certkiosk/desk.h"

static struct peer_site site;

struct lab {
	const char *say; /* the answer's body */
	int status;
	EVP_PKEY *key; /* whose proofs are checked; NULL = not looked at */
	const char *password;
	bool proof_good, mac_good;
	struct peer *peer;
	struct ck_http *http;
	struct ck_desk *desk;
	struct ck_err err;
	int rc;
};

static void
lab_answer(void *u, const struct peer_request *q, struct peer_line *out)
{
	const struct lab *l = u;

	(void)q;
	*out = (struct peer_line){ .act = PEER_ANSWER, .status = l->status, .body = l->say };
}

static void
lab_begin(struct lab *l, const char *system, const char *path,
    void (*answer)(void *, const struct peer_request *, struct peer_line *))
{
	struct ck_http_conf hc = { .connect_s = 2, .answer_s = 2 };
	struct ck_desk_conf dc = { .kiosk = "kiosk-1" };

	*l = (struct lab){ .status = 200 };
	l->peer = peer_start(&(struct peer_conf){
	    .cert = peer_file(&site, "server.pem"),
	    .key = peer_file(&site, "server.key"),
	    .client_ca = peer_file(&site, "ca.pem"),
	    .answer = answer,
	    .u = l,
	});
	snprintf(dc.system, sizeof dc.system, "%s", system);
	snprintf(hc.ca_file, sizeof hc.ca_file, "%s", peer_file(&site, "ca.pem"));
	snprintf(hc.cert_file, sizeof hc.cert_file, "%s", peer_file(&site, "kiosk.pem"));
	snprintf(hc.key_file, sizeof hc.key_file, "%s", peer_file(&site, "kiosk.key"));
	peer_url(l->peer, path, dc.url, sizeof dc.url);
	if (ck_http_open(&hc, &l->http, &l->err) != 0 ||
	    ck_desk_open(&dc, l->http, &l->desk, &l->err) != 0)
		abort();
}

static void
end(struct lab *l)
{
	ck_desk_close(l->desk);
	ck_http_close(l->http);
	peer_stop(l->peer);
}

static void
will_say(struct lab *l, int status, const char *body)
{
	l->status = status;
	l->say = body;
	l->err = (struct ck_err){ .code = CK_E_NONE };
}

/* the last request */
static const struct peer_request *
asked(struct lab *l)
{
	return peer_seen(l->peer, peer_count(l->peer) - 1);
}

#endif
