/* The command line: every verb, and every way to get it wrong. */
#include "t.h"

#include <stdlib.h>

#include "../../tui/args.h"
#include "kit/style.h"

#define WORDS_MAX 24

/* splits line at blanks; "''" is an empty word */
static int
parse(const char *line, struct ck_args *a, struct ck_err *err)
{
	static char text[512];
	char *argv[WORDS_MAX] = { "certkiosk" }, *save = NULL;
	int argc = 1;

	snprintf(text, sizeof text, "%s", line);
	for (char *w = strtok_r(text, " ", &save); w != NULL; w = strtok_r(NULL, " ", &save))
		argv[argc++] = strcmp(w, "''") == 0 ? "" : w;
	*a = (struct ck_args){ .config = "default", .lang = CK_LANG_EN };
	return ck_args_read(argc, argv, a, err);
}

static void
wrong(const char *line, const char *word, const char *text)
{
	struct ck_args a;
	struct ck_err err = { 0 };

	T(parse(line, &a, &err) == -1 && err.code == CK_E_USAGE, "refused: %s", line);
	T_STR(a.wrong, word, "%s: why", line);
	T_STR(a.text, text, "%s: about what", line);
	T(a.wrong != NULL && ck_word(CK_LANG_ZH, "usage", a.wrong) != NULL,
	    "%s: there is a sentence", line);
}

static void
right(const char *line, enum ck_verb verb, struct ck_args *a)
{
	struct ck_err err = { 0 };

	T(parse(line, a, &err) == 0 && a->verb == verb, "%s (%s)", line, err.detail);
}

static void
verbs(void)
{
	struct ck_args a;

	right("renew --system sheca-cisweb --way on-behalf --key 33 --cert ab --clerk 07 --record "
	      "CK-1 --answers - --secrets-fd 5 --json",
	    CK_VERB_RENEW, &a);
	right("renew --record CK-1", CK_VERB_RENEW, &a);
	T(a.system == NULL && a.way == NULL, "a record says system and way itself");
	right("resume CK-1-KIOSK-X --system s --way self --clerk 07 --key 33 --cert ab --wait 0 "
	      "--medium /m --save-to /s",
	    CK_VERB_RESUME, &a);
	T_STR(a.typed, "CK-1-KIOSK-X", "what was typed");
	T(a.record == NULL, "and no number yet");
	wrong("--theme pink", "value", "--theme");
	wrong("keys --desk", "misplaced", "--desk");
	wrong("resume", "missing", "TEXT");
	wrong("resume a b", "extra", "b");
	wrong("resume a --record CK-1", "misplaced", "--record");
	right("keys --medium /media/stick", CK_VERB_KEYS, &a);
	T_STR(a.medium, "/media/stick", "medium");
	right("abandon CK-1 --medium a.p12", CK_VERB_ABANDON, &a);
	T_STR(a.medium, "a.p12", "medium of what is given back");
	right("pin --medium a.p12", CK_VERB_PIN, &a);
	right("export --key 33 --to / --medium a.p12", CK_VERB_EXPORT, &a);
	right("status --medium a.p12", CK_VERB_STATUS, &a);
	wrong("keys --save-to /media", "misplaced", "--save-to");
	right("renew --system sheca-cisweb --way on-behalf --key 33 --cert ab --clerk 07 --record "
	      "CK-1 --answers - --secrets-fd 5 --json --medium /m --save-to /s",
	    CK_VERB_RENEW, &a);
	T_STR(a.medium, "/m", "medium");
	T_STR(a.save_to, "/s", "where to save");
	T_STR(a.system, "sheca-cisweb", "system");
	T_STR(a.way, "on-behalf", "way");
	T_STR(a.key, "33", "key");
	T_STR(a.cert, "ab", "certificate");
	T_STR(a.clerk, "07", "clerk");
	T_STR(a.record, "CK-1", "record");
	T_STR(a.answers, "-", "answers");
	T(a.secrets_fd == 5 && a.json, "descriptor, JSON");
	T_STR(a.config, "default", "the configuration, unless named");
	right("renew --system s --way download --clerk 07", CK_VERB_RENEW, &a);
	T_STR(a.way, "download", "a download is a way");
	right("--config x --lang zh renew --way self --system=s", CK_VERB_RENEW, &a);
	T_STR(a.config, "x", "the configuration, anywhere");
	T(a.lang == CK_LANG_ZH && !a.json && a.secrets_fd == -1, "language; the rest unset");
	right("abandon --clerk 7 CK-1", CK_VERB_ABANDON, &a);
	T_STR(a.record, "CK-1", "what is abandoned");
	right("keys --json", CK_VERB_KEYS, &a);
	right("keys --watch --json", CK_VERB_WATCH, &a);
	right("policy --system s --cert f --on 2026-11-20", CK_VERB_POLICY, &a);
	T_STR(a.on, "2026-11-20", "when");
	right("records", CK_VERB_RECORDS, &a);
	right("records --all", CK_VERB_RECORDS, &a);
	T(a.all, "all");
	right("records --show CK-1", CK_VERB_RECORD, &a);
	T_STR(a.record, "CK-1", "what is shown");
	right("records tend", CK_VERB_TEND, &a);
	right("records purge", CK_VERB_PURGE, &a);
	T(a.before == NULL && a.older_than == -1, "by the policies");
	right("records purge --older-than 0", CK_VERB_PURGE, &a);
	T(a.older_than == 0, "days, none of them");
	right("records purge --before 2026-11-20", CK_VERB_PURGE, &a);
	T_STR(a.before, "2026-11-20", "a day");
	T(a.search == NULL && !a.names && a.last == -1, "no search");
	right("records --search 张三 --names --last 5", CK_VERB_RECORDS, &a);
	T_STR(a.search, "张三", "what is searched for");
	T(a.names && a.last == 5, "with names, the last five");
	right("records --names --all --last 0", CK_VERB_RECORDS, &a);
	right("report", CK_VERB_REPORT, &a);
	T(a.day == NULL && a.clerk == NULL, "of today, of all");
	right("report --day 2026-11-20 --clerk 07", CK_VERB_REPORT, &a);
	T_STR(a.day, "2026-11-20", "of a day");
	T_STR(a.clerk, "07", "of a clerk");
	right("diagnose --json", CK_VERB_DIAGNOSE, &a);
	right("check", CK_VERB_CHECK, &a);
	right("ledger show", CK_VERB_LEDGER_SHOW, &a);
	T(a.last == -1, "as many as fit");
	right("ledger show --last 20", CK_VERB_LEDGER_SHOW, &a);
	T(a.last == 20, "twenty");
	right("ledger verify", CK_VERB_LEDGER, &a);
	right("pin --key 33 --clerk 07 --answers f --secrets-fd 4", CK_VERB_PIN, &a);
	right("pin", CK_VERB_PIN, &a);
	right("export --key 33 --cert ab --to d", CK_VERB_EXPORT, &a);
	T_STR(a.to, "d", "where to");
	right("status --key 33 --cert ab --system s --answers -", CK_VERB_STATUS, &a);
	right("status --file f", CK_VERB_STATUS, &a);
	T_STR(a.file, "f", "which file");
	right("doctor", CK_VERB_DOCTOR, &a);
	right("doctor --key 33 --clerk 07 --system s --answers f --secrets-fd 4 --json",
	    CK_VERB_DOCTOR, &a);
	right("", CK_VERB_SCREEN, &a);
	T(a.theme == -1 && !a.desk && !a.ascii && !a.no_mouse, "screens as they come");
	right("--desk --theme contrast --ascii --no-mouse --lang en", CK_VERB_SCREEN, &a);
	T(a.theme == CK_THEME_CONTRAST && a.desk && a.ascii && a.no_mouse,
	    "and as they are wanted");
	right("--help", CK_VERB_HELP, &a);
	right("renew --help", CK_VERB_HELP, &a);
	right("--version", CK_VERB_VERSION, &a);
}

