/* A system of one's own: settings that are tried, before those that every system needs. */
#ifndef POLICY_OWN_H
#define POLICY_OWN_H

#include <string.h>

#include "base_dir.h"
#include "policy/policy.h"

/* tests/golden/systems/only.conf with this before it, as DIR/own.conf */
static int
with(const char *more, struct ck_policy *p, struct ck_err *err)
{
	char own[4096] = "", all[8192];
	FILE *f = fopen("tests/golden/systems/only.conf", "r");

	T(f != NULL && fread(own, 1, sizeof own - 1, f) > 0, "there is a system to begin with");
	fclose(f);
	snprintf(all, sizeof all, "%s\n%s", more, own);
	*err = (struct ck_err){ 0 };
	return ck_policy_read(put("own.conf", all), p, err);
}

#endif
