/* Documents that are agreed to: which there are, what is read of them, and what is wrong with one
 * is told with the line that names it. Notices, which stand in the same files. */
#include "t.h"

#include <string.h>
#include <unistd.h>

#include "policy_own.h"

static void
text(const char *name, const char *bytes, size_t n)
{
	char path[sizeof dir + 16];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	f = fopen(path, "w");
	fwrite(bytes, 1, n, f);
	fclose(f);
}

#define ONE "consents = (\n{ name = \"条件\"; version = \"1\"; file = \"terms.txt\"; }\n);"

static void
lists(void)
{
	static const struct {
		const char *more, *wrong;
	} rows[] = {
		{ "consents = 5;", "consents: expected a list of at most 8" },
		{ "consents = ( \"x\" );", "consents: expected groups" },
		{ "consents = ( { version = \"1\"; file = \"x\"; } );",
		    "name: missing in this group" },
		{ "consents = ( { name = \"a\"; file = \"x\"; } );",
		    "version: missing in this group" },
		{ "consents = ( { name = \"a\"; version = \"1\"; } );",
		    "file: missing in this group" },
		{ "consents = ( { name = \"a\"; version = 1; file = \"x\"; } );",
		    "version: expected a text of 1 to 31 bytes" },
		{ "consents = ( { name = \"a\"; version = \"1\"; file = \"x\"; sha = \"0\"; } );",
		    "sha: unknown setting" },
		{ "consents = ( { name = \"a\"; version = \"1\"; file = \"x\"; },\n"
		  "{ name = \"a\"; version = \"2\"; file = \"y\"; } );",
		    ":2: name: \"a\" stands there twice" },
		{ "notice = 5;", "notice: expected a group" },
		{ "notice = { cost = { zh = \"零\"; }; };", "en: missing in this group" },
		{ "notice = { cost = { en = \"0\"; }; };", "zh: missing in this group" },
		{ "notice = { price = { zh = \"零\"; en = \"0\"; }; };", "price: unknown setting" },
		{ "notice = { bring = \"key\"; };", "bring: expected a group" },
	};
	struct ck_policy p;
	struct ck_err err;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		T(with(rows[i].more, &p, &err) == -1 && err.code == CK_E_CONFIG &&
			strstr(err.detail, rows[i].wrong) != NULL,
		    "told: %s", rows[i].wrong);
	T(with("", &p, &err) == 0 && p.n_consents == 0 && p.notice[CK_NOTICE_COST].zh[0] == '\0',
	    "neither need be there");
	T(with("notice = { takes = { zh = \"一分钟\"; en = \"a minute\"; }; };", &p, &err) == 0 &&
		p.notice[CK_NOTICE_BRING].en[0] == '\0',
	    "one notice of three");
	T_STR(p.notice[CK_NOTICE_TAKES].en, "a minute", "in its place");
	T_STR(ck_notice_name(CK_NOTICE_TAKES), "takes", "and by its name");
}

static void
wrong(const struct ck_policy *p, const char *what)
{
	struct ck_document d;
	struct ck_err err = { 0 };

	T(ck_consent_read(&p->consents[0], &d, &err) == -1 && err.code == CK_E_CONFIG &&
		d.text == NULL && strstr(err.detail, "/own.conf:2: file: ") != NULL &&
		strstr(err.detail, what) != NULL,
	    "told with its line: %s", err.detail);
	err.code = CK_E_NONE;
	T(ck_consents_judge(p, &err) == -1, "and the system renews nothing");
}

static void
bad_texts(const struct ck_policy *p)
{
	size_t most = 128 * 1024;
	char *big = calloc(1, most + 1), path[sizeof dir + 16];

	snprintf(path, sizeof path, "%s/terms.txt", dir);
	unlink(path);
	wrong(p, "terms.txt: cannot be read");
	memset(big, 'x', most + 1);
	text("terms.txt", big, most + 1);
	wrong(p, "longer than 131072 bytes");
	text("terms.txt", "好\xff", 4);
	wrong(p, "not UTF-8 from byte 4 on");
	text("terms.txt", "a\0b", 3);
	wrong(p, "no text");
	text("terms.txt", "\xEF\xBB\xBF \r\n\t\n", 8);
	wrong(p, "nothing in it to be agreed to");
	text("terms.txt", big, most);
	T(ck_consents_judge(p, NULL) == 0, "as long as it may be");
	free(big);
}

static void
texts(void)
{
	/* of the bytes as they are, mark and line ends included */
	static const char bytes[] = "\xEF\xBB\xBF一\r\n\x1b[2J二 \t\r\n\r\n   三\xE2\x80\xAE\n\n\n";
	struct ck_document d, other;
	struct ck_policy p;
	struct ck_err err;

	T(with(ONE, &p, &err) == 0 && p.n_consents == 1, "one document%s", err.detail);
	bad_texts(&p);
	text("terms.txt", bytes, sizeof bytes - 1);
	T(ck_consent_read(&p.consents[0], &d, &err) == 0, "read%s", err.detail);
	T_STR(
	    d.text, "一\n\xEF\xBF\xBD[2J二\n\n   三", "lines, and nothing that controls anything");
	T_STR(d.sha256, "87ddc4d7e8908057eed8da678271b85482c40a64a42e95a2a93a29394373a4c9",
	    "of its bytes");
	text("terms.txt", bytes, sizeof bytes - 2);
	T(ck_consent_read(&p.consents[0], &other, &err) == 0 && strcmp(other.text, d.text) == 0 &&
		strcmp(other.sha256, d.sha256) != 0,
	    "a byte less is another document");
	ck_document_free(&d);
	ck_document_free(&other);
}

/* as they come with the program */
static void
shipped(void)
{
	static const struct {
		const char *id;
		size_t consents;
		bool cost, bring, takes;
	} rows[] = {
		{ "sheca-cisweb", 0, true, true, false },
		{ "sheca-issp", 0, true, true, true },
		{ "sd-bianban", 1, true, true, true },
		{ "sdca-dezhou", 0, true, true, false },
		{ "szca-cgn", 0, true, true, true },
	};
	struct ck_policy p;
	struct ck_err err = { 0 };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		T(ck_policy_find("core/policy/systems", rows[i].id, &p, &err) == 0 &&
			p.n_consents == rows[i].consents && ck_consents_judge(&p, &err) == 0,
		    "%s: its documents%s", rows[i].id, err.detail);
		T((p.notice[CK_NOTICE_COST].zh[0] != '\0') == rows[i].cost &&
			(p.notice[CK_NOTICE_BRING].zh[0] != '\0') == rows[i].bring &&
			(p.notice[CK_NOTICE_TAKES].zh[0] != '\0') == rows[i].takes,
		    "and what is told of it");
	}
}

int
main(void)
{
	dir_start();
	lists();
	texts();
	shipped();
	T(dir_end() == 0, "nothing is left");
	return T_END();
}
