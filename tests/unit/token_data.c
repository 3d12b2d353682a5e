/* Data objects on a key: the new one beside the old until it was read back, and nothing else moved.
 */
#include "token_lab.h"

#define LABEL "\347\224\265\345\255\220\345\215\260\347\253\240"
#define MAKER "sealmaker"

static unsigned char one[CK_DATA_MAX], two[3000];
static const struct ck_data first = { LABEL, one, sizeof one }, second = { LABEL, two, sizeof two };
static struct ck_err err;

static enum ck_code
put(struct ck_token *t, const struct ck_data *d)
{
	err = (struct ck_err){ .code = CK_E_NONE };
	return ck_token_put_data(t, d, &err) == 0 ? CK_E_NONE : err.code;
}

static bool
has(struct ck_token *t, const struct ck_data *d)
{
	bool yes = false;

	err = (struct ck_err){ .code = CK_E_NONE };
	LAB(ck_token_has_data(t, d, &yes, &err) == 0);
	return yes;
}

/* ---- another program at the same key, before ours or after it ---- */

static CK_FUNCTION_LIST *f;
static CK_SESSION_HANDLE other;

static void
other_begin(void)
{
	unsigned char pin[] = LAB_PIN;
	CK_SLOT_ID slots[2]; /* SoftHSM2 always has an empty one behind the last */
	CK_ULONG two_slots = 2;

	f = lab_softhsm();
	LAB(f->C_GetSlotList(CK_TRUE, slots, &two_slots) == CKR_OK);
	LAB(f->C_OpenSession(slots[0], CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &other) ==
	    CKR_OK);
	LAB(f->C_Login(other, CKU_USER, pin, sizeof pin - 1) == CKR_OK);
}

static CK_ULONG
other_finds(const char *label, CK_OBJECT_HANDLE at[8])
{
	CK_OBJECT_CLASS class = CKO_DATA;
	CK_ATTRIBUTE a[] = {
		{ CKA_CLASS, &class, sizeof class },
		{ CKA_LABEL, (void *)(uintptr_t)label, strlen(label) },
	};
	CK_ULONG n = 0;

	LAB(f->C_FindObjectsInit(other, a, 2) == CKR_OK &&
	    f->C_FindObjects(other, at, 8, &n) == CKR_OK && f->C_FindObjectsFinal(other) == CKR_OK);
	return n;
}

static void
other_makes(const char *label, const char *value)
{
	CK_OBJECT_CLASS class = CKO_DATA;
	CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
	CK_ATTRIBUTE a[] = {
		{ CKA_CLASS, &class, sizeof class },
		{ CKA_TOKEN, &yes, sizeof yes },
		{ CKA_PRIVATE, &no, sizeof no },
		{ CKA_LABEL, (void *)(uintptr_t)label, strlen(label) },
		{ CKA_APPLICATION, (void *)(uintptr_t)MAKER, sizeof MAKER - 1 },
		{ CKA_VALUE, (void *)(uintptr_t)value, strlen(value) },
	};
	CK_OBJECT_HANDLE o = 0;

	LAB(f->C_CreateObject(other, a, sizeof a / sizeof *a, &o) == CKR_OK);
}

static void
looked_at_by_others(void)
{
	CK_OBJECT_HANDLE at[8];
	CK_BBOOL hidden = CK_TRUE, change = CK_FALSE;
	char app[32] = "";
	CK_ATTRIBUTE a[] = {
		{ CKA_PRIVATE, &hidden, sizeof hidden },
		{ CKA_MODIFIABLE, &change, sizeof change },
		{ CKA_APPLICATION, app, sizeof app - 1 },
	};

	other_begin();
	T(other_finds("another", at) == 1, "an object of another label is left alone");
	T(other_finds(LABEL, at) == 1, "one object has the label");
	LAB(f->C_GetAttributeValue(other, at[0], a, 3) == CKR_OK);
	T(hidden == CK_FALSE && change == CK_TRUE, "it shows without a PIN, and can be changed");
	T(strcmp(app, MAKER) == 0, "and is found as the one before it was (%s)", app);
	f->C_Finalize(NULL);
}

