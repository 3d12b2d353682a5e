/* The widgets: what they show and what keys, digits and presses do with them. */
#include "t.h"

#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>

#include "../../tui/kit/card.h"
#include "../../tui/kit/input.h"
#include "../../tui/kit/list.h"
#include "../../tui/kit/message.h"
#include "../../tui/kit/page.h"
#include "../../tui/kit/steps.h"
#include "../../tui/kit/table.h"

static struct ck_canvas *c;

static struct ck_rect
fresh(int cols, int rows)
{
	ck_canvas_free(c);
	c = ck_canvas_new(cols, rows);
	return ck_canvas_all(c);
}

static void
shows(const char *want, const char *name)
{
	char *got = ck_canvas_text(c);
	struct ck_flaws f;

	ck_canvas_flaws(c, &f);
	T_STR(got, want, "%s", name);
	T(f.overlaps + f.cut + f.halves + f.loose_lines == 0, "%s: without a flaw", name);
	free(got);
}

static struct ck_event
key(int k)
{
	return (struct ck_event){ CK_EV_KEY, k, 0, 0 };
}

static struct ck_event
press(int x, int y)
{
	struct ck_event e = { CK_EV_PRESS, 0, x, y };

	ck_press(c, &e);
	return e;
}

/* ---- fields ---- */

static enum ck_came
type(struct ck_input *f, const char *keys)
{
	enum ck_came came = CK_CAME_NOTHING;

	for (; *keys != '\0'; keys++)
		came = ck_input_key(f, &(struct ck_event){ CK_EV_KEY, *keys, 0, 0 });
	return came;
}

static void
field(void)
{
	struct ck_input f = { .charset = CK_CHARS_DIGITS, .most = 6 };
	int x, y;

	T(type(&f, "123") == CK_CAME_CHANGE && strcmp(f.text, "123") == 0, "digits are typed");
	T(type(&f, "x") == CK_CAME_REFUSED && type(&f, " ") == CK_CAME_REFUSED, "nothing else is");
	T(type(&f, "4567") == CK_CAME_REFUSED && strcmp(f.text, "123456") == 0, "six and no more");
	ck_input_key(&f, &(struct ck_event){ CK_EV_KEY, CK_KEY_LEFT, 0, 0 });
	ck_input_key(&f, &(struct ck_event){ CK_EV_KEY, CK_KEY_BACKSPACE, 0, 0 });
	T_STR(f.text, "12346", "Backspace takes what is before the cursor");
	type(&f, "9");
	T_STR(f.text, "123496", "and there one types");
	ck_input_key(&f, &(struct ck_event){ CK_EV_KEY, CK_KEY_HOME, 0, 0 });
	ck_input_key(&f, &(struct ck_event){ CK_EV_KEY, CK_KEY_DELETE, 0, 0 });
	T_STR(f.text, "23496", "Delete takes what is behind it");
	ck_input_key(&f, &(struct ck_event){ CK_EV_KEY, CK_KEY_LEFT, 0, 0 });
	ck_input_key(&f, &(struct ck_event){ CK_EV_KEY, CK_KEY_BACKSPACE, 0, 0 });
	T_STR(f.text, "23496", "before the first there is nothing to take");
	ck_input_draw(c, fresh(4, 1), &f, true, CK_KEY_FOCUS);
	shows("234\n", "longer than its room, from the cursor on");
	ck_input_key(&f, &(struct ck_event){ CK_EV_KEY, CK_KEY_END, 0, 0 });
	ck_input_draw(c, fresh(4, 1), &f, true, CK_KEY_FOCUS);
	shows("496\n", "up to the cursor");
	ck_canvas_cursor_at(c, &x, &y);
	T(x == 3 && y == 0, "which stands behind it");
	T(press(2, 0).key == CK_KEY_FOCUS, "a press goes to the field");
	T(type(&f, "") == CK_CAME_NOTHING &&
		ck_input_key(&f, &(struct ck_event){ CK_EV_KEY, CK_KEY_ENTER, 0, 0 }) ==
		    CK_CAME_CHOICE,
	    "Enter is the answer");
	T(ck_input_key(&f, &(struct ck_event){ CK_EV_KEY, CK_KEY_F1, 0, 0 }) == CK_CAME_NOTHING,
	    "function keys are the screen's");
	ck_input_clear(&f);
	for (size_t i = 0; i < sizeof f.text; i++)
		if (f.text[i] != 0)
			T(false, "byte %zu is left of what was cleared", i);
	f.charset = CK_CHARS_SERIAL;
	T(type(&f, "A-9_") == CK_CAME_REFUSED && strcmp(f.text, "A-9") == 0,
	    "a serial has letters");
}

