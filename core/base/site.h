/* The site: certkiosk.conf(5) as the engine sees it. Read once at start, whole or not at all. */
#ifndef CK_SITE_H
#define CK_SITE_H

#include <stdint.h>

#include "certkiosk/ca.h"
#include "certkiosk/err.h"
#include "certkiosk/facts.h"
#include "certkiosk/record.h"
#include "base/passphrase.h"

#define CK_CLERKS_MAX 256
#define CK_SITE_SYSTEMS_MAX 16

struct ck_site_system {
	char id[64];
	char desk[256], ca[256]; /* https URLs */
	char ca_trust[256]; /* PEM: who signs the CA's CMP messages, or is above its certificates
			       (EST) */
	char issuers[256]; /* PEM: issuers of certificates that may be renewed (with their roots) */
	char accepted[256]; /* PEM: issuers of new certificates (with their roots) */
	char sm2_id[CK_SM2_ID_MAX]; /* the user ID under which issuers with SM2 keys sign */
	bool resend_safe;   /* this CA answers a repeated request with the same certificate */
	char ocsp[256];	    /* http or https: asked in place of a certificate's own; empty: not */
	bool desk_only;	    /* whether a certificate is revoked is asked of nobody but the desk */
	struct ck_http_conf http;
};

/* signing and encryption, each the present one and the one that replaces it */
#define CK_CLERK_CERTS_MAX 4

struct ck_clerk {
	char id[64], name[64];
	unsigned char certs[CK_CLERK_CERTS_MAX][CK_HASH_LEN]; /* SHA-256, on the clerk's own key */
	size_t n_certs;
	char known_by[CK_PASSPHRASE_LINE_MAX]; /* his passphrase, as passphrase.h says; empty: none
						*/
};

#define CK_SCAN_OPTIONS_MAX 8
#define CK_SCAN_FOLDERS_MAX 8
/* application forms, where they are printed, and how they come back */
struct ck_site_paper {
	char cert_file[256], key_file[256]; /* PEM: the site's own signature; empty: it has none */
	char forms_dir[256];
	char printer[256], media[64], sides[32]; /* empty: as CUPS has it */
	int copies;				 /* 0: likewise */
	/* papers that come in */
	char scanner[256]; /* as SANE names it; empty: the first there is */
	size_t n_scan_options, n_scan_folders;
	char scan_options[CK_SCAN_OPTIONS_MAX][256]; /* NAME=VALUE, as scanimage(1) has them */
	char scan_folders[CK_SCAN_FOLDERS_MAX][256]; /* patterns of folders pictures lie in */
};

struct ck_site {
	char file[256];
	char name[128], kiosk[64];
	char keys_dir[256], systems_dir[256];
	struct ck_store_conf store;
	int clock_tolerance; /* seconds between our clock and the desk's */
	int status_s;	     /* limit of all that asks whether one certificate is revoked */
	char
	    clerk_issuers[256]; /* PEM: who signs clerks' certificates; empty: the list is enough */
	bool clerk_passphrase;	/* clerks may be known by passphrase where no key can be had */
	struct ck_site_paper paper;
	size_t n_systems, n_clerks;
	struct ck_site_system systems[CK_SITE_SYSTEMS_MAX];
	struct ck_clerk clerks[CK_CLERKS_MAX];
};

int ck_site_read(const char *file, struct ck_site *, struct ck_err *);
/* No site at all: what needs none (a verdict on a file) finds the systems that came with the
 * program. */
void ck_site_none(struct ck_site *);
const struct ck_site_system *ck_site_system(const struct ck_site *, const char *id);
const struct ck_clerk *ck_site_clerk(const struct ck_site *, const char *id);
/* whose key a certificate with this hash is on; NULL: no clerk's */
const struct ck_clerk *ck_site_clerk_with(
    const struct ck_site *, const unsigned char sha256[CK_HASH_LEN]);

#endif
