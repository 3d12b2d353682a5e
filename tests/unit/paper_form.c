/* What a form refuses, what it shows of a record's fields, and that the same gives the same. */
#include "paper_page.h"

#include "certkiosk/paper.h"

static int
page_of(const char *text, const json_t *fields, struct ck_err *err)
{
	struct ck_buf pdf = { 0 };
	int rc = 0;

	lab_put("a.conf", text, strlen(text));
	memset(err, 0, sizeof *err);
	rc = lab_make(lab_dir, "a", fields, NULL, NULL, &pdf, err);
	ck_buf_free(&pdf);
	return rc;
}

/* ---- files ---- */

static void
wrong_file(const char *text, const char *line_and_why)
{
	json_t *none = json_object();
	struct ck_err err = { 0 };
	size_t n = strlen(lab_dir);

	T(page_of(text, none, &err) == -1 && err.code == CK_E_CONFIG, "refused: %s", line_and_why);
	T_STR(strncmp(err.detail, lab_dir, n) == 0 ? err.detail + n : err.detail, line_and_why,
	    "said with file and line: %s", line_and_why);
	json_decref(none);
}

#define CELLS(c) "title = \"T\";\nsections = ( { cells = (\n" c "\n); } );\n"
#define OPTIONS(v1, l1, v2, l2) \
	CELLS("{ field = \"b\"; kind = \"choice\"; options = ( { value = \"" v1 \
	      "\"; label = \"" l1 "\"; },\n{ value = \"" v2 "\"; label = \"" l2 "\"; } ); }")
#define CLAUSE(t) "title = \"T\";\nsections = ( { clauses = ( { text = \"" t "\"; } ); } );\n"