static void
wide_field(void)
{
	struct ck_input f = { .charset = CK_CHARS_ANY };
	int x, y;

	ck_input_set(&f, "上海某某\033公司");
	T_STR(f.text, "上海某某\uFFFD公司", "what is put in is filtered");
	ck_input_set(&f, "上海某某公司e\u0301");
	ck_input_draw(c, fresh(7, 1), &f, true, 0);
	shows("公司e\u0301\n", "no half of a wide character at the left");
	ck_canvas_cursor_at(c, &x, &y);
	T(x == 5, "the cursor behind what is shown, at %d", x);
	ck_input_key(&f, &(struct ck_event){ CK_EV_KEY, CK_KEY_BACKSPACE, 0, 0 });
	T_STR(f.text, "上海某某公司", "a letter goes with its mark");
	ck_input_key(&f, &(struct ck_event){ CK_EV_KEY, CK_KEY_BACKSPACE, 0, 0 });
	T_STR(f.text, "上海某某公", "a character is three bytes");
	for (int i = 0; i < 200; i++)
		ck_input_key(&f, &(struct ck_event){ CK_EV_KEY, 0x4E00, 0, 0 });
	T(strlen(f.text) <= CK_INPUT_MAX, "and the field has an end");
}

/* ---- lists ---- */

static const struct ck_row rows[] = { { "自更新", NULL }, { "代更新", "没有信封" }, { "三", NULL },
	{ "四", NULL }, { "五", NULL }, { "六", NULL }, { "七", NULL }, { "八", NULL },
	{ "九", NULL }, { "十", NULL }, { "十一", NULL } };

static void
list(void)
{
	struct ck_list l = { .rows = rows, .n = 3 };
	struct ck_event e;

	T(ck_list_draw(c, fresh(30, 4), &l) == 3, "three lines");
	shows("> 1  自更新\n  2  代更新  没有信封\n  3  三\n\n", "a list");
	e = press(20, 2);
	T(ck_list_key(&l, &e) == CK_CAME_CHOICE && l.at == 2, "a press chooses");
	e = key('1');
	T(ck_list_key(&l, &e) == CK_CAME_CHOICE && l.at == 0, "a digit chooses");
	e = key('2');
	T(ck_list_key(&l, &e) == CK_CAME_REFUSED && l.at == 1, "what is not possible is refused");
	e = key(CK_KEY_ENTER);
	T(ck_list_key(&l, &e) == CK_CAME_REFUSED, "also by Enter");
	e = key('4');
	T(ck_list_key(&l, &e) == CK_CAME_REFUSED && l.at == 1, "there is no fourth");
	e = key('0');
	T(ck_list_key(&l, &e) == CK_CAME_NOTHING, "a nought is no row");
	e = key(CK_KEY_DOWN);
	T(ck_list_key(&l, &e) == CK_CAME_CHANGE && ck_list_key(&l, &e) == CK_CAME_CHANGE &&
		l.at == 2,
	    "arrows stop at the end");
	l = (struct ck_list){ .rows = rows, .n = 11, .at = 10 };
	ck_list_draw(c, fresh(20, 4), &l);
	shows("  8  八          ^ 7\n  9  九\n     十\n>    十一\n", "the end of a long one");
	T(press(15, 0).key == CK_KEY_PAGE_UP, "its mark can be pressed");
	e = key(CK_KEY_HOME);
	ck_list_key(&l, &e);
	ck_list_draw(c, fresh(30, 3), &l);
	shows("> 1  自更新\n  2  代更新  没有信封\n  3  三                    v 8\n",
	    "its beginning");
}

static void
buttons(void)
{
	static const struct ck_button some[] = { { '1', "1", "另设密码" },
		{ CK_KEY_F(5), "F5", "不在场" }, { CK_KEY_ENTER, "Enter", "结束" } };
	struct ck_buttons b = { some, 3, 2 };

	T(ck_buttons_draw(c, fresh(24, 3), &b) == 3, "as many lines as they take");
	shows(" 1  另设密码\n F5  不在场\n Enter  结束\n", "buttons");
	T(ck_buttons_draw(c, fresh(60, 3), &b) == 1, "one where there is room");
	T(press(20, 0).key == CK_KEY_F(5), "a press is its key");
}

