/* What the desk wants before it issues, as screens: prices, a page of fields, codes for a phone,
 * review and papers; what keys do there, and that nothing typed stays behind. */
#include "screens_stand.h"

#include "../../tui/screens/course.h"

enum who { CLERK, CUSTOMER, BARE };

static const struct golden_person bare = { .ascii = true, .hotline = "400-112-3838" };
static const struct golden_person *const persons[] = {
	[CLERK] = &lines_clerk, [CUSTOMER] = &lines_customer, [BARE] = &bare
};

#define ASK(name, fields, facts, rest) \
	"{\"ask\":\"" name "\",\"id\":1,\"fields\":[" fields "],\"facts\":{" facts "}" rest "}"
#define CHOICE(name, choices) \
	"{\"name\":\"" name "\",\"kind\":\"choice\",\"min\":1,\"max\":1,\"choices\":[" choices "]}"
#define VALUE(v) "{\"value\":\"" v "\",\"label\":\"" v "\"}"
#define TEXT(name, min, max, set) \
	"{\"name\":\"" name "\",\"kind\":\"text\",\"min\":" #min ",\"max\":" #max \
	",\"charset\":\"" set "\"}"
#define ERROR(code, name, detail) \
	",\"error\":{\"code\":" #code ",\"name\":\"" name \
	"\",\"whose\":\"customer\",\"key\":\"safe\",\"detail\":\"" detail "\"}"
#define UNTIL "1795229874" /* five minutes from now */
/* a hundred characters, as the longest links to pay by */
#define LINK \
	"https://qr.pay.example.cn/o/9f06dd437aeb660959257a0ea21932e93f4a9bc48517eea5a5454b6a07778bf6" \
	"aaaaaaaa"
#define LONGER LINK LINK
#define HOSTILE "\\u001b[2J\\u202e照片\\u200b看不清"
#define LONG "营业执照照片模糊，看不清统一社会信用代码的后四位，并且没有加盖单位公章，请重新拍照"

#define AGENT_FIELDS \
	TEXT("name", 1, 60, "any") \
	"," TEXT("resident-id", 1, 20, "any") "," TEXT("mobile", 1, 20, "any") "," TEXT( \
	    "mail", 1, 60, "any")
#define INVOICE_FIELDS \
	CHOICE("want", VALUE("yes") "," VALUE("no")) \
	"," TEXT("title", 0, 100, "any") "," TEXT("tax-id", 0, 40, "any") "," TEXT( \
	    "address", 0, 100, "any") "," TEXT("phone", 0, 40, "any") "," TEXT("bank", 0, 100, \
	    "any") "," TEXT("mail", 0, 60, "any") "," TEXT("mobile", 0, 20, \
	    "any") "," TEXT("postcode", 0, 10, "any")
#define VALUES \
	"\"values\":{\"name\":\"王小明\",\"resident-id\":\"11010519491231002X\",\"mobile\":" \
	"\"12345678901\",\"mail\":\"wang@example.cn\"}"
#define PAY_DO VALUE("other") "," VALUE("again") "," VALUE("change") "," VALUE("later")

