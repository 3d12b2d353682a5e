/* The canvas: wide characters whole, lines that join, what does not fit is marked, and each flaw
 * the golden screens are checked for is one that is seen. */
#include "t.h"

#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>

#include "../../tui/kit/canvas.h"
#include "../../tui/kit/text.h"

static struct ck_canvas *c;

static void
fresh(int cols, int rows)
{
	ck_canvas_free(c);
	c = ck_canvas_new(cols, rows);
}

static void
shows(const char *want, const char *name)
{
	char *got = ck_canvas_text(c);

	T_STR(got, want, "%s", name);
	free(got);
}

static void
flaws(int overlaps, int cut, int halves, int loose, const char *name)
{
	struct ck_flaws f;

	ck_canvas_flaws(c, &f);
	T(f.overlaps == overlaps && f.cut == cut && f.halves == halves && f.loose_lines == loose,
	    "%s: %d overlaps, %d cut, %d halves, %d loose", name, f.overlaps, f.cut, f.halves,
	    f.loose_lines);
}

/* a text as a name of a test: one line of signs */
static void
name_of(char *out, size_t cap, const char *text)
{
	snprintf(out, cap, "%s", text);
	for (; *out != '\0'; out++)
		if ((unsigned char)*out < ' ')
			*out = '/';
}

static void
puts_text(int width, const char *text, const char *want, bool cut)
{
	char line[256];
	char name[128];

	fresh(40, 1);
	ck_put(c, 0, 0, width, CK_S_PLAIN, text);
	name_of(name, sizeof name, text);
	snprintf(line, sizeof line, "%s\n", want);
	shows(line, name);
	flaws(0, cut, 0, 0, name);
}

static void
one_line(void)
{
	puts_text(20, "plain", "plain", false);
	puts_text(8, "更新证书", "更新证书", false);
	puts_text(7, "更新证书", "更新证~", true);
	puts_text(6, "更新证书", "更新~", true);
	puts_text(10, "更新证书很好", "更新证...", true);
	puts_text(1, "更", "", true);
	puts_text(0, "x", "", true);
	/* a mark joins the letter before it, and a third one is no writing */
	puts_text(3, "e\u0301te\u0301", "e\u0301te\u0301", false);
	puts_text(1, "e\u0301\u0302\u0303\u0304", "e\u0301\u0302", false);
	puts_text(1, "\u0301x", "x", false);
	fresh(10, 1);
	ck_put_right(c, 2, 0, 8, CK_S_PLAIN, "右边");
	shows("      右边\n", "to the right");
	fresh(10, 1);
	ck_put_centre(c, 0, 0, 10, CK_S_PLAIN, "中");
	shows("    中\n", "in the middle");
	fresh(6, 1);
	ck_put(c, 4, 0, 20, CK_S_PLAIN, "超出");
	shows("    ~\n", "beyond the edge");
	ck_put(c, 0, 1, 4, CK_S_PLAIN, "x");
	flaws(0, 2, 0, 0, "below the last line");
}

static void
from_outside(void)
{
	puts_text(30,
	    "a\033[2Jb\x9b"
	    "31m",
	    "a?[2Jb?31m", false);
	puts_text(30, "\u202Eevil\u202C\u200B\u200D\uFEFF!", "evil!", false);
	puts_text(30, "a\tb\r\nc", "a b  c", false);
	puts_text(30, "bad \xE4\xB8 utf8", "bad ?? utf8", false);
	puts_text(30, "\u2600\uFE0F", "\u2600", false);
	/* what terminals disagree about has a stand-in */
	puts_text(30, "“密码”—×·…√Ⅱ", "\"密码\"-x・...vII", false);
	T(ck_shown_columns("“密码”—×·…√Ⅱ") == 16, "and its columns are counted");
}

static void
stays_whole(void)
{
	fresh(6, 1);
	ck_put(c, 0, 0, 6, CK_S_PLAIN, "更新书");
	ck_canvas_lift(c, (struct ck_rect){ 1, 0, 2, 1 });
	shows("    书\n", "lifting takes wide characters at the edges whole");
	flaws(0, 0, 0, 0, "lifted");
	ck_put(c, 3, 0, 2, CK_S_PLAIN, "新");
	flaws(1, 0, 0, 0, "half of a wide character is in the way");
	shows("   新\n", "and goes with the other half");
}

static void
wrapped(int width, int height, const char *text, const char *want, bool cut)
{
	char name[128];
	int lines;

	name_of(name, sizeof name, text);
	fresh(width, height);
	lines = ck_put_wrapped(c, ck_canvas_all(c), CK_S_PLAIN, text);
	shows(want, name);
	flaws(0, cut, 0, 0, name);
	T(cut || lines == ck_wrapped_lines(text, width), "%d lines are %d: %s", lines,
	    ck_wrapped_lines(text, width), name);
}

