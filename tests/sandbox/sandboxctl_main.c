/* sandboxctl --dir DIR VERB …: hands out envelopes, turns knobs, shows the books. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/rand.h>

#include "base/clock.h"
#include "base/log.h"
#include "envelope.h"
#include "knob.h"
#include "lease.h"
#include "meanwhile.h"
#include "show.h"

#define ITERATIONS 2000 /* PROTOCOL.desk takes 1000 and up; tests should not wait for it */

static const char usage[] =
    "usage: sandboxctl --dir DIR VERB\n"
    "  envelope SERIAL PASSWORD [--for SHA256] [--original-of SHA256] [--used] [--locked]\n"
    "           [--open] [--iterations N]\n"
    "  download-codes REFERENCE CODE SHA256 [SYSTEM] [WHEN]   to make it anew; until when, +Ns, -Ns\n"
    "  order ID SHA256                     paid and waiting for this certificate\n"
    "  revoke SHA256 | hold SHA256 | good SHA256\n"
    "  lease-of-other-kiosk SHA256 ENVELOPE [KIOSK] [RECORD] [SECONDS-SILENT]\n"
    "  show                                the books as JSON\n"
    "  knob NAME VALUE [TIMES] | knob --clear [NAME]\n"
    "what happens elsewhere, to the newest there is:\n"
    "  pays [METHOD]                       the newest payment (of that method), by who was shown it\n"
    "  money-in                            a transfer or remittance has arrived\n"
    "  identity passed | failed [TEXT]\n"
    "  review passed | rejected [TEXT [STEP]...]\n"
    "  paper-refused KIND TEXT\n"
    "  web-order paid | unpaid [MONTHS]    made on the web for the newest certificate\n"
    "  sms                                 the last code that was sent\n"
    "  seal LABEL [BYTES]                  waits for the newest certificate's renewal\n";

static int
envelope(struct sb *sb, int n, char **v)
{
	struct sb_envelope e = { .iterations = ITERATIONS, .state = "free" };

	if (n < 2)
		return 2;
	snprintf(e.serial, sizeof e.serial, "%s", v[0]);
	snprintf(e.password, sizeof e.password, "%s", v[1]);
	for (int i = 2; i < n; i++) {
		const char *next = i + 1 < n ? v[i + 1] : NULL;

		if (strcmp(v[i], "--for") == 0 && next != NULL)
			snprintf(e.bound, sizeof e.bound, "%s", v[++i]);
		else if (strcmp(v[i], "--original-of") == 0 && next != NULL)
			snprintf(e.original_of, sizeof e.original_of, "%s", v[++i]);
		else if (strcmp(v[i], "--iterations") == 0 && next != NULL)
			e.iterations = (int)strtol(v[++i], NULL, 10);
		else if (strcmp(v[i], "--used") == 0 || strcmp(v[i], "--locked") == 0)
			snprintf(e.state, sizeof e.state, "%s", v[i] + 2);
		else if (strcmp(v[i], "--open") == 0)
			e.open = true;
		else
			return 2;
	}
	return sb_envelope_put(sb->db, &e) == 0 ? 0 : 1;
}

static int
download_codes(struct sb *sb, int n, char **v)
{
	const char *system = n > 3 ? v[3] : "sd-bianban";
	unsigned char salt[SB_SALT_MAX];
	int64_t until = 0;

	if (n < 3 || n > 5 || (n == 5 && !sb_when(v[4], sb_now(sb), &until)) ||
	    RAND_bytes(salt, sizeof salt) != 1)
		return 2;
	return sb_exec(sb->db,
		   "INSERT OR REPLACE INTO download(reference, code, salt, iterations, system, "
		   "cert, until) VALUES(?,?,?,?,?,?,?)",
		   "ttbitti", v[0], v[1], salt, sizeof salt, (int64_t)ITERATIONS, system, v[2],
		   until) == 0
		   ? 0
		   : 1;
}

static int
order(struct sb *sb, int n, char **v)
{
	if (n != 2)
		return 2;
	return sb_exec(sb->db, "INSERT INTO orders(id, cert, state, web) VALUES(?,?,'paid',1)",
		   "tt", v[0], v[1]) == 0
		   ? 0
		   : 1;
}

