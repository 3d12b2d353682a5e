#include "base/person.h"

#include <stdlib.h>
#include <string.h>
#include <uninorm.h>
#include <unistr.h>

#include "base/utf8.h"

#define ID_LEN 18
#define OLD_ID_LEN 15
#define CODE_LEN 18
#define MOBILE_LEN 11
#define POSTCODE_LEN 6
/* an area code, a number and an extension; abroad 15 digits are the most (E.164) */
#define PHONE_MIN 5
#define PHONE_MAX 24

static const char *const names[CK_PERSONS] = {
	[CK_PERSON_NAME] = "name",
	[CK_PERSON_RESIDENT_ID] = "resident-id",
	[CK_PERSON_MOBILE] = "mobile",
	[CK_PERSON_MAIL] = "mail",
	[CK_PERSON_ORGANISATION] = "organisation",
	[CK_PERSON_CREDIT_CODE] = "credit-code",
	[CK_PERSON_LEGAL] = "legal",
	[CK_PERSON_TITLE] = "title",
	[CK_PERSON_TAX_ID] = "tax-id",
	[CK_PERSON_ADDRESS] = "address",
	[CK_PERSON_POSTCODE] = "postcode",
	[CK_PERSON_PHONE] = "phone",
	[CK_PERSON_BANK] = "bank",
};

const char *
ck_person_name(enum ck_person p)
{
	return names[p];
}

int
ck_person_from(const char *name)
{
	for (int i = 0; i < CK_PERSONS; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return -1;
}

/* ---- characters ---- */

#define WIDE_FIRST 0xFF01 /* Unicode, halfwidth and fullwidth forms: ASCII and 0xFEE0 more */
#define WIDE_LAST 0xFF5E
#define WIDE_STEP 0xFEE0

static uint32_t
narrow(uint32_t cp)
{
	static const struct {
		uint32_t wide, plain;
	} others[] = { { 0x3000, ' ' }, { 0x00A0, ' ' }, { 0x3002, '.' }, { 0x2013, '-' },
		{ 0x2014, '-' }, { 0x2212, '-' } };

	if (cp >= WIDE_FIRST && cp <= WIDE_LAST)
		return cp - WIDE_STEP;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (others[i].wide == cp)
			return others[i].plain;
	return cp;
}

/* What consists of ASCII however it was typed, without the characters in drop: its length, 0 when
 * it has others or is longer than cap - 1. */
static size_t
ascii_of(const char *typed, const char *drop, char *out, size_t cap)
{
	size_t n = strlen(typed), at = 0;
	uint32_t cp;
	int len;

	for (size_t i = 0; i < n; i += (size_t)len) {
		if ((len = ck_utf8_next(typed + i, n - i, &cp)) <= 0)
			return 0;
		cp = narrow(cp);
		if (cp < ' ' || cp > '~' || at + 1 >= cap)
			return 0;
		if (strchr(drop, (int)cp) == NULL)
			out[at++] = (char)cp;
	}
	out[at] = '\0';
	return at;
}

static void
upper(char *s)
{
	for (; *s != '\0'; s++)
		if (*s >= 'a' && *s <= 'z')
			*s = (char)(*s - 'a' + 'A');
}

static bool
digits(const char *s, size_t n)
{
	return strspn(s, "0123456789") >= n;
}

static int
number(const char *s, size_t n)
{
	int v = 0;

	while (n-- > 0)
		v = 10 * v + (*s++ - '0');
	return v;
}

/* ---- GB 11643 ---- */

/* provinces; 81 to 83 are residence permits of Hong Kong, Macao and Taiwan, 91 foreigners' */
static bool
known_area(int area)
{
	static const struct {
		int first, last;
	} areas[] = { { 11, 15 }, { 21, 23 }, { 31, 37 }, { 41, 46 }, { 50, 54 }, { 61, 65 },
		{ 71, 71 }, { 81, 83 }, { 91, 91 } };

	for (size_t i = 0; i < sizeof areas / sizeof *areas; i++)
		if (area >= areas[i].first && area <= areas[i].last)
			return true;
	return false;
}

/* ISO 7064 MOD 11-2 */
static char
id_check(const char id[ID_LEN - 1])
{
	static const int weight[ID_LEN - 1] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4,
		2 };
	int sum = 0;

	for (size_t i = 0; i < ID_LEN - 1; i++)
		sum += weight[i] * (id[i] - '0');
	return "10X98765432"[sum % 11];
}

static bool
born(const char *ymd, ck_day today)
{
	char text[CK_DATE_LEN] = { ymd[0], ymd[1], ymd[2], ymd[3], '-', ymd[4], ymd[5], '-', ymd[6],
		ymd[7], '\0' };
	ck_day day;

	return ck_date_read(text, &day) && day <= today;
}

