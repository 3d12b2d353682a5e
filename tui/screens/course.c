#include "course.h"

#include <stdio.h>
#include <string.h>

#include "certkiosk/ask.h"
#include "certkiosk/err.h"
#include "kit/steps.h"
#include "kit/text.h"
#include "sheet.h"
#include "words/phrase.h"

/* A renewal's stations in their order, and whether the key may be pulled while one is worked at:
 * nothing was written yet, and nothing may be. A word for several of them is one step of the bar.
 * Those of the desk's steps are only there where the desk may ask for them.
 */
static const struct {
	const char *name;
	bool key_free, desk;
} stations[] = {
	{ "key", true, false },
	{ "cert", true, false },
	{ "eligible", true, false },
	{ "consent", true, false },
	{ "unlock", true, false },
	{ "authorise", true, false },
	{ "applicant", true, true },
	{ "form-before", true, true },
	{ "papers", true, true },
	{ "identity", true, true },
	{ "pay", true, true },
	{ "review", true, true },
	{ "newkey", false, false },
	{ "request", false, false },
	{ "issue", false, false },
	{ "install", false, false },
	{ "confirm", false, false },
	{ "seal", false, true },
	{ "pin", false, false },
	{ "retire", false, false },
	{ "form", false, false },
	{ "close", false, false },
};
#define STATIONS ((int)(sizeof stations / sizeof *stations))
#define DESK_STEPS 7
#define ALWAYS (STATIONS - DESK_STEPS)

static int
station_of(const char *name)
{
	int i = 0;

	while (i < STATIONS && strcmp(stations[i].name, name) != 0)
		i++;
	return i < STATIONS ? i : -1;
}

/* ---- what the engine says ---- */

void
ck_course_clear(struct ck_course *c)
{
	json_decref(c->did);
	json_decref(c->restart);
	json_decref(c->paper);
	*c = (struct ck_course){ .busy = false };
}

static void
keep(char *out, size_t cap, const json_t *o, const char *name)
{
	const char *s = json_string_value(json_object_get(o, name));

	if (s != NULL && *s != '\0')
		snprintf(out, cap, "%s", s);
}

static void
keep_facts(struct ck_course *c, const json_t *facts)
{
	keep(c->system, sizeof c->system, facts, "system");
	keep(c->way, sizeof c->way, facts, "way");
	keep(c->record, sizeof c->record, facts, "record");
	keep(c->slip, sizeof c->slip, facts, "slip");
}

static void
drop_restart(struct ck_course *c)
{
	json_decref(c->restart);
	c->restart = NULL;
}

static void
work(struct ck_course *c, int64_t mono_ms)
{
	/* the time a person took is not the engine's, and he has read what was told */
	if (!c->busy || c->asked)
		c->since_ms = mono_ms;
	if (c->asked)
		drop_restart(c);
	c->busy = true;
	c->asked = false;
}

/* which of the desk's steps there are; one that is gone through is one of them, told or not */
static int
take_steps(struct ck_course *c, const json_t *line)
{
	const json_t *takes = json_object_get(line, "takes"), *name;
	int n = 0, at;
	size_t i;

	json_array_foreach(takes, i, name)
	{
		at = json_is_string(name) ? station_of(json_string_value(name)) : -1;
		if (at != -1 && stations[at].desk)
			c->takes |= 1U << at;
	}
	if (c->reached > 0 && stations[c->reached - 1].desk)
		c->takes |= 1U << (c->reached - 1);
	for (at = 0; at < STATIONS; at++)
		n += (c->takes >> at & 1) != 0;
	return n;
}

static void
take_step(struct ck_course *c, const json_t *line, int64_t mono_ms)
{
	const json_t *pin = json_object_get(line, "pin");

	keep(c->station, sizeof c->station, line, "step");
	if (station_of(c->station) != -1)
		c->reached = 1 + station_of(c->station);
	c->n = (int)json_integer_value(json_object_get(line, "n"));
	c->of = (int)json_integer_value(json_object_get(line, "of"));
	c->of_others = c->of - take_steps(c, line);
	c->pin_stays = pin != NULL ? json_is_false(pin) : c->of_others < ALWAYS - 2;
	c->consents = json_is_true(json_object_get(line, "consent"));
	work(c, mono_ms);
	c->since_ms = mono_ms;
	/* until then the new engine only finds its way back */
	if (station_of(c->station) > station_of("unlock"))
		drop_restart(c);
}