static void
wrong_files(void)
{
	wrong_file("sections = ();\n", "/a.conf: title: missing");
	wrong_file("title = \"T\";\nsections = ();\n", "/a.conf:2: sections: the list is empty");
	wrong_file("title = \"T\";\nsections = ( { heading = \"H\"; } );\n",
	    "/a.conf:2: heading: a section has one of cells, clauses, lines, boxes, rows");
	wrong_file("title = \"T\";\nsections = ( { lines = (); clauses = (); } );\n",
	    "/a.conf:2: lines: a section has one of cells, clauses, lines, boxes, rows");
	wrong_file(CELLS("{ label = \"L\"; field = \"a b\"; }"),
	    "/a.conf:3: field: a field is named by a-z 0-9 _");
	wrong_file(CELLS("{ label = \"L\"; field = \"pages\"; }"),
	    "/a.conf:3: field: pages is no field, it stands only in texts");
	wrong_file(CELLS("{ label = \"L\"; field = \"a\"; text = \"b\"; }"),
	    "/a.conf:3: text: a cell has a field or a text");
	wrong_file(CELLS("{ label = \"L\"; field = \"a\"; kind = \"choice\"; }"),
	    "/a.conf:3: options: missing in this group");
	wrong_file(CELLS("{ label = \"L\"; field = \"a\"; kind = \"day\"; }"),
	    "/a.conf:3: kind: expected one of \"text\" \"date\" \"time\" \"id\" \"phone\" "
	    "\"serial\" \"word\" \"choice\", found \"day\"");
	wrong_file(
	    CELLS("{ label = \"L\"; field = \"a\"; kind = \"date\"; },\n{ text = \"{a:time}\"; }"),
	    "/a.conf:4: text: a is a date elsewhere");
	wrong_file(CELLS("{ label = \"L\"; feild = \"a\"; }"), "/a.conf:3: feild: unknown setting");
	wrong_file(CELLS("{ label = \"L\"; span = 3; }"),
	    "/a.conf:3: span: expected a whole number from 1 to 2, found 3");
	wrong_file(CELLS("{ label = \"L\"; when = \"b\"; }"),
	    "/a.conf:3: when: b itself stands nowhere on this form, or not always");
	wrong_file(
	    CELLS("{ field = \"b\"; unless = \"c\"; },\n{ field = \"c\"; },\n{ unless = \"b\"; }"),
	    "/a.conf:5: unless: b itself stands nowhere on this form, or not always");
	wrong_file(CELLS("{ field = \"b\"; }, { when = \"b=\"; }"),
	    "/a.conf:3: when: behind = belongs a value");
	wrong_file(CELLS("{ field = \"b\"; kind = \"choice\"; options = ( { value = \"x\"; label = "
			 "\"X\"; } ); },\n{ when = \"b=y\"; }"),
	    "/a.conf:4: when: y is none of the options of b");
	wrong_file(CELLS("{ field = \"b\"; when = \"b=x\"; },\n{ when = \"b\"; }"),
	    "/a.conf:3: when: b itself stands nowhere on this form, or not always");
	wrong_file(CLAUSE("{a"), "/a.conf:2: text: a { has no }");
	wrong_file(CLAUSE("{}"), "/a.conf:2: text: between { and } belongs a field: a-z 0-9 _");
	wrong_file(CLAUSE("{a:day}"), "/a.conf:2: text: {a:day}: no such kind");
	wrong_file(CLAUSE("[x [y]]"), "/a.conf:2: text: a [ within a [");
	wrong_file(CLAUSE("[x"), "/a.conf:2: text: a [ has no ]");
	wrong_file("title = \"T\";\ncode_mm = 20;\n",
	    "/a.conf:2: code_mm: expected a whole number from 28 to 70, found 20");
	wrong_file("title = \"T;\n", "/a.conf:2: syntax error");
	wrong_file(CLAUSE("{page}"), "/a.conf:2: text: {page} stands in page alone");
	wrong_file("title = \"T\";\nfooter = \"{pages}\";\n",
	    "/a.conf:2: footer: {pages} stands in page alone");
	wrong_file(OPTIONS("x", "X", "x", "Y"), "/a.conf:4: value: x is there already");
	wrong_file(OPTIONS("x", "X", "y", "X"), "/a.conf:4: label: X is there already");
	wrong_file(OPTIONS("x", "y", "y", "Y"), "/a.conf:4: value: y is there already");
	wrong_file(OPTIONS("x", "X", "y", "x"), "/a.conf:4: label: x is there already");
}

static void
unknown(void)
{
	static const char *const names[] = { "nothing", "../forms/sheca-renewal", "", "A",
		"a-name-that-is-far-too-long-for-the-code" };
	struct ck_form *f = NULL;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct ck_err err = { 0 };

		T(ck_form_open(LAB_FORMS, names[i], &f, &err) == -1 &&
			err.code == CK_E_FORM_UNKNOWN,
		    "no form \"%s\"", names[i]);
	}
}

static int
count_forms(void *u, const char *name, const struct ck_form *form, const struct ck_err *why)
{
	int *seen = u;

	(void)name;
	seen[form != NULL]++;
	seen[2] += form == NULL && why->code == CK_E_CONFIG;
	return 0;
}

static void
folder(void)
{
	int seen[3] = { 0, 0, 0 };
	struct ck_err err = { 0 };

	T(ck_form_each(LAB_FORMS, count_forms, seen, &err) == 0 && seen[1] == 6 && seen[0] == 0,
	    "six forms come with the program, none is wrong");
	lab_put("b.conf", "title = 1;", 10);
	lab_put("No_Name.conf", "title = 1;", 10);
	lab_put("a.conf", CLAUSE("x"), sizeof CLAUSE("x") - 1);
	memset(seen, 0, sizeof seen);
	T(ck_form_each(lab_dir, count_forms, seen, &err) == 0 && seen[1] == 1 && seen[2] == 2,
	    "of a site's folder each that is wrong is told, and the others still");
	T(ck_form_each("nowhere", count_forms, seen, &err) == -1 && err.code == CK_E_CONFIG,
	    "a folder that is not there");
}

