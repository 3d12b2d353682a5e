/* Every code, step, deed and question has its sentence in both languages, and facts go into them as
 * words.h says. */
#include "t.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>

#include "../../tui/fold.h"
#include "../../tui/words/words.h"
#include "base/frame.h"
#include "certkiosk/ask.h"

static const char *const lang_names[] = { [CK_LANG_ZH] = "zh", [CK_LANG_EN] = "en" };

/* What tests/lint/words.sh cannot read off the sources: words put together, or chosen, at run time.
 */
static const char *const wanted[] = { "line.id and label set", "line.id and label kept",
	"field." CK_ASK_KEY ".serial", "field." CK_ASK_CERT ".certificate",
	"field." CK_ASK_PIN ".pin", "field." CK_ASK_OWN_PIN ".pin", "field." CK_ASK_OWN_PIN ".new",
	"field." CK_ASK_OWN_PIN ".again", "field." CK_ASK_LAST_TRY ".yes",
	"field." CK_ASK_LEAVE ".yes", "field." CK_ASK_UNSETTLED ".which",
	"field." CK_ASK_UNSETTLED ".pin", "field." CK_ASK_ENVELOPE ".serial",
	"field." CK_ASK_PASSWORD ".password", "choice.envelope", "choice.old", "safe.untouched",
	"safe.safe", "who.customer", "who.clerk", "who.site", "who.ca", "who.program",
	"policy.eligible", "policy.window", "policy.not-yet-valid", "policy.class",
	"policy.server-certificate", "policy.other-system", "keys.pin-ok", "keys.pin-low",
	"keys.pin-last", "keys.pin-default", "keys.pin-locked", "keys.pin-unset", "keys.pin-pinpad",
	"export.row", "status.valid", "status.expired", "status.not-yet", "status.system",
	"status.foreign", "status.accepted", "status.issuers", "status.good", "status.revoked",
	"status.held", "status.unknown", "status.silent", "field." CK_ASK_LOOK ".yes",
	"field." CK_ASK_FETCH ".yes", "field." CK_ASK_INSTALL ".yes", "field." CK_ASK_SWEEP ".yes",
	"field." CK_ASK_CLEAR ".yes", "field." CK_ASK_DROP ".yes", "field." CK_ASK_SEAL ".yes",
	"doctor.seal-waits", "doctor.seal", "remedy.seal-waits", "doctor.needs-pin",
	"doctor.pair-without-certificate", "doctor.private-key-alone", "doctor.public-key-alone",
	"doctor.pair-of-open-record", "doctor.certificate-under-another-id",
	"doctor.certificate-without-key", "doctor.two-pairs-one-id",
	"doctor.two-certificates-one-id", "doctor.certificate-twice", "doctor.expired-certificate",
	"doctor.not-understood", "doctor.full", "doctor.issued-at-desk", "doctor.issued-withdrawn",
	"doctor.issued-in-visit", "doctor.issued-none", "doctor.issued-unfit", "doctor.desk-silent",
	"doctor.room", "doctor.room-unknown", "doctor.look", "doctor.fetch", "doctor.install",
	"doctor.sweep", "doctor.drop", "remedy.needs-pin", "remedy.pair-without-certificate",
	"remedy.private-key-alone", "remedy.public-key-alone", "remedy.pair-of-open-record",
	"remedy.certificate-under-another-id", "remedy.certificate-without-key",
	"remedy.two-pairs-one-id", "remedy.two-certificates-one-id", "remedy.certificate-twice",
	"remedy.expired-certificate", "remedy.not-understood", "remedy.full",
	"remedy.issued-withdrawn", "remedy.issued-in-visit", "remedy.issued-none",
	"remedy.issued-unfit", "remedy.desk-silent", "keys.unknown", "keys.unknown-todo",
	"watch.service-up", "watch.service-gone", "watch.reader-in", "watch.reader-out",
	"watch.card-in", "watch.card-out", "watch.card-mute", "watch.card-passed", "watch.key",
	"watch.unknown", "watch.trouble", "status.chain-link", "status.chain-open",
	"status.chain-none", "status.chain-weak", "status.rev-good", "status.rev-revoked",
	"status.rev-held", "status.rev-unknown", "status.rev-not-asked", "status.rev-unanswered",
	"status.rev-why", "status.rev-tried", "source.ocsp", "source.crl", "source.desk",
	"why.stranger", "why.desk-only", "why.nothing-named", "why.nothing-usable",
	"reason.unspecified", "reason.key-compromise", "reason.ca-compromise",
	"reason.affiliation-changed", "reason.superseded", "reason.cessation",
	"reason.privilege-withdrawn", "reason.aa-compromise", "usage.verb", "usage.no-verb",
	"usage.option", "usage.misplaced", "usage.missing", "usage.value", "usage.extra",
	"mark.intent", "mark.done", "mark.wait", "mark.note", "line.PIN changed",
	"line.PIN unchanged", "line.PIN unchanged: the key refused the new one",
	"line.old certificate and pair kept", "line.old certificate and pair removed",
	"line.signed in by key", "line.signed in by passphrase", "line.a wrong PIN",
	"line.a passphrase is tried", "line.the right passphrase", "line.a wrong passphrase",
	"line.signed out", "line.a second clerk agrees to abandon",
	"line.a second clerk agrees to what may be the last try",
	"line.a second clerk agrees to close without the key",
	"line.a second clerk agrees to try a PIN", "act.abandon", "act.last-try", "act.leave-pair",
	"act.unsettled-pin", "keys.clerk", "field." CK_ASK_CLERK_KEY ".serial",
	"field." CK_ASK_CLERK_PIN ".pin", "field." CK_ASK_CLERK_WORD ".clerk",
	"field." CK_ASK_CLERK_WORD ".passphrase", "field." CK_ASK_NEW_WORD ".passphrase",
	"field." CK_ASK_NEW_WORD ".again", "field." CK_ASK_SECOND ".clerk",
	"field." CK_ASK_SECOND ".word", "line.asked for", "line.stopped", "line.new pair swept",
	"line.confirmed at the desk", "line.nothing is held at the desk", "line.given back",
	"line.given back; the new pair is left on the key",
	"line.ended after confirmation; the new certificate stays", "form.signature",
	"form.bad-signature", "form.whole", "form.no-customer", "form.no-site", "form.compared",
	"form.uncompared", "form.same", "signer.customer", "signer.site" };

