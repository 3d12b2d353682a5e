/* One file of keys.d. */
#ifndef CK_FAMILY_H
#define CK_FAMILY_H

#include "certkiosk/token.h"
#include "token/match.h"

/* patterns of one family of files: a counter has a handful of mount points */
#define CK_ROOTS_MAX 8

/* key families one site knows; a CA hands out a handful of makes */
#define CK_FAMILIES_MAX 32

enum ck_driver { CK_DRIVER_P11, CK_DRIVER_FILE };

struct ck_family {
	enum ck_driver driver;
	char name[65], module[256]; /* of files: "file" */
	char roots[CK_ROOTS_MAX][256];
	size_t n_roots;
	int pin_min, pin_max; /* 0 = the key's own bounds */
	bool pin_digits, two_pairs;
	bool keytypes[CK_KEY_P256 + 1]; /* by ck_keytype */
	int limit;			/* seconds one call may take */
	bool relist;		  /* only asked for all its readers does it notice a removal */
	bool locked_as_incorrect; /* a locked PIN is "incorrect" and no flag is set */
	struct ck_naming naming;
	struct ck_match match;
};

/* All *.conf of the folder, in the order of their names; none, or a mistake in one, is CONFIG. */
int ck_families_read(
    const char *keys_dir, struct ck_family all[CK_FAMILIES_MAX], size_t *n, struct ck_err *);

#endif
