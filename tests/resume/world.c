/*
 * The world is made once: the sandbox by its own program, one key (and, for swaps, another) by
 * makekey. Before each case key and record are copied back, and the books are: of what CA and desk
 * know nothing lies in their memory alone (they are killed and started anew in tests of their own),
 * so the rows of the last case are deleted under the server's feet.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../sandbox/envelope.h"
#include "../sandbox/knob.h"
#include "../sandbox/order.h"
#include "prove.h"

#define START_MS 20000 /* a loaded machine with sanitizers */
#define ITERATIONS 2000
#define LINE_MAX_BYTES 4096
#define ARGS_MAX 32

extern char **environ;

static const char reader[] = "Longmai mToken 00 00";
static const char atr[] = "3B7F96000080318065B0850300EF120FFE829000";

void
world_path(const struct world *w, const char *name, char out[SB_PATH_MAX])
{
	files_join(w->wish->dir, name, out);
}

static int
write_text(const struct world *w, const char *name, const char *text, const char *how)
{
	char path[SB_PATH_MAX];
	FILE *f = NULL;

	world_path(w, name, path);
	f = fopen(path, how);
	if (f == NULL)
		return -1;
	fputs(text, f);
	return fclose(f);
}

/* ---- programs of the sandbox ---- */

static pid_t
start(const struct world *w, const char *program, char *const rest[], int in, int out, int err)
{
	char path[SB_PATH_MAX];
	char *argv[ARGS_MAX] = { path };
	posix_spawn_file_actions_t fa;
	pid_t pid = -1;

	files_join(w->wish->bin, program, path);
	for (int i = 0; rest[i] != NULL && i < ARGS_MAX - 2; i++)
		argv[i + 1] = rest[i];
	posix_spawn_file_actions_init(&fa);
	if (in >= 0)
		posix_spawn_file_actions_adddup2(&fa, in, STDIN_FILENO);
	if (out >= 0)
		posix_spawn_file_actions_adddup2(&fa, out, STDOUT_FILENO);
	if (err >= 0)
		posix_spawn_file_actions_adddup2(&fa, err, STDERR_FILENO);
	if (posix_spawn(&pid, path, &fa, NULL, argv, environ) != 0)
		pid = -1;
	posix_spawn_file_actions_destroy(&fa);
	return pid;
}

/* One line of JSON from a program that ends; NULL when it failed. */
static json_t *
ask_program(const struct world *w, const char *program, char *const rest[])
{
	char line[LINE_MAX_BYTES];
	int ends[2], status = -1;
	size_t n = 0;
	ssize_t got = 0;
	pid_t pid = -1;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return NULL;
	pid = start(w, program, rest, -1, ends[1], -1);
	close(ends[1]);
	while (pid > 0 && n < sizeof line - 1 &&
	       (got = read(ends[0], line + n, sizeof line - 1 - n)) > 0)
		n += (size_t)got;
	close(ends[0]);
	line[n] = '\0';
	if (pid <= 0 || waitpid(pid, &status, 0) != pid || status != 0)
		return NULL;
	return json_loads(line, JSON_DISABLE_EOF_CHECK, NULL);
}

static void
moment(void)
{
	const struct timespec t = { .tv_nsec = 2000000 };

	nanosleep(&t, NULL);
}

int
world_server_start(struct world *w)
{
	char dir[SB_PATH_MAX], port[16], file[SB_PATH_MAX], log[SB_PATH_MAX];
	char *args[] = { "--dir", dir, "--port", port, NULL };
	FILE *f = NULL;
	int fd = -1, found = 0;

	snprintf(dir, sizeof dir, "%s", w->wish->dir);
	snprintf(port, sizeof port, "%d", w->port);
	world_path(w, "port", file);
	world_path(w, "casandbox.log", log);
	unlink(file);
	fd = open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	w->server = start(w, "casandbox", args, -1, fd, fd);
	close(fd);
	for (int i = 0; w->server > 0 && found == 0 && i < START_MS / 2; i++) {
		f = fopen(file, "r");
		if (f == NULL) {
			moment();
			continue;
		}
		found = fscanf(f, "%d", &w->port) == 1;
		fclose(f);
	}
	return found == 1 ? 0 : -1;
}

