/* How a visit ends, on the screen: done, kept with its slip, given back, left, failed; and what can
 * be done then, by a clerk and by a customer. */
#include "screens_lines.h"

#include "../../tui/screens/ending.h"

enum who { CLERK, CUSTOMER };

#define ERR(code, name, whose, key, detail) \
	",\"error\":{\"code\":" #code ",\"name\":\"" name "\",\"whose\":\"" whose \
	"\",\"key\":\"" key "\",\"detail\":\"" detail "\",\"native\":0}"
#define HOTLINE "\"hotline\":\"021-62077128\""
#define SLIP HOTLINE ",\"slip\":\"" LINES_SLIP "\""
#define RECORD "\"record\":\"CK-20261121-000027\","

#define PRINTED_FORM(state, copies) \
	"\"form\":{\"record\":\"CK-20261121-000027\",\"form\":\"sheca-renewal\",\"pages\":2," \
	"\"copies\":" copies ",\"state\":\"" state "\"}"

/* a kiosk's name of 63 bytes, none of which a slip can hold as it is */
#define Z7 "Z5FZ5FZ5FZ5FZ5FZ5FZ5F"
#define LONG_SLIP "CK-20261121-000027-" Z7 Z7 Z7 Z7 Z7 Z7 Z7 Z7 Z7 "-X"
#define LONG_TEXT \
	"\\u001b[2Jmanual check by the registration authority, which calls the holder at the number " \
	"it has on file \\u202eand that may take until the end of the week"

