/*
 * The judge is tried: after a renewal that was not disturbed, one thing at a time is made wrong,
 * and the judge has to say so. A judge that overlooked it would find every end right.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/evp.h>
#include <sqlite3.h>

#include "../sandbox/softkey.h"
#include "prove.h"

struct wreck {
	const char *name;
	const char *books, *store; /* SQL, on CA and desk, on the records */
	const char *file, *text;   /* added to this file */
	void (*act)(struct trial *);
	const char *says;
	bool order; /* of an order, paid by a transfer */
	bool seal;  /* with a seal, for oneself */
};

static const unsigned char stray_id[SK_ID_LEN] = { 's', 't', 'r', 'a', 'y' };

static struct softkey *
take_key(struct trial *t)
{
	struct softkey *k = NULL;

	if (sk_open("/usr/lib/softhsm/libsofthsm2.so", &k) != 0 ||
	    sk_take(k, t->w->serial, PASSWORD) != 0)
		trial_wrong(t, "the key cannot be written to");
	return k;
}

static void
add_pair(struct trial *t)
{
	struct softkey *k = take_key(t);

	EVP_PKEY_free(sk_pair(k, SK_P256, stray_id, "stray", false));
	sk_close(k);
}

static void
add_cert(struct trial *t)
{
	struct softkey *k = take_key(t);
	unsigned char *der = NULL;
	int n = i2d_X509(t->w->sb.pki.cert[SB_NEW], &der);

	sk_put_cert(k, stray_id, "stray", der, (size_t)n);
	OPENSSL_free(der);
	sk_close(k);
}

/* the key as it was at the beginning: old pair, old certificate, old PIN */
static void
old_key(struct trial *t)
{
	char fresh[SB_PATH_MAX], tokens[SB_PATH_MAX];

	world_path(t->w, "fresh/tokens", fresh);
	world_path(t->w, "tokens", tokens);
	files_remove(tokens);
	files_copy(fresh, tokens);
}

static void
lose_cert(struct trial *t)
{
	char tokens[SB_PATH_MAX], found[SB_PATH_MAX];

	/* the one object whose DER SoftHSM keeps in clear */
	world_path(t->w, "tokens", tokens);
	if (files_find(tokens, "\x30\x82", found))
		remove(found);
}

static void
add_seal(struct trial *t)
{
	if (seal_put(t->w, OLD_PIN, "of nobody") != 0)
		trial_wrong(t, "the key cannot be written to");
}

