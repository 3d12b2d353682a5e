/* Every question the engine asks, as a screen: what it shows, what keys do, and that nothing of a
 * secret stays behind. */
#include "screens_asked.h"

#include <openssl/crypto.h>

#include "../../tui/kit/text.h"
#include "screens_stand.h"

static const struct golden_person *const persons[] = {
	[CLERK] = &lines_clerk, [CUSTOMER] = &lines_customer
};

static void
begin(struct stand *s, const struct question *q)
{
	*s = (struct stand){ .question = lines_json(q->line), .who = persons[q->who] };
	if (q->at != NULL)
		lines_until(&s->course, q->at, 0);
	if (q->at != NULL && q->who == CUSTOMER)
		snprintf(s->course.way, sizeof s->course.way, "self");
	s->a = ck_asking_new(s->question, q->at != NULL ? &s->course : NULL);
	T(s->a != NULL, "%s: there is a screen", q->name);
	ck_asking_view(s->a, &s->view);
	lines_helped(&s->view);
	for (size_t i = 0; i < sizeof q->keys / sizeof *q->keys && q->keys[i] != 0; i++)
		(void)golden_key(&s->view, s->who, q->keys[i]);
}

static void
all_questions(void)
{
	struct stand s;

	for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
		begin(&s, &questions[i]);
		golden(questions[i].name, &s.view, s.who);
		end(&s);
	}
}

static const struct question *
named(const char *name)
{
	for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
		if (strcmp(questions[i].name, name) == 0)
			return &questions[i];
	T(0, "there is a question %s", name);
	return &questions[0];
}

/* What was said just before a PIN is asked for, and only then. */
static void
foreseen(void)
{
	static const char said[] =
	    "{\"did\":\"eligible\",\"say\":\"form-by-hand\",\"facts\":{\"field\":\"name\","
	    "\"character\":\"U+2A6D6 𪛖\"}}";
	struct stand s;

	begin(&s, named("asking.pin-self"));
	lines_take(&s.course, said, 0);
	golden("asking.pin-by-hand-self", &s.view, s.who);
	end(&s);
	begin(&s, named("asking.pin"));
	lines_take(&s.course, said, 0);
	golden("asking.pin-by-hand", &s.view, s.who);
	lines_take(&s.course, "{\"did\":\"unlock\",\"say\":\"unlocked\",\"facts\":{}}", 0);
	golden("asking.pin", &s.view, s.who);
	end(&s);
}

/* more than there is room for: as long as a key may be full */
static void
many(void)
{
	static const struct question q = { "asking.many", CLERK, "cert", NULL, { 0 } };
	json_t *choices = json_array(), *question;
	struct ck_reply r = { .fields = NULL };
	struct ck_asking *a;
	struct ck_view v;

	for (int i = 0; i < 40; i++)
		json_array_append_new(
		    choices, json_pack("{s:o, s:o}", "value", json_sprintf("%064d", i), "label",
				 json_sprintf("%s %d", i % 7 == 3 ? LONG : LINES_NAME, i)));
	question = json_pack("{s:s, s:i, s:[{s:s, s:s, s:o}]}", "ask", "certificate", "id", 1,
	    "fields", "name", "certificate", "kind", "choice", "choices", choices);
	a = ck_asking_new(question, NULL);
	ck_asking_view(a, &v);
	golden(q.name, &v, &lines_clerk);
	for (int i = 0; i < 38; i++)
		T(golden_key(&v, &lines_clerk, CK_KEY_DOWN) == CK_WENT_CHANGE, "down to %d", i + 1);
	golden("asking.many-below", &v, &lines_clerk);
	T(golden_key(&v, &lines_clerk, CK_KEY_PICK + 39) == CK_WENT_DONE &&
		ck_asking_reply(a, &r) == 0,
	    "the last can be pressed");
	T(strcmp(json_string_value(json_object_get(r.fields, "certificate")) + 62, "39") == 0,
	    "and is the one that was meant");
	json_decref(r.fields);
	ck_asking_free(a);
	json_decref(question);
}

/* without the keys of its golden text */
static void
open_clean(struct stand *s, const char *name)
{
	struct question q = *named(name);

	q.keys[0] = 0;
	begin(s, &q);
}

static void
reply_free(struct ck_reply *r)
{
	json_decref(r->fields);
	for (size_t i = 0; i < r->n_secrets; i++)
		ck_secret_free(r->secrets[i].secret);
	*r = (struct ck_reply){ .fields = NULL };
}

