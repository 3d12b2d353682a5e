/* The screen while the engine is at work: how far, what was done, for how long, may the key go. */
#include "screens_lines.h"

#include "../../tui/screens/asking.h"

#define NOW_MS 100000 /* golden_ctx's */

static void
golden_course(const char *name, const struct ck_course *c, const struct ck_view *v,
    const struct golden_person *who)
{
	golden_leave = !ck_course_key_free(c);
	golden(name, v, who);
}

static void
shown(const char *name, const char *station, int64_t since_ms, const struct golden_person *who)
{
	struct ck_course c = { .busy = false };
	struct ck_view v;

	lines_until(&c, station, since_ms);
	ck_course_view(&c, &v);
	lines_helped(&v);
	golden_course(name, &c, &v, who);
	ck_course_clear(&c);
}

static void
restarted(void)
{
	struct ck_course c = { .busy = false };
	struct ck_view v;

	lines_until(&c, "newkey", NOW_MS - 42000);
	lines_take(&c,
	    "{\"restart\":1,\"error\":{\"code\":1103,\"name\":\"MODULE_CRASHED\",\"whose\":"
	    "\"program\",\"key\":\"safe\",\"detail\":\"signal 11\",\"native\":11}}",
	    NOW_MS - 3000);
	ck_course_view(&c, &v);
	golden_course("course.restart", &c, &v, &lines_clerk);
	lines_take(&c, lines_visit[15], NOW_MS);
	T(c.restart == NULL, "a step later nothing is said of the restart");
	ck_course_clear(&c);
}

/* the engine is killed while the PIN is asked for: the new one's question says so, once */
static void
restarted_asking(void)
{
	static const char *const question =
	    "{\"ask\":\"pin\",\"id\":1,\"facts\":{\"tries\":4},\"fields\":[{\"name\":\"pin\","
	    "\"kind\":\"secret\",\"min\":6,\"max\":16}]}";
	json_t *asked = json_loads(question, 0, NULL);
	struct ck_course c = { .busy = false };
	struct ck_asking *a;
	struct ck_view v;

	lines_until(&c, "unlock", NOW_MS - 42000);
	lines_take(&c, question, NOW_MS - 9000);
	lines_take(&c,
	    "{\"restart\":1,\"error\":{\"code\":6001,\"name\":\"ENGINE_GONE\",\"whose\":\"program\","
	    "\"key\":\"safe\",\"detail\":\"signal 9\",\"native\":9}}",
	    NOW_MS - 3000);
	T(c.restart != NULL, "it is not forgotten with the question that stood");
	lines_take(&c, "{\"busy\":\"key\",\"limit\":9}", NOW_MS - 2000);
	lines_take(&c, question, NOW_MS);
	a = ck_asking_new(asked, &c);
	ck_asking_view(a, &v);
	golden_course("course.restart-asking", &c, &v, &lines_clerk);
	lines_take(&c, "{\"busy\":\"key\",\"limit\":9}", NOW_MS);
	T(c.restart == NULL, "answered, nothing is said of it");
	ck_asking_free(a);
	json_decref(asked);
	ck_course_clear(&c);
}

/* other errands than a renewal have no bar of steps */
static void
errand(const char *name, const char *request, const char *line, const struct golden_person *who)
{
	struct ck_course c = { .busy = false };
	struct ck_view v;

	lines_take(&c, request, NOW_MS - 2000);
	if (line != NULL)
		lines_take(&c, line, NOW_MS - 1000);
	ck_course_view(&c, &v);
	golden_course(name, &c, &v, who);
	ck_course_clear(&c);
}

/* names from hostile certificates, and more than there is room for */
static void
crowded(void)
{
	static const char hostile[] =
	    "{\"did\":\"cert\",\"n\":2,\"of\":13,\"say\":\"cert-read\",\"facts\":{\"name\":\""
	    "\\u001b[2J\\u202e甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚辛壬癸"
	    "\\u200b甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚辛壬癸\",\"serial\":"
	    "\"00\",\"not_after\":\"2026-12-06T01:31:58+08:00\"}}";
	struct ck_course c = { .busy = false };
	struct ck_view v;

	lines_until(&c, "confirm", NOW_MS - 1000);
	for (int i = 0; i < 40; i++)
		lines_take(&c, hostile, NOW_MS - 1000);
	ck_course_view(&c, &v);
	golden_course("course.crowded", &c, &v, &lines_clerk);
	ck_course_clear(&c);
}

/* A step of its own in the bar, and nothing that a key may miss. */
static void
sealing(void)
{
	struct ck_course c = { .busy = false };
	struct ck_view v;

	lines_until(&c, "confirm", NOW_MS - 1000);
	lines_take(&c,
	    "{\"step\":\"seal\",\"n\":11,\"of\":14,\"limit\":60,\"pin\":true,"
	    "\"consent\":false,\"takes\":[\"seal\"]}",
	    NOW_MS - 1000);
	T(!ck_course_key_free(&c), "a seal is written: the key has to stay");
	ck_course_view(&c, &v);
	golden_course("course.seal", &c, &v, &lines_clerk);
	ck_course_clear(&c);
}

