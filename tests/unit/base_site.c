/* certkiosk.conf: what a right one says, and how each wrong one is refused. */
#include "t.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/site.h"
#include "base_dir.h"

static struct ck_site site;

static const char machine[] =
    "site = { name = \"\xe7\xbd\x91\xe7\x82\xb9\"; kiosk = \"kiosk-7\"; };\n"
    "keys_dir = \"keys.d\";\n"
    "state_dir = \"/var/lib/certkiosk\";\n";
#define PIN "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define FILES "ca_file = \"a.pem\"; cert_file = \"a.pem\"; key_file = \"a.pem\";"
static const char tls[] = "tls = { " FILES " pins = [ \"" PIN "\" ]; };\n";
#define TRUST "ca_trust = \"a.pem\"; issuers = \"a.pem\"; accepted = \"b.pem\";"
#define URLS "desk = \"https://desk.example/desk/v1\"; ca = \"https://ca.example:8443/cmp\";"
static const char systems[] =
    "systems = ( { id = \"sheca-cisweb\"; " URLS TRUST
    " resend_safe = true; sm2_id = \"gd-ca\"; },\n"
    "{ id = \"two\"; " URLS TRUST
    " ocsp = \"http://ocsp.example/\"; tls = { cert_file = \"b.pem\"; pins = []; answer_s = 90; }; } );\n";
static const char clerks[] = "clerks = ( { id = \"c1\"; name = \"One\"; },\n"
			     "{ id = \"c2\"; name = \"\xe5\xbc\xa0\xe4\xb8\x89\"; } );\n";

/* of an empty file and of one more, on a clerk's key */
#define HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define LINE "scrypt$AAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define OTHER "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B800"

static int
read_site(const char *m, const char *t, const char *s, const char *c, struct ck_err *err)
{
	const char *const parts[] = { m, t, s, c };
	struct ck_buf all = { 0 };
	int rc = -1;

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		ck_buf_add(&all, parts[i], strlen(parts[i]));
	rc = ck_site_read(put("certkiosk.conf", (char *)all.p), &site, err);
	ck_buf_free(&all);
	return rc;
}

static void
in_dir(const char *got, const char *name, const char *what)
{
	char want[256];

	snprintf(want, sizeof want, "%s/%s", dir, name);
	T_STR(got, want, "%s", what);
}

static void
right(void)
{
	struct ck_err err = { 0 };
	size_t n;
	const struct ck_site_system *one = NULL, *two = NULL;

	T(read_site(machine, tls, systems, clerks, &err) == 0, "a right file is read %s",
	    err.detail);
	in_dir(site.file, "certkiosk.conf", "its name");
	T_STR(site.name, "\xe7\xbd\x91\xe7\x82\xb9", "the site's name");
	T_STR(site.kiosk, "kiosk-7", "the kiosk's");
	in_dir(site.keys_dir, "keys.d", "keys_dir stands relative to the file");
	n = strlen(site.systems_dir);
	T(n > 8 && strcmp(site.systems_dir + n - 8, "/systems") == 0,
	    "systems_dir is the program's own by default");
	T_STR(site.store.dir, "/var/lib/certkiosk", "state_dir");
	T_STR(site.store.site_key, "", "no site key of its own");
	T(site.store.reserve == 16 << 20 && site.clock_tolerance == 300 && site.status_s == 10,
	    "defaults of the machine");
	T(site.n_systems == 2 && site.n_clerks == 2, "two systems, two clerks");
	one = ck_site_system(&site, "sheca-cisweb");
	two = ck_site_system(&site, "two");
	T(one == &site.systems[0] && two == &site.systems[1], "systems by their ids");
	T(ck_site_system(&site, "three") == NULL, "no third");
	T_STR(one->desk, "https://desk.example/desk/v1", "desk");
	T_STR(one->ca, "https://ca.example:8443/cmp", "CA");
	in_dir(one->accepted, "b.pem", "accepted issuers");
	T(one->resend_safe && !two->resend_safe, "resend_safe only where it is said");
	T_STR(one->sm2_id, "gd-ca", "a user ID of SM2 of its own");
	T_STR(two->sm2_id, "1234567812345678", "but where none is said the usual one");
	T(!one->desk_only && one->ocsp[0] == '\0', "responders are those of the certificates");
	T_STR(two->ocsp, "http://ocsp.example/", "but where a system names its own");
	T(one->http.connect_s == 5 && one->http.answer_s == 60, "limits by default");
	T(one->http.n_pins == 1 && strcmp(one->http.pins[0], PIN) == 0, "the site's pin");
	T(two->http.answer_s == 90 && two->http.n_pins == 0, "a system's own limits and pins");
	in_dir(one->http.cert_file, "a.pem", "the site's certificate");
	in_dir(two->http.cert_file, "b.pem", "a system's own");
	in_dir(two->http.key_file, "a.pem", "what a system does not say is the site's");
	T_STR(ck_site_clerk(&site, "c2")->name, "\xe5\xbc\xa0\xe4\xb8\x89", "a clerk by id");
	T(ck_site_clerk(&site, "c3") == NULL, "no third clerk");
}