static void
many_lines(void)
{
	wrapped(12, 2, "it never expires", "it never\nexpires\n", false);
	wrapped(9, 3, "可以更新。请再来", "可以更\n新。请再\n来\n", false);
	wrapped(7, 3, "密码（PIN）不对", "密码\n（PIN）\n不对\n", false);
	wrapped(8, 2, "密码是“对的”", "密码是\n\"对的\"\n", false);
	wrapped(10, 2, "一\n\n二", "一\n...\n", true);
	wrapped(10, 3, "一\n\n二", "一\n\n二\n", false);
	wrapped(6, 2, "一二三四五六七", "一二三\n四五~\n", true);
	wrapped(6, 2, "0123456789ab", "012345\n6789ab\n", false);
	wrapped(9, 2, "正在写入…………", "正在写\n入.......\n", true);
	fresh(5, 3);
	T(ck_put_wrapped(c, (struct ck_rect){ 0, 0, 5, 3 }, CK_S_PLAIN, "") == 0,
	    "no text, no line");
	T(ck_put_wrapped(c, (struct ck_rect){ 0, 0, 0, 3 }, CK_S_PLAIN, "x") == 0,
	    "no room, no line");
}

static void
lines(void)
{
	fresh(7, 5);
	ck_box(c, (struct ck_rect){ 0, 0, 7, 3 });
	ck_box(c, (struct ck_rect){ 0, 2, 7, 3 });
	shows("+-----+\n|     |\n+-----+\n|     |\n+-----+\n", "boxes share a border");
	flaws(0, 0, 0, 0, "joined");
	T(ck_canvas_at(c, 0, 2)->line == (CK_UP | CK_DOWN | CK_TO_RIGHT), "a tee at the left");
	fresh(7, 5);
	ck_box(c, (struct ck_rect){ 0, 0, 7, 5 });
	ck_rule(c, 0, 2, 7);
	flaws(0, 0, 0, 0, "a rule joins the box");
	ck_put(c, 3, 2, 2, CK_S_PLAIN, "证");
	flaws(2, 0, 0, 2, "text on a border is an overlap and leaves two loose ends");
	fresh(4, 2);
	ck_rule(c, 0, 0, 6);
	flaws(0, 2, 0, 1, "a line over the edge is cut");
}

static void
overlaps(void)
{
	struct ck_flaws f;

	fresh(10, 2);
	ck_paint(c, ck_canvas_all(c), CK_S_TITLE);
	ck_put(c, 2, 1, 4, CK_S_TITLE, "ab");
	flaws(0, 0, 0, 0, "a ground is not in the way");
	ck_put(c, 3, 1, 4, CK_S_TITLE, "x");
	ck_canvas_flaws(c, &f);
	T(f.overlaps == 1 && f.x == 3 && f.y == 1, "where the overlap is");
	ck_canvas_clear(c);
	flaws(0, 0, 0, 0, "cleared");
	T(ck_canvas_at(c, 3, 1)->style == CK_S_PLAIN, "the ground as well");
}

static void
presses(void)
{
	int x, y;

	fresh(10, 3);
	ck_canvas_key(c, (struct ck_rect){ 2, 1, 3, 1 }, 'k');
	T(ck_canvas_key_at(c, 4, 1) == 'k' && ck_canvas_key_at(c, 5, 1) == 0 &&
		ck_canvas_key_at(c, 4, 0) == 0 && ck_canvas_key_at(c, 40, 1) == 0 &&
		ck_canvas_key_at(c, -1, 1) == 0,
	    "a press means something in its rectangle only");
	ck_canvas_lift(c, (struct ck_rect){ 0, 0, 4, 3 });
	T(ck_canvas_key_at(c, 3, 1) == 0 && ck_canvas_key_at(c, 4, 1) == 'k',
	    "what lies over it takes the presses");
	ck_canvas_cursor(c, 1, 2);
	ck_canvas_cursor_at(c, &x, &y);
	T(x == 1 && y == 2, "the cursor stands where it was put");
	ck_canvas_clear(c);
	ck_canvas_cursor_at(c, &x, &y);
	T(x == -1, "and nowhere on an empty canvas");
}

static void
bounds(void)
{
	struct ck_canvas *other = ck_canvas_new(5, 1);
	struct ck_rect r;

	fresh(100000, 100000);
	r = ck_canvas_all(c);
	T(r.w == CK_MOST_COLS && r.h == CK_MOST_ROWS, "no terminal is larger than that");
	T(ck_canvas_resize(c, 0, -1) == 0 && ck_canvas_all(c).w == 1, "nor smaller than a cell");
	fresh(4, 1);
	ck_put(c, 0, 0, 4, CK_S_PLAIN, "证书");
	T(ck_canvas_follow(other, c, 0) && !ck_canvas_follow(other, c, 0),
	    "a row is followed once");
	T(!ck_canvas_follow(other, c, 1), "a row neither has is not");
	ck_put(c, 0, 0, 1, CK_S_PLAIN, "x");
	T(ck_canvas_follow(other, c, 0), "and again when it changed");
	r = ck_middle((struct ck_rect){ 10, 10, 20, 6 }, 10, 8);
	T(r.x == 15 && r.y == 10 && r.w == 10 && r.h == 6, "the middle, as much as there is");
	ck_canvas_free(other);
}

int
main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	one_line();
	from_outside();
	stays_whole();
	many_lines();
	lines();
	overlaps();
	presses();
	bounds();
	ck_canvas_free(c);
	ck_canvas_free(NULL);
	return T_END();
}
