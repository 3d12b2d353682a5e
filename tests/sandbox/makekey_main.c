/* makekey: a customer's key in a SoftHSM2 directory or in files, its certificate in the sandbox's
 * books. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jansson.h>
#include <openssl/ec.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "sandbox.h"
#include "medium.h"
#include "softkey.h"

#define SUBJECT_MAX 16384 /* a hostile subject written in escapes */
#define MODULE "/usr/lib/softhsm/libsofthsm2.so"

static const char usage[] =
    "usage: makekey --dir DIR [--module FILE] [--label TEXT] [--pin PIN]\n"
    "  [--alg rsa2048|p256|rsa1024|rsa3072] [--digest sha1] [--usage sign|both]\n"
    "  [--subject /C=CN/O=…/CN=…] [--raw-subject-file FILE] [--server]\n"
    "  [--not-before WHEN] [--not-after WHEN]     a date, a time with zone, +Nd, -Nd, +Ns, -Ns\n"
    "  [--issuer old|new|foreign|selfsigned] [--status good|revoked|held|unknown]\n"
    "  [--responder URL] [--list URL]             where it says its status is to be had\n"
    "  [--no-key | --no-cert] [--second --serial SERIAL] [--out FILE]\n"
    "  [--medium PATH --form p12|p12-3des|p12-rc2|folder-pem|folder-der|folder-old|folder-plain]\n";

struct options {
	const char *dir, *module, *label, *pin, *subject, *subject_file, *from, *to, *issuer;
	const char *status, *serial, *out, *alg, *digest, *usage, *medium, *form;
	const char *responder, *list;
	bool server, no_key, no_cert, second;
};

static const struct {
	const char *name;
	enum sk_alg alg;
} algs[] = {
	{ "p256", SK_P256 },
	{ "rsa2048", SK_RSA2048 },
	{ "rsa1024", SK_RSA1024 },
	{ "rsa3072", SK_RSA3072 },
};

enum { O_TEXT = 0x100, O_FLAG = 0x200 };

static int
read_options(int argc, char **argv, struct options *o)
{
	const char **const texts[] = { &o->dir, &o->module, &o->label, &o->pin, &o->subject,
		&o->subject_file, &o->from, &o->to, &o->issuer, &o->status, &o->serial, &o->out,
		&o->alg, &o->digest, &o->usage, &o->medium, &o->form, &o->responder, &o->list };
	bool *const flags[] = { &o->server, &o->no_key, &o->no_cert, &o->second };
	static const char *const text_names[] = { "dir", "module", "label", "pin", "subject",
		"raw-subject-file", "not-before", "not-after", "issuer", "status", "serial", "out",
		"alg", "digest", "usage", "medium", "form", "responder", "list" };
	static const char *const flag_names[] = { "server", "no-key", "no-cert", "second" };
	struct option table[26] = { 0 };
	size_t n = 0;
	int c = 0;

	for (int i = 0; i < 19; i++)
		table[n++] = (struct option){ text_names[i], required_argument, NULL, O_TEXT + i };
	for (int i = 0; i < 4; i++)
		table[n++] = (struct option){ flag_names[i], no_argument, NULL, O_FLAG + i };
	while ((c = getopt_long(argc, argv, "", table, NULL)) != -1) {
		if (c == '?')
			return -1;
		if ((c & O_FLAG) != 0)
			*flags[c & 0xff] = true;
		else
			*texts[c & 0xff] = optarg;
	}
	return optind == argc && o->dir != NULL && o->second == (o->serial != NULL) &&
		       (o->medium != NULL) == (o->form != NULL)
		   ? 0
		   : -1;
}

static X509_NAME *
read_subject(const struct options *o)
{
	char text[SUBJECT_MAX] = "";
	size_t n = 0;
	FILE *f = NULL;

	if (o->subject_file == NULL)
		return sb_name(o->subject);
	f = fopen(o->subject_file, "r");
	if (f != NULL) {
		n = fread(text, 1, sizeof text - 1, f);
		fclose(f);
	}
	while (n > 0 && text[n - 1] == '\n')
		text[--n] = '\0';
	return sb_name(text);
}

