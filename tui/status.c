#include "status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aside.h"
#include "base/clock.h"
#include "certkiosk/ask.h"
#include "words/say.h"

/* Desk and CA are asked this often when all is well: often enough to be found out before a customer
 * does, seldom enough not to be a load. Trouble is looked at again sooner. */
#define ASK_MS (10 * 60 * 1000)
#define TROUBLE_MS (60 * 1000)
/* a watch that died, because its service or its engine did, is started again after */
#define AGAIN_MS 3000

/* readers pcsc-lite can have */
#define READERS_MAX 16
#define READER_NAME_MAX 160

enum { READERS, DESK };

struct reader {
	char name[READER_NAME_MAX];
	bool key;
};

struct ck_status {
	const char *program, *config;
	struct ck_aside asides[CK_STATUS_FDS];
	int64_t due[CK_STATUS_FDS]; /* when it is started (again) */

	struct reader readers[READERS_MAX];
	int n_readers;
	bool service;
	bool silent; /* they can't be asked: what was asked hung, or says so itself */
	char clerk_reader[READER_NAME_MAX];
	bool clerk_gone, key_gone;
	int came;

	char site[160], hotline[64];
	bool passphrases, services;
	enum ck_tone printer;	      /* CK_TONE_TODO: nobody knows */
	enum ck_tone desk, desk_next; /* what the last round said, and what this one did so far */
	json_t *ends, *ends_next;     /* own certificates that end soon: rows */
	bool asked;
	char note[CK_SENTENCE_MAX];
};

struct ck_status *
ck_status_new(const char *program, const char *config)
{
	struct ck_status *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	s->program = program;
	s->config = config;
	s->desk = s->printer = CK_TONE_TODO;
	return s;
}

void
ck_status_free(struct ck_status *s)
{
	if (s == NULL)
		return;
	for (int i = 0; i < CK_STATUS_FDS; i++)
		ck_aside_end(&s->asides[i]);
	json_decref(s->ends);
	json_decref(s->ends_next);
	free(s);
}

void
ck_status_fds(const struct ck_status *s, struct pollfd out[CK_STATUS_FDS])
{
	for (int i = 0; i < CK_STATUS_FDS; i++)
		out[i] = (struct pollfd){ .fd = ck_aside_fd(&s->asides[i]), .events = POLLIN };
}

int64_t
ck_status_due(const struct ck_status *s)
{
	int64_t due = -1;

	for (int i = 0; i < CK_STATUS_FDS; i++) {
		int64_t at = ck_aside_due(&s->asides[i]);

		if (at == -1)
			at = s->due[i];
		if (due == -1 || at < due)
			due = at;
	}
	return due;
}

/* ---- readers ---- */

static struct reader *
reader_of(struct ck_status *s, const char *name, bool add)
{
	for (int i = 0; i < s->n_readers; i++)
		if (strcmp(s->readers[i].name, name) == 0)
			return &s->readers[i];
	if (!add || s->n_readers == READERS_MAX || *name == '\0')
		return NULL;
	snprintf(s->readers[s->n_readers].name, READER_NAME_MAX, "%s", name);
	s->readers[s->n_readers].key = false;
	return &s->readers[s->n_readers++];
}

static void
drop_reader(struct ck_status *s, struct reader *r)
{
	if (r != NULL)
		*r = s->readers[--s->n_readers];
}

static void
forget_readers(struct ck_status *s)
{
	s->n_readers = 0;
	s->service = false;
	s->key_gone = false; /* nor that a customer's was pulled */
	/* nobody can say any more that the clerk's key is still there */
	s->clerk_gone = s->clerk_gone || s->clerk_reader[0] != '\0';
}

