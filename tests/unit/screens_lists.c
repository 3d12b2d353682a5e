/* The lists of the clerk's desk and of a key: rows as they come, none, an error at the end. */
#include "screens_golden.h"

#include "../../tui/screens/desk.h"

static const struct golden_person customer = { .hotline = "962600" },
				  clerk = { .clerk = true, .hotline = "962600" };

/* ---- rows as the engine has them ---- */

#define AT(time) "\"2026-11-21T" time "+08:00\""
#define RECORD(number, state, way, station, touched, closed, more) \
	"{\"record\":\"CK-20261121-" number "\",\"system\":\"sheca-cisweb\",\"way\":\"" way \
	"\",\"clerk\":\"07\",\"state\":\"" state "\",\"station\":\"" station \
	"\",\"opened\":" AT("09:00:00") ",\"touched\":" AT(touched) ",\"closed\":" closed more "}"
#define OPEN \
	RECORD("000003", "open", "self", "install", "10:20:00", "null", \
	    ",\"reason\":\"\",\"since\":null,\"next\":null,\"deadline\":\"2026-12-21T10:20:00+08:00\",\"slip\":\"JA01-3F7K-9\",\"name\":\"张三\",\"key_label\":\"某某科技\",\"key_serial\":\"3310090012345678\"")
#define PARKED \
	RECORD("000002", "parked", "on-behalf", "issue", "09:30:00", "null", \
	    ",\"reason\":\"authority\",\"since\":" AT("09:30:00") ",\"next\":" AT( \
		"11:00:00") ",\"deadline\":\"2026-12-21T09:30:00+08:00\",\"slip\":\"JA01-2C8M-4\",\"name\":\"上海某某科技有限公司\",\"key_label\":null,\"key_serial\":\"99\"")
#define DONE \
	RECORD("000001", "done", "on-behalf", "close", "09:10:00", AT("09:10:00"), \
	    ",\"reason\":\"\",\"since\":null,\"next\":null,\"deadline\":null,\"name\":null")
#define RECORDS "[" OPEN "," PARKED "," DONE "]"

#define REPORTED(number, outcome, way, opened, closed) \
	"{\"record\":\"CK-20261121-" number "\",\"system\":\"sheca-cisweb\",\"way\":\"" way \
	"\",\"clerk\":\"07\",\"state\":\"" outcome \
	"\",\"opened\":" AT(opened) ",\"closed\":" closed ",\"outcome\":\"" outcome "\"}"
#define REPORT \
	"[" REPORTED("000001", "done", "on-behalf", "09:00:00", AT("09:10:00")) "," REPORTED( \
	    "000002", "parked", "on-behalf", "09:20:00", "null") "," REPORTED("000003", \
	    "abandoned", "self", "10:10:00", AT("10:15:00")) "]"
#define REPORT_END \
	"{\"end\":\"done\",\"facts\":{\"done\":1,\"parked\":1,\"abandoned\":1,\"refused\":0,\"open\":0," \
	"\"total\":3,\"by_hour\":[0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0],\"minutes_median\":10}}"

#define LINE(time, station, mark, text) \
	"{\"at\":" AT(time) ",\"station\":\"" station "\",\"mark\":\"" mark "\",\"text\":\"" text \
			    "\"}"
#define LINES \
	"[" LINE("09:00:00", "eligible", "done", "may be renewed") "," LINE( \
	    "09:00:10", "unlock", "intent", "a PIN goes to the key") "," LINE("09:00:12", \
	    "authorise", "done", "L-19aef9806ed92375") "," LINE("09:00:20", "newkey", "done", \
	    "new pair on the key") "," LINE("09:00:30", "request", "done", \
	    "bound to the lease") "," LINE("09:00:35", "issue", "wait", \
	    "The request has been taken; an officer of the registration authority looks at it, which may take until the next working day. \\u001b[31mPlease wait.") "," LINE("09:00:40", \
	    "install", "done", "written, read back, signs") "," LINE("09:00:41", "confirm", \
	    "done", "CA and desk confirmed") "," LINE("09:00:44", "pin", "done", \
	    "PIN changed") "," LINE("09:00:45", "retire", "done", \
	    "old certificate and pair removed") "," LINE("09:00:46", "close", "done", \
	    "renewed") "]"