static void
who_is_who(void)
{
	struct ck_err err = { 0 };
	unsigned char hash[CK_HASH_LEN];

	T(read_site(machine, tls, systems, clerks, &err) == 0, "clerks without keys %s",
	    err.detail);
	ck_unhex(HASH, hash, sizeof hash);
	T(ck_site_clerk_with(&site, hash) == NULL, "a certificate that is no clerk's");
	T(read_site(machine, tls, systems,
	      "clerks = ( { id = \"a\"; name = \"A\"; }, { id = \"b\"; name = \"B\";\n"
	      "certificates = [ \"" OTHER "\", \"" HASH "\" ]; } );",
	      &err) == 0,
	    "a clerk's own key %s", err.detail);
	T(ck_site_clerk_with(&site, hash) == ck_site_clerk(&site, "b"), "is known by certificate");
	hash[31] ^= 1;
	T(ck_site_clerk_with(&site, hash) == NULL, "to the last bit");
	T(site.clerk_issuers[0] == '\0' && !site.clerk_passphrase &&
		ck_site_clerk(&site, "b")->known_by[0] == '\0',
	    "without issuers, without passphrases");
	T(read_site(machine, tls, systems,
	      "clerk_issuers = \"a.pem\"; clerk_passphrase = true;\n"
	      "clerks = ( { id = \"a\"; name = \"A\"; passphrase = \"" LINE "\"; } );",
	      &err) == 0 &&
		site.clerk_passphrase,
	    "clerks with passphrases %s", err.detail);
	in_dir(site.clerk_issuers, "a.pem", "and their issuers");
	T_STR(ck_site_clerk(&site, "a")->known_by, LINE, "what a passphrase is known by");
	T(read_site(machine, tls, systems, "", &err) == 0 && site.n_clerks == 0,
	    "a site without clerks");
}

static void
all_of_a_machine(void)
{
	struct ck_err err = { 0 };

	T(read_site(machine, tls, systems,
	      "systems_dir = \"s\"; site_key = \"k\"; reserve_mb = 2; clock_tolerance_s = 5; "
	      "status_s = 3;",
	      &err) == 0,
	    "all that may be said of a machine %s", err.detail);
	in_dir(site.systems_dir, "s", "systems_dir");
	in_dir(site.store.site_key, "k", "site_key, which need not be there yet");
	T(site.store.reserve == 2 << 20 && site.clock_tolerance == 5 && site.status_s == 3,
	    "reserve, tolerance and patience");
}