void
world_server_kill(struct world *w)
{
	if (w->server <= 0)
		return;
	kill(w->server, SIGKILL);
	waitpid(w->server, NULL, 0);
	w->server = 0;
}

/* ---- readers ---- */

/* A word to the stand-in for pcscd (fakepcscd_main.c). */
static int
plug(struct world *w, const char *word)
{
	char line[256];
	ssize_t n = 0;
	int len = snprintf(line, sizeof line, "%s\n", word);

	if (write(w->to_readers, line, (size_t)len) != len)
		return -1;
	n = read(w->from_readers, line, sizeof line - 1);
	return n >= 2 && memcmp(line, "ok", 2) == 0 ? 0 : -1;
}

int
world_take_out(struct world *w)
{
	char word[128];

	snprintf(word, sizeof word, "nocard %s", reader);
	return plug(w, word);
}

int
world_put_in(struct world *w)
{
	char word[128];

	snprintf(word, sizeof word, "card %s|%s", reader, atr);
	return plug(w, word);
}

static int
readers_open(struct world *w)
{
	char path[SB_PATH_MAX], word[128], line[64];
	char *args[] = { path, NULL };
	int in[2], out[2];

	world_path(w, "pcscd", path);
	setenv("PCSCLITE_CSOCK_NAME", path, 1);
	snprintf(word, sizeof word, "atr = [ \"%s\" ];\n", atr);
	if (write_text(w, "keys.d/softhsm.conf", word, "a") != 0 || pipe2(in, O_CLOEXEC) != 0 ||
	    pipe2(out, O_CLOEXEC) != 0)
		return -1;
	w->readers = start(w, "fakepcscd", args, in[0], out[1], -1);
	close(in[0]);
	close(out[1]);
	w->to_readers = in[1];
	w->from_readers = out[0];
	/* its first word: it listens */
	if (w->readers <= 0 || read(out[0], line, sizeof line) <= 0)
		return -1;
	snprintf(word, sizeof word, "add %s", reader);
	if (plug(w, word) != 0)
		return -1;
	return world_put_in(w);
}

/* ---- keys ---- */

static int
make_key(struct world *w, const char *label, char serial[32], char sha[SB_HEX_MAX])
{
	char dir[SB_PATH_MAX], name[64], alg[16], medium[SB_PATH_MAX], form[32], pin[] = OLD_PIN;
	char *args[] = { "--dir", dir, "--label", name, "--pin", pin, "--usage", "sign", "--alg",
		alg, w->file ? "--medium" : NULL, medium, "--form", form, NULL };
	json_t *line = NULL;
	int rc = -1;

	snprintf(dir, sizeof dir, "%s", w->wish->dir);
	snprintf(name, sizeof name, "%s", label);
	snprintf(alg, sizeof alg, "%s", w->wish->alg);
	snprintf(form, sizeof form, "%s", w->wish->medium);
	world_path(w, "media/stick/zhang.p12", medium);
	line = ask_program(w, "makekey", args);
	if (line != NULL) {
		snprintf(serial, 32, "%s", json_string_value(json_object_get(line, "serial")));
		snprintf(
		    sha, SB_HEX_MAX, "%s", json_string_value(json_object_get(line, "cert_sha256")));
		rc = 0;
	}
	json_decref(line);
	return rc;
}

static int
keep(const struct world *w, const char *name, const char *as)
{
	char from[SB_PATH_MAX], to[SB_PATH_MAX];

	world_path(w, name, from);
	world_path(w, as, to);
	return access(from, F_OK) == 0 ? files_copy(from, to) : 0;
}

static int
clear(const struct world *w, const char *name)
{
	char path[SB_PATH_MAX];

	world_path(w, name, path);
	return files_remove(path) == 0 && mkdir(path, 0700) == 0 ? 0 : -1;
}

static int
file_driver(struct world *w)
{
	char conf[SB_PATH_MAX + 128], path[SB_PATH_MAX];

	world_path(w, "keys.d/softhsm.conf", path);
	unlink(path);
	snprintf(conf, sizeof conf,
	    "name = \"U-disk\";\ndriver = \"file\";\nroots = [ \"%s/media/*\" ];\n"
	    "keytypes = [ \"p256\", \"rsa2048\" ];\n",
	    w->wish->dir);
	return clear(w, "media") == 0 && clear(w, "media/stick") == 0
		   ? write_text(w, "keys.d/files.conf", conf, "w")
		   : -1;
}