#define LEDGER(seq, time, record, station, mark, text) \
	"{\"seq\":" seq ",\"at\":" AT(time) ",\"record\":\"" record "\",\"station\":\"" station \
					    "\",\"mark\":\"" mark "\",\"text\":\"" text "\"}"
#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define LEDGERS \
	"[" LEDGER("121", "09:00:40", "CK-20261121-000001", "install", "done", \
	    "written, read back, signs") "," LEDGER("120", "09:00:10", "CK-20261121-000001", \
	    "unlock", "intent", "a PIN goes to the key") "," LEDGER("119", "08:40:00", \
	    "key:" HASH, "own-pin", "done", "PIN changed") "," LEDGER("118", "08:30:00", \
	    "clerk:07", "sign-in", "done", "signed in by key") "," LEDGER("117", "08:29:00", \
	    "clerk:#" HASH, "clerk-word", "note", "a wrong passphrase") "]"

#define STATUS_CERT \
	"\"certificate\":{\"name\":\"上海某某科技有限公司\",\"issuer\":\"C=CN, O=UniTrust, CN=SHECA G3\"," \
	"\"serial\":\"6465938091359FF7\",\"not_before\":\"2025-12-06T01:10:19+08:00\"," \
	"\"not_after\":\"2026-12-06T01:10:19+08:00\",\"alg\":\"RSA 2048\",\"sha256\":\"87\"}"
#define STATUS \
	"[{" STATUS_CERT \
	",\"private\":\"unknown\",\"validity\":\"valid\",\"chain\":{\"state\":\"whole\"," \
	"\"weak\":false,\"issuers\":[{\"name\":\"SHECA G3\",\"not_after\":\"2046-11-22T01:10:19+08:00\"}," \
	"{\"name\":\"UCA Root\",\"not_after\":\"2046-11-22T01:10:19+08:00\"}]},\"revocation\":{" \
	"\"status\":\"good\",\"source\":\"desk\",\"from\":\"sheca-cisweb\",\"at\":" AT( \
	    "10:52:00") ",\"until\":null,\"revoked_at\":null,\"reason\":null,\"why\":\"nothing-named\",\"tried\":[]}," \
			"\"systems\":[{\"system\":\"sheca-cisweb\",\"title\":\"上海CA 个人和单位证书更新\",\"issuers\":true," \
			"\"accepted\":false,\"desk\":\"good\",\"revoked_at\":null,\"eligible\":true,\"rule\":\"eligible\"," \
			"\"class\":\"organisation\",\"first_day\":\"2026-11-06\",\"last_day\":\"2027-01-06\"}]}]"

#define DOCTOR \
	"[{\"did\":\"doctor\",\"say\":\"doctor-dropped\",\"facts\":{\"serial\":\"5DA674B3B761\"}}," \
	"{\"kind\":\"room\",\"id\":\"\",\"label\":\"\",\"entries\":4,\"more\":false,\"entries_max\":256," \
	"\"free\":null,\"total\":null,\"two_pairs\":true,\"safe\":false,\"act\":null}," \
	"{\"kind\":\"needs-pin\",\"id\":\"\",\"label\":\"\",\"safe\":true,\"act\":\"look\"}," \
	"{\"kind\":\"pair-without-certificate\",\"id\":\"0aaa494b8b7273d5\",\"label\":\"某某\",\"safe\":false,\"act\":null}," \
	"{\"kind\":\"pair-of-open-record\",\"id\":\"0aaa494b8b7273d5\",\"label\":\"\",\"record\":\"CK-20261121-000003\",\"safe\":false,\"act\":null}," \
	"{\"kind\":\"certificate-without-key\",\"id\":\"01\",\"label\":\"\",\"name\":\"上海某某科技有限公司\",\"serial\":\"5DA6\",\"safe\":false,\"act\":null}]"