/* certkiosk-forms(5) ends with a form for people to begin with. */
static void
manual(void)
{
	char *page = lab_file("printer/certkiosk-forms.5", NULL);
	char *from = strstr(page, "\ntitle = "), *to = from != NULL ? strstr(from, "\n.Ed") : NULL;
	json_t *fields = lab_renewal();
	struct ck_err err = { 0 };

	if (to != NULL)
		*to = '\0';
	T(to != NULL && page_of(from, fields, &err) == 1, "the manual's example is a form %s",
	    err.detail);
	json_decref(fields);
	free(page);
}

/* ---- fields ---- */

struct gathered {
	char text[16384];
};

static int
gather(void *u, const char *line)
{
	struct gathered *g = u;
	size_t n = strlen(g->text);

	snprintf(g->text + n, sizeof g->text - n, "%s\n", line);
	return 0;
}

/* what a form of these cells says of them, without its title; "" when it says nothing at all */
static const char *
says(const char *text, const char *fields, struct ck_err *err)
{
	static struct gathered g;
	const struct ck_form_copy copy = { .number = LAB_NUMBER, .made = LAB_MADE };
	struct ck_form *form = NULL;
	struct ck_sheet *sheet = NULL;
	json_t *j = json_loads(fields, 0, NULL);

	g.text[0] = '\0';
	memset(err, 0, sizeof *err);
	lab_put("a.conf", text, strlen(text));
	if (ck_form_open(lab_dir, "a", &form, err) == 0 &&
	    ck_form_lay(form, j, &copy, &sheet, err) == 0)
		ck_sheet_text(sheet, gather, &g, err);
	ck_sheet_free(sheet);
	ck_form_free(form);
	json_decref(j);
	return strncmp(g.text, "T\n\n", 3) == 0 ? g.text + 3 : g.text;
}

static void
shown(void)
{
	static const struct {
		const char *kind, *value, *want;
	} cases[] = {
		{ "text", "  a \\t b\\r\\n c ", "a b c" },
		{ "text", "\\u202egnp.exe\\u200b", "gnp.exe" },
		{ "date", "2026-02-28", "2026年2月28日" },
		{ "date", "2026-11-30T23:59:59+08:00", "2026年11月30日" },
		{ "date", "2026-11-30T16:00:00Z", "2026年12月1日" },
		{ "date", "2026-02-30", "2026-02-30" },
		{ "time", "2026-11-20T02:32:59Z", "2026年11月20日 10:32" },
		{ "id", "370105199203190001", "370105********0001" },
		{ "id", "E12345678", "E1*****78" },
		{ "phone", "15966606660", "159****6660" },
		{ "phone", "+8615966606660", "+86159****6660" },
		{ "serial", "4a:5b:00:00:12", "4A5B 0000 12" },
		{ "serial", "no hex", "no hex" },
	};
	struct ck_err err = { 0 };

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char form[256], fields[256], want[256];

		snprintf(form, sizeof form,
		    CELLS("{ label = \"L\"; field = \"f\"; kind = \"%s\"; }"), cases[i].kind);
		snprintf(fields, sizeof fields, "{\"f\":\"%s\"}", cases[i].value);
		snprintf(want, sizeof want, "L：%s\n", cases[i].want);
		T_STR(says(form, fields, &err), want, "%s %s", cases[i].kind, cases[i].value);
		/* what a person copies off the paper comes out the same */
		snprintf(fields, sizeof fields, "{\"f\":\"%s\"}", cases[i].want);
		T_STR(says(form, fields, &err), want, "and again %s", cases[i].want);
	}
}