static void
all_of_paper(void)
{
	struct ck_err err = { 0 };
	size_t n;

	T(read_site(machine, tls, systems, "", &err) == 0, "nothing said of paper %s", err.detail);
	n = strlen(site.paper.forms_dir);
	T(site.paper.copies == 0 && site.paper.printer[0] == '\0' &&
		site.paper.cert_file[0] == '\0' && n > 6 &&
		strcmp(site.paper.forms_dir + n - 6, "/forms") == 0,
	    "paper as CUPS has it, our own forms, no signature of the site");
	T(read_site(machine, tls, systems,
	      "paper = { certificate = \"a.pem\"; key = \"b.pem\"; forms_dir = \"f\";\n"
	      "printer = \"kiosk\"; media = \"iso_a4_210x297mm\"; sides = \"one-sided\"; "
	      "copies = 2; scanner = \"pnm:0\"; scan_options = [ \"source=ADF\" ]; "
	      "scan_folders = [ \"/media/*\" ]; };",
	      &err) == 0,
	    "all that may be said of paper %s", err.detail);
	in_dir(site.paper.cert_file, "a.pem", "the site's certificate for forms");
	in_dir(site.paper.key_file, "b.pem", "its key");
	in_dir(site.paper.forms_dir, "f", "its forms");
	T_STR(site.paper.printer, "kiosk", "the printer");
	T_STR(site.paper.media, "iso_a4_210x297mm", "the paper");
	T_STR(site.paper.sides, "one-sided", "its sides");
	T(site.paper.copies == 2, "how many");
	T(strcmp(site.paper.scanner, "pnm:0") == 0 && site.paper.n_scan_options == 1 &&
		strcmp(site.paper.scan_options[0], "source=ADF") == 0 &&
		site.paper.n_scan_folders == 1 &&
		strcmp(site.paper.scan_folders[0], "/media/*") == 0,
	    "how it comes back");
}

/* want: how the detail begins behind the file's name and line */
static void
wrong(const char *m, const char *t, const char *s, const char *c, const char *want)
{
	struct ck_err err = { 0 };
	int rc = read_site(m, t, s, c, &err);
	char *at = strstr(err.detail, want);

	T(rc == -1 && err.code == CK_E_CONFIG && at != NULL, "refused: %s", want);
	if (at == NULL)
		printf("#   said \"%s\"\n", err.detail);
	T(strncmp(err.detail, site.file, strlen(site.file)) == 0, "and names the file");
}

static void
wrong_machine(void)
{
	wrong("", tls, systems, clerks, "site: missing");
	wrong("site = { name = \"x\"; };", tls, systems, clerks, ":1: kiosk: missing");
	wrong("site = { name = \"x\"; kiosk = \"a b\"; };", tls, systems, clerks,
	    ":1: kiosk: expected ASCII letters");
	wrong("site = { name = \"x\"; kiosk = \"../a\"; };", tls, systems, clerks,
	    ":1: kiosk: expected");
	wrong(
	    "site = { name = \"x\"; kiosk = \"k\"; };", tls, systems, clerks, "keys_dir: missing");
	wrong("site = { name = \"x\"; kiosk = \"k\"; };\nkeys_dir = \"k\";", tls, systems, clerks,
	    "state_dir: missing");
	wrong(
	    machine, tls, systems, "reserve_mb = 0;", "reserve_mb: expected a whole number from 1");
	wrong(machine, tls, systems, "clock_tolerance_s = \"5\";",
	    "clock_tolerance_s: expected a whole");
	wrong(machine, tls, systems, "status_s = 601;", "status_s: expected a whole number");
	wrong(machine, tls, systems, "reserv_mb = 3;", "reserv_mb: unknown setting");
}

