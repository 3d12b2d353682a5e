#include "home.h"

#include <stdint.h>
#include <string.h>

#include "leftkey.h"
#include "live.h"
#include "screens/attract.h"
#include "words/say.h"

/* soon enough for a person, and no load where an engine can't be started at all */
#define REST_MS 3000

struct home {
	struct ck_stage *stage;
	json_t *keys; /* rows of the keys that are in */
	struct ck_attract attract;
	json_t *trouble;
	struct ck_keyview *cards;
	bool other; /* chosen where there is no key */
	struct ck_view attract_view, cards_view, view;
};

/* the reader it is in: "card" where the module has a name of its own for that */
static bool
is_in(const json_t *row, const char *reader)
{
	return strcmp(text_of(row, "reader"), reader) == 0 ||
	       strcmp(text_of(row, "card"), reader) == 0;
}

static void
drop_reader(struct home *h, const char *reader)
{
	const json_t *row;
	size_t i = 0;

	while ((row = json_array_get(h->keys, i)) != NULL)
		if (is_in(row, reader))
			json_array_remove(h->keys, i);
		else
			i++;
}

static void
set_trouble(struct home *h, const json_t *row)
{
	json_decref(h->trouble);
	h->trouble = row != NULL ? json_incref((json_t *)(uintptr_t)row) : NULL;
	h->attract.trouble = h->trouble;
}

/* What is to be seen follows from what is in; the stage is told only when it is another screen. */
static void
settle(struct home *h)
{
	if (h->cards != NULL)
		ck_keyview_update(h->cards, h->keys);
	else
		h->cards = ck_keyview_new(h->keys);
	if (h->cards != NULL)
		ck_keyview_view(h->cards, &h->cards_view);
	ck_attract_view(&h->attract, &h->attract_view);
	ck_stage_redraw(h->stage);
}

static void
take(void *u, const json_t *row)
{
	struct home *h = u;
	const char *event = text_of(row, "event");

	if (strcmp(event, "key") == 0) {
		drop_reader(h, text_of(row, "reader"));
		/* a clerk's own is nobody's errand */
		if (json_object_get(row, "clerk") == NULL)
			json_array_append(h->keys, (json_t *)(uintptr_t)row);
	} else if (strcmp(event, "card-out") == 0 || strcmp(event, "reader-out") == 0) {
		drop_reader(h, text_of(row, "reader"));
		set_trouble(h, NULL);
	} else if (strcmp(event, "card-in") == 0) {
		set_trouble(h, NULL);
	} else if (json_object_get(row, "error") != NULL || strcmp(event, "unknown") == 0 ||
		   strcmp(event, "card-mute") == 0) {
		set_trouble(h, row);
	} else if (strcmp(event, "service-up") == 0) {
		set_trouble(h, NULL);
	}
	settle(h);
}

static const struct ck_view *
now(struct home *h)
{
	return json_array_size(h->keys) > 0 && h->cards != NULL ? &h->cards_view : &h->attract_view;
}

static void
draw(void *self, struct ck_canvas *c, struct ck_rect room, const struct ck_ctx *ctx)
{
	struct home *h = self;
	const struct ck_view *v = now(h);

	v->draw(v->self, c, room, ctx);
	h->view.idle = v->idle;
	h->view.help = v->help;
	h->view.typing = v->typing;
}

static enum ck_went
key(void *self, struct ck_event *e, const struct ck_ctx *ctx)
{
	struct home *h = self;
	const struct ck_view *v = now(h);
	enum ck_went went = v->key != NULL ? v->key(v->self, e, ctx) : CK_WENT_NOTHING;

	h->other = v == &h->attract_view && went == CK_WENT_DONE;
	return went;
}

static int
functions(void *self, const struct ck_ctx *ctx, struct ck_function out[CK_VIEW_FUNCTIONS_MAX])
{
	const struct ck_view *v = now(self);

	return v->functions != NULL ? v->functions(v->self, ctx, out) : 0;
}

static void
more(void *self, struct ck_prose *p, const struct ck_ctx *ctx)
{
	const struct ck_view *v = now(self);

	if (v->more != NULL)
		v->more(v->self, p, ctx);
}

/* The watch ended by itself: said, and started again after a while. */
static enum ck_stage_went
rest(struct home *h, const json_t *end)
{
	json_array_clear(h->keys);
	set_trouble(h, end);
	settle(h);
	return ck_stage_wait(h->stage, NULL, 0, REST_MS);
}

enum ck_stage_went
ck_home(struct ck_stage *s, bool seen, struct ck_errand *errand)
{
	struct home h = { .stage = s, .keys = json_array() };
	struct ck_live l = { .stage = s, .reads = true, .busy = &h.view, .row = take, .u = &h };
	json_t *request = json_pack("{s:s}", "do", "watch");
	struct ck_chosen chosen;
	enum ck_stage_went went = seen ? ck_left_key(s) : CK_STAGE_DONE;

	if (went != CK_STAGE_DONE)
		goto out;
	h.view = (struct ck_view){
		.self = &h, .draw = draw, .key = key, .functions = functions, .more = more
	};
	settle(&h);
	ck_live_run(&l, request);
	if (l.left == CK_STAGE_DONE && h.cards != NULL) {
		ck_keyview_chosen(h.cards, &chosen);
		if (h.other)
			chosen = (struct ck_chosen){ .deed = CK_DEED_OTHER };
		ck_errand_take(errand, &chosen, h.keys);
	}
	went = l.left == CK_STAGE_READY ? rest(&h, l.end) : l.left;
	ck_stage_set(s, NULL);
	ck_keyview_free(h.cards);
	ck_live_clear(&l);
	json_decref(h.trouble);
out:
	json_decref(h.keys);
	json_decref(request);
	return went;
}