static const struct ending {
	const char *name;
	enum who who;
	const char *verb;
	const char *at;	     /* how far the visit came; NULL: to its end, "": nowhere */
	const char *more[4]; /* what was said besides */
	const char *end;
	int keys[2];
} endings[] = {
	{ "ending.done", CLERK, "renew", NULL, { NULL },
	    "{\"end\":\"done\"," RECORD "\"facts\":{" HOTLINE "}}", { 0 } },
	{ "ending.unseen-done", CLERK, "renew", "",
	    { "{\"did\":\"confirm\",\"say\":\"confirmed\",\"facts\":{}}",
		"{\"did\":\"pin\",\"say\":\"pin-changed\",\"facts\":{}}",
		"{\"did\":\"retire\",\"say\":\"retired\",\"facts\":{}}" },
	    "{\"end\":\"done\"," RECORD "\"facts\":{\"unseen\":\"07\"," HOTLINE "}}", { 0 } },
	{ "ending.unseen-kept", CLERK, "resume", "", { NULL },
	    "{\"end\":\"failed\"," RECORD "\"facts\":{\"unseen\":\"07\"," SLIP
	    "}" ERR(6005, "STOPPED", "customer", "safe", "") "}",
	    { 0 } },
	{ "ending.unseen-pin", CLERK, "pin", "",
	    { "{\"did\":\"set-pin\",\"say\":\"own-pin-changed\",\"facts\":{}}" },
	    "{\"end\":\"done\",\"facts\":{\"unseen\":\"07\"}}", { 0 } },
	{ "ending.done-self", CUSTOMER, "renew", "pin",
	    { "{\"step\":\"close\",\"n\":12,\"of\":12}",
		"{\"did\":\"retire\",\"n\":11,\"of\":12,\"say\":\"kept\",\"facts\":{}}",
		"{\"did\":\"retire\",\"n\":11,\"of\":12,\"say\":\"names-kept\",\"facts\":{\"why\":"
		"\"CKR_ATTRIBUTE_READ_ONLY\"}}" },
	    "{\"end\":\"done\"," RECORD "\"facts\":{" HOTLINE "}}", { 0 } },
	{ "ending.done-long", CLERK, "resume", "install",
	    { "{\"did\":\"cert\",\"say\":\"cert-read\",\"facts\":{\"name\":\"甲乙丙丁戊己庚辛壬癸"
	      "甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚辛壬癸"
	      "甲乙丙丁戊己庚辛壬癸\",\"serial\":\"0123456789ABCDEF0123456789ABCDEF01234567\","
	      "\"not_after\":\"2026-12-06T01:31:58+08:00\"}}",
		"{\"did\":\"issue\",\"say\":\"issued-found\",\"facts\":{\"serial\":"
		"\"FEDCBA9876543210FEDCBA9876543210FEDCBA98\",\"not_after\":"
		"\"2027-12-06T01:31:58+08:00\"}}",
		"{\"step\":\"close\",\"n\":13,\"of\":13}",
		"{\"did\":\"pin\",\"say\":\"pin-unchanged\",\"facts\":{\"why\":\"C_SetPIN: "
		"0xa2\"}}" },
	    "{\"end\":\"done\"," RECORD "\"facts\":{}}", { 0 } },
	{ "ending.done-resumed", CLERK, "resume", "eligible",
	    { "{\"did\":\"eligible\",\"say\":\"issued-before\",\"facts\":{\"serial\":"
	      "\"5E2D6A8C11F09B43\",\"not_after\":\"2027-12-06T01:31:58+08:00\"}}",
		"{\"did\":\"eligible\",\"say\":\"pin-settled\",\"facts\":{}}",
		"{\"did\":\"retire\",\"say\":\"retired\",\"facts\":{}}" },
	    "{\"end\":\"done\"," RECORD "\"facts\":{" HOTLINE "}}", { 0 } },
	{ "ending.done-seal", CUSTOMER, "renew", "pin",
	    { "{\"step\":\"close\",\"n\":13,\"of\":13}",
		"{\"did\":\"seal\",\"say\":\"seal-written\",\"facts\":{\"label\":"
		"\"某某公司电子印章\"}}",
		"{\"did\":\"retire\",\"say\":\"retired\",\"facts\":{}}" },
	    "{\"end\":\"done\"," RECORD "\"facts\":{" HOTLINE "}}", { 0 } },
	{ "ending.done-no-seal", CUSTOMER, "renew", "pin",
	    { "{\"step\":\"close\",\"n\":13,\"of\":13}",
		"{\"did\":\"seal\",\"say\":\"seal-not-written\",\"facts\":{\"code\":"
		"\"SEAL_NO_ROOM\"}}",
		"{\"did\":\"retire\",\"say\":\"retired\",\"facts\":{}}" },
	    "{\"end\":\"done\"," RECORD "\"facts\":{" HOTLINE "}}", { 0 } },
	{ "ending.unpaid", CUSTOMER, "renew", "authorise", { NULL },
	    "{\"end\":\"parked\"," RECORD "\"facts\":{" SLIP ",\"waits\":\"unpaid\"}}", { 0 } },
	{ "ending.papers", CUSTOMER, "renew", "form-before", { NULL },
	    "{\"end\":\"parked\"," RECORD "\"facts\":{" SLIP
	    ",\"waits\":\"papers-pending\",\"form\":\"printed\",\"reprint\":1}}",
	    { 0 } },
	{ "ending.rejected", CLERK, "renew", "authorise",
	    { "{\"did\":\"pay\",\"n\":9,\"of\":16,\"say\":\"refund\",\"facts\":{\"amount\":20000}}" },
	    "{\"end\":\"parked\"," RECORD "\"facts\":{" SLIP ",\"waits\":\"rejected\"}}", { 0 } },
	{ "ending.parked", CUSTOMER, "renew", "issue",
	    { "{\"did\":\"issue\",\"n\":8,\"of\":13,\"say\":\"waiting\",\"facts\":{\"retry_at\":"
	      "\"2026-11-23T09:00:00+08:00\",\"text\":\"manual check\"}}" },
	    "{\"end\":\"parked\"," RECORD "\"facts\":{" SLIP
	    ",\"retry_at\":\"2026-11-23T09:00:00+08:00\"}}",
	    { 0 } },
	{ "ending.parked-qr", CUSTOMER, "renew", "issue", { NULL },
	    "{\"end\":\"parked\"," RECORD "\"facts\":{" SLIP "}}", { CK_KEY_F(4) } },
	{ "ending.parked-long", CLERK, "renew", "issue",
	    { "{\"did\":\"issue\",\"n\":8,\"of\":13,\"say\":\"waiting\",\"facts\":{\"retry_at\":"
	      "\"2026-11-23T09:00:00+08:00\",\"text\":\"" LONG_TEXT "\"}}" },
	    "{\"end\":\"parked\"," RECORD "\"facts\":{" HOTLINE ",\"slip\":\"" LONG_SLIP
	    "\",\"retry_at\":\"2026-11-23T09:00:00+08:00\"}}",
	    { 0 } },
	{ "ending.declined", CLERK, "renew", "eligible",
	    { "{\"did\":\"eligible\",\"say\":\"declined\",\"facts\":{\"record\":"
	      "\"CK-20261121-000027\"}}" },
	    "{\"end\":\"parked\"," RECORD "\"facts\":{" SLIP "}}", { 0 } },
	{ "ending.stopped", CLERK, "renew", "issue", { NULL },
	    "{\"end\":\"failed\"," RECORD "\"facts\":{" SLIP
	    "}" ERR(6005, "STOPPED", "customer", "safe", "") "}",
	    { 0 } },
	{ "ending.left", CUSTOMER, "renew", "unlock", { NULL },
	    "{\"end\":\"refused\"," RECORD "\"facts\":{" HOTLINE
	    "}" ERR(6005, "STOPPED", "customer", "safe", "") "}",
	    { 0 } },
	{ "ending.refused", CUSTOMER, "renew", "unlock",
	    { "{\"step\":\"abandon\",\"n\":13,\"of\":13}" },
	    "{\"end\":\"refused\"," RECORD "\"facts\":{" HOTLINE
	    "}" ERR(1204, "PIN_LAST_TRY", "clerk", "safe", "3310090012345678") "}",
	    { 0 } },
	{ "ending.refused-self", CUSTOMER, "renew", "unlock", { NULL },
	    "{\"end\":\"refused\"," RECORD "\"facts\":{" HOTLINE
	    "}" ERR(1201, "PIN_WRONG", "customer", "safe", "C_Login: 0xa0") "}",
	    { 0 } },
	{ "ending.failed", CLERK, "renew", "issue", { NULL },
	    "{\"end\":\"failed\"," RECORD "\"facts\":{" SLIP "}" ERR(4101, "CA_UNREACHABLE", "site",
		"safe", "ca.example.cn: Couldn't resolve host name") "}",
	    { CK_KEY_DOWN } },
	{ "ending.failed-self", CUSTOMER, "renew", "install", { NULL },
	    "{\"end\":\"failed\"," RECORD "\"facts\":{" SLIP
	    "}" ERR(1014, "WRITE_NOT_KEPT", "clerk", "safe", "CKR_DEVICE_ERROR") "}",
	    { 0 } },
	{ "ending.failed-hostile", CLERK, "resume", "", { NULL },
	    "{\"end\":\"failed\",\"record\":\"\\u001b[2J\\u202e000027\",\"facts\":{\"slip\":"
	    "\"CK-20261121-000027-Z4A49Z4E47Z41N-Z5FZ5FZ5FZ5FZ5FZ5FZ5FZ5FZ5FZ5FZ5FZ5FZ5FZ5FZ5FZ5FZ5F"
	    "Z5FZ5FZ5FZ5FZ5FZ5FZ5FZ5FZ5FZ5FZ5FZ5FZ5FZ5FZ5FZ5FZ5FZ5F-X\"}" ERR(
		4103, "CA_REFUSED", "ca", "safe", "\\u001b]0;x\\u0007 not \\u202egnp") "}",
	    { 0 } },
	{ "ending.unknown", CLERK, "renew", "", { NULL },
	    "{\"end\":\"failed\"" ERR(9999, "OF_TOMORROW", "program", "safe", "new") "}", { 0 } },
	{ "ending.abandoned", CLERK, "abandon", "",
	    { "{\"step\":\"abandon\",\"n\":13,\"of\":13}",
		"{\"did\":\"abandon\",\"say\":\"released\",\"facts\":{\"lease\":\"L-1\"}}",
		"{\"did\":\"abandon\",\"say\":\"order-paid\",\"facts\":{\"order\":\"O-77\"}}",
		"{\"did\":\"abandon\",\"say\":\"swept\",\"facts\":{}}" },
	    "{\"end\":\"abandoned\"," RECORD "\"facts\":{" HOTLINE
	    ",\"restored\":true,\"kept\":false}}",
	    { 0 } },
	{ "ending.abandoned-left", CLERK, "abandon", "",
	    { "{\"step\":\"abandon\",\"n\":13,\"of\":13}",
		"{\"did\":\"abandon\",\"say\":\"released\",\"facts\":{\"lease\":\"L-1\"}}" },
	    "{\"end\":\"abandoned\"," RECORD "\"facts\":{" HOTLINE
	    ",\"restored\":true,\"kept\":false,\"left\":[{\"what\":\"pair\",\"id\":"
	    "\"265df7429f182625\",\"label\":\"某某科技\"},{\"what\":\"pin\"},{\"what\":"
	    "\"envelope\",\"serial\":\"88880001\"}]}}",
	    { 0 } },
	{ "ending.hopeless", CUSTOMER, "renew", "newkey",
	    { "{\"step\":\"abandon\",\"n\":13,\"of\":13}" },
	    "{\"end\":\"abandoned\"," RECORD "\"facts\":{" HOTLINE
	    ",\"restored\":true}" ERR(1005, "KEY_FULL", "clerk", "safe", "CKR_DEVICE_MEMORY") "}",
	    { 0 } },
	{ "ending.pin", CUSTOMER, "pin", "",
	    { "{\"step\":\"set-pin\",\"n\":3,\"of\":3}",
		"{\"did\":\"set-pin\",\"n\":3,\"of\":3,\"say\":\"own-pin-changed\",\"facts\":{}}" },
	    "{\"end\":\"done\"}", { 0 } },
	{ "ending.pin-either", CUSTOMER, "pin", "", { "{\"step\":\"set-pin\",\"n\":3,\"of\":3}" },
	    "{\"end\":\"failed\"" ERR(1212, "PIN_EITHER", "customer", "safe", "KEY_REMOVED") "}",
	    { 0 } },
	{ "ending.form-printed", CLERK, "renew", NULL, { NULL },
	    "{\"end\":\"done\"," RECORD "\"facts\":{" HOTLINE ",\"form\":\"printed\"}}", { 0 } },
	{ "ending.form-waits", CLERK, "renew", NULL,
	    { "{\"did\":\"paper\",\"say\":\"paper-trouble\",\"facts\":{\"code\":\"PRINT_MEDIA\","
	      "\"why\":\"media-empty-error\"}}" },
	    "{\"end\":\"done\"," RECORD "\"facts\":{" HOTLINE ",\"form\":\"waits\"}}", { 0 } },
	{ "ending.form-waits-self", CUSTOMER, "renew", NULL, { NULL },
	    "{\"end\":\"done\"," RECORD "\"facts\":{" HOTLINE ",\"form\":\"waits\"}}", { 0 } },
	{ "ending.form-printing-self", CUSTOMER, "renew", NULL, { NULL },
	    "{\"end\":\"done\"," RECORD "\"facts\":{" HOTLINE ",\"form\":\"printing\"}}", { 0 } },
	{ "ending.form-unknown", CLERK, "renew", NULL, { NULL },
	    "{\"end\":\"done\"," RECORD "\"facts\":{" HOTLINE ",\"form\":\"unknown\"}}",
	    { CK_KEY_DOWN, CK_KEY_DOWN } },
	{ "ending.form-none", CUSTOMER, "renew", NULL,
	    { "{\"did\":\"form\",\"say\":\"form-none\",\"facts\":{\"code\":\"FORM_WIPED\",\"why\":"
	      "\"\\u001b[2J\"}}" },
	    "{\"end\":\"done\"," RECORD "\"facts\":{" HOTLINE "}}", { 0 } },
	{ "ending.print-done", CLERK, "print", "", { "{\"step\":\"paper\",\"n\":1,\"of\":1}" },
	    "{\"end\":\"done\"," RECORD "\"facts\":{" PRINTED_FORM("printed", "2") "}}", { 0 } },
	{ "ending.print-waits", CLERK, "print", "",
	    { "{\"step\":\"paper\",\"n\":1,\"of\":1}",
		"{\"did\":\"paper\",\"say\":\"paper-failed\",\"facts\":{\"code\":\"PRINT_OFFLINE\","
		"\"why\":\"\"}}" },
	    "{\"end\":\"parked\"," RECORD "\"facts\":{" PRINTED_FORM("waits", "0") "}}", { 0 } },
	{ "ending.slip-printed", CUSTOMER, "print", "",
	    { "{\"step\":\"slip\",\"n\":1,\"of\":1}",
		"{\"did\":\"slip\",\"say\":\"slip-printed\",\"facts\":{\"printer\":\"kiosk\"}}" },
	    "{\"end\":\"done\"," RECORD "\"facts\":{" SLIP "}}", { 0 } },
	{ "ending.slip-sent", CLERK, "print", "",
	    { "{\"step\":\"slip\",\"n\":1,\"of\":1}",
		"{\"did\":\"slip\",\"say\":\"slip-sent\",\"facts\":{\"printer\":\"kiosk\"}}" },
	    "{\"end\":\"done\"," RECORD "\"facts\":{" SLIP "}}", { 0 } },
	{ "ending.slip-not-printed", CLERK, "print", "", { "{\"step\":\"slip\",\"n\":1,\"of\":1}" },
	    "{\"end\":\"failed\"," RECORD "\"facts\":{" SLIP
	    "}" ERR(7107, "PRINT_MEDIA", "clerk", "safe", "media-empty-error") "}",
	    { 0 } },
	{ "ending.print-failed", CLERK, "print", "", { NULL },
	    "{\"end\":\"failed\"," RECORD "\"facts\":{}" ERR(
		7103, "PRINT_OFFLINE", "clerk", "safe", "localhost:631: Connection refused") "}",
	    { 0 } },
	{ "ending.service-self", CUSTOMER, "status", "", { NULL },
	    "{\"end\":\"refused\"" ERR(
		1105, "READER_SERVICE", "site", "safe", "pcscd: 0x8010001d") "}",
	    { 0 } },
	{ "ending.sign-in-failed", CUSTOMER, "sign-in", "", { NULL },
	    "{\"end\":\"refused\"" ERR(1201, "PIN_WRONG", "customer", "safe", "C_Login: 0xa0") "}",
	    { 0 } },
};

