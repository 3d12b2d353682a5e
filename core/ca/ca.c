#include "ca.h"

#include <stdlib.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/sha.h>

#include "base/clock.h"

/* how long a CA may make us wait before we ask again; it may say anything */
#define RETRY_MIN 1
#define RETRY_MAX 86400

#define HTTP_BAD_GATEWAY 502
#define HTTP_GATEWAY_TIMEOUT 504

static const struct {
	const struct ck_ca_ops *ops;
	bool signs, hides;
} ways[] = {
	[CK_CA_P10CR] = { &ck_cmp_ops, .hides = true },
	[CK_CA_KUR] = { &ck_cmp_ops, .signs = true },
	[CK_CA_EST] = { &ck_est_ops },
	[CK_CA_EST_RENEW] = { &ck_est_ops, .signs = true },
};

const struct ck_http_names ck_ca_names = {
	.unreachable = CK_E_CA_UNREACHABLE,
	.silent = CK_E_CA_NO_ANSWER,
	.garbage = CK_E_CA_GARBAGE,
};

bool
ck_ca_way_signs(enum ck_ca_way way)
{
	return ways[way].signs;
}

bool
ck_ca_way_confirms(enum ck_ca_way way)
{
	return ways[way].ops->confirm != NULL;
}

bool
ck_ca_way_hides_secret(enum ck_ca_way way)
{
	return ways[way].hides;
}

void
ck_ca_note_fate(
    struct ck_ca *ca, const unsigned char *req, size_t n, bool put, enum ck_http_fate fate)
{
	if (put && fate == CK_HTTP_NOT_SENT) {
		SHA256(req, n, ca->unread);
		ca->has_unread = true;
	} else if (fate != CK_HTTP_NOT_SENT) {
		ca->has_unread = false;
	}
}

bool
ck_ca_is_unread(const struct ck_ca *ca, const unsigned char *req, size_t n)
{
	unsigned char hash[CK_HASH_LEN];

	SHA256(req, n, hash);
	return ca->has_unread && CRYPTO_memcmp(hash, ca->unread, sizeof hash) == 0;
}

void
ck_ca_wait(struct ck_ca_reply *reply, int after)
{
	reply->state = CK_CA_WAIT;
	reply->retry_at = ck_now() + (after < RETRY_MIN	     ? RETRY_MIN
					 : after > RETRY_MAX ? RETRY_MAX
							     : after);
}

int
ck_ca_open(
    const struct ck_ca_conf *conf, struct ck_http *http, struct ck_ca **out, struct ck_err *err)
{
	struct ck_ca *ca = NULL;

	*out = NULL;
	ERR_clear_error();
	if (ck_http_url_check(conf->url, err) != 0)
		return -1;
	ca = calloc(1, sizeof *ca);
	if (ca == NULL || (ca->trust = X509_STORE_new()) == NULL) {
		ck_ca_close(ca);
		return ck_fail(err, CK_E_NO_MEMORY, "no memory for the authority");
	}
	ca->ops = ways[conf->way].ops;
	ca->conf = *conf;
	ca->http = http;
	if (X509_STORE_load_file(ca->trust, conf->trust_file) != 1) {
		ck_fail(err, CK_E_CONFIG, "no certificates in %s", conf->trust_file);
		ERR_clear_error();
		ck_ca_close(ca);
		return -1;
	}
	*out = ca;
	return 0;
}

void
ck_ca_close(struct ck_ca *ca)
{
	if (ca == NULL)
		return;
	X509_STORE_free(ca->trust);
	free(ca);
}

/* By GET, which a server that is to be POSTed to turns down: that it answers at all says that it is
 * there and took our certificate. */
static int
ping(struct ck_ca *ca, struct ck_err *err)
{
	struct ck_http_ask ask = { .url = ca->conf.url, .names = &ck_ca_names };
	struct ck_http_reply rep = { .status = 0 };
	int rc = ck_http_get(ca->http, &ask, &rep, err);

	/* said by what stands before a CA that is not there */
	if (rc == 0 && rep.status >= HTTP_BAD_GATEWAY && rep.status <= HTTP_GATEWAY_TIMEOUT)
		rc = ck_fail(err, CK_E_CA_NO_ANSWER, "HTTP %d from %s", rep.status, ca->conf.url);
	ck_http_reply_free(&rep);
	return rc;
}

int
ck_ca_ping(struct ck_ca *ca, struct ck_err *err)
{
	return ca->ops->ping != NULL ? ca->ops->ping(ca, err) : ping(ca, err);
}

int
ck_ca_step(struct ck_ca *ca, const struct ck_tape *tape, const struct ck_enrol *enrol,
    struct ck_ca_reply *reply, struct ck_err *err)
{
	return ca->ops->step(ca, tape, enrol, reply, err);
}

int
ck_ca_confirm(struct ck_ca *ca, const struct ck_tape *tape, const struct ck_enrol *enrol,
    bool accept, const char *why, struct ck_ca_reply *reply, struct ck_err *err)
{
	if (ca->ops->confirm == NULL)
		return ck_fail(err, CK_E_INTERNAL, "a confirmation where there is none");
	return ca->ops->confirm(ca, tape, enrol, accept, why, reply, err);
}

int
ck_ca_try_secret(
    struct ck_ca *ca, const struct ck_tape *tape, const struct ck_enrol *enrol, struct ck_err *err)
{
	if (ca->ops->try_secret == NULL)
		return ck_fail(err, CK_E_CA_NO_ANSWER, "no secret protects these replies");
	return ca->ops->try_secret(ca, tape, enrol, err);
}
