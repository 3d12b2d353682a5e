/* The clerk's menu, a line typed or scanned, today's figures, help. */
#include "screens_golden.h"

#include "../../tui/screens/desk.h"

static const struct golden_person customer = { .hotline = "962600" },
				  clerk = { .clerk = true, .hotline = "962600" };

/* ---- the menu ---- */

static void
menu(void)
{
	struct ck_duties d = { .clerk = "07 王芳", .open = 2, .parked = 5, .forms = 3 };
	struct ck_view v;

	ck_duties_view(&d, &v);
	golden("duties.some", &v, &clerk);
	d.open = d.parked = d.forms = 0;
	d.at = CK_DUTY_LEDGER;
	golden("duties.none", &v, &clerk);
	d.open = d.parked = d.forms = -1;
	d.clerk =
	    "1234567890123456789012345678901234567890 \x1b[31m上海市浦东新区张江高科技园区受理点";
	golden("duties.unknown", &v, &clerk);
	T(golden_key(&v, &clerk, '3') == CK_WENT_DONE && d.at == CK_DUTY_RECORDS, "a digit");
	T(golden_key(&v, &clerk, CK_KEY_DOWN) == CK_WENT_CHANGE &&
		golden_key(&v, &clerk, CK_KEY_ENTER) == CK_WENT_DONE && d.at == CK_DUTY_FORMS,
	    "an arrow and Enter");
	T(golden_key(&v, &clerk, '9') == CK_WENT_DONE && d.at == CK_DUTY_BATCH, "the ninth digit");
	T(golden_key(&v, &clerk, '0') == CK_WENT_DONE && d.at == CK_DUTY_LEAVE, "the last leaves");
	T(golden_press(&v, &clerk, 30, 15) == CK_WENT_DONE && d.at == CK_DUTY_LEDGER, "a press: %d",
	    d.at);
	T(golden_key(&v, &clerk, 'x') == CK_WENT_NOTHING, "a letter is nothing");
	T(golden_key(&v, &clerk, CK_KEY_ESC) == CK_WENT_NOTHING, "nobody is signed out by Esc");
}

/* ---- a line ---- */

static void
typed(const struct ck_view *v, const char *text)
{
	for (; *text != '\0'; text++)
		golden_key(v, &clerk, (unsigned char)*text);
}

static void
line(void)
{
	struct ck_line_ask find = { .word = "find" }, search = { .word = "search" };
	struct ck_view v;

	ck_line_ask_view(&find, &v);
	T(v.typing, "letters are typed");
	golden("line.find", &v, &clerk);
	T(golden_key(&v, &clerk, CK_KEY_ENTER) == CK_WENT_REFUSED, "nothing typed is no answer");
	typed(&v, "  ");
	T(golden_key(&v, &clerk, CK_KEY_ENTER) == CK_WENT_REFUSED, "nor are blanks");
	typed(&v, "JA01-3F7K-9");
	T(golden_key(&v, &clerk, CK_KEY_ENTER) == CK_WENT_DONE, "a scanned slip");
	T_STR(find.input.text, "JA01-3F7K-9", "is what was scanned");
	T(golden_key(&v, &clerk, CK_KEY_ESC) == CK_WENT_BACK, "Esc leaves");
	ck_line_ask_view(&search, &v);
	typed(&v, "CK-20261121-000003 and much more than the field shows at once, to its end");
	golden("line.search", &v, &clerk);
}

/* ---- figures ---- */

#define FACTS(hours, done, median) \
	"{\"end\":\"done\",\"facts\":{\"done\":" done \
	",\"parked\":3,\"abandoned\":1,\"refused\":2," \
	"\"open\":2,\"total\":40,\"by_hour\":[" hours "],\"minutes_median\":" median "}}"
#define DAY "0,0,0,0,0,0,0,0,3,7,12,4,1,2,8,5,2,0,0,0,0,0,0,0"
#define NIGHT "120,0,0,0,0,0,0,0,3,7,1234,4,1,2,8,5,2,0,0,0,0,0,0,99"
#define NONE "0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0"

static void
figures(const char *name, const char *end)
{
	json_t *last = end != NULL ? json_loads(end, 0, NULL) : NULL;
	struct ck_figures f = { .end = last };
	struct ck_view v;

	ck_figures_view(&f, &v);
	golden(name, &v, &clerk);
	T(golden_key(&v, &clerk, CK_KEY_ESC) == CK_WENT_BACK, "%s: Esc leaves", name);
	json_decref(last);
}

/* ---- help ---- */

static void
help(const char *golden_name, const char *name, const struct golden_person *who)
{
	struct ck_help h = { .name = name };
	struct ck_view v;

	ck_help_view(&h, &v);
	golden(golden_name, &v, who);
}

static void
scrolled(void)
{
	struct ck_help h = { .name = "cards" };
	struct ck_view v;

	ck_help_view(&h, &v);
	for (int i = 0; i < 10; i++)
		golden_key(&v, &customer, CK_KEY_PAGE_DOWN);
	golden("help.end", &v, &customer);
	T(golden_key(&v, &customer, CK_KEY_F(1)) == CK_WENT_BACK,
	    "F1 brought it and takes it away");
	T(golden_key(&v, &customer, CK_KEY_ESC) == CK_WENT_BACK, "so does Esc");
}

/* what the views of these screens call their help */
static const char *const pages[] = { "forms", "form", "printers", "attract", "cards", "duties",
	"find", "search", "records", "lines", "report", "ledger", "diagnosis", "status", "doctor",
	"figures", "batches", "batch", "ways", "handover" };

int
main(int argc, char **argv)
{
	golden_begin(argc, argv);
	menu();
	line();
	figures("figures.day", FACTS(DAY, "32", "7"));
	figures("figures.quick", FACTS(DAY, "32", "0"));
	figures("figures.night", FACTS(NIGHT, "1485", "7"));
	figures("figures.none", FACTS(NONE, "0", "null"));
	figures("figures.reading", NULL);
	figures(
	    "figures.failed", "{\"end\":\"failed\",\"error\":{\"code\":5003,\"detail\":\"x\"}}");
	figures("figures.sparse", "{\"end\":\"done\"}");
	help("help.attract", "attract", &customer);
	help("help.duties", "duties", &clerk);
	help("help.records", "records", &clerk);
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
		T(ck_word(CK_LANG_ZH, "help", pages[i]) != NULL, "help.%s", pages[i]);
	help("help.nowhere", NULL, &clerk);
	scrolled();
	return T_END();
}