static const struct golden_person *const persons[] = {
	[CLERK] = &lines_clerk, [CUSTOMER] = &lines_customer
};

struct stand {
	struct ck_course course;
	json_t *end;
	struct ck_ending *e;
	struct ck_view view;
	const struct golden_person *who;
};

static void
begin(struct stand *s, const struct ending *d)
{
	char request[64];

	*s = (struct stand){ .end = lines_json(d->end), .who = persons[d->who] };
	if (d->at == NULL || *d->at != '\0')
		lines_until(&s->course, d->at, 0);
	snprintf(request, sizeof request, "{\"do\":\"%s\"}", d->verb);
	lines_take(&s->course, request, 0);
	for (size_t i = 0; i < 4 && d->more[i] != NULL; i++)
		lines_take(&s->course, d->more[i], 0);
	ck_course_take(&s->course, s->end, 0);
	s->e = ck_ending_new(d->verb, s->end, &s->course);
	T(s->e != NULL, "%s: there is a screen", d->name);
	ck_ending_view(s->e, &s->view);
	lines_helped(&s->view);
	for (size_t i = 0; i < 2 && d->keys[i] != 0; i++)
		(void)golden_key(&s->view, s->who, d->keys[i]);
}

static void
end(struct stand *s)
{
	ck_ending_free(s->e);
	ck_course_clear(&s->course);
	json_decref(s->end);
}

