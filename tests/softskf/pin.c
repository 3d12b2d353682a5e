#include "softskf.h"

#include <string.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>

#define PIN_SHORTEST 6
#define PIN_LONGEST 16
/* few: what is on these keys is worth nothing, and tests try many PINs */
#define ROUNDS 1000

static int
key_of_pin(const char *pin, const BYTE salt[16], BYTE out[SS_KEY])
{
	return PKCS5_PBKDF2_HMAC(pin, (int)strlen(pin), salt, 16, ROUNDS, EVP_sm3(), SS_KEY, out) ==
		       1
		   ? 0
		   : -1;
}

static bool
length_good(const char *pin)
{
	return pin != NULL && strlen(pin) >= PIN_SHORTEST && strlen(pin) <= PIN_LONGEST;
}

static int
set_pin(struct ss_pin *p, const char *pin, const BYTE app_key[SS_KEY])
{
	BYTE key[SS_KEY];
	int rc = -1;

	if (RAND_bytes(p->salt, sizeof p->salt) == 1 && key_of_pin(pin, p->salt, key) == 0)
		rc = ss_seal(key, "pin", 3, app_key, SS_KEY, p->wrapped);
	p->left = p->max;
	OPENSSL_cleanse(key, sizeof key);
	return rc;
}

int
ss_pins_make(
    struct ss_pins *p, const char *admin, const char *user, uint32_t tries[2], bool factory)
{
	BYTE app_key[SS_KEY];
	int rc = -1;

	p->pin[ADMIN_TYPE] = (struct ss_pin){ .max = tries[ADMIN_TYPE], .factory = factory };
	p->pin[USER_TYPE] = (struct ss_pin){ .max = tries[USER_TYPE], .factory = factory };
	if (length_good(admin) && length_good(user) && RAND_bytes(app_key, sizeof app_key) == 1 &&
	    set_pin(&p->pin[ADMIN_TYPE], admin, app_key) == 0)
		rc = set_pin(&p->pin[USER_TYPE], user, app_key);
	OPENSSL_cleanse(app_key, sizeof app_key);
	return rc;
}

ULONG
ss_pins_read(const struct ss_call *c, struct ss_pins *p)
{
	struct ss_path path = ss_path_of(c, "pins");

	return ss_read(path.text, p, sizeof *p) == (ssize_t)sizeof *p ? SAR_OK
								      : SAR_APPLICATION_NOT_EXISTS;
}

static ULONG
write_pins(const struct ss_call *c, const struct ss_pins *p)
{
	struct ss_path path = ss_path_of(c, "pins");

	return ss_write(path.text, p, sizeof *p) == 0 ? SAR_OK : SAR_WRITEFILEERR;
}

static void
tell(ULONG *left, uint32_t n)
{
	if (left != NULL)
		*left = n;
}

/* The try is counted before it is made, so that no pulled cable gives one more. Right: key is the
 * application's, and what stands in pins is still one try short. */
static ULONG
try_pin(const struct ss_call *c, ULONG type, const char *pin, struct ss_pins *pins,
    BYTE app_key[SS_KEY], ULONG *left)
{
	struct ss_pin *p = &pins->pin[type == USER_TYPE];
	BYTE key[SS_KEY];
	ULONG rv = SAR_OK;

	if (type != ADMIN_TYPE && type != USER_TYPE)
		return SAR_USER_TYPE_INVALID;
	if (!length_good(pin))
		return SAR_PIN_LEN_RANGE;
	if ((rv = ss_pins_read(c, pins)) != SAR_OK)
		return rv;
	ss_fault_login();
	tell(left, 0);
	if (p->left == 0)
		return SAR_PIN_LOCKED;
	p->left--;
	if ((rv = write_pins(c, pins)) != SAR_OK)
		return rv;
	tell(left, p->left);
	if (key_of_pin(pin, p->salt, key) != 0 ||
	    ss_unseal(key, "pin", 3, p->wrapped, SS_KEY, app_key) != 0)
		rv = p->left > 0 ? SAR_PIN_INCORRECT : SAR_PIN_LOCKED;
	OPENSSL_cleanse(key, sizeof key);
	return rv;
}

/* ---- who is logged in ---- */

static bool
any_open(const struct ss_call *c, struct ss_open *o)
{
	struct ss_path path = ss_path_of(&(struct ss_call){ .dev = c->dev, .app = c->app }, "open");

	if (ss_read(path.text, o, sizeof *o) == (ssize_t)sizeof *o && o->plug == c->dev->plug)
		return true;
	*o = (struct ss_open){ .plug = c->dev->plug };
	return false;
}

static ULONG
set_open(const struct ss_call *c, ULONG type, bool in, const BYTE *app_key)
{
	struct ss_path path = ss_path_of(c, "open");
	struct ss_open o;
	int rc = -1;

	any_open(c, &o);
	o.by[type == USER_TYPE] = in;
	if (in)
		memcpy(o.key, app_key, SS_KEY);
	rc = ss_jot(path.text, &o, sizeof o);
	OPENSSL_cleanse(&o, sizeof o);
	return rc == 0 ? SAR_OK : SAR_WRITEFILEERR;
}

