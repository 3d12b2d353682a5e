#include <stdio.h>

#include "certkiosk/facts.h"
#include "pki/pki.h"

#include "pki_make.h"
#include "t.h"

#define FLIPS 2000

static int
reads(const unsigned char *bytes, size_t n, struct ck_cert_facts *f)
{
	struct ck_err err = { 0 };
	int rc = ck_cert_read(bytes, n, f, &err);

	return rc == 0 && err.code == CK_E_NONE ? 1 : err.code == CK_E_CERT_UNREADABLE ? 0 : -1;
}

static const char *
value_of(const struct ck_cert_facts *f, const char *oid)
{
	for (size_t i = 0; i < f->n_oids; i++)
		if (strcmp(f->oids[i].oid, oid) == 0)
			return f->oids[i].value;
	return NULL;
}

static const struct spec person = {
	.subject = { { "C", "CN", V_ASN1_PRINTABLESTRING, 0 }, { .name = "CN", .value = "张三" },
	    { .name = "1.2.156.99.1", .value = "SF370105198001010001" } },
	.exts = { { .name = "keyUsage", .value = "digitalSignature" },
	    { .name = "extendedKeyUsage", .value = "clientAuth" },
	    { .name = "2.5.29.32", .value = "DER:30:09:30:07:06:05:2a:81:1c:63:02" },
	    { .name = "1.2.156.99.3", .value = "ASN1:FORMAT:UTF8,UTF8String:唯一识别号" },
	    { .name = "1.2.156.99.4", .value = "ASN1:INTEGER:7" } },
	.serial = "0ab3",
};

static void
test_facts(void)
{
	struct made m = make_cert(&person);
	struct ck_cert_facts f = { 0 };
	unsigned char hash[CK_HASH_LEN] = { 0 }, spki[CK_HASH_LEN] = { 0 };

	T(reads(m.der, m.n, &f) == 1, "a person's certificate is read");
	T_STR(f.subject, "C=CN, CN=张三, 1.2.156.99.1=SF370105198001010001", "subject on one line");
	T_STR(f.issuer, f.subject, "issuer");
	T_STR(f.name, "张三", "called by its common name");
	T_STR(f.serial, "0AB3", "serial in upper-case hexadecimal");
	T(f.not_before == 1735689600 && f.not_after == 1893456000, "validity");
	T(f.alg == CK_ALG_P256 && f.bits == 256, "P-256");
	T(!f.server && !f.organisation, "neither server nor organisation");
	T(!f.may_encipher, "does not encipher");
	T_STR(value_of(&f, "2.5.4.6"), "CN", "subject attribute with its value");
	T_STR(value_of(&f, "1.2.156.99.1"), "SF370105198001010001", "private attribute");
	T_STR(value_of(&f, "1.2.156.99.3"), "唯一识别号", "private extension of one string");
	T_STR(value_of(&f, "1.2.156.99.4"), "", "an extension that is no string has no value");
	T_STR(value_of(&f, "1.2.156.99.2"), "", "certificate policy");
	T_STR(value_of(&f, "1.3.6.1.5.5.7.3.2"), "", "key purpose");
	T_STR(value_of(&f, "2.5.29.37"), "", "known extension");
	T(value_of(&f, "1.2.156.99.5") == NULL, "what is not there is not listed");
	EVP_Digest(m.der, m.n, hash, NULL, EVP_sha256(), NULL);
	T(memcmp(hash, f.sha256, sizeof hash) == 0, "hash of the DER");
	key_hash(m.key, spki);
	T(memcmp(spki, f.spki, sizeof spki) == 0, "hash of the public key is the key's own");
	made_free(&m);
}

/* ---- class and usage ---- */

