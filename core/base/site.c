/* certkiosk.conf(5): see the manual page, which describes every setting. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/conf.h"
#include "base/place.h"
#include "base/site.h"

#define MEGABYTE (1 << 20)
#define RESERVE_MB 16	      /* some thousand records; see record.h */
#define CLOCK_TOLERANCE_S 300 /* a kiosk without NTP drifts a second or two a day */
#define CONNECT_S 5
#define ANSWER_S 60  /* a CA under load, and an HSM behind it */
#define COPIES_MAX 9 /* one for the file, one for the customer, one for the agent, … */
#define STATUS_S 10  /* a person waits at the counter, and the desk can still be asked */

#define PIN_HEAD "sha256//" /* as curl writes it */
#define PIN_HASH 32

static const char id_letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

/* Ids become file names, handles and parts of certificates' names: nothing that needs quoting. */
static int
read_id(const struct ck_conf_at *at, const char *name, char *out, size_t cap, struct ck_err *err)
{
	int rc = ck_conf_text(at, name, true, out, cap, err);

	if (rc != 1)
		return rc;
	if (out[strspn(out, id_letters)] != '\0' || out[0] == '.')
		return ck_conf_wrong(at, name, err,
		    "expected ASCII letters, digits and . _ - (not . first), found \"%s\"", out);
	return 1;
}

static bool
is_url(const char *url, const char *scheme)
{
	const char *host = url + strlen(scheme);

	return strncmp(url, scheme, strlen(scheme)) == 0 && *host != '\0' && *host != '/' &&
	       strpbrk(url, " @?#\\\"") == NULL;
}

static int
read_url(const struct ck_conf_at *at, const char *name, char *out, size_t cap, struct ck_err *err)
{
	int rc = ck_conf_text(at, name, true, out, cap, err);

	if (rc != 1)
		return rc;
	if (!is_url(out, "https://"))
		return ck_conf_wrong(at, name, err,
		    "expected https://host/path without user or query, found \"%s\"", out);
	return 1;
}

/* Who says whether a certificate is revoked; a responder's answers are signed, http will do. */
static int
read_revocation(const struct ck_conf_at *at, struct ck_site_system *s, struct ck_err *err)
{
	static const char *const from[] = { "certificate", "desk", NULL };
	int desk = 0, rc = ck_conf_text(at, "ocsp", false, s->ocsp, sizeof s->ocsp, err);

	if (rc < 0 || ck_conf_word(at, "revocation", false, from, &desk, err) < 0)
		return -1;
	s->desk_only = desk == 1;
	if (rc == 1 && !is_url(s->ocsp, "http://") && !is_url(s->ocsp, "https://"))
		return ck_conf_wrong(at, "ocsp", err,
		    "expected http:// or https://host/path without user or query, found \"%s\"",
		    s->ocsp);
	if (rc == 1 && s->desk_only)
		return ck_conf_wrong(
		    at, "ocsp", err, "with revocation = \"desk\" no responder is asked");
	return 0;
}

/* Whole and never empty, or no honest signature fits. */
static int
read_sm2_id(const struct ck_conf_at *at, struct ck_site_system *s, struct ck_err *err)
{
	int rc = ck_conf_text(at, "sm2_id", false, s->sm2_id, sizeof s->sm2_id, err);

	if (rc == 0)
		strcpy(s->sm2_id, CK_SM2_ID);
	return rc;
}

/* A file that must be there now: a wrong name is found when the program starts, not at the counter.
 */
static int
read_file(const struct ck_conf_at *at, const char *name, bool need, char *out, size_t cap,
    struct ck_err *err)
{
	struct stat st = { 0 };
	int rc = ck_conf_path(at, name, need, out, cap, err);

	if (rc != 1)
		return rc;
	if (stat(out, &st) != 0 || !S_ISREG(st.st_mode) || access(out, R_OK) != 0)
		return ck_conf_wrong(
		    at, name, err, "expected a file that can be read, found \"%s\"", out);
	return 1;
}

static int
read_pins(const struct ck_conf_at *at, struct ck_http_conf *http, struct ck_err *err)
{
	size_t n = 0;
	int rc = ck_conf_list(at, "pins", false, CK_PINS_MAX, &n, err);

	if (rc != 1)
		return rc;
	for (size_t i = 0; i < n; i++) {
		char *pin = http->pins[i];
		unsigned char *hash = NULL;
		size_t len = 0;

		if (ck_conf_list_text(at, "pins", i, pin, sizeof http->pins[i], err) < 0)
			return -1;
		if (strncmp(pin, PIN_HEAD, strlen(PIN_HEAD)) == 0)
			hash = ck_unbase64(pin + strlen(PIN_HEAD), PIN_HASH, &len);
		free(hash);
		if (hash == NULL || len != PIN_HASH || strchr(pin, ' ') != NULL)
			return ck_conf_wrong(at, "pins", err,
			    "expected \"" PIN_HEAD "\" and 44 letters of base64, found \"%s\"",
			    pin);
	}
	http->n_pins = n;
	return 1;
}