ULONG
ss_opened(const struct ss_call *c, struct ss_open *o)
{
	if (any_open(c, o) && (o->by[USER_TYPE] || o->by[ADMIN_TYPE]))
		return SAR_OK;
	OPENSSL_cleanse(o, sizeof *o);
	return SAR_USER_NOT_LOGGED_IN;
}

ULONG
ss_may(const struct ss_call *c, ULONG rights)
{
	struct ss_open o;
	bool may = rights == SECURE_EVERYONE_ACCOUNT;

	if (ss_opened(c, &o) == SAR_OK)
		may = may || (o.by[USER_TYPE] && (rights & SECURE_USER_ACCOUNT) != 0) ||
		      (o.by[ADMIN_TYPE] && (rights & SECURE_ADM_ACCOUNT) != 0);
	OPENSSL_cleanse(&o, sizeof o);
	return may ? SAR_OK : SAR_USER_NOT_LOGGED_IN;
}

ULONG
ss_may_create(const struct ss_call *c)
{
	struct ss_pins pins;
	ULONG rv = ss_pins_read(c, &pins);

	return rv != SAR_OK ? rv : ss_may(c, pins.create_rights);
}

/* ---- the calls ---- */

static ULONG
info(const struct ss_call *c, ULONG type, ULONG *max, ULONG *left, BOOL *factory)
{
	struct ss_pins pins;
	ULONG rv = ss_pins_read(c, &pins);
	const struct ss_pin *p = &pins.pin[type == USER_TYPE];

	if (type != ADMIN_TYPE && type != USER_TYPE)
		return SAR_USER_TYPE_INVALID;
	if (rv != SAR_OK)
		return rv;
	tell(max, p->max);
	tell(left, p->left);
	if (factory != NULL)
		*factory = p->factory != 0;
	return SAR_OK;
}

ULONG
ss_pin_try(const struct ss_call *c, ULONG type, const char *pin, ULONG *left)
{
	struct ss_pins pins;
	BYTE app_key[SS_KEY];
	ULONG rv = try_pin(c, type, pin, &pins, app_key, left), closed = SAR_OK;

	if (rv == SAR_OK) {
		struct ss_pin *p = &pins.pin[type == USER_TYPE];

		p->left = p->max;
		tell(left, p->left);
		rv = write_pins(c, &pins);
	}
	if (rv == SAR_OK)
		rv = set_open(c, type, true, app_key);
	else if (rv == SAR_PIN_INCORRECT || rv == SAR_PIN_LOCKED)
		closed = set_open(c, type, false, NULL);
	OPENSSL_cleanse(app_key, sizeof app_key);
	return closed == SAR_OK ? rv : closed;
}

/* prover: whose PIN is asked for; type: whose is set */
static ULONG
replace(const struct ss_call *c, ULONG prover, const char *old, ULONG type, const char *new,
    ULONG *left)
{
	struct ss_pins pins;
	BYTE app_key[SS_KEY];
	ULONG rv = SAR_OK;

	if (!length_good(new))
		return SAR_PIN_LEN_RANGE;
	rv = try_pin(c, prover, old, &pins, app_key, left);
	if (rv == SAR_OK) {
		struct ss_pin *p = &pins.pin[prover == USER_TYPE];

		p->left = p->max;
		tell(left, p->left);
		p = &pins.pin[type == USER_TYPE];
		p->factory = 0;
		rv = set_pin(p, new, app_key) == 0 ? write_pins(c, &pins) : SAR_FAIL;
	}
	OPENSSL_cleanse(app_key, sizeof app_key);
	return rv;
}

ULONG
ss_pin_forget(const struct ss_call *c)
{
	struct ss_path path = ss_path_of(c, "open");
	struct ss_open o = { .plug = c->dev->plug };

	return ss_jot(path.text, &o, sizeof o) == 0 ? SAR_OK : SAR_WRITEFILEERR;
}

SS_EXPORT(SKF_GetPINInfo, SS_APP, app,
    (HAPPLICATION app, ULONG type, ULONG *max, ULONG *left, BOOL *factory),
    info(&c, type, max, left, factory))
SS_EXPORT(SKF_VerifyPIN, SS_APP, app, (HAPPLICATION app, ULONG type, LPSTR pin, ULONG *left),
    ss_pin_try(&c, type, pin, left))
SS_EXPORT(SKF_ChangePIN, SS_APP, app,
    (HAPPLICATION app, ULONG type, LPSTR old, LPSTR new, ULONG *left),
    replace(&c, type, old, type, new, left))
SS_EXPORT(SKF_UnblockPIN, SS_APP, app, (HAPPLICATION app, LPSTR admin, LPSTR new, ULONG *left),
    replace(&c, ADMIN_TYPE, admin, USER_TYPE, new, left))
SS_EXPORT(SKF_ClearSecureState, SS_APP, app, (HAPPLICATION app), ss_pin_forget(&c))
