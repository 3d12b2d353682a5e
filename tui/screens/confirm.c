#include "confirm.h"

#include <stdio.h>
#include <string.h>

#include "kit/text.h"
#include "pick.h"
#include "words/phrase.h"

#define LABEL_GAP 2

struct shown {
	struct ck_confirm *confirm;
	const struct ck_ctx *ctx;
	const json_t *cert, *system;
};

static const char *
text_of(const json_t *o, const char *name)
{
	const char *s = json_string_value(json_object_get(o, name));

	return s != NULL ? s : "";
}

/* ---- what is known ---- */

static const json_t *
system_in(const json_t *systems, const char *id)
{
	const json_t *at;
	size_t i;

	json_array_foreach(
	    systems, i, at) if (id != NULL && strcmp(text_of(at, "system"), id) == 0) return at;
	return NULL;
}

static struct shown
find(struct ck_confirm *confirm, const struct ck_ctx *ctx)
{
	struct shown s = { .confirm = confirm, .ctx = ctx };
	const json_t *at;
	size_t i;

	json_array_foreach(json_object_get(confirm->row, "entries"), i, at)
	{
		const json_t *cert = json_object_get(at, "certificate");

		if (confirm->certificate == NULL ||
		    strcmp(text_of(cert, "sha256"), confirm->certificate) != 0)
			continue;
		s.cert = cert;
		s.system = system_in(json_object_get(at, "systems"), confirm->system);
		if (s.system == NULL)
			s.system = system_in(json_object_get(cert, "systems"), confirm->system);
	}
	return s;
}

static bool
on_behalf(const struct shown *s)
{
	return s->confirm->way != NULL && strcmp(s->confirm->way, "on-behalf") == 0;
}

/* ---- what is said ---- */

static int
widest_label(const struct shown *s)
{
	static const char *const labels[] = { "name", "serial", "until", "issuer", "system", "key",
		"way" };
	int widest = 0, n;

	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
		if ((n = ck_shown_columns(ck_say(s->ctx, "fact", labels[i]))) > widest)
			widest = n;
	return widest + LABEL_GAP;
}

static void
beside(const struct shown *s, struct ck_sheet *sheet, const char *label, const char *text)
{
	ck_sheet_beside(sheet, widest_label(s), ck_say(s->ctx, "fact", label), text);
}

static void
filled(const struct shown *s, struct ck_sheet *sheet, const char *label, const char *sentence,
    const json_t *facts)
{
	char text[CK_SENTENCE_MAX];

	ck_fill(text, sizeof text, sentence, facts);
	beside(s, sheet, label, text);
}

/* the certificate as it is */
static void
put_old(const struct shown *s, struct ck_sheet *sheet)
{
	const char *title = text_of(s->system, "title");

	beside(s, sheet, "name", text_of(s->cert, "name"));
	if (ck_sheet_has_room(sheet, CK_TIGHT_SPARE))
		beside(s, sheet, "serial", text_of(s->cert, "serial"));
	filled(s, sheet, "until", ck_say(s->ctx, "confirm", "until"), s->cert);
	filled(s, sheet, "key", "{family}[ {serial}]", s->confirm->row);
	beside(s, sheet, "system",
	    *title != '\0'		 ? title
	    : s->confirm->system != NULL ? s->confirm->system
					 : "");
	if (s->confirm->way != NULL)
		beside(s, sheet, "way", ck_say(s->ctx, "way", s->confirm->way));
	ck_sheet_gap(sheet);
}

/* what becomes of the PIN: as the policy says where the row has it, else as its way goes */
static const char *
pin_word(const struct shown *s)
{
	const char *said = text_of(s->system, "pin_after");

	if (strcmp(said, "stays") == 0 || (*said == '\0' && !on_behalf(s)))
		return "pin-stays";
	return strcmp(said, "envelope") == 0 ? "pin-envelope" : "pin-envelope-maybe";
}

static const char *
old_word(const struct shown *s)
{
	const char *said = text_of(s->system, "retire");

	return strcmp(said, "keep") == 0 ? "old-kept" : *said != '\0' ? "old-removed" : "old-rules";
}

static void
fill(void *u, struct ck_sheet *sheet)
{
	const struct shown *s = u;
	const char *pin = pin_word(s);
	bool envelope = strcmp(text_of(s->system, "authorise"), "envelope") == 0;

	ck_sheet_toned(sheet, CK_TONE_NOW, ck_say(s->ctx, "confirm", "head"));
	ck_sheet_gap(sheet);
	put_old(s, sheet);
	ck_sheet_put(sheet, CK_S_HEAD, ck_say(s->ctx, "confirm", "will"));
	ck_sheet_toned(sheet, CK_TONE_TODO, ck_say(s->ctx, "confirm", "new"));
	ck_sheet_toned(sheet, strcmp(pin, "pin-stays") == 0 ? CK_TONE_TODO : CK_TONE_CAREFUL,
	    ck_say(s->ctx, "confirm", pin));
	ck_sheet_toned(sheet, CK_TONE_TODO, ck_say(s->ctx, "confirm", old_word(s)));
	ck_sheet_gap(sheet);
	if (envelope || on_behalf(s)) {
		ck_sheet_put(sheet, CK_S_PLAIN, ck_say(s->ctx, "confirm", "have-envelope"));
		ck_sheet_gap(sheet);
	}
	ck_pick_put(sheet, &s->confirm->list);
}

static void
draw(void *self, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	struct shown s = find(self, ctx);

	s.confirm->rows[0] = (struct ck_row){ ck_say(ctx, "confirm", "yes"), NULL };
	s.confirm->rows[1] = (struct ck_row){ ck_say(ctx, "confirm", "no"), NULL };
	ck_sheet_draw_middle(c, r, fill, &s);
}

static enum ck_went
key(void *self, struct ck_event *e, const struct ck_ctx *ctx)
{
	struct ck_confirm *c = self;

	(void)ctx;
	if (ck_is_key(e, CK_KEY_ESC))
		return CK_WENT_BACK;
	switch (ck_list_key(&c->list, e)) {
	case CK_CAME_CHOICE:
		return c->list.at == 0 ? CK_WENT_DONE : CK_WENT_BACK;
	case CK_CAME_CHANGE:
		return CK_WENT_CHANGE;
	case CK_CAME_REFUSED:
		return CK_WENT_REFUSED;
	case CK_CAME_NOTHING:
		break;
	}
	return CK_WENT_NOTHING;
}

static int
functions(void *self, const struct ck_ctx *ctx, struct ck_function out[CK_VIEW_FUNCTIONS_MAX])
{
	(void)self;
	out[0] = (struct ck_function){
		.key = CK_KEY_ESC, .name = "Esc", .text = ck_say(ctx, "fkey", "back")
	};
	return 1;
}

void
ck_confirm_view(struct ck_confirm *c, struct ck_view *view)
{
	c->list = (struct ck_list){ .rows = c->rows, .n = 2 };
	*view = (struct ck_view){ .self = c,
		.draw = draw,
		.key = key,
		.functions = functions,
		.help = "confirm",
		.idle = CK_IDLE_WIPE };
}
