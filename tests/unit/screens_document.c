/* A document that is to be agreed to: all of it can be read with the arrows, nobody agrees before
 * its end was seen, and an Enter too many agrees to nothing. */
#include "screens_stand.h"

/* as long as a name may be */
#define LONG "甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己"

static char *
document(void)
{
	return golden_slurp("core/policy/systems/sd-bianban-conditions.txt");
}

/* n of of; takes text */
static void
open_document(struct stand *s, const struct golden_person *who, const char *name,
    const char *version, int n, int of, char *text)
{
	struct ck_view none = { .self = NULL };

	*s = (struct stand){ .who = who, .view = none };
	lines_until(&s->course, "eligible", 0);
	lines_take(&s->course,
	    "{\"step\":\"consent\",\"n\":4,\"of\":15,\"limit\":60,\"pin\":true,\"consent\":true}",
	    0);
	s->question = json_pack("{s:s, s:i, s:[{s:s, s:s, s:i, s:i}], s:{s:s, s:s, s:s, s:i, s:i,"
				" s:s}}",
	    "ask", "consent", "id", 1, "fields", "name", "yes", "kind", "yes", "min", 1, "max", 1,
	    "facts", "name", name, "version", version, "sha256",
	    "9f06dd437aeb660959257a0ea21932e93f4a9bc48517eea5a5454b6a07778bf6", "n", n, "of", of,
	    "text", text);
	free(text);
	s->a = ck_asking_new(s->question, &s->course);
	ck_asking_view(s->a, &s->view);
	lines_helped(&s->view);
}

/* as an ordinary counter's terminal has it: how far it can be scrolled the drawing tells */
static void
drawn(const struct stand *s)
{
	struct ck_ctx ctx = golden_ctx(s->who, CK_LANG_ZH);
	struct ck_canvas *c = ck_canvas_new(CK_LEAST_COLS, CK_LEAST_ROWS);

	golden_draw(c, &s->view, &ctx);
	ck_canvas_free(c);
}

static bool
agreed(struct stand *s)
{
	struct ck_reply r = { .fields = NULL };
	bool yes;

	T(ck_asking_reply(s->a, &r) == 0, "there is an answer");
	yes = json_is_true(json_object_get(r.fields, "yes"));
	json_decref(r.fields);
	return yes;
}

static enum ck_went
press(struct stand *s, int key)
{
	enum ck_went went = golden_key(&s->view, s->who, key);

	drawn(s);
	return went;
}

static void
a_document(void)
{
	enum ck_went went = CK_WENT_CHANGE;
	struct stand s;
	int pages = 0;

	open_document(&s, &lines_customer, "更新证书条件", "2017-11", 1, 1, document());
	golden("asking.consent", &s.view, s.who);
	drawn(&s);
	T(press(&s, '2') == CK_WENT_REFUSED, "nobody agrees to what he has not seen");
	for (; went == CK_WENT_CHANGE && pages < 50; pages++)
		went = press(&s, CK_KEY_ENTER);
	T(pages > 2 && went == CK_WENT_REFUSED, "Enter turns the pages, and agrees to nothing");
	golden("asking.consent-end", &s.view, s.who);
	drawn(&s);
	T(press(&s, CK_KEY_HOME) == CK_WENT_CHANGE && press(&s, '2') == CK_WENT_DONE && agreed(&s),
	    "what was seen to its end can be agreed to");
	end(&s);

	open_document(&s, &lines_customer, "更新证书条件", "2017-11", 1, 1, document());
	drawn(&s);
	T(press(&s, '1') == CK_WENT_DONE && !agreed(&s), "not to agree takes no reading");
	end(&s);

	open_document(&s, &lines_customer, "更新证书条件", "2017-11", 1, 1, document());
	drawn(&s);
	for (int i = 0; i < 200; i++)
		(void)press(&s, CK_KEY_DOWN);
	golden("asking.consent-yes", &s.view, s.who);
	T(press(&s, CK_KEY_ENTER) == CK_WENT_DONE && agreed(&s),
	    "the arrows alone lead to its end, and past it to the choice");
	T(press(&s, CK_KEY_UP) == CK_WENT_CHANGE && press(&s, CK_KEY_ENTER) == CK_WENT_DONE &&
		!agreed(&s),
	    "and back");
	T(press(&s, CK_KEY_ESC) == CK_WENT_BACK, "Esc leaves");
	end(&s);
}

static void
other_documents(void)
{
	size_t n = 60 * 1024;
	char *wide = malloc(n + 1);
	struct stand s;

	open_document(&s, &lines_clerk, "个人信息授权书", "V3.2", 3, 4,
	    strdup("一、范围\n\n  1. 只用于这次更新，\n     不用于别的。\n! 没有别的了。"));
	golden("asking.consent-short", &s.view, s.who);
	T(press(&s, '2') == CK_WENT_DONE && agreed(&s), "one that is seen whole was read");
	end(&s);
	memset(wide, 'x', n);
	wide[n] = '\0';
	open_document(
	    &s, &lines_clerk, LONG, "0123456789-0123456789-0123456789-012345", 8, 8, wide);
	golden("asking.consent-worst", &s.view, s.who);
	end(&s);
}

/* no text, no yes: another engine's question of that name */
static void
unlike(void)
{
	json_t *question = lines_json("{\"ask\":\"consent\",\"id\":1,\"fields\":[{\"name\":"
				      "\"word\",\"kind\":\"text\",\"max\":9}],\"facts\":{}}");
	struct stand s = { .question = question, .who = &lines_customer };

	s.a = ck_asking_new(question, NULL);
	ck_asking_view(s.a, &s.view);
	drawn(&s);
	T(s.view.typing, "is asked as any other");
	end(&s);
}

int
main(int argc, char **argv)
{
	golden_begin(argc, argv);
	a_document();
	other_documents();
	unlike();
	return T_END();
}
