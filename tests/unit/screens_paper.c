/* Forms on the screen: those that wait, what stands on one, on which printer; a printer that stands
 * still, and a sheet that only who looks can tell of. */
#include "screens_lines.h"

#include "../../tui/screens/asking.h"
#include "../../tui/screens/desk.h"

#define NOW_MS 100000 /* golden_ctx's */

/* ---- lists ---- */

#define AT(time) "\"2026-11-21T" time "+08:00\""
#define FORM(number, state, copies, made, printed, wipe) \
	"{\"record\":\"CK-20261121-" number "\",\"form\":\"sheca-renewal\",\"made_at\":" AT( \
	    made) ",\"pages\":2,\"copies\":" copies ",\"printed_at\":" printed \
		  ",\"wipe_after\":" wipe ",\"state\":\"" state "\"}"
#define WAITS FORM("000001", "waits", "0", "09:10:00", "null", "null")
#define UNKNOWN FORM("000002", "unknown", "0", "09:40:00", "null", "null")
#define ON_ITS_WAY FORM("000003", "printing", "0", "10:20:00", "null", "null")
#define PRINTED \
	FORM("000004", "printed", "2", "10:40:00", AT("10:41:00"), "\"2026-12-21T10:41:00+08:00\"")
#define WIPED FORM("000005", "wiped", "1", "08:00:00", AT("08:01:00"), "null")
#define FOREIGN \
	"{\"record\":\"CK-20261121-000006\",\"form\":\"\\u001b[2Jour-own\\u202e\",\"made_at\":" AT( \
	    "10:00:00") ",\"pages\":16,\"copies\":0,\"printed_at\":null,\"wipe_after\":null," \
			"\"state\":\"of-tomorrow\"}"

#define PRINTER(name, more) \
	"{\"name\":\"" name "\",\"uri\":\"ipp://printer\",\"media\":\"iso_a4_210x297mm\"," \
	"\"sides\":\"one-sided\",\"copies\":\"1\"" more "}"
#define PRINTERS \
	"[" PRINTER("HP_LaserJet_1020", \
	    ",\"info\":\"1 号柜台\",\"default\":true,\"direct\":true,\"accepting\":true," \
	    "\"state\":\"ready\"") "," PRINTER("Pantum_P3300", \
	    ",\"info\":\"2 号柜台\",\"default\":false,\"direct\":false,\"accepting\":true," \
	    "\"state\":\"stopped\",\"why\":\"PRINT_MEDIA\"") "," PRINTER("old", \
	    ",\"info\":\"\",\"default\":false,\"direct\":false,\"accepting\":false," \
	    "\"state\":\"ready\"") "," PRINTER("ready_ready_ready_ready_ready_ready_ready_ready", \
	    ",\"info\":\"\\u001b]0;x\\u0007走廊尽头\\u202e的打印机，平时不用\",\"accepting\":true," \
	    "\"state\":\"queued\"") "]"

#define LINE(text) "{\"line\":\"" text "\"}"
#define FORM_TEXT \
	"[" LINE("上海市数字证书认证中心有限公司") "," LINE("数字证书更新申请表") "," LINE("编号 " LINES_SLIP) "," LINE("") "," LINE("一、申请人") "," LINE("证书名称：" LINES_NAME) "," LINE("证书类型：□ 个人　■ 单位") "," LINE( \
	    "唯一识别号：001120438184130111") "," LINE("") "," LINE("二、证书") "," LINE("原序列号：433E DA6A F178 B121 9E4A 3CFD") "," LINE("新有效期：2026 年 11 月 21 日 至 2027 年 12 月 6 日") "," LINE("") "," LINE("四、申请人声明") "," LINE("1. 申请人自愿更新上列数字证书，所提供的信息和材料真实、完整、有效，并已核对新证书的名称、序列号和有效期。") "," LINE("2. 申请人已阅读并同意遵守电子认证业务规则和订户协议，知悉原证书在新证书生效后按规则处理，不再使用。") "," LINE("3. 介质和密码由申请人保管。\\u001b[31m遗失、泄露或者单位信息变更的，应立即通知受理点；因保管不善造成的后果由申请人承担。") "," LINE("") "," LINE("□ 申请人（经办人）签字：　　　年　　月　　日") "," LINE("□ 单位公章（个人免）：　　　年　　月　　日") "]"