#define PARTS \
	"[{\"part\":\"store\",\"state\":\"ok\",\"made\":true,\"free_mb\":20480,\"reserve_mb\":64}," \
	"{\"part\":\"policy\",\"system\":\"sheca-cisweb\",\"state\":\"ok\",\"title\":\"上海CA 个人和单位证书更新\"}," \
	"{\"part\":\"own-certificate\",\"state\":\"careful\",\"file\":\"/etc/certkiosk/kiosk.pem\"," \
	"\"systems\":[\"sheca-cisweb\"],\"name\":\"静安受理点 1 号机\",\"not_before\":\"2025-12-01T00:00:00+08:00\"," \
	"\"not_after\":\"2026-12-11T00:00:00+08:00\",\"days_left\":20}," \
	"{\"part\":\"desk\",\"system\":\"sheca-cisweb\",\"state\":\"bad\",\"url\":\"https://desk\"," \
	"\"error\":{\"code\":3103,\"name\":\"DESK_UNREACHABLE\",\"detail\":\"Connection refused\"}}," \
	"{\"part\":\"ca\",\"system\":\"sheca-cisweb\",\"state\":\"ok\",\"url\":\"https://ca\",\"ms\":34}," \
	"{\"part\":\"clock\",\"state\":\"careful\",\"at\":" AT( \
	    "10:52:00") ",\"offset_s\":null}," \
			"{\"part\":\"form-certificate\",\"state\":\"careful\",\"unsigned\":true}," \
			"{\"part\":\"form\",\"system\":\"sheca-cisweb\",\"state\":\"ok\",\"form\":\"sheca-renewal\"," \
			"\"title\":\"数字证书更新申请表\"}," \
			"{\"part\":\"printer\",\"state\":\"careful\",\"printer\":\"kiosk\"," \
			"\"error\":{\"code\":7107,\"name\":\"PRINT_MEDIA\",\"detail\":\"kiosk\"}}," \
			"{\"part\":\"readers\",\"state\":\"ok\",\"needed\":true,\"readers\":[{\"reader\":\"FT\",\"key\":true,\"mute\":false}]}," \
			"{\"part\":\"keys\",\"state\":\"careful\",\"keys\":[],\"unknown\":[{\"reader\":\"FT\",\"atr\":\"3B\",\"usb\":\"\"}]}]"
#define PARTS_END \
	"{\"end\":\"failed\",\"facts\":{\"ok\":5,\"careful\":5,\"bad\":1},\"error\":{\"code\":3103," \
	"\"name\":\"DESK_UNREACHABLE\",\"detail\":\"Connection refused\"}}"

#define FAILED \
	"{\"end\":\"failed\",\"error\":{\"code\":5001,\"name\":\"STORE\",\"whose\":\"site\"," \
	"\"key\":\"safe\",\"detail\":\"records.db: disk I/O error\",\"native\":10}}"
#define GOOD "{\"end\":\"done\",\"facts\":{}}"

static json_t *
read_json(const char *text)
{
	json_t *o = text != NULL ? json_loads(text, 0, NULL) : NULL;

	T(text == NULL || o != NULL, "it is JSON");
	return o;
}

static void
look(const char *name, enum ck_list_kind kind, const char *rows, const char *end,
    const struct golden_person *who)
{
	json_t *all = read_json(rows), *last = read_json(end);
	struct ck_rows *l = ck_rows_new(kind, all);
	struct ck_view v;

	if (last != NULL)
		ck_rows_end(l, last);
	ck_rows_view(l, &v);
	golden(name, &v, who);
	ck_rows_free(l);
	json_decref(all);
	json_decref(last);
}