/* http holds what was said further up; what this group says replaces it */
static int
read_tls(const struct ck_conf_at *at, bool need, struct ck_http_conf *http, struct ck_err *err)
{
	if (read_file(at, "ca_file", need, http->ca_file, sizeof http->ca_file, err) < 0 ||
	    read_file(at, "cert_file", need, http->cert_file, sizeof http->cert_file, err) < 0 ||
	    read_file(at, "key_file", need, http->key_file, sizeof http->key_file, err) < 0 ||
	    read_pins(at, http, err) < 0 ||
	    ck_conf_int(at, "connect_s", false, 1, 600, &http->connect_s, err) < 0 ||
	    ck_conf_int(at, "answer_s", false, 1, 3600, &http->answer_s, err) < 0)
		return -1;
	return 0;
}

static int
read_system(const struct ck_conf_at *at, const struct ck_http_conf *http, struct ck_site_system *s,
    struct ck_err *err)
{
	const struct ck_conf_at *tls = NULL;

	s->http = *http;
	if (read_id(at, "id", s->id, sizeof s->id, err) < 0 ||
	    read_url(at, "desk", s->desk, sizeof s->desk, err) < 0 ||
	    read_url(at, "ca", s->ca, sizeof s->ca, err) < 0 ||
	    read_file(at, "ca_trust", true, s->ca_trust, sizeof s->ca_trust, err) < 0 ||
	    read_file(at, "issuers", true, s->issuers, sizeof s->issuers, err) < 0 ||
	    read_file(at, "accepted", true, s->accepted, sizeof s->accepted, err) < 0 ||
	    read_sm2_id(at, s, err) < 0 ||
	    ck_conf_bool(at, "resend_safe", false, &s->resend_safe, err) < 0 ||
	    read_revocation(at, s, err) < 0 || ck_conf_group(at, "tls", false, &tls, err) < 0)
		return -1;
	return tls == NULL ? 0 : read_tls(tls, false, &s->http, err);
}

static int
read_systems(const struct ck_conf_at *root, struct ck_site *site, struct ck_err *err)
{
	struct ck_http_conf http = { .connect_s = CONNECT_S, .answer_s = ANSWER_S };
	const struct ck_conf_at *tls = NULL, *at = NULL;
	size_t n = 0;

	if (ck_conf_group(root, "tls", true, &tls, err) < 0 ||
	    read_tls(tls, true, &http, err) < 0 ||
	    ck_conf_list(root, "systems", true, CK_SITE_SYSTEMS_MAX, &n, err) < 0)
		return -1;
	if (n == 0)
		return ck_conf_wrong(root, "systems", err, "expected at least one system");
	for (size_t i = 0; i < n; i++) {
		struct ck_site_system *s = &site->systems[i];

		at = ck_conf_list_group(root, "systems", i, err);
		if (at == NULL || read_system(at, &http, s, err) < 0)
			return -1;
		if (ck_site_system(site, s->id) != NULL)
			return ck_conf_wrong(at, "id", err, "\"%s\" stands here twice", s->id);
		site->n_systems++;
	}
	return 0;
}

