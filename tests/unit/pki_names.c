#include "pki/pki.h"

#include "pki_make.h"
#include "t.h"

#define CN(v, t) \
	{ \
		"CN", v, t, 0 \
	}

static const struct {
	const char *what;
	struct part a[MADE_PARTS], b[MADE_PARTS];
	bool same;
} rows[] = {
	{ "PrintableString and UTF8String", { CN("Zhang San", V_ASN1_PRINTABLESTRING) },
	    { CN("Zhang San", V_ASN1_UTF8STRING) }, true },
	{ "BMPString and UTF8String", { { "CN", "\x4e\x0a\x6d\x77", V_ASN1_BMPSTRING, 4 } },
	    { CN("上海", V_ASN1_UTF8STRING) }, true },
	{ "T61String and UTF8String", { CN("caf\xe9", V_ASN1_T61STRING) },
	    { CN("café", V_ASN1_UTF8STRING) }, true },
	{ "case", { CN("ZHANG san", V_ASN1_UTF8STRING) }, { CN("zhang SAN", V_ASN1_UTF8STRING) },
	    true },
	{ "blanks", { CN("  zhang   san ", V_ASN1_UTF8STRING) },
	    { CN("zhang san", V_ASN1_UTF8STRING) }, true },
	{ "no blank at all", { CN("zhangsan", V_ASN1_UTF8STRING) },
	    { CN("zhang san", V_ASN1_UTF8STRING) }, false },
	{ "another name", { CN("a", V_ASN1_UTF8STRING) }, { CN("b", V_ASN1_UTF8STRING) }, false },
	{ "another attribute", { CN("a", 0) }, { { "O", "a", 0, 0 } }, false },
	{ "one attribute more", { CN("a", 0) }, { CN("a", 0), { "O", "a", 0, 0 } }, false },
	{ "another order", { { "O", "a", 0, 0 }, CN("b", 0) }, { CN("b", 0), { "O", "a", 0, 0 } },
	    false },
	{ "empty names", { { .name = NULL } }, { { .name = NULL } }, true },
	{ "an empty name and another", { { .name = NULL } }, { CN("a", 0) }, false },
};

static void
test_same(void)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		X509_NAME *a = make_name(rows[i].a), *b = make_name(rows[i].b);

		T(ck_name_same(a, b) == rows[i].same && ck_name_same(b, a) == rows[i].same,
		    "%s: %s", rows[i].same ? "same" : "not the same", rows[i].what);
		X509_NAME_free(a);
		X509_NAME_free(b);
	}
}

static void
test_subjects(void)
{
	struct made a = make_cert(&(struct spec){ .subject = { CN("Zhang San", 0) } });
	struct made b = make_cert(&(struct spec){ .subject = { CN("ZHANG  san ", 0) }, .by = &a });
	struct made c = make_cert(&(struct spec){ .subject = { CN("Li", 0) }, .by = &a });

	T(ck_cert_same_subject(a.der, a.n, b.der, b.n), "certificates of one subject");
	T(!ck_cert_same_subject(a.der, a.n, c.der, c.n), "certificates of two");
	T(!ck_cert_same_subject(a.der, a.n, b.der, b.n / 2) &&
		!ck_cert_same_subject(a.der, a.n / 2, a.der, a.n / 2),
	    "half of one is nobody's");
	made_free(&a);
	made_free(&b);
	made_free(&c);
}

static void
test_text(void)
{
	static const struct part plain[MADE_PARTS] = { { "C", "CN", V_ASN1_PRINTABLESTRING, 0 },
		{ "O", "Foo Co., Ltd.", 0, 0 }, CN("上海", 0) };
	X509_NAME *name = make_name(plain);
	char line[CK_NAME_MAX] = "", little[12] = "";

	ck_name_text(name, line, sizeof line);
	T_STR(line, "C=CN, O=\"Foo Co., Ltd.\", CN=上海", "one line");
	ck_name_text(name, little, sizeof little);
	T_STR(little, "C=CN, O=...", "cut to what there is room for");
	X509_NAME_free(name);
	name = X509_NAME_new();
	ck_name_text(name, line, sizeof line);
	T_STR(line, "", "an empty name");
	X509_NAME_free(name);
}

int
main(void)
{
	test_same();
	test_subjects();
	test_text();
	return T_END();
}
