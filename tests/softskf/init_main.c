/* softskf-init: makes such keys, puts pairs and certificates on them, plugs and pulls them. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "softskf.h"

static const char usage[] =
    "usage: softskf-init [--dir DIR] COMMAND KEY [options]\n"
    "  make KEY --app NAME --pin PIN --admin-pin PIN [--tries N] [--factory]\n"
    "           [--label TEXT] [--serial TEXT] [--maker TEXT] [--issuer TEXT]\n"
    "           [--space BYTES] [--containers N]\n"
    "  app KEY  --app NAME --pin PIN --admin-pin PIN [--tries N] [--factory]    one more\n"
    "  put KEY  --app NAME --pin PIN --container NAME [--sign-key FILE] [--sign-cert FILE]\n"
    "           [--enc-key FILE] [--enc-cert FILE]              SM2 or RSA; PEM or DER\n"
    "  plug KEY | unplug KEY | show KEY\n"
    "DIR is the folder with the keys; else the environment's CK_SOFTSKF_DIR.\n";

enum option_of {
	O_DIR,
	O_APP,
	O_PIN,
	O_ADMIN,
	O_TRIES,
	O_LABEL,
	O_SERIAL,
	O_MAKER,
	O_ISSUER,
	O_SPACE,
	O_CONTAINERS,
	O_CONTAINER,
	O_SIGN_KEY,
	O_SIGN_CERT,
	O_ENC_KEY,
	O_ENC_CERT,
	O_FACTORY,
	O_COUNT
};
static const char *const names[O_COUNT] = { "dir", "app", "pin", "admin-pin", "tries", "label",
	"serial", "maker", "issuer", "space", "containers", "container", "sign-key", "sign-cert",
	"enc-key", "enc-cert", "factory" };

struct options {
	const char *of[O_COUNT], *key;
};

static int
fail(const char *what, ULONG rv)
{
	fprintf(stderr, "softskf-init: %s: 0x%08lX\n", what, (unsigned long)rv);
	return 1;
}

static int
read_options(int argc, char **argv, struct options *o)
{
	struct option table[O_COUNT + 1] = { 0 };
	int c = 0;

	for (int i = 0; i < O_COUNT; i++)
		table[i] = (struct option){ names[i],
			i == O_FACTORY ? no_argument : required_argument, NULL, i + 1 };
	while ((c = getopt_long(argc, argv, "", table, NULL)) != -1) {
		if (c == '?')
			return -1;
		o->of[c - 1] = c - 1 == O_FACTORY ? "" : optarg;
	}
	return argc - optind == 2 ? 0 : -1;
}

static void
text(char *out, size_t cap, const char *given, const char *otherwise)
{
	snprintf(out, cap, "%s", given != NULL ? given : otherwise);
}

static uint32_t
number(const char *given, uint32_t otherwise)
{
	return given != NULL ? (uint32_t)strtoul(given, NULL, 10) : otherwise;
}

static int
make_app(const struct options *o)
{
	uint32_t n = number(o->of[O_TRIES], 10), tries[2] = { n, n };
	struct ss_pins pins = { .create_rights = SECURE_USER_ACCOUNT };
	ULONG rv = ss_name_good(o->of[O_APP], SS_NAME_LONGEST);

	if (o->of[O_PIN] == NULL || o->of[O_ADMIN] == NULL || rv != SAR_OK)
		return fail("--app, --pin, --admin-pin", rv);
	if (ss_pins_make(&pins, o->of[O_ADMIN], o->of[O_PIN], tries, o->of[O_FACTORY] != NULL) != 0)
		return fail("PINs", SAR_FAIL);
	rv = ss_app_make(o->key, o->of[O_APP], &pins);
	return rv == SAR_OK ? 0 : fail("application", rv);
}

static int
make(const struct options *o)
{
	struct ss_device d = { .space = number(o->of[O_SPACE], 65536),
		.containers = number(o->of[O_CONTAINERS], 8) };

	text(d.label, sizeof d.label, o->of[O_LABEL], "softskf");
	text(d.serial, sizeof d.serial, o->of[O_SERIAL], o->key);
	text(d.maker, sizeof d.maker, o->of[O_MAKER], "softskf (tests)");
	text(d.issuer, sizeof d.issuer, o->of[O_ISSUER], "softskf (tests)");
	/* as vendors ship them */
	memcpy(d.auth_key, "1234567812345678", sizeof d.auth_key);
	if (ss_device_make(o->key, &d) != 0)
		return fail(o->key, SAR_FILEERR);
	return make_app(o);
}