#define GOOD "{\"end\":\"done\",\"facts\":{}}"
#define NO_CUPS \
	"{\"end\":\"failed\",\"error\":{\"code\":7005,\"name\":\"FORM_NONE\",\"whose\":\"clerk\"," \
	"\"key\":\"untouched\",\"detail\":\"CK-20261121-000001\",\"native\":0}}"

struct stand {
	json_t *rows, *end;
	struct ck_rows *l;
	struct ck_view view;
};

static void
open_list(struct stand *s, enum ck_list_kind kind, const char *rows, const char *end)
{
	*s = (struct stand){ .rows = lines_json(rows) };
	s->l = ck_rows_new(kind, s->rows);
	if (end != NULL) {
		s->end = lines_json(end);
		ck_rows_end(s->l, s->end);
	}
	ck_rows_view(s->l, &s->view);
	lines_helped(&s->view);
}

static void
close_list(struct stand *s)
{
	ck_rows_free(s->l);
	json_decref(s->rows);
	json_decref(s->end);
}

static void
listed(const char *name, enum ck_list_kind kind, const char *rows, const char *end, int down)
{
	struct stand s;

	open_list(&s, kind, rows, end);
	for (int i = 0; i < down; i++)
		golden_key(&s.view, &lines_clerk, CK_KEY_DOWN);
	golden(name, &s.view, &lines_clerk);
	close_list(&s);
}

static void
lists(void)
{
	static const char waiting[] = "[" WAITS "," UNKNOWN "," ON_ITS_WAY "]";
	static const char all[] = "[" PRINTED "," ON_ITS_WAY "," WIPED "," FOREIGN ",{}]";

	listed("paper.waiting", CK_LIST_FORMS, waiting, GOOD, 0);
	listed("paper.unknown", CK_LIST_FORMS, waiting, GOOD, 1);
	listed("paper.printing", CK_LIST_FORMS, waiting, GOOD, 2);
	listed("paper.none", CK_LIST_FORMS, "[]", GOOD, 0);
	listed("paper.none-ever", CK_LIST_FORMS_ALL, "[]", GOOD, 0);
	listed("paper.all", CK_LIST_FORMS_ALL, all, GOOD, 0);
	listed("paper.wiped", CK_LIST_FORMS_ALL, all, GOOD, 2);
	listed("paper.foreign", CK_LIST_FORMS_ALL, all, GOOD, 3);
	listed("paper.printers", CK_LIST_PRINTERS, PRINTERS, GOOD, 0);
	listed("paper.printer-stopped", CK_LIST_PRINTERS, PRINTERS, GOOD, 1);
	listed("paper.printer-long", CK_LIST_PRINTERS, PRINTERS, GOOD, 3);
	listed("paper.printers-reading", CK_LIST_PRINTERS, "[]", NULL, 0);
	listed("paper.printers-none", CK_LIST_PRINTERS, "[]", GOOD, 0);
	listed("paper.form", CK_LIST_FORM, FORM_TEXT, GOOD, 0);
	listed("paper.form-reading", CK_LIST_FORM, "[]", NULL, 0);
	listed("paper.form-failed", CK_LIST_FORM, "[]", NO_CUPS, 0);
}

/* what a key does, and with which row (-1: none) */
static void
does(struct stand *s, int key, enum ck_row_act act, int row)
{
	const json_t *chosen = s->rows;

	T(golden_key(&s->view, &lines_clerk, key) == CK_WENT_DONE &&
		ck_rows_chosen(s->l, &chosen) == act &&
		chosen == (row < 0 ? NULL : json_array_get(s->rows, (size_t)row)),
	    "key %d: act %d with row %d", key, (int)act, row);
}

