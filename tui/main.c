/* certkiosk(1): the verbs, what each asks of the engine, and how the program ends. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <locale.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "args.h"
#include "base/clock.h"
#include "base/place.h"
#include "base/utf8.h"
#include "base/wipe.h"
#include "batch.h"
#include "face.h"
#include "front.h"
#include "verify.h"

#define VERSION "0.1"

/* ---- what each verb asks of the engine ---- */

/* The engine is not told our folder, so a path must not need one. A file that is not there keeps
 * its name: the engine says why it can't be read. NULL, and o is gone: the path is not UTF-8. */
static json_t *
with_path(json_t *o, const char *name, const char *path)
{
	char *real = path != NULL ? realpath(path, NULL) : NULL;

	if (path != NULL && json_object_set_new(o, name, json_string(real != NULL ? real : path))) {
		json_decref(o);
		o = NULL;
	}
	free(real);
	return o;
}

static json_t *
ask_renew(const struct ck_args *a)
{
	json_t *o = json_pack("{s:s, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*}", "do", "renew",
	    "system", a->system, "way", a->way, "key", a->key, "cert", a->cert, "clerk", a->clerk,
	    "record", a->record, "batch", a->batch);

	return with_path(with_path(o, "medium", a->medium), "save_to", a->save_to);
}

static json_t *
ask_resume(const struct ck_args *a)
{
	json_t *o = json_pack("{s:s, s:s, s:s*, s:s*, s:s*, s:s*, s:s*}", "do", "resume", "text",
	    a->typed, "system", a->system, "way", a->way, "key", a->key, "cert", a->cert, "clerk",
	    a->clerk);

	return with_path(with_path(o, "medium", a->medium), "save_to", a->save_to);
}

static json_t *
ask_abandon(const struct ck_args *a)
{
	json_t *o =
	    json_pack("{s:s, s:s, s:s*}", "do", "abandon", "record", a->record, "clerk", a->clerk);

	return with_path(o, "medium", a->medium);
}

static json_t *
ask_keys(const struct ck_args *a)
{
	json_t *o = json_pack("{s:s}", "do", "keys");

	return with_path(o, "medium", a->medium);
}

static json_t *
ask_watch(const struct ck_args *a)
{
	(void)a;
	return json_pack("{s:s}", "do", "watch");
}

static json_t *
ask_policy(const struct ck_args *a)
{
	json_t *o = json_pack("{s:s, s:s, s:s}", "do", "policy", "system", a->system, "on", a->on);

	return with_path(o, "cert", a->cert);
}

/* NULL: not said */
static json_t *
count(int n)
{
	return n >= 0 ? json_integer(n) : NULL;
}

static json_t *
ask_records(const struct ck_args *a)
{
	return json_pack("{s:s, s:b, s:b, s:s*, s:o*}", "do", "records", "all", (int)a->all,
	    "names", (int)a->names, "search", a->search, "limit", count(a->last));
}

/* from its first moment in China to the next day's */
static json_t *
ask_report(const struct ck_args *a)
{
	ck_day day = ck_day_of(ck_now());
	char from[CK_TIME_LEN], to[CK_TIME_LEN];

	if (a->day != NULL)
		(void)ck_date_read(a->day, &day); /* it was looked at with the other options */
	ck_time_text(ck_day_start(day), from);
	ck_time_text(ck_day_start(day + 1), to);
	return json_pack(
	    "{s:s, s:s, s:s, s:s*}", "do", "report", "from", from, "to", to, "clerk", a->clerk);
}

static json_t *
ask_ledger_lines(const struct ck_args *a)
{
	return json_pack("{s:s, s:o*}", "do", "ledger", "last", count(a->last));
}

static json_t *
ask_diagnose(const struct ck_args *a)
{
	(void)a;
	return json_pack("{s:s}", "do", "diagnose");
}

static json_t *
ask_check(const struct ck_args *a)
{
	(void)a;
	return json_pack("{s:s}", "do", "check");
}

static json_t *
ask_record(const struct ck_args *a)
{
	return json_pack("{s:s, s:s}", "do", "record", "record", a->record);
}

static json_t *
ask_tend(const struct ck_args *a)
{
	(void)a;
	return json_pack("{s:s}", "do", "tend");
}

static json_t *
ask_purge(const struct ck_args *a)
{
	return json_pack("{s:s, s:s*, s:o*}", "do", "purge", "before", a->before, "older_than",
	    count(a->older_than));
}

static json_t *
ask_ledger(const struct ck_args *a)
{
	(void)a;
	return json_pack("{s:s}", "do", "ledger-verify");
}