/* ---- ours ---- */

static void
written(struct ck_token *t)
{
	size_t made = 0;

	T(!has(t, &first), "what others put there is not it");
	T(put(t, &first) == CK_E_NONE && has(t, &first), "the largest is written and read back");
	made = lab_called("C_CreateObject");
	T(put(t, &first) == CK_E_NONE && lab_called("C_CreateObject") == made,
	    "once more is nothing");
	T(put(t, &second) == CK_E_NONE && has(t, &second) && !has(t, &first),
	    "another one takes its place");
	T(put(t, &(struct ck_data){ "", two, 1 }) == CK_E_INTERNAL, "an empty label is many's");
	T(put(t, &(struct ck_data){ LABEL, two, 0 }) == CK_E_INTERNAL, "nothing is no seal");
	T(put(t, &(struct ck_data){ LABEL, one, CK_DATA_MAX + 1 }) == CK_E_INTERNAL,
	    "and too much is none");
}

static void
not_kept(struct ck_token *t)
{
	static const struct {
		const char *ctl;
		enum ck_code code;
	} all[] = { { "full\n", CK_E_KEY_FULL }, { "fullsilent\n", CK_E_KEY_FULL },
		{ "fullshort\n", CK_E_WRITE_NOT_KEPT }, { "readonly\n", CK_E_KEY_READONLY } };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		lab_ctl(all[i].ctl);
		T(put(t, &first) == all[i].code, "%.*s: told", (int)strlen(all[i].ctl) - 1,
		    all[i].ctl);
		lab_ctl("");
		T(has(t, &second), "and the old one stays");
	}
	lab_fail("C_CreateObject", CKR_TEMPLATE_INCONSISTENT);
	T(put(t, &first) == CK_E_KEY_NO_DATA && has(t, &second), "a key without such objects");
	lab_fail("C_CreateObject", CKR_DEVICE_ERROR);
	T(put(t, &first) == CK_E_KEY_TROUBLE && has(t, &second), "a key in trouble");
	lab_fail("C_CreateObject", CKR_DEVICE_REMOVED);
	T(put(t, &first) == CK_E_KEY_REMOVED, "one that was pulled");
	lab_ctl("");
}

/* What an interruption leaves is brought to its end. */
static void
interrupted(struct ck_token *t)
{
	lab_fail("C_DestroyObject", CKR_DEVICE_ERROR);
	T(put(t, &first) == CK_E_KEY_TROUBLE && !has(t, &first) && !has(t, &second),
	    "old and new are beside each other: neither alone");
	lab_ctl("");
	T(put(t, &first) == CK_E_NONE && has(t, &first), "once more: the old one goes");
	lab_fail_after("C_CreateObject", CKR_DEVICE_ERROR);
	T(put(t, &second) == CK_E_NONE && has(t, &second),
	    "an error over one that is there is none");
	lab_ctl("");
}

int
main(void)
{
	struct ck_keyring *k = NULL;
	struct ck_token *t = NULL;
	bool yes = false;

	memset(one, 0xa5, sizeof one);
	memset(two, 0x5a, sizeof two);
	lab_begin();
	lab_token("DATA", true);
	other_begin();
	other_makes(LABEL, "of last year");
	other_makes(LABEL, "of the year before");
	other_makes("another", "of somebody else");
	f->C_Finalize(NULL);
	k = lab_ring();
	t = lab_take(k);
	T(ck_token_has_data(t, &first, &yes, &err) == 0 && !yes, "it is looked for without a PIN");
	LAB(lab_login(t, LAB_PIN, &err) == 0);
	written(t);
	not_kept(t);
	interrupted(t);
	ck_token_close(t);
	ck_keyring_close(k);
	looked_at_by_others();
	return T_END();
}