static void
wrong_tls(void)
{
	wrong(machine, "", systems, clerks, "tls: missing");
	wrong(machine, "tls = { ca_file = \"a.pem\"; cert_file = \"a.pem\"; };", systems, clerks,
	    ":4: key_file: missing in this group");
	wrong(machine, "tls = { ca_file = \"none.pem\"; };", systems, clerks,
	    ":4: ca_file: expected a file that can be read, found");
	wrong(machine, "tls = { ca_file = \".\"; };", systems, clerks,
	    ":4: ca_file: expected a file");
	wrong(machine, "tls = { " FILES " pins = [ \"sha256//AAAA\" ]; };", systems, clerks,
	    "pins: expected \"sha256//\" and 44 letters");
	wrong(machine, "tls = { " FILES " pins = [ \"sha1//" PIN "\" ]; };", systems, clerks,
	    "pins: expected");
	wrong(machine, "tls = { " FILES " pins = [ \" " PIN "\" ]; };", systems, clerks,
	    "pins: expected");
	wrong(machine, "tls = { " FILES " pins = [ \"" PIN " \" ]; };", systems, clerks,
	    "pins: expected");
	wrong(machine,
	    "tls = { " FILES " pins = [ \"" PIN "\", \"" PIN "\", \"" PIN "\", \"" PIN "\", \"" PIN
	    "\" ]; };",
	    systems, clerks, "pins: expected a list of at most 4");
	wrong(
	    machine, "tls = { " FILES " connect_s = 0; };", systems, clerks, "connect_s: expected");
}

#define SYSTEM(urls, rest) "systems = ( { id = \"x\"; " urls rest " } );"

static void
wrong_systems(void)
{
	struct ck_err err = { 0 };

	wrong(machine, tls, "", clerks, "systems: missing");
	wrong(machine, tls, "systems = ( );", clerks, "systems: expected at least one system");
	wrong(machine, tls, "systems = ( \"x\" );", clerks, "systems: expected groups");
	wrong(machine, tls, SYSTEM("desk = \"http://d/\";", ""), clerks, "desk: expected https://");
	wrong(machine, tls, SYSTEM("desk = \"https://\";", ""), clerks, "desk: expected https://");
	wrong(
	    machine, tls, SYSTEM("desk = \"https:///x\";", ""), clerks, "desk: expected https://");
	wrong(machine, tls, SYSTEM("desk = \"https://u@d/\";", ""), clerks,
	    "desk: expected https://");
	wrong(machine, tls, SYSTEM("desk = \"https://d/?x\";", ""), clerks,
	    "desk: expected https://");
	wrong(machine, tls, SYSTEM(URLS, ""), clerks, "ca_trust: missing in this group");
	wrong(machine, tls, SYSTEM(URLS, TRUST " resend_safe = 1;"), clerks,
	    "resend_safe: expected true or false");
	wrong(machine, tls, SYSTEM(URLS, TRUST " sm2_id = \"\";"), clerks, "sm2_id: ");
	wrong(machine, tls, SYSTEM(URLS, TRUST " ocsp = \"ldap://d/\";"), clerks,
	    "ocsp: expected http:// or https://");
	wrong(machine, tls, SYSTEM(URLS, TRUST " ocsp = \"http://u@d/\";"), clerks,
	    "ocsp: expected http:// or https://");
	wrong(machine, tls, SYSTEM(URLS, TRUST " revocation = \"nobody\";"), clerks,
	    "revocation: expected");
	wrong(machine, tls, SYSTEM(URLS, TRUST " revocation = \"desk\"; ocsp = \"http://d/\";"),
	    clerks, "no responder is asked");
	wrong(machine, tls, SYSTEM(URLS, TRUST " tls = { key_file = \"nokey\"; };"), clerks,
	    "key_file: expected a file that can be read");
	wrong(machine, tls, SYSTEM(URLS, TRUST " tls = { pin = \"x\"; };"), clerks,
	    "pin: unknown setting");
	wrong(machine, tls,
	    "systems = ( { id = \"x\"; " URLS TRUST " },\n{ id = \"x\"; " URLS TRUST " } );",
	    clerks, ":6: id: \"x\" stands here twice");
	wrong(machine, tls, systems,
	    "clerks = ( { id = \"a\"; name = \"A\"; },\n{ id = \"a\"; name = \"B\"; } );",
	    ":8: id: \"a\" stands here twice");
	wrong(
	    machine, tls, systems, "clerks = ( { id = \"a\"; } );", "name: missing in this group");
	wrong(machine, tls, systems,
	    "clerks = ( { id = \"a\"; name = \"A\"; certificates = [ \"e3b0\" ]; } );",
	    "certificates: expected a SHA-256");
	wrong(machine, tls, systems,
	    "clerks = ( { id = \"a\"; name = \"A\"; certificates = [ \"" HASH "\" ]; },\n"
	    "{ id = \"b\"; name = \"B\"; certificates = [ \"" HASH "\" ]; } );",
	    ":8: certificates: \"" HASH "\" is another clerk's");
	wrong(machine, tls, systems, "clerk_issuers = \"none.pem\";",
	    ":7: clerk_issuers: expected a file that can be read");
	wrong(machine, tls, systems, "paper = { certificate = \"a.pem\"; };",
	    "key: missing in this group");
	wrong(machine, tls, systems, "paper = { key = \"a.pem\"; };",
	    ":7: key: there is no certificate for it");
	wrong(machine, tls, systems, "paper = { certificate = \"none.pem\"; key = \"a.pem\"; };",
	    ":7: certificate: expected a file that can be read");
	wrong(machine, tls, systems, "paper = { sides = \"both\"; };", ":7: sides: ");
	wrong(machine, tls, systems, "paper = { scan_options = [ \"ADF\" ]; };",
	    ":7: scan_options: \"ADF\": expected NAME=VALUE");
	wrong(machine, tls, systems, "paper = { scan_folders = [ \"media\" ]; };",
	    ":7: scan_folders: \"media\": expected a path that begins with /");
	wrong(machine, tls, systems, "paper = { copies = 10; };",
	    ":7: copies: expected a whole number from 1 to 9");
	wrong(machine, tls, systems, "clerk_passphrase = 1;",
	    ":7: clerk_passphrase: expected true or false");
	wrong(machine, tls, systems,
	    "clerks = ( { id = \"a\"; name = \"A\"; passphrase = \"open sesame\"; } );",
	    ":7: passphrase: expected a line that `certkiosk clerk-word` made");
	read_site(machine, tls, systems,
	    "clerks = ( { id = \"a\"; name = \"A\"; passphrase = \"open sesame\"; } );", &err);
	T(err.code == CK_E_CONFIG && strstr(err.detail, "sesame") == NULL,
	    "a passphrase written there by mistake is not shown");
}

