/* The other services of a menu, from the entry to the end: which one, what it takes, its fields,
 * and how it ended; what keys do there, and that nothing typed stays behind. */
#include "screens_stand.h"

#include "../../tui/screens/attract.h"
#include "../../tui/screens/desk.h"
#include "../../tui/screens/ending.h"
#include "../../tui/screens/keycard.h"
#include "../../tui/screens/service.h"

#define HOSTILE "\\u001b[2J\\u202e变更"
#define BRING \
	"\"bring\":[{\"zh\":\"本申请表，单位加盖公章，个人签字\",\"en\":\"this form, stamped by a unit or " \
	"signed by a person\"},{\"zh\":\"单位证照或者个人身份证的复印件\",\"en\":\"a copy of the unit's " \
	"licence or the person's ID card\"},{\"zh\":\"经办人身份证原件\",\"en\":\"the agent's ID card\"}," \
	"{\"zh\":\"USB Key\",\"en\":\"the USB key\"}]"
#define NOTE \
	"\"note\":{\"zh\":\"这里只是申请。Key 由山东CA在服务中心核对材料以后当面解锁，请带上 Key\",\"en\":" \
	"\"This only applies. Shandong CA unlocks the key at its service centre once the papers are " \
	"checked: bring it\"}"
#define NO_NOTE "\"note\":{\"zh\":\"\",\"en\":\"\"}"
#define ROW(system, title, id, zh, en, certificate, submits, note) \
	"{\"system\":\"" system "\",\"title\":\"" title "\",\"service\":\"" id \
	"\",\"called\":{\"zh\":\"" zh "\",\"en\":\"" en "\"}," note \
	",\"certificate\":" certificate ",\"submits\":" submits ",\"hotline\":\"96701666\"," BRING \
	"}"
#define UNLOCK \
	ROW("sdca-dezhou", "德州电子政务数字证书 更新延期", "unlock", "解锁", "Unlock a key", \
	    "true", "true", NOTE)
#define NEW \
	ROW("sdca-dezhou", "德州电子政务数字证书 更新延期", "new", "新办", "New certificate", \
	    "false", "false", NO_NOTE)
#define LONGEST \
	ROW("other", "一个名字很长很长的电子政务数字证书业务系统的更新延期以及其他各种业务", "x", \
	    HOSTILE, "Change", "true", "true", NO_NOTE)

/* ---- which one ---- */

static void
listed(const char *name, const char *rows, const struct golden_person *who)
{
	json_t *all = lines_json(rows), *end = lines_json("{\"end\":\"done\"}");
	struct ck_rows *l = ck_rows_new(CK_LIST_SERVICES, all);
	const json_t *row = NULL;
	struct ck_view v;

	ck_rows_end(l, end);
	ck_rows_view(l, &v);
	golden(name, &v, who);
	if (json_array_size(all) > 1) {
		T(golden_key(&v, who, CK_KEY_DOWN) == CK_WENT_CHANGE &&
			golden_key(&v, who, CK_KEY_ENTER) == CK_WENT_DONE &&
			ck_rows_chosen(l, &row) == CK_ROW_SHOW && row == json_array_get(all, 1),
		    "%s: an arrow and Enter choose", name);
	}
	T(golden_key(&v, who, CK_KEY_ESC) == CK_WENT_BACK, "%s: Esc leaves", name);
	ck_rows_free(l);
	json_decref(all);
	json_decref(end);
}

/* An application is the CA's once it was sent; a renewal is given up here. */
static void
among_records(void)
{
	static const char rows[] =
	    "[{\"record\":\"CK-20261121-000031\",\"system\":\"sdca-dezhou\",\"way\":\"service\","
	    "\"state\":\"parked\",\"reason\":\"line\",\"station\":\"service\",\"opened\":"
	    "\"2026-11-21T09:00:00+08:00\",\"touched\":\"2026-11-21T09:01:00+08:00\",\"closed\":null}]";
	json_t *all = lines_json(rows);
	struct ck_rows *l = ck_rows_new(CK_LIST_RECORDS, all);
	struct ck_view v;

	ck_rows_view(l, &v);
	T(golden_key(&v, &lines_clerk, CK_KEY_F(6)) == CK_WENT_REFUSED, "it is not given up");
	T(golden_key(&v, &lines_clerk, CK_KEY_F(5)) == CK_WENT_DONE, "but gone on with");
	ck_rows_free(l);
	json_decref(all);
}

/* ---- what it takes ---- */

