/* One file of keys.d, as both drivers read it. */
#ifndef CK_FAMILY_H
#define CK_FAMILY_H

#include "certkiosk/token.h"

/* patterns of one family of files: a counter has a handful of mount points */
#define CK_ROOTS_MAX 8

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
};

#endif
