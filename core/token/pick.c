#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "token/file.h"
#include "token/p11.h"
#include "token/pcsc.h"
#include "token/plugged.h"

struct ck_keyring {
	struct ck_family families[CK_FAMILIES_MAX];
	size_t n;
	struct ck_medium medium;
	struct ck_module module; /* one at a time; what was listed last stays for ck_keyring_take */
	struct ck_stranger strangers[CK_CARDS_MAX]; /* of the last list */
	size_t n_strangers;
};

int
ck_keyring_open(const char *keys_dir, struct ck_keyring **out, struct ck_err *err)
{
	struct ck_keyring *k = calloc(1, sizeof *k);

	*out = NULL;
	if (k == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "reading %s", keys_dir);
	if (ck_families_read(keys_dir, k->families, &k->n, err) == -1) {
		free(k);
		return -1;
	}
	*out = k;
	return 0;
}

void
ck_keyring_close(struct ck_keyring *k)
{
	if (k == NULL)
		return;
	ck_module_free(&k->module);
	free(k);
}

void
ck_keyring_on_pulse(struct ck_keyring *k, void (*beat)(void *u), void *u)
{
	k->module.pulse = (struct ck_pulse){ .beat = beat, .u = u };
}

int
ck_keyring_limit(const struct ck_keyring *k)
{
	int longest = 0;

	for (size_t i = 0; i < k->n; i++)
		if (k->families[i].limit > longest)
			longest = k->families[i].limit;
	return longest;
}

bool
ck_keyring_unheard(const struct ck_keyring *k)
{
	for (size_t i = 0; i < k->n; i++)
		if (ck_match_none(&k->families[i].match) || k->families[i].match.n_usbs > 0)
			return true;
	return false;
}

/* ---- which families are meant by what is plugged in ---- */

/* What a key in a reader is known by, the surest first: an ATR says more than the name of a reader
 * that anything may be put into, and that more than which device the reader seems to be. */
enum known { BY_ATR, BY_READER, BY_USB, UNKNOWN };

static bool
known_by(enum known how, const struct ck_family *fam, const struct ck_plugged *p,
    const struct ck_card *card)
{
	const struct ck_usb *usb = NULL;

	switch (how) {
	case BY_ATR:
		return ck_match_atr(&fam->match, card);
	case BY_READER:
		return ck_match_reader(&fam->match, card);
	case BY_USB:
		usb = ck_usb_of_reader(p->usb, p->n_usb, card->reader);
		return usb != NULL && ck_match_usb(&fam->match, usb, 1);
	default:
		return false;
	}
}

static enum known
how_known(const struct ck_keyring *k, const struct ck_plugged *p, const struct ck_card *card)
{
	/* one that does not answer is nobody's, whatever reader it is in */
	enum known how = card->atr_len > 0 ? BY_ATR : UNKNOWN;

	for (; how < UNKNOWN; how++)
		for (size_t i = 0; i < k->n; i++)
			if (known_by(how, &k->families[i], p, card))
				return how;
	return how;
}

static bool
fits_card(const struct ck_keyring *k, const struct ck_family *fam, const struct ck_plugged *p,
    const struct ck_card *card)
{
	return known_by(how_known(k, p, card), fam, p, card);
}

/* Never all modules: one that is loaded may take another's key for itself, and crash on it. */
static bool
wanted(const struct ck_keyring *k, const struct ck_family *fam, const struct ck_plugged *p)
{
	if (fam->driver == CK_DRIVER_FILE)
		return false;
	if (p->others &&
	    (ck_match_none(&fam->match) || ck_match_usb(&fam->match, p->usb, p->n_usb)))
		return true;
	for (size_t i = 0; i < p->n_cards; i++)
		if (fits_card(k, fam, p, &p->cards[i]) ||
		    (ck_match_none(&fam->match) && how_known(k, p, &p->cards[i]) == UNKNOWN))
			return true;
	return false;
}

/* Of the families that share a module, the one whose key this reader holds. */
static const struct ck_family *
family_in_reader(const struct ck_keyring *k, const struct ck_family *fam,
    const struct ck_plugged *p, const char *slot)
{
	for (size_t c = 0; c < p->n_cards; c++) {
		if (!ck_plugged_slot_fits(slot, p->cards[c].reader))
			continue;
		for (size_t i = 0; i < k->n; i++)
			if (strcmp(k->families[i].module, fam->module) == 0 &&
			    fits_card(k, &k->families[i], p, &p->cards[c]))
				return &k->families[i];
	}
	return fam;
}