static void
chosen(void)
{
	struct stand s;

	open_list(&s, CK_LIST_FORMS, "[" WAITS "," UNKNOWN "]", GOOD);
	does(&s, CK_KEY_ENTER, CK_ROW_SHOW, 0);
	golden_key(&s.view, &lines_clerk, CK_KEY_DOWN);
	does(&s, CK_KEY_F(5), CK_ROW_PRINT, 1);
	does(&s, CK_KEY_F(6), CK_ROW_PRINTER, 1);
	does(&s, CK_KEY_F(4), CK_ROW_ALL, -1);
	T(golden_key(&s.view, &lines_clerk, CK_KEY_F(8)) == CK_WENT_NOTHING, "F8 is of records");
	T(golden_key(&s.view, &lines_clerk, CK_KEY_ESC) == CK_WENT_BACK, "Esc leaves");
	close_list(&s);
	open_list(&s, CK_LIST_FORMS_ALL, "[" WIPED "," PRINTED "]", GOOD);
	T(golden_key(&s.view, &lines_clerk, CK_KEY_F(5)) == CK_WENT_REFUSED &&
		golden_key(&s.view, &lines_clerk, CK_KEY_F(6)) == CK_WENT_REFUSED,
	    "what is wiped is not printed");
	golden_key(&s.view, &lines_clerk, CK_KEY_DOWN);
	does(&s, CK_KEY_F(5), CK_ROW_PRINT, 1);
	close_list(&s);
	open_list(&s, CK_LIST_FORMS, "[]", GOOD);
	T(golden_key(&s.view, &lines_clerk, CK_KEY_F(5)) == CK_WENT_REFUSED,
	    "nothing is printed where there is nothing");
	does(&s, CK_KEY_F(4), CK_ROW_ALL, -1);
	close_list(&s);
	open_list(&s, CK_LIST_PRINTERS, PRINTERS, GOOD);
	golden_key(&s.view, &lines_clerk, CK_KEY_DOWN);
	does(&s, CK_KEY_ENTER, CK_ROW_SHOW, 1);
	T(golden_press(&s.view, &lines_clerk, 10, 5) == CK_WENT_DONE, "a press chooses a printer");
	close_list(&s);
	open_list(&s, CK_LIST_FORM, FORM_TEXT, GOOD);
	does(&s, CK_KEY_F(5), CK_ROW_PRINT, -1);
	does(&s, CK_KEY_F(6), CK_ROW_PRINTER, -1);
	close_list(&s);
}

/* A record's own: where it has a form, F8 leads there. */
static void
of_record(void)
{
#define RECORD(form) \
	"{\"record\":\"CK-20261121-000003\",\"system\":\"sheca-cisweb\",\"way\":\"self\"," \
	"\"clerk\":\"07\",\"state\":\"done\",\"station\":\"close\",\"opened\":" AT( \
	    "09:00:00") ",\"touched\":" AT("09:20:00") ",\"closed\":" AT("09:20:00") ",\"name\":\"" LINES_NAME \
										     "\"" form "}"
	struct stand s;

	open_list(&s, CK_LIST_RECORDS, "[" RECORD(",\"form\":\"waits\"") "," RECORD("") "]", GOOD);
	golden("paper.record", &s.view, &lines_clerk);
	does(&s, CK_KEY_F(8), CK_ROW_FORM, 0);
	golden_key(&s.view, &lines_clerk, CK_KEY_DOWN);
	T(golden_key(&s.view, &lines_clerk, CK_KEY_F(8)) == CK_WENT_REFUSED,
	    "a record without a form has none to show");
	close_list(&s);
}

/* more than a screen holds: to its end, and a page back */
static void
scrolled(void)
{
	struct ck_ctx ctx = golden_ctx(&lines_clerk, CK_LANG_ZH);
	struct ck_canvas *c = ck_canvas_new(CK_LEAST_COLS, CK_LEAST_ROWS);
	struct stand s;

	open_list(&s, CK_LIST_FORM, FORM_TEXT, GOOD);
	golden_draw(c, &s.view, &ctx);
	T(golden_key(&s.view, &lines_clerk, CK_KEY_END) == CK_WENT_CHANGE, "to its end");
	golden("paper.form-end", &s.view, &lines_clerk);
	golden_draw(c, &s.view, &ctx);
	T(golden_key(&s.view, &lines_clerk, CK_KEY_PAGE_UP) == CK_WENT_CHANGE, "a page back");
	T(golden_key(&s.view, &lines_clerk, CK_KEY_ENTER) == CK_WENT_BACK, "Enter: enough seen");
	ck_canvas_free(c);
	close_list(&s);
}