static void
pulled(void)
{
	static const struct {
		const char *station;
		bool key_free;
	} want[] = { { "key", true }, { "cert", true }, { "eligible", true }, { "unlock", true },
		{ "authorise", true }, { "newkey", false }, { "request", false },
		{ "issue", false }, { "install", false }, { "confirm", false }, { "pin", false },
		{ "retire", false }, { "form", false }, { "close", false } };
	static const char *const own[] = { "set-pin", "doctor", "abandon", "of-tomorrow" };
	struct ck_course c = { .busy = false };
	char line[80];

	T(ck_course_key_free(&c), "nothing is done yet: the key may be pulled");
	for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
		ck_course_clear(&c);
		lines_until(&c, want[i].station, 0);
		T(ck_course_key_free(&c) == want[i].key_free, "%s: the key %s", want[i].station,
		    want[i].key_free ? "may be pulled" : "has to stay");
		lines_take(&c, "{\"ask\":\"pin\",\"id\":1,\"fields\":[]}", 0);
		T(ck_course_key_free(&c), "%s: while a question stands it may go", want[i].station);
		lines_take(&c, "{\"busy\":\"key\",\"limit\":12}", 0);
		T(ck_course_key_free(&c) == want[i].key_free, "%s: and then it is as before",
		    want[i].station);
		lines_take(&c, "{\"end\":\"failed\",\"record\":\"CK-1\"}", 0);
		T(ck_course_key_free(&c), "%s: after the end it may be pulled", want[i].station);
	}
	for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
		ck_course_clear(&c);
		snprintf(
		    line, sizeof line, "{\"step\":\"%s\",\"n\":1,\"of\":2,\"limit\":60}", own[i]);
		lines_take(&c, line, 0);
		T(!ck_course_key_free(&c), "%s: the key has to stay", own[i]);
	}
	ck_course_clear(&c);
}

static void
times(void)
{
	struct ck_course c = { .busy = false };

	lines_until(&c, "unlock", 1000);
	lines_take(&c, "{\"busy\":\"key\",\"limit\":12}", 9000);
	T(c.since_ms == 1000, "what it is at began with its step");
	lines_take(&c, "{\"ask\":\"pin\",\"id\":1,\"fields\":[]}", 10000);
	c.busy = true; /* whoever shows the question may say so himself */
	lines_take(&c, "{\"busy\":\"key\",\"limit\":12}", 60000);
	T(c.since_ms == 60000, "the time a person takes for an answer does not count");
	T_STR(c.system, "sheca-cisweb", "the system is known from the request");
	T_STR(c.way, "on-behalf", "and the way");
	T_STR(c.record, "CK-20261121-000027", "the record from what was done");
	T_STR(c.slip, LINES_SLIP, "and its slip");
	lines_take(&c, "{\"row\":{}}", 0);
	lines_take(&c, "{\"of\":\"tomorrow\"}", 0);
	lines_take(&c, "{\"did\":7,\"facts\":9}", 0);
	lines_take(&c, "{\"step\":null,\"n\":\"x\"}", 0);
	T_STR(c.record, "CK-20261121-000027", "what it does not know is left alone");
	ck_course_clear(&c);
}

static void
leaving(void)
{
	struct ck_course c = { .busy = false };
	struct ck_function out[CK_VIEW_FUNCTIONS_MAX];
	struct ck_ctx ctx = golden_ctx(&lines_clerk, CK_LANG_ZH);
	struct ck_view v;

	ck_course_view(&c, &v);
	T(v.idle == CK_IDLE_STAY && v.ticks, "it is never wiped, and its time runs");
	lines_until(&c, "install", 0);
	T(golden_key(&v, &lines_clerk, CK_KEY_ESC) == CK_WENT_NOTHING &&
		v.functions(&c, &ctx, out) == 0,
	    "while it writes nobody leaves");
	ck_course_clear(&c);
	lines_until(&c, "issue", 0);
	T(v.functions(&c, &ctx, out) == 1 && out[0].key == CK_KEY_ESC &&
		golden_key(&v, &lines_clerk, CK_KEY_ESC) == CK_WENT_BACK,
	    "while the CA takes its time one may");
	ck_course_clear(&c);
}

/* every station of a renewal is a step of the bar, in a word */
static void
steps(void)
{
	const struct ck_sentence *w;

	for (enum ck_lang lang = CK_LANG_ZH; lang <= CK_LANG_EN; lang++)
		for (size_t i = 0; (w = ck_sentence_at(lang, i)) != NULL; i++)
			if (strncmp(w->name, "station.", 8) == 0 &&
			    strcmp(w->name, "station.abandon") != 0)
				T(ck_word(lang, "short", w->name + 8) != NULL, "there is short.%s",
				    w->name + 8);
}

int
main(int argc, char **argv)
{
	golden_begin(argc, argv);
	shown("course.begin", "eligible", NOW_MS - 2000, &lines_clerk);
	shown("course.newkey", "newkey", NOW_MS - 28000, &lines_clerk);
	shown("course.issue", "issue", NOW_MS - 61000, &lines_customer);
	shown("course.install", "install", NOW_MS - 7000, &lines_customer);
	restarted();
	restarted_asking();
	errand("course.own-pin", "{\"do\":\"pin\"}",
	    "{\"step\":\"set-pin\",\"n\":3,\"of\":3,\"limit\":60}", &lines_customer);
	errand("course.abandon", "{\"do\":\"abandon\",\"record\":\"CK-20261121-000027\"}",
	    "{\"step\":\"abandon\",\"n\":13,\"of\":13,\"limit\":60}", &lines_clerk);
	errand("course.sign-in", "{\"do\":\"sign-in\",\"by\":\"key\"}", NULL, &lines_customer);
	crowded();
	steps();
	sealing();
	pulled();
	times();
	leaving();
	return T_END();
}