/* ---- what goes onto it ---- */

static EVP_PKEY *
read_key(const char *path)
{
	BIO *b = BIO_new_file(path, "r");
	EVP_PKEY *key = NULL;

	if (b == NULL)
		return NULL;
	key = PEM_read_bio_PrivateKey(b, NULL, NULL, NULL);
	if (key == NULL && BIO_reset(b) == 0)
		key = d2i_PrivateKey_bio(b, NULL);
	BIO_free(b);
	return key;
}

static X509 *
read_cert(const char *path)
{
	BIO *b = BIO_new_file(path, "r");
	X509 *x = NULL;

	if (b == NULL)
		return NULL;
	x = PEM_read_bio_X509(b, NULL, NULL, NULL);
	if (x == NULL && BIO_reset(b) == 0)
		x = d2i_X509_bio(b, NULL);
	BIO_free(b);
	return x;
}

static int
put_key(const struct ss_call *c, bool sign, const char *path)
{
	EVP_PKEY *key = path != NULL ? read_key(path) : NULL;
	struct ss_pair p;
	ULONG rv = SAR_INDATAERR;

	if (path == NULL)
		return 0;
	if (key != NULL && ss_pair_of(key, &p) == 0)
		rv = ss_pair_save(c, sign, &p);
	EVP_PKEY_free(key);
	return rv == SAR_OK ? 0 : fail(path, rv);
}

static int
put_cert(const struct ss_call *c, bool sign, const char *path)
{
	X509 *x = path != NULL ? read_cert(path) : NULL;
	BYTE *der = NULL;
	ULONG rv = SAR_INDATAERR;
	int n = x != NULL ? i2d_X509(x, &der) : -1;

	if (path == NULL)
		return 0;
	if (n > 0)
		rv = ss_put_cert(c, sign, der, (size_t)n);
	OPENSSL_free(der);
	X509_free(x);
	return rv == SAR_OK ? 0 : fail(path, rv);
}

/* A call as it would be on handles that are open. */
static struct ss_call
call_on(const struct options *o)
{
	struct ss_call c = { .dev = ss_handle_new(SS_DEV, NULL) };
	struct ss_seat seat;

	ss_seat_read(o->key, &seat);
	c.dev->plug = seat.plug;
	c.app = ss_handle_new(SS_APP, c.dev);
	text(c.dev->name, sizeof c.dev->name, o->key, "");
	text(c.app->name, sizeof c.app->name, o->of[O_APP], "");
	return c;
}

static int
put(const struct options *o)
{
	struct ss_call c = call_on(o);
	ULONG rv = ss_pin_try(&c, USER_TYPE, o->of[O_PIN], NULL);
	int bad = 0;

	if (rv != SAR_OK)
		return fail("PIN", rv);
	rv = ss_con_make(&c, o->of[O_CONTAINER]);
	if (rv != SAR_OK && rv != SAR_CONTAINER_EXIST)
		return fail("container", rv);
	c.con = ss_handle_new(SS_CON, c.app);
	text(c.con->name, sizeof c.con->name, o->of[O_CONTAINER], "");
	bad = put_key(&c, true, o->of[O_SIGN_KEY]) + put_cert(&c, true, o->of[O_SIGN_CERT]) +
	      put_key(&c, false, o->of[O_ENC_KEY]) + put_cert(&c, false, o->of[O_ENC_CERT]);
	/* nobody stays logged in of it */
	ss_pin_forget(&c);
	return bad != 0;
}

