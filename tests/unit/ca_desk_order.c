/* What an order takes (PROTOCOL.desk 13 to 18), and an application (20): calls and answers made
 * here, good ones and bad. */
#include "t.h"

#include <signal.h>
#include <stdlib.h>
#include <openssl/sha.h>
#include <jansson.h>

#include "base/buf.h"
#include "ca_desk_lab.h"

#define LEASE "\"lease\":\"L-1\",\"kiosk\":\"kiosk-1\",\"record\":\"CK-1\",\"state\":\"nothing\""
#define OK "{\"ok\":true,\"now\":5,"
#define FOUND OK "\"found\":true," LEASE
#define SMALL 512

static void
begin(struct lab *l)
{
	lab_begin(l, "szca-cgn", "/desk/v1", lab_answer);
}

/* The last request once more: whoever says it again wants the answer of today. */
static bool
new_key_each_time(struct lab *l)
{
	int n = peer_count(l->peer);

	return n >= 2 &&
	       strcmp(peer_seen(l->peer, n - 1)->path, peer_seen(l->peer, n - 2)->path) == 0 &&
	       strcmp((char *)peer_seen(l->peer, n - 1)->body,
		   (char *)peer_seen(l->peer, n - 2)->body) == 0 &&
	       strcmp(peer_seen(l->peer, n - 1)->key, peer_seen(l->peer, n - 2)->key) != 0;
}

/* ---- 13. steps ---- */

static int
steps(struct lab *l, const char *more, struct ck_lease *out)
{
	char *body = NULL;

	if (asprintf(&body, FOUND "%s}", more) < 0)
		abort();
	will_say(l, 200, body);
	l->rc = ck_desk_query(l->desk, CK_QUERY_LEASE, "L-1", out, &l->err);
	l->say = "";
	free(body);
	return l->rc;
}

static void
test_steps(void)
{
	static struct ck_lease out;
	struct ck_desk_steps *s = &out.steps;
	struct lab l;
	bool passed = true;

	begin(&l);
	steps(&l, "", &out);
	for (int i = 0; i < CK_STEPS; i++)
		passed = passed && s->step[i].state == CK_STEP_PASSED;
	T(l.rc == 1 && passed && out.refund == 0, "steps: none is nothing to do (%s)",
	    l.err.detail);
	steps(&l,
	    ",\"order\":\"O-1\",\"refund\":5000,\"steps\":["
	    "{\"step\":\"applicant\",\"state\":\"passed\"},"
	    "{\"step\":\"papers\",\"state\":\"wanted\",\"papers\":[{\"kind\":\"form\",\"state\":\"in\"},"
	    "{\"kind\":\"licence\",\"state\":\"refused\",\"text\":\"没\\u001b盖章\"}]},"
	    "{\"step\":\"identity\",\"state\":\"failed\",\"text\":\"照片\\u202e不清\"},"
	    "{\"step\":\"payment\",\"state\":\"pending\",\"again\":600,\"method\":\"transfer\","
	    "\"papers\":[{\"kind\":\"transfer-proof\",\"state\":\"wanted\"}]},"
	    "{\"step\":\"review\",\"state\":\"pending\"}]",
	    &out);
	T(l.rc == 1 && out.refund == 5000, "steps: all of them (%s)", l.err.detail);
	T(s->step[CK_STEP_APPLICANT].state == CK_STEP_PASSED &&
		s->step[CK_STEP_PAPERS].state == CK_STEP_WANTED &&
		s->step[CK_STEP_IDENTITY].state == CK_STEP_FAILED &&
		s->step[CK_STEP_PAYMENT].state == CK_STEP_PENDING,
	    "steps: their states");
	T(s->step[CK_STEP_PAYMENT].again_s == 600 && s->step[CK_STEP_REVIEW].again_s == 3,
	    "steps: when to ask again, 3 s where it is not said");
	T_STR(s->step[CK_STEP_IDENTITY].text, "照片不清", "steps: a text, filtered");
	T_STR(s->method, "transfer", "steps: the payment's method");
	T(s->n_papers == 3 && s->papers[0].state == CK_PAPER_IN &&
		s->papers[1].state == CK_PAPER_REFUSED && strstr(s->papers[1].text, "盖章") &&
		strchr(s->papers[1].text, '\033') == NULL,
	    "steps: papers");
	T_STR(s->papers[2].kind, "transfer-proof", "steps: the payment's proof is a paper");
	end(&l);
}

