/* Bytes in, events out: every way a terminal says a key, whole, in pieces and in a burst. */
#include "t.h"

#include <stdbool.h>

#include "../../tui/kit/canvas.h"
#include "../../tui/kit/key.h"

static void
feed(struct ck_keys *k, const char *bytes, size_t n)
{
	size_t room = 0;
	char *to = ck_keys_room(k, &room);

	T(room >= n, "there is room for %zu bytes", n);
	memcpy(to, bytes, n);
	ck_keys_took(k, n);
}

/* all events there are, as text */
static void
drain(struct ck_keys *k, bool settled, char *out, size_t cap)
{
	struct ck_event e;
	size_t n = strlen(out);
	char typed[CK_TYPED_MAX];

	while (ck_keys_next(k, settled, &e)) {
		if (e.kind == CK_EV_PRESS)
			n += (size_t)snprintf(out + n, cap - n, "(%d,%d)", e.x, e.y);
		else if (ck_key_typed(&e, typed) > 0)
			n += (size_t)snprintf(out + n, cap - n, "%s", typed);
		else if (e.key >= CK_KEY_F1 && e.key <= CK_KEY_F12)
			n += (size_t)snprintf(out + n, cap - n, "<F%d>", e.key - CK_KEY_F1 + 1);
		else if (e.key > CK_KEY_ALT)
			n += (size_t)snprintf(out + n, cap - n, "<A-%c>", e.key - CK_KEY_ALT);
		else if (e.key < ' ')
			n += (size_t)snprintf(out + n, cap - n, "<C-%c>", e.key + 'a' - 1);
		else
			n += (size_t)snprintf(out + n, cap - n, "<%s>",
			    e.key == CK_KEY_UP		? "up"
			    : e.key == CK_KEY_DOWN	? "down"
			    : e.key == CK_KEY_LEFT	? "left"
			    : e.key == CK_KEY_RIGHT	? "right"
			    : e.key == CK_KEY_HOME	? "home"
			    : e.key == CK_KEY_END	? "end"
			    : e.key == CK_KEY_PAGE_UP	? "pgup"
			    : e.key == CK_KEY_PAGE_DOWN ? "pgdn"
			    : e.key == CK_KEY_DELETE	? "del"
			    : e.key == CK_KEY_BACKSPACE ? "bs"
			    : e.key == CK_KEY_TAB	? "tab"
			    : e.key == CK_KEY_BACK_TAB	? "backtab"
			    : e.key == CK_KEY_ENTER	? "enter"
			    : e.key == CK_KEY_ESC	? "esc"
							: "?");
	}
}

static const struct {
	const char *bytes, *want;
} cases[] = {
	{ "a1 ~", "a1 ~" },
	{ "证书é", "证书é" },
	{ "\033[A\033[B\033[C\033[D", "<up><down><right><left>" },
	{ "\033OA\033OB\033OC\033OD", "<up><down><right><left>" },
	{ "\033[1;5A", "<up>" },
	{ "\033[H\033[F\033[1~\033[4~\033[7~\033[8~\033OH",
	    "<home><end><home><end><home><end><home>" },
	{ "\033[5~\033[6~\033[3~", "<pgup><pgdn><del>" },
	{ "\033OP\033OQ\033OR\033OS", "<F1><F2><F3><F4>" },
	{ "\033[[A\033[[E", "<F1><F5>" },
	{ "\033[11~\033[15~\033[17~\033[21~\033[23~\033[24~", "<F1><F5><F6><F10><F11><F12>" },
	{ "\033[1;2P", "<F1>" },
	{ "\0331\0339\0330\033-\033=", "<F1><F9><F10><F11><F12>" },
	{ "\033h\033H", "<A-h><A-H>" },
	{ "\t\033[Z\x7f\b", "<tab><backtab><bs><bs>" },
	{ "\r", "<enter>" },
	{ "\n", "<enter>" },
	{ "\r\n", "<enter>" },
	{ "1\r\n2\r\n", "1<enter>2<enter>" },
	{ "\r\r", "<enter><enter>" },
	{ "\n\n", "<enter><enter>" },
	{ "\x03\x1a\x1c\x15", "<C-c><C-z><C-|><C-u>" },
	{ "\033\033", "<esc><esc>" },
	{ "\033", "<esc>" },
	{ "\033证", "<esc>证" },
	{ "\033[", "<A-[>" },
	{ "\033O", "<A-O>" },
	{ "\033Op\033Oy\033OM\033On", "09<enter>." },
	/* presses, releases, motion and the wheel; SGR and X10 */
	{ "\033[<0;5;3M\033[<0;5;3m\033[<32;6;3M\033[<2;5;3M", "(4,2)" },
	{ "\033[<64;5;3M\033[<65;5;3M", "<up><down>" },
	{ "\033[M !!\033[M#!!", "(0,0)" },
	{ "\033[<0;0;0M\033[<0;999999999999;1M", "(99998,0)" },
	/* not asked for, and swallowed: paste, focus, answers, window reports */
	{ "\033[200~12\033[201~", "12" },
	{ "\033[Ia\033[Ob", "ab" },
	{ "\033[?64;1c\033[8;24;80tz", "z" },
	{ "\033[99~x", "x" },
	/* broken, overlong, control as UTF-8, bidi */
	{ "\xE8\xAFx", "x" },
	{ "\xC0\xAFx", "x" },
	{ "\x80\xFFx", "x" },
	{ "\xC2\x9Bx", "x" },
	{ "\u202Ex\u200B", "x" },
	{ "\033[12\033[A", "<up>" },
};

