/* A renewal is given up by a second yes alone, and Enter is a no. */
#include "screens_lines.h"

#include "../../tui/screens/giveup.h"

int
main(int argc, char **argv)
{
	struct ck_giveup g = { .record = "CK-20261121-000027" };
	struct ck_view v;

	golden_begin(argc, argv);
	ck_giveup_view(&g, &v);
	lines_helped(&v);
	golden("giveup", &v, &lines_clerk);
	T(golden_key(&v, &lines_clerk, CK_KEY_ENTER) == CK_WENT_BACK, "Enter is no");
	T(golden_key(&v, &lines_clerk, CK_KEY_ESC) == CK_WENT_BACK, "Esc is no");
	T(golden_key(&v, &lines_clerk, '1') == CK_WENT_BACK, "1 is no");
	T(golden_key(&v, &lines_clerk, '3') == CK_WENT_REFUSED, "3 is nothing");
	T(golden_key(&v, &lines_clerk, '2') == CK_WENT_DONE, "2 is yes");
	ck_giveup_view(&g, &v);
	T(golden_key(&v, &lines_clerk, CK_KEY_DOWN) == CK_WENT_CHANGE &&
		golden_key(&v, &lines_clerk, CK_KEY_ENTER) == CK_WENT_DONE,
	    "and so are an arrow and Enter");
	return T_END();
}
