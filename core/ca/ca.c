#include "ca.h"

#include <stdlib.h>
#include <openssl/err.h>

#include "http.h"

static const struct {
	const struct ck_ca_ops *ops;
	bool signs;
} ways[] = {
	[CK_CA_P10CR] = { &ck_cmp_ops, false },
	[CK_CA_KUR] = { &ck_cmp_ops, true },
};

bool
ck_ca_way_signs(enum ck_ca_way way)
{
	return ways[way].signs;
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
	return ca->ops->confirm(ca, tape, enrol, accept, why, reply, err);
}

int
ck_ca_try_secret(
    struct ck_ca *ca, const struct ck_tape *tape, const struct ck_enrol *enrol, struct ck_err *err)
{
	return ca->ops->try_secret(ca, tape, enrol, err);
}