static void
test_steps_garbage(void)
{
#define STEP(x) ",\"steps\":[{" x "}]"
	static const char *const bad[] = {
		",\"steps\":{}",
		",\"steps\":[1]",
		STEP("\"state\":\"passed\""),
		STEP("\"step\":\"dance\",\"state\":\"wanted\""),
		STEP("\"step\":\"review\",\"state\":\"done\""),
		STEP("\"step\":\"review\""),
		STEP("\"step\":\"review\",\"state\":\"failed\",\"text\":7"),
		STEP("\"step\":\"review\",\"state\":\"pending\",\"again\":0"),
		STEP("\"step\":\"review\",\"state\":\"pending\",\"again\":3601"),
		STEP("\"step\":\"review\",\"state\":\"pending\",\"again\":\"3\""),
		STEP("\"step\":\"payment\",\"state\":\"pending\",\"method\":\"Ali Pay\""),
		STEP("\"step\":\"payment\",\"state\":\"pending\",\"method\":\"\""),
		STEP("\"step\":\"payment\",\"state\":\"pending\",\"method\":"
		     "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\""),
		/* not in the order they are gone through; twice */
		STEP(
		    "\"step\":\"review\",\"state\":\"wanted\"},{\"step\":\"payment\",\"state\":\"wanted\""),
		STEP(
		    "\"step\":\"payment\",\"state\":\"wanted\"},{\"step\":\"payment\",\"state\":\"passed\""),
		STEP("\"step\":\"papers\",\"state\":\"wanted\",\"papers\":{}"),
		STEP(
		    "\"step\":\"papers\",\"state\":\"wanted\",\"papers\":[{\"kind\":\"form\",\"state\":\"lost\"}]"),
		STEP(
		    "\"step\":\"papers\",\"state\":\"wanted\",\"papers\":[{\"kind\":\"../x\",\"state\":\"in\"}]"),
		STEP("\"step\":\"papers\",\"state\":\"wanted\",\"papers\":[1,2,3,4,5,6,7,8,9]"),
		",\"refund\":-1",
		",\"refund\":100000001",
		",\"refund\":1.5",
	};
	static struct ck_lease out;
	struct lab l;

	begin(&l);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		steps(&l, bad[i], &out);
		T(failed(&l, CK_E_DESK_GARBAGE), "steps, garbage: %s", bad[i]);
	}
	end(&l);
}

/* ---- refusals ---- */

static void
test_refusals(void)
{
	static const struct {
		const char *body;
		enum ck_code code;
		const char *detail;
	} all[] = {
		{ "\"code\":\"not-yet\"", CK_E_NOT_YET, "不行 (not-yet)" },
		{ "\"code\":\"owner-other\"", CK_E_OWNER_OTHER, "不行 (owner-other)" },
		{ "\"code\":\"sms-wrong\"", CK_E_SMS_WRONG, "不行 (sms-wrong)" },
		{ "\"code\":\"paid-already\"", CK_E_PAID_ALREADY, "不行 (paid-already)" },
		{ "\"code\":\"method-unknown\"", CK_E_METHOD_UNKNOWN, "不行 (method-unknown)" },
		{ "\"code\":\"paper-unknown\"", CK_E_PAPER_UNKNOWN, "不行 (paper-unknown)" },
		{ "\"code\":\"paper-wrong\"", CK_E_PAPER_REFUSED, "不行 (paper-wrong)" },
		{ "\"code\":\"lease-released\"", CK_E_LEASE_LOST, "不行 (lease-released)" },
		{ "\"code\":\"field-wrong\",\"field\":\"resident-id\"", CK_E_FIELD_WRONG,
		    "resident-id: 不行" },
		{ "\"code\":\"amount-changed\",\"amount\":7000", CK_E_AMOUNT_CHANGED,
		    "不行 (amount-changed)" },
		{ "\"code\":\"sms-wait\",\"again\":42", CK_E_SMS_WAIT, "不行 (sms-wait)" },
		/* without what has to come with them they mean nothing */
		{ "\"code\":\"field-wrong\"", CK_E_DESK_GARBAGE, NULL },
		{ "\"code\":\"field-wrong\",\"field\":\"a b\"", CK_E_DESK_GARBAGE, NULL },
		{ "\"code\":\"amount-changed\"", CK_E_DESK_GARBAGE, NULL },
		{ "\"code\":\"amount-changed\",\"amount\":-1", CK_E_DESK_GARBAGE, NULL },
		{ "\"code\":\"sms-wait\"", CK_E_DESK_GARBAGE, NULL },
		{ "\"code\":\"sms-wait\",\"again\":0", CK_E_DESK_GARBAGE, NULL },
	};
	struct ck_quote q;
	struct lab l;
	char body[SMALL];

	begin(&l);
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		snprintf(
		    body, sizeof body, "{\"ok\":false,\"text\":\"不\\u202e行\",%s}", all[i].body);
		will_say(&l, 409, body);
		l.rc = ck_desk_quote(l.desk, "L-1", &q, &l.err);
		T(failed(&l, all[i].code), "refused: %s", all[i].body);
		if (all[i].detail != NULL)
			T_STR(l.err.detail, all[i].detail, "its words: %s", all[i].body);
	}
	end(&l);
}