static bool
has_chinese(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s >= 0xE4 && (unsigned char)*s <= 0xE9)
			return true;
	return false;
}

static const char *
find(enum ck_lang lang, const char *full)
{
	char group[64];
	size_t n = strcspn(full, ".");

	snprintf(group, sizeof group, "%.*s", (int)n, full);
	return ck_word(lang, group, full + n + 1);
}

static void
sentences(enum ck_lang lang)
{
	const struct ck_sentence *w;
	size_t missing = 0, twice = 0, mixed = 0;

	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		if (find(lang, wanted[i]) == NULL) {
			missing++;
			printf("# %s has no %s\n", lang_names[lang], wanted[i]);
		}
	for (size_t i = 0; (w = ck_sentence_at(lang, i)) != NULL; i++) {
		for (size_t j = 0; j < i; j++)
			twice += strcmp(w->name, ck_sentence_at(lang, j)->name) == 0;
		/* the key to the other language speaks that one */
		mixed += lang == CK_LANG_EN && has_chinese(w->text) &&
			 strcmp(w->name, "function.language") != 0;
		if (find(!lang, w->name) == NULL) {
			missing++;
			printf("# only %s has %s\n", lang_names[lang], w->name);
		}
	}
	T(missing == 0, "%s: every sentence is there, in both languages", lang_names[lang]);
	T(twice == 0, "%s: no sentence twice", lang_names[lang]);
	T(mixed == 0, "%s: no other language in it", lang_names[lang]);
}

/* Braces and brackets close; nothing that looks like printf; only the facts named in allowed. */
static bool
well_formed(const char *s, const char *allowed)
{
	int depth = 0;

	for (; *s != '\0'; s++) {
		if (*s == '[' && depth++ != 0)
			return false;
		if (*s == ']' && depth-- != 1)
			return false;
		if (*s == '%')
			return false;
		if (*s == '{') {
			size_t n = strcspn(s, "}");

			if (s[n] != '}' || (allowed != NULL && (strncmp(s, allowed, n + 1) != 0)))
				return false;
		}
	}
	return depth == 0;
}