static json_t *
ask_services(const struct ck_args *a)
{
	return json_pack("{s:s, s:s*}", "do", "services", "system", a->system);
}

static json_t *
ask_service(const struct ck_args *a)
{
	json_t *o = json_pack("{s:s, s:s, s:s, s:s*, s:s*, s:s*}", "do", "service", "system",
	    a->system, "service", a->service, "key", a->key, "cert", a->cert, "clerk", a->clerk);

	return with_path(o, "medium", a->medium);
}

static json_t *
ask_service_resume(const struct ck_args *a)
{
	return json_pack(
	    "{s:s, s:s, s:s*}", "do", "service", "record", a->record, "clerk", a->clerk);
}

static json_t *
ask_service_status(const struct ck_args *a)
{
	return json_pack("{s:s, s:s}", "do", "service-status", "record", a->record);
}

static json_t *
ask_service_drop(const struct ck_args *a)
{
	return json_pack(
	    "{s:s, s:s, s:s*}", "do", "service-drop", "record", a->record, "clerk", a->clerk);
}

static json_t *
ask_pin(const struct ck_args *a)
{
	json_t *o = json_pack("{s:s, s:s*, s:s*}", "do", "pin", "key", a->key, "clerk", a->clerk);

	return with_path(o, "medium", a->medium);
}

static json_t *
ask_export(const struct ck_args *a)
{
	json_t *o = json_pack("{s:s, s:s, s:s*}", "do", "export", "key", a->key, "cert", a->cert);

	return with_path(with_path(o, "medium", a->medium), "to", a->to);
}

static json_t *
ask_status(const struct ck_args *a)
{
	json_t *o = json_pack("{s:s, s:s*, s:s*, s:s*}", "do", "status", "key", a->key, "cert",
	    a->cert, "system", a->system);

	return with_path(with_path(o, "medium", a->medium), "file", a->file);
}

static json_t *
ask_doctor(const struct ck_args *a)
{
	json_t *o = json_pack("{s:s, s:s*, s:s*, s:s*}", "do", "doctor", "key", a->key, "clerk",
	    a->clerk, "system", a->system);

	return with_path(o, "medium", a->medium);
}

/* A file is made where the caller stands; without one the document comes here. */
static json_t *
ask_form(const struct ck_args *a)
{
	char *here = a->out != NULL && *a->out != '/' ? getcwd(NULL, 0) : NULL;
	json_t *o = json_pack("{s:s, s:s}", "do", "form", "record", a->record);
	json_t *out = NULL;

	if (here != NULL)
		out = json_sprintf("%s/%s", here, a->out);
	else if (a->out != NULL)
		out = json_string(a->out);
	free(here);
	if (a->out != NULL && json_object_set_new(o, "out", out) == -1) {
		json_decref(o);
		o = NULL;
	}
	return o;
}

static json_t *
ask_forms(const struct ck_args *a)
{
	return json_pack("{s:s, s:b}", "do", "forms", "all", (int)a->all);
}

static json_t *
ask_print(const struct ck_args *a)
{
	return json_pack("{s:s, s:s, s:s*, s:s*}", "do", "print", "record", a->record, "printer",
	    a->printer, "clerk", a->clerk);
}

static json_t *
ask_printers(const struct ck_args *a)
{
	(void)a;
	return json_pack("{s:s}", "do", "printers");
}

static json_t *
ask_batch_begin(const struct ck_args *a)
{
	return json_pack("{s:s, s:s, s:s, s:s}", "do", "batch-begin", "system", a->system, "way",
	    a->way, "clerk", a->clerk);
}

static json_t *
ask_batches(const struct ck_args *a)
{
	return json_pack("{s:s, s:b}", "do", "batches", "all", (int)a->all);
}

static json_t *
ask_batch(const struct ck_args *a)
{
	return json_pack("{s:s, s:s}", "do", "batch", "batch", a->record);
}

static json_t *
ask_sign_in(const struct ck_args *a)
{
	return json_pack("{s:s, s:s}", "do", "sign-in", "by", a->by);
}

static json_t *
ask_sign_out(const struct ck_args *a)
{
	return json_pack("{s:s, s:s}", "do", "sign-out", "clerk", a->clerk);
}

static json_t *
ask_clerk_word(const struct ck_args *a)
{
	(void)a;
	return json_pack("{s:s}", "do", "clerk-word");
}

