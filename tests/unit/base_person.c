/* What people type of themselves: the vectors of GB 11643 and GB 32100, numbers, mail, and when two
 * names are the same. */
#include "t.h"

#include <string.h>

#include "base/person.h"

static ck_day today;

static const struct {
	enum ck_person person;
	enum ck_person_is is;
	const char *typed, *normal;
} rows[] = {
	{ CK_PERSON_RESIDENT_ID, CK_PERSON_RIGHT, "11010519491231002X", "11010519491231002X" },
	{ CK_PERSON_RESIDENT_ID, CK_PERSON_RIGHT, "11010519491231002x", "11010519491231002X" },
	{ CK_PERSON_RESIDENT_ID, CK_PERSON_RIGHT, "110105 19491231 002Ｘ", "11010519491231002X" },
	{ CK_PERSON_RESIDENT_ID, CK_PERSON_RIGHT, "440524188001010014", "440524188001010014" },
	{ CK_PERSON_RESIDENT_ID, CK_PERSON_RIGHT, "130503670401001", "130503196704010016" },
	{ CK_PERSON_RESIDENT_ID, CK_PERSON_WRONG, "110105194912310021", "" },
	{ CK_PERSON_RESIDENT_ID, CK_PERSON_WRONG, "110105194902300025", "" },
	{ CK_PERSON_RESIDENT_ID, CK_PERSON_WRONG, "99010519491231002X", "" },
	{ CK_PERSON_RESIDENT_ID, CK_PERSON_WRONG, "11010520991231002X", "" },
	{ CK_PERSON_RESIDENT_ID, CK_PERSON_WRONG, "1101051949123100X", "" },
	{ CK_PERSON_RESIDENT_ID, CK_PERSON_WRONG, "11010519491231002XX", "" },
	{ CK_PERSON_RESIDENT_ID, CK_PERSON_WRONG, "", "" },
	{ CK_PERSON_CREDIT_CODE, CK_PERSON_RIGHT, "91350100M000100Y43", "91350100M000100Y43" },
	{ CK_PERSON_CREDIT_CODE, CK_PERSON_RIGHT, "91350200MA2YJ1XR9G", "91350200MA2YJ1XR9G" },
	{ CK_PERSON_CREDIT_CODE, CK_PERSON_RIGHT, "91440101ma5cjq4n59", "91440101MA5CJQ4N59" },
	{ CK_PERSON_CREDIT_CODE, CK_PERSON_RIGHT, "913502000728319549", "913502000728319549" },
	{ CK_PERSON_CREDIT_CODE, CK_PERSON_RIGHT, "1235 0200 1549 8973 97", "123502001549897397" },
	{ CK_PERSON_CREDIT_CODE, CK_PERSON_DOUBTFUL, "91350203M0001QAY9B", "91350203M0001QAY9B" },
	{ CK_PERSON_CREDIT_CODE, CK_PERSON_WRONG, "91350203I0001QAY9B", "" },
	{ CK_PERSON_CREDIT_CODE, CK_PERSON_WRONG, "91A50100M000100Y43", "" },
	{ CK_PERSON_CREDIT_CODE, CK_PERSON_WRONG, "91350100M000100Y4", "" },
	{ CK_PERSON_MOBILE, CK_PERSON_RIGHT, "13800138000", "13800138000" },
	{ CK_PERSON_MOBILE, CK_PERSON_RIGHT, "+86 138-0013-8000", "13800138000" },
	{ CK_PERSON_MOBILE, CK_PERSON_RIGHT, "008613800138000", "13800138000" },
	{ CK_PERSON_MOBILE, CK_PERSON_RIGHT, "8613800138000", "13800138000" },
	{ CK_PERSON_MOBILE, CK_PERSON_RIGHT, "１９９１２３４５６７８", "19912345678" },
	{ CK_PERSON_MOBILE, CK_PERSON_WRONG, "12345678901", "" },
	{ CK_PERSON_MOBILE, CK_PERSON_WRONG, "1380013800", "" },
	{ CK_PERSON_MOBILE, CK_PERSON_WRONG, "10086", "" },
	{ CK_PERSON_MOBILE, CK_PERSON_WRONG, "1380013800a", "" },
	{ CK_PERSON_MAIL, CK_PERSON_RIGHT, " li.si@example.com.cn", "li.si@example.com.cn" },
	{ CK_PERSON_MAIL, CK_PERSON_RIGHT, "ａ＠example。com", "a@example.com" },
	{ CK_PERSON_MAIL, CK_PERSON_WRONG, "a@b", "" },
	{ CK_PERSON_MAIL, CK_PERSON_WRONG, "a@@b.cn", "" },
	{ CK_PERSON_MAIL, CK_PERSON_WRONG, "@b.cn", "" },
	{ CK_PERSON_MAIL, CK_PERSON_WRONG, "a@b..cn", "" },
	{ CK_PERSON_MAIL, CK_PERSON_WRONG, "张@b.cn", "" },
	{ CK_PERSON_POSTCODE, CK_PERSON_RIGHT, "200080", "200080" },
	{ CK_PERSON_POSTCODE, CK_PERSON_WRONG, "20008", "" },
	{ CK_PERSON_POSTCODE, CK_PERSON_WRONG, "2000800", "" },
	{ CK_PERSON_POSTCODE, CK_PERSON_WRONG, "20008O", "" },
	{ CK_PERSON_PHONE, CK_PERSON_RIGHT, "021-62077128", "021-62077128" },
	{ CK_PERSON_PHONE, CK_PERSON_RIGHT, "（021） 62077128－3", "02162077128-3" },
	{ CK_PERSON_PHONE, CK_PERSON_RIGHT, "+8621 62077128", "+862162077128" },
	{ CK_PERSON_PHONE, CK_PERSON_WRONG, "1234", "" },
	{ CK_PERSON_PHONE, CK_PERSON_WRONG, "021--62077128", "" },
	{ CK_PERSON_PHONE, CK_PERSON_WRONG, "021-", "" },
	{ CK_PERSON_NAME, CK_PERSON_RIGHT, "　张三 ", "张三" },
	{ CK_PERSON_NAME, CK_PERSON_RIGHT, "Li Si", "Li Si" },
	{ CK_PERSON_NAME, CK_PERSON_WRONG, " 　", "" },
	{ CK_PERSON_NAME, CK_PERSON_WRONG, "a\x1b[2Jb", "" },
	{ CK_PERSON_NAME, CK_PERSON_WRONG, "\xff", "" },
};

