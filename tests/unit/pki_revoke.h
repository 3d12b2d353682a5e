/* An issuing CA under its root and a customer of it, who names a responder and a list. */
#ifndef PKI_REVOKE_H
#define PKI_REVOKE_H

#include "pki/revocation.h"
#include "pki_make.h"

#define RESPONDER "http://ocsp.example.cn/g2"
#define POINT "http://crl.example.cn/g2.crl"

static const struct part ca_ext = { .name = "basicConstraints", .value = "critical,CA:TRUE" };

static char dir[256], pool_file[280];
static struct made root, sub, leaf, stranger;
static struct ck_issuers *pool;
static struct ck_path *path; /* of leaf */

static struct made
ca(const char *cn, const struct made *by, EVP_PKEY *key)
{
	struct spec s = {
		.subject = { { .name = "CN", .value = cn } },
		.exts = { ca_ext },
		.by = by,
		.key = key,
	};

	return make_cert(&s);
}

static struct made
user(const char *serial, const struct made *by, struct part one, struct part two)
{
	struct spec s = {
		.subject = { { .name = "CN", .value = "user" } },
		.exts = { one, two },
		.by = by,
		.serial = serial,
	};

	return make_cert(&s);
}

static struct ck_issuers *
issuers(const struct made *const *members)
{
	struct ck_issuers *is = NULL;
	struct ck_err err = { 0 };
	FILE *f = fopen(pool_file, "w");

	for (; *members != NULL; members++)
		PEM_write_X509(f, (*members)->x);
	fclose(f);
	if (ck_issuers_read(pool_file, NULL, &is, &err) != 0)
		made_stop(err.detail);
	return is;
}

static struct ck_path *
path_of(const struct made *m, const struct ck_issuers *is)
{
	const struct ck_issuers *const pools[] = { is };
	struct ck_path *p = NULL;
	struct ck_err err = { 0 };

	if (ck_path_make(pools, 1, m->der, m->n, &p, &err) != 0)
		made_stop(err.detail);
	return p;
}

static void
make_all(void)
{
	const struct made *const members[] = { &sub, &root, NULL };

	scratch_dir(dir, sizeof dir);
	snprintf(pool_file, sizeof pool_file, "%s/issuers.pem", dir);
	root = ca("Root", NULL, NULL);
	sub = ca("Sub", &root, NULL);
	stranger = ca("Sub", NULL, NULL);
	leaf = user("2002", &sub,
	    (struct part){ .name = "authorityInfoAccess", .value = "OCSP;URI:" RESPONDER },
	    (struct part){ .name = "crlDistributionPoints", .value = "URI:" POINT });
	pool = issuers(members);
	path = path_of(&leaf, pool);
}

static void
free_all(void)
{
	ck_path_free(path);
	ck_issuers_free(pool);
	made_free(&root);
	made_free(&sub);
	made_free(&leaf);
	made_free(&stranger);
	unlink(pool_file);
	rmdir(dir);
}

#endif