/* ---- questions ---- */

#define CHOICE(value, label) "{\"value\":\"" value "\",\"label\":\"" label "\"}"
#define TROUBLE(first, follows, more, error) \
	"{\"ask\":\"paper-trouble\",\"id\":3,\"fields\":[{\"name\":\"do\",\"kind\":\"choice\"," \
	"\"min\":1,\"max\":1,\"choices\":[" CHOICE(first, first) "," CHOICE("later", "later") more \
	    "]}],\"facts\":{\"record\":\"CK-20261121-000027\",\"printer\":" \
	    "\"HP_LaserJet_1020\",\"follows\":" follows "},\"error\":{" error "}}"
#define MEDIA \
	"\"code\":7107,\"name\":\"PRINT_MEDIA\",\"whose\":\"clerk\",\"key\":\"safe\",\"detail\":" \
	"\"media-empty-error\",\"native\":0"
#define OFFLINE \
	"\"code\":7103,\"name\":\"PRINT_OFFLINE\",\"whose\":\"clerk\",\"key\":\"safe\",\"detail\":" \
	"\"\\u001b[2JThe printer is not \\u202eresponding.\",\"native\":0"
#define OTHERS \
	"," CHOICE("printer:Pantum_P3300", "Pantum_P3300") "," CHOICE( \
	    "printer:ready_ready_ready_ready_ready_ready_ready_ready_ready_ready_ready_ready", \
	    "ready_ready_ready_ready_ready_ready_ready_ready_ready_ready_ready_ready")
#define OUT(facts) \
	"{\"ask\":\"paper-out\",\"id\":4,\"fields\":[{\"name\":\"yes\",\"kind\":\"yes\",\"min\":1," \
	"\"max\":1}],\"facts\":{\"record\":\"CK-20261121-000027\"" facts \
	"},\"error\":{\"code\":7116,\"name\":\"PRINT_UNKNOWN\",\"whose\":\"clerk\",\"key\":" \
	"\"safe\",\"detail\":\"\",\"native\":0}}"

static void
to_paper(struct ck_course *c)
{
	lines_until(c, NULL, NOW_MS - 9000);
	lines_take(
	    c, "{\"step\":\"paper\",\"n\":14,\"of\":14,\"pin\":true,\"limit\":30}", NOW_MS - 8000);
}

/* Its answer after these keys, as text; NULL: none yet. */
static char *
asked(const char *name, const struct golden_person *who, const char *line, const int *keys)
{
	struct ck_course course = { .busy = false };
	struct ck_reply reply = { .fields = NULL };
	json_t *question = lines_json(line);
	struct ck_asking *a;
	struct ck_view v;
	char *answer = NULL;
	enum ck_went went = CK_WENT_NOTHING;

	to_paper(&course);
	ck_course_take(&course, question, NOW_MS);
	a = ck_asking_new(question, &course);
	ck_asking_view(a, &v);
	lines_helped(&v);
	if (name != NULL)
		golden(name, &v, who);
	for (; keys != NULL && *keys != 0; keys++)
		went = golden_key(&v, who, *keys);
	if (went == CK_WENT_DONE && ck_asking_reply(a, &reply) == 0)
		answer = json_dumps(reply.fields, JSON_COMPACT);
	json_decref(reply.fields);
	ck_asking_free(a);
	ck_course_clear(&course);
	json_decref(question);
	return answer;
}

static void
answered(const char *line, const int *keys, const char *want, const char *name)
{
	char *answer = asked(NULL, &lines_clerk, line, keys);

	T(answer != NULL && strcmp(answer, want) == 0, "%s: %s", name,
	    answer != NULL ? answer : "no answer");
	free(answer);
}