/* Pages come out one by one: that is a progress and no deed, until the printer stands still. */
static bool
take_pages(struct ck_course *c, const json_t *line)
{
	const char *say = json_string_value(json_object_get(line, "say"));
	bool pages = say != NULL && strcmp(say, "paper-printing") == 0;

	if (say == NULL || strncmp(say, "paper-", strlen("paper-")) != 0)
		return false;
	json_decref(c->paper);
	c->paper = pages ? json_deep_copy(line) : NULL;
	return pages;
}

static void
take_did(struct ck_course *c, const json_t *line, int64_t mono_ms)
{
	const char *say = json_string_value(json_object_get(line, "say"));

	if (take_pages(c, line)) {
		work(c, mono_ms);
		return;
	}
	if (c->did == NULL)
		c->did = json_array();
	json_array_append_new(c->did, json_deep_copy(line));
	if (say != NULL && strcmp(say, "envelope-proved") == 0)
		keep(c->envelope, sizeof c->envelope, json_object_get(line, "facts"), "serial");
	keep_facts(c, json_object_get(line, "facts"));
	work(c, mono_ms);
}

static void
take_end(struct ck_course *c, const json_t *line)
{
	const json_t *err = json_object_get(line, "error");

	c->ended = 1 + ck_outcome_from(json_string_value(json_object_get(line, "end")));
	/* whoever stopped has failed at nothing */
	if (json_integer_value(json_object_get(err, "code")) == CK_E_STOPPED)
		c->ended = 1 + CK_END_PARKED;
	keep(c->record, sizeof c->record, line, "record");
	keep_facts(c, json_object_get(line, "facts"));
	c->busy = false;
}

void
ck_course_take(struct ck_course *c, const json_t *line, int64_t mono_ms)
{
	if (json_object_get(line, "do") != NULL) {
		keep(c->verb, sizeof c->verb, line, "do");
		keep_facts(c, line);
		work(c, mono_ms);
	} else if (json_object_get(line, "step") != NULL) {
		take_step(c, line, mono_ms);
	} else if (json_object_get(line, "did") != NULL) {
		take_did(c, line, mono_ms);
	} else if (json_object_get(line, "busy") != NULL) {
		work(c, mono_ms);
	} else if (json_object_get(line, "ask") != NULL) {
		c->busy = false;
		c->asked = true;
	} else if (json_object_get(line, "restart") != NULL) {
		/* the question that stood went with its engine, and was not answered */
		work(c, mono_ms);
		json_decref(c->restart);
		c->restart = json_deep_copy(line);
	} else if (json_object_get(line, "end") != NULL) {
		take_end(c, line);
	}
}

/* The visit has let go of the key before its form is printed. */
static bool
at_paper(const struct ck_course *c)
{
	return strcmp(c->station, "paper") == 0 || strcmp(c->station, "slip") == 0;
}

/* An application changes nothing on a key, which is only read, and let go of at once. */
static bool
applies(const struct ck_course *c)
{
	return strcmp(c->verb, "service") == 0;
}

bool
ck_course_key_free(const struct ck_course *c)
{
	int at = station_of(c->station);

	if (!c->busy || c->station[0] == '\0' || at_paper(c) || applies(c))
		return true;
	return at != -1 && stations[at].key_free;
}

/* ---- the bar of steps ---- */

struct bar {
	const char *labels[STATIONS];
	int n, at; /* n = 0: this is no renewal */
};

/* A policy that leaves the PIN alone has one station less, and so has one without a form, or
 * without documents to be agreed to. */
static struct bar
bar_of(const struct ck_course *c, const struct ck_ctx *ctx)
{
	struct bar b = { .n = 0 };

	if (c->reached == 0 || strcmp(c->verb, "abandon") == 0 || c->of_others < ALWAYS - 3)
		return b;
	for (int i = 0; i < STATIONS; i++) {
		const char *label = ck_say(ctx, "short", stations[i].name);

		if ((strcmp(stations[i].name, "pin") == 0 && c->pin_stays) ||
		    (strcmp(stations[i].name, "consent") == 0 && !c->consents) ||
		    (stations[i].desk && (c->takes >> i & 1) == 0))
			continue;
		if (b.n == 0 || strcmp(b.labels[b.n - 1], label) != 0)
			b.labels[b.n++] = label;
		if (i == c->reached - 1)
			b.at = b.n - 1;
	}
	/* a form that the CA wants first is printed amid the stations */
	if (c->ended == CK_END_DONE + 1 || (at_paper(c) && c->reached > station_of("form")))
		b.at = b.n;
	return b;
}