/* ---- what is on it ---- */

static const char *
kind_of(const struct ss_call *c, bool sign)
{
	struct ss_pair p;

	if (ss_pair_read(c, sign, &p) != SAR_OK)
		return "-";
	return p.kind == SS_SM2 ? "sm2" : "rsa";
}

static const char *
cert_of(const struct ss_call *c, const char *leaf)
{
	struct ss_path p = ss_path_of(c, leaf);
	BYTE der[16384];

	return ss_read(p.text, der, sizeof der) >= 0 ? "+cert" : "";
}

static void
show_app(struct ss_call c)
{
	struct ss_path folder = ss_path_of(&c, NULL);
	struct ss_names cons;
	struct ss_pins pins;

	if (ss_pins_read(&c, &pins) != SAR_OK)
		return;
	printf("app %s pin %u/%u admin %u/%u%s\n", c.app->name, pins.pin[1].left, pins.pin[1].max,
	    pins.pin[0].left, pins.pin[0].max, pins.pin[1].factory ? " factory" : "");
	ss_names(folder.text, ".con", &cons);
	c.con = ss_handle_new(SS_CON, c.app);
	for (size_t i = 0; i < cons.n; i++) {
		text(c.con->name, sizeof c.con->name, cons.name[i], "");
		printf("container %s sign %s%s enc %s%s\n", cons.name[i], kind_of(&c, true),
		    cert_of(&c, "sign.cert"), kind_of(&c, false), cert_of(&c, "enc.cert"));
	}
	ss_handle_close(c.con);
}

static int
show(const struct options *o)
{
	struct ss_path folder = ss_path(o->key, NULL, NULL, NULL);
	struct ss_call c = call_on(o);
	struct ss_names apps;
	struct ss_device d;
	struct ss_seat seat;

	if (ss_device_read(o->key, &d) != 0)
		return fail(o->key, SAR_FILEERR);
	ss_seat_read(o->key, &seat);
	printf("key %s %s\nlabel %s\nserial %s\nmaker %s\nspace %lu of %u\n", o->key,
	    seat.in ? "in" : "out", d.label, d.serial, d.maker,
	    (unsigned long)ss_space_used(o->key), d.space);
	ss_names(folder.text, ".app", &apps);
	for (size_t i = 0; i < apps.n; i++) {
		text(c.app->name, sizeof c.app->name, apps.name[i], "");
		show_app(c);
	}
	return 0;
}

static int
plug(const struct options *o)
{
	return ss_seat_set(o->key, true) == 0 ? 0 : fail(o->key, SAR_FILEERR);
}

static int
unplug(const struct options *o)
{
	return ss_seat_set(o->key, false) == 0 ? 0 : fail(o->key, SAR_FILEERR);
}

static const struct {
	const char *name;
	int (*run)(const struct options *);
} commands[] = {
	{ "make", make },
	{ "app", make_app },
	{ "put", put },
	{ "plug", plug },
	{ "unplug", unplug },
	{ "show", show },
};

int
main(int argc, char **argv)
{
	struct options o = { .key = NULL };

	if (read_options(argc, argv, &o) != 0) {
		fputs(usage, stderr);
		return 2;
	}
	if (o.of[O_DIR] != NULL)
		setenv("CK_SOFTSKF_DIR", o.of[O_DIR], 1);
	o.key = argv[optind + 1];
	ss_fault_off();
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (strcmp(commands[i].name, argv[optind]) == 0 &&
		    ss_name_good(o.key, SS_NAME_LONGEST) == SAR_OK)
			return commands[i].run(&o);
	fputs(usage, stderr);
	return 2;
}
