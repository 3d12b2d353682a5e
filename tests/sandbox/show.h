/* The books as one JSON object, for stories to assert on. No password and no secret is in it. */
#ifndef SANDBOX_SHOW_H
#define SANDBOX_SHOW_H

#include <jansson.h>

#include "sandbox.h"

json_t *sb_show(struct sb *);

#endif