static bool
module_listed(const struct ck_keyring *k, size_t i, const struct ck_plugged *p)
{
	for (size_t j = 0; j < i; j++)
		if (strcmp(k->families[j].module, k->families[i].module) == 0 &&
		    wanted(k, &k->families[j], p))
			return true;
	return false;
}

bool
ck_keyring_in_readers(const struct ck_keyring *k)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->families[i].match.n_atrs > 0 || k->families[i].match.n_readers > 0)
			return true;
	return false;
}

/* ---- which keys are there ---- */

struct rows {
	struct ck_token_info *at;
	size_t n, cap;
};

/* A slot that can't be asked is left out: another reader's trouble must not hide this key. */
static int
list_module(struct ck_keyring *k, const struct ck_family *fam, const struct ck_plugged *p,
    struct rows *rows, struct ck_err *err)
{
	CK_SLOT_ID slots[CK_SLOTS_MAX];
	size_t n = 0;

	/* always anew: SoftHSM and some vendors never notice a key that came after C_Initialize */
	if (ck_module_load(&k->module, fam->module, err) != 0 ||
	    ck_module_slots(&k->module, fam->relist, slots, &n, err) != 0)
		return -1;
	for (size_t i = 0; i < n && rows->n < rows->cap; i++) {
		struct ck_token_info *row = &rows->at[rows->n];
		const struct ck_family *other = NULL;

		/* SoftHSM always shows one key more, never initialised */
		if (ck_p11_describe(&k->module, fam, slots[i], row) != 0 || !row->initialised)
			continue;
		other = family_in_reader(k, fam, p, row->reader);
		if (other == fam || ck_p11_describe(&k->module, other, slots[i], row) == 0)
			rows->n++;
	}
	return 0;
}

static const struct ck_family *
files_of(const struct ck_keyring *k)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->families[i].driver == CK_DRIVER_FILE)
			return &k->families[i];
	return NULL;
}

int
ck_keyring_medium(struct ck_keyring *k, const char *medium, const char *save_to, struct ck_err *err)
{
	if ((medium != NULL || save_to != NULL) && files_of(k) == NULL)
		return ck_fail(err, CK_E_CONFIG, "no key family with driver \"file\"");
	return ck_medium_point(&k->medium, medium, save_to, err);
}

static const struct ck_family *
family_named(const struct ck_keyring *k, const char *name)
{
	for (size_t i = 0; i < k->n; i++)
		if (strcmp(k->families[i].name, name) == 0)
			return &k->families[i];
	return NULL;
}

/* ---- one key that is seen twice ---- */

/* The smallest hash of the public keys on it, by certificate or by themselves; false when there are
 * none to be seen. */
static bool
print_of(struct ck_keyring *k, const struct ck_family *fam, CK_SLOT_ID slot,
    unsigned char out[CK_HASH_LEN])
{
	struct ck_entries all = { .n = 0 };
	struct ck_err unasked = { .code = CK_E_NONE };
	struct ck_token *t = NULL;
	bool any = false;

	if (ck_p11_open(&k->module, fam, slot, &t, &unasked) != 0)
		return false;
	if (ck_token_list(t, &all, &unasked) == 0)
		for (size_t i = 0; i < all.n; i++) {
			if (!all.at[i].has_spki ||
			    (any && memcmp(all.at[i].spki, out, CK_HASH_LEN) >= 0))
				continue;
			memcpy(out, all.at[i].spki, CK_HASH_LEN);
			any = true;
		}
	ck_entries_free(&all);
	ck_token_close(t);
	return any;
}

struct print {
	bool asked, known;
	unsigned char hash[CK_HASH_LEN];
};