static const char *
secret_of(const struct ck_reply *r, const char *name)
{
	for (size_t i = 0; i < r->n_secrets; i++)
		if (strcmp(r->secrets[i].name, name) == 0)
			return ck_secret_bytes(r->secrets[i].secret);
	return "";
}

static const char *
field_of(const struct ck_reply *r, const char *name)
{
	const char *s = json_string_value(json_object_get(r->fields, name));

	return s != NULL ? s : "";
}

/* stars on the screen */
static int
stars(const struct stand *s)
{
	char *text = seen(s, CK_LANG_ZH, CK_LEAST_COLS, CK_LEAST_ROWS);
	int n = 0;

	for (const char *at = text; *at != '\0'; at++)
		n += *at == '*';
	free(text);
	return n;
}

/* ---- one secret ---- */

static void
a_pin(void)
{
	struct ck_reply r = { .fields = NULL };
	struct stand s;

	open_clean(&s, "asking.pin");
	T(s.view.typing && s.view.alone,
	    "a customer types a PIN at the desk: nothing else is seen");
	T(type(&s, "12345\n") == CK_WENT_REFUSED, "five characters are too few");
	T(type(&s, "6\n") == CK_WENT_DONE, "six are enough");
	T(stars(&s) == 6, "six stars");
	T(ck_asking_reply(s.a, &r) == 0 && r.n_secrets == 1 && r.fields == NULL, "one secret");
	T_STR(secret_of(&r, "pin"), "123456", "what was typed");
	T(stars(&s) == 0, "the field is empty then");
	reply_free(&r);
	T(type(&s, "12345678901234567") == CK_WENT_REFUSED && stars(&s) == 16,
	    "no more than it takes");
	T(golden_key(&s.view, s.who, CK_KEY_ESC) == CK_WENT_BACK, "Esc leaves");
	end(&s);
	open_clean(&s, "asking.pin-self");
	T(s.view.typing && !s.view.alone, "by himself he sees the page around it");
	T(golden_key(&s.view, s.who, CK_KEY_F(5)) == CK_WENT_NOTHING && s.view.typing,
	    "and is here");
	end(&s);
}

static void
other_ways(void)
{
	static const int keys[] = { CK_KEY_F(5), CK_KEY_F(6) };
	struct stand s;

	for (size_t i = 0; i < 2; i++) {
		open_clean(&s, "asking.pin");
		type(&s, "12");
		T(golden_key(&s.view, s.who, keys[i]) == CK_WENT_CHANGE && !s.view.typing,
		    "F%zu: a page where nothing is typed", i + 5);
		T(stars(&s) == 0, "F%zu: and no PIN is seen", i + 5);
		T(golden_key(&s.view, s.who, CK_KEY_ENTER) == CK_WENT_CHANGE && s.view.typing,
		    "F%zu: back is what Enter does", i + 5);
		golden_key(&s.view, s.who, keys[i]);
		T(golden_key(&s.view, s.who, CK_KEY_ESC) == CK_WENT_CHANGE && s.view.typing,
		    "F%zu: and Esc", i + 5);
		golden_key(&s.view, s.who, keys[i]);
		T(golden_key(&s.view, s.who, '2') == CK_WENT_BACK, "F%zu: 2 stops here", i + 5);
		end(&s);
	}
}

/* A scanner types, and Enter: what is printed on slip and envelope is no secret, and spends no try.
 */