static enum ck_tone
bar_tone(const struct ck_course *c)
{
	if (c->ended == 0 || c->ended == CK_END_DONE + 1)
		return c->restart != NULL ? CK_TONE_CAREFUL : CK_TONE_NOW;
	return c->ended == CK_END_PARKED + 1 ? CK_TONE_CAREFUL : CK_TONE_BAD;
}

int
ck_course_bar(
    const struct ck_course *course, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	struct bar b = bar_of(course, ctx);
	struct ck_steps steps = { b.labels, b.n, b.at, bar_tone(course) };

	if (b.n == 0)
		return 0;
	ck_steps_draw(c, (struct ck_rect){ r.x, r.y + 1, r.w, 1 }, &steps);
	return CK_COURSE_BAR_LINES;
}

/* ---- the screen ---- */

struct shown {
	const struct ck_course *course;
	const struct ck_ctx *ctx;
};

/* what it is at: the station's sentence, or the verb's where there are no stations */
static void
doing(const struct shown *s, char out[CK_SENTENCE_MAX])
{
	const struct ck_course *c = s->course;
	const char *word = ck_word(s->ctx->lang, "doing", c->verb);

	if (at_paper(c) && c->paper != NULL)
		ck_phrase_did(s->ctx->lang, c->paper, out, CK_SENTENCE_MAX);
	else if (ck_word(s->ctx->lang, "step", c->station) != NULL)
		ck_phrase_step(s->ctx->lang, c->station, out, CK_SENTENCE_MAX);
	else
		snprintf(out, CK_SENTENCE_MAX, "%s",
		    word != NULL ? word : ck_say(s->ctx, "doing", "other"));
}

/* Neither giving back nor an application has stations that could be counted. */
static int
stations_told(const struct ck_course *c)
{
	return strcmp(c->verb, "abandon") == 0 || applies(c) ? 0 : c->of;
}

/* of the work, as far as it can be counted */
struct done {
	int n, of;
};

static struct done
done_so_far(const struct shown *s)
{
	const json_t *paper = json_object_get(s->course->paper, "facts");
	struct bar b = bar_of(s->course, s->ctx);
	int pages = (int)json_integer_value(json_object_get(paper, "pages"));

	if (at_paper(s->course))
		return pages > 0 ? (struct done){ pages,
			(int)json_integer_value(json_object_get(paper, "of")) }
				 : (struct done){ 0, 0 };
	if (b.n > 0)
		return (struct done){ b.at, b.n };
	return (struct done){ s->course->n - 1, stations_told(s->course) };
}

static void
put_progress(const struct shown *s, struct ck_sheet *sheet)
{
	struct done done = done_so_far(s);
	char text[CK_SENTENCE_MAX];
	int64_t ms = s->ctx->mono_ms - s->course->since_ms;
	struct ck_progress p = {
		.doing = text,
		.elapsed = ck_say(s->ctx, "course", "elapsed"),
		.seconds = (long)(ms > 0 ? ms / 1000 : 0),
		.n = done.n,
		.of = done.of,
	};
	/* "已用 0:07", and two columns of air */
	int beside = ck_shown_columns(p.elapsed) + 1 + snprintf(NULL, 0, "%ld:00", p.seconds / 60);
	struct ck_rect r;

	doing(s, text);
	/* its bar stands below a blank line */
	r = ck_sheet_lines(
	    sheet, ck_wrapped_lines(text, sheet->r.w - beside - 2) + (p.of > 0 ? 2 : 0));
	if (!sheet->measure)
		ck_progress_draw(sheet->c, r, &p);
}

/* what becomes of it if the key goes now */
static const char *
warning(const struct shown *s)
{
	bool own_pin = strcmp(s->course->station, "set-pin") == 0;

	/* the clerk's own key, or none */
	if (strncmp(s->course->verb, "sign-", 5) == 0)
		return "";
	if (strcmp(s->course->verb, "print") == 0 || (applies(s->course) && at_paper(s->course)))
		return ck_say(s->ctx, "course", "paper-only");
	if (at_paper(s->course))
		return ck_say(s->ctx, "course", "paper");
	if (ck_course_key_free(s->course))
		return ck_say(s->ctx, "course", "free");
	if (own_pin)
		return ck_say(s->ctx, "course", "pulled-pin");
	return ck_say(s->ctx, "course", s->course->record[0] != '\0' ? "pulled" : "pulled-other");
}