/* Prints of all rows with this row's module and serial. */
static void
take_prints(struct ck_keyring *k, const struct rows *r, size_t of, struct print *prints)
{
	const struct ck_family *fam = family_named(k, r->at[of].family);
	CK_SLOT_ID slots[CK_SLOTS_MAX];
	struct ck_err unasked = { .code = CK_E_NONE };
	size_t n = 0;

	if (ck_module_load(&k->module, fam->module, &unasked) != 0 ||
	    ck_module_slots(&k->module, fam->relist, slots, &n, &unasked) != 0)
		n = 0;
	for (size_t s = 0; s < n; s++) {
		struct ck_token_info row;

		if (ck_p11_describe(&k->module, fam, slots[s], &row) != 0 ||
		    strcmp(row.serial, r->at[of].serial) != 0)
			continue;
		for (size_t i = of; i < r->n; i++) {
			if (prints[i].asked || strcmp(r->at[i].module, row.module) != 0 ||
			    strcmp(r->at[i].serial, row.serial) != 0 ||
			    strcmp(r->at[i].reader, row.reader) != 0)
				continue;
			prints[i].asked = true;
			prints[i].known = print_of(k, fam, slots[s], prints[i].hash);
			break;
		}
	}
	prints[of].asked = true;
}

/* Two modules, or two readers, that show the same key: same serial number and same public key.
 * The first family in the order of keys.d has it. Cheap where serial numbers differ. */
static void
drop_twins(struct ck_keyring *k, struct rows *r)
{
	struct print prints[CK_TOKENS_MAX] = { { .asked = false } };

	for (size_t i = 0; i < r->n; i++)
		for (size_t j = r->n; j-- > i + 1;) {
			if (strcmp(r->at[i].serial, r->at[j].serial) != 0 ||
			    family_named(k, r->at[i].family)->driver == CK_DRIVER_FILE ||
			    family_named(k, r->at[j].family)->driver == CK_DRIVER_FILE)
				continue;
			if (!prints[i].asked)
				take_prints(k, r, i, prints);
			if (!prints[j].asked)
				take_prints(k, r, j, prints);
			if (!prints[i].known || !prints[j].known ||
			    memcmp(prints[i].hash, prints[j].hash, CK_HASH_LEN) != 0)
				continue;
			memmove(&r->at[j], &r->at[j + 1], (r->n - j - 1) * sizeof *r->at);
			memmove(&prints[j], &prints[j + 1], (r->n - j - 1) * sizeof *prints);
			r->n--;
		}
}

/* ---- the list ---- */

static int
by_family_and_serial(const void *a, const void *b)
{
	const struct ck_token_info *x = a, *y = b;
	int c = strcmp(x->family, y->family);

	return c != 0 ? c : strcmp(x->serial, y->serial);
}

static void
note_stranger(struct ck_keyring *k, const struct ck_plugged *p, const struct ck_card *card)
{
	const struct ck_usb *usb = ck_usb_of_reader(p->usb, p->n_usb, card->reader);
	struct ck_stranger *s = &k->strangers[k->n_strangers++];

	ck_clean_str(s->reader, sizeof s->reader, card->reader);
	ck_atr_text(card, s->atr);
	s->usb[0] = '\0';
	if (usb != NULL)
		snprintf(s->usb, sizeof s->usb, "%04x:%04x", usb->vendor, usb->product);
}

/* Keys that no family knows, and that no module without rules showed all the same. */
static void
find_strangers(struct ck_keyring *k, const struct ck_plugged *p, const struct rows *rows)
{
	for (size_t c = 0; c < p->n_cards; c++) {
		bool known = p->cards[c].atr_len == 0 || how_known(k, p, &p->cards[c]) != UNKNOWN;

		for (size_t i = 0; i < rows->n && !known; i++)
			known = ck_plugged_slot_fits(rows->at[i].reader, p->cards[c].reader);
		if (!known)
			note_stranger(k, p, &p->cards[c]);
	}
}

/* Nothing was found: the first thing that may be why. */
static int
nothing(const struct ck_keyring *k, const struct ck_plugged *p, const struct ck_err *first,
    struct ck_err *err)
{
	const struct ck_stranger *s = &k->strangers[0];
	char reader[CK_READER_NAME_MAX];

	if (first->code != CK_E_NONE)
		return ck_fail_native(err, first->code, first->native, "%s", first->detail);
	if (k->n_strangers > 0)
		return ck_fail(err, CK_E_KEY_UNKNOWN, "ATR %s, %s%s%s", s->atr, s->reader,
		    s->usb[0] != '\0' ? ", USB " : "", s->usb);
	for (size_t i = 0; i < p->n_cards; i++)
		if (p->cards[i].atr_len == 0) {
			ck_clean_str(reader, sizeof reader, p->cards[i].reader);
			return ck_fail(err, CK_E_KEY_MUTE, "%s", reader);
		}
	if (p->service != CK_E_NONE && ck_keyring_in_readers(k))
		return ck_reader_fail(p->service, p->native, err);
	return 0;
}

