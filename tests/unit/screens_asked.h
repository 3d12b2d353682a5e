/* The questions of the engine, as it says them: what the screens of tests/unit/screens_asking.c
 * show. */
#ifndef SCREENS_ASKED_H
#define SCREENS_ASKED_H

#include "screens_lines.h"

#define PIN_FIELD "{\"name\":\"pin\",\"kind\":\"secret\",\"min\":6,\"max\":16,\"charset\":\"any\"}"
#define YES_FIELD "{\"name\":\"yes\",\"kind\":\"yes\",\"min\":1,\"max\":1}"
#define TRIES(n, low, last) \
	"\"tries\":" #n ",\"unlimited\":false,\"low\":" #low ",\"last\":" #last \
	",\"serial\":\"3310090012345678\""
#define WRONG \
	",\"error\":{\"code\":1201,\"name\":\"PIN_WRONG\",\"whose\":\"customer\",\"key\":\"safe\"," \
	"\"detail\":\"C_Login: 0xa0\",\"native\":160}"
#define ASK(name, fields, facts, rest) \
	"{\"ask\":\"" name "\",\"id\":1,\"fields\":[" fields "],\"facts\":{" facts "}" rest "}"
/* sixty characters, and what a hostile certificate holds */
#define LONG \
	"甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚辛壬癸" \
	"甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚辛壬癸"
#define HOSTILE "\\u001b]0;x\\u0007\\u202egnp\\u202c\\u200b有限公司"

enum who { CLERK, CUSTOMER };