static int
make_keys(struct world *w)
{
	char none[SB_HEX_MAX];

	if (clear(w, "fresh") != 0 || (w->file && file_driver(w) != 0))
		return -1;
	if (w->wish->two_keys) {
		snprintf(w->other_label, sizeof w->other_label, "T2");
		if (make_key(w, w->other_label, w->other_serial, none) != 0 ||
		    keep(w, "tokens", "fresh/other") != 0 || clear(w, "tokens") != 0)
			return -1;
	}
	snprintf(w->label, sizeof w->label, "T1");
	if (make_key(w, w->label, w->serial, w->old) != 0)
		return -1;
	if (w->seal && seal_put(w, OLD_PIN, "of last year") != 0)
		return -1;
	return keep(w, "tokens", "fresh/tokens") == 0 && keep(w, "media", "fresh/media") == 0 ? 0
											      : -1;
}

int
world_swap(struct world *w)
{
	char here[SB_PATH_MAX], there[SB_PATH_MAX], aside[SB_PATH_MAX];

	world_path(w, "tokens", here);
	world_path(w, "other", there);
	world_path(w, "aside", aside);
	return rename(here, aside) == 0 && rename(there, here) == 0 && rename(aside, there) == 0
		   ? 0
		   : -1;
}

/* ---- from case to case ---- */

