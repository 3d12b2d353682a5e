/* What is shown before a renewal begins, and that only a yes begins it. */
#include "screens_lines.h"

#include "../../tui/screens/confirm.h"

#define SHA "2006dd437aeb660959257a0ea21932e93f4a9bc48517eea5a5454b6a07778bf6"
#define ROW(name, systems) \
	"{\"family\":\"飞天 ePass2003\",\"serial\":\"3310090012345678\",\"label\":\"某某科技\"," \
	"\"entries\":[{\"id\":\"00\",\"certificate\":null},{\"id\":\"265df7429f182625\"," \
	"\"label\":\"某某科技\",\"certificate\":{\"name\":\"" name "\",\"serial\":" \
	"\"433EDA6AF178B1219E4A3CFD\",\"not_before\":\"2025-12-06T01:31:58+08:00\"," \
	"\"not_after\":\"2026-12-06T01:31:58+08:00\",\"alg\":\"RSA 2048\",\"sha256\":\"" SHA \
	"\"}" systems "}]}"
#define SYSTEMS(rest) \
	",\"systems\":[{\"system\":\"other\"},{\"system\":\"sheca-cisweb\",\"title\":" \
	"\"SHECA 数字证书自助更新\",\"eligible\":true,\"authorise\":\"envelope\"" rest "}]"
#define LONG \
	"\\u001b[31m甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚辛壬癸" \
	"甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚辛壬癸\\u202e"

static const struct {
	const char *name, *row, *way;
	bool clerk;
} shown[] = {
	{ "confirm.on-behalf", ROW(LINES_NAME, SYSTEMS("")), "on-behalf", true },
	{ "confirm.known",
	    ROW(LINES_NAME, SYSTEMS(",\"pin_changes\":[\"on-behalf\"],\"retire\":\"remove\"")),
	    "on-behalf", true },
	{ "confirm.self",
	    ROW(LINES_NAME, SYSTEMS(",\"pin_changes\":[\"on-behalf\"],\"retire\":\"keep\"")),
	    "self", false },
	{ "confirm.ruled",
	    ROW(LINES_NAME, SYSTEMS(",\"pin_changes\":[],\"retire\":\"remove\",\"new_not_after\":"
				    "\"2027-12-06T01:31:58+08:00\"")),
	    "self", false },
	{ "confirm.bare", ROW(LONG, ""), NULL, false },
	{ "confirm.gone", "{\"entries\":[]}", "self", false },
};

int
main(int argc, char **argv)
{
	golden_begin(argc, argv);
	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
		const struct golden_person *who = shown[i].clerk ? &lines_clerk : &lines_customer;
		json_t *row = lines_json(shown[i].row);
		struct ck_confirm c = { .row = row,
			.certificate = SHA,
			.system = "sheca-cisweb",
			.way = shown[i].way };
		struct ck_view v;

		ck_confirm_view(&c, &v);
		lines_helped(&v);
		golden(shown[i].name, &v, who);
		T(golden_key(&v, who, CK_KEY_ESC) == CK_WENT_BACK, "%s: Esc is no", shown[i].name);
		T(golden_key(&v, who, '2') == CK_WENT_BACK, "%s: 2 is no", shown[i].name);
		T(golden_key(&v, who, '3') == CK_WENT_REFUSED, "%s: 3 is nothing", shown[i].name);
		T(golden_key(&v, who, '1') == CK_WENT_DONE, "%s: 1 is yes", shown[i].name);
		T(golden_key(&v, who, CK_KEY_DOWN) == CK_WENT_CHANGE &&
			golden_key(&v, who, CK_KEY_ENTER) == CK_WENT_BACK,
		    "%s: and so are arrows and Enter", shown[i].name);
		json_decref(row);
	}
	return T_END();
}