static void
texts(void)
{
	struct ck_err err = { 0 };

	T_STR(says(CLAUSE("{a}[ und {b}][, {c}]."), "{\"a\":\"1\",\"c\":\"3\"}", &err),
	    "1. 1, 3.\n", "a part with an empty field is left out");
	T_STR(says(CLAUSE("{{a}} [[x] {a}"), "{}", &err), "1. {a}} [x] ＿＿＿＿＿＿\n",
	    "brackets twice stand for themselves, and room is left to write by hand");
	T_STR(says(CLAUSE("{number}"), "{\"number\":\"X\"}", &err), "1. " LAB_NUMBER "\n",
	    "the record's number is no field");
	T_STR(says(CELLS("{ label = \"A\"; field = \"a\"; }, { label = \"B\"; when = \"a\"; },\n"
			 "{ label = \"C\"; unless = \"a\"; }"),
		  "{\"a\":\" \"}", &err),
	    "A：\nC：\n", "blanks are nothing");
	T_STR(
	    says(
		"title = \"T\";\nsections = ( { cells = ( { label = \"A\"; field = \"a\"; } ); },\n"
		"{ heading = \"H\"; lines = ( { text = \"x\"; when = \"a\"; } ); } );\n",
		"{}", &err),
	    "A：\n", "a heading with nothing below it is none");
}

static void
choices(void)
{
	static const char hanging[] = CELLS(
	    "{ label = \"f\"; field = \"f\"; kind = \"choice\"; options = (\n"
	    "{ value = \"a\"; label = \"Eins\"; }, { value = \"b\"; label = \"Zwei\"; } ); },\n"
	    "{ label = \"A\"; unless = \"f=b\"; }, { label = \"B\"; when = \"f=b\"; }");
	static const char form[] = CELLS(
	    "{ label = \"L\"; field = \"f\"; kind = \"choice\"; options = (\n"
	    "{ value = \"a\"; label = \"Eins\"; }, { value = \"b\"; label = \"Zwei\"; } ); }");
	static const char word[] = CELLS(
	    "{ label = \"L\"; field = \"f\"; kind = \"word\"; options = (\n"
	    "{ value = \"a\"; label = \"Eins\"; }, { value = \"b\"; label = \"Zwei\"; } ); },\n"
	    "{ label = \"A\"; unless = \"f=b\"; }, { text = \"{f}!\"; when = \"f=b\"; }");
	struct ck_err err = { 0 };

	T_STR(says(word, "{\"f\":\"b\"}", &err), "L：Zwei\nZwei!\n", "a word stands alone");
	T_STR(says(word, "{\"f\":\"Eins\"}", &err), "L：Eins\nA：\n", "as it stands on paper");
	T_STR(says(word, "{\"f\":\"c\"}", &err), "", "another is none");
	T(err.code == CK_E_FORM_FIELD, "but a wrong field");
	T_STR(says(form, "{\"f\":\"b\"}", &err), "L：□ Eins　 ■ Zwei\n", "one is chosen");
	T_STR(says(form, "{\"f\":\"Zwei\"}", &err), "L：□ Eins　 ■ Zwei\n", "by its label too");
	T_STR(says(form, "{}", &err), "L：□ Eins　 □ Zwei\n", "none is");
	T_STR(
	    says(hanging, "{\"f\":\"b\"}", &err), "f：□ Eins　 ■ Zwei\nB：\n", "what hangs on it");
	T_STR(says(hanging, "{\"f\":\"Zwei\"}", &err), "f：□ Eins　 ■ Zwei\nB：\n",
	    "as it stands on the paper");
	T_STR(says(hanging, "{\"f\":\"a\"}", &err), "f：■ Eins　 □ Zwei\nA：\n", "or on another");
	T_STR(says(form, "{\"f\":\"c\"}", &err), "", "what is none of them is refused");
	T(err.code == CK_E_FORM_FIELD, "and is a wrong field");
	T_STR(err.detail, "L (f): c", "by name");
}