/* ---- 14. quote, sms-code, order ---- */

#define QUOTE(payer, choices, methods, ask) \
	OK "\"payer\":\"" payer "\",\"choices\":[" choices "],\"methods\":" methods \
	   ",\"ask\":" ask "}"
#define YEAR "{\"months\":12,\"amount\":20000,\"quoted_end\":1800000000}"
#define CHOICE(months, amount, end) \
	"{\"months\":" months ",\"amount\":" amount ",\"quoted_end\":" end "}"

static void
test_quote(void)
{
	struct ck_quote q;
	struct lab l;

	begin(&l);
	will_say(&l, 200,
	    QUOTE("customer", YEAR "," CHOICE("24", "40000", "1900000000"),
		"[\"alipay\",\"transfer\"]", "[\"agent\",\"invoice\"]"));
	T(ck_desk_quote(l.desk, "L-1", &q, &l.err) == 0, "quote (%s)", l.err.detail);
	T_STR(asked(&l)->path, "/desk/v1/quote", "quote: path");
	T_STR((char *)asked(&l)->body, "{\"lease\":\"L-1\"}", "quote: request");
	T(q.now == 5 && !q.central && q.n_choices == 2 && q.choices[1].months == 24 &&
		q.choices[1].amount == 40000 && q.choices[1].quoted_end == 1900000000,
	    "quote: choices");
	T(q.n_methods == 2 && strcmp(q.methods[1], "transfer") == 0, "quote: methods");
	T(q.ask[CK_GROUP_AGENT] && q.ask[CK_GROUP_INVOICE] && !q.ask[CK_GROUP_OWNER] &&
		!q.ask[CK_GROUP_SMS],
	    "quote: what is asked for");
	ck_desk_quote(l.desk, "L-1", &q, &l.err);
	T(new_key_each_time(&l), "quote: the price of today");
	will_say(&l, 200,
	    QUOTE("central", CHOICE("12", "0", "1800000000"), "[]", "[\"sms-code\",\"owner\"]"));
	T(ck_desk_quote(l.desk, "L-1", &q, &l.err) == 0 && q.central && q.n_methods == 0 &&
		q.ask[CK_GROUP_SMS] && q.ask[CK_GROUP_OWNER],
	    "quote: somebody pays for all (%s)", l.err.detail);
	end(&l);
}

static void
test_quote_garbage(void)
{
#define NINE(x) x "," x "," x "," x "," x "," x "," x "," x "," x
	static const char *const bad[] = {
		QUOTE("nobody", YEAR, "[]", "[]"),
		QUOTE("customer", "", "[]", "[]"),
		QUOTE("customer", NINE(YEAR), "[]", "[]"),
		QUOTE("customer", "12", "[]", "[]"),
		QUOTE("customer", CHOICE("0", "1", "1"), "[]", "[]"),
		QUOTE("customer", CHOICE("121", "1", "1"), "[]", "[]"),
		QUOTE("customer", CHOICE("12", "-1", "1"), "[]", "[]"),
		QUOTE("customer", CHOICE("12", "100000001", "1"), "[]", "[]"),
		QUOTE("customer", CHOICE("12", "0.01", "1"), "[]", "[]"),
		QUOTE("customer", CHOICE("12", "1", "-1"), "[]", "[]"),
		QUOTE("customer", "{\"months\":12,\"amount\":1}", "[]", "[]"),
		QUOTE("customer", YEAR "," CHOICE("12", "1", "1800000000"), "[]", "[]"),
		QUOTE("central", YEAR, "[]", "[]"), /* all pay, and this one is to pay */
		QUOTE("customer", YEAR, "{}", "[]"),
		QUOTE("customer", YEAR, "[7]", "[]"),
		QUOTE("customer", YEAR, "[\"Alipay\"]", "[]"),
		QUOTE("customer", YEAR, "[" NINE("\"alipay\"") "]", "[]"),
		QUOTE("customer", YEAR, "[]", "\"agent\""),
		QUOTE("customer", YEAR, "[]", "[\"blood\"]"),
		QUOTE("customer", YEAR, "[]", "[null]"),
		OK "\"payer\":\"customer\",\"methods\":[],\"ask\":[]}",
	};
	struct ck_quote q;
	struct lab l;

	begin(&l);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		will_say(&l, 200, bad[i]);
		l.rc = ck_desk_quote(l.desk, "L-1", &q, &l.err);
		T(failed(&l, CK_E_DESK_GARBAGE), "quote, garbage: %.120s", bad[i]);
	}
	end(&l);
}

