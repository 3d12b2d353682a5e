/* certkiosk verify-form: asks certkiosk-print, and needs nothing else of this machine. */
#ifndef CK_TUI_VERIFY_H
#define CK_TUI_VERIFY_H

#include "args.h"
#include "front.h"

/* Tells as a front's run does: rows, then exactly one end line. */
void ck_verify_run(
    const struct ck_args *, const struct ck_front_ops *, void *u, int stop_fd, struct ck_ended *);

#endif