static void
shown(void)
{
	look("lists.records", CK_LIST_RECORDS, RECORDS, GOOD, &clerk);
	look("lists.records-none", CK_LIST_RECORDS, "[]", GOOD, &clerk);
	look("lists.records-reading", CK_LIST_RECORDS, "[]", NULL, &clerk);
	look("lists.records-failed", CK_LIST_RECORDS, "[]", FAILED, &clerk);
	look("lists.records-broken", CK_LIST_RECORDS, RECORDS, FAILED, &clerk);
	look("lists.lines", CK_LIST_LINES, LINES, GOOD, &clerk);
	look("lists.report", CK_LIST_REPORT, REPORT, REPORT_END, &clerk);
	look("lists.ledger", CK_LIST_LEDGER, LEDGERS, GOOD, &clerk);
	look("lists.diagnosis", CK_LIST_DIAGNOSIS, PARTS, PARTS_END, &clerk);
	look("lists.diagnosis-reading", CK_LIST_DIAGNOSIS, PARTS, NULL, &clerk);
	look("lists.status", CK_LIST_STATUS, STATUS, GOOD, &customer);
	look("lists.doctor", CK_LIST_DOCTOR, DOCTOR, GOOD, &customer);
	look("lists.doctor-clerk", CK_LIST_DOCTOR, DOCTOR, GOOD, &clerk);
}

/* ---- the worst there is ---- */

static json_t *
many(const char *row, int n)
{
	json_t *rows = json_array();

	for (int i = 0; i < n; i++) {
		json_t *one = read_json(row);

		if (json_object_get(one, "record") != NULL)
			json_object_set_new(
			    one, "record", json_sprintf("CK-20261121-%06d", 100 + i));
		json_array_append_new(rows, one);
	}
	return rows;
}

/* ---- a unit's keys in a row ---- */

#define BATCH(number, state, way, more) \
	"{\"record\":\"CK-20261121-" number "\",\"system\":\"sheca-cisweb\",\"title\":\"上海CA 个人和单位证书更新\"," \
	"\"way\":\"" way "\",\"clerk\":\"07\",\"state\":\"" state "\",\"opened\":" AT("09:00:00") more "}"
#define BATCHES \
	"[" BATCH("000012", "open", "on-behalf", ",\"keys\":12,\"done\":9,\"parked\":2") "," BATCH( \
	    "000004", "done", "self", \
	    ",\"keys\":3,\"done\":3,\"parked\":0,\"form\":\"printed\",\"reprint\":1") "]"
#define KEYS \
	"[{\"no\":1,\"name\":\"甲一\",\"key_serial\":\"3310090012345678\",\"result\":\"done\"," \
	"\"new_serial\":\"5DA6\",\"new_not_after\":\"2027-12-06T00:00:00+08:00\"}," \
	"{\"no\":2,\"name\":\"乙二\",\"key_serial\":\"3310090012345679\",\"result\":\"refused\"," \
	"\"why\":\"TOO_EARLY\"}," \
	"{\"no\":3,\"name\":\"丙三\",\"key_serial\":\"3310090012345680\",\"result\":\"parked\"," \
	"\"why\":\"authority\",\"slip\":\"CK-20261121-000014-KIOSK-1-3\"}," \
	"{\"no\":4,\"key_serial\":\"\\u001b[31mx\",\"result\":\"skipped\",\"why\":\"STOPPED\"}]"
#define WAYS \
	"[{\"system\":\"sheca-cisweb\",\"title\":\"上海CA 个人和单位证书更新\",\"way\":\"self\"}," \
	"{\"system\":\"sheca-cisweb\",\"title\":\"上海CA 个人和单位证书更新\",\"way\":\"on-behalf\"}]"

static void
in_a_row(void)
{
	look("batches.some", CK_LIST_BATCHES, BATCHES, GOOD, &clerk);
	look("batches.none", CK_LIST_BATCHES, "[]", GOOD, &clerk);
	look("batches.failed", CK_LIST_BATCHES, "[]", FAILED, &clerk);
	look("batch.keys", CK_LIST_BATCH, KEYS, GOOD, &clerk);
	look("batch.none", CK_LIST_BATCH, "[]", GOOD, &clerk);
	look("batch.over", CK_LIST_BATCH_OVER, KEYS, GOOD, &clerk);
	look("batch.ways", CK_LIST_WAYS, WAYS, GOOD, &clerk);
}

/* forty records, the last of them with a name of 60 characters and a clerk who tries to break out
 */
