#include "steps.h"

#include <stdio.h>

#include "card.h"
#include "text.h"

/* "[v]" */
#define MARK 3
/* "v 12 " and " + 12" */
#define COUNTED 5

static int
columns_of(const struct ck_steps *s, int i)
{
	return MARK + ck_shown_columns(s->labels[i]);
}

/* Columns of the labels from..to with the counts beside them. */
static int
columns_shown(const struct ck_steps *s, int from, int to)
{
	int sum = (from > 0 ? COUNTED : 0) + (to < s->n ? COUNTED : 0);

	for (int i = from; i < to; i++)
		sum += columns_of(s, i) + (i > from);
	return sum;
}

/* The longest row of labels around the present step that fits: grown towards the end first, as
 * people ask what is still to come. */
static void
choose(const struct ck_steps *s, int width, int *from, int *to)
{
	*from = s->at < s->n ? s->at : s->n - 1;
	*to = *from + 1;
	if (columns_shown(s, 0, s->n) <= width) {
		*from = 0;
		*to = s->n;
	}
	for (bool grew = true; grew;) {
		bool next = *to < s->n && columns_shown(s, *from, *to + 1) <= width;
		bool last = *from > 0 && columns_shown(s, *from - 1, *to + next) <= width;

		*to += next;
		*from -= last;
		grew = next || last;
	}
}

static enum ck_tone
tone_of(const struct ck_steps *s, int i)
{
	return i < s->at ? CK_TONE_GOOD : i == s->at ? s->tone : CK_TONE_TODO;
}

void
ck_steps_draw(struct ck_canvas *c, struct ck_rect r, const struct ck_steps *s)
{
	int from, to, x = r.x, end = r.x + r.w;
	char text[16];

	if (s->n == 0)
		return;
	choose(s, r.w, &from, &to);
	if (from > 0) {
		snprintf(text, sizeof text, "%c %d", ck_tone_sign(CK_TONE_GOOD), from);
		x += ck_put(c, x, r.y, COUNTED, CK_S_GOOD, text) + 1;
	}
	for (int i = from; i < to; i++, x++) {
		enum ck_tone tone = tone_of(s, i);

		snprintf(text, sizeof text, "[%c]", ck_tone_sign(tone));
		x += ck_put(c, x, r.y, end - x, ck_tone_style(tone), text);
		x += ck_put(c, x, r.y, end - x, i == s->at ? CK_S_HEAD : CK_S_PLAIN, s->labels[i]);
	}
	if (to < s->n) {
		snprintf(text, sizeof text, "+ %d", s->n - to);
		ck_put(c, x, r.y, COUNTED, CK_S_DIM, text);
	}
}

int
ck_progress_draw(struct ck_canvas *c, struct ck_rect r, const struct ck_progress *p)
{
	char time[80] = "", count[32];
	int wide, lines;

	if (p->elapsed != NULL)
		snprintf(time, sizeof time, "%.40s %ld:%02ld", p->elapsed, p->seconds / 60,
		    p->seconds % 60);
	wide = ck_shown_columns(time);
	ck_put_right(c, r.x, r.y, r.w, CK_S_PLAIN, time);
	lines =
	    ck_put_wrapped(c, (struct ck_rect){ r.x, r.y, r.w - wide - 2, 2 }, CK_S_HEAD, p->doing);
	if (p->of <= 0)
		return lines;
	snprintf(count, sizeof count, "%d/%d", p->n, p->of);
	wide = ck_shown_columns(count);
	ck_bar(c, r.x, r.y + lines + 1, r.w - wide - 2, (int)(1000L * p->n / p->of));
	ck_put_right(c, r.x, r.y + lines + 1, r.w, CK_S_PLAIN, count);
	return lines + 2;
}
