/* PINs: every verification on the wire is one that was typed, and none is spent needlessly. */
#include "token_lab.h"

#define NEW_PIN "ENV-88888"

static struct ck_keyring *ring;
static size_t typed; /* PINs the test typed that may reach the key */

static enum ck_code
login(struct ck_token *t, const char *pin, struct ck_tries *tries)
{
	struct ck_secret *s = lab_secret(pin);
	struct ck_err err = { .code = CK_E_NONE };

	ck_token_login(t, s, tries, &err);
	ck_secret_free(s);
	return err.code;
}

static enum ck_code
set_pin(struct ck_token *t, const char *old, const char *new, struct ck_tries *tries)
{
	struct ck_secret *o = lab_secret(old), *n = lab_secret(new);
	struct ck_err err = { .code = CK_E_NONE };

	ck_token_set_pin(t, o, n, tries, &err);
	ck_secret_free(o);
	ck_secret_free(n);
	return err.code;
}

/* nothing of this may cost a try */
static void
unspent(void)
{
	struct ck_tries tries;
	struct ck_token *t = NULL;
	char longest[CK_SECRET_MAX + 1];

	lab_ctl("pinlen 6 12\n");
	t = lab_take(ring);
	memset(longest, '1', CK_SECRET_MAX);
	longest[CK_SECRET_MAX] = '\0';
	T(login(t, "", &tries) == CK_E_PIN_LENGTH, "an empty PIN");
	T(login(t, "12345", &tries) == CK_E_PIN_LENGTH, "a PIN too short");
	T(login(t, "1234567890123", &tries) == CK_E_PIN_LENGTH, "a PIN too long");
	T(login(t, longest, &tries) == CK_E_PIN_LENGTH, "a PIN much too long");
	T(set_pin(t, LAB_PIN, "12345", &tries) == CK_E_PIN_LENGTH, "a new PIN too short");
	T(set_pin(t, "1", NEW_PIN, &tries) == CK_E_PIN_LENGTH, "an old PIN that can't be right");
	lab_ctl("lockedflag\n");
	T(login(t, LAB_PIN, &tries) == CK_E_PIN_LOCKED && tries.locked && tries.number == 0,
	    "a locked key is not asked");
	T(set_pin(t, LAB_PIN, NEW_PIN, &tries) == CK_E_PIN_LOCKED, "nor for a change");
	lab_ctl("pinpad\n");
	T(login(t, LAB_PIN, &tries) == CK_E_KEY_PINPAD, "a key with a PIN pad");
	T(set_pin(t, LAB_PIN, NEW_PIN, &tries) == CK_E_KEY_PINPAD, "nor is its PIN changed");
	lab_ctl("readonly\n");
	T(set_pin(t, LAB_PIN, NEW_PIN, &tries) == CK_E_KEY_READONLY, "a write-protected key");
	lab_ctl("finalflag\n");
	T(login(t, "1", &tries) == CK_E_PIN_LENGTH && tries.last && tries.number == 1,
	    "the last try is told with it");
	lab_ctl("");
	ck_token_close(t);
	T(lab_logins() == 0, "no try was spent");
}

static void
digits_only(void)
{
	struct ck_token_info info = { .pin_min = 6, .pin_max = 8, .pin_digits = true };
	static const struct {
		const char *pin;
		bool fits;
	} pins[] = {
		{ "123456", true }, { "12345678", true }, { "12345", false },
		{ "123456789", false }, { "12345a", false },
		{ "\xef\xbc\x91\xef\xbc\x92", false }, /* full-width digits */
	};

	for (size_t i = 0; i < sizeof pins / sizeof *pins; i++) {
		struct ck_secret *s = lab_secret(pins[i].pin);
		struct ck_err err = { .code = CK_E_NONE };
		bool fits = ck_token_pin_fits(&info, s, &err) == 0;

		T(fits == pins[i].fits && (fits || err.code == CK_E_PIN_LENGTH),
		    "PIN rule, case %zu", i);
		ck_secret_free(s);
	}
}

static void
right_and_wrong(void)
{
	struct ck_tries tries;
	struct ck_token *t = lab_take(ring);

	T(login(t, "654321", &tries) == CK_E_PIN_WRONG, "a wrong PIN");
	typed++;
	T(tries.number == -1 && tries.low && !tries.last && !tries.locked, "tries: low, no number");
	T(login(t, LAB_PIN, &tries) == CK_E_NONE && !tries.low, "the right one");
	typed++;
	T(lab_logins() == typed, "one verification each");
	T(login(t, "654321", &tries) == CK_E_PIN_WRONG,
	    "logged in already: a wrong PIN is wrong all the same");
	typed++;
	T(login(t, LAB_PIN, &tries) == CK_E_NONE && login(t, LAB_PIN, &tries) == CK_E_NONE,
	    "and the right one right, twice");
	typed += 2;
	T(lab_logins() == typed, "each was verified on the key");
	ck_token_close(t);
	t = lab_take(ring);
	T(login(t, "654321", &tries) == CK_E_PIN_WRONG, "a login does not outlive close");
	typed++;
	T(login(t, LAB_PIN, &tries) == CK_E_NONE, "and again");
	typed++;
	lab_ctl("noflags\n");
	T(login(t, "654321", &tries) == CK_E_PIN_WRONG && tries.number == -1 && !tries.low,
	    "a key that shows no flags: tries unknown");
	typed++;
	lab_ctl("");
	ck_token_close(t);
}