/* the pair: on the key, or for --no-key nowhere */
static EVP_PKEY *
make_pair(struct softkey *k, const struct options *o, const unsigned char id[SK_ID_LEN])
{
	for (size_t i = 0; i < sizeof algs / sizeof *algs; i++) {
		if (strcmp(algs[i].name, o->alg) != 0)
			continue;
		if (o->no_key || o->medium != NULL)
			return algs[i].alg == SK_P256 ? EVP_EC_gen("P-256") : EVP_RSA_gen(2048);
		return sk_pair(k, algs[i].alg, id, o->label, strcmp(o->usage, "both") == 0);
	}
	ck_log(CK_LOG_ERROR, "no such --alg: %s", o->alg);
	return NULL;
}

static int
pick_issuer(struct sb *sb, const struct options *o, struct sb_cert_spec *spec)
{
	static const struct {
		const char *name;
		enum sb_who who;
	} issuers[] = { { "old", SB_OLD }, { "new", SB_NEW }, { "foreign", SB_FOREIGN } };

	for (size_t i = 0; i < sizeof issuers / sizeof *issuers; i++) {
		if (strcmp(issuers[i].name, o->issuer) != 0)
			continue;
		spec->issuer = sb->pki.cert[issuers[i].who];
		spec->issuer_key = sb->pki.key[issuers[i].who];
		return 0;
	}
	ck_log(CK_LOG_ERROR, "no such --issuer: %s", o->issuer);
	return -1;
}

/* Self-signed: the signature is by a key of ours, for the private one on the token cannot be had.
 * Nobody who checks it could tell it from a damaged one, and nobody should accept either. */
static int
be_own_issuer(struct sb_cert_spec *spec, X509 **self)
{
	struct sb_cert_spec own = *spec;

	spec->issuer_key = EVP_EC_gen("P-256");
	own.key = spec->issuer_key;
	own.issuer = NULL;
	*self = spec->issuer_key != NULL ? sb_cert_make(&own) : NULL;
	spec->issuer = *self;
	return *self != NULL ? 0 : -1;
}

static X509 *
make_cert(struct sb *sb, const struct options *o, EVP_PKEY *pair)
{
	bool both = strcmp(o->usage, "both") == 0, own = strcmp(o->issuer, "selfsigned") == 0;
	X509_NAME *name = read_subject(o);
	struct sb_cert_spec spec = {
		.subject = name,
		.key = pair,
		.key_usage = both ? "critical,digitalSignature,keyEncipherment"
				  : "critical,digitalSignature",
		.ext_usage = o->server ? "serverAuth" : NULL,
		.alt_names = o->server ? "DNS:www.example.cn" : NULL,
		.md = EVP_get_digestbyname(o->digest),
		.responder = o->responder,
		.list = o->list,
	};
	X509 *x = NULL, *self = NULL;
	int64_t now = ck_now();

	if (!sb_when(o->from, now, &spec.from) || !sb_when(o->to, now, &spec.to))
		ck_log(CK_LOG_ERROR, "--not-before and --not-after: 2026-11-20, +14d, -60s …");
	else if (name != NULL &&
		 (own ? be_own_issuer(&spec, &self) == 0 : pick_issuer(sb, o, &spec) == 0))
		x = sb_cert_make(&spec);
	if (own)
		EVP_PKEY_free(spec.issuer_key);
	X509_free(self);
	X509_NAME_free(name);
	return x;
}