static const struct {
	json_t *(*request)(const struct ck_args *);
	bool visit; /* as in struct ck_front */
} verbs[] = {
	[CK_VERB_RENEW] = { .request = ask_renew, .visit = true },
	[CK_VERB_RESUME] = { .request = ask_resume, .visit = true },
	[CK_VERB_ABANDON] = { .request = ask_abandon, .visit = true },
	[CK_VERB_KEYS] = { .request = ask_keys },
	[CK_VERB_WATCH] = { .request = ask_watch },
	[CK_VERB_POLICY] = { .request = ask_policy },
	[CK_VERB_RECORDS] = { .request = ask_records },
	[CK_VERB_RECORD] = { .request = ask_record },
	[CK_VERB_TEND] = { .request = ask_tend },
	[CK_VERB_PURGE] = { .request = ask_purge },
	[CK_VERB_REPORT] = { .request = ask_report },
	[CK_VERB_LEDGER] = { .request = ask_ledger },
	[CK_VERB_LEDGER_SHOW] = { .request = ask_ledger_lines },
	[CK_VERB_DIAGNOSE] = { .request = ask_diagnose },
	[CK_VERB_CHECK] = { .request = ask_check },
	[CK_VERB_FORM] = { .request = ask_form },
	[CK_VERB_FORMS] = { .request = ask_forms },
	[CK_VERB_PRINT] = { .request = ask_print },
	[CK_VERB_PRINTERS] = { .request = ask_printers },
	[CK_VERB_BATCH_BEGIN] = { .request = ask_batch_begin },
	[CK_VERB_BATCHES] = { .request = ask_batches },
	[CK_VERB_BATCH] = { .request = ask_batch },
	[CK_VERB_SERVICES] = { .request = ask_services },
	[CK_VERB_SERVICE] = { .request = ask_service, .visit = true },
	[CK_VERB_SERVICE_RESUME] = { .request = ask_service_resume, .visit = true },
	[CK_VERB_SERVICE_STATUS] = { .request = ask_service_status },
	[CK_VERB_SERVICE_DROP] = { .request = ask_service_drop },
	[CK_VERB_PIN] = { .request = ask_pin },
	[CK_VERB_EXPORT] = { .request = ask_export },
	[CK_VERB_STATUS] = { .request = ask_status },
	[CK_VERB_DOCTOR] = { .request = ask_doctor },
	[CK_VERB_SIGN_IN] = { .request = ask_sign_in },
	[CK_VERB_SIGN_OUT] = { .request = ask_sign_out },
	[CK_VERB_CLERK_WORD] = { .request = ask_clerk_word },
};

/* ---- the ground a program stands on ---- */

/* A descriptor below 3 that is closed would be given to the next file opened. */
static void
fill_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