static const struct wreck wrecks[] = {
	{ .name = "nothing", .says = "" },
	{ .name = "a second certificate",
	    .books = "INSERT INTO cert(sha, origin, status, certconf)"
		     " VALUES('00', 'issued', 'good', 'accepted')",
	    .says = "certificates live: 2" },
	{ .name = "a certificate that was revoked",
	    .books = "UPDATE cert SET status='revoked' WHERE origin='issued'",
	    .says = "certificates live: 0" },
	{ .name = "a key with nothing of use on it",
	    .books = "UPDATE cert SET status='revoked' WHERE origin='issued'",
	    .says = "no certificate on the key is of use" },
	{ .name = "a certificate nobody confirmed",
	    .books = "UPDATE cert SET certconf=NULL WHERE origin='issued'",
	    .says = "unconfirmed at the CA: 1" },
	{ .name = "a lease that is held",
	    .books = "UPDATE lease SET state='issued'",
	    .says = "leases open: 1" },
	{ .name = "another pair on the key", .act = add_pair, .says = "pairs on the key: 2" },
	{ .name = "a certificate without its pair",
	    .act = add_cert,
	    .says = "strays on the key: 1" },
	{ .name = "a pair without certificate",
	    .act = lose_cert,
	    .says = "certificates on the key: 0" },
	{ .name = "a certificate the CA does not know",
	    .books = "UPDATE cert SET sha='00' WHERE origin='issued'",
	    .says = "the new certificate is not on the key" },
	{ .name = "the old PIN", .act = old_key, .says = "does not take the PIN" },
	{ .name = "a record left open",
	    .store = "UPDATE record SET state=0, closed=0",
	    .says = "the record is open" },
	{ .name = "an older record left open",
	    .store = "INSERT INTO record(id, number, system, way, clerk, state, station, opened,"
		     " touched, closed) VALUES(0, 'CK-0', '', '', '', 0, '', 1, 1, 0)",
	    .says = "the record is not the only one" },
	{ .name = "a ledger with a line changed",
	    .store = "UPDATE ledger SET text='another' WHERE seq=2",
	    .says = "the ledger" },
	{ .name = "a PIN in the records' folder",
	    .file = "state/x",
	    .text = "x" OLD_PIN "x",
	    .says = "is in" },
	{ .name = "a PIN in the server's log",
	    .file = "casandbox.log",
	    .text = OLD_PIN,
	    .says = "is in" },
	{ .name = "a PIN in the books",
	    .books = "INSERT INTO orders(id) VALUES('" OLD_PIN "')",
	    .says = "is in" },
	{ .name = "a password in the shim's folder",
	    .file = "shim/x",
	    .text = PASSWORD,
	    .says = "is in" },
	{ .name = "an enrolment's secret in the records' folder",
	    .books = "UPDATE lease SET secret='2f0c61d4'",
	    .file = "state/x",
	    .text = "x2f0c61d4x",
	    .says = "the enrolment's secret is in" },
	{ .name = "a PIN sent that nobody typed",
	    .file = "shim/logins",
	    .text = ".",
	    .says = "PINs on the wire" },
	{ .name = "a wrong PIN", .file = "shim/tries", .text = "1", .says = "wrong PIN" },
	{ .name = "nothing of an order", .says = "", .order = true },
	{ .name = "a second order",
	    .books = "INSERT INTO orders(id, state) VALUES('O-2', 'void')",
	    .says = "orders: 2",
	    .order = true },
	{ .name = "an order left open",
	    .books = "UPDATE orders SET state='taken'",
	    .says = "orders that are done: 0",
	    .order = true },
	{ .name = "a second payment",
	    .books = "INSERT INTO payment(id, state) VALUES('Y-2', 'refund')",
	    .says = "payments: 2",
	    .order = true },
	{ .name = "a payment that went back",
	    .books = "UPDATE payment SET state='refund'",
	    .says = "payments paid: 0",
	    .order = true },
	{ .name = "a certificate of an order nobody paid",
	    .books = "UPDATE orders SET settled=NULL",
	    .says = "certificates nobody has paid for: 1",
	    .order = true },
	{ .name = "a receipt that came in part",
	    .books = "UPDATE sheet SET whole=0",
	    .says = "sheets whole at the desk: 0",
	    .order = true },
	{ .name = "a receipt that came twice",
	    .books = "UPDATE sheet SET sent=2*size",
	    .says = "sheets sent in more than their bytes: 1",
	    .order = true },
	{ .name = "a sheet nobody wanted",
	    .books = "INSERT INTO sheet(lease, kind, page) VALUES('', 'form', 1)",
	    .says = "sheets at the desk: 2",
	    .order = true },
	{ .name = "nothing of a seal", .says = "", .seal = true },
	{ .name = "another seal at the desk",
	    .books = "UPDATE seal SET sha='00'",
	    .says = "the seal on the key is not the new one",
	    .seal = true },
	{ .name = "a second seal on the key",
	    .act = add_seal,
	    .says = "seals on the key: 2",
	    .seal = true },
	{ .name = "a seal nobody asks the desk for",
	    .books = "UPDATE seal SET cert='', state='waiting'",
	    .says = "the desk does not know of the seal",
	    .seal = true },
};

static void
in_store(struct trial *t, const char *sql)
{
	char path[SB_PATH_MAX];
	sqlite3 *db = NULL;

	world_path(t->w, "state/records.db", path);
	if (sqlite3_open(path, &db) != SQLITE_OK ||
	    sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		trial_wrong(t, "%s", sqlite3_errmsg(db));
	sqlite3_close(db);
}

static void
in_file(struct trial *t, const char *name, const char *text)
{
	char path[SB_PATH_MAX];
	FILE *f = NULL;

	world_path(t->w, name, path);
	/* the shim's count of wrong PINs is a number, not a list */
	f = fopen(path, strcmp(name, "shim/tries") == 0 ? "w" : "a");
	if (f == NULL)
		return;
	fputs(text, f);
	fclose(f);
}

static void
one(struct world *w, const struct wreck *k, struct count *c)
{
	struct visit v = { .abandon = NULL };
	struct trial t;
	bool right = false;

	trial_begin(w, &t, "%s", k->name);
	trial_visit(&t, &v);
	if (k->books != NULL)
		sb_exec(w->sb.db, k->books, NULL);
	if (k->store != NULL)
		in_store(&t, k->store);
	if (k->file != NULL)
		in_file(&t, k->file, k->text);
	if (k->act != NULL)
		k->act(&t);
	judge_usable(&t);
	judge_unpaid(&t);
	judge_done(&t);
	right = *k->says == '\0' ? t.wrong[0] == '\0' : strstr(t.wrong, k->says) != NULL;
	if (!right)
		trial_wrong(&t, "(the judge did not say \"%s\")", k->says);
	else
		t.wrong[0] = '\0';
	trial_end(&t, c, k->name);
	if (k->file != NULL && strcmp(k->file, "casandbox.log") == 0) {
		char log[SB_PATH_MAX];

		world_path(w, k->file, log);
		remove(log);
	}
}

int
prove_wreck(struct world *w)
{
	struct count c = { .mode = "wreck" };

	for (size_t i = 0; i < sizeof wrecks / sizeof *wrecks; i++)
		if (wrecks[i].order == w->order && wrecks[i].seal == w->seal &&
		    (w->wish->only == NULL || strcmp(w->wish->only, wrecks[i].name) == 0))
			one(w, &wrecks[i], &c);
	return prove_count(&c, "what is made wrong is seen by the judge");
}