static void
test_sms(void)
{
	int64_t until = 0;
	struct lab l;
	int again = 0;

	begin(&l);
	will_say(&l, 200, OK "\"until\":305,\"again\":60}");
	T(ck_desk_sms_code(l.desk, "L-1", "13812345678", &until, &again, &l.err) == 0 &&
		until == 305 && again == 60,
	    "sms-code (%s)", l.err.detail);
	T_STR(asked(&l)->path, "/desk/v1/sms-code", "sms-code: path");
	T_STR((char *)asked(&l)->body, "{\"lease\":\"L-1\",\"mobile\":\"13812345678\"}",
	    "sms-code: request");
	ck_desk_sms_code(l.desk, "L-1", "13812345678", &until, &again, &l.err);
	T(new_key_each_time(&l), "sms-code: asked for again, sent again");
	will_say(&l, 429, "{\"ok\":false,\"code\":\"sms-wait\",\"text\":\"稍候\",\"again\":17}");
	l.rc = ck_desk_sms_code(l.desk, "L-1", "13812345678", &until, &again, &l.err);
	T(failed(&l, CK_E_SMS_WAIT) && again == 17, "sms-code: too soon, and how long it takes");
	will_say(&l, 200, OK "\"until\":305}");
	l.rc = ck_desk_sms_code(l.desk, "L-1", "13812345678", &until, &again, &l.err);
	T(failed(&l, CK_E_DESK_GARBAGE), "sms-code: does not say when again");
	end(&l);
}

static int
order(struct lab *l, const struct ck_desk_order *o, struct ck_lease *out, int64_t *amount)
{
	return l->rc = ck_desk_order(l->desk, "L-1", o, out, amount, &l->err);
}

#define ORDERED \
	OK LEASE ",\"order\":\"O-1\",\"steps\":[{\"step\":\"applicant\",\"state\":\"passed\"}," \
		 "{\"step\":\"payment\",\"state\":\"wanted\"}]}"

static void
test_order(void)
{
	static struct ck_lease out;
	json_t *agent = json_pack("{s:s}", "name", "张三");
	json_t *consents = json_pack(
	    "[{s:s, s:s, s:s, s:i}]", "name", "条款", "version", "1", "sha256", "ab", "at", 3);
	struct ck_desk_order o = { .months = 12, .amount = 20000, .consents = consents };
	int64_t amount = 0;
	struct lab l;

	begin(&l);
	will_say(&l, 200, ORDERED);
	T(order(&l, &o, &out, &amount) == 0, "order (%s)", l.err.detail);
	T_STR(asked(&l)->path, "/desk/v1/order", "order: path");
	T_STR((char *)asked(&l)->body,
	    "{\"lease\":\"L-1\",\"months\":12,\"amount\":20000,\"consents\":[{\"name\":\"条款\","
	    "\"version\":\"1\",\"sha256\":\"ab\",\"at\":3}]}",
	    "order: nothing that was not asked for");
	T_STR(out.order, "O-1", "order: its number");
	T(out.steps.step[CK_STEP_PAYMENT].state == CK_STEP_WANTED, "order: what comes next");
	order(&l, &o, &out, &amount);
	T(new_key_each_time(&l), "order: changed and changed back it is not answered from memory");
	o.consents = NULL;
	order(&l, &o, &out, &amount);
	T_STR((char *)asked(&l)->body,
	    "{\"lease\":\"L-1\",\"months\":12,\"amount\":20000,\"consents\":[]}",
	    "order: consents to nothing");
	o.agent = agent;
	o.invoice = agent;
	o.sms_code = "123456";
	T(order(&l, &o, &out, &amount) == 0 && json_object_size(agent) == 1 &&
		strstr((char *)asked(&l)->body, "\"agent\":{\"name\":\"张三\"}") != NULL &&
		strstr((char *)asked(&l)->body, "\"invoice\":{\"name\":\"张三\"}") != NULL &&
		strstr((char *)asked(&l)->body, "\"sms_code\":\"123456\"") != NULL &&
		strstr((char *)asked(&l)->body, "\"owner\"") == NULL,
	    "order: what was filled in");
	will_say(
	    &l, 409, "{\"ok\":false,\"code\":\"amount-changed\",\"text\":\"x\",\"amount\":21000}");
	order(&l, &o, &out, &amount);
	T(failed(&l, CK_E_AMOUNT_CHANGED) && amount == 21000, "order: what it costs now");
	json_decref(agent);
	json_decref(consents);
	end(&l);
}

