/* The certificates of the keys that are in: what they are, whether they can be renewed and why not,
 * what can be done by whom; which key, which certificate, which system. */
#include "screens_golden.h"

#include "../../tui/screens/cards.h"
#include "../../tui/screens/desk.h"

static const struct golden_person customer = { .hotline = "962600" },
				  clerk = { .clerk = true, .hotline = "962600" };

/* ---- rows as the watch has them ---- */

#define SHECA \
	"\"system\":\"sheca-cisweb\",\"title\":\"上海CA 个人和单位证书更新\"," \
	"\"hotline\":\"021-62077128\",\"class\":\"organisation\"," \
	"\"ways\":[\"self\",\"on-behalf\"],\"authorise\":\"envelope\""
#define OTHER \
	"\"system\":\"sd-bianban\",\"title\":\"山东编办 证书更新\",\"hotline\":\"0531-1234567\"," \
	"\"class\":\"organisation\",\"ways\":[\"self\"],\"authorise\":\"key\""
#define MAY(system) \
	"{" system ",\"eligible\":true,\"rule\":\"eligible\",\"first_day\":\"2026-11-05\"," \
	"\"last_day\":\"2027-01-05\"}"
#define NOT(system, rule, code, first, last) \
	"{" system ",\"eligible\":false,\"rule\":\"" rule "\",\"code\":" code \
	",\"first_day\":\"" first "\",\"last_day\":\"" last "\"}"

#define CERT(name, serial, from, to) \
	"\"certificate\":{\"subject\":\"C=CN, O=" name ", CN=" name "\",\"name\":\"" name \
	"\",\"issuer\":\"C=CN, O=UniTrust, CN=SHECA G3\",\"serial\":\"" serial \
	"\",\"not_before\":\"" from "T01:10:19+08:00\",\"not_after\":\"" to \
	"T01:10:19+08:00\",\"alg\":\"RSA 2048\",\"sha256\":\"" serial "\"}"
#define ENTRY(cert, private, server, systems) \
	"{\"id\":\"0aaa\",\"label\":\"x\"," cert \
	",\"closed\":false,\"public\":true,\"private\":\"" private "\",\"server\":" server \
								   ",\"systems\":[" systems \
								   "],\"unique_id\":\"001120438184130111\"}"

#define KEY_OF(family, label, serial, pin, entries, more) \
	"{\"event\":\"key\",\"family\":\"" family "\",\"serial\":\"" serial \
	"\",\"label\":\"" label "\",\"reader\":\"FT ePass2003 00 00\",\"pin\":{" pin \
	"},\"readonly\":false," \
	"\"two_pairs\":true,\"entries\":[" entries "]" more "}"
#define KEY(pin, entries, more) \
	KEY_OF("飞天 ePass2003", "某某科技", "3310090012345678", pin, entries, more)
#define PIN_OK "\"state\":\"ok\",\"tries\":null,\"min\":4,\"max\":16"
#define PIN_LOW "\"state\":\"low\",\"tries\":2,\"min\":4,\"max\":16"
#define PIN_LOCKED "\"state\":\"locked\",\"tries\":0,\"min\":4,\"max\":16"

#define DOWNLOADS ",\"downloads\":[{\"system\":\"sd-bianban\",\"title\":\"山东编办 证书更新\"}]"
#define COMPANY "上海某某科技有限公司"
#define SOON \
	ENTRY(CERT(COMPANY, "5DA674B3B75B", "2025-12-05", "2026-12-05"), "unknown", "false", \
	    MAY(SHECA))
#define FINE \
	ENTRY(CERT(COMPANY, "5DA674B3B75C", "2026-03-01", "2027-09-28"), "yes", "false", \
	    NOT(SHECA, "window", "2001", "2027-08-28", "2027-10-28"))
#define LATE \
	ENTRY(CERT(COMPANY, "5DA674B3B75D", "2024-03-01", "2025-02-28"), "yes", "false", \
	    NOT(SHECA, "window", "2002", "2025-01-28", "2025-03-28"))
#define SERVER \
	ENTRY(CERT("www.example.cn", "5DA674B3B75E", "2026-03-01", "2027-02-28"), "yes", "true", \
	    NOT(SHECA, "server-certificate", "2003", "2027-01-28", "2027-03-28"))
