/* What a vendor's module may change under our feet when it is loaded: how signals are taken, the
 * mask, the umask, the folder, the locale. Kept before, put back after. */
#ifndef CK_GROUND_H
#define CK_GROUND_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#define CK_SIGNALS_MAX 32 /* the real-time ones mean nothing to us */

struct ck_ground {
	struct sigaction actions[CK_SIGNALS_MAX];
	bool kept[CK_SIGNALS_MAX];
	sigset_t mask;
	mode_t umask;
	int folder; /* -1: can't be told */
	char locale[256];
};

void ck_ground_keep(struct ck_ground *);
void ck_ground_restore(struct ck_ground *);

#endif