/* found by its number, and no key was ever in */
static void
keyless(void)
{
	static const struct ending none = { "ending.keyless", CLERK, "resume", "", { NULL },
		"{\"end\":\"failed\"" ERR(6005, "STOPPED", "clerk", "untouched", "") "}", { 0 } };
	struct stand s;

	golden_keyless = true;
	begin(&s, &none);
	golden(none.name, &s.view, s.who);
	end(&s);
	golden_keyless = false;
}

static void
all_endings(void)
{
	struct stand s;

	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		begin(&s, &endings[i]);
		golden(endings[i].name, &s.view, s.who);
		end(&s);
	}
}

static void
open_named(struct stand *s, const char *name, bool with_keys)
{
	struct ending d = { .name = name };

	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (strcmp(endings[i].name, name) == 0)
			d = endings[i];
	T(d.verb != NULL, "there is an ending %s", name);
	if (!with_keys)
		d.keys[0] = 0;
	begin(s, &d);
}

/* what each row does, in order; -1: there is no such row */
static void
offers(const char *name, int first, int second, int third)
{
	const int want[] = { first, second, third };
	struct stand s;

	for (int i = 0; i < 3; i++) {
		enum ck_went went;

		open_named(&s, name, false);
		went = golden_key(&s.view, s.who, '1' + i);
		if (want[i] == -1)
			T(went == CK_WENT_REFUSED, "%s: no row %d", name, i + 1);
		else
			T(went == CK_WENT_DONE && ck_ending_after(s.e) == (enum ck_after)want[i],
			    "%s: row %d", name, i + 1);
		end(&s);
	}
	open_named(&s, name, false);
	T(golden_key(&s.view, s.who, CK_KEY_ESC) == CK_WENT_BACK &&
		ck_ending_after(s.e) == CK_AFTER_CLOSE,
	    "%s: Esc closes", name);
	T(golden_key(&s.view, s.who, CK_KEY_ENTER) == CK_WENT_DONE &&
		ck_ending_after(s.e) == (enum ck_after)first,
	    "%s: Enter does what stands first", name);
	end(&s);
}

