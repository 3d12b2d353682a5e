/* The code on a page: base32 as its standard has it, and no single mistake gets past. */
#include "t.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/formcode.h"

static struct ck_formcode
sample(void)
{
	struct ck_formcode c = { .page = 2, .pages = 3 };

	snprintf(c.number, sizeof c.number, "CK-20261120-000027-KIOSK-1-X");
	snprintf(c.form, sizeof c.form, "renewal-self");
	for (size_t i = 0; i < sizeof c.digest; i++)
		c.digest[i] = (unsigned char)(i * 37 + 5);
	for (size_t i = 0; i < sizeof c.sig; i++)
		c.sig[i] = (unsigned char)(i * 91 + 200);
	return c;
}

static bool
same(const struct ck_formcode *a, const struct ck_formcode *b)
{
	return strcmp(a->number, b->number) == 0 && strcmp(a->form, b->form) == 0 &&
	       a->page == b->page && a->pages == b->pages &&
	       memcmp(a->digest, b->digest, sizeof a->digest) == 0 &&
	       memcmp(a->sig, b->sig, sizeof a->sig) == 0;
}

static void
round_trip(void)
{
	struct ck_formcode c = sample(), back;
	char code[CK_FORMCODE_MAX], text[CK_FORMCODE_MAX];

	T(ck_formcode_make(&c, code), "a code is made");
	T(strncmp(code, "CK1*CK-20261120-000027-KIOSK-1-X*RENEWAL-SELF*2/3*", 50) == 0,
	    "it begins with what a person can read");
	T(strspn(code, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:") == strlen(code),
	    "only letters of QR's alphanumeric set");
	T(ck_formcode_read(code, &back) && same(&c, &back), "it reads back the same");
	T(ck_formcode_signed(&c, text) && strncmp(code, text, strlen(text)) == 0 &&
		code[strlen(text)] == '*' && strchr(code + strlen(text) + 1, '*') == NULL,
	    "what is signed is all before the last star");
}

/* RFC 4648, section 10, stretched to sixteen bytes: "foobar" and zeros behind it */
static void
vectors(void)
{
	static const struct {
		const char *bytes, *letters;
	} known[] = {
		{ "f", "MY" },
		{ "fo", "MZXQ" },
		{ "foo", "MZXW6" },
		{ "foob", "MZXW6YQ" },
		{ "fooba", "MZXW6YTB" },
		{ "foobar", "MZXW6YTBOI" },
	};
	struct ck_formcode c;
	char code[CK_FORMCODE_MAX], *digest;

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		c = sample();
		memset(c.digest, 0, sizeof c.digest);
		memcpy(c.digest, known[i].bytes, strlen(known[i].bytes));
		digest = ck_formcode_make(&c, code) ? strstr(code, "*2/3*") : NULL;
		T(digest != NULL &&
			strncmp(digest + 5, known[i].letters, strlen(known[i].letters)) == 0,
		    "base32 of \"%s\"", known[i].bytes);
	}
	c = sample();
	memset(c.digest, 0xFF, sizeof c.digest);
	T(ck_formcode_make(&c, code) && strstr(code, "*77777777777777777777777774*") != NULL,
	    "the last letter carries what is left");
}

static void
typed(void)
{
	struct ck_formcode c = sample(), back;
	char code[CK_FORMCODE_MAX], text[CK_FORMCODE_MAX + 64];
	size_t n = 0;

	ck_formcode_make(&c, code);
	snprintf(text, sizeof text, " \t%s\r\n", code);
	T(ck_formcode_read(text, &back) && same(&c, &back), "blanks around it");
	for (size_t i = 0; code[i] != '\0'; i++)
		text[i] = (char)tolower((unsigned char)code[i]), text[i + 1] = '\0';
	T(ck_formcode_read(text, &back) && same(&c, &back), "small letters");
	/* an input method's star and dash */
	for (size_t i = 0; code[i] != '\0'; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "%s",
		    code[i] == '*'   ? "\xef\xbc\x8a"
		    : code[i] == '-' ? "\xe2\x80\x93"
				     : (char[]){ code[i], '\0' });
	T(ck_formcode_read(text, &back) && same(&c, &back), "wide stars and long dashes");
}

/* Each letter replaced by each other: never the same values from another text. */
static void
mistakes(void)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-*/ ";
	struct ck_formcode c = sample(), back;
	char code[CK_FORMCODE_MAX], keep;
	size_t accepted = 0, read = 0, n;

	ck_formcode_make(&c, code);
	n = strlen(code);
	for (size_t i = 0; i < n; i++) {
		keep = code[i];
		for (const char *l = letters; *l != '\0'; l++) {
			code[i] = *l;
			if (*l == keep || !ck_formcode_read(code, &back))
				continue;
			read++;
			if (same(&c, &back)) {
				printf("# %s\n", code);
				accepted++;
			}
		}
		code[i] = keep;
	}
	T(accepted == 0, "no wrong letter stands for the same (%zu read as something else)", read);
	for (size_t i = 1; i < n; i++) {
		keep = code[i];
		code[i] = '\0';
		accepted += ck_formcode_read(code, &back);
		code[i] = keep;
	}
	T(accepted == 0, "no shortened one is read");
	snprintf(code + n, sizeof code - n, "A");
	T(!ck_formcode_read(code, &back), "no longer one either");
}

static void
odd(void)
{
	struct ck_formcode c = sample(), back;
	char code[CK_FORMCODE_MAX], *at;
	static const char *const bad[] = { "", " ", "CK1", "*****", "CK1*A*B*1/1**",
		"CK2*A*B*1/1*AAAA*AAAA", "CK-20261120-000027" };

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		T(!ck_formcode_read(bad[i], &back), "no code: \"%s\"", bad[i]);
	ck_formcode_make(&c, code);
	at = strstr(code, "*2/3*");
	memcpy(at, "*3/2*", 5);
	T(!ck_formcode_read(code, &back), "no page behind the last");
	memcpy(at, "*0/3*", 5);
	T(!ck_formcode_read(code, &back), "no page before the first");
	snprintf(c.form, sizeof c.form, "Self");
	T(!ck_formcode_make(&c, code), "a form's name is small letters");
	c = sample();
	c.pages = 1;
	T(!ck_formcode_make(&c, code), "no code of a page that is not there");
	c = sample();
	c.pages = 17;
	T(!ck_formcode_make(&c, code), "nor of more pages than a form has");
	c = sample();
	c.number[0] = '*';
	T(!ck_formcode_make(&c, code), "nor of a number with a star");
}

int
main(void)
{
	round_trip();
	vectors();
	typed();
	mistakes();
	odd();
	return T_END();
}
