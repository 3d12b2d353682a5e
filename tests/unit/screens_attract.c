/* The screens that wait for a key, for a customer and for a clerk, and what they say when reader or
 * key make trouble. */
#include "screens_golden.h"

#include "../../tui/screens/attract.h"

static const struct golden_person customer = { .hotline = "962600" },
				  clerk = { .clerk = true, .hotline = "962600" },
				  alone = { .hotline = NULL };

static void
trouble(const char *name, const char *json, const struct golden_person *who)
{
	json_t *row = json_loads(json, 0, NULL);
	struct ck_attract a = { .trouble = row };
	struct ck_view v;

	ck_attract_view(&a, &v);
	T(row != NULL, "%s: its row", name);
	golden(name, &v, who);
	json_decref(row);
}

#define GONE \
	"{\"event\":\"service-gone\",\"at\":\"2026-11-21T10:52:50+08:00\",\"error\":{" \
	"\"code\":1105,\"name\":\"READER_SERVICE\",\"whose\":\"site\",\"key\":\"untouched\"," \
	"\"detail\":\"SCardEstablishContext: Service not available\",\"native\":8010001}}"
#define MUTE \
	"{\"event\":\"card-mute\",\"at\":\"2026-11-21T10:52:50+08:00\"," \
	"\"reader\":\"FT ePass2003 [CCID] 00 00\"}"
#define UNKNOWN \
	"{\"event\":\"unknown\",\"at\":\"2026-11-21T10:52:50+08:00\",\"unknown\":{" \
	"\"reader\":\"Hostile \\u001b[2J\\u202e Reader 00 00\"," \
	"\"atr\":\"3B9F958131FE9F006646530534002571DF0000000000000002\",\"usb\":\"096e:0807\"}}"

int
main(int argc, char **argv)
{
	struct ck_attract a = { .trouble = NULL };
	struct ck_view v;

	golden_begin(argc, argv);
	ck_attract_view(&a, &v);
	golden("attract.customer", &v, &customer);
	golden("attract.no-hotline", &v, &alone);
	golden("attract.clerk", &v, &clerk);
	T(golden_key(&v, &customer, CK_KEY_ESC) == CK_WENT_NOTHING, "a customer has nowhere to go");
	T(golden_key(&v, &clerk, CK_KEY_ESC) == CK_WENT_BACK, "a clerk goes back to the menu");
	a.left_key = true;
	golden("attract.left", &v, &customer);
	golden("attract.left-clerk", &v, &clerk);
	trouble("attract.gone", GONE, &customer);
	trouble("attract.gone-clerk", GONE, &clerk);
	trouble("attract.mute", MUTE, &customer);
	trouble("attract.unknown", UNKNOWN, &customer);
	trouble("attract.unknown-clerk", UNKNOWN, &clerk);
	return T_END();
}
