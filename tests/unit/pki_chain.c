#include "pki/pki.h"

#include "pki_make.h"
#include "t.h"

static const struct part ca_ext = { .name = "basicConstraints", .value = "critical,CA:TRUE" };

static char dir[256], file[280];

/* a PEM file of these certificates, read */
static struct ck_issuers *
issuers(const struct made *const *members)
{
	struct ck_issuers *is = NULL;
	struct ck_err err = { 0 };
	char all[16384] = "some words before\n";

	for (; *members != NULL; members++) {
		char *pem = made_pem(*members);

		strcat(all, pem);
		free(pem);
	}
	write_file(file, all);
	if (ck_issuers_read(file, NULL, &is, &err) != 0)
		printf("# %s\n", err.detail);
	return is;
}

static struct made
ca(const char *cn, const struct made *by)
{
	struct spec s = {
		.subject = { { .name = "CN", .value = cn } }, .exts = { ca_ext }, .by = by
	};

	return make_cert(&s);
}

static struct made
leaf(const char *cn, const struct made *by)
{
	struct spec s = { .subject = { { .name = "CN", .value = cn } }, .by = by };

	return make_cert(&s);
}

static bool
one_of(const struct made *a, const struct made *b, const struct made *m)
{
	const struct made *const list[] = { a, b, NULL };
	struct ck_issuers *is = issuers(list);
	bool good = ck_issuers_signed(is, m->der, m->n);

	ck_issuers_free(is);
	return good;
}

static void
test_signed(void)
{
	struct made root = ca("Root", NULL), sub = ca("Sub", &root), fake = ca("Sub", NULL);
	struct made a = leaf("a", &sub), b = leaf("b", &root), c = leaf("c", &fake);
	struct made self = leaf("self", NULL);
	struct made under_leaf = leaf("d", &b);
	struct spec renamed = {
		.subject = { { .name = "CN", .value = "Sup" } }, .exts = { ca_ext }, .key = sub.key
	};
	struct made sup = make_cert(&renamed);

	T(one_of(&sub, &root, &a), "signed by the sub-CA in the file");
	T(one_of(&sub, NULL, &a), "signed by a sub-CA whose root is not there");
	T(one_of(&sub, &root, &b), "signed by the root");
	T(!one_of(&root, NULL, &a), "the sub-CA is not in the file");
	T(!one_of(&sub, &root, &c), "another CA of the same name");
	T(one_of(&fake, &sub, &a) && one_of(&fake, &sub, &c) && one_of(&sub, &fake, &a) &&
		one_of(&sub, &fake, &c),
	    "one name, two keys: a CA that rolled over");
	T(!one_of(&sup, &root, &a), "the right key under another name");
	T(!one_of(&sub, &root, &self), "self-signed");
	T(!one_of(&root, &root, &root) && !one_of(&sub, &root, &sub),
	    "a member is nobody's customer");
	T(!one_of(&b, &root, &under_leaf), "a member that is no CA issues nothing");
	a.der[a.n - 1] ^= 1;
	T(!one_of(&sub, &root, &a), "a signature that is off by a bit");
	T(!one_of(&sub, &root, &(struct made){ .der = (unsigned char *)"x", .n = 1 }), "rubbish");
	made_free(&root);
	made_free(&sub);
	made_free(&fake);
	made_free(&a);
	made_free(&b);
	made_free(&c);
	made_free(&self);
	made_free(&under_leaf);
	made_free(&sup);
}

static void
test_old(void)
{
	EVP_PKEY *rsa = rsa_key(1024);
	struct spec root = { .subject = { { .name = "CN", .value = "Old" } },
		.exts = { ca_ext },
		.key = rsa,
		.md = EVP_sha1(),
		.from = "990101000000Z",
		.to = "090101000000Z" };
	struct spec v1 = { .subject = { { .name = "CN", .value = "Older" } },
		.key = rsa,
		.v1 = 1,
		.md = EVP_sha1(),
		.from = "990101000000Z",
		.to = "090101000000Z" };
	struct spec a = { .subject = { { .name = "CN", .value = "a" } },
		.md = EVP_sha1(),
		.from = "070101000000Z",
		.to = "080101000000Z",
		.exts = { { .name = "1.2.3.4", .value = "critical,ASN1:INTEGER:1" } } };
	struct made r = make_cert(&root), o = make_cert(&v1), m = { 0 };

	a.by = &r;
	m = make_cert(&a);
	T(one_of(&r, NULL, &m), "RSA-1024, SHA-1, all long expired, a critical private extension");
	made_free(&m);
	a.by = &o;
	m = make_cert(&a);
	T(one_of(&o, NULL, &m), "under a root of version 1");
	made_free(&m);
	made_free(&r);
	made_free(&o);
	EVP_PKEY_free(rsa);
}

static void
test_usage(void)
{
	struct spec no = { .subject = { { .name = "CN", .value = "No" } },
		.exts = { ca_ext, { .name = "keyUsage", .value = "digitalSignature" } } };
	struct spec never = { .subject = { { .name = "CN", .value = "Never" } },
		.exts = { { .name = "basicConstraints", .value = "CA:FALSE" } } };
	struct made n = make_cert(&no), c = make_cert(&never);
	struct made a = leaf("a", &n), b = leaf("b", &c);

	T(!one_of(&n, NULL, &a), "a CA whose key may not sign certificates");
	T(!one_of(&c, NULL, &b), "a member that says it is no CA");
	made_free(&n);
	made_free(&c);
	made_free(&a);
	made_free(&b);
}

static void
refused(const char *text, const char *why)
{
	struct ck_issuers *is = NULL;
	struct ck_err err = { 0 };

	write_file(file, text);
	T(ck_issuers_read(file, NULL, &is, &err) == -1 && is == NULL && err.code == CK_E_CONFIG &&
		strstr(err.detail, file) != NULL && strstr(err.detail, why) != NULL,
	    "an issuers file with %s", why);
	ck_issuers_free(is);
}

static void
test_files(void)
{
	struct made root = ca("Root", NULL);
	char *pem = made_pem(&root), *two = calloc(3, strlen(pem) + 1);
	struct ck_issuers *is = NULL;
	struct ck_err err = { 0 };

	refused("", "no certificate");
	refused("hello\n", "no certificate");
	sprintf(two, "%s%s", pem, pem);
	strstr(two + strlen(pem), "MII")[0] = '!';
	refused(two, "certificate 2 is damaged");
	sprintf(two, "%s%s", pem, pem);
	strstr(two + strlen(pem), "-----END")[0] = '\0';
	refused(two, "certificate 2 is damaged");
	sprintf(two, "%s", pem);
	memset(strchr(two, '\n') + 1, 'A', 64);
	refused(two, "certificate 1 is damaged");
	T(ck_issuers_read("/nowhere/issuers.pem", NULL, &is, &err) == -1 &&
		err.code == CK_E_CONFIG &&
		strstr(err.detail, "/nowhere/issuers.pem: cannot be opened") != NULL,
	    "an issuers file that is not there");
	ck_issuers_free(NULL);
	free(pem);
	free(two);
	made_free(&root);
}

int
main(void)
{
	scratch_dir(dir, sizeof dir);
	snprintf(file, sizeof file, "%s/issuers.pem", dir);
	test_signed();
	test_old();
	test_usage();
	test_files();
	unlink(file);
	rmdir(dir);
	return T_END();
}