static int
did_lines(const struct shown *s, const json_t *line, int width, char out[CK_SENTENCE_MAX])
{
	ck_phrase_did(s->ctx->lang, line, out, CK_SENTENCE_MAX);
	return ck_wrapped_lines(out, width - 2);
}

/* The newest that fit, oldest of them first. */
static void
put_did(const struct shown *s, struct ck_sheet *sheet, int room)
{
	const json_t *did = s->course->did;
	size_t n = json_array_size(did), from = n;
	char text[CK_SENTENCE_MAX];

	for (; from > 0; from--) {
		room -= did_lines(s, json_array_get(did, from - 1), sheet->r.w, text);
		if (room < 0)
			break;
	}
	for (size_t i = from; i < n; i++) {
		const json_t *line = json_array_get(did, i);
		char mark = ck_phrase_mark(line);

		did_lines(s, line, sheet->r.w, text);
		ck_sheet_toned(sheet,
		    mark == 'v'	  ? CK_TONE_GOOD
		    : mark == '!' ? CK_TONE_CAREFUL
				  : CK_TONE_NOW,
		    text);
	}
}

static void
fill(void *u, struct ck_sheet *sheet)
{
	const struct shown *s = u;
	const char *below = warning(s);
	char text[CK_SENTENCE_MAX];
	int room;

	put_progress(s, sheet);
	ck_sheet_gap(sheet);
	if (s->course->restart != NULL) {
		ck_phrase_restart(s->ctx->lang, ck_say(s->ctx, "end", "restart"),
		    s->course->restart, text, sizeof text);
		ck_sheet_toned(sheet, CK_TONE_CAREFUL, text);
		ck_sheet_gap(sheet);
	}
	room = sheet->r.h - sheet->used - 2 - ck_wrapped_lines(below, sheet->r.w - 2);
	/* what is long done is of no interest any more, and a full screen is not read */
	put_did(s, sheet, room < sheet->r.h / 2 - 2 ? room : sheet->r.h / 2 - 2);
	ck_sheet_gap(sheet);
	ck_sheet_toned(
	    sheet, ck_course_key_free(s->course) ? CK_TONE_SAFE : CK_TONE_CAREFUL, below);
}

static void
draw(void *self, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	struct shown s = { self, ctx };
	int used = ck_course_bar(s.course, c, r, ctx);

	r.y += used > 0 ? used : 1;
	r.h -= used > 0 ? used : 1;
	ck_sheet_draw(c, r, fill, &s);
}

static bool
signs_in(const struct ck_course *c)
{
	return strcmp(c->verb, "sign-in") == 0;
}

/* The CA and a printer may take minutes: whoever has no time may go, and loses nothing. A clerk who
 * signs in is not to wait for a customer's key that does not answer. */
static bool
may_stop(const struct ck_course *c)
{
	return c->busy && (strcmp(c->station, "issue") == 0 || at_paper(c) || signs_in(c));
}

static enum ck_went
key(void *self, struct ck_event *e, const struct ck_ctx *ctx)
{
	(void)ctx;
	return may_stop(self) && ck_is_key(e, CK_KEY_ESC) ? CK_WENT_BACK : CK_WENT_NOTHING;
}

static int
functions(void *self, const struct ck_ctx *ctx, struct ck_function out[CK_VIEW_FUNCTIONS_MAX])
{
	const struct ck_course *c = self;
	const char *stop = ck_say(ctx, "fkey", at_paper(c) ? "paper-stop" : "stop");

	out[0] = (struct ck_function){ .key = CK_KEY_ESC,
		.name = "Esc",
		.text = signs_in(c) ? ck_say(ctx, "does", "back") : stop };
	return may_stop(c);
}

void
ck_course_view(struct ck_course *c, struct ck_view *view)
{
	*view = (struct ck_view){ .self = c,
		.draw = draw,
		.key = key,
		.functions = functions,
		.help = "course",
		.idle = CK_IDLE_STAY,
		.ticks = true };
}
