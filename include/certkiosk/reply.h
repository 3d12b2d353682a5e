/* What a person answered: plain fields, and secrets each under its name. */
#ifndef CK_REPLY_H
#define CK_REPLY_H

#include <stddef.h>
#include <jansson.h>

#include "certkiosk/ask.h"
#include "certkiosk/secret.h"

#define CK_FIELD_NAME_MAX 32

struct ck_reply {
	json_t *fields; /* object: answers that are not secret; may stay NULL */
	size_t n_secrets;
	struct {
		char name[CK_FIELD_NAME_MAX];
		struct ck_secret *secret; /* whoever asked for the reply frees it */
	} secrets[CK_SECRETS_MAX];
};

#endif