#define STRANGER ENTRY(CERT("李四", "5DA674B3B75F", "2026-03-01", "2027-02-28"), "yes", "false", "")
#define ALONE \
	ENTRY(CERT(COMPANY, "5DA674B3B760", "2025-12-05", "2026-12-05"), "no", "false", MAY(SHECA))
#define BY_CLERK \
	ENTRY(CERT(COMPANY, "5DA674B3B761", "2025-12-05", "2026-12-05"), "yes", "false", \
	    MAY("\"system\":\"counter\",\"title\":\"柜台更新\",\"class\":\"person\"," \
		"\"ways\":[\"on-behalf\"],\"authorise\":\"envelope\""))
#define BARE \
	"{\"id\":\"0bbb\",\"label\":\"left\",\"certificate\":null,\"closed\":false," \
	"\"public\":true,\"private\":\"unknown\"}"
#define RECORD(way) RECORD_AT(way, "install")
#define RECORD_AT(way, station) \
	",\"record\":{\"record\":\"CK-20261028-000003\",\"system\":\"sheca-cisweb\",\"way\":\"" way \
	"\",\"clerk\":\"07\",\"state\":\"parked\",\"station\":\"" station "\"," \
	"\"opened\":\"2026-10-28T10:00:00+08:00\",\"touched\":\"2026-10-28T10:05:00+08:00\"," \
	"\"closed\":null,\"reason\":\"person\",\"slip\":\"JA01-3F7K-9\"}"

static struct ck_keyview *
view_of(const char *rows, struct ck_view *v)
{
	json_t *all = json_loads(rows, 0, NULL);
	struct ck_keyview *k;

	T(all != NULL, "rows are JSON");
	k = ck_keyview_new(all);
	json_decref(all);
	ck_keyview_view(k, v);
	return k;
}

static void
look(const char *name, const char *rows, const struct golden_person *who)
{
	struct ck_view v;
	struct ck_keyview *k = view_of(rows, &v);

	golden(name, &v, who);
	ck_keyview_free(k);
}

/* ---- */

static void
shown(void)
{
	look("cards.one", "[" KEY(PIN_OK, SOON, "") "]", &customer);
	look("cards.one-clerk", "[" KEY(PIN_OK, SOON "," BARE, "") "]", &clerk);
	look("cards.two-clerk", "[" KEY(PIN_OK, SOON "," SERVER, "") "]", &clerk);
	look("cards.late", "[" KEY(PIN_LOW, LATE, "") "]", &customer);
	look("cards.many", "[" KEY(PIN_OK, FINE "," SOON "," LATE "," STRANGER "," SERVER, "") "]",
	    &clerk);
	look("cards.record", "[" KEY(PIN_OK, SOON, RECORD("self")) "]", &customer);
	look("cards.downloads", "[" KEY(PIN_OK, SOON, DOWNLOADS) "]", &clerk);
	look("cards.downloads-empty", "[" KEY(PIN_OK, "", DOWNLOADS) "]", &clerk);
	look("cards.downloads-self", "[" KEY(PIN_OK, SOON, DOWNLOADS) "]", &customer);
	look("cards.record-behalf", "[" KEY(PIN_OK, SOON, RECORD("on-behalf")) "]", &customer);
	look("cards.record-download", "[" KEY(PIN_OK, "", RECORD("download")) "]", &customer);
	look("cards.record-clerk", "[" KEY(PIN_OK, SOON, RECORD("on-behalf")) "]", &clerk);
	look("cards.record-given-up", "[" KEY(PIN_OK, SOON, RECORD_AT("self", "abandon")) "]",
	    &clerk);
	look("cards.locked", "[" KEY(PIN_LOCKED, SOON, "") "]", &customer);
	look("cards.no-private", "[" KEY(PIN_OK, ALONE, "") "]", &customer);
	look("cards.stranger", "[" KEY(PIN_OK, STRANGER, "") "]", &customer);
	look("cards.by-clerk", "[" KEY(PIN_OK, BY_CLERK, "") "]", &customer);
	look("cards.empty", "[" KEY(PIN_OK, "", "") "]", &customer);
	look("cards.keys",
	    "[" KEY(PIN_OK, SOON, "") "," KEY_OF("SoftHSM2", "", "99", PIN_LOCKED, "", "") "]",
	    &customer);
	look("cards.systems",
	    "[" KEY(PIN_OK,
		ENTRY(CERT(COMPANY, "5D", "2025-12-05", "2026-12-05"), "unknown", "false",
		    MAY(SHECA) "," MAY(OTHER) "," NOT(
			"\"system\":\"third\",\"title\":\"第三个系统\"", "class", "2007",
			"2026-11-05", "2027-01-05")),
		"") "]",
	    &clerk);
}