static void
forty(void)
{
	json_t *rows = many(OPEN, 40), *end = read_json(GOOD);
	json_t *last = json_array_get(rows, 39);
	struct ck_rows *l = ck_rows_new(CK_LIST_RECORDS, rows);
	struct ck_view v;

	json_object_set_new(last, "name",
	    json_string(
		"上海市浦东新区张江高科技园区某某某某某某某某某某信息技术与网络安全研究院股份有限"
		"公司第一分公司驻外办事处筹备组织委员会"));
	json_object_set_new(last, "clerk",
	    json_string("\x1b[2J\xE2\x80\xAE"
			"07\x07"));
	json_object_set_new(last, "state", json_string("parked"));
	json_object_set_new(last, "reason", json_string("certificate"));
	json_object_set_new(last, "key_label", json_string("\xE2\x80\x8B\xE2\x80\x8B"));
	ck_rows_view(l, &v);
	golden("lists.forty-reading", &v, &clerk);
	ck_rows_end(l, end);
	golden_key(&v, &clerk, CK_KEY_END);
	golden("lists.forty", &v, &clerk);
	ck_rows_free(l);
	json_decref(rows);
	json_decref(end);
}

/* forty lines of text, scrolled to the end and a page back */
static void
scrolled(void)
{
	json_t *rows = many(
	    LINE("09:00:35", "issue", "wait", "an officer looks at it \\u202e\\u001b[31m"), 40);
	json_t *end = read_json(GOOD);
	struct ck_rows *l = ck_rows_new(CK_LIST_LINES, rows);
	struct ck_ctx ctx = golden_ctx(&clerk, CK_LANG_ZH);
	struct ck_canvas *c = ck_canvas_new(CK_LEAST_COLS, CK_LEAST_ROWS);
	struct ck_view v;

	ck_rows_end(l, end);
	ck_rows_view(l, &v);
	golden_draw(c, &v, &ctx);
	T(golden_key(&v, &clerk, CK_KEY_END) == CK_WENT_CHANGE, "to the end");
	golden_draw(c, &v, &ctx);
	T(golden_key(&v, &clerk, CK_KEY_PAGE_UP) == CK_WENT_CHANGE, "a page back");
	golden("lists.scrolled", &v, &clerk);
	T(golden_key(&v, &clerk, CK_KEY_ENTER) == CK_WENT_BACK, "Enter: enough seen");
	ck_canvas_free(c);
	ck_rows_free(l);
	json_decref(rows);
	json_decref(end);
}

/* what grows for ever is cut, and said to be */
static void
latest(void)
{
	static const struct {
		enum ck_list_kind kind;
		const char *name, *row;
	} lists[] = {
		{ CK_LIST_FORMS_ALL, "lists.latest-forms",
		    "{\"record\":\"CK-20261121-000001\",\"form\":\"sheca-renewal\",\"state\":\"printed\","
		    "\"made_at\":\"2026-11-21T10:00:00+08:00\",\"pages\":2,\"copies\":1}" },
		{ CK_LIST_LEDGER, "lists.latest-lines",
		    "{\"seq\":1201,\"at\":\"2026-11-21T10:00:00+08:00\",\"text\":\"installed\"}" },
	};

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		for (int less = 0; less < 2; less++) {
			json_t *rows = many(lists[i].row, CK_LATEST_MAX - less);
			char *seen;
			struct ck_ctx ctx = golden_ctx(&clerk, CK_LANG_ZH);
			struct ck_canvas *c = ck_canvas_new(CK_LEAST_COLS, CK_LEAST_ROWS);
			struct ck_rows *l = ck_rows_new(lists[i].kind, rows);
			json_t *end = read_json(GOOD);
			struct ck_view v;

			ck_rows_end(l, end);
			ck_rows_view(l, &v);
			golden_draw(c, &v, &ctx);
			seen = ck_canvas_text(c);
			T((strstr(seen, "只列出最近 200 条") != NULL) == (less == 0), "%s: %s",
			    lists[i].name, less ? "all of them" : "the latest only");
			if (less == 0)
				golden(lists[i].name, &v, &clerk);
			free(seen);
			ck_canvas_free(c);
			ck_rows_free(l);
			json_decref(rows);
			json_decref(end);
		}
}

