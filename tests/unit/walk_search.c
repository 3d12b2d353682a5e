/* What was typed to find a record by, and which values it fits. */
#include "t.h"
#include "walk/search.h"

static struct ck_sought s;

static bool
read_it(const char *typed)
{
	struct ck_err err = { 0 };

	return ck_sought_read(&s, "kiosk-1", typed, &err) == 0;
}

static void
numbers(void)
{
	char slip[CK_SLIP_MAX], lower[CK_SLIP_MAX];
	struct ck_err err = { 0 };

	T(read_it("CK-20261120-000027") && !s.elsewhere, "a number");
	T_STR(s.number, "CK-20261120-000027", "is one");
	T_STR(s.part, "", "and no part of others");
	T(read_it("  ｃｋ－20261120－000027 \n"), "small, wide, with blanks around");
	T_STR(s.number, "CK-20261120-000027", "the same");
	T(ck_slip_make("kiosk-1", "CK-20261120-000027", slip) && read_it(slip) && !s.elsewhere,
	    "a slip of ours");
	T_STR(s.number, "CK-20261120-000027", "its number");
	T(ck_slip_make("kiosk-2", "CK-20261120-000027", slip) && read_it(slip) && s.elsewhere,
	    "a slip of another counter");
	T_STR(s.number, "", "is no number of ours");
	T(ck_slip_make("kiosk-1", "CK-20261120-000027", slip), "and one of ours");
	for (char *from = slip, *to = slip; (*to = *from) != '\0'; from++)
		to += *to != '-';
	T(read_it(slip) && s.number[0] == '\0', "typed without its dashes");
	T_STR(s.part, "CK-20261120-000027", "is looked for, and may be something else");
	T(read_it("ck20261120000027"), "the number alone, without them");
	T_STR(s.part, "CK-20261120-000027", "too");
	T(ck_slip_make("kiosk-2", "CK-20261120-000027", slip), "and one of another counter");
	snprintf(lower, sizeof lower, "%s", slip);
	lower[strlen(lower) - 1] ^= 1;
	T(ck_sought_read(&s, "kiosk-1", lower, &err) == -1 && err.code == CK_E_SLIP_WRONG,
	    "a slip with a mistake in it");
	T(read_it("0027"), "part of a number");
	T_STR(s.part, "0027", "is one");
	T(read_it("ck-2026"), "its beginning");
	T_STR(s.part, "CK-2026", "in capitals");
	T(read_it("027"), "three digits");
	T_STR(s.part, "", "are in too many");
	T(read_it("20261120000371 "), "an envelope's serial may be a part");
	T(read_it("T-0027"), "other letters");
	T_STR(s.part, "", "are none");
}

static void
values(void)
{
	T(read_it(" e-00371x "), "a text");
	T(ck_sought_is(&s, "E-00371X") && !ck_sought_is(&s, "E-00371X7") && !ck_sought_is(&s, ""),
	    "the whole of it, in either case");
	T(ck_sought_in(&s, "KEY E-00371X 7") && !ck_sought_in(&s, "E-0037"), "a part of a value");
	T(read_it("T1") && ck_sought_in(&s, "t1") && !ck_sought_in(&s, "T12"),
	    "a short one is the whole or nothing");
	T(read_it("张") && ck_sought_name(&s, "张三") && !ck_sought_name(&s, "李三"),
	    "of a name one character will do");
	T(read_it("ＡＢＣ") && ck_sought_name(&s, "abc有限公司"), "wide letters typed");
	T(ck_sought_name(&s, "ＡＢＣ有限公司"), "and wide letters in a name");
}

static void
refused(void)
{
	static const char *const no[] = { "", "  ", "\t\n", "　" };
	char long_one[2 * CK_SOUGHT_MAX];
	struct ck_err err = { 0 };

	for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
		err = (struct ck_err){ 0 };
		T(ck_sought_read(&s, "kiosk-1", no[i], &err) == -1 && err.code == CK_E_USAGE,
		    "nothing to search for %zu", i);
	}
	memset(long_one, 'x', sizeof long_one - 1);
	long_one[sizeof long_one - 1] = '\0';
	err = (struct ck_err){ 0 };
	T(ck_sought_read(&s, "kiosk-1", long_one, &err) == -1 && err.code == CK_E_USAGE &&
		strchr(err.detail, 'x') == NULL,
	    "more than any name has");
	T(read_it("\033[31m\xff\xfe%_'\"") && ck_sought_is(&s, "\033[31m\xff\xfe%_'\""),
	    "what means something elsewhere is a text");
	T(!ck_sought_in(&s, "anything") && s.part[0] == '\0', "and fits nothing else");
}

int
main(void)
{
	numbers();
	values();
	refused();
	return T_END();
}