/* A number of 15 digits, issued until 1999, becomes one of 18: the century was 19. */
static enum ck_person_is
take_id(const char *typed, ck_day today, char out[CK_PERSON_MAX])
{
	char id[ID_LEN + 2];
	size_t n = ascii_of(typed, " -", id, sizeof id);

	if (n == OLD_ID_LEN && digits(id, n)) {
		memmove(id + 8, id + 6, OLD_ID_LEN - 6);
		memcpy(id + 6, "19", 2);
		id[ID_LEN - 1] = id_check(id);
		id[ID_LEN] = '\0';
		n = ID_LEN;
	}
	upper(id);
	if (n != ID_LEN || !digits(id, ID_LEN - 1) || !known_area(number(id, 2)) ||
	    !born(id + 6, today) || id[ID_LEN - 1] != id_check(id))
		return CK_PERSON_WRONG;
	memcpy(out, id, ID_LEN + 1);
	return CK_PERSON_RIGHT;
}

/* ---- GB 32100 ---- */

#define ALPHABET "0123456789ABCDEFGHJKLMNPQRTUWXY" /* no I, O, S, V, Z */

static bool
code_checks(const char *code)
{
	static const int weight[CODE_LEN - 1] = { 1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8,
		24, 10, 30, 28 };
	int sum = 0;

	for (size_t i = 0; i < CODE_LEN - 1; i++)
		sum += weight[i] * (int)(strchr(ALPHABET, code[i]) - ALPHABET);
	return code[CODE_LEN - 1] == ALPHABET[(31 - sum % 31) % 31];
}

/* Its characters 9 to 17 are an organisation code, GB 11714, with a check of their own. */
static bool
organisation_checks(const char *code)
{
	static const int weight[] = { 3, 7, 9, 10, 5, 8, 4, 2 };
	int sum = 0, left;

	for (size_t i = 0; i < sizeof weight / sizeof *weight; i++)
		sum += weight[i] * (code[i] <= '9' ? code[i] - '0' : code[i] - 'A' + 10);
	left = 11 - sum % 11;
	return code[sizeof weight / sizeof *weight] == (left == 10	? 'X'
							   : left == 11 ? '0'
									: (char)('0' + left));
}

static enum ck_person_is
take_code(const char *typed, char out[CK_PERSON_MAX])
{
	char code[CODE_LEN + 2];

	if (ascii_of(typed, " -", code, sizeof code) != CODE_LEN)
		return CK_PERSON_WRONG;
	upper(code);
	if (strspn(code, ALPHABET) != CODE_LEN || !digits(code + 2, 6))
		return CK_PERSON_WRONG;
	memcpy(out, code, CODE_LEN + 1);
	return code_checks(code) && organisation_checks(code + 8) ? CK_PERSON_RIGHT
								  : CK_PERSON_DOUBTFUL;
}

/* ---- the others ---- */

/* Segments change; a finer table would turn people away. */
static enum ck_person_is
take_mobile(const char *typed, char out[CK_PERSON_MAX])
{
	static const char *const prefixes[] = { "+86", "0086", "86" };
	char all[PHONE_MAX], *m = all;
	size_t n = ascii_of(typed, " -", all, sizeof all);

	for (size_t i = 0; n > MOBILE_LEN && i < sizeof prefixes / sizeof *prefixes; i++)
		if (n == MOBILE_LEN + strlen(prefixes[i]) &&
		    strncmp(all, prefixes[i], strlen(prefixes[i])) == 0) {
			m += strlen(prefixes[i]);
			n = MOBILE_LEN;
		}
	if (n != MOBILE_LEN || !digits(m, n) || m[0] != '1' || m[1] < '3')
		return CK_PERSON_WRONG;
	memcpy(out, m, n + 1);
	return CK_PERSON_RIGHT;
}

/* What every mail system takes; the rest is for the one that delivers it. */
static enum ck_person_is
take_mail(const char *typed, char out[CK_PERSON_MAX])
{
	size_t n = ascii_of(typed, " ", out, CK_PERSON_CHARS + 1), local = strcspn(out, "@");
	const char *domain = out + local + 1, *dot;

	if (n == 0 || local == 0 || local == n || strpbrk(out, "()<>[]:;,\\\"") != NULL)
		return CK_PERSON_WRONG;
	dot = strrchr(domain, '.');
	if (strchr(domain, '@') != NULL || dot == NULL || dot == domain || strlen(dot) < 3 ||
	    strstr(out, "..") != NULL || out[local - 1] == '.' || domain[0] == '.')
		return CK_PERSON_WRONG;
	return CK_PERSON_RIGHT;
}

static enum ck_person_is
take_postcode(const char *typed, char out[CK_PERSON_MAX])
{
	size_t n = ascii_of(typed, " ", out, POSTCODE_LEN + 2);

	return n == POSTCODE_LEN && digits(out, n) ? CK_PERSON_RIGHT : CK_PERSON_WRONG;
}

/* "0534-2687000", "(021) 962600 转 3": an extension is a "-" more */
static enum ck_person_is
take_phone(const char *typed, char out[CK_PERSON_MAX])
{
	size_t n = ascii_of(typed, " ()", out, PHONE_MAX + 1), plus = out[0] == '+';

	if (n < PHONE_MIN || strspn(out + plus, "0123456789-") != n - plus ||
	    strstr(out, "--") != NULL || out[plus] == '-' || out[n - 1] == '-')
		return CK_PERSON_WRONG;
	return CK_PERSON_RIGHT;
}