/* Asked for the key of one reader, a module shows those of all. Where no slot has that reader's
 * name (some makers' have names of their own) it can't be told which is meant; but a module that
 * was tried only because nobody knows the key has not shown it then. */
static void
keep_reader(const struct ck_keyring *k, const struct ck_plugged *p, struct rows *r)
{
	bool told = how_known(k, p, &p->cards[0]) == UNKNOWN;
	size_t kept = 0;

	for (size_t i = 0; i < r->n && !told; i++)
		told = ck_plugged_slot_fits(r->at[i].reader, p->cards[0].reader);
	for (size_t i = 0; i < r->n && told; i++)
		if (ck_plugged_slot_fits(r->at[i].reader, p->cards[0].reader))
			r->at[kept++] = r->at[i];
	if (told)
		r->n = kept;
}

/* Files, where a person pointed at them or where the families look; why not, in first or crowded.
 */
static void
list_files(struct ck_keyring *k, struct rows *r, struct ck_err *first, struct ck_err *crowded)
{
	for (size_t i = 0; i < k->n; i++) {
		const struct ck_family *fam = &k->families[i];

		if (fam->driver != CK_DRIVER_FILE)
			continue;
		ck_files_list(fam, &k->medium, r->at, r->cap, &r->n, first, crowded);
		/* every family would find the same in a place that was pointed at */
		if (k->medium.place[0] != '\0')
			break;
	}
}

static void
list_modules(struct ck_keyring *k, const struct ck_plugged *p, struct rows *r, struct ck_err *first)
{
	for (size_t i = 0; i < k->n; i++)
		if (wanted(k, &k->families[i], p) && !module_listed(k, i, p))
			list_module(k, &k->families[i], p, r, first);
	if (!p->others)
		keep_reader(k, p, r);
	find_strangers(k, p, r);
}

static int
list(struct ck_keyring *k, const struct ck_plugged *p, struct ck_token_info *rows, size_t cap,
    size_t *n, struct ck_err *err)
{
	struct rows r = { .at = rows, .cap = cap };
	struct ck_err first = { .code = CK_E_NONE }, crowded = { .code = CK_E_NONE };
	bool pointed = k->medium.place[0] != '\0';
	size_t in_readers;

	*n = 0;
	k->n_strangers = 0;
	if (k->module.taken)
		return ck_fail(err, CK_E_KEY_BUSY, "a key is open in this visit");
	if (!pointed)
		list_modules(k, p, &r, &first);
	in_readers = r.n;
	if (pointed || p->others)
		list_files(k, &r, &first, &crowded);
	/* the one that is meant may be among what was not looked at */
	if (in_readers == 0 && crowded.code != CK_E_NONE)
		return ck_fail(err, crowded.code, "%s", crowded.detail);
	if (r.n == 0)
		return nothing(k, pointed ? &(struct ck_plugged){ 0 } : p, &first, err);
	drop_twins(k, &r);
	qsort(rows, r.n, sizeof *rows, by_family_and_serial);
	*n = r.n;
	return 0;
}

int
ck_keyring_list(
    struct ck_keyring *k, struct ck_token_info *rows, size_t cap, size_t *n, struct ck_err *err)
{
	struct ck_plugged p;

	ck_plugged_all(&p);
	return list(k, &p, rows, cap, n, err);
}

int
ck_keyring_list_at(struct ck_keyring *k, const struct ck_card *card, struct ck_token_info *rows,
    size_t cap, size_t *n, struct ck_err *err)
{
	struct ck_plugged p;

	ck_plugged_one(&p, card);
	return list(k, &p, rows, cap, n, err);
}

const struct ck_stranger *
ck_keyring_strangers(const struct ck_keyring *k, size_t *n)
{
	*n = k->n_strangers;
	return k->strangers;
}

static bool
same_key(struct ck_keyring *k, const struct ck_family *fam, CK_SLOT_ID a, CK_SLOT_ID b)
{
	unsigned char x[CK_HASH_LEN], y[CK_HASH_LEN];

	return print_of(k, fam, a, x) && print_of(k, fam, b, y) && memcmp(x, y, sizeof x) == 0;
}

