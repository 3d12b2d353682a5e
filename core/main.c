/*
 * certkiosk-engine: one visit, or one question about keys and records, then gone. It speaks with
 * its front over the descriptor named by --link (include/certkiosk/ask.h); it has no other way in
 * or out.
 */
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/frame.h"
#include "base/harden.h"
#include "base/log.h"
#include "base/site.h"
#include "base/wipe.h"
#include "walk/batch.h"
#include "walk/clerk.h"
#include "walk/own.h"
#include "walk/paper.h"
#include "walk/service.h"
#include "walk/show.h"
#include "walk/walk.h"

/* the front says what it wants at once; one that does not is not a front */
#define FIRST_WORD_MS 10000
/* A form is here several times as it is signed, sealed and printed. By itself malloc would learn
 * from the first of them to keep room for such. */
#define GIVEN_BACK 65536

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
		.wish = { .key = text(order, "key"),
		    .cert = text(order, "cert"),
		    .record = text(order, "record"),
		    .medium = text(order, "medium"),
		    .save_to = text(order, "save_to"),
		    .batch = text(order, "batch") },
		.typed = text(order, "text"),
		.again = json_is_true(json_object_get(order, "again")),
	};

	return ck_walk(site, link, &o);
}

static enum ck_outcome
give_back(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	struct ck_order o = {
		.clerk = text(order, "clerk"),
		.wish = { .record = text(order, "record"), .medium = text(order, "medium") },
		.again = json_is_true(json_object_get(order, "again")),
		.abandon = true,
	};

	return ck_walk(site, link, &o);
}

static const struct verb {
	const char *name;
	enum ck_outcome (*run)(const struct ck_site *, struct ck_link *, const json_t *order);
	bool siteless; /* works where no site was set up */
} verbs[] = {
	{ "renew", visit, false },
	{ "resume", visit, false },
	{ "abandon", give_back, false },
	{ "keys", ck_show_keys, false },
	{ "watch", ck_show_watch, false },
	{ "policy", ck_show_verdict, true },
	{ "records", ck_show_records, false },
	{ "record", ck_show_record, false },
	{ "tend", ck_tend, false },
	{ "purge", ck_purge, false },
	{ "ledger", ck_show_ledger, false },
	{ "ledger-verify", ck_ledger_check, false },
	{ "report", ck_show_report, false },
	{ "diagnose", ck_diagnose, false },
	{ "check", ck_check_rules, false },
	{ "form", ck_show_form, false },
	{ "form-text", ck_show_form_text, false },
	{ "forms", ck_show_forms, false },
	{ "print", ck_print_form, false },
	{ "printers", ck_show_printers, false },
	{ "batch-begin", ck_begin_batch, false },
	{ "batch-ways", ck_show_batch_ways, false },
	{ "batches", ck_show_batches, false },
	{ "batch", ck_show_batch, false },
	{ "services", ck_show_services, false },
	{ "service", ck_apply, false },
	{ "service-status", ck_show_application, false },
	{ "service-drop", ck_drop_application, false },
	{ "pin", ck_own_pin, false },
	{ "export", ck_own_export, false },
	{ "status", ck_own_status, false },
	{ "doctor", ck_own_doctor, false },
	{ "sign-in", ck_sign_in, false },
	{ "sign-out", ck_sign_out, false },
	{ "clerk-word", ck_clerk_word, true },
};

static const struct verb *
verb_of(const json_t *order, struct ck_err *err)
{
	const char *name = text(order, "do");
	size_t i;

	for (i = 0; name != NULL && i < sizeof verbs / sizeof verbs[0]; i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	ck_fail(err, CK_E_USAGE, "%s", name != NULL ? name : "nothing asked");
	return NULL;
}

/* A site's file that was named must be there; the usual one may be missing where none is needed. */
static int
read_site(const struct verb *verb, const char *conf, struct ck_site *site, struct ck_err *err)
{
	if (!verb->siteless || strcmp(conf, CK_CONF) != 0 || access(conf, F_OK) == 0)
		return ck_site_read(conf, site, err);
	ck_site_none(site);
	return 0;
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
	const struct verb *verb = NULL;
	struct ck_err err = { 0 };
	enum ck_outcome outcome = CK_END_USAGE;
	json_t *order = NULL;

	if (site == NULL)
		ck_fail(&err, CK_E_NO_MEMORY, "site");
	else if (ck_link_recv(link, FIRST_WORD_MS, &order, &err) == 1)
		verb = verb_of(order, &err);
	else
		ck_fail(&err, CK_E_LINK, "nothing asked");
	if (verb != NULL && read_site(verb, conf, site, &err) == 0) {
		outcome = verb->run(site, link, order);
	} else {
		outcome = err.code == CK_E_USAGE ? CK_END_USAGE : CK_END_REFUSED;
		end_with(link, outcome, &err);
	}
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

	ck_harden();
	/* what is typed and what a desk answers passes through it: codes, names, one-time secrets
	 */
	json_set_alloc_funcs(malloc, ck_wiping_free);
	(void)mallopt(M_MMAP_THRESHOLD, GIVEN_BACK);
	ck_log_open("certkiosk-engine", CK_LOG_WARN);
	for (i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--link") == 0)
			fd = (int)strtol(argv[i + 1], NULL, 10);
		else if (strcmp(argv[i], "--config") == 0)
			conf = argv[i + 1];
		else
			break;
	}
	/* what a module starts has no business on it */
	(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
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
