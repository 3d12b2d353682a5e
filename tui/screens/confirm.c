#include "confirm.h"

#include <stdio.h>
#include <string.h>

#include "keys.h"
#include "kit/table.h"
#include "kit/text.h"
#include "pick.h"
#include "words/say.h"

#define LABEL_GAP 2
/* of the table: until when, pair, PIN, old certificate; label, now, then */
#define ROWS 4
#define COLUMNS 3

struct shown {
	struct ck_confirm *confirm;
	const struct ck_ctx *ctx;
	const json_t *cert, *system;
};

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
	static const char *const labels[] = { "name", "serial-number", "key", "system", "way" };
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

/* which certificate, on which key, and what for */
static void
put_which(const struct shown *s, struct ck_sheet *sheet)
{
	const char *title = text_of(s->system, "title"), *id = s->confirm->system;
	char key[CK_SENTENCE_MAX];

	ck_fill(key, sizeof key, ck_say(s->ctx, "confirm", "key"), s->confirm->row);
	beside(s, sheet, "name", text_of(s->cert, "name"));
	if (ck_sheet_has_room(sheet, CK_TIGHT_SPARE))
		beside(s, sheet, "serial-number", text_of(s->cert, "serial"));
	beside(s, sheet, "key", key);
	beside(s, sheet, "system", *title != '\0' ? title : id != NULL ? id : "");
	if (s->confirm->way != NULL)
		beside(s, sheet, "way", ck_say(s->ctx, "way", s->confirm->way));
	ck_sheet_gap(sheet);
}

/* what becomes of the PIN: as the policy says where the row has it, else as its way goes */
static const char *
pin_word(const struct shown *s)
{
	const json_t *ways = json_object_get(s->system, "pin_changes"), *way;
	size_t i;

	if (ways == NULL)
		return on_behalf(s) ? "pin-maybe" : "pin-stays";
	json_array_foreach(ways, i, way)
	{
		const char *name = json_string_value(way);

		if (name != NULL && s->confirm->way != NULL && strcmp(name, s->confirm->way) == 0)
			return "pin-envelope";
	}
	return "pin-stays";
}

static const char *
old_word(const struct shown *s)
{
	const char *said = text_of(s->system, "retire");

	return strcmp(said, "keep") == 0 ? "old-kept" : *said != '\0' ? "old-removed" : "old-rules";
}

/* the system's rules say, or the CA does when it issues */
static void
until_then(const struct shown *s, char *out, size_t cap)
{
	const char *word =
	    *text_of(s->system, "new_not_after") != '\0' ? "until-ruled" : "until-then";

	ck_fill(out, cap, ck_say(s->ctx, "confirm", word), s->system);
}

/* old beside new, as far as it is known before anything was asked for */
static void
put_table(const struct shown *s, struct ck_sheet *sheet)
{
	char until[CK_SENTENCE_MAX], then[CK_SENTENCE_MAX], pair[CK_SENTENCE_MAX];
	const char *heads[COLUMNS] = { "", ck_say(s->ctx, "confirm", "now"),
		ck_say(s->ctx, "confirm", "then") };
	const char *cells[ROWS * COLUMNS] = {
		ck_say(s->ctx, "fact", "until"),
		until,
		then,
		ck_say(s->ctx, "fact", "pair"),
		pair,
		ck_say(s->ctx, "confirm", "pair-then"),
		ck_say(s->ctx, "fact", "pin"),
		ck_say(s->ctx, "confirm", "pin-now"),
		ck_say(s->ctx, "confirm", pin_word(s)),
		ck_say(s->ctx, "fact", "old"),
		ck_say(s->ctx, "confirm", "old-now"),
		ck_say(s->ctx, "confirm", old_word(s)),
	};
	struct ck_table t = { .columns = COLUMNS, .rows = ROWS, .heads = heads, .cells = cells };
	struct ck_rect r = ck_sheet_lines(sheet, ROWS + 1);

	ck_fill(until, sizeof until, ck_say(s->ctx, "confirm", "until-now"), s->cert);
	until_then(s, then, sizeof then);
	ck_fill(pair, sizeof pair, ck_say(s->ctx, "confirm", "pair-now"), s->cert);
	if (!sheet->measure)
		ck_table_draw(sheet->c, r, &t);
	ck_sheet_gap(sheet);
}

static bool
takes_envelope(const struct shown *s)
{
	const char *said = text_of(s->system, "authorise");

	return strcmp(said, "envelope") == 0 || (*said == '\0' && on_behalf(s));
}

static void
fill(void *u, struct ck_sheet *sheet)
{
	const struct shown *s = u;

	ck_sheet_put(sheet, CK_S_HEAD, ck_say(s->ctx, "confirm", "head"));
	ck_sheet_gap(sheet);
	put_which(s, sheet);
	put_table(s, sheet);
	if (strcmp(pin_word(s), "pin-envelope") == 0)
		ck_sheet_toned(sheet, CK_TONE_CAREFUL, ck_say(s->ctx, "confirm", "void"));
	if (takes_envelope(s))
		ck_sheet_toned(sheet, CK_TONE_NOW, ck_say(s->ctx, "confirm", "have-envelope"));
	ck_sheet_gap(sheet);
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
	enum ck_went went = ck_list_or_back(&c->list, e);

	(void)ctx;
	return went == CK_WENT_DONE && c->list.at != 0 ? CK_WENT_BACK : went;
}

void
ck_confirm_view(struct ck_confirm *c, struct ck_view *view)
{
	c->list = (struct ck_list){ .rows = c->rows, .n = 2 };
	*view = (struct ck_view){ .self = c,
		.draw = draw,
		.key = key,
		.functions = ck_back_functions,
		.of_key = true,
		.help = "confirm",
		.idle = CK_IDLE_WIPE };
}