static const struct question {
	const char *name; /* of the golden text */
	enum who who;
	const char *line;
	int keys[4]; /* pressed before it is looked at; 0 ends them */
} questions[] = {
	{ "order.price", CUSTOMER,
	    ASK("order", CHOICE("months", VALUE("12") "," VALUE("24") "," VALUE("later")),
		"\"payer\":\"customer\",\"choices\":[{\"months\":12,\"amount\":10000,\"end\":"
		"1848931200},{\"months\":24,\"amount\":20001,\"end\":\"2029-08-03T17:38:33+08:00\"}]",
		""),
	    { 0 } },
	{ "order.central", CLERK,
	    ASK("order", CHOICE("months", VALUE("12") "," VALUE("later")),
		"\"payer\":\"central\",\"choices\":[{\"months\":12,\"amount\":0,\"end\":1848931200}]",
		ERROR(3111, "AMOUNT_CHANGED", "¥1.00 -> ¥2.00")),
	    { 0 } },
	{ "order.agent", CUSTOMER, ASK("applicant", AGENT_FIELDS, "\"group\":\"agent\"", ""),
	    { 0 } },
	{ "order.agent-wrong", CLERK,
	    ASK("applicant", AGENT_FIELDS, "\"group\":\"agent\"," VALUES,
		ERROR(3112, "FIELD_WRONG", "mobile: " HOSTILE)),
	    { 0 } },
	{ "order.owner-doubtful", CLERK,
	    ASK("applicant",
		TEXT("organisation", 1, 100, "any") "," TEXT("credit-code", 1, 20, "any") "," TEXT(
		    "legal", 1, 60, "any"),
		"\"group\":\"owner\",\"doubtful\":\"credit-code\",\"values\":{\"organisation\":\"" LINES_NAME
		"\",\"credit-code\":\"911100001000013421\",\"legal\":\"李大力\"}",
		ERROR(3112, "FIELD_WRONG", "credit-code")),
	    { 0 } },
	{ "order.owner-other", CUSTOMER,
	    ASK("applicant",
		TEXT("organisation", 1, 100, "any") "," TEXT("credit-code", 1, 20, "any") "," TEXT(
		    "legal", 1, 60, "any"),
		"\"group\":\"owner\",\"values\":{\"organisation\":\"" LINES_NAME "\"}",
		ERROR(3113, "OWNER_OTHER", "organisation: " LINES_NAME)),
	    { CK_KEY_DOWN, CK_KEY_DOWN, CK_KEY_DOWN } },
	{ "order.invoice-want", CUSTOMER,
	    ASK("applicant", INVOICE_FIELDS, "\"group\":\"invoice\"", ""), { 0 } },
	{ "order.invoice", CUSTOMER, ASK("applicant", INVOICE_FIELDS, "\"group\":\"invoice\"", ""),
	    { '1', 'x', CK_KEY_TAB, 0x4E2D } },
	{ "order.sms", CUSTOMER,
	    ASK("sms-code", TEXT("code", 0, 8, "digits"),
		"\"mobile\":\"138****8000\",\"until\":" UNTIL ",\"again\":1795229634",
		ERROR(3114, "SMS_WRONG", "")),
	    { '1', '2' } },
	{ "order.method", CUSTOMER,
	    ASK("pay-method",
		CHOICE("method",
		    VALUE("alipay") "," VALUE("wechat") "," VALUE("netbank") "," VALUE("transfer") "," VALUE(
			"remittance") "," VALUE("unionpay-2030") "," VALUE("change") "," VALUE("later")),
		"\"amount\":20000", ""),
	    { 0 } },
	{ "order.pay", CUSTOMER,
	    ASK("payment", CHOICE("do", PAY_DO),
		"\"method\":\"alipay\",\"amount\":20000,\"code\":\"" LINK "\",\"until\":" UNTIL
		",\"away\":\"payment\",\"state\":\"wanted\"",
		""),
	    { 0 } },
	{ "order.pay-expired", CLERK,
	    ASK("payment", CHOICE("do", PAY_DO),
		"\"method\":\"netbank\",\"amount\":10000000,\"code\":\"" LINK "\",\"until\":" UNTIL,
		ERROR(3118, "CODE_EXPIRED", "")),
	    { 0 } },
	{ "order.pay-short", CUSTOMER,
	    ASK("payment", CHOICE("do", PAY_DO),
		"\"method\":\"wechat\",\"amount\":1,\"code\":\"weixin://wxpay/"
		"bizpayurl?pr=8kQ2zzz\",\"until\":\"2026-11-28T10:00:00+08:00\"",
		""),
	    { 0 } },
	{ "order.pay-longer", CUSTOMER,
	    ASK("payment", CHOICE("do", PAY_DO),
		"\"method\":\"netbank\",\"amount\":20000,\"code\":\"" LONGER "\"", ""),
	    { 0 } },
	{ "order.pay-ascii", BARE,
	    ASK("payment", CHOICE("do", PAY_DO),
		"\"method\":\"netbank\",\"amount\":20000,\"code\":\"" LINK "\",\"until\":" UNTIL,
		""),
	    { 0 } },
	{ "order.pay-transfer", CUSTOMER,
	    ASK("payment",
		CHOICE(
		    "do", VALUE("other") "," VALUE("proof") "," VALUE("change") "," VALUE("later")),
		"\"method\":\"transfer\",\"amount\":40000,\"state\":\"pending\",\"account\":[{"
		"\"label\":\"户名\",\"value\":\"深圳市电子商务安全证书管理有限公司\"},{\"label\":"
		"\"开户行\",\"value\":\"" HOSTILE "中国银行深圳高新区支行\"},{\"label\":\"账号\","
		"\"value\":\"7777 5792 3456\"},{\"label\":\"附言\",\"value\":\"CK-20261121-000027\"}]",
		""),
	    { 0 } },
	{ "order.identity", CUSTOMER,
	    ASK("identity", CHOICE("do", VALUE("again") "," VALUE("later")),
		"\"code\":\"" LINK "\",\"until\":" UNTIL ",\"away\":\"phone\"", ""),
	    { 0 } },
	{ "order.identity-failed", CUSTOMER,
	    ASK("identity", CHOICE("do", VALUE("again") "," VALUE("later")), "",
		ERROR(3119, "IDENTITY_FAILED", "姓名和身份证号不匹配")),
	    { 0 } },
	{ "order.review", CUSTOMER, ASK("review", CHOICE("do", VALUE("later")), "", ""), { 0 } },
	{ "order.review-rejected", CUSTOMER,
	    ASK("review", CHOICE("do", VALUE("correct") "," VALUE("later")), "",
		ERROR(3120, "REVIEW_REJECTED", LONG "；" HOSTILE "；" LONG)),
	    { 0 } },
	{ "order.papers", CUSTOMER,
	    ASK("papers",
		CHOICE("do",
		    VALUE("scan") "," VALUE("file:/media/stick/licence.png") "," VALUE("later")),
		"\"next\":\"licence\",\"papers\":[{\"kind\":\"form\",\"zh\":\"续期申请表\",\"en\":"
		"\"Renewal form\",\"state\":\"in\",\"pages\":2,\"have\":2},{\"kind\":\"licence\","
		"\"zh\":\"营业执照复印件\",\"en\":\"Business licence\",\"state\":\"refused\",\"text\":\"" LONG
		"\",\"pages\":1,\"have\":0},{\"kind\":\"letter-2030\",\"state\":\"wanted\",\"pages\":1}]",
		ERROR(3122, "PAPER_REFUSED", "1: " HOSTILE)),
	    { 0 } },
	{ "order.papers-missing", CUSTOMER,
	    ASK("papers", CHOICE("do", VALUE("scan") "," VALUE("later")),
		"\"next\":\"form\",\"papers\":[{\"kind\":\"form\",\"zh\":\"续期申请表\",\"en\":"
		"\"Renewal form\",\"state\":\"wanted\",\"pages\":2,\"have\":1},{\"kind\":\"licence\","
		"\"zh\":\"营业执照复印件\",\"en\":\"Business licence\",\"state\":\"wanted\","
		"\"pages\":1,\"have\":0},{\"kind\":\"letter-2030\",\"state\":\"wanted\",\"pages\":1}]",
		ERROR(7217, "SHEET_MISSING", "form: 2; licence; letter-2030")),
	    { 0 } },
};