static void
refused(void)
{
	static const char form[] = CELLS("{ label = \"姓名\"; field = \"f\"; required = true; }");
	static const struct {
		const char *value, *detail;
		enum ck_code code;
	} cases[] = {
		{ "", "姓名 (f)", CK_E_FORM_FIELD },
		{ " \\n", "姓名 (f)", CK_E_FORM_FIELD },
		{ "\\u00a0", "姓名 (f)", CK_E_FORM_FIELD },
		{ "\\u3000 \\u2003", "姓名 (f)", CK_E_FORM_FIELD },
		{ "\\u001b[31mx", "U+001B: 姓名 (f)", CK_E_FORM_GLYPH },
		{ "a\\u009bb", "U+009B: 姓名 (f)", CK_E_FORM_GLYPH },
		{ "a\\ue000", "U+E000: 姓名 (f)", CK_E_FORM_GLYPH },
		{ "王\\ud869\\uded6", "U+2A6D6 𪛖: 姓名", CK_E_FORM_GLYPH },
		{ "\\u0626", "U+0626 ئ: 姓名", CK_E_FORM_GLYPH },
		{ "\\ud83d\\ude00", "U+1F600 😀: 姓名", CK_E_FORM_GLYPH },
	};
	char fields[20000];
	struct ck_err err = { 0 };

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		snprintf(fields, sizeof fields, "{\"f\":\"%s\"}", cases[i].value);
		says(form, fields, &err);
		T(err.code == cases[i].code, "refused: \"%s\"", cases[i].value);
		T_STR(err.detail, cases[i].detail, "by name: %s", cases[i].detail);
	}
	memset(fields, 'x', sizeof fields);
	memcpy(fields, "{\"f\":\"", 6);
	memcpy(fields + 6 + 10000, "\"}", 3);
	T_STR(says(form, fields, &err), "", "ten thousand letters are no field");
	T(err.code == CK_E_FORM_TOO_LONG, "but too long");
	T_STR(says(form, "{\"f\":7}", &err), "", "a number is no text");
	T(err.code == CK_E_FORM_FIELD, "so the field is missing");
	T_STR(says(form, "{\"f\":\"𠮷㛃䶮\"}", &err), "姓名：𠮷㛃䶮\n", "rare characters we have");
}

/* ---- tables ---- */

#define TABLE \
	"title = \"T\";\nsections = ( { heading = \"H\"; rows = (\n" \
	"{ label = \"A\"; field = \"a\"; span = 2; },\n" \
	"{ label = \"B\"; text = \"{b}[ {c:date}]\"; when = \"d\"; } ); },\n" \
	"{ cells = ( { label = \"D\"; field = \"d\"; } ); } );\n"
#define WORDS \
	TABLE "words = ( { field = \"b\"; options = ( { value = \"x\"; label = \"Eins\"; },\n" \
	      "{ value = \"*\"; label = \"Viele\"; } ); } );\n"

static void
tables(void)
{
	struct ck_err err = { 0 };

	T_STR(says(TABLE, "{\"a_1\":\"1\",\"b_1\":\"2\",\"a_2\":\"3\",\"b_2\":\"4\","
			  "\"c_2\":\"2026-11-20\",\"d\":\"5\",\"a\":\"6\"}",
		  &err),
	    "H\nA　B\n1　2\n3　4 2026年11月20日\n\nD：5\n", "a row each, heads above");
	T_STR(says(TABLE, "{\"a_1\":\"1\",\"b_1\":\"2\"}", &err), "H\nA\n1\n\nD：\n",
	    "a column may hang on the record");
	T_STR(says(TABLE, "{\"d\":\"5\",\"a_2\":\"1\"}", &err), "D：5\n",
	    "no first row, no table");
	T_STR(says(WORDS, "{\"b_1\":\"x\",\"b_2\":\"y\",\"d\":\"5\"}", &err),
	    "H\nA　B\n　Eins\n　Viele\n\nD：5\n", "words for what stands in a text, and for all others");
	wrong_file("title = \"T\";\nsections = ( { rows = ( { field = \"a\"; } ); },\n"
		   "{ lines = ( { text = \"{a}\"; } ); } );\n",
	    "/a.conf:3: text: a is a field of rows, and of none");
	wrong_file("title = \"T\";\nsections = ( { rows = ( { field = \"a\"; },\n"
		   "{ label = \"B\"; when = \"a\"; } ); } );\n",
	    "/a.conf:3: when: a itself stands nowhere on this form, or not always");
	wrong_file(CLAUSE("{a}") "words = ( { field = \"b\"; options = (); } );\n",
	    "/a.conf:3: field: b stands nowhere on this form");
}

