#include "engine.h"

#include <stdint.h>
#include <stdio.h>

int
ck_engine_start(const char *program, const char *config, struct ck_peer *p, struct ck_err *err)
{
	char number[12];
	char *argv[] = { "certkiosk-engine", "--link", number, "--config",
		(char *)(uintptr_t)config, NULL };

	snprintf(number, sizeof number, "%d", CK_PEER_LINK);
	return ck_peer_start(program, argv, -1, CK_E_ENGINE_GONE, p, err);
}
