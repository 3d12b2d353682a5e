#include "card.h"

#include <string.h>

#include "text.h"

/* border, blank, ">" or blank, blank: and a border and a blank at the right */
#define LEFT 4
#define RIGHT 2
#define GAP 3
#define WHOLE 1000 /* passed is in thousandths */

void
ck_bar(struct ck_canvas *c, int x, int y, int width, int passed)
{
	char signs[CK_MOST_COLS];
	int n = width - 2, done;

	if (n < 1 || n >= CK_MOST_COLS)
		return;
	passed = passed < 0 ? 0 : passed > WHOLE ? WHOLE : passed;
	done = n * passed / WHOLE;
	memset(signs, '#', (size_t)n);
	signs[done] = '\0';
	ck_put(c, x, y, 1, CK_S_LEFT, "[");
	ck_put(c, x + 1, y, done, CK_S_DONE, signs);
	memset(signs, '.', (size_t)n);
	signs[n - done] = '\0';
	ck_put(c, x + 1 + done, y, n - done, CK_S_LEFT, signs);
	ck_put(c, x + width - 1, y, 1, CK_S_LEFT, "]");
}

/* Each part of a card measures when there is no canvas to draw on, so that height and drawing
 * agree. */

/* one that is wider than the card goes on below */
static int
long_fact(struct ck_canvas *c, struct ck_rect r, int line, enum ck_style style, const char *text)
{
	int lines = ck_wrapped_lines(text, r.w);

	if (c != NULL)
		ck_put_wrapped(c, (struct ck_rect){ r.x, r.y + line, r.w, lines }, style, text);
	return lines;
}

static int
facts(struct ck_canvas *c, struct ck_rect r, const struct ck_card *card, enum ck_style style)
{
	int used = 0, line = 0; /* columns of the line, lines above it */

	for (int n = 0; n < CK_CARD_FACTS && card->facts[n] != NULL; n++) {
		int columns = ck_shown_columns(card->facts[n]);

		if (used > 0 && used + columns > r.w) {
			line++;
			used = 0;
		}
		if (columns > r.w) {
			line += long_fact(c, r, line, style, card->facts[n]);
			continue;
		}
		if (c != NULL)
			ck_put(c, r.x + used, r.y + line, columns, style, card->facts[n]);
		used += columns + GAP;
	}
	return line + (used > 0);
}

static int
state(struct ck_canvas *c, struct ck_rect r, const struct ck_card *card)
{
	int first = 2 + ck_shown_columns(card->state), lines = 1;
	int second = card->window != NULL ? ck_shown_columns(card->window) : 0;
	struct ck_rect line = { r.x, r.y, r.w, 1 };

	if (c != NULL)
		ck_put_toned(c, line, card->tone, card->state);
	if (second > 0 && first + GAP + second > r.w) { /* below, as the lines after a sign are */
		line.y++;
		lines++;
		first = 2;
	} else {
		first += GAP;
	}
	if (second > 0 && c != NULL)
		ck_put(c, line.x + first, line.y, line.w - first, CK_S_PLAIN, card->window);
	return lines;
}

static int
why(struct ck_canvas *c, struct ck_rect r, const struct ck_card *card)
{
	if (card->why == NULL)
		return 0;
	if (c == NULL)
		return ck_wrapped_lines(card->why, r.w - 2);
	return ck_put_toned(c, r, CK_TONE_BAD, card->why);
}

static int
notes(struct ck_canvas *c, struct ck_rect r, const struct ck_card *card)
{
	int y = r.y;

	for (int i = 0; i < CK_CARD_NOTES && card->notes[i].text != NULL; i++) {
		const struct ck_note *note = &card->notes[i];
		int lines = ck_wrapped_lines(note->text, r.w - 2);

		if (c != NULL)
			ck_put_toned(
			    c, (struct ck_rect){ r.x, y, r.w, lines }, note->tone, note->text);
		y += lines;
	}
	return y - r.y;
}

static int
validity(struct ck_canvas *c, struct ck_rect r, const struct ck_card *card, enum ck_style style)
{
	int used;

	if (card->valid == NULL)
		return 0;
	if (c == NULL)
		return 1;
	used = ck_put(c, r.x, r.y, r.w, style, card->valid) + GAP;
	if (card->passed >= 0)
		ck_bar(c, r.x + used, r.y, r.w - used, card->passed);
	return 1;
}