/* ---- what it costs, what to bring, how long it takes ---- */

#define BOTH(name, zh, en) "\"" name "\":{\"zh\":\"" zh "\",\"en\":\"" en "\"}"
#define COST \
	BOTH("cost", "机构 100 元/年，个人 50 元/年，用支付宝付；统一付费的用户不用付", \
	    "100 yuan a year for an organisation, 50 for a person, by Alipay; nothing where it is paid for centrally")
#define BRING \
	BOTH("bring", "Key 和它的密码；经办人的姓名、身份证号、手机号和邮箱；要发票的，开票信息", \
	    "The key and its PIN; name, ID number, phone and mail address of who acts; for an invoice, what it has to say")
#define TAKES BOTH("takes", "1 到 3 分钟", "1 to 3 minutes")
#define NOTICES(all) ",\"notices\":{" all "}"
#define NOTICE(system, all) "\"" system "\":{" all "}"

/* the help behind F1, of what is on the screen */
static void
look_behind(const char *name, const char *rows, const struct golden_person *who)
{
	struct ck_view v, help;
	struct ck_keyview *k = view_of(rows, &v);
	struct ck_help h = { .name = v.help, .of = &v };

	ck_help_view(&h, &help);
	golden(name, &help, who);
	ck_keyview_free(k);
}

static void
noticed(void)
{
	static const char one[] =
	    "[" KEY(PIN_OK, SOON, NOTICES(NOTICE("sheca-cisweb", COST "," BRING "," TAKES))) "]";
	static const char late[] =
	    "[" KEY(PIN_OK, LATE, NOTICES(NOTICE("sheca-cisweb", TAKES))) "]";
	static const char several[] = "[" KEY(PIN_OK,
	    ENTRY(CERT(COMPANY, "5D", "2025-12-05", "2026-12-05"), "unknown", "false",
		MAY(SHECA) "," MAY(OTHER)),
	    NOTICES(NOTICE("sheca-cisweb", COST) "," NOTICE("sd-bianban", BRING "," TAKES))) "]";
	static const char crowded[] =
	    "[" KEY(PIN_OK, FINE "," SOON "," LATE "," STRANGER "," SERVER,
		NOTICES(NOTICE("sheca-cisweb", COST "," BRING "," TAKES))) "]";

	look("cards.notice", one, &customer);
	look("cards.notice-clerk", one, &clerk);
	look("cards.notice-late", late, &customer);
	look("cards.notice-systems", several, &clerk);
	look("cards.notice-crowded", crowded, &clerk);
	look_behind("help.notice", one, &customer);
	look_behind("help.notice-systems", several, &clerk);
}

/* ---- the worst there is ---- */

#define LONG60 \
	"上海市浦东新区张江高科技园区某某某某某某某某某某信息技术与网络安全研究院股份有限公司" \
	"第一分公司驻外办事处筹备组织委员会"
#define LONG_ISSUER \
	"C=CN, O=Very Long Issuing Organisation Of Certificates, CN=The Issuing Certification " \
	"Authority Of The Whole Province, Generation Three, For Organisations And Persons Alike"

static json_t *
entry_from(const char *json)
{
	json_t *entry = json_loads(json, 0, NULL);

	T(entry != NULL, "an entry is JSON");
	return entry;
}

/* a name of 60 characters, an issuer of two lines, a label as long, systems of long titles */
static void
longest(void)
{
	json_t *rows = json_loads("[" KEY(PIN_LOW, SOON, "") "]", 0, NULL);
	json_t *row = json_array_get(rows, 0), *cert, *entry;
	struct ck_keyview *k;
	struct ck_view v;

	entry = json_array_get(json_object_get(row, "entries"), 0);
	cert = json_object_get(entry, "certificate");
	json_object_set_new(cert, "name", json_string(LONG60));
	json_object_set_new(cert, "issuer", json_string(LONG_ISSUER));
	json_object_set_new(
	    cert, "serial", json_string("00A1B2C3D4E5F60718293A4B5C6D7E8F90A1B2C3"));
	json_object_set_new(entry, "unique_id",
	    json_string(
		"SF-0123456789012345678901234567890123456789012345678901234567890123456789"));
	json_object_set_new(row, "label", json_string("某某某某某某某某某某某某某某某某"));
	json_object_set_new(row, "serial", json_string("0123456789ABCDEF0123456789ABCDEF"));
	json_object_set_new(row, "readonly", json_true());
	k = ck_keyview_new(rows);
	ck_keyview_view(k, &v);
	golden("cards.longest", &v, &clerk);
	ck_keyview_free(k);
	json_decref(rows);
}