static int
write_down(struct sb *sb, const struct options *o, const X509 *x, const unsigned char *der,
    size_t n, EVP_PKEY *pair, json_t *line)
{
	bool ours = strcmp(o->issuer, "old") == 0 || strcmp(o->issuer, "new") == 0;
	const char *status = o->status != NULL ? o->status : ours ? "good" : "unknown";
	char sha[SB_HEX_MAX], spki[SB_HEX_MAX];
	char *serial = i2s_ASN1_INTEGER(NULL, X509_get0_serialNumber(x));
	int64_t now = ck_now();
	int rc = -1;

	if (serial != NULL && sb_cert_sha(x, sha) == 0 && sb_key_sha(pair, spki) == 0)
		rc = sb_exec(sb->db,
		    "INSERT INTO cert(sha, serial, der, spki, origin, status, revoked_at, made)"
		    " VALUES(?,?,?,?,'customer',?,?,?)",
		    "ttbttii", sha, serial, der, n, spki, status,
		    strcmp(status, "revoked") == 0 ? now : (int64_t)0, now);
	OPENSSL_free(serial);
	json_object_set_new(line, "cert_sha256", json_string(sha));
	json_object_set_new(line, "spki", json_string(spki));
	return rc;
}

static int
write_file(const char *file, const unsigned char *der, size_t n)
{
	FILE *f = file != NULL ? fopen(file, "w") : NULL;
	size_t wrote = 0;

	if (file == NULL)
		return 0;
	if (f != NULL)
		wrote = fwrite(der, 1, n, f);
	return f != NULL && fclose(f) == 0 && wrote == n ? 0 : -1;
}

static int
fill(struct sb *sb, struct softkey *k, const struct options *o, json_t *line)
{
	unsigned char id[SK_ID_LEN], *der = NULL;
	EVP_PKEY *pair = NULL;
	X509 *x = NULL;
	char hex[2 * SK_ID_LEN + 1], serial[17] = "";
	int n = 0, rc = -1;

	if (RAND_bytes(id, sizeof id) != 1 || (pair = make_pair(k, o, id)) == NULL ||
	    (x = make_cert(sb, o, pair)) == NULL || (n = i2d_X509(x, &der)) <= 0)
		goto out;
	if (o->medium != NULL &&
	    (sb_medium_write(o->form, o->medium, o->pin, o->label, pair, x) != 0 ||
		sb_medium_serial(o->form, o->medium, pair, serial) != 0))
		goto out;
	if ((o->no_cert || o->medium != NULL ||
		sk_put_cert(k, id, o->label, der, (size_t)n) == 0) &&
	    write_down(sb, o, x, der, (size_t)n, pair, line) == 0 &&
	    write_file(o->out, der, (size_t)n) == 0)
		rc = 0;
	ck_hex(id, sizeof id, hex);
	json_object_set_new(line, "serial", json_string(o->medium != NULL ? serial : sk_serial(k)));
	json_object_set_new(line, "label", json_string(o->label));
	json_object_set_new(line, "id", json_string(hex));
out:
	OPENSSL_free(der);
	X509_free(x);
	EVP_PKEY_free(pair);
	return rc;
}

int
main(int argc, char **argv)
{
	struct options o = { .module = MODULE,
		.label = "customer",
		.pin = "123456",
		.alg = "p256",
		.issuer = "old",
		.from = "-351d",
		.to = "+14d",
		.digest = "sha256",
		.usage = "sign",
		.subject = "/C=CN/O=上海某某科技有限公司/CN=上海某某科技有限公司" };
	struct softkey *k = NULL;
	json_t *line = json_object();
	struct sb sb;
	int rc = 1;

	if (read_options(argc, argv, &o) != 0) {
		fputs(usage, stderr);
		return 2;
	}
	ck_log_open("makekey", CK_LOG_WARN);
	if (sb_open(&sb, o.dir) == 0 && (o.medium != NULL || sk_open(o.module, &k) == 0) &&
	    (o.medium != NULL ? 0
		: o.second    ? sk_take(k, o.serial, o.pin)
			      : sk_init(k, o.label, o.pin)) == 0 &&
	    fill(&sb, k, &o, line) == 0) {
		json_dumpf(line, stdout, JSON_COMPACT);
		putchar('\n');
		rc = 0;
	}
	json_decref(line);
	sk_close(k);
	sb_close(&sb);
	return rc;
}