static void
table(void)
{
	static const char *const heads[] = { "业务", "状态", "份" };
	static const char *const cells[] = { "20261120-0371", "等待签发", "2", "20261120-0372",
		"已完成", "10", "20261120-0373", NULL, "1" };
	struct ck_table t = { 3, 3, heads, cells, 1U << 2, true, .at = 1 };
	struct ck_event e;

	T(ck_table_draw(c, fresh(34, 4), &t) == 4, "heads and rows");
	shows("  业务           状态      份\n  20261120-0371  等待签发   2\n"
	      "> 20261120-0372  已完成    10\n  20261120-0373             1\n",
	    "a table");
	e = press(5, 3);
	T(ck_table_key(&t, &e) == CK_CAME_CHOICE && t.at == 2, "a press chooses a row");
	ck_table_draw(c, fresh(38, 3), &t);
	shows("  业务           状态      份\n  20261120-0372  已完成    10      ^ 1\n"
	      "> 20261120-0373             1\n",
	    "its end");
	t.choose = false;
	e = key(CK_KEY_ENTER);
	T(ck_table_key(&t, &e) == CK_CAME_NOTHING, "one that is only looked at is not chosen from");
}

static void
cards(void)
{
	static const struct ck_card some[] = {
		{ .name = "张伟",
		    .kind = "个人",
		    .facts = { "SHECA G3", "SM2" },
		    .valid = "2026 至 2027",
		    .passed = 500,
		    .tone = CK_TONE_GOOD,
		    .state = "可以更新" },
		{ .name = "李四",
		    .kind = "个人",
		    .valid = "2025 至 2026",
		    .passed = -1,
		    .why = "已经过期" },
	};
	struct ck_cards s = { .cards = some, .n = 2 };
	struct ck_event e;

	T(ck_cards_draw(c, fresh(36, 10), &s) == 10, "two cards");
	shows("+----------------------------------+\n"
	      "| > 张伟                      个人 |\n"
	      "|   SHECA G3   SM2                 |\n"
	      "|   2026 至 2027   [######.......] |\n"
	      "|   v 可以更新                     |\n"
	      "+----------------------------------+\n"
	      "|   李四                      个人 |\n"
	      "|   2025 至 2026                   |\n"
	      "|   x 已经过期                     |\n"
	      "+----------------------------------+\n",
	    "cards");
	e = press(3, 7);
	T(ck_cards_key(&s, &e) == CK_CAME_CHOICE && s.at == 1, "a press chooses a card");
	T(ck_cards_draw(c, fresh(36, 9), &s) == 6, "one of two where there is less room");
	shows("+----------------------------------+\n"
	      "| > 李四                      个人 |\n"
	      "|   2025 至 2026                   |\n"
	      "|   x 已经过期                     |\n"
	      "+----------------------------------+\n"
	      "   ^ 1\n\n\n\n",
	    "and how many are above");
	e = key('1');
	T(ck_cards_key(&s, &e) == CK_CAME_NOTHING, "digits are not for cards");
}

/* ---- bars ---- */

static void
steps(void)
{
	static const char *const labels[] = { "钥匙", "证书", "信封", "密码", "新密钥", "签发",
		"写入", "确认", "改密码", "打印" };
	struct ck_steps s = { labels, 10, 4, CK_TONE_NOW };

	ck_steps_draw(c, fresh(80, 1), &s);
	shows("[v]钥匙 [v]证书 [v]信封 [v]密码 [>]新密钥 [.]签发 [.]写入 [.]确认 [.]改密码 + 1\n",
	    "what is to come matters more");
	ck_steps_draw(c, fresh(40, 1), &s);
	shows("v 3 [v]密码 [>]新密钥 [.]签发 + 4\n", "as much as fits around the present one");
	s.at = 10;
	ck_steps_draw(c, fresh(40, 1), &s);
	shows("v 6 [v]写入 [v]确认 [v]改密码 [v]打印\n", "all done");
	for (int width = 20; width < 100; width++)
		for (s.at = 0; s.at <= 10; s.at++) {
			struct ck_flaws f;

			ck_steps_draw(c, fresh(width, 1), &s);
			ck_canvas_flaws(c, &f);
			if (f.cut + f.overlaps + f.halves > 0)
				T(false, "step %d in %d columns is cut", s.at, width);
		}
}

static void
progress(void)
{
	struct ck_progress p = { "正在生成新密钥", "已用", 67, 1, 2 };

	T(ck_progress_draw(c, fresh(30, 3), &p) == 3, "three lines");
	shows("正在生成新密钥       已用 1:07\n\n[###########............]  1/2\n", "half way");
	p.of = 0;
	T(ck_progress_draw(c, fresh(30, 3), &p) == 1, "no bar where nobody knows");
}

