/*
 * An engine that plays a counter for the screens: somebody's key is in its reader, clerk 07's in
 * another, and one question is asked. The file given as its configuration is read at every start
 *and has a line for what is to be otherwise:
 *
 *	away WHAT	the question says that the person is busy elsewhere (ask.h)
 *	mute	the watch of the readers says nothing more
 *	lingers	an engine that has said its end does not go
 *
 * Every start adds its verb, a line each, to the file of that name with ".starts".
 */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/frame.h"
#include "certkiosk/ask.h"

#define TEXT_MAX 256
#define READER "Played 00 00"
#define CLERK_READER "Clerk 00 00"

struct play {
	struct ck_link *link;
	json_t *request;
	char away[32];
	bool mute, lingers;
};

/* takes line */
static void
say(struct play *p, json_t *line)
{
	struct ck_err err = { 0 };

	if (line == NULL || ck_link_send(p->link, line, &err) == -1)
		_exit(9);
	json_decref(line);
}

/* NULL: nothing in that time */
static json_t *
hear_for(struct play *p, int ms)
{
	struct ck_err err = { 0 };
	json_t *line = NULL;

	if (ck_link_recv(p->link, ms, &line, &err) == -1)
		_exit(0);
	return line;
}

static json_t *
hear(struct play *p)
{
	return hear_for(p, -1);
}

static void
end_with(struct play *p, const char *outcome)
{
	say(p, json_pack("{s:s, s:{}}", "end", outcome, "facts"));
	while (p->lingers)
		pause();
}

static void
row(struct play *p, const char *event, const char *reader)
{
	say(p, json_pack("{s:{s:s, s:s}}", "row", "event", event, "reader", reader));
}

/* ---- what is asked of it ---- */

static void
say_key(struct play *p)
{
	json_t *certificate = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "subject",
	    "CN=张三", "name", "张三", "issuer", "CN=SHECA G3", "serial", "5DA674B3B75B",
	    "not_before", "2025-12-05T00:00:00+08:00", "not_after", "2026-12-05T00:00:00+08:00",
	    "alg", "RSA 2048", "sha256", "5da674b3b75b");
	json_t *system = json_pack("{s:s, s:s, s:s, s:b, s:s, s:[s], s:s, s:s, s:s}", "system",
	    "played", "title", "更新", "class", "person", "eligible", 1, "rule", "eligible", "ways",
	    "self", "authorise", "envelope", "first_day", "2026-11-05", "last_day", "2027-01-05");
	json_t *entry = json_pack("{s:s, s:s, s:o, s:b, s:b, s:s, s:b, s:[o]}", "id", "0aaa",
	    "label", "x", "certificate", certificate, "closed", 0, "public", 1, "private", "yes",
	    "server", 0, "systems", system);

	say(p, json_pack("{s:{s:s, s:s, s:s, s:s, s:s, s:{s:s, s:n, s:i, s:i}, s:b, s:b, s:[o]}}",
		   "row", "event", "key", "family", "played", "serial", "1", "label", "x", "reader",
		   READER, "pin", "state", "ok", "tries", "min", 6, "max", 16, "readonly", 0,
		   "two_pairs", 1, "entries", entry));
}

static void
watch(struct play *p)
{
	bool readers = json_is_true(json_object_get(p->request, "readers"));
	json_t *answer = NULL;

	say(p, json_pack("{s:{s:s, s:s, s:s}}", "row", "event", "site", "name", "静安受理点",
		   "hotline", "962600"));
	row(p, "service-up", "");
	row(p, "reader-in", READER);
	row(p, "card-in", READER);
	row(p, "card-in", CLERK_READER);
	if (!readers)
		say_key(p);
	if (readers && p->mute)
		say(p, json_pack("{s:s, s:i}", "busy", CK_BUSY_KEY, "limit", 5));
	while (readers && p->mute)
		pause();
	while (answer == NULL) {
		say(p, json_pack("{s:b}", "idle", 1));
		answer = hear_for(p, CK_IDLE_S * 1000);
	}
	json_decref(answer);
	end_with(p, "done");
}

static void
renew(struct play *p)
{
	json_t *answer;

	say(p,
	    json_pack("{s:s, s:i, s:i, s:i}", "step", "authorise", "n", 5, "of", 13, "limit", 60));
	say(p, json_pack("{s:s, s:i, s:[{s:s, s:s, s:i, s:i}], s:{s:s*}}", "ask", CK_ASK_ENVELOPE,
		   "id", 1, "fields", "name", "serial", "kind", "text", "min", 1, "max", 63,
		   "facts", "away", p->away[0] != '\0' ? p->away : NULL));
	answer = hear(p);
	end_with(p, json_object_get(answer, "stop") != NULL ? "parked" : "done");
	json_decref(answer);
}

static void
sign_in(struct play *p)
{
	say(p, json_pack("{s:s, s:{s:s, s:s, s:s}}", "end", "done", "facts", "clerk", "07", "name",
		   "李柜员", "reader", CLERK_READER));
}

static void
at_once(struct play *p)
{
	end_with(p, "done");
}

static const struct {
	const char *verb;
	void (*run)(struct play *);
} verbs[] = {
	{ "watch", watch },
	{ "diagnose", at_once },
	{ "renew", renew },
	{ "sign-in", sign_in },
	{ "sign-out", at_once },
	{ "records", at_once },
};

/* ---- */

static void
read_play(struct play *p, const char *file)
{
	char line[TEXT_MAX];
	FILE *f = fopen(file, "r");

	while (f != NULL && fgets(line, sizeof line, f) != NULL) {
		sscanf(line, "away %31s", p->away);
		p->mute = p->mute || strcmp(line, "mute\n") == 0;
		p->lingers = p->lingers || strcmp(line, "lingers\n") == 0;
	}
	if (f != NULL)
		fclose(f);
}

static void
note_start(const struct play *p, const char *file)
{
	char path[TEXT_MAX];
	FILE *f;

	snprintf(path, sizeof path, "%s.starts", file);
	if ((f = fopen(path, "a")) == NULL)
		_exit(7);
	fprintf(f, "%s%s\n", json_string_value(json_object_get(p->request, "do")),
	    json_is_true(json_object_get(p->request, "readers")) ? " readers" : "");
	fclose(f);
}

int
main(int argc, char **argv)
{
	struct play p = { .mute = false };
	const char *verb;

	if (argc != 5 || strcmp(argv[1], "--link") != 0 || strcmp(argv[3], "--config") != 0)
		return 2;
	signal(SIGPIPE, SIG_IGN);
	p.link = ck_link_new((int)strtol(argv[2], NULL, 10));
	read_play(&p, argv[4]);
	p.request = hear(&p);
	note_start(&p, argv[4]);
	verb = json_string_value(json_object_get(p.request, "do"));
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (verb != NULL && strcmp(verbs[i].verb, verb) == 0)
			verbs[i].run(&p);
	json_decref(p.request);
	ck_link_free(p.link);
	return 0;
}
