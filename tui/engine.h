/* The engine as a process (base/peer.h). */
#ifndef CK_TUI_ENGINE_H
#define CK_TUI_ENGINE_H

#include "base/peer.h"

/* ENGINE_GONE when it cannot be started. */
int ck_engine_start(const char *program, const char *config, struct ck_peer *, struct ck_err *);

#endif