/* escape codes, marks that turn the line around, characters of no width, a name of blanks only */
static void
hostile(void)
{
	static const char *const names[] = { "\x1b[2J\x1b[31mroot\x07", "\xE2\x80\xAE moc.elpmaxe",
		"\xE2\x80\x8B\xE2\x80\x8B\xE2\x80\x8B", "   ", "a\nb\tc|{x}[y]", "" };
	json_t *rows = json_loads("[" KEY(PIN_OK, "", "") "]", 0, NULL);
	json_t *entries = json_object_get(json_array_get(rows, 0), "entries");
	struct ck_keyview *k;
	struct ck_view v;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		json_t *entry = entry_from(LATE);
		json_t *cert = json_object_get(entry, "certificate");

		json_object_set_new(cert, "name", json_string(names[i]));
		json_object_set_new(cert, "issuer", json_string(names[i]));
		json_array_append_new(entries, entry);
	}
	k = ck_keyview_new(rows);
	ck_keyview_view(k, &v);
	golden("cards.hostile", &v, &customer);
	ck_keyview_free(k);
	json_decref(rows);
}

/* an engine that tells less than ours, or nothing at all */
static void
sparse(void)
{
	look("cards.sparse",
	    "[{\"serial\":\"1\",\"entries\":[{\"certificate\":{\"name\":\"甲\"}},"
	    "{\"certificate\":{\"error\":{\"code\":2009}},\"label\":\"b\"},"
	    "{\"certificate\":null,\"closed\":true,\"label\":\"c.p12\"}]}]",
	    &customer);
	look("cards.nothing", "[{}]", &clerk);
}

/* forty certificates: the one in focus is always seen whole */
static void
crowded(void)
{
	json_t *rows = json_loads("[" KEY(PIN_OK, "", "") "]", 0, NULL);
	json_t *entries = json_object_get(json_array_get(rows, 0), "entries");
	struct ck_keyview *k;
	struct ck_view v;

	for (int i = 0; i < 40; i++)
		json_array_append_new(entries, entry_from(i % 2 == 0 ? FINE : SERVER));
	k = ck_keyview_new(rows);
	ck_keyview_view(k, &v);
	for (int i = 0; i < 7; i++)
		golden_key(&v, &clerk, CK_KEY_RIGHT);
	golden("cards.crowded", &v, &clerk);
	ck_keyview_free(k);
	json_decref(rows);
}

/* ---- choosing ---- */

static void
chosen_is(const struct ck_keyview *k, enum ck_deed deed, const char *certificate,
    const char *system, const char *way, const char *name)
{
	struct ck_chosen c;

	ck_keyview_chosen(k, &c);
	T(c.deed == deed, "%s: the deed", name);
	T_STR(c.key, "3310090012345678", "%s: the key", name);
	T_STR(c.certificate != NULL ? c.certificate : "-", certificate, "%s: which certificate",
	    name);
	T_STR(c.system != NULL ? c.system : "-", system, "%s: in which system", name);
	T_STR(c.way != NULL ? c.way : "-", way, "%s: in which way", name);
}

/* Of none of the certificates that are there. */
static void
downloads(void)
{
	struct ck_view v;
	struct ck_keyview *k = view_of("[" KEY(PIN_OK, SOON, DOWNLOADS) "]", &v);

	T(golden_key(&v, &clerk, '3') == CK_WENT_DONE, "a clerk's third");
	chosen_is(k, CK_DEED_RENEW, "-", "sd-bianban", "download", "a download");
	golden_key(&v, &customer, '3');
	chosen_is(k, CK_DEED_PIN, "5DA674B3B75B", "-", "-", "a customer has none");
	ck_keyview_free(k);
}