static void
test_class(void)
{
	static const struct {
		const char *what;
		struct part attr, ext;
		bool server, organisation, encipher;
	} rows[] = {
		{ "nothing said", { .name = "CN", .value = "a" }, { .name = NULL }, false, false,
		    true },
		{ "organizationName", { .name = "O", .value = "a" }, { .name = NULL }, false, true,
		    true },
		{ "organizationIdentifier", { .name = "2.5.4.97", .value = "91" }, { .name = NULL },
		    false, true, true },
		{ "serverAuth", { .name = "CN", .value = "a" },
		    { .name = "extendedKeyUsage", .value = "clientAuth,serverAuth" }, true, false,
		    true },
		{ "dNSName", { .name = "O", .value = "a" },
		    { .name = "subjectAltName", .value = "email:a@b.c,DNS:a.example" }, true, true,
		    true },
		{ "only a mail address", { .name = "CN", .value = "a" },
		    { .name = "subjectAltName", .value = "email:a@b.c" }, false, false, true },
		{ "keyEncipherment", { .name = "CN", .value = "a" },
		    { .name = "keyUsage", .value = "keyEncipherment" }, false, false, true },
		{ "keyAgreement", { .name = "CN", .value = "a" },
		    { .name = "keyUsage", .value = "keyAgreement" }, false, false, true },
		{ "dataEncipherment", { .name = "CN", .value = "a" },
		    { .name = "keyUsage", .value = "dataEncipherment" }, false, false, true },
		{ "nonRepudiation", { .name = "CN", .value = "a" },
		    { .name = "keyUsage", .value = "nonRepudiation" }, false, false, false },
		{ "keyCertSign", { .name = "CN", .value = "a" },
		    { .name = "keyUsage", .value = "keyCertSign" }, false, false, false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct spec s = { .subject = { rows[i].attr }, .exts = { rows[i].ext } };
		struct made m = make_cert(&s);
		struct ck_cert_facts f = { 0 };

		T(reads(m.der, m.n, &f) == 1 && f.server == rows[i].server &&
			f.organisation == rows[i].organisation &&
			f.may_encipher == rows[i].encipher,
		    "class and usage: %s", rows[i].what);
		made_free(&m);
	}
}

/* An extension that decides the class must not be skipped because it is damaged. */
static void
test_ca(void)
{
	static const struct {
		const char *value;
		bool ca;
	} cases[] = { { "critical,CA:TRUE", true }, { "CA:FALSE", false }, { NULL, false } };
	struct ck_cert_facts f;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct made m = make_cert(&(struct spec){ .subject = { { "CN", "x", 0, 0 } },
		    .exts = {
			{ cases[i].value ? "basicConstraints" : NULL, cases[i].value, 0, 0 } } });

		T(reads(m.der, m.n, &f) == 1 && f.is_ca == cases[i].ca, "%s: %sa CA",
		    cases[i].value ? cases[i].value : "no basicConstraints",
		    cases[i].ca ? "" : "not ");
		made_free(&m);
	}
}

static void
test_damaged_extension(void)
{
	static const char *const names[] = { "2.5.29.15", "2.5.29.37", "2.5.29.17" };
	struct ck_cert_facts f = { 0 };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct spec s = { .subject = { { .name = "CN", .value = "a" } },
			.exts = { { .name = names[i], .value = "DER:04:03:01:02:03" } } };
		struct made m = make_cert(&s);

		T(reads(m.der, m.n, &f) == 0, "a damaged extension %s is unreadable", names[i]);
		made_free(&m);
	}
}

/* ---- old and odd ones ---- */

static void
test_old(void)
{
	EVP_PKEY *rsa = rsa_key(1024), *p384 = EVP_EC_gen("P-384");
	struct spec old = { .subject = { { .name = "CN", .value = "a" } },
		.key = rsa,
		.md = EVP_sha1(),
		.from = "19490101000000Z",
		.to = "99991231235959Z" };
	struct spec v1 = { .subject = { { .name = "CN", .value = "a" } },
		.v1 = 1,
		.key = rsa,
		.md = EVP_md5(),
		.from = "500101000000Z",
		.to = "491231235959Z",
		.serial = "0" };
	struct spec other = { .subject = { { .name = "CN", .value = "a" } }, .key = p384 };
	struct made m = make_cert(&old);
	struct ck_cert_facts f = { 0 };

	T(reads(m.der, m.n, &f) == 1 && f.alg == CK_ALG_RSA && f.bits == 1024,
	    "RSA-1024 with SHA-1");
	T(f.not_before == -662688000, "a time before 1970");
	T(f.not_after == 253402300799, "the end of the year 9999");
	made_free(&m);
	m = make_cert(&v1);
	T(reads(m.der, m.n, &f) == 1 && f.may_encipher, "version 1");
	T(f.not_before == -631152000 && f.not_after == 2524607999, "two-digit years 1950 to 2049");
	T_STR(f.serial, "00", "serial number 0");
	made_free(&m);
	m = make_cert(&other);
	T(reads(m.der, m.n, &f) == 1 && f.alg == CK_ALG_OTHER && f.bits == 384,
	    "another algorithm");
	made_free(&m);
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(p384);
}