static const struct question {
	const char *name; /* of the golden text */
	enum who who;
	const char *at; /* station of the visit it stands in; NULL: no visit */
	const char *line;
	int keys[4]; /* pressed before it is looked at; 0 ends them */
} questions[] = {
	{ "asking.key", CLERK, "key",
	    ASK("key",
		"{\"name\":\"serial\",\"kind\":\"choice\",\"min\":1,\"max\":1,\"choices\":["
		"{\"value\":\"3310090012345678\",\"label\":\"飞天 ePass2003  某某科技\"},"
		"{\"value\":\"77538ec10e7e962f\",\"label\":\"SoftHSM2  " HOSTILE "\"}]}",
		"", ""),
	    { 0 } },
	{ "asking.insert", CUSTOMER, "key", ASK("insert-key", "", "", ""), { 0 } },
	{ "asking.insert-unknown", CLERK, "key",
	    ASK("insert-key", "", "",
		",\"error\":{\"code\":1051,\"name\":\"KEY_UNKNOWN\",\"whose\":\"site\",\"key\":"
		"\"untouched\",\"detail\":\"ATR 3B:9F:95:81:31:FE:9F:00:66:46:53:05:10:00:11:71\"}"),
	    { 0 } },
	{ "asking.key-back", CUSTOMER, "install",
	    ASK("key-back", "",
		"\"serial\":\"3310090012345678\",\"label\":\"某某科技\",\"family\":\"飞天 "
		"ePass2003\"",
		",\"error\":{\"code\":1004,\"name\":\"KEY_REMOVED\",\"whose\":\"customer\",\"key\":"
		"\"safe\",\"detail\":\"3310090012345678\"}"),
	    { 0 } },
	{ "asking.certificate", CUSTOMER, "cert",
	    ASK("certificate",
		"{\"name\":\"certificate\",\"kind\":\"choice\",\"min\":1,\"max\":1,\"choices\":["
		"{\"value\":\"2006dd437aeb660959257a0ea21932e93f4a9bc48517eea5a5454b6a07778bf6\","
		"\"label\":\"" LINES_NAME "\"},"
		"{\"value\":\"9f06dd437aeb660959257a0ea21932e93f4a9bc48517eea5a5454b6a07778bf6\","
		"\"label\":\"" LINES_NAME "\"},"
		"{\"value\":\"1106dd437aeb660959257a0ea21932e93f4a9bc48517eea5a5454b6a07778bf6\","
		"\"label\":\"" LONG "\"}]}",
		"", ""),
	    { CK_KEY_DOWN, 0 } },
	{ "asking.resume", CUSTOMER, "eligible",
	    ASK("resume", YES_FIELD,
		"\"record\":\"CK-20261028-000012\",\"station\":\"install\",\"at\":"
		"\"2026-10-28T15:20:11+08:00\",\"kiosk\":\"jingan-1\"",
		""),
	    { 0 } },
	{ "asking.resume-elsewhere", CLERK, "eligible",
	    ASK("resume", YES_FIELD,
		"\"holder\":\"pudong-3\",\"holder_record\":\"CK-20261028-000003\",\"bound\":"
		"\"issued\"",
		""),
	    { 0 } },
	{ "asking.pin", CLERK, "unlock", ASK("pin", PIN_FIELD, TRIES(4, false, false), ""),
	    { '1', '2', '3', '4' } },
	{ "asking.pin-self", CUSTOMER, "unlock",
	    ASK("pin", PIN_FIELD,
		TRIES(-1, false,
		    false) ",\"hint\":{\"zh\":\"初始密码是 "
			   "密码信封里的 8 位数字。\",\"en\":\"The first PIN is the eight digits in "
			   "the envelope.\"}",
		""),
	    { 0 } },
	{ "asking.pin-wrong", CLERK, "unlock", ASK("pin", PIN_FIELD, TRIES(-1, true, false), WRONG),
	    { 0 } },
	{ "asking.pin-last", CUSTOMER, "unlock", ASK("pin", PIN_FIELD, TRIES(1, true, true), WRONG),
	    { 0 } },
	{ "asking.pin-again", CUSTOMER, "install",
	    ASK("pin", PIN_FIELD, TRIES(4, false, false),
		",\"error\":{\"code\":1004,\"name\":\"KEY_REMOVED\",\"whose\":\"customer\",\"key\":"
		"\"safe\",\"detail\":\"3310090012345678\"}"),
	    { 0 } },
	{ "asking.pin-short", CUSTOMER, "unlock", ASK("pin", PIN_FIELD, TRIES(4, false, false), ""),
	    { '1', CK_KEY_ENTER } },
	{ "asking.pin-away", CLERK, "unlock", ASK("pin", PIN_FIELD, TRIES(4, false, false), ""),
	    { CK_KEY_F(5) } },
	{ "asking.pin-forgotten", CLERK, "unlock",
	    ASK("pin", PIN_FIELD, TRIES(4, false, false) ",\"hotline\":\"021-62077128\"", ""),
	    { CK_KEY_F(6) } },
	{ "asking.pin-forgotten-self", CUSTOMER, "unlock",
	    ASK("pin", PIN_FIELD, TRIES(4, false, false), ""), { CK_KEY_F(6), CK_KEY_DOWN } },
	{ "asking.own-pin", CUSTOMER, NULL,
	    ASK("own-pin",
		PIN_FIELD
		",{\"name\":\"new\",\"kind\":\"secret\",\"min\":6,\"max\":16,\"charset\":"
		"\"digits\"},{\"name\":\"again\",\"kind\":\"secret\",\"min\":6,\"max\":16,"
		"\"charset\":\"digits\"}",
		TRIES(5, false, false) ",\"min\":6,\"max\":16,\"digits\":true",
		",\"error\":{\"code\":1209,\"name\":\"PIN_MISMATCH\",\"whose\":\"customer\",\"key\":"
		"\"untouched\",\"detail\":\"3310090012345678\"}"),
	    { '1', '2', CK_KEY_TAB, 'x' } },
	{ "asking.own-pin-clerk", CLERK, NULL,
	    ASK("own-pin",
		PIN_FIELD ","
			  "{\"name\":\"new\",\"kind\":\"secret\",\"min\":6,\"max\":16,"
			  "\"charset\":\"any\"},{\"name\":\"again\",\"kind\":\"secret\",\"min\":6,"
			  "\"max\":16,\"charset\":\"any\"}",
		TRIES(-1, false, false) ",\"min\":6,\"max\":16,\"digits\":false", ""),
	    { 0 } },
	{ "asking.last-try", CLERK, "unlock",
	    ASK("last-try", YES_FIELD, "\"serial\":\"3310090012345678\",\"known\":true", WRONG),
	    { 0 } },
	{ "asking.last-try-unknown", CLERK, "unlock",
	    ASK("last-try", YES_FIELD, "\"serial\":\"3310090012345678\",\"known\":false", ""),
	    { 0 } },
	{ "asking.last-try-pulled", CLERK, "unlock",
	    ASK("last-try", YES_FIELD, "\"serial\":\"3310090012345678\",\"known\":false",
		",\"error\":{\"code\":1004,\"name\":\"KEY_REMOVED\",\"whose\":\"customer\",\"key\":"
		"\"safe\",\"detail\":\"3310090012345678\"}"),
	    { 0 } },
	{ "asking.last-try-self", CUSTOMER, "unlock",
	    ASK("last-try", YES_FIELD, "\"serial\":\"3310090012345678\",\"known\":true", ""),
	    { 0 } },
	{ "asking.unsettled", CLERK, "unlock",
	    ASK("unsettled-pin",
		"{\"name\":\"which\",\"kind\":\"choice\",\"min\":1,\"max\":1,\"choices\":[{"
		"\"value\":\"envelope\",\"label\":\"envelope\"},{\"value\":\"old\",\"label\":"
		"\"old\"}]}," PIN_FIELD,
		TRIES(3, true, false), ""),
	    { 0 } },
	{ "asking.unsettled-typed", CLERK, "unlock",
	    ASK("unsettled-pin",
		"{\"name\":\"which\",\"kind\":\"choice\",\"min\":1,\"max\":1,\"choices\":[{"
		"\"value\":\"envelope\",\"label\":\"envelope\"},{\"value\":\"old\",\"label\":"
		"\"old\"}]}," PIN_FIELD,
		TRIES(3, true, false), ""),
	    { '2', '1', '2', '3' } },
	{ "asking.envelope", CLERK, "authorise",
	    ASK("envelope",
		"{\"name\":\"serial\",\"kind\":\"text\",\"min\":1,\"max\":63,\"charset\":"
		"\"A-Za-z0-9._:-\"}",
		"",
		",\"error\":{\"code\":3001,\"name\":\"ENVELOPE_UNKNOWN\",\"whose\":\"clerk\","
		"\"key\":\"safe\",\"detail\":\"88880009\"}"),
	    { '8', '8', '8', '8' } },
	{ "asking.envelope-password", CLERK, "authorise",
	    ASK("envelope-password",
		"{\"name\":\"password\",\"kind\":\"secret\",\"min\":1,\"max\":255,\"charset\":"
		"\"any\"}",
		"\"serial\":\"88880001\",\"tries\":2", ""),
	    { '6', '0' } },
	{ "asking.download", CLERK, "cert",
	    ASK("download",
		"{\"name\":\"reference\",\"kind\":\"text\",\"min\":1,\"max\":63,\"charset\":"
		"\"A-Za-z0-9._:-\"},{\"name\":\"code\",\"kind\":\"secret\",\"min\":1,\"max\":255,"
		"\"charset\":\"any\"}",
		"\"tries\":-1,\"values\":{}", ""),
	    { 'D', '1', CK_KEY_ENTER, 'q' } },
	{ "asking.download-again", CLERK, "authorise",
	    ASK("download",
		"{\"name\":\"code\",\"kind\":\"secret\",\"min\":1,\"max\":255,\"charset\":\"any\"}",
		"\"reference\":\"D-20261120-4711\",\"tries\":3,\"values\":{}",
		",\"error\":{\"code\":3132,\"name\":\"DOWNLOAD_WRONG\",\"whose\":\"customer\","
		"\"key\":\"added\",\"detail\":\"x\"}"),
	    { '6', '0' } },
	{ "asking.make-anew", CLERK, "eligible",
	    ASK("make-anew", YES_FIELD,
		"\"name\":\"" LINES_NAME "\",\"subject\":\"C=CN, O=" LINES_NAME ", CN=" LINES_NAME
		"\",\"class\":\"organisation\",\"issuer\":\"C=CN, O=山东电子政务, CN=RA G2\","
		"\"serial\":\"433EDA6AF178B1219E4A3CFD\",\"not_after\":\"2026-12-06T01:31:58+08:00\","
		"\"new_not_after\":\"2031-12-06T01:31:58+08:00\",\"key_label\":\"某某科技\","
		"\"key_serial\":\"3310090012345678\"",
		""),
	    { 0 } },
	{ "asking.leave-pair", CLERK, NULL,
	    ASK("leave-pair", YES_FIELD, "\"record\":\"CK-20261028-000012\"", ""), { 0 } },
	{ "asking.look", CUSTOMER, NULL, ASK("doctor-look", YES_FIELD, "", ""), { 0 } },
	{ "asking.fetch", CLERK, NULL,
	    ASK("doctor-fetch", YES_FIELD, "\"label\":\"某某科技\",\"id\":\"265df7429f182625\"",
		""),
	    { 0 } },
	{ "asking.install", CLERK, NULL,
	    ASK("doctor-install", YES_FIELD,
		"\"name\":\"" LONG "\",\"serial\":\"433EDA6AF178B1219E4A3CFD\",\"not_after\":"
		"\"2026-12-06T01:31:58+08:00\"",
		""),
	    { CK_KEY_DOWN } },
	{ "asking.sweep", CLERK, NULL,
	    ASK("doctor-sweep", YES_FIELD,
		"\"id\":\"265df7429f182625\",\"record\":\"CK-20261028-000012\"", ""),
	    { 0 } },
	{ "asking.clear", CLERK, NULL,
	    ASK("doctor-clear", YES_FIELD,
		"\"id\":\"265df7429f182625\",\"record\":\"CK-20261028-000012\",\"name\":\"" LINES_NAME
		"\",\"serial\":\"433EDA6AF178B1219E4A3CFD\"",
		""),
	    { 0 } },
	{ "asking.drop", CUSTOMER, NULL,
	    ASK("doctor-drop", YES_FIELD,
		"\"name\":\"" HOSTILE "\",\"serial\":\"433EDA6AF178B1219E4A3CFD\"", ""),
	    { 0 } },
	{ "asking.clerk-key", CUSTOMER, NULL, ASK("clerk-key", "", "", ""), { 0 } },
	{ "asking.clerk-key-beside", CUSTOMER, NULL,
	    ASK("clerk-key", "", "\"several\":false",
		",\"error\":{\"code\":2063,\"name\":\"CLERK_KEY_FOREIGN\",\"whose\":\"clerk\","
		"\"key\":\"untouched\",\"detail\":\"x\"}"),
	    { 0 } },
	{ "asking.insert-this", CLERK, NULL,
	    ASK("insert-key", "",
		"\"several\":false,\"serial\":\"3310090012345678\",\"label\":\"某某科技\"", ""),
	    { 0 } },
	{ "asking.pin-abandon", CLERK, NULL,
	    ASK("pin", PIN_FIELD, TRIES(4, false, false) ",\"for\":\"abandon\"", ""), { 0 } },
	{ "asking.clerk-pin", CUSTOMER, NULL,
	    ASK("clerk-pin", PIN_FIELD,
		"\"name\":\"王小明\",\"label\":\"柜员07\"," TRIES(6, false, false), ""),
	    { 0 } },
	{ "asking.clerk-word", CUSTOMER, NULL,
	    ASK("clerk-word",
		"{\"name\":\"clerk\",\"kind\":\"text\",\"min\":1,\"max\":63,\"charset\":\"any\"},{"
		"\"name\":\"passphrase\",\"kind\":\"secret\",\"min\":1,\"max\":255,\"charset\":"
		"\"any\"}",
		"", ""),
	    { '0', '7', CK_KEY_ENTER, 'x' } },
	{ "asking.second-clerk", CLERK, "install",
	    ASK("second-clerk",
		"{\"name\":\"clerk\",\"kind\":\"text\",\"min\":1,\"max\":63,\"charset\":\"any\"},{"
		"\"name\":\"word\",\"kind\":\"secret\",\"min\":1,\"max\":255,\"charset\":\"any\"}",
		"\"act\":\"abandon\",\"clerk\":\"07\"", ""),
	    { 0 } },
	{ "asking.of-tomorrow", CUSTOMER, NULL,
	    ASK("of-tomorrow", "{\"name\":\"colour\",\"kind\":\"text\",\"max\":9}," YES_FIELD, "",
		""),
	    { 0 } },
};

#endif