static void
questions(void)
{
	static const char media[] = TROUBLE("wait", "true", "", MEDIA);
	static const char offline[] = TROUBLE("again", "false", OTHERS, OFFLINE);
	static const char out[] = OUT(",\"printer\":\"HP_LaserJet_1020\"");
	static const int enter[] = { CK_KEY_ENTER, 0 }, two[] = { '2', 0 }, three[] = { '3', 0 },
			 down[] = { CK_KEY_DOWN, CK_KEY_ENTER, 0 };

	asked("paper.trouble", &lines_clerk, media, NULL);
	asked("paper.trouble-self", &lines_customer, media, NULL);
	asked("paper.trouble-again", &lines_clerk, offline, NULL);
	asked("paper.out", &lines_clerk, out, NULL);
	asked("paper.out-sparse", &lines_clerk, OUT(""), NULL);
	asked("paper.out-self", &lines_customer, out, NULL);
	answered(media, enter, "{\"do\":\"wait\"}", "Enter waits");
	answered(media, two, "{\"do\":\"later\"}", "2: later");
	answered(offline, enter, "{\"do\":\"again\"}", "Enter: again, where nothing came out");
	answered(offline, three, "{\"do\":\"printer:Pantum_P3300\"}", "3: the other one");
	answered(out, enter, "{\"yes\":false}", "Enter is no: nothing counts as printed by it");
	answered(out, down, "{\"yes\":true}", "an arrow and Enter: it is there");
	T(asked(NULL, &lines_customer, out, two) == NULL, "no customer says that it is there");
}

/* ---- on its way ---- */

static void
under_way(void)
{
	struct ck_course c = { .busy = false };
	struct ck_function out[CK_VIEW_FUNCTIONS_MAX];
	struct ck_ctx ctx = golden_ctx(&lines_clerk, CK_LANG_ZH);
	struct ck_view v;

	to_paper(&c);
	ck_course_view(&c, &v);
	golden_leave = !ck_course_key_free(&c);
	T(!golden_leave, "the key may be pulled while the form is printed");
	golden("paper.begins", &v, &lines_clerk);
	for (int i = 1; i < 3; i++) {
		char line[128];

		snprintf(line, sizeof line,
		    "{\"did\":\"paper\",\"say\":\"paper-printing\",\"facts\":{\"pages\":%d,"
		    "\"of\":3}}",
		    i);
		lines_take(&c, line, NOW_MS - 1000);
	}
	golden("paper.pages", &v, &lines_customer);
	lines_take(&c,
	    "{\"did\":\"paper\",\"say\":\"paper-trouble\",\"facts\":{\"code\":\"PRINT_MEDIA\","
	    "\"why\":\"media-empty-error\"}}",
	    NOW_MS - 500);
	golden("paper.stands", &v, &lines_customer);
	T(v.functions(&c, &ctx, out) == 1 && out[0].key == CK_KEY_ESC &&
		golden_key(&v, &lines_clerk, CK_KEY_ESC) == CK_WENT_BACK,
	    "nobody has to wait for a printer");
	ck_course_clear(&c);
}

/* from the desk there is nothing but the printing */
static void
by_itself(void)
{
	struct ck_course c = { .busy = false };
	struct ck_view v;

	lines_take(
	    &c, "{\"do\":\"print\",\"record\":\"CK-20261121-000027\",\"clerk\":\"07\"}", NOW_MS);
	ck_course_view(&c, &v);
	golden("paper.print-begins", &v, &lines_clerk);
	lines_take(&c, "{\"step\":\"paper\",\"n\":1,\"of\":1,\"limit\":60}", NOW_MS);
	lines_take(&c,
	    "{\"did\":\"paper\",\"say\":\"paper-printing\",\"facts\":{\"pages\":-1,\"of\":2}}",
	    NOW_MS);
	T(ck_course_key_free(&c), "no key is needed for it");
	golden("paper.print", &v, &lines_clerk);
	ck_course_clear(&c);
}

int
main(int argc, char **argv)
{
	golden_begin(argc, argv);
	lists();
	chosen();
	of_record();
	scrolled();
	questions();
	under_way();
	by_itself();
	return T_END();
}