static void
open_line(struct stand *s, enum who who, const char *line)
{
	*s = (struct stand){ .question = lines_json(line), .who = persons[who] };
	lines_until(&s->course, "authorise", 0);
	lines_take(&s->course,
	    "{\"step\":\"pay\",\"n\":9,\"of\":20,\"limit\":60,\"pin\":true,\"takes\":[\"applicant\","
	    "\"form-before\",\"papers\",\"identity\",\"pay\",\"review\"]}",
	    0);
	s->a = ck_asking_new(s->question, &s->course);
	ck_asking_view(s->a, &s->view);
	lines_helped(&s->view);
}

static const struct question *
named(const char *name)
{
	for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
		if (strcmp(questions[i].name, name) == 0)
			return &questions[i];
	T(0, "there is a question %s", name);
	return &questions[0];
}

static void
open_clean(struct stand *s, const char *name)
{
	open_line(s, named(name)->who, named(name)->line);
}

static void
all_questions(void)
{
	struct stand s;

	for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
		const struct question *q = &questions[i];

		open_clean(&s, q->name);
		for (size_t k = 0; k < sizeof q->keys / sizeof *q->keys && q->keys[k] != 0; k++)
			(void)golden_key(&s.view, s.who, q->keys[k]);
		golden(q->name, &s.view, s.who);
		end(&s);
	}
}