static void
vectors(void)
{
	char normal[CK_PERSON_MAX];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		enum ck_person_is is = ck_person_take(rows[i].person, rows[i].typed, today, normal);

		T(is == rows[i].is && strcmp(normal, rows[i].normal) == 0, "%s \"%s\": %s",
		    ck_person_name(rows[i].person), rows[i].typed, normal);
	}
}

static void
bounds(void)
{
	char text[CK_PERSON_MAX + 8] = "", normal[CK_PERSON_MAX];

	for (int i = 0; i < CK_PERSON_CHARS; i++)
		strcat(text, "字");
	T(ck_person_take(CK_PERSON_ADDRESS, text, today, normal) == CK_PERSON_RIGHT &&
		strcmp(normal, text) == 0,
	    "as long as the desk takes it");
	strcat(text, "字");
	T(ck_person_take(CK_PERSON_ADDRESS, text, today, normal) == CK_PERSON_WRONG,
	    "and no longer");
	T(ck_person_take(CK_PERSON_RESIDENT_ID, "110105202611240023", today, normal) ==
		    CK_PERSON_WRONG &&
		ck_person_take(CK_PERSON_RESIDENT_ID, "11010519491231002X",
		    ck_day_make(1949, 12, 30), normal) == CK_PERSON_WRONG &&
		ck_person_take(CK_PERSON_RESIDENT_ID, "11010519491231002X",
		    ck_day_make(1949, 12, 31), normal) == CK_PERSON_RIGHT,
	    "nobody is born tomorrow");
	for (int p = 0; p < CK_PERSONS; p++)
		T(ck_person_from(ck_person_name((enum ck_person)p)) == p, "by its name: %s",
		    ck_person_name((enum ck_person)p));
	T(ck_person_from("age") == -1, "and no other");
}

static void
masks(void)
{
	char shown[CK_PERSON_MAX];

	ck_person_mask(CK_PERSON_RESIDENT_ID, "370105199203190001", shown);
	T_STR(shown, "370105********0001", "a resident id");
	ck_person_mask(CK_PERSON_MOBILE, "15966606660", shown);
	T_STR(shown, "159****6660", "a mobile number");
	ck_person_mask(CK_PERSON_NAME, "张三", shown);
	T_STR(shown, "张三", "a name as it is");
}

static void
owners(void)
{
	static const struct {
		const char *a, *b;
		bool same;
	} pairs[] = {
		{ "上海某某（集团）有限公司", "上海某某(集团)有限公司", true },
		{ "上海某某【集团】有限公司", "上海某某〔集团〕 有限公司", true },
		{ "ＡＢＣ　科技", "abc科技", true },
		{ "Cafe\xCC\x81 Zürich", "Caf\xC3\xA9 Zu\xCC\x88rich", true },
		{ "上海某某有限公司", "上海某有限公司", false },
		{ "上海某某有限公司", "上海某某有限公司分公司", false },
		{ "", "上海", false },
		{ "\xff", "\xff", false },
	};

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		T(ck_person_same(pairs[i].a, pairs[i].b) == pairs[i].same &&
			ck_person_same(pairs[i].b, pairs[i].a) == pairs[i].same,
		    "%s %s %s", pairs[i].a, pairs[i].same ? "is" : "is not", pairs[i].b);
}

int
main(void)
{
	today = ck_day_make(2026, 11, 22);
	vectors();
	bounds();
	masks();
	owners();
	return T_END();
}