static void
placeholders(enum ck_lang lang)
{
	const struct ck_sentence *w;
	int bad = 0;

	for (size_t i = 0; (w = ck_sentence_at(lang, i)) != NULL; i++)
		if (strcmp(w->name, "help.text") != 0 && !well_formed(w->text, NULL)) {
			bad++;
			printf("# %s\n", w->name);
		}
	T(bad == 0, "%s: sentences are well formed", lang_names[lang]);
}

/* for the smallest terminal there is */
static void
help_fits(enum ck_lang lang)
{
	const char *s = ck_word(lang, "help", "text");
	int wide = 0;

	for (size_t n; *s != '\0'; s += n + (s[n] == '\n')) {
		char line[256];

		n = strcspn(s, "\n");
		snprintf(line, sizeof line, "%.*s", (int)n, s);
		if (ck_columns(line) > 80) {
			wide++;
			printf("# %s\n", line);
		}
	}
	T(wide == 0, "%s: the lines of --help are at most 80 columns", lang_names[lang]);
}

/* a whole sentence: long enough to say something, and ended like one */
static bool
sentence(enum ck_lang lang, const char *s)
{
	size_t n = s != NULL ? strlen(s) : 0;

	if (n < 12)
		return false;
	if (lang == CK_LANG_ZH)
		return has_chinese(s) && strcmp(s + n - 3, "\xe3\x80\x82") == 0; /* 。 */
	return !has_chinese(s) && s[n - 1] == '.' && isupper((unsigned char)s[0]);
}

static void
errors(enum ck_lang lang)
{
	const struct ck_words *w = ck_words(lang);
	const struct ck_err_fact *f;

	for (int i = 0; (f = ck_err_at(i)) != NULL; i++) {
		const struct ck_err_words *e = ck_err_word(lang, (int)f->code);
		int rows = 0;

		for (size_t j = 0; j < w->n_errors; j++)
			rows += w->errors[j].code == f->code;
		T(rows == 1 && e != NULL && e->title != NULL && strlen(e->title) >= 6 &&
			sentence(lang, e->what) && sentence(lang, e->todo) &&
			(e->safe == NULL || sentence(lang, e->safe)),
		    "%s: CK-%d %s says what happened and what to do", lang_names[lang], f->code,
		    f->name);
		T(e != NULL && well_formed(e->title, "{}") && well_formed(e->what, "{detail}") &&
			well_formed(e->todo, "{detail}"),
		    "%s: CK-%d has no fact but its detail", lang_names[lang], f->code);
	}
}

/* With and without a detail no mark of the template is left, and the detail is never lost. */
static void
told(enum ck_lang lang)
{
	struct ck_told t = { .title = "" };
	const struct ck_err_fact *f;
	int lost = 0, marks = 0;

	for (int i = 0; (f = ck_err_at(i)) != NULL; i++) {
		for (int with = 0; with < 2; with++) {
			struct ck_err err = { .code = f->code };
			json_t *o = NULL;
			const char *all[] = { t.title, t.what, t.safe, t.todo, t.who };

			strcpy(err.detail, with ? "DETAIL" : "");
			o = ck_err_json(&err);
			ck_tell_err(lang, o, NULL, &t);
			json_decref(o);
			for (size_t j = 0; j < sizeof all / sizeof *all; j++)
				marks += *all[j] == '\0' || strpbrk(all[j], "{}[]?") != NULL;
			lost += with && strstr(t.what, "DETAIL") == NULL &&
				strstr(t.todo, "DETAIL") == NULL && strcmp(t.detail, "DETAIL") != 0;
		}
	}
	T(marks == 0, "%s: all five answers, without marks of the template", lang_names[lang]);
	T(lost == 0, "%s: the detail is always told", lang_names[lang]);
}

static void
fills(const char *sentence, const char *json, const char *want)
{
	json_t *facts = json_loads(json, 0, NULL);
	char out[256];

	ck_fill(out, sizeof out, sentence, facts);
	T_STR(out, want, "%s with %s", sentence, json);
	json_decref(facts);
}

