#include "prose.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "kit/text.h"
#include "words/say.h"

#define FIRST_ROOM 32
/* where what hangs would have no room, it begins here */
#define LEAST_HANG 5
/* it has, up to two thirds of the line */
#define HANG_MOST(w) (2 * (w) / 3)

void
ck_prose_add(struct ck_prose *p, enum ck_style style, const char *text, int hang)
{
	size_t room = p->room > 0 ? 2 * p->room : FIRST_ROOM;
	struct ck_prose_line *more;

	if (p->n == p->room) {
		if ((more = realloc(p->lines, room * sizeof *more)) == NULL)
			return;
		p->lines = more;
		p->room = room;
	}
	p->lines[p->n++] = (struct ck_prose_line){ ck_texts_keep(&p->texts, text), hang, style };
}

void
ck_prose_clear(struct ck_prose *p)
{
	free(p->lines);
	ck_texts_free(&p->texts);
	p->lines = NULL;
	p->n = p->room = 0;
}

/* the tone whose sign stands at text, a blank behind it; PLAIN: none */
static enum ck_tone
tone_at(const char *text)
{
	for (int t = CK_TONE_GOOD; t < CK_TONES; t++)
		if (text[0] == ck_tone_sign((enum ck_tone)t) && text[1] == ' ')
			return (enum ck_tone)t;
	return CK_TONE_PLAIN;
}

/* n bytes of text at x; a line of the screen that is not to be seen is none */
struct pen {
	struct ck_canvas *c;
	struct ck_rect r;
	int line, top;
};

static void
put(const struct pen *p, int x, enum ck_style style, const char *text, size_t n)
{
	char part[CK_SENTENCE_MAX];
	int y = p->line - p->top;

	if (p->c == NULL || y < 0 || y >= p->r.h || n == 0)
		return;
	snprintf(part, sizeof part, "%.*s", (int)n, text);
	ck_put(p->c, p->r.x + x, p->r.y + y, p->r.w - x, style, part);
}

/* bytes of the first so many columns */
static size_t
bytes_of(const char *text, int columns)
{
	size_t n = 0;
	uint32_t cp = 0;

	while (columns > 0 && text[n] != '\0') {
		int len = ck_utf8_next(text + n, strlen(text + n), &cp);

		n += len > 0 ? (size_t)len : 1;
		columns -= ck_glyph_columns(cp);
	}
	return n;
}

/* What hangs has no room beside what stands before it: it goes below. */
static bool
goes_below(const struct pen *p, const struct ck_prose_line *l)
{
	return l->hang > HANG_MOST(p->r.w) && ck_shown_columns(l->text) > l->hang;
}

static void
one(struct pen *p, const struct ck_prose_line *l)
{
	int x = (int)strspn(l->text, " "),
	    hang = l->hang > HANG_MOST(p->r.w) ? LEAST_HANG : l->hang;
	const char *text = l->text + x;
	enum ck_tone tone = tone_at(text);
	enum ck_style style = tone != CK_TONE_PLAIN ? ck_tone_style(tone) : l->style;

	if (tone != CK_TONE_PLAIN) {
		put(p, x, style, text, 1);
		text += 2;
		x += 2;
		hang = hang < x ? x : hang;
	} else if (hang == x + MARK_COLUMNS) {
		hang = x; /* there might have been a sign */
	}
	if (goes_below(p, l)) {
		put(p, x, style, text, bytes_of(text, l->hang - x));
		text += bytes_of(text, l->hang - x);
		p->line++;
		x = hang;
	}
	do {
		size_t n = ck_line_end(text, strlen(text), p->r.w - x, ck_glyph_columns), shown = n;

		while (shown > 0 && text[shown - 1] == ' ')
			shown--;
		put(p, x, style, text, shown);
		text += n + strspn(text + n, " ");
		x = hang;
		p->line++;
	} while (*text != '\0');
}

/* without a canvas the lines are counted */
static int
all(struct ck_canvas *c, struct ck_rect r, const struct ck_prose *p)
{
	struct pen pen = { .c = c, .r = r, .top = p->top };

	for (size_t i = 0; i < p->n; i++)
		one(&pen, &p->lines[i]);
	return pen.line;
}

int
ck_prose_lines(const struct ck_prose *p, int w)
{
	return all(NULL, (struct ck_rect){ 0, 0, w, 0 }, p);
}

int
ck_prose_draw(struct ck_canvas *c, struct ck_rect r, struct ck_prose *p)
{
	struct ck_rect body = r;

	p->page = r.h;
	p->all = all(NULL, r, p);
	if (p->all > r.h) {
		body.w -= CK_SCROLL_COLUMNS + 1;
		p->all = all(NULL, body, p);
	}
	ck_scroll(&p->top, p->top, r.h, p->all);
	all(c, body, p);
	if (p->all <= r.h)
		return p->all;
	ck_scroll_marks(c, r, p->top, p->all - p->top - r.h);
	return r.h;
}

enum ck_came
ck_prose_key(struct ck_prose *p, const struct ck_event *e)
{
	int last = p->all - p->page;

	if (last <= 0 || !ck_scroll_key(e, &p->top, last + 1, p->page))
		return CK_CAME_NOTHING;
	return CK_CAME_CHANGE;
}

/* ---- what went wrong ---- */

/* A return code, or the name of a part of this machine. */
static bool
technical(const char *detail)
{
	static const char *const signs[] = { "0x", "CKR_", "pcscd", "signal ", "C_" };

	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (strstr(detail, signs[i]) != NULL)
			return true;
	return false;
}

static enum ck_whose
whose_is(const json_t *err)
{
	const struct ck_err_fact *fact =
	    ck_err_fact((int)json_integer_value(json_object_get(err, "code")));

	return fact != NULL ? (enum ck_whose)fact->whose : CK_WHOSE_PROGRAM;
}

void
ck_tell_here(const struct ck_ctx *ctx, bool staff, const json_t *err, const json_t *facts,
    struct ck_told *told)
{
	enum ck_whose whose = whose_is(err);
	bool machine = whose == CK_WHOSE_SITE || whose == CK_WHOSE_PROGRAM;
	const char *detail = json_string_value(json_object_get(err, "detail"));
	json_t *said = json_deep_copy(err);

	if (!staff && (machine || (detail != NULL && technical(detail))))
		json_object_del(said, "detail");
	ck_tell_err(ctx->lang, said, facts, told);
	json_decref(said);
	if (staff)
		return;
	if (machine)
		snprintf(told->todo, sizeof told->todo, "%s", ck_say(ctx, "attract", "to-clerk"));
	snprintf(told->who, sizeof told->who, "%s",
	    ck_say(ctx, "who-self", whose == CK_WHOSE_CUSTOMER ? "customer" : "clerk"));
}
