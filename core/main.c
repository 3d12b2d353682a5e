/*
 * certkiosk-engine: one visit, or one question about keys and records, then gone. It speaks with
 * its front over the descriptor named by --link (include/certkiosk/ask.h); it has no other way in
 * or out.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/frame.h"
#include "base/log.h"
#include "base/site.h"
#include "walk/show.h"
#include "walk/walk.h"

/* the front says what it wants at once; one that does not is not a front */
#define FIRST_WORD_MS 10000

static const char *
text(const json_t *order, const char *name)
{
	return json_string_value(json_object_get(order, name));
}

static enum ck_outcome
visit(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	struct ck_order o = {
		.system = text(order, "system"),
		.way = text(order, "way"),
		.clerk = text(order, "clerk"),
		.wish = { text(order, "key"), text(order, "cert"), text(order, "record") },
	};

	return ck_walk(site, link, &o);
}

static enum ck_outcome
give_back(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	struct ck_order o = {
		.clerk = text(order, "clerk"),
		.wish = { .record = text(order, "record") },
		.abandon = true,
	};

	return ck_walk(site, link, &o);
}

static const struct {
	const char *verb;
	enum ck_outcome (*run)(const struct ck_site *, struct ck_link *, const json_t *order);
} verbs[] = {
	{ "renew", visit },
	{ "abandon", give_back },
	{ "keys", ck_show_keys },
	{ "policy", ck_show_verdict },
	{ "records", ck_show_records },
	{ "record", ck_show_record },
	{ "ledger-verify", ck_show_ledger },
};

/* Secrets will be in this memory: no core, no tracing by others of the same user, no group or world
 * access to what it writes; a front that is gone is an error to be told, not a signal. */
static void
harden(void)
{
	struct rlimit none = { 0, 0 };
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	prctl(PR_SET_DUMPABLE, 0);
	setrlimit(RLIMIT_CORE, &none);
	umask(077);
	sigaction(SIGPIPE, &ignore, NULL);
}

static void
end_with(struct ck_link *link, enum ck_outcome outcome, const struct ck_err *err)
{
	struct ck_talk talk = { .link = link };

	ck_talk_end(&talk, outcome, NULL, NULL, err);
}

static enum ck_outcome
serve(struct ck_link *link, const char *conf)
{
	struct ck_site *site = calloc(1, sizeof *site);
	struct ck_err err = { 0 };
	enum ck_outcome outcome = CK_END_FAILED;
	json_t *order = NULL;
	const char *verb = NULL;
	size_t i;

	if (site == NULL)
		ck_fail(&err, CK_E_NO_MEMORY, "site");
	else if (ck_link_recv(link, FIRST_WORD_MS, &order, &err) == 1)
		verb = text(order, "do");
	for (i = 0; verb != NULL && i < sizeof verbs / sizeof verbs[0]; i++)
		if (strcmp(verbs[i].verb, verb) == 0)
			break;
	if (verb == NULL || i == sizeof verbs / sizeof verbs[0])
		ck_fail(&err, CK_E_USAGE, "%s", verb != NULL ? verb : "nothing asked");
	else if (ck_site_read(conf, site, &err) == 0)
		outcome = verbs[i].run(site, link, order);
	if (err.code != CK_E_NONE)
		end_with(link, err.code == CK_E_USAGE ? CK_END_USAGE : CK_END_REFUSED, &err);
	json_decref(order);
	free(site);
	return outcome;
}

/* Until the front lets go: what is said last must arrive, and a front that ends takes its time. */
static void
linger(struct ck_link *link)
{
	struct ck_err gone = { 0 };
	json_t *line = NULL;

	shutdown(ck_link_fd(link), SHUT_WR);
	while (ck_link_recv(link, -1, &line, &gone) == 1)
		json_decref(line);
}

int
main(int argc, char **argv)
{
	const char *conf = CK_CONF;
	struct ck_link *link = NULL;
	enum ck_outcome outcome;
	int i, fd = -1;

	harden();
	ck_log_open("certkiosk-engine", CK_LOG_WARN);
	for (i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--link") == 0)
			fd = (int)strtol(argv[i + 1], NULL, 10);
		else if (strcmp(argv[i], "--config") == 0)
			conf = argv[i + 1];
		else
			break;
	}
	if (i != argc || fd < 3 || (link = ck_link_new(fd)) == NULL) {
		fprintf(stderr, "usage: certkiosk-engine --link FD [--config FILE]\n"
				"It is started by certkiosk(1).\n");
		return ck_outcome_status[CK_END_USAGE];
	}
	outcome = serve(link, conf);
	linger(link);
	ck_link_free(link);
	return ck_outcome_status[outcome];
}