static void
choices(void)
{
	offers("ending.done", CK_AFTER_CLOSE, CK_AFTER_OWN_PIN, -1);
	offers("ending.done-self", CK_AFTER_CLOSE, -1, -1);
	offers("ending.done-long", CK_AFTER_CLOSE, -1, -1);
	offers("ending.parked", CK_AFTER_CLOSE, CK_AFTER_AGAIN, -1);
	offers("ending.slip-printed", CK_AFTER_CLOSE, CK_AFTER_AGAIN, -1);
	offers("ending.slip-not-printed", CK_AFTER_CLOSE, CK_AFTER_AGAIN, CK_AFTER_ABANDON);
	offers("ending.declined", CK_AFTER_CLOSE, CK_AFTER_AGAIN, CK_AFTER_ABANDON);
	offers("ending.stopped", CK_AFTER_CLOSE, CK_AFTER_AGAIN, CK_AFTER_ABANDON);
	offers("ending.left", CK_AFTER_CLOSE, -1, -1);
	offers("ending.refused", CK_AFTER_CLOSE, CK_AFTER_AGAIN, -1);
	offers("ending.refused-self", CK_AFTER_AGAIN, CK_AFTER_CLOSE, -1);
	offers("ending.failed", CK_AFTER_AGAIN, CK_AFTER_CLOSE, CK_AFTER_ABANDON);
	offers("ending.failed-self", CK_AFTER_AGAIN, CK_AFTER_CLOSE, -1);
	offers("ending.abandoned", CK_AFTER_CLOSE, -1, -1);
	offers("ending.pin", CK_AFTER_CLOSE, -1, -1);
	offers("ending.pin-either", CK_AFTER_AGAIN, CK_AFTER_CLOSE, -1);
	offers("ending.form-printed", CK_AFTER_CLOSE, CK_AFTER_OWN_PIN, CK_AFTER_PRINT);
	offers("ending.form-waits", CK_AFTER_CLOSE, CK_AFTER_OWN_PIN, CK_AFTER_PRINT);
	offers("ending.form-waits-self", CK_AFTER_CLOSE, CK_AFTER_OWN_PIN, -1);
	offers("ending.form-none", CK_AFTER_CLOSE, CK_AFTER_OWN_PIN, -1);
	offers("ending.print-done", CK_AFTER_CLOSE, CK_AFTER_PRINT, -1);
	offers("ending.print-waits", CK_AFTER_CLOSE, CK_AFTER_PRINT, -1);
	offers("ending.print-failed", CK_AFTER_AGAIN, CK_AFTER_CLOSE, -1);
}