static void
take_reader(struct ck_status *s, const json_t *row)
{
	const char *event = text_of(row, "event"), *name = text_of(row, "reader");
	bool out = strcmp(event, "card-out") == 0 || strcmp(event, "reader-out") == 0;
	struct reader *r = reader_of(s, name, !out);

	if (strcmp(event, "site") == 0) {
		snprintf(s->site, sizeof s->site, "%s", text_of(row, "name"));
		snprintf(s->hotline, sizeof s->hotline, "%s", text_of(row, "hotline"));
		s->passphrases = json_is_true(json_object_get(row, "passphrases"));
		s->services = json_is_true(json_object_get(row, "services"));
	}
	if (strcmp(event, "service-up") == 0) {
		s->service = true;
		s->silent = false;
	}
	if (strcmp(event, "service-gone") == 0)
		forget_readers(s);
	if (r != NULL && strcmp(name, s->clerk_reader) != 0 &&
	    (out ? r->key : strcmp(event, "card-in") == 0))
		s->key_gone = out;
	s->came += strcmp(event, "card-in") == 0 && strcmp(name, s->clerk_reader) != 0;
	if (r != NULL && (strcmp(event, "card-in") == 0 || strcmp(event, "card-out") == 0))
		r->key = !out;
	if (strcmp(event, "reader-out") == 0)
		drop_reader(s, r);
	if (out && s->clerk_reader[0] != '\0' && strcmp(name, s->clerk_reader) == 0)
		s->clerk_gone = true;
}

bool
ck_status_silent(const struct ck_status *s)
{
	return s->silent;
}

bool
ck_status_key_in(const struct ck_status *s)
{
	for (int i = 0; i < s->n_readers; i++)
		if (s->readers[i].key && strcmp(s->readers[i].name, s->clerk_reader) != 0)
			return true;
	return false;
}

bool
ck_status_key_gone(const struct ck_status *s)
{
	return s->key_gone && !ck_status_key_in(s);
}

int
ck_status_came(const struct ck_status *s)
{
	return s->came;
}

void
ck_status_clerk_reader(struct ck_status *s, const char *reader)
{
	snprintf(s->clerk_reader, sizeof s->clerk_reader, "%s", reader);
	s->clerk_gone = false;
}

bool
ck_status_clerk_gone(const struct ck_status *s)
{
	return s->clerk_gone;
}

/* ---- desk, CA, own certificates ---- */

static enum ck_tone
tone_of(const char *state)
{
	return strcmp(state, "ok") == 0	       ? CK_TONE_GOOD
	       : strcmp(state, "careful") == 0 ? CK_TONE_CAREFUL
					       : CK_TONE_BAD;
}

static void
take_part(struct ck_status *s, const json_t *row)
{
	const char *part = text_of(row, "part");
	enum ck_tone tone = tone_of(text_of(row, "state"));

	if (strcmp(part, "desk") == 0 || strcmp(part, "ca") == 0) {
		/* one system that can't be served is trouble, but not the end of all service */
		if (tone != CK_TONE_GOOD && s->desk_next == CK_TONE_GOOD)
			tone = CK_TONE_CAREFUL;
		if (s->desk_next == CK_TONE_TODO || tone != CK_TONE_GOOD)
			s->desk_next = tone;
	}
	if (strcmp(part, "own-certificate") == 0 && tone != CK_TONE_GOOD)
		json_array_append(s->ends_next, (json_t *)row);
}

static void
begin_round(struct ck_status *s)
{
	s->desk_next = CK_TONE_TODO;
	json_decref(s->ends_next);
	s->ends_next = json_array();
}

static void
end_round(struct ck_status *s)
{
	s->asked = true;
	s->desk = s->desk_next;
	json_decref(s->ends);
	s->ends = s->ends_next;
	s->ends_next = NULL;
}

void
ck_status_ask_again(struct ck_status *s)
{
	s->due[DESK] = ck_mono_ms();
}

/* ---- the printer ---- */

/* one that stands still, or takes nothing, is no printer at the moment; one with a warning is */
static enum ck_tone
printer_tone(const json_t *row)
{
	if (json_is_false(json_object_get(row, "accepting")) ||
	    strcmp(text_of(row, "state"), "stopped") == 0)
		return CK_TONE_BAD;
	return *text_of(row, "why") != '\0' ? CK_TONE_CAREFUL : CK_TONE_GOOD;
}

void
ck_status_heed(struct ck_status *s, const json_t *line)
{
	static const struct {
		const char *say;
		enum ck_tone tone;
	} said[] = {
		{ "paper-printing", CK_TONE_GOOD },
		{ "paper-printed", CK_TONE_GOOD },
		{ "paper-trouble", CK_TONE_BAD },
		{ "paper-failed", CK_TONE_BAD },
	};
	const json_t *row = json_object_get(line, "row");

	if (json_is_true(json_object_get(row, "default")))
		s->printer = printer_tone(row);
	for (size_t i = 0; i < sizeof said / sizeof *said; i++)
		if (strcmp(text_of(line, "say"), said[i].say) == 0)
			s->printer = said[i].tone;
}

