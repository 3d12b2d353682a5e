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
#define LEDGERS \
	"[" LEDGER("120", "09:00:40", "CK-20261121-000001", "install", "done", \
	    "written, read back, signs") "," LEDGER("119", "09:00:10", "CK-20261121-000001", \
	    "unlock", "intent", "a PIN goes to the key") "," LEDGER("118", "08:30:00", "", "desk", \
	    "done", "signed in") "]"

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
	"[{\"kind\":\"room\",\"id\":\"\",\"label\":\"\",\"entries\":4,\"more\":false,\"entries_max\":256," \
	"\"free\":null,\"total\":null,\"two_pairs\":true,\"safe\":false,\"act\":null}," \
	"{\"kind\":\"needs-pin\",\"id\":\"\",\"label\":\"\",\"safe\":true,\"act\":\"look\"}," \
	"{\"kind\":\"pair-without-certificate\",\"id\":\"0aaa494b8b7273d5\",\"label\":\"某某\",\"safe\":false,\"act\":null}," \
	"{\"kind\":\"pair-of-open-record\",\"id\":\"0aaa494b8b7273d5\",\"label\":\"\",\"record\":\"CK-20261121-000003\",\"safe\":false,\"act\":null}," \
	"{\"kind\":\"certificate-without-key\",\"id\":\"01\",\"label\":\"\",\"name\":\"上海某某科技有限公司\",\"serial\":\"5DA6\",\"safe\":false,\"act\":null}]"

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
	look("lists.status", CK_LIST_STATUS, STATUS, GOOD, &customer);
	look("lists.doctor", CK_LIST_DOCTOR, DOCTOR, GOOD, &customer);
	look("lists.doctor-clerk", CK_LIST_DOCTOR, DOCTOR, GOOD, &clerk);
}

int
main(int argc, char **argv)
{
	golden_begin(argc, argv);
	shown();
	return T_END();
}