static void
codes(void)
{
	struct ck_ctx ctx = golden_ctx(&lines_clerk, CK_LANG_ZH);
	struct ck_function out[CK_VIEW_FUNCTIONS_MAX];
	struct stand s;

	open_named(&s, "ending.parked", false);
	T(s.view.functions(s.e, &ctx, out) == 2 && out[0].key == CK_KEY_F(4) &&
		out[1].key == CK_KEY_F(5),
	    "F4 and F5 are offered");
	T(golden_key(&s.view, s.who, CK_KEY_F(4)) == CK_WENT_CHANGE &&
		s.view.functions(s.e, &ctx, out) == 1 && out[0].key == CK_KEY_ESC,
	    "F4 shows the code alone, Esc goes back");
	T(golden_key(&s.view, s.who, CK_KEY_ENTER) == CK_WENT_CHANGE &&
		golden_key(&s.view, s.who, CK_KEY_ENTER) == CK_WENT_DONE,
	    "and Enter chooses nothing that is not seen");
	end(&s);
	open_named(&s, "ending.done", false);
	T(s.view.functions(s.e, &ctx, out) == 0 &&
		golden_key(&s.view, s.who, CK_KEY_F(4)) == CK_WENT_NOTHING,
	    "what is done needs no code");
	end(&s);
}