/* ---- both ---- */

static void
start(struct ck_status *s, int which, int64_t now)
{
	static const char *const verbs[] = { [READERS] = "watch", [DESK] = "diagnose" };
	struct ck_err err = { 0 };
	/* what is plugged in is watched, and how the printer is told where somebody prints */
	json_t *request = json_pack(
	    "{s:s, s:b, s:b}", "do", verbs[which], "readers", (int)(which == READERS), "paper", 0);

	if (which == DESK)
		begin_round(s);
	if (ck_aside_start(&s->asides[which], s->program, s->config, request, &err) == -1)
		s->due[which] = now + AGAIN_MS;
	json_decref(request);
}

/* Without an end line it crashed or hung. */
static void
ended(struct ck_status *s, int which, bool failed, int64_t now)
{
	if (which == READERS) {
		s->silent = failed;
		forget_readers(s);
		s->due[READERS] = now + AGAIN_MS;
		return;
	}
	if (failed) /* what it had not come to yet may be what it hung at */
		s->desk_next = CK_TONE_BAD;
	end_round(s);
	s->due[DESK] = now + (s->desk == CK_TONE_GOOD ? ASK_MS : TROUBLE_MS);
}

static bool
take(struct ck_status *s, int which, const json_t *line)
{
	const json_t *row = json_object_get(line, "row");

	if (row == NULL)
		return false;
	if (which == READERS)
		take_reader(s, row);
	else
		take_part(s, row);
	return which == READERS;
}

static bool
look(struct ck_status *s, int which, int64_t now)
{
	bool changed = false, end = false, failed = true;
	json_t *line = NULL;
	int got = 0;

	while (!end && (got = ck_aside_next(&s->asides[which], &line)) == 1) {
		end = json_object_get(line, "end") != NULL;
		failed = json_object_get(line, "error") != NULL;
		changed = take(s, which, line) || changed;
		json_decref(line);
	}
	if (!end && got != -1)
		return changed;
	ck_aside_end(&s->asides[which]);
	ended(s, which, !end || failed, now);
	return true;
}

bool
ck_status_look(struct ck_status *s)
{
	int64_t now = ck_mono_ms();
	bool changed = false;

	for (int i = 0; i < CK_STATUS_FDS; i++)
		if (ck_aside_fd(&s->asides[i]) != -1)
			changed = look(s, i, now) || changed;
		else if (s->due[i] <= now)
			start(s, i, now);
	return changed;
}

/* ---- what is to be seen ---- */

const char *
ck_status_site(const struct ck_status *s)
{
	return s->site;
}

bool
ck_status_passphrases(const struct ck_status *s)
{
	return s->passphrases;
}

bool
ck_status_services(const struct ck_status *s)
{
	return s->services;
}

const char *
ck_status_hotline(const struct ck_status *s)
{
	return s->hotline;
}

int
ck_status_states(
    const struct ck_status *s, const struct ck_ctx *ctx, struct ck_said out[CK_STATES_MAX])
{
	enum ck_tone reader = !s->service || s->n_readers == 0 ? CK_TONE_BAD : CK_TONE_GOOD;
	int n = 0;

	out[n++] = (struct ck_said){ reader, ck_say(ctx, "states", "reader") };
	out[n++] = (struct ck_said){ s->desk, ck_say(ctx, "states", "ca") };
	if (s->printer != CK_TONE_TODO)
		out[n++] = (struct ck_said){ s->printer, ck_say(ctx, "states", "printer") };
	return n;
}

struct ck_said
ck_status_note(struct ck_status *s, const struct ck_ctx *ctx)
{
	const json_t *first = json_array_get(s->ends, 0);
	const char *word;

	if (first == NULL)
		return (struct ck_said){ .text = NULL };
	word = json_object_get(first, "not_after") != NULL ? "own-ends" : "own-unreadable";
	ck_fill(s->note, sizeof s->note, ck_say(ctx, "states", word), first);
	return (struct ck_said){ tone_of(text_of(first, "state")), s->note };
}