/* Whose it is, in as many lines as the name takes: a name that was cut may be another's. */
static int
heading(struct ck_canvas *c, struct ck_rect r, const struct ck_card *card, bool focus)
{
	enum ck_style style = focus ? CK_S_FOCUS : card->why != NULL ? CK_S_DIM : CK_S_HEAD;
	int kind = ck_shown_columns(card->kind), room = r.w - kind - GAP;
	int lines = ck_wrapped_lines(card->name, room);

	lines = lines > 0 ? lines : 1;
	if (c == NULL)
		return lines;
	if (focus) {
		ck_paint(c, (struct ck_rect){ r.x - 3, r.y, r.w + 4, lines }, style);
		ck_put(c, r.x - 2, r.y, 1, style, ">");
	}
	ck_put_wrapped(c, (struct ck_rect){ r.x, r.y, room, lines }, style, card->name);
	ck_put_right(c, r.x, r.y, r.w, style, card->kind);
	return lines;
}

/* what is inside of the border; returns its lines */
static int
content(struct ck_canvas *c, struct ck_rect r, const struct ck_card *card, bool focus)
{
	enum ck_style style = card->why != NULL ? CK_S_DIM : CK_S_PLAIN;

	r.y += heading(c, r, card, focus);
	r.y += facts(c, r, card, style);
	r.y += validity(c, r, card, style);
	if (card->state != NULL)
		r.y += state(c, r, card);
	r.h = CK_LEAST_ROWS;
	r.y += why(c, r, card);
	return r.y + notes(c, r, card);
}

int
ck_card_lines(const struct ck_card *card, int w)
{
	return content(
	    NULL, (struct ck_rect){ 0, 0, w - LEFT - RIGHT, CK_LEAST_ROWS }, card, false);
}

/* how many cards from top on fit into h lines; at least one */
static int
fitting(const struct ck_cards *s, int w, int h, int top)
{
	int used = 1, n = 0;

	for (; top + n < s->n; n++) {
		used += ck_card_lines(&s->cards[top + n], w) + 1;
		if (used > h)
			break;
	}
	return n > 0 ? n : 1;
}

int
ck_cards_draw(struct ck_canvas *c, struct ck_rect r, struct ck_cards *s)
{
	bool all = fitting(s, r.w, r.h, 0) >= s->n;
	int y = r.y;

	if (s->n == 0)
		return 0;
	r.h -= !all; /* how many more there are stands below */
	if (s->top > s->at)
		s->top = s->at;
	while (s->top + (s->page = fitting(s, r.w, r.h, s->top)) <= s->at)
		s->top++;
	for (int i = s->top; i < s->top + s->page; i++) {
		int lines = ck_card_lines(&s->cards[i], r.w);
		struct ck_rect box = { r.x, y, r.w, lines + 2 };

		ck_box(c, box);
		content(c, (struct ck_rect){ r.x + LEFT, y + 1, r.w - LEFT - RIGHT, lines },
		    &s->cards[i], i == s->at && s->n > 1);
		ck_canvas_key(c, box, CK_KEY_PICK + i);
		y += lines + 1;
	}
	if (all)
		return y + 1 - r.y;
	ck_scroll_marks(c, (struct ck_rect){ r.x, y + 1, CK_SCROLL_COLUMNS, 1 }, s->top, 0);
	ck_scroll_marks(c, (struct ck_rect){ r.x, y + 1, r.w, 1 }, 0, s->n - s->top - s->page);
	return y + 2 - r.y;
}

enum ck_came
ck_cards_key(struct ck_cards *s, const struct ck_event *e)
{
	if (e->kind != CK_EV_KEY || s->n == 0)
		return CK_CAME_NOTHING;
	if (ck_scroll_key(e, &s->at, s->n, s->page))
		return CK_CAME_CHANGE;
	if (e->key == CK_KEY_ENTER)
		return CK_CAME_CHOICE;
	if (e->key >= CK_KEY_PICK && e->key < CK_KEY_PICK + s->n) {
		s->at = e->key - CK_KEY_PICK;
		return CK_CAME_CHOICE;
	}
	return CK_CAME_NOTHING;
}
