#include "page.h"

#include <ctype.h>

#include "text.h"

#define GAP 3
/* between function keys: so much, or the spare ones go; then less, so that none is cut */
#define TIGHT 1
/* a line longer than that is hard to read; more columns are air */
#define BODY_COLS 104
/* no lower than this either: what belongs together stays together */
#define BODY_ROWS 30

static void
title(struct ck_canvas *c, int w, const struct ck_page *p)
{
	int clock = ck_shown_columns(p->clock), x = 1;
	int who = p->who != NULL ? ck_shown_columns(p->who) + GAP : 0;

	ck_paint(c, (struct ck_rect){ 0, 0, w, 1 }, CK_S_TITLE);
	ck_put_right(c, 0, 0, w - 1, CK_S_TITLE, p->clock);
	x += ck_put(c, x, 0, w - x - clock - 1 - GAP - who, CK_S_TITLE, p->where) + GAP;
	if (p->who != NULL)
		ck_put(c, x, 0, who, CK_S_TITLE, p->who);
}

static int
said_columns(const struct ck_said *s)
{
	return ck_shown_columns(s->text) + 2;
}

/* a word and behind it the sign: "CA v" */
static int
put_state(struct ck_canvas *c, int x, int y, const struct ck_said *s)
{
	char sign[] = { ck_tone_sign(s->tone), '\0' };
	int used = ck_put(c, x, y, ck_shown_columns(s->text), CK_S_PLAIN, s->text) + 1;

	ck_put(c, x + used, y, 1, ck_tone_style(s->tone), sign);
	return used + 1;
}

static void
status(struct ck_canvas *c, int w, int y, const struct ck_page *p)
{
	int x = w - 1, room = w - 2;

	for (int i = 0; i < p->n_states; i++)
		x -= said_columns(&p->states[i]) + (i > 0 ? GAP : 0);
	room = x - 1 - GAP;
	if (p->lamp.text != NULL)
		ck_put_toned(c, (struct ck_rect){ 1, y, room, 1 }, p->lamp.tone, p->lamp.text);
	for (int i = 0; i < p->n_states; i++)
		x += put_state(c, x, y, &p->states[i]) + GAP;
}

static int
put_function(struct ck_canvas *c, int x, int y, const struct ck_function *f)
{
	int name = ck_shown_columns(f->name), text = ck_shown_columns(f->text);

	ck_put(c, x, y, name, CK_S_KEYNAME, f->name);
	ck_put(c, x + name + 1, y, text, CK_S_PLAIN, f->text);
	ck_canvas_key(c, (struct ck_rect){ x, y, name + 1 + text, 1 }, f->key);
	return name + 1 + text;
}

static int
function_columns(const struct ck_function *f)
{
	return ck_shown_columns(f->name) + 1 + ck_shown_columns(f->text);
}

static bool
fits(const struct ck_page *p, int w, int gap, bool spare)
{
	int all = 0;

	for (int i = 0; i < p->n_functions; i++)
		if (spare || !p->functions[i].spare)
			all += function_columns(&p->functions[i]) + gap;
	return all <= w - 2 + gap;
}

static void
functions(struct ck_canvas *c, int w, int y, const struct ck_page *p)
{
	bool spare = fits(p, w, GAP, true);
	int right = w - 1, gap = GAP;

	while (gap > TIGHT && !fits(p, w, gap, spare))
		gap--;
	for (int i = p->n_functions; i-- > 0;)
		if (p->functions[i].right) {
			right -= function_columns(&p->functions[i]);
			put_function(c, right, y, &p->functions[i]);
			right -= gap;
		}
	for (int i = 0, x = 1; i < p->n_functions; i++) {
		if (p->functions[i].right || (p->functions[i].spare && !spare))
			continue;
		if (x + function_columns(&p->functions[i]) > right + gap - 1) {
			ck_put(c, x, y, 0, CK_S_PLAIN, p->functions[i].text); /* counts as cut */
			continue;
		}
		x += put_function(c, x, y, &p->functions[i]) + gap;
	}
}

struct ck_rect
ck_page_draw(struct ck_canvas *c, const struct ck_page *p)
{
	struct ck_rect all = ck_canvas_all(c), body = all;
	int below = 2;

	title(c, all.w, p);
	functions(c, all.w, all.h - 1, p);
	status(c, all.w, all.h - 2, p);
	if (p->note.text != NULL) {
		ck_put_toned(
		    c, (struct ck_rect){ 1, all.h - 3, all.w - 2, 1 }, p->note.tone, p->note.text);
		below++;
	}
	body = (struct ck_rect){ 1, 1, all.w - 2, all.h - 1 - below };
	if (body.w > BODY_COLS)
		body = (struct ck_rect){ (all.w - BODY_COLS) / 2, body.y, BODY_COLS, body.h };
	if (body.h > BODY_ROWS) {
		body.y += (body.h - BODY_ROWS) / 2;
		body.h = BODY_ROWS;
	}
	return body;
}

int
ck_functions_key(const struct ck_function *f, int n, const struct ck_event *e, bool typing)
{
	if (e->kind != CK_EV_KEY)
		return 0;
	for (int i = 0; i < n; i++, f++) {
		if (e->key == f->key)
			return f->key;
		if (f->letter == 0)
			continue;
		if (e->key == CK_KEY_ALT + f->letter || e->key == CK_KEY_ALT + toupper(f->letter))
			return f->key;
		if (!typing && (e->key == f->letter || e->key == toupper(f->letter)))
			return f->key;
	}
	return 0;
}