static void
told(const char *name, const char *row, const struct golden_person *who)
{
	json_t *o = lines_json(row);
	struct ck_service_page p = { .row = o };
	struct ck_view v;

	ck_service_page_view(&p, &v);
	lines_helped(&v);
	golden(name, &v, who);
	T(golden_key(&v, who, CK_KEY_ESC) == CK_WENT_BACK, "%s: Esc leaves", name);
	T(golden_key(&v, who, '2') == CK_WENT_BACK, "%s: so does the second choice", name);
	T(golden_key(&v, who, CK_KEY_UP) == CK_WENT_CHANGE &&
		golden_key(&v, who, CK_KEY_ENTER) == CK_WENT_DONE,
	    "%s: the first one goes on", name);
	json_decref(o);
}

/* ---- its fields ---- */

#define TEXT(name, min) \
	"{\"name\":\"" name "\",\"kind\":\"text\",\"min\":" #min ",\"max\":200,\"charset\":\"any\"}"
#define LABEL(name, zh, en, is) "\"" name "\":{\"zh\":\"" zh "\",\"en\":\"" en "\"" is "}"
#define CHANGE_FIELDS \
	TEXT("unit", 1) \
	"," TEXT("unit-code", 0) "," TEXT("change", 1) "," TEXT("agent-name", 1) "," TEXT( \
	    "agent-id", 1) "," TEXT("agent-mobile", 1)
#define CHANGE_LABELS \
	"\"labels\":{" LABEL("unit", "单位名称", "Name of the unit", "") "," LABEL("unit-code", \
	    "统一社会信用代码", "Unified social credit code", \
	    ",\"is\":\"credit-code\"") "," LABEL("change", "变更内容", "What is changed", \
	    "") "," LABEL("agent-name", "经办人姓名", "Agent's name", "") "," LABEL("agent-id", \
	    "经办人身份证号码", "Agent's ID number", \
	    ",\"is\":\"resident-id\"") "," LABEL("agent-mobile", "经办人手机号码", \
	    "Agent's mobile number", ",\"is\":\"mobile\"") "}"
#define ASK(fields, facts, rest) \
	"{\"ask\":\"service\",\"id\":1,\"fields\":[" fields "],\"facts\":{\"service\":\"change\"," \
	"\"title\":{\"zh\":\"变更\",\"en\":\"Change\"},\"submits\":true," facts "}" rest "}"
#define WRONG(detail) \
	",\"error\":{\"code\":3112,\"name\":\"FIELD_WRONG\",\"whose\":\"customer\",\"key\":\"safe\"," \
	"\"detail\":\"" detail "\"}"
#define VALUES \
	"\"values\":{\"unit\":\"" LINES_NAME "\",\"unit-code\":\"91350100M000100Y44\",\"change\":" \
	"\"单位名称\",\"agent-name\":\"张三\",\"agent-id\":\"11010519491231002\",\"agent-mobile\":" \
	"\"13800138000\"}"

static void
open_line(struct stand *s, const struct golden_person *who, const char *line)
{
	*s = (struct stand){ .question = lines_json(line), .who = who };
	lines_take(&s->course, "{\"do\":\"service\",\"system\":\"sheca-issp\"}", 0);
	lines_take(&s->course, "{\"step\":\"service\",\"n\":1,\"of\":1,\"limit\":60}", 0);
	s->a = ck_asking_new(s->question, &s->course);
	ck_asking_view(s->a, &s->view);
	lines_helped(&s->view);
}

static void
asked(const char *name, const struct golden_person *who, const char *line)
{
	struct stand s;

	open_line(&s, who, line);
	golden(name, &s.view, who);
	end(&s);
}

/* as many as a system's file may name */
static void
twelve(void)
{
	json_t *fields = json_array(), *labels = json_object(), *question;
	char *line;

	for (int i = 0; i < 12; i++) {
		char name[16];

		snprintf(name, sizeof name, "f%d", i);
		json_array_append_new(
		    fields, json_pack("{s:s, s:s, s:i, s:i, s:s}", "name", name, "kind", "text",
				"min", i % 2, "max", 200, "charset", "any"));
		json_object_set_new(labels, name,
		    json_pack("{s:o, s:o}", "zh", json_sprintf("第 %d 项", i + 1), "en",
			json_sprintf("Field %d", i + 1)));
	}
	question = json_pack("{s:s, s:i, s:o, s:{s:{s:s, s:s}, s:o}}", "ask", "service", "id", 1,
	    "fields", fields, "facts", "title", "zh", "变更", "en", "Change", "labels", labels);
	line = json_dumps(question, 0);
	asked("service.twelve", &lines_customer, line);
	free(line);
	json_decref(question);
}