static bool
has_pair(const struct ck_entries *all, const unsigned char *spki)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->at[i].has_spki && memcmp(all->at[i].spki, spki, CK_HASH_LEN) == 0)
			return true;
	return false;
}

/* 1 yes, 0 no, -1 it can't be asked */
static int
holds(struct ck_keyring *k, const struct ck_family *fam, CK_SLOT_ID slot, const struct ck_pairs *p,
    struct ck_err *err)
{
	struct ck_entries all = { .n = 0 };
	struct ck_token *t = NULL;
	int r = -1;

	if (p->n == 0)
		return 1;
	if (ck_p11_open(&k->module, fam, slot, &t, err) != 0)
		return -1;
	if (ck_token_list(t, &all, err) == 0) {
		r = 1;
		for (size_t i = 0; i < p->n && r == 1; i++)
			r = has_pair(&all, p->spki[i]);
	}
	ck_entries_free(&all);
	ck_token_close(t);
	return r;
}

struct hits {
	CK_SLOT_ID slot;
	size_t serial, n; /* with its serial number; and with the pairs asked for */
};

static int
find_slot(struct ck_keyring *k, const struct ck_family *fam, const char *serial,
    const struct ck_pairs *pairs, struct hits *h, struct ck_err *err)
{
	CK_SLOT_ID slots[CK_SLOTS_MAX];
	struct ck_err no = { 0 };
	size_t n = 0;

	if (ck_module_slots(&k->module, fam->relist, slots, &n, err) != 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct ck_token_info row;
		int yes;

		if (ck_p11_describe(&k->module, fam, slots[i], &row) != 0 || !row.initialised ||
		    strcmp(row.serial, serial) != 0)
			continue;
		h->serial++;
		if ((yes = holds(k, fam, slots[i], pairs, &no)) == 0 ||
		    (yes == 1 && h->n > 0 && same_key(k, fam, h->slot, slots[i])))
			continue;
		if (yes == 1)
			h->slot = slots[i];
		h->n += yes == 1;
	}
	/* one that can't be asked may be the one; but not when another surely is */
	if (h->n == 0 && no.code != CK_E_NONE)
		return ck_fail_native(err, no.code, no.native, "%s", no.detail);
	return 0;
}

int
ck_keyring_take_holding(struct ck_keyring *k, const struct ck_token_info *which,
    const struct ck_pairs *pairs, struct ck_token **out, struct ck_err *err)
{
	const struct ck_family *fam = family_named(k, which->family);
	struct hits h = { .n = 0 };

	*out = NULL;
	if (fam == NULL)
		return ck_fail(err, CK_E_INTERNAL, "no key family %s", which->family);
	if (k->module.taken)
		return ck_fail(err, CK_E_KEY_BUSY, "a key is open in this visit");
	if (fam->driver == CK_DRIVER_FILE)
		return ck_file_open(fam, &k->medium, which->serial, pairs, out, err);
	if (strcmp(k->module.path, fam->module) != 0 &&
	    ck_module_load(&k->module, fam->module, err) != 0)
		return -1;
	if (find_slot(k, fam, which->serial, pairs, &h, err) != 0)
		return -1;
	if (h.serial == 0)
		return ck_fail(err, CK_E_KEY_REMOVED, "no key %s in a reader", which->serial);
	if (h.n == 0)
		return ck_fail(err, CK_E_OTHER_KEY, "%s holds other pairs", which->serial);
	/* badly personalised keys all carry "0000" */
	if (h.n > 1)
		return ck_fail(err, CK_E_MANY_KEYS, "%zu keys with serial %s", h.n, which->serial);
	return ck_p11_open(&k->module, fam, h.slot, out, err);
}

int
ck_keyring_take(struct ck_keyring *k, const struct ck_token_info *which, struct ck_token **out,
    struct ck_err *err)
{
	return ck_keyring_take_holding(k, which, &(struct ck_pairs){ .n = 0 }, out, err);
}

bool
ck_token_in_reader(const struct ck_token_info *info, const char *reader)
{
	char clean[CK_READER_NAME_MAX];

	ck_clean_str(clean, sizeof clean, reader);
	return ck_plugged_slot_fits(info->reader, clean);
}