static void
one_certificate(void)
{
	struct ck_view v;
	struct ck_keyview *k = view_of("[" KEY(PIN_OK, SOON, "") "]", &v);

	T(golden_key(&v, &customer, '1') == CK_WENT_DONE, "a digit chooses");
	chosen_is(k, CK_DEED_RENEW, "5DA674B3B75B", "sheca-cisweb", "self", "a customer's 1");
	T(golden_key(&v, &clerk, '1') == CK_WENT_DONE, "a digit chooses, at the desk");
	chosen_is(k, CK_DEED_RENEW, "5DA674B3B75B", "sheca-cisweb", "on-behalf", "a clerk's 1");
	T(golden_key(&v, &clerk, CK_KEY_DOWN) == CK_WENT_CHANGE, "an arrow moves");
	T(golden_key(&v, &clerk, CK_KEY_ENTER) == CK_WENT_DONE, "Enter chooses");
	chosen_is(k, CK_DEED_RENEW, "5DA674B3B75B", "sheca-cisweb", "self", "a clerk's 2");
	T(golden_key(&v, &clerk, CK_KEY_END) == CK_WENT_CHANGE &&
		golden_key(&v, &clerk, CK_KEY_ENTER) == CK_WENT_DONE,
	    "the arrows reach what stands side by side");
	chosen_is(k, CK_DEED_STATUS, "5DA674B3B75B", "-", "-", "the last");
	T(golden_key(&v, &clerk, '9') == CK_WENT_REFUSED, "there is no ninth");
	T(golden_key(&v, &clerk, CK_KEY_RIGHT) == CK_WENT_NOTHING, "there is no other card");
	T(golden_key(&v, &clerk, CK_KEY_ESC) == CK_WENT_BACK, "Esc leaves");
	T(golden_press(&v, &customer, 10, 12) == CK_WENT_DONE, "a press on a row chooses");
	chosen_is(k, CK_DEED_RENEW, "5DA674B3B75B", "sheca-cisweb", "self", "the pressed row");
	T(golden_press(&v, &customer, 21, 14) == CK_WENT_DONE, "a press below chooses");
	chosen_is(k, CK_DEED_PIN, "5DA674B3B75B", "-", "-", "the pressed button");
	ck_keyview_free(k);
}

static void
several(void)
{
	struct ck_view v;
	struct ck_keyview *k = view_of("[" KEY(PIN_OK, FINE "," SOON "," SERVER, "") "]", &v);
	json_t *rows = json_loads("[" KEY(PIN_OK, SERVER "," SOON, "") "]", 0, NULL);

	T(golden_key(&v, &customer, '1') == CK_WENT_DONE, "what can be renewed is in focus");
	chosen_is(k, CK_DEED_RENEW, "5DA674B3B75B", "sheca-cisweb", "self", "the second");
	T(golden_key(&v, &customer, CK_KEY_RIGHT) == CK_WENT_CHANGE, "the next card");
	T(golden_key(&v, &customer, '1') == CK_WENT_DONE, "a server's has no renewal");
	chosen_is(k, CK_DEED_DOCTOR, "5DA674B3B75E", "-", "-", "the third");
	T(golden_key(&v, &customer, CK_KEY_TAB) == CK_WENT_CHANGE, "round to the first");
	T(golden_key(&v, &customer, '3') == CK_WENT_DONE, "its status");
	chosen_is(k, CK_DEED_STATUS, "5DA674B3B75C", "-", "-", "the first");
	T(golden_press(&v, &customer, 10, 11) == CK_WENT_CHANGE,
	    "a press brings a card into focus");
	T(golden_key(&v, &customer, '1') == CK_WENT_DONE, "its renewal");
	chosen_is(k, CK_DEED_RENEW, "5DA674B3B75B", "sheca-cisweb", "self", "the pressed card");
	ck_keyview_update(k, rows);
	T(golden_key(&v, &customer, '1') == CK_WENT_DONE, "the rows came anew");
	chosen_is(k, CK_DEED_RENEW, "5DA674B3B75B", "sheca-cisweb", "self", "still the same card");
	ck_keyview_free(k);
	json_decref(rows);
}