/* "already logged in" means that nothing was verified */
static void
unverified(void)
{
	struct ck_tries tries;
	struct ck_token *t = lab_take(ring);
	size_t before = lab_logins();

	lab_fail("C_Login", CKR_USER_ALREADY_LOGGED_IN);
	T(login(t, LAB_PIN, &tries) == CK_E_KEY_TROUBLE, "\"already logged in\" is no success");
	T(lab_logins() == before, "and was no verification");
	lab_ctl("");
	ck_token_close(t);
}

static void
locks(void)
{
	struct ck_tries tries;
	struct ck_token *t = NULL;
	struct ck_token_info info;
	struct ck_err err = { .code = CK_E_NONE };

	lab_ctl("pinmax 3\n");
	t = lab_take(ring);
	T(login(t, "111111", &tries) == CK_E_PIN_WRONG && tries.low && !tries.last, "first: low");
	T(login(t, "222222", &tries) == CK_E_PIN_WRONG && tries.last && tries.number == 1,
	    "second: the last is left");
	T(login(t, LAB_PIN, &tries) == CK_E_NONE && !tries.low, "the right one sets it back");
	T(set_pin(t, "111111", NEW_PIN, &tries) == CK_E_PIN_WRONG && tries.low,
	    "a wrong old PIN costs one too");
	T(login(t, "222222", &tries) == CK_E_PIN_WRONG && tries.last, "two");
	typed += 5;
	lab_ctl("pinmax 3\nlockedasincorrect\n");
	T(login(t, "333333", &tries) == CK_E_PIN_LOCKED && tries.locked && tries.number == 0,
	    "locked, though the key says \"incorrect\": the flag tells");
	typed++;
	lab_ctl("pinmax 3\nnoflags\n");
	T(login(t, LAB_PIN, &tries) == CK_E_PIN_LOCKED && tries.locked,
	    "locked without a flag: the answer tells");
	typed++;
	lab_ctl("pinmax 3\n");
	T(login(t, LAB_PIN, &tries) == CK_E_PIN_LOCKED, "from then on it is not asked any more");
	T(ck_token_info(t, &info, &err) == 0 && info.tries.locked && info.tries.number == 0,
	    "and the key's facts say so");
	T(lab_logins() == typed, "verifications = PINs typed: %zu", typed);
	ck_token_close(t);
	lab_ctl("");
}

static void
change(void)
{
	struct ck_tries tries;
	struct ck_token *t = lab_take(ring);

	T(set_pin(t, LAB_PIN, NEW_PIN, &tries) == CK_E_NONE, "a change without a login before");
	T(login(t, LAB_PIN, &tries) == CK_E_PIN_WRONG, "the old PIN fails");
	T(login(t, NEW_PIN, &tries) == CK_E_NONE, "the new one works");
	T(set_pin(t, "nonsense", LAB_PIN, &tries) == CK_E_PIN_WRONG, "a wrong old PIN");
	T(login(t, NEW_PIN, &tries) == CK_E_NONE, "changes nothing");
	T(set_pin(t, NEW_PIN, LAB_PIN, &tries) == CK_E_NONE, "a change after a login");
	typed += 6;
	T(lab_logins() == typed, "verifications = PINs typed: %zu", typed);
	lab_fail("C_SetPIN", CKR_PIN_INVALID);
	T(set_pin(t, LAB_PIN, NEW_PIN, &tries) == CK_E_PIN_REFUSED, "a PIN the key does not like");
	lab_fail("C_SetPIN", CKR_DEVICE_REMOVED);
	T(set_pin(t, LAB_PIN, NEW_PIN, &tries) == CK_E_KEY_REMOVED, "a removal in it");
	lab_fail("C_SetPIN", CKR_GENERAL_ERROR);
	T(set_pin(t, LAB_PIN, NEW_PIN, &tries) == CK_E_KEY_TROUBLE, "trouble in it");
	lab_ctl("");
	ck_token_close(t);
}

static void
without_pin(void)
{
	struct ck_tries tries;
	struct ck_token *t = lab_take(ring);

	T(login(t, LAB_PIN, &tries) == CK_E_PIN_NOT_SET, "a key without a user PIN");
	T(lab_logins() == typed, "is not asked");
	ck_token_close(t);
}

/* a key that says "incorrect" of a locked PIN and shows no flag either */
static void
never_locked(void)
{
	struct ck_tries tries;
	struct ck_token *t = NULL;

	lab_ctl("finalflag\n");
	t = lab_take(ring);
	T(login(t, "000000", &tries) == CK_E_PIN_WRONG && tries.last, "a last try that failed");
	typed++;
	ck_token_close(t);
	ck_keyring_close(ring);
	lab_family("test", "module = \"%s\";\nlocked_reported_as_incorrect = true;\n" LAB_KEYTYPES,
	    lab.shim);
	ring = lab_ring();
	t = lab_take(ring);
	T(login(t, "000000", &tries) == CK_E_PIN_LOCKED && tries.locked && tries.number == 0,
	    "the same of a family known never to say \"locked\"");
	typed++;
	T(lab_logins() == typed, "one verification each");
	ck_token_close(t);
}

int
main(void)
{
	lab_begin();
	lab_token("PIN", true);
	ring = lab_ring();
	unspent();
	digits_only();
	right_and_wrong();
	unverified();
	change();
	locks();
	never_locked();
	ck_keyring_close(ring);
	lab_end();
	lab_begin();
	typed = 0;
	lab_token("NO PIN", false);
	ring = lab_ring();
	without_pin();
	ck_keyring_close(ring);
	return T_END();
}