static void
a_scan(void)
{
	static const struct {
		const char *question, *scan;
		int stars; /* behind it */
	} scans[] = {
		{ "asking.pin", LINES_SLIP "\n", 0 },
		{ "asking.pin", "ck20261121000027jingan1x\n\n", 0 }, /* a scanner that sends two */
		{ "asking.pin", "12" LINES_SLIP "\n", 0 },
		{ "asking.envelope-password", LINES_SLIP "\n", 0 },
		{ "asking.envelope-password", "88880001\n\n", 0 },
		{ "asking.unsettled", "1" LINES_SLIP "\n", 0 },
		{ "asking.unsettled", "188880001\n", 0 }, /* proved in this visit */
		{ "asking.own-pin", LINES_SLIP "\n", 0 },
		{ "asking.own-pin", "\t" LINES_SLIP "\n", 0 }, /* letters are not taken there */
		{ "asking.clerk-pin", LINES_SLIP "\n", 0 },
		{ "asking.clerk-word", "07\n" LINES_SLIP "\n", 0 },
	}, typed[] = {
		{ "asking.pin", "88880001\n", 8 }, /* no envelope is known yet */
		{ "asking.envelope-password", "8888000\n", 7 },
		{ "asking.envelope-password", "888800011\n", 9 },
		{ "asking.envelope-password", "CK-20261121\n", 11 },
	};
	struct stand s;

	for (size_t i = 0; i < sizeof scans / sizeof *scans; i++) {
		struct question q = *named(scans[i].question);

		q.keys[0] = 0;
		if (strcmp(q.name, "asking.unsettled") == 0)
			q.at = "newkey";
		begin(&s, &q);
		T(type(&s, scans[i].scan) == CK_WENT_REFUSED, "%s: scan %zu is not sent", q.name,
		    i);
		T(stars(&s) == 0, "and it is wiped");
		if (i == 0 || i == 4)
			golden(i == 0 ? "asking.pin-scanned" : "asking.password-scanned", &s.view,
			    s.who);
		T(says(&s, CK_LANG_ZH, "扫描的编号") && says(&s, CK_LANG_EN, "scanned"),
		    "and said to be");
		T(type(&s, "7") == CK_WENT_CHANGE && !says(&s, CK_LANG_ZH, "扫描的编号"),
		    "until something is typed");
		end(&s);
	}
	for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
		open_clean(&s, typed[i].question);
		T(type(&s, typed[i].scan) == CK_WENT_DONE && stars(&s) == typed[i].stars,
		    "%s: what only resembles one is sent, %zu", typed[i].question, i);
		end(&s);
	}
	open_clean(&s, "asking.envelope-password");
	(void)type(&s, "88880009");
	(void)golden_key(&s.view, s.who, CK_KEY_BACKSPACE);
	T(type(&s, "2\n") == CK_WENT_DONE, "what is corrected was typed by hand");
	end(&s);
}

/* ---- several fields ---- */

static void
three_pins(void)
{
	struct ck_reply r = { .fields = NULL };
	struct stand s;

	open_clean(&s, "asking.own-pin");
	T(type(&s, "\t\t246810\n") == CK_WENT_REFUSED && stars(&s) == 6,
	    "Tab leads on, and what was passed by is asked for at the end");
	T(type(&s, "old-12\n") == CK_WENT_CHANGE && type(&s, "13579") == CK_WENT_CHANGE,
	    "Enter leads to the next one");
	T(type(&s, "x") == CK_WENT_REFUSED, "digits only where the key says so");
	T(type(&s, "1\n\n") == CK_WENT_DONE, "the last Enter is the answer");
	T(ck_asking_reply(s.a, &r) == 0 && r.n_secrets == 3, "three secrets");
	T_STR(secret_of(&r, "pin"), "old-12", "the present PIN");
	T_STR(secret_of(&r, "new"), "135791", "the new one");
	T_STR(secret_of(&r, "again"), "246810", "as different as they were typed");
	reply_free(&r);
	T(golden_key(&s.view, s.who, CK_KEY_UP) == CK_WENT_CHANGE &&
		golden_key(&s.view, s.who, CK_KEY_FOCUS) == CK_WENT_CHANGE &&
		golden_key(&s.view, s.who, CK_KEY_UP) == CK_WENT_REFUSED,
	    "arrows and presses move between them");
	end(&s);
}

static void
choice_and_pin(void)
{
	struct ck_reply r = { .fields = NULL };
	struct stand s;

	open_clean(&s, "asking.unsettled");
	T(!s.view.typing, "a choice comes first");
	T(type(&s, "2") == CK_WENT_CHANGE && s.view.typing, "2 is chosen, its PIN is typed");
	T(golden_key(&s.view, s.who, CK_KEY_ESC) == CK_WENT_CHANGE && !s.view.typing,
	    "Esc goes back to the choice");
	T(golden_key(&s.view, s.who, CK_KEY_UP) == CK_WENT_CHANGE &&
		type(&s, "\n60713942\n") == CK_WENT_DONE,
	    "arrows and Enter choose as well");
	T(ck_asking_reply(s.a, &r) == 0, "an answer");
	T_STR(field_of(&r, "which"), "envelope", "which one");
	T_STR(secret_of(&r, "pin"), "60713942", "and what it is");
	reply_free(&r);
	end(&s);
}