static int
set_status(struct sb *sb, int n, char **v, const char *status)
{
	int64_t at = strcmp(status, "revoked") == 0 ? sb_now(sb) : 0;

	if (n != 1)
		return 2;
	if (sb_exec(sb->db, "UPDATE cert SET status=?, revoked_at=? WHERE sha=?", "tit", status, at,
		v[0]) != 0)
		return 1;
	return sqlite3_changes(sb->db) == 1 ? 0 : 1;
}

static int
revoke(struct sb *sb, int n, char **v)
{
	return set_status(sb, n, v, "revoked");
}

static int
hold(struct sb *sb, int n, char **v)
{
	return set_status(sb, n, v, "held");
}

static int
make_good(struct sb *sb, int n, char **v)
{
	return set_status(sb, n, v, "good");
}

static int
other_lease(struct sb *sb, int n, char **v)
{
	struct sb_lease l = { .system = "sheca-cisweb", .way = "on-behalf", .state = "nothing" };

	if (n < 2)
		return 2;
	sb_new_id("L-", 8, l.id);
	snprintf(l.cert, sizeof l.cert, "%s", v[0]);
	snprintf(l.envelope, sizeof l.envelope, "%s", v[1]);
	snprintf(l.kiosk, sizeof l.kiosk, "%s", n > 2 ? v[2] : "kiosk-9");
	snprintf(l.record, sizeof l.record, "%s", n > 3 ? v[3] : "CK-20260101-000001");
	l.seen = sb_now(sb) - (n > 4 ? strtol(v[4], NULL, 10) : 0);
	l.quoted = sb_years_later(sb_now(sb), 1);
	if (sb_lease_put(sb->db, &l) != 0)
		return 1;
	puts(l.id);
	return 0;
}

static int
show(struct sb *sb, int n, char **v)
{
	json_t *all = sb_show(sb);

	(void)v;
	if (n == 0) {
		json_dumpf(all, stdout, JSON_INDENT(1));
		putchar('\n');
	}
	json_decref(all);
	return n == 0 ? 0 : 2;
}

static int
knob(struct sb *sb, int n, char **v)
{
	if (n >= 1 && n <= 2 && strcmp(v[0], "--clear") == 0)
		return sb_knob_clear(sb, n == 2 ? v[1] : NULL) == 0 ? 0 : 1;
	if (n < 2 || n > 3 || strchr(v[0], '/') != NULL)
		return 2;
	return sb_knob_set(sb, v[0], v[1], n == 3 ? strtol(v[2], NULL, 10) : 0) == 0 ? 0 : 1;
}

static const struct {
	const char *verb;
	int (*run)(struct sb *, int n, char **v);
} verbs[] = {
	{ "envelope", envelope },
	{ "download-codes", download_codes },
	{ "order", order },
	{ "revoke", revoke },
	{ "hold", hold },
	{ "good", make_good },
	{ "lease-of-other-kiosk", other_lease },
	{ "show", show },
	{ "knob", knob },
	{ "pays", sb_pays },
	{ "money-in", sb_money_in },
	{ "identity", sb_identity },
	{ "review", sb_review },
	{ "paper-refused", sb_paper_refused },
	{ "web-order", sb_web_order },
	{ "sms", sb_sms },
	{ "seal", sb_seal },
};

int
main(int argc, char **argv)
{
	struct sb sb;
	int rc = 2;

	ck_log_open("sandboxctl", CK_LOG_WARN);
	if (argc >= 4 && strcmp(argv[1], "--dir") == 0) {
		if (sb_open(&sb, argv[2]) != 0)
			rc = 1;
		for (size_t i = 0; rc == 2 && i < sizeof verbs / sizeof *verbs; i++)
			if (strcmp(verbs[i].verb, argv[3]) == 0) {
				rc = verbs[i].run(&sb, argc - 4, argv + 4);
				break;
			}
		sb_close(&sb);
	}
	if (rc == 2)
		fputs(usage, stderr);
	return rc;
}