static void
facts(void)
{
	static const char six[] =
	    "\xe8\xaf\x81\xe4\xb9\xa6\xe8\xaf\x81\xe4\xb9\xa6\xe8\xaf\x81\xe4\xb9\xa6";
	char out[16];

	fills("a {x} b", "{\"x\":\"y\"}", "a y b");
	fills("a {x} b", "{}", "a ? b");
	fills("a[ {x}] b", "{}", "a b");
	fills("a[ {x}] b", "{\"x\":\"\"}", "a b");
	fills("a[ {x} left]", "{\"x\":-1}", "a");
	fills("a[ {x} left]", "{\"x\":0}", "a 0 left");
	fills("a[ {x}, {y}] b", "{\"x\":\"1\"}", "a b");
	fills("to {not_after}", "{\"not_after\":\"2026-12-03T17:00:00Z\"}", "to 2026-12-04");
	fills("to {not_after}", "{\"not_after\":1764867600}", "to 2025-12-05");
	fills(
	    "at {retry_at}", "{\"retry_at\":\"2026-11-20T10:32:59+08:00\"}", "at 2026-11-20 10:32");
	fills("{first_day}", "{\"first_day\":\"2026-11-04\"}", "2026-11-04");
	fills("{x}", "{\"x\":\"a\\u001b[2Jb\"}", "a\xEF\xBF\xBD[2Jb");
	fills("{x} {", "{\"x\":\"1\"}", "1 {");
	for (size_t cap = 1; cap <= sizeof out; cap++) {
		ck_fill(out, cap, six, NULL);
		T(strlen(out) == (cap - 1) / 3 * 3, "cut between characters, %zu bytes of room",
		    cap);
	}
}

static void
languages(void)
{
	T(ck_lang_of(NULL, NULL, "zh_CN.UTF-8") == CK_LANG_ZH, "LANG=zh_CN.UTF-8");
	T(ck_lang_of(NULL, NULL, "C") == CK_LANG_EN, "LANG=C");
	T(ck_lang_of("en_GB.UTF-8", "zh_CN", "zh_CN") == CK_LANG_EN, "LC_ALL comes first");
	T(ck_lang_of("", "zh_TW", "en_US") == CK_LANG_ZH, "an empty one does not count");
	T(ck_lang_of(NULL, NULL, NULL) == CK_LANG_EN, "nothing set");
}

/* whether nothing was changed on the key is the engine's to say */
static void
key_state(void)
{
	json_t *o = json_pack("{s:i, s:s}", "code", CK_E_CONFIG, "key", "untouched");
	struct ck_told t;

	ck_tell_err(CK_LANG_EN, o, NULL, &t);
	T_STR(t.safe, ck_word(CK_LANG_EN, "safe", "untouched"), "CONFIG before a pair is made");
	json_object_set_new(o, "key", json_string("safe"));
	ck_tell_err(CK_LANG_EN, o, NULL, &t);
	T_STR(t.safe, ck_word(CK_LANG_EN, "safe", "safe"), "CONFIG after a pair was made");
	json_decref(o);
}

/* until when one has to wait is told as people write it, and not a moment too early */
static void
wait_until(void)
{
	json_t *o =
	    json_pack("{s:i, s:s}", "code", CK_E_CLERK_WAIT, "detail", "2026-11-20T10:32:07+08:00");
	struct ck_told t;

	ck_tell_err(CK_LANG_ZH, o, NULL, &t);
	T(strstr(t.what, "2026-11-20 10:32:07。") != NULL, "until when: %s", t.what);
	json_decref(o);
}

static void
unknown_code(void)
{
	json_t *o = json_pack("{s:i, s:s}", "code", 9999, "detail", "from a newer engine");
	struct ck_told t;

	ck_tell_err(CK_LANG_EN, o, NULL, &t);
	T(t.title[0] != '\0' && t.todo[0] != '\0', "a code we do not know is still told");
	json_decref(o);
}

int
main(void)
{
	for (int lang = CK_LANG_ZH; lang <= CK_LANG_EN; lang++) {
		sentences((enum ck_lang)lang);
		placeholders((enum ck_lang)lang);
		help_fits((enum ck_lang)lang);
		errors((enum ck_lang)lang);
		told((enum ck_lang)lang);
	}
	facts();
	languages();
	key_state();
	wait_until();
	unknown_code();
	return T_END();
}
