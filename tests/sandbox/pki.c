#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "sandbox.h"

#define YEAR ((int64_t)31557600)
#define YEARS_BACK 18 /* keys from 2012 are still renewed somewhere */
#define YEARS_ON 20

static const struct identity {
	const char *file, *subject;
	enum sb_who by;
	bool ca, rsa_too;
	const char *key_usage, *ext_usage, *alt_names;
} identities[SB_WHO_N] = {
	[SB_ROOT] = { "root", "/C=CN/O=Sandbox CA/CN=Sandbox Root CA", SB_ROOT, true, true },
	[SB_OLD] = { "g2", "/C=CN/O=Sandbox CA/CN=Sandbox Issuing CA G2", SB_ROOT, true, true },
	[SB_NEW] = { "g3", "/C=CN/O=Sandbox CA/CN=Sandbox Issuing CA G3", SB_ROOT, true, true },
	[SB_CMP] = { "cmp", "/C=CN/O=Sandbox CA/CN=Sandbox CMP Signer", SB_NEW, false, false,
	    "critical,digitalSignature" },
	[SB_TLS_CA] = { "tlsca", "/CN=Sandbox TLS CA", SB_TLS_CA, true },
	[SB_TLS] = { "tls", "/CN=localhost", SB_TLS_CA, false, false, "critical,digitalSignature",
	    "serverAuth", "DNS:localhost,IP:127.0.0.1" },
	[SB_KIOSK_CA] = { "kioskca", "/CN=Sandbox Kiosk CA", SB_KIOSK_CA, true },
	[SB_KIOSK_1] = { "kiosk-1", "/CN=kiosk-1", SB_KIOSK_CA, false, false,
	    "critical,digitalSignature", "clientAuth" },
	[SB_KIOSK_2] = { "kiosk-2", "/CN=kiosk-2", SB_KIOSK_CA, false, false,
	    "critical,digitalSignature", "clientAuth" },
	[SB_FOREIGN] = { "foreign", "/C=CN/O=Foreign CA/CN=Foreign CA", SB_FOREIGN, true },
	[SB_ROGUE] = { "rogue", "/CN=kiosk-1", SB_FOREIGN, false, false,
	    "critical,digitalSignature", "clientAuth" },
};

/* who stands in which list of trust; SB_WHO_N ends one */
static const struct trust {
	const char *file;
	enum sb_who who[4];
} trusts[] = {
	{ "tls.pem", { SB_TLS_CA, SB_WHO_N } },
	{ "cmp.pem", { SB_ROOT, SB_NEW, SB_WHO_N } },
	/* what was renewed here once is renewed again next year */
	{ "issuers.pem", { SB_OLD, SB_NEW, SB_ROOT, SB_WHO_N } },
	{ "accepted.pem", { SB_NEW, SB_ROOT, SB_WHO_N } },
	{ "foreign.pem", { SB_FOREIGN, SB_WHO_N } },
};

static int
file_in(const char *dir, const char *sub, const char *name, const char *mode, FILE **f)
{
	char path[SB_PATH_MAX];

	snprintf(path, sizeof path, "%s/%s/%s", dir, sub, name);
	*f = fopen(path, mode);
	if (*f == NULL)
		ck_log(CK_LOG_ERROR, "%s cannot be opened", path);
	return *f != NULL ? 0 : -1;
}

static int
make_one(struct sb_pki *pki, enum sb_who who, bool rsa)
{
	const struct identity *id = &identities[who];
	int64_t now = ck_now();
	X509_NAME *name = sb_name(id->subject);
	struct sb_cert_spec spec = {
		.subject = name,
		.issuer = id->by != who ? pki->cert[id->by] : NULL,
		.issuer_key = id->by != who ? pki->key[id->by] : NULL,
		.from = now - YEARS_BACK * YEAR,
		.to = now + YEARS_ON * YEAR,
		.key_usage = id->ca ? "critical,keyCertSign,cRLSign" : id->key_usage,
		.ext_usage = id->ext_usage,
		.alt_names = id->alt_names,
		.ca = id->ca,
	};

	pki->key[who] = rsa && id->rsa_too ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");
	spec.key = pki->key[who];
	if (name != NULL && spec.key != NULL)
		pki->cert[who] = sb_cert_make(&spec);
	X509_NAME_free(name);
	return pki->cert[who] != NULL ? 0 : -1;
}