static void
a_clerk(void)
{
	struct ck_reply r = { .fields = NULL };
	struct stand s;

	open_clean(&s, "asking.clerk-word");
	T(s.view.typing, "clerk and passphrase are typed");
	T(type(&s, "07\nopen sesame\n") == CK_WENT_DONE, "one after the other");
	T(ck_asking_reply(s.a, &r) == 0, "an answer");
	T_STR(field_of(&r, "clerk"), "07", "who");
	T_STR(secret_of(&r, "passphrase"), "open sesame", "and the passphrase");
	reply_free(&r);
	end(&s);
}

/* ---- texts and choices ---- */

static void
an_envelope(void)
{
	struct ck_reply r = { .fields = NULL };
	struct stand s;

	open_clean(&s, "asking.envelope");
	T(type(&s, "8888 ") == CK_WENT_REFUSED, "no blank is in it");
	T(type(&s, "A.0:1_-z\n") == CK_WENT_DONE, "a scanner types it, and Enter");
	T(ck_asking_reply(s.a, &r) == 0, "an answer");
	T_STR(field_of(&r, "serial"), "8888A.0:1_-z", "as it was scanned");
	reply_free(&r);
	T(type(&s, "\n") == CK_WENT_REFUSED, "nothing typed is no answer");
	end(&s);
}

static void
choices(void)
{
	struct ck_reply r = { .fields = NULL };
	struct stand s;

	open_clean(&s, "asking.key");
	T(type(&s, "3") == CK_WENT_REFUSED, "there is no third key");
	T(type(&s, "2") == CK_WENT_DONE, "a digit chooses");
	T(ck_asking_reply(s.a, &r) == 0, "an answer");
	T_STR(field_of(&r, "serial"), "77538ec10e7e962f", "the key's serial number");
	reply_free(&r);
	T(golden_press(&s.view, s.who, 20, 12) == CK_WENT_DONE, "so does a press on its row");
	T(ck_asking_reply(s.a, &r) == 0, "an answer");
	T_STR(field_of(&r, "serial"), "3310090012345678", "of the first");
	reply_free(&r);
	end(&s);
}

/* Whoever presses Enter without reading has agreed to nothing that can't be undone. */
static void
safe_answers(void)
{
	struct ck_reply r = { .fields = NULL };
	struct stand s;

	for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
		const struct question *q = &questions[i];
		bool resume = strncmp(q->name, "asking.resume", 13) == 0;

		if (strstr(q->line, "[" YES_FIELD "]") == NULL || strstr(q->name, "-self") != NULL)
			continue;
		for (int other = 0; other < 2; other++) {
			open_clean(&s, q->name);
			T(type(&s, other ? "2" : "\n") == CK_WENT_DONE &&
				ck_asking_reply(s.a, &r) == 0,
			    "%s: %s answers", q->name, other ? "2" : "Enter");
			T(json_is_true(json_object_get(r.fields, "yes")) ==
				(resume != (other == 1)),
			    "%s: %s", q->name, other ? "the other way" : "what does no harm");
			reply_free(&r);
			end(&s);
		}
	}
}

static void
waiting(void)
{
	static const char *const names[] = { "asking.insert", "asking.key-back",
		"asking.clerk-key" };
	struct ck_reply r = { .fields = NULL };
	struct stand s;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		open_clean(&s, names[i]);
		T(type(&s, "\n") == CK_WENT_REFUSED, "%s: Enter sends nobody away", names[i]);
		T(type(&s, "1") == CK_WENT_DONE, "%s: 1 says that none will come", names[i]);
		T(ck_asking_reply(s.a, &r) == 0 && r.n_secrets == 0, "%s: an empty answer",
		    names[i]);
		reply_free(&r);
		end(&s);
		open_clean(&s, names[i]);
		T(golden_key(&s.view, s.who, CK_KEY_DOWN) == CK_WENT_CHANGE &&
			type(&s, "\n") == CK_WENT_DONE,
		    "%s: and so do arrow and Enter", names[i]);
		end(&s);
	}
}

static void
beyond_a_customer(void)
{
	struct stand s;

	open_clean(&s, "asking.last-try-self");
	T(type(&s, "2") == CK_WENT_REFUSED, "a customer does not allow the last try");
	T(type(&s, "\n") == CK_WENT_BACK, "he stops there, and a clerk goes on");
	end(&s);
}

/* ---- secrets ---- */

/* what a sanitizer reserves for itself is larger than any memory of ours */
#define HUGE_PIECE (1 << 26)