static const char *
field_of(const json_t *fields, const char *name)
{
	const char *s = json_string_value(json_object_get(fields, name));

	return s != NULL ? s : "(none)";
}

static json_t *
reply(struct stand *s)
{
	struct ck_reply r = { .fields = NULL };

	T(ck_asking_reply(s->a, &r) == 0 && r.n_secrets == 0, "there is an answer");
	return r.fields;
}

/* ---- a page of fields ---- */

static void
filled_in(void)
{
	struct stand s;
	json_t *r;

	open_clean(&s, "order.agent");
	T(s.view.typing, "letters belong to the first field");
	T(type(&s, "Wang\n") == CK_WENT_CHANGE, "Enter goes to the next");
	T(type(&s, "110105") == CK_WENT_CHANGE && type(&s, "\t138") == CK_WENT_CHANGE,
	    "so does Tab");
	T(type(&s, "\n\n") == CK_WENT_REFUSED && says(&s, CK_LANG_ZH, "还没有输入"),
	    "nothing typed is no answer");
	T(type(&s, "a@b\n") == CK_WENT_DONE, "the last Enter is the answer");
	r = reply(&s);
	T_STR(field_of(r, "name"), "Wang", "the name");
	T_STR(field_of(r, "resident-id"), "110105", "the number");
	T_STR(field_of(r, "mobile"), "138", "the phone");
	T_STR(field_of(r, "mail"), "a@b", "the mail");
	T(!says(&s, CK_LANG_ZH, "Wang"), "nothing of it is seen any more");
	json_decref(r);
	end(&s);
}

static void
handed_in(void)
{
	struct stand s;

	open_clean(&s, "order.agent-wrong");
	T(says(&s, CK_LANG_ZH, "王小明"), "what was typed before stands there");
	T(type(&s, "\x15") == CK_WENT_CHANGE && !says(&s, CK_LANG_ZH, "12345678901"),
	    "the cursor is where it is wrong");
	T(type(&s, "13800138000\t\t") == CK_WENT_CHANGE && !s.view.typing, "down to the button");
	T(type(&s, "x") == CK_WENT_NOTHING, "where nothing is typed");
	T(golden_key(&s.view, s.who, CK_KEY_UP) == CK_WENT_CHANGE && s.view.typing, "and up again");
	T(golden_key(&s.view, s.who, CK_KEY_DOWN) == CK_WENT_CHANGE &&
		type(&s, "\n") == CK_WENT_DONE,
	    "Enter hands it in");
	T(golden_key(&s.view, s.who, CK_KEY_FOCUS + 4) == CK_WENT_DONE, "and so does a press");
	T(golden_key(&s.view, s.who, CK_KEY_FOCUS + 5) == CK_WENT_NOTHING, "on it alone");
	s.view.forget(s.view.self);
	T(!says(&s, CK_LANG_ZH, "王小明") && !says(&s, CK_LANG_ZH, "13800138000"),
	    "who walks away leaves nothing there");
	end(&s);
}

static void
invoices(void)
{
	struct stand s;
	json_t *r;

	open_clean(&s, "order.invoice-want");
	T(!s.view.typing, "whether at all is asked first");
	T(type(&s, "2") == CK_WENT_DONE, "none: that is the answer");
	r = reply(&s);
	T_STR(field_of(r, "want"), "no", "no invoice");
	T_STR(field_of(r, "title"), "", "made out to nobody");
	json_decref(r);
	end(&s);
	open_clean(&s, "order.invoice-want");
	T(type(&s, "1") == CK_WENT_CHANGE && s.view.typing, "one: it is filled in");
	T(type(&s, "abc\n\n\n\n\n\n\n\n") == CK_WENT_DONE, "what may be left out may be");
	T(golden_key(&s.view, s.who, CK_KEY_ESC) == CK_WENT_CHANGE && !s.view.typing,
	    "Esc goes back to the choice");
	r = reply(&s);
	T_STR(field_of(r, "want"), "yes", "an invoice");
	T_STR(field_of(r, "title"), "abc", "made out to");
	T_STR(field_of(r, "bank"), "", "and nothing more");
	json_decref(r);
	end(&s);
}