static void
test_order_garbage(void)
{
	static const char *const bad[] = {
		/* another lease's; no order; made, but who acts is still wanted */
		OK "\"lease\":\"L-2\",\"kiosk\":\"k\",\"record\":\"r\",\"state\":\"nothing\","
		   "\"order\":\"O-1\"}",
		OK LEASE "}",
		OK LEASE ",\"order\":\"O-1\",\"steps\":[{\"step\":\"applicant\",\"state\":"
			 "\"wanted\"}]}",
		OK "\"order\":\"O-1\"}",
	};
	static struct ck_lease out;
	struct ck_desk_order o = { .months = 12 };
	int64_t amount = 0;
	struct lab l;

	begin(&l);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		will_say(&l, 200, bad[i]);
		order(&l, &o, &out, &amount);
		T(failed(&l, CK_E_DESK_GARBAGE), "order, garbage: %.120s", bad[i]);
	}
	end(&l);
}

/* ---- 15. pay; 16. identity ---- */

static int
pay(struct lab *l, const char *method, int64_t *amount, struct ck_payment *out)
{
	return l->rc = ck_desk_pay(l->desk, "L-1", method, amount, out, &l->err);
}

#define PAY(method, more) \
	OK "\"payment\":\"P-1\",\"method\":\"" method "\",\"amount\":20000" more "}"

static void
test_pay(void)
{
	struct ck_payment p;
	int64_t amount = 20000;
	struct lab l;

	begin(&l);
	will_say(&l, 200, PAY("alipay", ",\"until\":905,\"code\":\"alipayqr: x?a=1&b\""));
	T(pay(&l, "alipay", &amount, &p) == 0, "pay (%s)", l.err.detail);
	T_STR(asked(&l)->path, "/desk/v1/pay", "pay: path");
	T_STR((char *)asked(&l)->body, "{\"lease\":\"L-1\",\"method\":\"alipay\",\"amount\":20000}",
	    "pay: request");
	T_STR(p.id, "P-1", "pay: its number");
	T_STR(p.code, "alipayqr: x?a=1&b", "pay: the code as it is");
	T(p.now == 5 && p.until == 905 && p.amount == 20000 && p.n_lines == 0 && !p.wants_proof,
	    "pay: facts");
	pay(&l, "alipay", &amount, &p);
	T(new_key_each_time(&l), "pay: an expired code is not answered from memory");
	will_say(&l, 200,
	    PAY("transfer",
		",\"proof\":true,\"account\":[{\"label\":\"户名\",\"value\":\"某某CA\"},"
		"{\"label\":\"账号\",\"value\":\"6222\\u202e 0011\"}]"));
	T(pay(&l, "transfer", &amount, &p) == 0 && p.wants_proof && p.n_lines == 2 &&
		p.until == 0 && p.code[0] == '\0',
	    "pay: to an account (%s)", l.err.detail);
	T_STR(p.lines[0].label, "户名", "pay: a line's label");
	T_STR(p.lines[1].value, "6222 0011", "pay: a line's value, filtered");
	will_say(&l, 200, PAY("netbank", ",\"code\":\"https://bank.example/p?x=1\""));
	T(pay(&l, "netbank", &amount, &p) == 0, "pay: a link (%s)", l.err.detail);
	will_say(
	    &l, 409, "{\"ok\":false,\"code\":\"amount-changed\",\"text\":\"x\",\"amount\":25000}");
	pay(&l, "alipay", &amount, &p);
	T(failed(&l, CK_E_AMOUNT_CHANGED) && amount == 25000, "pay: what it costs now");
	end(&l);
}