static void
page(void)
{
	static const struct ck_said states[] = { { CK_TONE_GOOD, "读卡器" },
		{ CK_TONE_BAD, "CA" } };
	static const struct ck_function functions[] = {
		{ .key = CK_KEY_ENTER, .name = "Enter", .text = "确定" },
		{ .key = CK_KEY_F(1), .letter = 'h', .name = "F1", .text = "帮助", .right = true },
	};
	struct ck_page p = { .where = "证书服务终端",
		.who = "柜员 07",
		.clock = "10:33",
		.lamp = { CK_TONE_CAREFUL, "请勿拔出 Key" },
		.states = states,
		.n_states = 2,
		.note = { CK_TONE_CAREFUL, "终端证书 2026-12-30 到期" },
		.functions = functions,
		.n_functions = 2 };
	struct ck_rect r;
	struct ck_event e;

	fresh(40, 8);
	r = ck_page_draw(c, &p);
	shows(" 证书服务终端   柜员 07           10:33\n\n\n\n\n"
	      " ! 终端证书 2026-12-30 到期\n"
	      " ! 请勿拔出 Key         读卡器 v   CA x\n"
	      " Enter 确定                     F1 帮助\n",
	    "around a screen");
	T(r.x == 1 && r.y == 1 && r.w == 38 && r.h == 4, "what is left is the screen's");
	e = press(33, 7);
	T(ck_functions_key(functions, 2, &e, true) == CK_KEY_F(1), "F1 by a press");
	e = key('h');
	T(ck_functions_key(functions, 2, &e, false) == CK_KEY_F(1), "by its letter");
	T(ck_functions_key(functions, 2, &e, true) == 0, "not while something is typed");
	e = key(CK_KEY_ALT + 'H');
	T(ck_functions_key(functions, 2, &e, true) == CK_KEY_F(1), "but by Alt and the letter");
	fresh(140, 50);
	r = ck_page_draw(c, &p);
	T(r.w < 110 && r.x > 10, "a line is no longer than one can read");
}

/* the last line of so many columns */
static void
bar(int width, const char *want, const char *name)
{
	static const struct ck_function functions[] = {
		{ .key = CK_KEY_F(5), .name = "F5", .text = "打印" },
		{ .key = CK_KEY_F(1), .name = "F1", .text = "帮助" },
		{ .key = CK_KEY_F(3), .name = "F3", .text = "高对比", .spare = true },
		{ .key = CK_KEY_F(9), .name = "F9", .text = "柜员", .right = true },
	};
	struct ck_page p = { .where = "", .clock = "", .functions = functions, .n_functions = 4 };
	struct ck_flaws f;
	char line[128];

	fresh(width, 3);
	ck_page_draw(c, &p);
	snprintf(line, sizeof line, "\n\n%s\n", want);
	shows(line, name);
	ck_canvas_flaws(c, &f);
	T(f.cut == 0, "%s: nothing is cut", name);
}

static void
bars(void)
{
	bar(44, " F5 打印   F1 帮助   F3 高对比      F9 柜员", "keys with room between them");
	bar(41, " F5 打印   F1 帮助   F3 高对比   F9 柜员", "as narrow as that goes");
	bar(40, " F5 打印   F1 帮助              F9 柜员",
	    "the spare one goes before they close up");
	bar(29, " F5 打印   F1 帮助   F9 柜员", "the rest");
	bar(28, " F5 打印  F1 帮助   F9 柜员", "closer, and none is left out");
	bar(25, " F5 打印 F1 帮助 F9 柜员", "as close as can be read");
}

static void
message(void)
{
	static const struct ck_button some[] = { { CK_KEY_ENTER, "Enter", "继续" } };
	struct ck_message m = { CK_TONE_CAREFUL, "还在吗", "没有人操作，30 秒后清屏。",
		{ some, 1, 0 } };
	struct ck_flaws f;
	char *text;

	fresh(80, 24);
	for (int y = 0; y < 24; y++)
		ck_put(c, 0, y, 80, CK_S_PLAIN,
		    "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十");
	ck_message_draw(c, &m);
	text = ck_canvas_text(c);
	ck_canvas_flaws(c, &f);
	T(f.overlaps + f.halves + f.loose_lines + f.cut == 0, "a message over wide characters");
	T(strstr(text, "|  ! 还在吗 ") != NULL &&
		strstr(text, "没有人操作，30 秒后清屏。") != NULL &&
		strstr(text, "Enter  继续") != NULL,
	    "says what it has to say");
	free(text);
}

int
main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	field();
	wide_field();
	list();
	buttons();
	table();
	cards();
	steps();
	progress();
	page();
	bars();
	message();
	ck_canvas_free(c);
	return T_END();
}