static int
count_line(void *u, const char *line)
{
	int *n = u;

	*n += strcmp(line, "A　B") == 0;
	return 0;
}

/* so many rows that they take pages: none is lost, and each page begins with the heads */
static void
long_table(void)
{
	enum { ROWS = 200 };
	const struct ck_form_copy copy = { .number = LAB_NUMBER, .made = LAB_MADE };
	struct ck_form *form = NULL;
	struct ck_sheet *sheet = NULL;
	struct ck_err err = { 0 };
	json_t *fields = json_pack("{s:s}", "d", "5");
	char name[16];
	int heads = 0;

	for (int i = 1; i <= ROWS; i++) {
		snprintf(name, sizeof name, "a_%d", i);
		json_object_set_new(fields, name, json_sprintf("row %d", i));
	}
	lab_put("a.conf", TABLE, sizeof TABLE - 1);
	T(ck_form_open(lab_dir, "a", &form, &err) == 0 &&
		ck_form_lay(form, fields, &copy, &sheet, &err) == 0,
	    "laid out %s", err.detail);
	T(ck_sheet_pages(sheet) > 2, "on %d pages", ck_sheet_pages(sheet));
	ck_sheet_text(sheet, count_line, &heads, &err);
	T(heads == 1, "as text its heads stand once");
	ck_sheet_free(sheet);
	ck_form_free(form);
	for (int i = 1; i <= 30 * ROWS; i++) {
		snprintf(name, sizeof name, "a_%d", i);
		json_object_set_new(fields, name, json_sprintf("row %d", i));
	}
	T(page_of(TABLE, fields, &err) == -1 && err.code == CK_E_FORM_TOO_LONG,
	    "more than sixteen pages are too many");
	json_decref(fields);
}

static int
note_lacking(void *u, const char *field, const char *character)
{
	char *all = u;

	strcat(strcat(strcat(strcat(all, field), " "), character), "\n");
	return 0;
}

/* "FIELD CHARACTER" a line */
static const char *
lacking(const char *text, const char *fields)
{
	static char all[512];
	json_t *j = json_loads(fields, 0, NULL);
	struct ck_form *form = NULL;
	struct ck_err err = { 0 };

	all[0] = '\0';
	lab_put("a.conf", text, strlen(text));
	T(ck_form_open(lab_dir, "a", &form, &err) == 0 &&
		ck_form_lacks(form, j, note_lacking, all, &err) == 0,
	    "looked at %s %s", fields, err.detail);
	ck_form_free(form);
	json_decref(j);
	return all;
}

static void
coverage(void)
{
	static const char form[] =
	    CELLS("{ field = \"f\"; }, { text = \"[{g}]\"; }, { field = \"h\"; }");

	T_STR(lacking(form, "{\"f\":\"王𠮷 㛃䶮 Ltd.\",\"g\":\" \",\"h\":7}"), "",
	    "this can be printed");
	T_STR(lacking(form, "{\"f\":\"王𪛖😀\",\"g\":\"a\\ue000\",\"h\":\"\\u001b\"}"),
	    "f U+2A6D6 𪛖\ng U+E000\nh U+001B\n",
	    "this cannot, and which character of which field");
	T_STR(lacking(form, "{\"f\":\"王\",\"other\":\"𪛖\"}"), "",
	    "what it does not show is nothing to it");
	T_STR(lacking(TABLE, "{\"a_1\":\"王\",\"a_2\":\"𪛖\",\"b_3\":\"x\",\"a\":\"𪛖\"}"),
	    "a_2 U+2A6D6 𪛖\n", "in which row of a table");
}