static void
test_pay_garbage(void)
{
#define LINE "{\"label\":\"a\",\"value\":\"b\"}"
#define LONG16 "0123456789abcdef"
#define LONG64 LONG16 LONG16 LONG16 LONG16
	static const struct {
		const char *method, *body;
	} bad[] = {
		{ "alipay", PAY("alipay", "") }, /* nothing to be paid with */
		{ "alipay", PAY("wechat", ",\"code\":\"x\"") },
		{ "alipay", OK
		    "\"payment\":\"P-1\",\"method\":\"alipay\",\"amount\":19999,\"code\":\"x\"}" },
		{ "alipay", OK "\"method\":\"alipay\",\"amount\":20000,\"code\":\"x\"}" },
		{ "alipay", PAY("alipay", ",\"code\":\"\"") },
		{ "alipay", PAY("alipay", ",\"code\":\"支付\"") },
		{ "alipay", PAY("alipay", ",\"code\":\"a\\nb\"") },
		{ "alipay", PAY("alipay", ",\"code\":\"a\\u0000b\"") },
		{ "alipay", PAY("alipay", ",\"code\":\"a\\u007f\"") },
		{ "alipay", PAY("alipay", ",\"code\":\"" LONG64 LONG64 LONG64 LONG64 LONG64 LONG64
					      LONG64 LONG64 "x\"") },
		{ "alipay", PAY("alipay", ",\"code\":\"x\",\"until\":\"soon\"") },
		{ "alipay", PAY("alipay", ",\"code\":\"x\",\"proof\":1") },
		{ "netbank", PAY("netbank", ",\"code\":\"http://bank.example/\"") },
		{ "netbank", PAY("netbank", ",\"code\":\"https://\"") },
		{ "netbank", PAY("netbank", ",\"code\":\"https://bank.example/a b\"") },
		{ "netbank", PAY("netbank", ",\"account\":[" LINE "]") },
		{ "transfer", PAY("transfer", ",\"account\":[]") },
		{ "transfer", PAY("transfer", ",\"account\":{}") },
		{ "transfer", PAY("transfer", ",\"account\":[" NINE(LINE) "]") },
		{ "transfer", PAY("transfer", ",\"account\":[{\"label\":\"a\"}]") },
		/* a number without its end is another account */
		{ "transfer",
		    PAY("transfer",
			",\"account\":[{\"label\":\"a\",\"value\":\"" LONG64 LONG64 "\"}]") },
	};
	int64_t amount = 20000;
	struct ck_payment p;
	struct lab l;

	begin(&l);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		will_say(&l, 200, bad[i].body);
		pay(&l, bad[i].method, &amount, &p);
		T(failed(&l, CK_E_DESK_GARBAGE) && amount == 20000, "pay, garbage: %.140s",
		    bad[i].body);
	}
	end(&l);
}

static void
test_identity(void)
{
	static const char *const bad[] = {
		OK "\"until\":9}",
		OK "\"code\":\"https://id.example/1\"}",
		OK "\"code\":\"weixin://id\",\"until\":9}",
	};
	struct ck_identity i;
	struct lab l;

	begin(&l);
	will_say(&l, 200, OK "\"code\":\"https://id.example/1\",\"until\":605}");
	T(ck_desk_identity(l.desk, "L-1", &i, &l.err) == 0 && i.until == 605 && i.now == 5,
	    "identity (%s)", l.err.detail);
	T_STR(i.code, "https://id.example/1", "identity: the link");
	T_STR(asked(&l)->path, "/desk/v1/identity", "identity: path");
	ck_desk_identity(l.desk, "L-1", &i, &l.err);
	T(new_key_each_time(&l), "identity: a link that failed is not answered from memory");
	for (size_t n = 0; n < sizeof bad / sizeof bad[0]; n++) {
		will_say(&l, 200, bad[n]);
		l.rc = ck_desk_identity(l.desk, "L-1", &i, &l.err);
		T(failed(&l, CK_E_DESK_GARBAGE), "identity, garbage: %s", bad[n]);
	}
	end(&l);
}

/* ---- 17. paper ---- */

static const struct ck_paper_sheet sheet = {
	.kind = "licence",
	.type = "image/png",
	.page = 1,
	.pages = 2,
	.sha256 = { 0xab },
	.size = 200000,
};

static int
paper(struct lab *l, size_t offset, const char *bytes, size_t *have)
{
	return l->rc = ck_desk_paper(l->desk, "L-1", &sheet, offset, (const unsigned char *)bytes,
		   bytes != NULL ? strlen(bytes) : 0, have, &l->err);
}

