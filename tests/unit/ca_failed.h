/* Did the last call of a lab (its rc and err) fail with this code? Says what it did when not. */
#ifndef CA_FAILED_H
#define CA_FAILED_H

#include <stdbool.h>
#include <stdio.h>

#include "certkiosk/err.h"

#define failed(lab, code) failed_with((lab)->rc, &(lab)->err, (code))

static bool
failed_with(int rc, const struct ck_err *err, enum ck_code code)
{
	if (rc == -1 && err->code == code)
		return true;
	printf("# rc %d, code %d: %s\n", rc, (int)err->code, err->detail);
	return false;
}

#endif