/* ---- digest ---- */

static const char digest_form[] =
    "title = \"T\";\nsections = (\n"
    "{ cells = ( { field = \"b\"; kind = \"date\"; }, { field = \"a\"; kind = \"id\"; },\n"
    "{ field = \"way\"; }, { field = \"hidden\"; unless = \"way\"; } ); },\n"
    "{ clauses = ( { text = \"[{x} and {y}]\"; } ); } );\n";

static void
digest(const char *fields, char hex[65])
{
	struct ck_form *form = NULL;
	struct ck_err err = { 0 };
	unsigned char d[32] = { 0 };
	json_t *j = json_loads(fields, 0, NULL);

	lab_put("a.conf", digest_form, sizeof digest_form - 1);
	T(ck_form_open(lab_dir, "a", &form, &err) == 0 && ck_form_digest(form, j, d, &err) == 0,
	    "digest of %s", fields);
	ck_form_free(form);
	json_decref(j);
	ck_hex(d, sizeof d, hex);
}

static void
digests(void)
{
	/* printf 'a=370105********0001\nb=2026年11月20日\nway=x\n' | sha256sum */
	static const char want[] =
	    "74a8ee58bea27a119423dbc8af7a30c16ae6a7c9ef62cb993d0a700c722b91d8";
	static const char *const same[] = {
		"{\"a\":\"370105199203190001\",\"b\":\"2026-11-20\",\"way\":\"x\"}",
		"{\"way\":\" x\",\"b\":\"2026年11月20日\\r\\n\",\"a\":\"370105********0001\"}",
		"{\"way\":\"x\",\"b\":\"2026-11-20T00:00:00+08:00\",\"a\":\"370105********0001\",\"q\":\"1\"}",
		"{\"way\":\"x\",\"b\":\"2026-11-20\",\"a\":\"370105********0001\",\"hidden\":\"1\","
		"\"x\":\"left out with y\"}",
	};
	char hex[65];

	for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
		digest(same[i], hex);
		T_STR(hex, want, "the same on paper is the same digest (%zu)", i);
	}
	digest("{\"a\":\"370105********0002\",\"b\":\"2026-11-20\",\"way\":\"x\"}", hex);
	T(strcmp(hex, want) != 0, "another letter is another");
	digest("{\"a\":\"370105********0001\",\"b\":\"2026-11-20\",\"way\":\"x\",\"x\":\"1\","
	       "\"y\":\"2\"}",
	    hex);
	T(strcmp(hex, want) != 0, "another field on it is another");
	digest("{}", hex);
	T_STR(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	    "of nothing it is that of nothing");
}

/* ---- pages ---- */

/* so many clauses of so many letters, behind a grid and before boxes */
static char *
long_form(int clauses, int letters)
{
	struct ck_buf b = { 0 };
	const char head[] = "title = \"T\";\nsections = ( { cells = ( { field = \"f\"; } ); },\n"
			    "{ clauses = (\n";
	const char tail[] = "); },\n{ boxes = ( { label = \"签字\"; seal = true; } ); } );\n";

	ck_buf_add(&b, head, strlen(head));
	for (int i = 0; i < clauses; i++) {
		ck_buf_add(&b, i > 0 ? ",{ text = \"" : "{ text = \"", i > 0 ? 11 : 10);
		for (int k = 0; k < letters; k++)
			ck_buf_add(&b, k % 19 == 18 ? "，" : "条", 3);
		ck_buf_add(&b, "。\"; }\n", 8);
	}
	ck_buf_add(&b, tail, strlen(tail));
	return (char *)b.p;
}