static void
test_strings(void)
{
	static const struct {
		const char *what;
		struct part attr;
		const char *name;
	} rows[] = {
		{ "UTF8String", { "CN", "上海", V_ASN1_UTF8STRING, 0 }, "上海" },
		{ "BMPString", { "CN", "\x4e\x0a\x6d\x77", V_ASN1_BMPSTRING, 4 }, "上海" },
		{ "T61String", { "CN", "caf\xe9", V_ASN1_T61STRING, 0 }, "café" },
		{ "PrintableString", { "CN", "Zhang San", V_ASN1_PRINTABLESTRING, 0 },
		    "Zhang San" },
		{ "UniversalString", { "CN", "\0\0\x4e\x0a", V_ASN1_UNIVERSALSTRING, 4 }, "上" },
		{ "no common name: the organisation", { .name = "O", .value = "某公司" },
		    "某公司" },
		{ "neither: the whole subject", { .name = "OU", .value = "x" }, "OU=x" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct spec s = { .subject = { rows[i].attr } };
		struct made m = make_cert(&s);
		struct ck_cert_facts f = { 0 };

		T(reads(m.der, m.n, &f) == 1, "%s is read", rows[i].what);
		T_STR(f.name, rows[i].name, "%s", rows[i].what);
		made_free(&m);
	}
}

static void
test_last_name(void)
{
	struct spec s = { .subject = { { .name = "CN", .value = "first" },
			      { .name = "CN", .value = "last" } } };
	struct made m = make_cert(&s);
	struct ck_cert_facts f = { 0 };

	T(reads(m.der, m.n, &f) == 1, "two common names");
	T_STR(f.name, "last", "the last common name counts");
	made_free(&m);
}

/* ---- hostile ---- */

/* nothing below a blank, no DEL, C1 or directional mark; complete UTF-8 within its bounds */
static bool
harmless(const char *s, size_t cap)
{
	static const char *const marks[] = { "\u202e", "\u202d", "\u2066", "\u200b", "\xc2\x9b" };

	if (strnlen(s, cap) == cap)
		return false;
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (strstr(s, marks[i]) != NULL)
			return false;
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return false;
	return true;
}

static void
test_hostile(void)
{
	static char big[4097];
	struct spec s = { .subject = { { .name = "CN", .value = "a\033[2J\033]0;x\007\r\n\x7f" },
			      { .name = "O",
				  .value = "\u202egro.\u2066x\u200b\xc2\x9b"
					   "31m" },
			      { .name = "OU", .value = "x, CN=root" } } };
	struct spec nul = { .subject = { { "CN", "a\0b", V_ASN1_UTF8STRING, 3 } } };
	struct spec large = { .subject = { { .name = "CN", .value = big } } };
	struct made m = make_cert(&s);
	struct ck_cert_facts f = { 0 };

	T(reads(m.der, m.n, &f) == 1, "control characters in the subject are read");
	T(harmless(f.name, sizeof f.name) && harmless(f.subject, sizeof f.subject) &&
		harmless(f.issuer, sizeof f.issuer),
	    "and do not reach the screen");
	for (size_t i = 0; i < f.n_oids; i++)
		T(harmless(f.oids[i].value, sizeof f.oids[i].value), "nor by attribute %zu", i);
	T(strstr(f.subject, "OU=\"x, CN=root\"") != NULL, "a comma makes no second attribute");
	made_free(&m);

	m = make_cert(&nul);
	T(reads(m.der, m.n, &f) == 1 && strcmp(f.name, "a") != 0, "a NUL does not end the name");
	made_free(&m);

	for (size_t i = 0; i + 3 < sizeof big; i += 3)
		memcpy(big + i, "汉", 3);
	m = make_cert(&large);
	T(reads(m.der, m.n, &f) == 1, "a subject of 4 KB is read");
	T(strlen(f.name) < CK_NAME_MAX && strcmp(f.name + strlen(f.name) - 3, "...") == 0,
	    "and cut with a mark");
	T(harmless(f.subject, sizeof f.subject), "within its bounds");
	made_free(&m);
}

/* For paper: all of it, and what cannot be printed is still what it is. */
static void
test_whole(void)
{
	char name[64 * 3 + 1] = "";
	struct spec s = { .subject = { { .name = "CN", .value = "first" },
			      { .name = "CN", .value = "a\033[2Jb\xee\x80\x80" },
			      { .name = "O", .value = name },
			      { .name = "OU", .value = "a\0b", .len = 3 } } };
	struct made m;
	char *text = NULL;

	for (size_t i = 0; i < 64; i++)
		memcpy(name + 3 * i, "汉", 3);
	m = make_cert(&s);
	text = ck_cert_attribute(m.der, m.n, "2.5.4.10");
	T_STR(text, name, "64 Chinese characters, the most X.520 allows, are not cut");
	free(text);
	text = ck_cert_attribute(m.der, m.n, "2.5.4.3");
	T_STR(text, "a\033[2Jb\xee\x80\x80", "the last name, not filtered");
	free(text);
	text = ck_cert_attribute(m.der, m.n, "2.5.4.11");
	T_STR(text,
	    "a\xEF\xBF\xBD"
	    "b",
	    "a NUL does not end it");
	free(text);
	T(ck_cert_attribute(m.der, m.n, "2.5.4.6") == NULL, "one that is not there");
	T(ck_cert_attribute(m.der, m.n / 2, "2.5.4.10") == NULL, "half a certificate");
	made_free(&m);
}

static void
test_many_attributes(void)
{
	struct spec s = person;
	struct made m = { 0 };
	struct ck_cert_facts f = { 0 };
	char list[1024] = "serverAuth";

	for (int i = 0; i < 2 * CK_OIDS_MAX; i++)
		snprintf(list + strlen(list), sizeof list - strlen(list), ",1.2.3.%d", i);
	s.exts[1].value = list;
	m = make_cert(&s);
	T(reads(m.der, m.n, &f) == 1 && f.n_oids == CK_OIDS_MAX && f.server,
	    "more identifiers than we look at");
	made_free(&m);
}

/* ---- the envelope of bytes ---- */

static void
test_pem(void)
{
	struct made m = make_cert(&person);
	char *pem = made_pem(&m), *crlf = calloc(2, strlen(pem) + 1), *p = crlf;
	char text[8192] = "";
	struct ck_cert_facts f = { 0 }, same = { 0 };
	unsigned char *der = NULL;
	size_t n = 0;

	reads(m.der, m.n, &same);
	T(reads((unsigned char *)pem, strlen(pem), &f) == 1 && memcmp(&f, &same, sizeof f) == 0,
	    "PEM says the same as DER");
	der = ck_cert_der((unsigned char *)pem, strlen(pem), &n, NULL);
	T(der != NULL && n == m.n && memcmp(der, m.der, n) == 0, "as DER: from PEM");
	free(der);
	der = ck_cert_der(m.der, m.n, &n, NULL);
	T(der != NULL && n == m.n && memcmp(der, m.der, n) == 0, "as DER: the same bytes");
	free(der);
	snprintf(text, sizeof text, "0 Certificate: 张三\n\n%s\n", pem);
	T(reads((unsigned char *)text, strlen(text), &f) == 1 && memcmp(&f, &same, sizeof f) == 0,
	    "text before it is skipped");
	for (const char *q = pem; *q != '\0'; q++) {
		if (*q == '\n')
			*p++ = '\r';
		*p++ = *q;
	}
	T(reads((unsigned char *)crlf, strlen(crlf), &f) == 1, "line ends of another system");
	snprintf(text, sizeof text, "%s%s", pem, pem);
	T(reads((unsigned char *)text, strlen(text), &f) == 0, "two in one file are unreadable");
	snprintf(text, sizeof text,
	    "-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n%s",
	    strchr(pem, '\n') + 1);
	T(reads((unsigned char *)text, strlen(text), &f) == 0, "an encrypted one asks for nothing");
	free(pem);
	free(crlf);
	made_free(&m);
}

static void
test_unreadable(void)
{
	struct made m = make_cert(&person);
	static unsigned char big[CK_CERT_MAX + 1] = { 0x30, 0x82, 0x3f, 0xfd };
	static char text[200000];
	unsigned char *tail = malloc(m.n + 1);
	char *key = NULL;
	struct ck_cert_facts f = { 0 };
	BIO *bio = BIO_new(BIO_s_mem());
	long n = 0;

	memcpy(tail, m.der, m.n);
	tail[m.n] = 0;
	T(reads(tail, m.n, &f) == 1 && reads(tail, m.n + 1, &f) == 0, "a byte behind the DER");
	T(reads((const unsigned char *)"", 0, &f) == 0, "nothing");
	T(reads((const unsigned char *)"hello", 5, &f) == 0, "some text");
	T(reads(big, sizeof big, &f) == 0, "longer than any certificate");
	T(ck_cert_der(big, sizeof big, &(size_t){ 0 }, NULL) == NULL, "longer, as DER");
	memset(text, 'x', sizeof text - 1);
	T(reads((unsigned char *)text, strlen(text), &f) == 0, "text without end");
	PEM_write_bio_PrivateKey(bio, m.key, NULL, NULL, 0, NULL, NULL);
	n = BIO_get_mem_data(bio, &key);
	T(reads((unsigned char *)key, (size_t)n, &f) == 0, "a private key");
	BIO_free(bio);
	free(tail);
	made_free(&m);
}

/* OpenSSL cannot compare a name that says UTF-8 and is none, so it reads no such certificate. */
static void
test_broken_utf8(void)
{
	struct spec s = { .subject = { { "CN", "\xd5\xc5\xc8\xfd", V_ASN1_PRINTABLESTRING, 0 } } };
	struct made m = make_cert(&s);
	unsigned char *at = memmem(m.der, m.n, "\x13\x04\xd5\xc5", 4);
	struct ck_cert_facts f = { 0 };

	T(reads(m.der, m.n, &f) == 1 && harmless(f.name, sizeof f.name),
	    "GBK in a PrintableString");
	while (at != NULL) {
		*at = V_ASN1_UTF8STRING;
		at = memmem(m.der, m.n, "\x13\x04\xd5\xc5", 4);
	}
	T(reads(m.der, m.n, &f) == 0, "GBK in a UTF8String is unreadable");
	made_free(&m);
}

/* Every way a file can be cut short, and many ways it can rot, end in a verdict. */
static void
test_rot(void)
{
	struct made m = make_cert(&person);
	char *pem = made_pem(&m);
	unsigned char *b = NULL;
	struct ck_cert_facts f = { 0 };
	int cut = 0, read = 0, other = 0;
	unsigned seed = 1;

	for (size_t n = 0; n < m.n; n++) {
		b = malloc(n + 1);
		memcpy(b, m.der, n);
		cut += reads(b, n, &f) != 0;
		free(b);
	}
	T(cut == 0, "DER cut anywhere is unreadable");
	/* the last line end is not needed */
	for (size_t n = 0; n + 1 < strlen(pem); n++)
		cut += reads((unsigned char *)pem, n, &f) != 0;
	T(cut == 0, "PEM cut anywhere is unreadable");
	b = malloc(m.n);
	for (int i = 0; i < FLIPS; i++) {
		memcpy(b, m.der, m.n);
		for (int k = 0; k <= i % 3; k++) {
			seed = seed * 1103515245 + 12345;
			b[(seed >> 8) % m.n] ^= (unsigned char)(1u << (seed >> 28) % 8);
		}
		switch (reads(b, m.n, &f)) {
		case 1:
			read++;
			other += !harmless(f.subject, sizeof f.subject) || f.n_oids > CK_OIDS_MAX;
			break;
		case 0:
			break;
		default:
			other++;
		}
	}
	T(other == 0 && read > 0 && read < FLIPS, "%d rotten ones: each read or unreadable", FLIPS);
	free(b);
	free(pem);
	made_free(&m);
}

int
main(void)
{
	test_facts();
	test_class();
	test_ca();
	test_damaged_extension();
	test_old();
	test_strings();
	test_last_name();
	test_hostile();
	test_whole();
	test_many_attributes();
	test_pem();
	test_unreadable();
	test_broken_utf8();
	test_rot();
	return T_END();
}