static void
test_paper(void)
{
	static unsigned char much[CK_PAPER_PART_MAX + 1];
	size_t have = 0;
	struct lab l;
	int before = 0;

	begin(&l);
	will_say(&l, 200, OK "\"have\":98304}");
	T(paper(&l, 98300, "abcd", &have) == 0 && have == 98304, "paper (%s)", l.err.detail);
	T_STR(asked(&l)->path, "/desk/v1/paper", "paper: path");
	T_STR((char *)asked(&l)->body,
	    "{\"lease\":\"L-1\",\"kind\":\"licence\",\"page\":1,\"pages\":2,\"type\":\"image/png\","
	    "\"sha256\":\"ab00000000000000000000000000000000000000000000000000000000000000\","
	    "\"size\":200000,\"offset\":98300,\"bytes\":\"YWJjZA==\"}",
	    "paper: request");
	paper(&l, 98300, "abcd", &have);
	T(new_key_each_time(&l), "paper: begun anew, its parts are not answered from memory");
	will_say(&l, 200, OK "\"have\":0}");
	T(paper(&l, 0, NULL, &have) == 0 && have == 0 &&
		strstr((char *)asked(&l)->body, "\"bytes\":\"\"") != NULL,
	    "paper: only asked how much there is (%s)", l.err.detail);
	will_say(&l, 200, OK "\"have\":200001}");
	paper(&l, 0, "abcd", &have);
	T(failed(&l, CK_E_DESK_GARBAGE), "paper: more than the sheet has");
	will_say(&l, 200, OK "\"have\":-1}");
	paper(&l, 0, "abcd", &have);
	T(failed(&l, CK_E_DESK_GARBAGE), "paper: less than nothing");
	will_say(&l, 200, OK "\"x\":1}");
	paper(&l, 0, "abcd", &have);
	T(failed(&l, CK_E_DESK_GARBAGE), "paper: does not say");
	before = peer_count(l.peer);
	l.err = (struct ck_err){ .code = CK_E_NONE };
	l.rc = ck_desk_paper(l.desk, "L-1", &sheet, 0, much, CK_PAPER_PART_MAX + 1, &have, &l.err);
	T(failed(&l, CK_E_INTERNAL), "paper: too large a part");
	l.err = (struct ck_err){ .code = CK_E_NONE };
	l.rc = ck_desk_paper(l.desk, "L-1", &sheet, 199999, much, 2, &have, &l.err);
	T(failed(&l, CK_E_INTERNAL) && peer_count(l.peer) == before,
	    "paper: a part beyond the sheet's end is not sent");
	end(&l);
}

/* ---- 18. seal ---- */

#define SEAL(label, bytes, sha) \
	OK "\"seal\":true,\"label\":\"" label "\",\"bytes\":\"" bytes "\",\"sha256\":\"" sha "\"}"
#define SHA_ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define SHA_DEF "cb8379ac2098aa165029e3938a51da0bcecfc008fd6795f401178647f96c5b34"

static void
test_seal(void)
{
	static const char *const bad[] = {
		OK "\"found\":true}",
		SEAL("", "YWJj", SHA_ABC),
		SEAL("a\\u001b", "YWJj", SHA_ABC),
		SEAL(LONG64 "x", "YWJj", SHA_ABC),
		SEAL("seal", "", SHA_ABC),
		SEAL("seal", "!", SHA_ABC),
		SEAL("seal", "YWJj", SHA_DEF), /* of other bytes */
		SEAL("seal", "YWJj", "ba78"),
		OK "\"seal\":true,\"label\":\"seal\",\"bytes\":\"YWJj\"}",
	};
	unsigned char sha[CK_HASH_LEN] = { 0xcd };
	struct ck_seal s;
	struct lab l;

	begin(&l);
	will_say(&l, 200, OK "\"seal\":false}");
	T(ck_desk_seal(l.desk, "L-1", &s, &l.err) == 0 && s.bytes == NULL, "seal: none (%s)",
	    l.err.detail);
	will_say(&l, 200, SEAL("电子印章", "YWJj", SHA_ABC));
	T(ck_desk_seal(l.desk, "L-1", &s, &l.err) == 1 && s.n == 3 &&
		memcmp(s.bytes, "abc", 3) == 0 && s.sha256[0] == 0xba,
	    "seal (%s)", l.err.detail);
	T_STR(s.label, "电子印章", "seal: its label");
	free(s.bytes);
	T_STR((char *)asked(&l)->body, "{\"lease\":\"L-1\"}", "seal: request");
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		will_say(&l, 200, bad[i]);
		l.rc = ck_desk_seal(l.desk, "L-1", &s, &l.err);
		T(failed(&l, CK_E_DESK_GARBAGE) && s.bytes == NULL, "seal, garbage: %.100s",
		    bad[i]);
	}
	will_say(&l, 200, OK "\"more\":1}");
	T(ck_desk_seal_ack(l.desk, "L-1", sha, true, &l.err) == 0, "seal-ack (%s)", l.err.detail);
	T_STR((char *)asked(&l)->body,
	    "{\"lease\":\"L-1\",\"sha256\":\"cd00000000000000000000000000000000000000000000000000"
	    "000000000000\",\"result\":\"written\"}",
	    "seal-ack: request");
	ck_desk_seal_ack(l.desk, "L-1", sha, false, &l.err);
	T(strstr((char *)asked(&l)->body, "\"result\":\"not-written\"") != NULL,
	    "seal-ack: could not be written");
	will_say(&l, 409, "{\"ok\":false,\"code\":\"not-yet\",\"text\":\"x\"}");
	l.rc = ck_desk_seal_ack(l.desk, "L-1", sha, false, &l.err);
	T(failed(&l, CK_E_NOT_YET), "seal-ack: before the confirmation");
	end(&l);
}