/* How often the process holds what kept is the twisted image of. */
static int
in_memory(const unsigned char *kept, size_t n)
{
	static unsigned char chunk[1 << 16];
	FILE *maps = fopen("/proc/self/maps", "r"), *mem = fopen("/proc/self/mem", "r");
	char line[512];
	int found = 0;

	while (maps != NULL && mem != NULL && fgets(line, sizeof line, maps) != NULL) {
		unsigned long from = 0, to = 0;
		char mode[8] = "";

		if (sscanf(line, "%lx-%lx %7s", &from, &to, mode) != 3 || mode[1] != 'w' ||
		    to - from > HUGE_PIECE)
			continue;
		for (; from < to; from += sizeof chunk - n) {
			size_t got, want = to - from < sizeof chunk ? to - from : sizeof chunk;

			if (from <= (unsigned long)chunk && (unsigned long)chunk < from + want)
				continue;
			fseek(mem, (long)from, SEEK_SET);
			got = fread(chunk, 1, want, mem);
			for (size_t i = 0; i + n <= got; i++) {
				size_t k = 0;

				while (k < n && chunk[i + k] == (kept[k] ^ 0x5A))
					k++;
				found += k == n;
			}
		}
	}
	if (maps != NULL)
		fclose(maps);
	if (mem != NULL)
		fclose(mem);
	OPENSSL_cleanse(chunk, sizeof chunk);
	return found;
}

#define MARK_LEN 14

static void
nothing_stays(const char *name)
{
	/* "zqxjkvbwpygmfh", so that the test itself does not hold it */
	static const unsigned char kept[MARK_LEN] = { 'z' ^ 0x5A, 'q' ^ 0x5A, 'x' ^ 0x5A,
		'j' ^ 0x5A, 'k' ^ 0x5A, 'v' ^ 0x5A, 'b' ^ 0x5A, 'w' ^ 0x5A, 'p' ^ 0x5A, 'y' ^ 0x5A,
		'g' ^ 0x5A, 'm' ^ 0x5A, 'f' ^ 0x5A, 'h' ^ 0x5A };
	struct ck_reply r = { .fields = NULL };
	struct stand s;

	open_clean(&s, name);
	for (size_t i = 0; i < MARK_LEN; i++)
		(void)golden_key(&s.view, s.who, kept[i] ^ 0x5A);
	(void)stars(&s);
	T(in_memory(kept, MARK_LEN) == 1, "%s: what is typed is in one place", name);
	T(type(&s, "\n") == CK_WENT_DONE && ck_asking_reply(s.a, &r) == 0, "%s: answered", name);
	T(in_memory(kept, MARK_LEN) == 1, "%s: and moves into the answer", name);
	reply_free(&r);
	T(in_memory(kept, MARK_LEN) == 0, "%s: nothing of it stays", name);
	for (size_t i = 0; i < MARK_LEN; i++)
		(void)golden_key(&s.view, s.who, kept[i] ^ 0x5A);
	end(&s);
	T(in_memory(kept, MARK_LEN) == 0, "%s: nor of what was never sent", name);
}

/* What is asked in words anywhere has a heading of its own on the screen, and where it is answered
 * with yes or no both are put in words. */
static void
headings(void)
{
	const struct ck_sentence *w;

	for (enum ck_lang lang = CK_LANG_ZH; lang <= CK_LANG_EN; lang++)
		for (size_t i = 0; (w = ck_sentence_at(lang, i)) != NULL; i++) {
			const char *ask = w->name + 4;
			char group[64];

			if (strncmp(w->name, "ask.", 4) != 0)
				continue;
			T(ck_word(lang, "head", ask) != NULL, "there is head.%s", ask);
			snprintf(group, sizeof group, "field.%.50s", ask);
			if (ck_word(lang, group, "yes") == NULL)
				continue;
			T(ck_word(lang, "yes", ask) != NULL && ck_word(lang, "no", ask) != NULL,
			    "there are yes.%s and no.%s", ask, ask);
		}
}

int
main(int argc, char **argv)
{
	golden_begin(argc, argv);
	all_questions();
	foreseen();
	many();
	headings();
	a_pin();
	a_scan();
	other_ways();
	three_pins();
	choice_and_pin();
	a_clerk();
	an_envelope();
	choices();
	safe_answers();
	waiting();
	beyond_a_customer();
	nothing_stays("asking.pin");
	nothing_stays("asking.envelope-password");
	return T_END();
}