static int
write_one(const char *dir, const struct sb_pki *pki, enum sb_who who)
{
	char name[64];
	FILE *f = NULL;
	int rc = 0;

	snprintf(name, sizeof name, "%s.pem", identities[who].file);
	if (file_in(dir, "pki", name, "w", &f) != 0)
		return -1;
	rc = PEM_write_X509(f, pki->cert[who]) == 1 ? 0 : -1;
	rc |= fclose(f);
	snprintf(name, sizeof name, "%s.key", identities[who].file);
	if (file_in(dir, "pki", name, "w", &f) != 0)
		return -1;
	if (fchmod(fileno(f), 0600) != 0 ||
	    PEM_write_PrivateKey(f, pki->key[who], NULL, NULL, 0, NULL, NULL) != 1)
		rc = -1;
	return (fclose(f) | rc) != 0 ? -1 : 0;
}

static int
write_trust(const char *dir, const struct sb_pki *pki, const struct trust *t)
{
	FILE *f = NULL;
	int rc = 0;

	if (file_in(dir, "trust", t->file, "w", &f) != 0)
		return -1;
	for (size_t i = 0; t->who[i] != SB_WHO_N; i++)
		if (PEM_write_X509(f, pki->cert[t->who[i]]) != 1)
			rc = -1;
	return (fclose(f) | rc) != 0 ? -1 : 0;
}

/* the server's public key as curl and certkiosk.conf(5) spell a pin */
static int
write_pin(const char *dir, const struct sb_pki *pki)
{
	unsigned char sha[32];
	char hex[65], *text = NULL;
	FILE *f = NULL;

	if (sb_key_sha(pki->key[SB_TLS], hex) != 0 || !ck_unhex(hex, sha, sizeof sha))
		return -1;
	text = ck_base64(sha, sizeof sha);
	if (text == NULL || file_in(dir, "trust", "pin", "w", &f) != 0) {
		free(text);
		return -1;
	}
	fprintf(f, "sha256//%s\n", text);
	free(text);
	return fclose(f) == 0 ? 0 : -1;
}

int
sb_pki_make(const char *dir, bool rsa)
{
	static const char *const folders[] = { "", "/pki", "/trust", "/knobs" };
	struct sb_pki pki = { 0 };
	char path[SB_PATH_MAX];
	int rc = 0;

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		snprintf(path, sizeof path, "%s%s", dir, folders[i]);
		mkdir(path, 0700); /* one that is missing shows when the first file is written */
	}
	for (int who = 0; who < SB_WHO_N && rc == 0; who++)
		if (make_one(&pki, (enum sb_who)who, rsa) != 0 ||
		    write_one(dir, &pki, (enum sb_who)who) != 0)
			rc = -1;
	for (size_t i = 0; i < sizeof trusts / sizeof *trusts && rc == 0; i++)
		rc = write_trust(dir, &pki, &trusts[i]);
	if (rc == 0)
		rc = write_pin(dir, &pki);
	sb_pki_close(&pki);
	return rc;
}

int
sb_pki_open(const char *dir, struct sb_pki *pki)
{
	char name[64];
	FILE *f = NULL;

	for (int who = 0; who < SB_WHO_N; who++) {
		snprintf(name, sizeof name, "%s.pem", identities[who].file);
		if (file_in(dir, "pki", name, "r", &f) != 0)
			return -1;
		pki->cert[who] = PEM_read_X509(f, NULL, NULL, NULL);
		fclose(f);
		snprintf(name, sizeof name, "%s.key", identities[who].file);
		if (file_in(dir, "pki", name, "r", &f) != 0)
			return -1;
		pki->key[who] = PEM_read_PrivateKey(f, NULL, NULL, NULL);
		fclose(f);
		if (pki->cert[who] == NULL || pki->key[who] == NULL) {
			ck_log(CK_LOG_ERROR, "%s/pki/%s is not what was written", dir, name);
			return -1;
		}
	}
	return 0;
}

void
sb_pki_close(struct sb_pki *pki)
{
	for (int who = 0; who < SB_WHO_N; who++) {
		X509_free(pki->cert[who]);
		EVP_PKEY_free(pki->key[who]);
	}
	memset(pki, 0, sizeof *pki);
}
