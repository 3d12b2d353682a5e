/* What slips say, and what people and scanners make of it. */
#include <stdio.h>
#include <string.h>

#include "base/slip.h"
#include "t.h"

static bool
back(const char *kiosk, const char *record)
{
	char text[CK_SLIP_MAX];
	struct ck_slip s;

	return ck_slip_make(kiosk, record, text) &&
	       text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")] == '\0' &&
	       ck_slip_read(text, &s) == 1 && strcmp(s.kiosk, kiosk) == 0 &&
	       strcmp(s.record, record) == 0;
}

/* every other character at every place; the number alone, cut short, is a number again */
static int
one_wrong(const char *text)
{
	static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	char bent[CK_SLIP_MAX];
	struct ck_slip s;
	int taken = 0;

	for (size_t i = strlen("CK-"); text[i] != '\0'; i++)
		for (const char *c = letters; text[i] != '-' && *c != '\0'; c++) {
			snprintf(bent, sizeof bent, "%s", text);
			bent[i] = *c;
			taken += *c != text[i] && ck_slip_read(bent, &s) == 1;
		}
	return taken;
}

static int
two_swapped(const char *text)
{
	char bent[CK_SLIP_MAX];
	struct ck_slip s;
	int taken = 0;

	for (size_t i = strlen("CK-"); text[i + 1] != '\0'; i++) {
		snprintf(bent, sizeof bent, "%s", text);
		bent[i] = text[i + 1];
		bent[i + 1] = text[i];
		taken += text[i] != text[i + 1] && text[i] != '-' && text[i + 1] != '-' &&
			 ck_slip_read(bent, &s) == 1;
	}
	return taken;
}

/* its slip with every dash gone; and then with every other last character */
static bool
bare(const char *kiosk, const char *want)
{
	char text[CK_SLIP_MAX], *end = text;
	struct ck_slip s;
	int taken = 0;

	if (!ck_slip_make(kiosk, "CK-20261120-000027", text))
		return false;
	for (const char *c = text; *c != '\0'; c++)
		if (*c != '-')
			*end++ = *c;
	*end = '\0';
	if (ck_slip_read_bare(text, &s) != 1 || strcmp(s.record, "CK-20261120-000027") != 0 ||
	    strcmp(s.kiosk, want) != 0)
		return false;
	for (const char *c = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"; *c != '\0'; c++) {
		end[-1] = *c;
		taken += ck_slip_read_bare(text, &s) == 1;
	}
	return taken == 1;
}

static bool
typed(const char *text, const char *want)
{
	char out[CK_SLIP_MAX];

	return ck_typed(text, out, sizeof out) && strcmp(out, want) == 0;
}

static bool
seen(const char *text)
{
	int n = 0;

	for (; *text != '\0'; text++)
		n = ck_slip_step(n, *text);
	return n == CK_SLIP_SEEN;
}

int
main(void)
{
	const char *number = "CK-20261120-000027";
	char text[CK_SLIP_MAX], name[CK_SLIP_KIOSK_MAX], small[8];
	struct ck_slip s;

	T(ck_slip_read_bare("ck20261120000027", &s) == 1 && strcmp(s.record, number) == 0 &&
		s.kiosk[0] == '\0',
	    "a number without dashes");
	T(bare("kiosk-1", "kiosk1") && bare("3-Halle", "3Halle"), "a slip without dashes");
	T(ck_slip_read_bare("CK2026112000002", &s) == 0 &&
		ck_slip_read_bare("2026112000002777", &s) == 0 && ck_slip_read_bare("", &s) == 0,
	    "neither number nor slip");
	T(ck_slip_read_bare("CK20261120000027K", &s) == -1, "nothing for its check character");
	T(ck_slip_make("kiosk-1", number, text) &&
		strncmp(text, "CK-20261120-000027-KIOSK-1-", 27) == 0 && strlen(text) == 28,
	    "number, name and a check character");
	T(back("kiosk-1", number) && back("k", number), "and back");
	T(back("Kiosk_1.Zhong-Shan.z", number), "a name of any letters");
	T(back("kiosk-1", "CK-20261120-123456789"), "a count beyond six digits");
	memset(name, 'Z', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	T(back(name, "CK-20261120-12345678901234567"), "the longest there may be");
	T(!ck_slip_make("kiosk-1", "20261120", text) && !ck_slip_make("kiosk-1", "CK-1-2", text) &&
		!ck_slip_make("kiosk-1", "CK-20261120-000027-", text),
	    "what is no number gets no slip");
	T(ck_slip_make("kiosk-1", number, text) && one_wrong(text) == 0, "no wrong one passes");
	T(two_swapped(text) == 0, "no two swapped pass");
	T(ck_slip_read("ck-20261120-000027-kiosk-1-0", &s) != 0 && s.record[0] == 'C',
	    "small letters are read as they were meant");
	for (size_t i = 0; text[i] != '\0'; i++)
		text[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] + 32 : text[i]);
	T(ck_slip_read(text, &s) == 1 && strcmp(s.kiosk, "kiosk-1") == 0, "in small letters");
	T(ck_slip_read("CK-20261120-000027", &s) == 1 && s.kiosk[0] == '\0' &&
		strcmp(s.record, number) == 0,
	    "a number alone");
	T(ck_slip_read("20261120000371", &s) == 0 && ck_slip_read("L-4711", &s) == 0 &&
		ck_slip_read("", &s) == 0 && ck_slip_read("CK-20261120-000027X", &s) == 0,
	    "an envelope, an order, a lease are none");
	T(ck_slip_read("CK-20261120-000027-", &s) == -1 &&
		ck_slip_read("CK-20261120-000027-KIOSK", &s) == -1 &&
		ck_slip_read("CK-20261120-000027--X", &s) == -1,
	    "one cut short is a mistake");
	memset(text, 'A', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	T(ck_slip_read(text, &s) == 0, "too long a text is none");

	T(seen("CK-20261120-000027-KIOSK-1-X") && seen("ck20261120000027") &&
		seen("12CK-20261120-000027\r") && seen("CCKCK-20261120000027"),
	    "a scan is known where none is asked for");
	T(!seen("CK-20261120-00002") && !seen("CK-2026112-000027") && !seen("20261120000027") &&
		!seen("") && !seen("C") && !seen("CK"),
	    "and is nothing else");

	T(typed("  CK-1\r\n", "CK-1") && typed("\tCK-1 ", "CK-1"), "blanks and line ends go");
	T(typed("ＣＫ－２０２６１１２０－００００２７", "CK-20261120-000027"),
	    "wide letters and digits");
	T(typed("　CK—1　", "CK-1") && typed("CK－1–2−3", "CK-1-2-3"), "wide blanks, dashes");
	T(typed("\xEF\xBB\xBF\xE2\x80\x8B"
		"CK\xEF\xB9\xA3"
		"1\xC2\xA0",
	      "CK-1"),
	    "so does what copying leaves around it");
	T(typed("信封1", "信封1") && typed("\xC3\xA9", "\xC3\xA9"), "what is meant stays");
	T(!typed("", "") && !ck_typed(" \r\n　", text, sizeof text), "nothing is nothing");
	T(!ck_typed("12345678", small, sizeof small) && ck_typed("1234567", small, sizeof small),
	    "what does not fit is not cut");
	T(ck_typed("\xEF\xBC", text, sizeof text) && ck_typed("\xFF\xFE", text, sizeof text),
	    "what is not UTF-8 harms nobody");
	return T_END();
}