static void
not_for_customers(void)
{
	struct ck_chosen c;
	struct ck_view v;
	struct ck_keyview *k = view_of("[" KEY(PIN_OK, SOON, RECORD("on-behalf")) "]", &v);

	T(golden_key(&v, &customer, '1') == CK_WENT_REFUSED, "what a clerk began takes a clerk");
	T(golden_key(&v, &clerk, '2') == CK_WENT_DONE, "a clerk gives it up");
	ck_keyview_chosen(k, &c);
	T(c.deed == CK_DEED_ABANDON, "abandon");
	T_STR(c.record, "CK-20261028-000003", "which record");
	ck_keyview_free(k);
	k = view_of("[" KEY(PIN_OK, SOON, RECORD("self")) "]", &v);
	T(golden_key(&v, &customer, '1') == CK_WENT_DONE, "what the customer began goes on");
	ck_keyview_chosen(k, &c);
	T(c.deed == CK_DEED_RESUME, "resume");
	T(golden_key(&v, &customer, '2') == CK_WENT_DONE, "the second");
	ck_keyview_chosen(k, &c);
	T(c.deed == CK_DEED_DOCTOR, "no customer gives a record up by himself");
	ck_keyview_free(k);
	k = view_of("[" KEY(PIN_LOCKED, SOON, "") "]", &v);
	T(golden_key(&v, &customer, '1') == CK_WENT_REFUSED,
	    "nothing can be renewed under a locked PIN");
	T(golden_key(&v, &customer, '3') == CK_WENT_REFUSED, "nor can it be changed");
	ck_keyview_free(k);
	k = view_of("[" KEY(PIN_OK, BY_CLERK, "") "]", &v);
	T(golden_key(&v, &customer, '1') == CK_WENT_REFUSED, "what clerks alone renew");
	T(golden_key(&v, &clerk, '1') == CK_WENT_DONE, "a clerk renews");
	ck_keyview_free(k);
	k = view_of("[" KEY(PIN_OK, ALONE, "") "]", &v);
	T(golden_key(&v, &clerk, '1') == CK_WENT_DONE, "without a private key there is no renewal");
	ck_keyview_chosen(k, &c);
	T(c.deed == CK_DEED_DOCTOR, "the first that can be done is to examine it");
	ck_keyview_free(k);
}

#define TWO_KEYS "[" KEY(PIN_OK, SOON, "") "," KEY_OF("SoftHSM2", "", "99", PIN_OK, FINE, "") "]"

static void
two_keys(void)
{
	struct ck_chosen c;
	struct ck_view v;
	struct ck_keyview *k = view_of(TWO_KEYS, &v);
	json_t *one = json_loads("[" KEY_OF("SoftHSM2", "", "99", PIN_OK, FINE, "") "]", 0, NULL);
	json_t *two = json_loads(TWO_KEYS, 0, NULL);

	T(golden_key(&v, &customer, '2') == CK_WENT_CHANGE, "the second key");
	T(golden_key(&v, &customer, '1') == CK_WENT_DONE, "and what can be done with it");
	ck_keyview_chosen(k, &c);
	T_STR(c.key, "99", "its serial number");
	T(golden_key(&v, &customer, CK_KEY_ESC) == CK_WENT_CHANGE, "Esc goes back to the keys");
	T(golden_key(&v, &customer, CK_KEY_ESC) == CK_WENT_BACK, "and from there away");
	T(golden_press(&v, &customer, 10, 6) == CK_WENT_CHANGE, "a press chooses a key");
	T(golden_key(&v, &customer, '1') == CK_WENT_DONE, "the first");
	ck_keyview_chosen(k, &c);
	T_STR(c.key, "3310090012345678", "is the one pressed");
	ck_keyview_update(k, one);
	T(golden_key(&v, &customer, '1') == CK_WENT_DONE, "it was pulled: the other is left");
	ck_keyview_chosen(k, &c);
	T_STR(c.key, "99", "and needs no choice");
	ck_keyview_update(k, two);
	T(golden_key(&v, &customer, '1') == CK_WENT_DONE, "another comes: nobody is asked again");
	ck_keyview_chosen(k, &c);
	T_STR(c.key, "99", "the key in hand stays");
	ck_keyview_free(k);
	json_decref(one);
	json_decref(two);
}

int
main(int argc, char **argv)
{
	golden_begin(argc, argv);
	shown();
	noticed();
	longest();
	hostile();
	sparse();
	crowded();
	one_certificate();
	downloads();
	several();
	not_for_customers();
	two_keys();
	return T_END();
}