/* Of one that can be gone on with, after its slip was printed as before. */
static void
slips(void)
{
	static const char *const open[] = { "ending.parked", "ending.stopped", "ending.failed",
		"ending.slip-printed", "ending.slip-not-printed" };
	struct stand s;

	for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
		open_named(&s, open[i], false);
		T(golden_key(&s.view, s.who, CK_KEY_F(5)) == CK_WENT_DONE &&
			ck_ending_after(s.e) == CK_AFTER_SLIP,
		    "%s: F5 prints its slip", open[i]);
		end(&s);
	}
	open_named(&s, "ending.print-failed", false);
	T(golden_key(&s.view, s.who, CK_KEY_F(5)) == CK_WENT_NOTHING,
	    "where there is none, nothing");
	end(&s);
}

/* where there are no half blocks the code is twice as large; where it has no room the number is
 * told instead */
static void
in_ascii(void)
{
	static const struct golden_person plain = { .clerk = true, .ascii = true };
	struct stand s;

	open_named(&s, "ending.parked-qr", true);
	golden("ending.parked-ascii", &s.view, &plain);
	end(&s);
}

int
main(int argc, char **argv)
{
	golden_begin(argc, argv);
	all_endings();
	keyless();
	choices();
	codes();
	slips();
	in_ascii();
	return T_END();
}