static void
filled_in(void)
{
	struct ck_reply r = { .fields = NULL };
	struct stand s;

	open_line(&s, &lines_customer, ASK(CHANGE_FIELDS, CHANGE_LABELS, ""));
	T(s.view.idle == CK_IDLE_WIPE, "who walks away leaves nothing there");
	T(type(&s, "Unit\n\nname\nWang\n110105\n") == CK_WENT_CHANGE,
	    "what may stay empty may; Enter goes on");
	T(type(&s, "\n") == CK_WENT_REFUSED && says(&s, CK_LANG_ZH, "还没有输入"),
	    "what may not, may not");
	T(type(&s, "138\n") == CK_WENT_DONE, "the last Enter is the answer");
	T(ck_asking_reply(s.a, &r) == 0, "there is one");
	T_STR(json_string_value(json_object_get(r.fields, "agent-id")), "110105", "the number");
	T_STR(json_string_value(json_object_get(r.fields, "unit-code")), "", "none");
	T(!says(&s, CK_LANG_ZH, "Wang"), "nothing of it is seen any more");
	json_decref(r.fields);
	end(&s);
	open_line(
	    &s, &lines_customer, ASK(CHANGE_FIELDS, CHANGE_LABELS "," VALUES, WRONG("agent-id")));
	T(says(&s, CK_LANG_ZH, "13800138000"), "what was typed before stands there");
	T(type(&s, "X\n\n") == CK_WENT_DONE, "the cursor is where it is wrong");
	s.view.forget(s.view.self);
	T(!says(&s, CK_LANG_ZH, "13800138000"), "forgotten");
	end(&s);
}

/* ---- how it ended ---- */

#define ENDED \
	"\"title\":{\"zh\":\"解锁\",\"en\":\"Unlock a key\"}," BRING "," NOTE \
	",\"hotline\":\"96701666\""
#define NUMBER ",\"record\":\"CK-20261121-000031\""
#define ERR(code, name, whose, detail) \
	",\"error\":{\"code\":" #code ",\"name\":\"" name "\",\"whose\":\"" whose \
	"\",\"key\":\"safe\",\"detail\":\"" detail "\",\"native\":0}"

struct ended {
	struct ck_course course;
	struct ck_ending *e;
	struct ck_view view;
	json_t *end;
};

static void
open_end(struct ended *d, const char *line)
{
	*d = (struct ended){ .end = lines_json(line) };
	lines_take(&d->course, "{\"do\":\"service\",\"system\":\"sdca-dezhou\"}", 0);
	lines_take(&d->course, line, 0);
	d->e = ck_ending_new("service", d->end, &d->course);
	ck_ending_view(d->e, &d->view);
}

static void
close_end(struct ended *d)
{
	ck_ending_free(d->e);
	ck_course_clear(&d->course);
	json_decref(d->end);
}

/* what a digit leads to; 0: there is no such choice */
static void
ended(const char *name, const struct golden_person *who, const char *line, enum ck_after second)
{
	struct ended d;
	enum ck_went went;

	open_end(&d, line);
	golden(name, &d.view, who);
	went = golden_key(&d.view, who, '2');
	T(second == CK_AFTER_CLOSE ? went == CK_WENT_REFUSED || went == CK_WENT_NOTHING
				   : went == CK_WENT_DONE && ck_ending_after(d.e) == second,
	    "%s: the second choice", name);
	T(golden_key(&d.view, who, '1') == CK_WENT_DONE &&
		(ck_ending_after(d.e) == CK_AFTER_CLOSE) != (second == CK_AFTER_OWN_PIN),
	    "%s: the first closes it", name);
	close_end(&d);
}

static void
endings(void)
{
	ended("service.sent", &lines_customer,
	    "{\"end\":\"done\"" NUMBER ",\"facts\":{" ENDED
	    ",\"application\":\"A-4711\",\"state\":\"received\",\"form\":\"printed\",\"reprint\":1}}",
	    CK_AFTER_CLOSE);
	ended("service.sent-clerk", &lines_clerk,
	    "{\"end\":\"done\"" NUMBER ",\"facts\":{" ENDED
	    ",\"application\":\"A-4711\",\"state\":\"in-work\",\"text\":\"" HOSTILE
	    " 请于周五来领取\",\"form\":\"waits\",\"reprint\":0}}",
	    CK_AFTER_PRINT);
	ended("service.brought", &lines_customer,
	    "{\"end\":\"done\"" NUMBER ",\"facts\":{" ENDED ",\"form\":\"waits\",\"reprint\":0}}",
	    CK_AFTER_CLOSE);
	ended("service.kept", &lines_customer,
	    "{\"end\":\"parked\"" NUMBER ",\"facts\":{" ENDED
	    ",\"form\":\"printed\",\"reprint\":1}" ERR(
		3103, "DESK_UNREACHABLE", "site", "Connection refused") "}",
	    CK_AFTER_AGAIN);
	ended("service.crashed", &lines_customer,
	    "{\"end\":\"failed\"" NUMBER ERR(6001, "ENGINE_GONE", "program", "") "}",
	    CK_AFTER_AGAIN);
	ended("service.stopped", &lines_customer,
	    "{\"end\":\"parked\"" NUMBER ",\"facts\":{" ENDED
	    ",\"form\":\"waits\"}" ERR(6005, "STOPPED", "customer", "") "}",
	    CK_AFTER_AGAIN);
	ended("service.closed", &lines_clerk,
	    "{\"end\":\"refused\"" NUMBER ",\"facts\":{" ENDED
	    ",\"form\":\"printed\",\"reprint\":1}" ERR(3141, "SERVICE_CLOSED", "ca", HOSTILE) "}",
	    CK_AFTER_AGAIN);
	ended("service.left", &lines_customer,
	    "{\"end\":\"refused\",\"facts\":{}" ERR(6005, "STOPPED", "customer", "") "}",
	    CK_AFTER_CLOSE);
}

