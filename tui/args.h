/* The command line of certkiosk(1), read and checked. Texts point into argv. */
#ifndef CK_ARGS_H
#define CK_ARGS_H

#include <stdbool.h>

#include "certkiosk/err.h"
#include "words/words.h"

enum ck_verb {
	CK_VERB_SCREEN, /* none: what there is on a terminal */
	CK_VERB_RENEW,
	CK_VERB_RESUME,
	CK_VERB_ABANDON,
	CK_VERB_KEYS,
	CK_VERB_WATCH, /* keys --watch */
	CK_VERB_POLICY,
	CK_VERB_RECORDS,
	CK_VERB_RECORD, /* records --show NUMBER */
	CK_VERB_TEND,	/* records tend */
	CK_VERB_PURGE,	/* records purge */
	CK_VERB_LEDGER,
	CK_VERB_LEDGER_SHOW,
	CK_VERB_REPORT,
	CK_VERB_DIAGNOSE,
	CK_VERB_CHECK,
	CK_VERB_FORM,
	CK_VERB_FORMS,
	CK_VERB_PRINT,
	CK_VERB_PRINTERS,
	CK_VERB_BATCH_BEGIN,	/* batch begin */
	CK_VERB_BATCHES,	/* batch list */
	CK_VERB_BATCH,		/* batch show NUMBER */
	CK_VERB_SERVICES,	/* service list */
	CK_VERB_SERVICE,	/* service NAME */
	CK_VERB_SERVICE_RESUME, /* service resume NUMBER */
	CK_VERB_SERVICE_STATUS, /* service status NUMBER */
	CK_VERB_SERVICE_DROP,	/* service drop NUMBER */
	CK_VERB_PIN,
	CK_VERB_EXPORT,
	CK_VERB_STATUS,
	CK_VERB_DOCTOR,
	CK_VERB_SIGN_IN,
	CK_VERB_SIGN_OUT,
	CK_VERB_CLERK_WORD,
	CK_VERB_VERIFY_FORM,
	CK_VERB_HELP,
	CK_VERB_VERSION,
};

struct ck_args {
	enum ck_verb verb;
	enum ck_lang lang; /* the caller's, unless --lang */
	bool json, all, names;
	bool desk, ascii, no_mouse;
	int theme;	    /* enum ck_theme; -1 = not said */
	const char *config; /* the caller's, unless --config */
	const char *system, *way, *key, *cert, *clerk, *record, *medium, *save_to, *answers, *on;
	const char *typed;	   /* of resume */
	const char *out, *printer; /* of form, of print */
	const char *batch;	   /* of renew */
	const char *service;	   /* of service */
	const char *file, *to, *before, *by, *search, *day;
	const char *qr, *fields, *form_dir; /* of verify-form; its document is file */
	int secrets_fd;			    /* -1 = none */
	int older_than;			    /* days; -1 = not said */
	int last;			    /* rows; -1 = not said */
	int wait_s;			    /* for a key that went; -1 = not said */
	const char *wrong;		    /* on failure: word usage.WRONG, about text */
	char text[128];
};

/* -1: USAGE, and wrong and text say why. */
int ck_args_read(int argc, char **argv, struct ck_args *, struct ck_err *);

#endif