/* ---- 20. the other services ---- */

static int
apply(struct lab *l, int status, const char *body, struct ck_application *out)
{
	json_t *fields = json_pack("[{s:s, s:s}]", "name", "unit", "value", "x");
	struct ck_application_wish wish = { .service = "change",
		.record = "CK-1",
		.cert = (const unsigned char *)"DER",
		.cert_len = 3,
		.fields = fields };

	will_say(l, status, body);
	l->rc = ck_desk_service(l->desk, &wish, out, &l->err);
	json_decref(fields);
	return l->rc;
}

static void
test_service(void)
{
	static const char *const garbage[] = { OK "\"state\":\"received\"}",
		OK "\"application\":\"A 1\",\"state\":\"received\"}", OK "\"application\":\"A-1\"}",
		OK "\"application\":\"A-1\",\"state\":\"gone\"}",
		OK "\"application\":\"A-1\",\"state\":\"done\",\"text\":5}" };
	struct ck_application out;
	struct lab l;

	begin(&l);
	T(apply(&l, 200, OK "\"application\":\"A-1\",\"state\":\"in-work\",\"text\":\"a\\u001bb\"}",
	      &out) == 0 &&
		strcmp(out.id, "A-1") == 0 && out.state == CK_SERVICE_IN_WORK &&
		strchr(out.text, 27) == NULL,
	    "service: answered, its text filtered");
	T(strstr((char *)asked(&l)->body, "\"visit\":{\"record\":\"CK-1\"}") != NULL &&
		strstr((char *)asked(&l)->body, "\"fields\":[{\"name\":\"unit\"") != NULL &&
		strstr((char *)asked(&l)->body, "\"certificate\":\"REVS\"") != NULL,
	    "service: as it is told");
	apply(&l, 200, OK "\"application\":\"A-1\",\"state\":\"done\"}", &out);
	T(new_key_each_time(&l), "service: said again, it is answered as it stands");
	for (size_t i = 0; i < sizeof garbage / sizeof *garbage; i++) {
		apply(&l, 200, garbage[i], &out);
		T(failed(&l, CK_E_DESK_GARBAGE), "service: %s", garbage[i]);
	}
	apply(&l, 409, "{\"ok\":false,\"code\":\"service-closed\",\"text\":\"x\"}", &out);
	T(failed(&l, CK_E_SERVICE_CLOSED), "service: closed");
	apply(&l, 409, "{\"ok\":false,\"code\":\"service-unknown\",\"text\":\"x\"}", &out);
	T(failed(&l, CK_E_SERVICE_UNKNOWN), "service: none of the menu");
	will_say(&l, 200, OK "\"found\":false}");
	T(ck_desk_service_query(l.desk, "CK-1", &out, &l.err) == 0, "service-query: none");
	will_say(&l, 200, OK "\"found\":1}");
	l.rc = ck_desk_service_query(l.desk, "CK-1", &out, &l.err);
	T(failed(&l, CK_E_DESK_GARBAGE), "service-query: neither found nor not");
	end(&l);
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	peer_site_make(&site);
	test_steps();
	test_steps_garbage();
	test_refusals();
	test_quote();
	test_quote_garbage();
	test_sms();
	test_order();
	test_order_garbage();
	test_pay();
	test_pay_garbage();
	test_identity();
	test_paper();
	test_seal();
	test_service();
	peer_site_remove(&site);
	return T_END();
}