/* The signals that mean "leave" become readable; a question in the way is left in good order. */
static int
open_stop(void)
{
	sigset_t leave;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&leave);
	sigaddset(&leave, SIGINT);
	sigaddset(&leave, SIGTERM);
	sigaddset(&leave, SIGHUP);
	sigprocmask(SIG_BLOCK, &leave, NULL);
	return signalfd(-1, &leave, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* ---- ends without an engine ---- */

static void
say_wrong(const struct ck_args *a)
{
	json_t *facts = json_pack("{s:s}", "text", a->text);
	char raw[CK_SENTENCE_MAX], text[CK_SENTENCE_MAX];

	ck_fill(raw, sizeof raw, ck_word(a->lang, "usage", a->wrong), facts);
	ck_clean_str(text, sizeof text, raw);
	fprintf(stderr, "certkiosk: %s\n%s\n", text, ck_word(a->lang, "usage", "hint"));
	json_decref(facts);
}

static int
end_early(const struct ck_args *a, enum ck_outcome outcome, const struct ck_err *err)
{
	struct ck_batch b = { .args = a, .tty = { .fd = -1 } };
	struct ck_ended e = { .outcome = outcome, .err = *err };
	json_t *line = ck_end_line(&e, NULL);

	if (a->wrong != NULL && !a->json)
		say_wrong(a);
	else
		ck_batch_ops.tell(&b, line);
	json_decref(line);
	return ck_outcome_status[outcome];
}

static int
run(const struct ck_args *a, int stop_fd)
{
	char engine[PATH_MAX];
	struct ck_batch b;
	struct ck_err err = { 0 };
	struct ck_ended ended = { .outcome = CK_END_FAILED };
	json_t *request = NULL;
	struct ck_front front = {
		.engine = engine,
		.config = a->config,
		.visit = verbs[a->verb].visit,
		.stop_fd = stop_fd,
		.ops = &ck_batch_ops,
		.u = &b,
	};
	int status;

	ck_place("certkiosk-engine", CK_LIBDIR, engine, sizeof engine);
	if (ck_batch_open(a, &b, &err) == 0 && (request = verbs[a->verb].request(a)) == NULL)
		ck_fail(&err, CK_E_USAGE, "not UTF-8"); /* the only texts jansson refuses */
	if (err.code != CK_E_NONE) {
		status = end_early(a, CK_END_USAGE, &err);
	} else {
		ck_front_run(&front, request, &ended);
		status = ck_batch_status(a->verb, &ended);
	}
	json_decref(request);
	ck_batch_close(&b);
	return status;
}

/* Asked of the print program, which needs no site: no engine, no store, no network. */
static int
verify(const struct ck_args *a, int stop_fd)
{
	struct ck_batch b;
	struct ck_err err = { 0 };
	struct ck_ended ended;
	int status;

	if (ck_batch_open(a, &b, &err) == -1) {
		status = end_early(a, CK_END_USAGE, &err);
	} else {
		ck_verify_run(a, &ck_batch_ops, &b, stop_fd, &ended);
		status = ck_batch_status(a->verb, &ended);
	}
	ck_batch_close(&b);
	return status;
}

/* ---- the screens ---- */

/* An engine's log on the terminal would be a stain on the screen. */
static void
clear_way(void)
{
	int fd = isatty(STDERR_FILENO) ? open("/dev/null", O_WRONLY | O_CLOEXEC) : -1;

	if (fd == -1)
		return;
	dup2(fd, STDERR_FILENO);
	close(fd);
}

static enum ck_theme
theme_of(const struct ck_args *a)
{
	const char *plain = getenv("NO_COLOR"); /* no-color.org: set and not empty */

	if (a->theme != -1)
		return (enum ck_theme)a->theme;
	return plain != NULL && *plain != '\0' ? CK_THEME_MONO : CK_THEME_STANDARD;
}

static int
screens(struct ck_args *a)
{
	char engine[PATH_MAX];
	struct ck_stage_opts o = { .program = engine,
		.config = a->config,
		.term = getenv("TERM"),
		.lang = a->lang,
		.theme = theme_of(a),
		.ascii = a->ascii,
		.mouse = !a->no_mouse,
		.desk = a->desk };
	struct ck_stage *stage = NULL;
	struct ck_err err = { 0 };

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		a->wrong = "no-verb";
		ck_fail(&err, CK_E_USAGE, "no verb");
		return end_early(a, CK_END_USAGE, &err);
	}
	/* names pass through every row, question and word */
	json_set_alloc_funcs(malloc, ck_wiping_free);
	ck_place("certkiosk-engine", CK_LIBDIR, engine, sizeof engine);
	if (ck_stage_open(&o, &stage, &err) == -1)
		return end_early(a, CK_END_FAILED, &err);
	clear_way();
	if (!a->desk)
		ck_selfserve(stage);
	while (!ck_stage_over(stage))
		(void)ck_clerkdesk(stage);
	ck_stage_close(stage);
	return ck_outcome_status[CK_END_DONE];
}

int
main(int argc, char **argv)
{
	struct ck_args args = { .config = CK_CONF };
	struct ck_err err = { 0 };
	int stop_fd, status;

	fill_descriptors();
	/* for wcwidth: our text is UTF-8 whatever the environment says, and so is our terminal */
	(void)setlocale(LC_CTYPE, "C.UTF-8");
	stop_fd = open_stop();
	/* what is typed here passes through our memory: no core, no other process may look at it */
	prctl(PR_SET_DUMPABLE, 0);
	args.lang = ck_lang_of(getenv("LC_ALL"), getenv("LC_MESSAGES"), getenv("LANG"));
	if (ck_args_read(argc, argv, &args, &err) == -1)
		return end_early(&args, CK_END_USAGE, &err);
	if (args.verb == CK_VERB_HELP) {
		fputs(ck_word(args.lang, "help", "text"), stdout);
		return ck_outcome_status[CK_END_DONE];
	}
	if (args.verb == CK_VERB_VERSION) {
		puts("certkiosk " VERSION);
		return ck_outcome_status[CK_END_DONE];
	}
	if (args.verb == CK_VERB_SCREEN)
		return screens(&args);
	status = args.verb == CK_VERB_VERIFY_FORM ? verify(&args, stop_fd) : run(&args, stop_fd);
	/* what nobody could read was not said */
	if (fflush(stdout) != 0 || ferror(stdout))
		return status != 0 ? status : ck_outcome_status[CK_END_FAILED];
	return status;
}