static void
pages(void)
{
	json_t *fields = json_pack("{s:s}", "f", "x");
	char *forty = long_form(40, 150), *sixty = long_form(64, 1300);
	struct ck_err err = { 0 };

	T(page_of(forty, fields, &err) == 4, "forty paragraphs fill four pages");
	T(page_of(sixty, fields, &err) == -1 && err.code == CK_E_FORM_TOO_LONG,
	    "what fills more than %d is refused", CK_PAPER_PAGES_MAX);
	T(page_of(CELLS("{ field = \"f\"; lines = 20; }, { field = \"g\"; lines = 20; },\n"
			"{ field = \"h\"; lines = 20; span = 2; }, { lines = 20; span = 2; }"),
	      fields, &err) == 3,
	    "a row is on one page");
	free(forty);
	free(sixty);
	json_decref(fields);
}

static void
tall_row(void)
{
	char value[1001];
	json_t *fields = NULL;
	struct ck_err err = { 0 };

	memset(value, 'W', sizeof value - 1);
	value[sizeof value - 1] = '\0';
	fields = json_pack("{s:s}", "f", value);
	T(page_of("title = \"T\";\nsections = ( { columns = 4; cells = (\n"
		  "{ label = \"LLLLLLLLLLLLLLLLLLLL\"; field = \"f\"; }, { span = 3; } ); } );\n",
	      fields, &err) == -1 &&
		err.code == CK_E_FORM_TOO_LONG,
	    "a row higher than a page is refused");
	json_decref(fields);
}

static void
same_bytes(void)
{
	json_t *fields = lab_renewal();
	struct ck_buf a = { 0 }, b = { 0 }, copy = { 0 };
	struct ck_err err = { 0 };

	T(lab_make(LAB_FORMS, "sheca-renewal", fields, NULL, LAB_CODE, &a, &err) == 1 &&
		lab_make(LAB_FORMS, "sheca-renewal", fields, NULL, LAB_CODE, &b, &err) == 1,
	    "made twice");
	T(a.n == b.n && memcmp(a.p, b.p, a.n) == 0, "the same bytes");
	T(a.n < 250 * 1024, "less than 250 KB: %zu", a.n);
	T(memcmp(a.p, "%PDF-1.4", 8) == 0, "version 1.4");
	T(memmem(a.p, a.n, "\nxref\n", 6) != NULL && memmem(a.p, a.n, "/ObjStm", 7) == NULL,
	    "with a classical table of references");
	T(lab_make(LAB_FORMS, "sheca-renewal", fields, "补打第1次", LAB_CODE, &copy, &err) == 1,
	    "a copy has as many pages");
	b.max = 1000;
	ck_buf_free(&b);
	b.max = 1000;
	T(lab_make(LAB_FORMS, "sheca-renewal", fields, NULL, LAB_CODE, &b, &err) == -1 &&
		err.code == CK_E_FORM_TOO_LONG,
	    "more bytes than wanted are refused");
	ck_buf_free(&a);
	ck_buf_free(&b);
	ck_buf_free(&copy);
	json_decref(fields);
}

static void
fontless(void)
{
	struct ck_form *form = NULL;
	struct ck_err err = { 0 };

	T(ck_form_open(LAB_FORMS, "sheca-renewal", &form, &err) == 0, "a form");
	setenv("FONTCONFIG_SYSROOT", lab_dir, 1);
	T(ck_form_drawable(form, &err) == -1 && err.code == CK_E_CONFIG,
	    "a machine without the font");
	T_STR(err.detail, "Noto Serif CJK SC: this font is not installed", "is told which");
	unsetenv("FONTCONFIG_SYSROOT");
	ck_form_free(form);
}

int
main(void)
{
	lab_start();
	wrong_files();
	unknown();
	shown();
	texts();
	choices();
	refused();
	coverage();
	digests();
	tables();
	long_table();
	pages();
	tall_row();
	same_bytes();
	manual();
	folder();
	fontless();
	lab_end();
	return T_END();
}