/* as long as the desk takes them, and pasted: what is no text is left out */
static void
long_ones(void)
{
	struct stand s;
	json_t *r;

	open_line(&s, CUSTOMER,
	    ASK("applicant", TEXT("address", 1, 200, "any"), "\"group\":\"invoice\"", ""));
	for (int i = 0; i < 200; i++)
		T(golden_key(&s.view, s.who, 0x4E2D) == CK_WENT_CHANGE, "character %d", i + 1);
	T(golden_key(&s.view, s.who, 0x4E2D) == CK_WENT_REFUSED, "and no more");
	T(golden_key(&s.view, s.who, 0x1B) != CK_WENT_CHANGE &&
		golden_key(&s.view, s.who, 0x07) != CK_WENT_CHANGE,
	    "control characters are none");
	free(seen(&s, CK_LANG_ZH, CK_LEAST_COLS, CK_LEAST_ROWS));
	T(type(&s, "\n") == CK_WENT_DONE, "handed in");
	r = reply(&s);
	T(strlen(field_of(r, "address")) == 600, "all of it");
	json_decref(r);
	end(&s);
}

static void
a_text_message(void)
{
	struct stand s;
	json_t *r;

	open_clean(&s, "order.sms");
	T(type(&s, "\n") == CK_WENT_DONE, "nothing typed asks for another");
	r = reply(&s);
	T_STR(field_of(r, "code"), "", "which is said so");
	json_decref(r);
	T(type(&s, "x") == CK_WENT_REFUSED && type(&s, "123456\n") == CK_WENT_DONE, "digits");
	end(&s);
}

/* ---- choices ---- */

static void
prices(void)
{
	struct stand s;
	json_t *r;

	open_clean(&s, "order.price");
	T(says(&s, CK_LANG_ZH, "12 个月   ¥100.00，到 2028-08-04") &&
		says(&s, CK_LANG_ZH, "24 个月   ¥200.01，到 2029-08-03"),
	    "prices and ends");
	T(type(&s, "2") == CK_WENT_DONE, "a digit chooses");
	r = reply(&s);
	T_STR(field_of(r, "months"), "24", "the months");
	json_decref(r);
	end(&s);
	open_clean(&s, "order.central");
	T(says(&s, CK_LANG_ZH, "统一付费"), "who pays is said");
	end(&s);
}

static void
elsewhere(void)
{
	struct stand s;

	open_clean(&s, "order.pay");
	T(s.view.idle == CK_IDLE_MASK, "who pays with a phone does not touch anything");
	end(&s);
	open_clean(&s, "order.identity");
	T(s.view.idle == CK_IDLE_MASK, "nor who is looked at by one");
	end(&s);
	open_clean(&s, "order.agent");
	T(s.view.idle == CK_IDLE_WIPE, "what is typed is wiped");
	end(&s);
}

/* ---- codes ---- */

/* Is a code of so many modules to be seen, and what it says not? */
static void
code_seen(const char *name, int cols, int rows, bool code)
{
	struct stand s;
	char *text;

	open_clean(&s, name);
	text = seen(&s, CK_LANG_ZH, cols, rows);
	T((strstr(text, "█▀▀▀▀▀█") != NULL) == code, "%s %dx%d: %s", name, cols, rows,
	    code ? "a code" : "no code");
	T((strstr(text, "https://qr.pay") != NULL) != code, "%s %dx%d: %s", name, cols, rows,
	    code ? "and no link" : "but its text");
	T(strstr(text, "¥200.00") != NULL && strstr(text, "先保存") != NULL,
	    "%s %dx%d: the amount and what can be done", name, cols, rows);
	free(text);
	end(&s);
}

static void
codes(void)
{
	code_seen("order.pay", 80, 24, true);
	code_seen("order.pay", 120, 40, true);
	code_seen("order.pay-longer", 80, 24, false);
	code_seen("order.pay-ascii", 80, 24, false);
	code_seen("order.pay-ascii", 120, 40, false);
}

int
main(int argc, char **argv)
{
	golden_begin(argc, argv);
	all_questions();
	filled_in();
	handed_in();
	invoices();
	long_ones();
	a_text_message();
	prices();
	elsewhere();
	codes();
	return T_END();
}