/* What people will copy must work: the first example of the manual page, as it stands there. */
static void
the_manual(void)
{
	static const char *const files[] = { "tls/roots.pem", "tls/kiosk.pem", "tls/kiosk.key",
		"sheca/cmp.pem", "sheca/issuers.pem", "sheca/accepted.pem" };
	FILE *page = fopen("core/certkiosk.conf.5", "r");
	struct ck_buf example = { 0 };
	struct ck_err err = { 0 };
	char line[256] = "";
	int inside = 0;

	T(page != NULL, "the manual page is here");
	while (page != NULL && fgets(line, sizeof line, page) != NULL) {
		if (strcmp(line, ".Ed\n") == 0)
			break;
		if (inside)
			ck_buf_add(&example, line, strlen(line));
		inside |= strcmp(line, ".Bd -literal\n") == 0;
	}
	if (page != NULL)
		fclose(page);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		snprintf(line, sizeof line, "%s/%.*s", dir, (int)strcspn(files[i], "/"), files[i]);
		mkdir(line, 0700);
		put(files[i], "");
	}
	T(example.n > 0 && read_site((char *)example.p, "", "", "", &err) == 0,
	    "its example is read %s", err.detail);
	T(site.n_systems == 1 && site.n_clerks == 2, "and means what the page says");
	ck_buf_free(&example);
}

int
main(void)
{
	dir_start();
	put("a.pem", "");
	put("b.pem", "");
	right();
	who_is_who();
	all_of_a_machine();
	all_of_paper();
	wrong_machine();
	wrong_tls();
	wrong_systems();
	the_manual();
	return dir_end() == 0 ? T_END() : 1;
}