static int
read_clerk_certs(
    const struct ck_conf_at *at, const struct ck_site *site, struct ck_clerk *c, struct ck_err *err)
{
	char hex[2 * CK_HASH_LEN + 1] = "";
	size_t n = 0;

	if (ck_conf_list(at, "certificates", false, CK_CLERK_CERTS_MAX, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		unsigned char hash[CK_HASH_LEN];

		if (ck_conf_list_text(at, "certificates", i, hex, sizeof hex, err) < 0)
			return -1;
		if (!ck_unhex(hex, hash, sizeof hash))
			return ck_conf_wrong(at, "certificates", err,
			    "expected a SHA-256 in hexadecimal, found \"%s\"", hex);
		if (ck_site_clerk_with(site, hash) != NULL)
			return ck_conf_wrong(
			    at, "certificates", err, "\"%s\" is another clerk's", hex);
		memcpy(c->certs[i], hash, sizeof hash);
	}
	c->n_certs = n;
	return 0;
}

static int
read_clerk(
    const struct ck_conf_at *at, const struct ck_site *site, struct ck_clerk *c, struct ck_err *err)
{
	char line[2 * CK_SECRET_MAX] = "";
	int rc;

	if (read_id(at, "id", c->id, sizeof c->id, err) < 0 ||
	    ck_conf_text(at, "name", true, c->name, sizeof c->name, err) < 0 ||
	    read_clerk_certs(at, site, c, err) < 0 ||
	    (rc = ck_conf_text(at, "passphrase", false, line, sizeof line, err)) < 0)
		return -1;
	/* what was found is not shown: it may be a passphrase as it is typed */
	if (rc == 1 && !ck_passphrase_line_good(line))
		return ck_conf_wrong(
		    at, "passphrase", err, "expected a line that `certkiosk clerk-word` made");
	/* it is one of ours, or nothing: it fits */
	memcpy(c->known_by, line, sizeof c->known_by);
	return 0;
}

static int
read_clerks(const struct ck_conf_at *root, struct ck_site *site, struct ck_err *err)
{
	size_t n = 0;
	int rc = ck_conf_list(root, "clerks", false, CK_CLERKS_MAX, &n, err);

	if (read_file(root, "clerk_issuers", false, site->clerk_issuers, sizeof site->clerk_issuers,
		err) < 0 ||
	    ck_conf_bool(root, "clerk_passphrase", false, &site->clerk_passphrase, err) < 0)
		return -1;
	for (size_t i = 0; rc >= 0 && i < n; i++) {
		struct ck_clerk *c = &site->clerks[i];
		const struct ck_conf_at *at = ck_conf_list_group(root, "clerks", i, err);

		if (at == NULL || read_clerk(at, site, c, err) < 0)
			return -1;
		if (ck_site_clerk(site, c->id) != NULL)
			return ck_conf_wrong(at, "id", err, "\"%s\" stands here twice", c->id);
		site->n_clerks++;
	}
	return rc < 0 ? -1 : 0;
}

static int
read_signer(const struct ck_conf_at *at, struct ck_site_paper *p, struct ck_err *err)
{
	int cert = read_file(at, "certificate", false, p->cert_file, sizeof p->cert_file, err);
	int key =
	    cert < 0 ? -1 : read_file(at, "key", cert == 1, p->key_file, sizeof p->key_file, err);

	if (key < 0)
		return -1;
	return cert == key ? 0 : ck_conf_wrong(at, "key", err, "there is no certificate for it");
}

static int
read_texts(const struct ck_conf_at *at, const char *name, size_t max, char (*out)[256], size_t *n,
    struct ck_err *err)
{
	int rc = ck_conf_list(at, name, false, max, n, err);

	for (size_t i = 0; rc == 1 && i < *n; i++)
		if (ck_conf_list_text(at, name, i, out[i], sizeof out[i], err) != 1)
			return -1;
	return rc < 0 ? -1 : 0;
}

static int
read_scanner(const struct ck_conf_at *at, struct ck_site_paper *p, struct ck_err *err)
{
	if (ck_conf_text(at, "scanner", false, p->scanner, sizeof p->scanner, err) < 0 ||
	    read_texts(at, "scan_options", CK_SCAN_OPTIONS_MAX, p->scan_options, &p->n_scan_options,
		err) < 0 ||
	    read_texts(at, "scan_folders", CK_SCAN_FOLDERS_MAX, p->scan_folders, &p->n_scan_folders,
		err) < 0)
		return -1;
	for (size_t i = 0; i < p->n_scan_options; i++)
		if (strchr(p->scan_options[i], '=') == NULL || p->scan_options[i][0] == '=')
			return ck_conf_wrong(at, "scan_options", err, "\"%s\": expected NAME=VALUE",
			    p->scan_options[i]);
	for (size_t i = 0; i < p->n_scan_folders; i++)
		if (p->scan_folders[i][0] != '/')
			return ck_conf_wrong(at, "scan_folders", err,
			    "\"%s\": expected a path that begins with /", p->scan_folders[i]);
	return 0;
}

static int
read_paper(const struct ck_conf_at *root, struct ck_site_paper *p, struct ck_err *err)
{
	static const char *const sides[] = { "one-sided", "two-sided-long-edge",
		"two-sided-short-edge", NULL };
	const struct ck_conf_at *at = NULL;
	int side = 0, rc = ck_conf_group(root, "paper", false, &at, err);

	ck_place("forms", CK_SHAREDIR, p->forms_dir, sizeof p->forms_dir);
	if (rc != 1)
		return rc;
	if (read_signer(at, p, err) < 0 || read_scanner(at, p, err) < 0 ||
	    ck_conf_path(at, "forms_dir", false, p->forms_dir, sizeof p->forms_dir, err) < 0 ||
	    ck_conf_text(at, "printer", false, p->printer, sizeof p->printer, err) < 0 ||
	    ck_conf_text(at, "media", false, p->media, sizeof p->media, err) < 0 ||
	    ck_conf_int(at, "copies", false, 1, COPIES_MAX, &p->copies, err) < 0 ||
	    (rc = ck_conf_word(at, "sides", false, sides, &side, err)) < 0)
		return -1;
	if (rc == 1)
		strcpy(p->sides, sides[side]);
	return 0;
}

static int
read_machine(const struct ck_conf_at *root, struct ck_site *site, struct ck_err *err)
{
	const struct ck_conf_at *at = NULL;
	int reserve_mb = RESERVE_MB;

	site->clock_tolerance = CLOCK_TOLERANCE_S;
	site->status_s = STATUS_S;
	ck_place("systems", CK_SHAREDIR, site->systems_dir, sizeof site->systems_dir);
	if (ck_conf_group(root, "site", true, &at, err) < 0 ||
	    ck_conf_text(at, "name", true, site->name, sizeof site->name, err) < 0 ||
	    read_id(at, "kiosk", site->kiosk, sizeof site->kiosk, err) < 0 ||
	    ck_conf_path(root, "keys_dir", true, site->keys_dir, sizeof site->keys_dir, err) < 0 ||
	    ck_conf_path(
		root, "systems_dir", false, site->systems_dir, sizeof site->systems_dir, err) < 0 ||
	    ck_conf_path(root, "state_dir", true, site->store.dir, sizeof site->store.dir, err) <
		0 ||
	    ck_conf_path(root, "site_key", false, site->store.site_key, sizeof site->store.site_key,
		err) < 0 ||
	    ck_conf_int(root, "reserve_mb", false, 1, MEGABYTE, &reserve_mb, err) < 0 ||
	    ck_conf_int(root, "clock_tolerance_s", false, 1, 86400, &site->clock_tolerance, err) <
		0 ||
	    ck_conf_int(root, "status_s", false, 1, 600, &site->status_s, err) < 0)
		return -1;
	site->store.reserve = (int64_t)reserve_mb * MEGABYTE;
	return 0;
}

int
ck_site_read(const char *file, struct ck_site *site, struct ck_err *err)
{
	const struct ck_conf_at *root = NULL;
	struct ck_conf *conf = NULL;
	int rc = -1;

	memset(site, 0, sizeof *site);
	if (strlen(file) >= sizeof site->file)
		return ck_fail(err, CK_E_CONFIG, "%s: path too long", file);
	strcpy(site->file, file);
	if (ck_conf_open(file, &conf, err) != 0)
		return -1;
	root = ck_conf_root(conf);
	if (read_machine(root, site, err) == 0 && read_systems(root, site, err) == 0 &&
	    read_clerks(root, site, err) == 0 && read_paper(root, &site->paper, err) == 0)
		rc = ck_conf_done(conf, err);
	ck_conf_close(conf);
	return rc;
}

void
ck_site_none(struct ck_site *site)
{
	memset(site, 0, sizeof *site);
	ck_place("systems", CK_SHAREDIR, site->systems_dir, sizeof site->systems_dir);
	ck_place("forms", CK_SHAREDIR, site->paper.forms_dir, sizeof site->paper.forms_dir);
}

const struct ck_site_system *
ck_site_system(const struct ck_site *site, const char *id)
{
	for (size_t i = 0; i < site->n_systems; i++)
		if (strcmp(site->systems[i].id, id) == 0)
			return &site->systems[i];
	return NULL;
}

const struct ck_clerk *
ck_site_clerk(const struct ck_site *site, const char *id)
{
	for (size_t i = 0; i < site->n_clerks; i++)
		if (strcmp(site->clerks[i].id, id) == 0)
			return &site->clerks[i];
	return NULL;
}

const struct ck_clerk *
ck_site_clerk_with(const struct ck_site *site, const unsigned char sha256[CK_HASH_LEN])
{
	for (size_t i = 0; i < site->n_clerks; i++)
		for (size_t j = 0; j < site->clerks[i].n_certs; j++)
			if (memcmp(site->clerks[i].certs[j], sha256, CK_HASH_LEN) == 0)
				return &site->clerks[i];
	return NULL;
}