/* an engine that tells less than ours */
static void
sparse(void)
{
	look("lists.sparse-records", CK_LIST_RECORDS, "[{},{\"record\":\"CK-1\"}]",
	    "{\"end\":\"done\"}", &clerk);
	look("lists.sparse-report", CK_LIST_REPORT, "[{}]", "{\"end\":\"done\"}", &clerk);
	look("lists.sparse-parts", CK_LIST_DIAGNOSIS,
	    "[{\"part\":\"moon\",\"state\":\"ok\"},{\"part\":\"ca\",\"state\":\"bad\"},{}]",
	    "{\"end\":\"done\"}", &clerk);
	look("lists.sparse-lines", CK_LIST_LINES, "[{}]", "{\"end\":\"done\"}", &clerk);
}

/* ---- what is chosen ---- */

static void
chosen(void)
{
	json_t *rows = read_json(RECORDS), *end = read_json(GOOD);
	struct ck_rows *l = ck_rows_new(CK_LIST_RECORDS, rows);
	const json_t *row = NULL;
	struct ck_view v;

	ck_rows_end(l, end);
	ck_rows_view(l, &v);
	T(golden_key(&v, &clerk, CK_KEY_ENTER) == CK_WENT_DONE, "Enter shows what was done");
	T(ck_rows_chosen(l, &row) == CK_ROW_SHOW && row == json_array_get(rows, 0), "of the first");
	golden_key(&v, &clerk, CK_KEY_DOWN);
	T(golden_key(&v, &clerk, CK_KEY_F(5)) == CK_WENT_DONE, "F5 goes on");
	T(ck_rows_chosen(l, &row) == CK_ROW_RESUME && row == json_array_get(rows, 1),
	    "with the second");
	T(golden_key(&v, &clerk, CK_KEY_F(6)) == CK_WENT_DONE, "F6 gives up");
	T(ck_rows_chosen(l, &row) == CK_ROW_ABANDON && row == json_array_get(rows, 1), "it");
	T(golden_key(&v, &clerk, CK_KEY_F(7)) == CK_WENT_DONE, "F7 searches");
	T(ck_rows_chosen(l, &row) == CK_ROW_SEARCH && row == NULL, "for no row");
	golden_key(&v, &clerk, CK_KEY_DOWN);
	T(golden_key(&v, &clerk, CK_KEY_F(5)) == CK_WENT_REFUSED &&
		golden_key(&v, &clerk, CK_KEY_F(6)) == CK_WENT_REFUSED,
	    "nobody goes on with what is done");
	T(golden_press(&v, &clerk, 10, 6) == CK_WENT_DONE, "a press shows what was done");
	T(ck_rows_chosen(l, &row) == CK_ROW_SHOW && row == json_array_get(rows, 1), "of that one");
	T(golden_key(&v, &clerk, CK_KEY_F(4)) == CK_WENT_NOTHING, "F4 is for what can be checked");
	T(golden_key(&v, &clerk, CK_KEY_ESC) == CK_WENT_BACK, "Esc leaves");
	ck_rows_free(l);
	json_decref(rows);
	json_decref(end);
}

static void
checked_again(void)
{
	json_t *rows = read_json(PARTS);
	struct ck_rows *l = ck_rows_new(CK_LIST_DIAGNOSIS, rows);
	const json_t *row = rows;
	struct ck_view v;

	ck_rows_view(l, &v);
	T(golden_key(&v, &clerk, CK_KEY_F(4)) == CK_WENT_DONE, "F4 checks again");
	T(ck_rows_chosen(l, &row) == CK_ROW_AGAIN && row == NULL, "and is of no row");
	T(golden_key(&v, &clerk, CK_KEY_F(5)) == CK_WENT_NOTHING, "nothing goes on here");
	ck_rows_free(l);
	json_decref(rows);
}

int
main(int argc, char **argv)
{
	golden_begin(argc, argv);
	shown();
	in_a_row();
	forty();
	scrolled();
	sparse();
	latest();
	chosen();
	checked_again();
	return T_END();
}