static int
fresh_books(struct world *w)
{
	static const char sql[] =
	    "BEGIN IMMEDIATE; DELETE FROM lease; DELETE FROM tx; DELETE FROM exchange;"
	    " DELETE FROM idem; DELETE FROM challenge; DELETE FROM proof; DELETE FROM wrong;"
	    " DELETE FROM orders; DELETE FROM course; DELETE FROM payment; DELETE FROM sms;"
	    " DELETE FROM paper; DELETE FROM sheet; DELETE FROM seal;"
	    " DELETE FROM cert WHERE origin='issued';"
	    " UPDATE cert SET status='good', revoked_at=0, envelope=NULL, lease=NULL;"
	    " UPDATE envelope SET state='free', bound=NULL; UPDATE download SET wrong=0; COMMIT;";

	return sqlite3_exec(w->sb.db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : -1;
}

static int
take_orders(struct world *w)
{
	char knob[64];

	snprintf(knob, sizeof knob, "desk.steps.%s", w->wish->system);
	return sb_knob_set(&w->sb, knob, "1", 0);
}

int
world_sheets(const struct world *w)
{
	char path[SB_PATH_MAX];
	struct dirent *e;
	DIR *d;
	int n = 0;

	world_path(w, "print/sheets", path);
	if ((d = opendir(path)) == NULL)
		return -1;
	while ((e = readdir(d)) != NULL)
		n += e->d_name[0] != '.';
	closedir(d);
	return n;
}

int
world_fresh(struct world *w)
{
	if (world_sheets(w) != -1 && (clear(w, "print/sheets") != 0 || clear(w, "print/jobs") != 0))
		return -1;
	if (clear(w, "state") != 0 || clear(w, "shim") != 0 || clear(w, "tokens") != 0 ||
	    keep(w, "fresh/tokens", "tokens") != 0 || world_shim(w, NULL) != 0 ||
	    (w->wish->two_keys &&
		(clear(w, "other") != 0 || keep(w, "fresh/other", "other") != 0)) ||
	    sb_knob_clear(&w->sb, NULL) != 0 || fresh_books(w) != 0 ||
	    (w->order && take_orders(w) != 0))
		return -1;
	if (w->server == 0 && world_server_start(w) != 0)
		return -1;
	if (w->seal && seal_waits(w) != 0)
		return -1;
	return !w->file || (clear(w, "media") == 0 && keep(w, "fresh/media", "media") == 0) ? 0
											    : -1;
}

int
world_shim(struct world *w, const char *lines)
{
	char text[512], from[SB_PATH_MAX], to[SB_PATH_MAX];

	snprintf(text, sizeof text, "# %d\n%s%s\npinmax 6\n%s\n%s\n", ++w->n_ctl,
	    w->wish->readers ? "reader " : "", w->wish->readers ? reader : "",
	    w->same_serial ? "serial 0000" : "", lines != NULL ? lines : "");
	world_path(w, "shim/ctl.next", from);
	world_path(w, "shim/ctl", to);
	return write_text(w, "shim/ctl.next", text, "w") == 0 ? rename(from, to) : -1;
}

bool
world_yanked(const struct world *w)
{
	char ctl[SB_PATH_MAX], yanked[SB_PATH_MAX];

	world_path(w, "shim/ctl", ctl);
	world_path(w, "shim/yanked", yanked);
	return files_same(ctl, yanked);
}

/* Lines that say just that, or (NULL) anything. */
static long
lines_of(const struct world *w, const char *file, const char *text)
{
	char path[SB_PATH_MAX], line[64];
	FILE *f = NULL;
	long n = 0;

	world_path(w, file, path);
	f = fopen(path, "r");
	while (f != NULL && fgets(line, sizeof line, f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		n += text == NULL || strcmp(line, text) == 0;
	}
	if (f != NULL)
		fclose(f);
	return n;
}

long
world_calls(const struct world *w, const char *function)
{
	return lines_of(w, "shim/calls", function);
}

void
world_points_log(const struct world *w, char out[SB_PATH_MAX])
{
	world_path(w, "points", out);
	remove(out);
}

long
world_points(const struct world *w, const char *point)
{
	return lines_of(w, "points", point);
}

long
world_points_before(const struct world *w, const char *first, const char *point)
{
	char path[SB_PATH_MAX], line[64];
	bool found = false;
	FILE *f = NULL;
	long n = 0;

	world_path(w, "points", path);
	f = fopen(path, "r");
	while (f != NULL && !found && fgets(line, sizeof line, f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		found = strcmp(line, first) == 0;
		n += !found && (point == NULL || strcmp(line, point) == 0);
	}
	if (f != NULL)
		fclose(f);
	return found ? n : -1;
}

long
world_logins(const struct world *w)
{
	char path[SB_PATH_MAX];
	struct stat sb;

	world_path(w, "shim/logins", path);
	return stat(path, &sb) == 0 ? (long)sb.st_size : 0;
}

/* ---- the whole ---- */

static int
hand_out_envelope(struct world *w)
{
	struct sb_envelope e = {
		.serial = ENVELOPE, .password = PASSWORD, .iterations = ITERATIONS, .state = "free"
	};

	return sb_envelope_put(w->sb.db, &e);
}

static int
hand_out_codes(struct world *w)
{
	return sb_exec(w->sb.db,
	    "INSERT INTO download(reference, code, salt, iterations, system, cert)"
	    " VALUES(?,?,?,?,?,?)",
	    "ttbitt", FIRST_CODE, SECOND_CODE, "salt of the codes", (size_t)SB_SALT_MAX,
	    (int64_t)ITERATIONS, w->wish->system, w->old);
}

int
world_open(struct world *w, const struct wish *wish)
{
	char path[SB_PATH_MAX];
	FILE *f = NULL;

	*w = (struct world){ .wish = wish };
	w->on_behalf = strcmp(wish->way, "on-behalf") == 0;
	w->download = strcmp(wish->way, "download") == 0;
	w->file = strcmp(wish->medium, "key") != 0;
	w->confirms = strncmp(wish->system, "est", 3) != 0;
	w->seal = strcmp(wish->points, "seal") == 0;
	w->order = sb_terms(wish->system) != NULL && !w->seal;
	world_path(w, "shim", path);
	setenv("CK_SHIM_DIR", path, 1);
	world_path(w, "softhsm2.conf", path);
	setenv("SOFTHSM2_CONF", path, 1);
	world_path(w, "port", path);
	f = fopen(path, "r");
	if (f == NULL || fscanf(f, "%d", &w->port) != 1)
		return -1;
	fclose(f);
	if (sb_open(&w->sb, wish->dir) != 0 || make_keys(w) != 0 || hand_out_envelope(w) != 0 ||
	    (w->download && hand_out_codes(w) != 0) || (wish->readers && readers_open(w) != 0))
		return -1;
	return world_server_start(w);
}

void
world_close(struct world *w)
{
	world_server_kill(w);
	if (w->readers > 0) {
		kill(w->readers, SIGKILL);
		waitpid(w->readers, NULL, 0);
	}
	sb_close(&w->sb);
}