/* ---- where it is entered ---- */

static const char key_in[] =
    "[{\"event\":\"key\",\"family\":\"飞天 ePass2003\",\"serial\":\"3310090012345678\",\"label\":"
    "\"某某科技\",\"reader\":\"FT\",\"pin\":{\"state\":\"ok\",\"tries\":null,\"min\":4,\"max\":16},"
    "\"readonly\":false,\"two_pairs\":true,\"entries\":[{\"id\":\"0a\",\"label\":\"x\","
    "\"certificate\":{\"name\":\"" LINES_NAME "\",\"issuer\":\"C=CN, CN=SHECA G3\",\"serial\":"
    "\"5DA674B3B75B\",\"not_before\":\"2025-12-05T01:10:19+08:00\",\"not_after\":"
    "\"2026-12-05T01:10:19+08:00\",\"alg\":\"RSA 2048\",\"sha256\":\"5d\"},\"closed\":false,"
    "\"public\":true,\"private\":\"unknown\",\"server\":false,\"systems\":[]}]}]";

static void
at_the_key(void)
{
	json_t *rows = lines_json(key_in);
	struct ck_keyview *k = ck_keyview_new(rows);
	struct ck_chosen chosen;
	struct ck_view v;

	ck_keyview_view(k, &v);
	golden("service.cards", &v, &lines_customer);
	T(golden_key(&v, &lines_customer, '4') == CK_WENT_DONE, "the last of what can be done");
	ck_keyview_chosen(k, &chosen);
	T(chosen.deed == CK_DEED_OTHER, "is something else");
	T_STR(chosen.key, "3310090012345678", "of this key");
	golden_services = false;
	T(golden_key(&v, &lines_customer, '4') == CK_WENT_REFUSED, "where there is nothing else");
	golden_services = true;
	ck_keyview_free(k);
	json_decref(rows);
}

static void
entries(void)
{
	struct ck_attract a = { .trouble = NULL };
	struct ck_view v;

	golden_services = true;
	at_the_key();
	golden_keyless = true;
	ck_attract_view(&a, &v);
	golden("service.attract", &v, &lines_customer);
	T(golden_key(&v, &lines_customer, CK_KEY_ENTER) == CK_WENT_DONE, "without a key, Enter");
	T(golden_key(&v, &lines_clerk, CK_KEY_ENTER) == CK_WENT_NOTHING, "a clerk has a menu");
	a.left_key = true;
	T(golden_key(&v, &lines_customer, CK_KEY_ENTER) == CK_WENT_NOTHING,
	    "while a key is to be taken, nothing");
	a.left_key = false;
	golden_services = false;
	T(golden_key(&v, &lines_customer, CK_KEY_ENTER) == CK_WENT_NOTHING,
	    "where there is nothing else, nothing");
	golden_keyless = false;
}

int
main(int argc, char **argv)
{
	golden_begin(argc, argv);
	entries();
	listed("service.list", "[" NEW "," UNLOCK "," LONGEST "]", &lines_customer);
	listed("service.none", "[]", &lines_clerk);
	among_records();
	told("service.unlock", UNLOCK, &lines_customer);
	told("service.new", NEW, &lines_clerk);
	told("service.longest", LONGEST, &lines_customer);
	asked("service.change", &lines_customer, ASK(CHANGE_FIELDS, CHANGE_LABELS, ""));
	asked("service.wrong", &lines_customer,
	    ASK(CHANGE_FIELDS, CHANGE_LABELS "," VALUES, WRONG("agent-id")));
	asked("service.doubtful", &lines_clerk,
	    ASK(CHANGE_FIELDS, CHANGE_LABELS "," VALUES ",\"doubtful\":\"unit-code\"",
		WRONG("unit-code")));
	twelve();
	filled_in();
	endings();
	return T_END();
}