static void
whole(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct ck_keys *k = ck_keys_new();
		char got[512] = "";

		feed(k, cases[i].bytes, strlen(cases[i].bytes));
		drain(k, false, got, sizeof got);
		drain(k, true, got, sizeof got);
		T_STR(got, cases[i].want, "case %zu", i);
		T(!ck_keys_waiting(k), "case %zu: nothing is left", i);
		ck_keys_free(k);
	}
}

/* Each byte a read of its own; only the last one is waited for. */
static void
in_pieces(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct ck_keys *k = ck_keys_new();
		char got[512] = "";

		for (const char *b = cases[i].bytes; *b != '\0'; b++) {
			size_t room = 0;

			*ck_keys_room(k, &room) = *b;
			ck_keys_took(k, 1);
			drain(k, false, got, sizeof got);
		}
		drain(k, true, got, sizeof got);
		T_STR(got, cases[i].want, "case %zu, byte by byte", i);
		ck_keys_free(k);
	}
}

static size_t
room_left(struct ck_keys *k)
{
	size_t room = 0;

	(void)ck_keys_room(k, &room);
	return room;
}

static void
waiting(void)
{
	struct ck_keys *k = ck_keys_new();
	struct ck_event e;
	char got[512] = "";

	feed(k, "\033", 1);
	T(!ck_keys_next(k, false, &e) && ck_keys_waiting(k), "Escape waits for what may follow");
	feed(k, "[", 1);
	T(!ck_keys_next(k, false, &e) && ck_keys_waiting(k), "and the sequence for its end");
	feed(k, "A", 1);
	T(ck_keys_next(k, false, &e) && ck_is_key(&e, CK_KEY_UP), "which is one key");
	feed(k, "\xE8\xAF", 2);
	T(!ck_keys_next(k, false, &e) && ck_keys_waiting(k), "two thirds of a character wait");
	feed(k, "\x81", 1);
	T(ck_keys_next(k, false, &e) && e.key == 0x8BC1, "for the last");
	feed(k, "\033[<0;1", 6);
	T(!ck_keys_next(k, true, &e) && !ck_keys_waiting(k),
	    "a sequence that never ends is dropped");
	feed(k, "12345", 5);
	ck_keys_drop(k);
	T(!ck_keys_next(k, true, &e), "typed ahead, and dropped");
	for (int i = 0; i < 200; i++) {
		feed(k, i == 0 ? "\033[1;2;3" : "3", i == 0 ? 7 : 1);
		drain(k, false, got, sizeof got);
	}
	T(room_left(k) > 100, "an endless one leaves room");
	ck_keys_free(k);
	ck_keys_free(NULL);
}

/* A scanner: as fast as the line carries, more than one buffer of it. */
static void
scanner(void)
{
	struct ck_keys *k = ck_keys_new();
	struct ck_event e;
	int digits = 0, enters = 0;

	for (int burst = 0; burst < 50; burst++) {
		feed(k, "20261120000371\r\n", 16);
		while (ck_keys_next(k, false, &e)) {
			digits += e.key >= '0' && e.key <= '9';
			enters += ck_is_key(&e, CK_KEY_ENTER);
		}
	}
	T(digits == 50 * 14 && enters == 50, "fifty scans are %d digits and %d Enters", digits,
	    enters);
	ck_keys_free(k);
}

static void
wiped(void)
{
	struct ck_keys *k = ck_keys_new();
	const char *bytes;
	size_t room = 0;
	struct ck_event e;
	bool left = false;

	bytes = ck_keys_room(k, &room);
	feed(k, "7391824", 7);
	while (ck_keys_next(k, false, &e))
		continue;
	for (size_t i = 0; i < room; i++)
		left = left || bytes[i] != 0;
	T(!left, "what was read is not in the buffer any more");
	ck_keys_free(k);
}

static void
pressed(void)
{
	struct ck_canvas *c = ck_canvas_new(10, 3);
	struct ck_event e = { CK_EV_PRESS, 0, 4, 1 };

	ck_canvas_key(c, (struct ck_rect){ 4, 1, 1, 1 }, CK_KEY_F(5));
	ck_press(c, &e);
	T(ck_is_key(&e, CK_KEY_F(5)), "a press is the key that is drawn there");
	e = (struct ck_event){ CK_EV_PRESS, 0, 5, 1 };
	ck_press(c, &e);
	T(e.kind == CK_EV_NONE, "and nothing beside it");
	e = (struct ck_event){ CK_EV_KEY, 'x', 4, 1 };
	ck_press(c, &e);
	T(ck_is_key(&e, 'x'), "keys stay what they are");
	ck_canvas_free(c);
}

int
main(void)
{
	whole();
	in_pieces();
	waiting();
	scanner();
	wiped();
	pressed();
	return T_END();
}