int
main(void)
{
	verbs();
	wrong("renw", "verb", "renw");
	wrong("ledger", "missing", "verify");
	wrong("ledger burn", "verb", "burn");
	wrong("abandon", "missing", "NUMBER");
	wrong("abandon CK-1 CK-2", "extra", "CK-2");
	wrong("keys now", "extra", "now");
	wrong("keys --pin 123456", "option", "--pin");
	wrong("keys --pin=123456", "option", "--pin");
	wrong("renew --system", "option", "--system");
	wrong("renew --system ''", "value", "--system");
	wrong("renew --way self", "missing", "--system");
	wrong("batch begin --system s --way download --clerk 07", "value", "--way");
	wrong("renew --system s", "missing", "--way");
	wrong("renew --system s --way both", "value", "--way");
	wrong("renew --system s --way self --on x", "misplaced", "--on");
	wrong("renew --system s --way self --secrets-fd x", "value", "--secrets-fd");
	wrong("renew --system s --way self --secrets-fd -1", "value", "--secrets-fd");
	wrong("renew --system s --way self --secrets-fd 99999", "value", "--secrets-fd");
	wrong("renew --system s --way self --answers - --secrets-fd 0", "value", "--secrets-fd");
	wrong("keys --lang fr", "value", "--lang");
	wrong("keys --answers x", "misplaced", "--answers");
	wrong("policy --system s --cert f", "missing", "--on");
	wrong("pin --pin 123456", "option", "--pin");
	wrong("pin --system s", "misplaced", "--system");
	wrong("export --to d", "missing", "--key");
	wrong("export --key 33", "missing", "--to");
	wrong("export --key 33 --to ''", "value", "--to");
	wrong("status --file f --key 33", "misplaced", "--file");
	wrong("status --file f --cert ab", "misplaced", "--file");
	wrong("status --file f --medium m", "misplaced", "--file");
	wrong("status --file f --answers -", "misplaced", "--file");
	wrong("status --to d", "misplaced", "--to");
	wrong("keys --watch --medium m", "misplaced", "--watch");
	wrong("doctor --cert ab", "misplaced", "--cert");
	wrong("keys --file f", "misplaced", "--file");
	wrong("records --all --show CK-1", "misplaced", "--all");
	wrong("records --all --search x", "misplaced", "--all");
	wrong("records --search x --show CK-1", "misplaced", "--search");
	wrong("records --names --show CK-1", "misplaced", "--names");
	wrong("records --last 2 --show CK-1", "misplaced", "--last");
	wrong("records --last x", "value", "--last");
	wrong("records --last 1000001", "value", "--last");
	wrong("records --search ''", "value", "--search");
	wrong("ledger verify --last 2", "misplaced", "--last");
	wrong("report --day 2026-02-30", "value", "--day");
	wrong("report --day today", "value", "--day");
	wrong("report --system s", "misplaced", "--system");
	wrong("diagnose --key 33", "misplaced", "--key");
	wrong("records tend --all", "misplaced", "--all");
	wrong("records sweep", "extra", "sweep");
	wrong("records purge --before 2026-11-20 --older-than 3", "misplaced", "--older-than");
	wrong("records purge --older-than 36601", "value", "--older-than");
	return T_END();
}
