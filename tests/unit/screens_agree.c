/* A renewal is given up, and a form printed once more, by a second yes alone; Enter is a no. */
#include "screens_lines.h"

#include "../../tui/screens/agree.h"

static void
asked(const char *about, const char *name, const char *facts)
{
	json_t *o = lines_json(facts);
	struct ck_agree a = { .about = about, .facts = o };
	struct ck_view v;

	ck_agree_view(&a, &v);
	lines_helped(&v);
	golden(name, &v, &lines_clerk);
	T(golden_key(&v, &lines_clerk, CK_KEY_ENTER) == CK_WENT_BACK, "%s: Enter is no", about);
	T(golden_key(&v, &lines_clerk, CK_KEY_ESC) == CK_WENT_BACK, "%s: Esc is no", about);
	T(golden_key(&v, &lines_clerk, '1') == CK_WENT_BACK, "%s: 1 is no", about);
	T(golden_key(&v, &lines_clerk, '3') == CK_WENT_REFUSED, "%s: 3 is nothing", about);
	T(golden_key(&v, &lines_clerk, '2') == CK_WENT_DONE, "%s: 2 is yes", about);
	ck_agree_view(&a, &v);
	T(golden_key(&v, &lines_clerk, CK_KEY_DOWN) == CK_WENT_CHANGE &&
		golden_key(&v, &lines_clerk, CK_KEY_ENTER) == CK_WENT_DONE,
	    "%s: and so are an arrow and Enter", about);
	json_decref(o);
}

int
main(int argc, char **argv)
{
	golden_begin(argc, argv);
	asked("giveup", "giveup", "{\"record\":\"CK-20261121-000027\"}");
	asked("reprint", "reprint", "{\"record\":\"CK-20261121-000027\",\"reprint\":2}");
	asked("reprint", "reprint-unsettled",
	    "{\"record\":\"CK-20261121-000027\",\"unsettled\":true}");
	return T_END();
}