/* Without what controls a screen, and without the blanks around it. */
static enum ck_person_is
take_text(const char *typed, char out[CK_PERSON_MAX])
{
	char clean[CK_PERSON_MAX];
	size_t n = strlen(typed), chars = 0, at = 0;
	uint32_t cp;
	int len;

	for (size_t i = 0; i < n; i += (size_t)len) {
		if ((len = ck_utf8_next(typed + i, n - i, &cp)) <= 0)
			return CK_PERSON_WRONG;
		if (at == 0 && narrow(cp) == ' ')
			continue;
		if (++chars > CK_PERSON_CHARS)
			return CK_PERSON_WRONG;
		memcpy(out + at, typed + i, (size_t)len);
		at += (size_t)len;
	}
	while (at > 0 && out[at - 1] == ' ')
		at--;
	while (at >= 3 && memcmp(out + at - 3, "\u3000", 3) == 0)
		at -= 3;
	out[at] = '\0';
	if (at == 0)
		return CK_PERSON_WRONG;
	return ck_clean_str(clean, sizeof clean, out) == 0 ? CK_PERSON_RIGHT : CK_PERSON_WRONG;
}

enum ck_person_is
ck_person_take(enum ck_person p, const char *typed, ck_day today, char out[CK_PERSON_MAX])
{
	enum ck_person_is is = CK_PERSON_WRONG;

	switch (p) {
	case CK_PERSON_RESIDENT_ID:
		is = take_id(typed, today, out);
		break;
	case CK_PERSON_CREDIT_CODE:
		is = take_code(typed, out);
		break;
	case CK_PERSON_MOBILE:
		is = take_mobile(typed, out);
		break;
	case CK_PERSON_MAIL:
		is = take_mail(typed, out);
		break;
	case CK_PERSON_POSTCODE:
		is = take_postcode(typed, out);
		break;
	case CK_PERSON_PHONE:
		is = take_phone(typed, out);
		break;
	default:
		is = take_text(typed, out);
	}
	if (is == CK_PERSON_WRONG)
		out[0] = '\0';
	return is;
}

void
ck_person_mask(enum ck_person p, const char *normal, char out[CK_PERSON_MAX])
{
	size_t n = strlen(normal), head = p == CK_PERSON_RESIDENT_ID ? 6 : 3, tail = 4;

	if (n >= CK_PERSON_MAX)
		n = CK_PERSON_MAX - 1;
	memcpy(out, normal, n);
	out[n] = '\0';
	if ((p == CK_PERSON_RESIDENT_ID || p == CK_PERSON_MOBILE) && n > head + tail)
		memset(out + head, '*', n - head - tail);
}

/* ---- is it the same? ---- */

static uint32_t
folded(uint32_t cp)
{
	static const char opening[] = "[{", closing[] = "]}";

	cp = narrow(cp);
	switch (cp) {
	case 0x3010: /* 【 */
	case 0x3014: /* 〔 */
	case 0x3016: /* 〖 */
	case 0xFE59: /* small forms */
		return '(';
	case 0x3011:
	case 0x3015:
	case 0x3017:
	case 0xFE5A:
		return ')';
	}
	if (cp == (uint32_t)opening[0] || cp == (uint32_t)opening[1])
		return '(';
	if (cp == (uint32_t)closing[0] || cp == (uint32_t)closing[1])
		return ')';
	return cp >= 'a' && cp <= 'z' ? cp - 'a' + 'A' : cp;
}

/* the next character that counts, 0 at the end */
static uint32_t
next_of(const uint8_t *s, size_t n, size_t *at)
{
	uint32_t cp = 0;

	while (*at < n) {
		int len = ck_utf8_next((const char *)s + *at, n - *at, &cp);

		if (len <= 0)
			return 0;
		*at += (size_t)len;
		cp = folded(cp);
		if (cp != ' ' && cp != '\t')
			return cp;
	}
	return 0;
}

bool
ck_person_same(const char *a, const char *b)
{
	size_t na = 0, nb = 0, ia = 0, ib = 0;
	uint8_t *fa = u8_normalize(UNINORM_NFC, (const uint8_t *)a, strlen(a), NULL, &na);
	uint8_t *fb = u8_normalize(UNINORM_NFC, (const uint8_t *)b, strlen(b), NULL, &nb);
	/* what is broken would be mended by it, and alike */
	bool text = u8_check((const uint8_t *)a, strlen(a)) == NULL &&
		    u8_check((const uint8_t *)b, strlen(b)) == NULL;
	bool same = text && fa != NULL && fb != NULL, end = !same;

	while (!end) {
		uint32_t ca = next_of(fa, na, &ia), cb = next_of(fb, nb, &ib);

		same = ca == cb;
		end = !same || ca == 0;
	}
	free(fa);
	free(fb);
	return same;
}
