/* The program itself beside an engine that plays its part: what it prints and how it exits. */
#include "t.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jansson.h>

static char dir[] = "/tmp/certkiosk-program.XXXXXX";

/* The program looks for its engine beside itself, so it is copied to where only the fake one is. */
static bool
furnish(void)
{
	char self[PATH_MAX], command[4 * PATH_MAX], *unit;
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	if (n <= 0 || (self[n] = '\0', unit = strstr(self, "/unit/")) == NULL ||
	    mkdtemp(dir) == NULL)
		return false;
	*unit = '\0';
	snprintf(command, sizeof command,
	    "cp %s/test/certkiosk %s/ && cp %s/test/fake_engine %s/certkiosk-engine", self, dir,
	    self, dir);
	return system(command) == 0;
}

/* Runs `certkiosk ARGS` in a shell, keeps what it printed, returns its exit status. */
static int
run(const char *args, char *out, size_t cap)
{
	char command[1024];
	size_t n;
	FILE *f;
	int status;

	snprintf(
	    command, sizeof command, "cd %s && LC_ALL=C ./certkiosk %s 2>&1 </dev/null", dir, args);
	if ((f = popen(command, "r")) == NULL)
		return -1;
	n = fread(out, 1, cap - 1, f);
	out[n] = '\0';
	status = pclose(f);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
exits(const char *args, int want, const char *shows)
{
	static char out[65536];
	int got = run(args, out, sizeof out);

	T(got == want, "%s: exit status %d", args, got);
	T(strstr(out, shows) != NULL, "%s: shows \"%s\"", args, shows);
	T(strchr(out, '\033') == NULL, "%s: nothing that plays with a terminal", args);
}

#define RENEW "renew --system s --way self "

static void
statuses(void)
{
	exits(RENEW "--config done", 0, "Renewed");
	exits(RENEW "--config parked", 3, "Saved");
	exits(RENEW "--config unreadable", 4, "CK-2009");
	exits(RENEW "--config abandoned", 5, "Given up");
	exits(RENEW "--config segv", 1, "CK-1103");
	exits(RENEW "--config escapes --lang zh", 1,
	    "\xe6\xb2\xa1\xe6\x9c\x89\xe6\x94\xb6\xe5\x88\xb0");
	exits(RENEW "--config ask", 4, "CK-6003");
	exits("abandon CK-1 --config abandoned", 0, "Given up");
	exits("policy --system s --cert f --on 2026-01-01 --config verdict", 0, "2026-11-04");
	exits("policy --system s --cert f --on 2026-01-01 --config unreadable", 2, "CK-2009");
	exits("keys --config done", 0, "No key found");
	exits("renew", 2, "--help");
	exits("renew --json", 2, "\"USAGE\"");
	exits("--help", 0, "certkiosk policy");
	exits("--version", 0, "certkiosk ");
	exits(RENEW "--answers /nonexistent --config done", 2, "/nonexistent");
	exits(RENEW "--secrets-fd 77 --config done", 2, "--secrets-fd 77");
}

/* the last thing said of a visit, however it ended */
static void
pulls(const char *args, bool want)
{
	static const char last[] = "\nO You may pull the key\n";
	static char out[65536];
	size_t n;

	run(args, out, sizeof out);
	n = strlen(out);
	T((n >= sizeof last - 1 && strcmp(out + n - (sizeof last - 1), last) == 0) == want,
	    "%s: %s", args,
	    want ? "ends with \"you may pull the key\"" : "says nothing of pulling");
}

static void
may_i_pull(void)
{
	pulls(RENEW "--config done", true);
	pulls(RENEW "--config parked", true);
	pulls(RENEW "--config unreadable", true);
	pulls(RENEW "--config abandoned", true);
	pulls(RENEW "--config segv", true);
	pulls(RENEW "--config ask", true);
	pulls("abandon CK-1 --config abandoned", true);
	pulls("keys --config done", false);
	pulls("policy --system s --cert f --on 2026-01-01 --config unreadable", false);
	pulls(RENEW "--answers /nonexistent --config done", false);
}

static json_t *
last_line(char *out)
{
	size_t n = strlen(out);
	char *start;

	while (n > 0 && out[n - 1] == '\n')
		out[--n] = '\0';
	start = strrchr(out, '\n');
	return json_loads(start != NULL ? start + 1 : out, 0, NULL);
}

static void
json_lines(void)
{
	static char out[65536];
	json_t *o = NULL;
	const json_t *facts;
	int status;

	status = run(RENEW "--config ask --json --answers a --secrets-fd 4 4<s", out, sizeof out);
	T(status == 0 && strstr(out, "\"ask\":\"envelope\"") != NULL, "questions are shown too");
	T(strstr(out, "geheim-4711") == NULL, "secrets are not");
	o = last_line(out);
	facts = json_object_get(o, "facts");
	T_STR(json_string_value(json_object_get(o, "end")), "done", "the end is the last line");
	T_STR(json_string_value(json_object_get(json_object_get(facts, "answer"), "serial")),
	    "2026", "the answer came from the file");
	T(json_integer_value(json_object_get(facts, "length")) == 11,
	    "the secret from its descriptor");
	json_decref(o);
	run("policy --system s --cert f --on 2026-01-01 --config verdict --json", out, sizeof out);
	o = json_loads(out, 0, NULL);
	T(json_is_false(json_object_get(o, "eligible")) && json_object_size(o) == 6,
	    "policy --json is one object");
	json_decref(o);
}

/* The line that answered a question nobody heard the answer of is there for the next. */
static void
questions_off(void)
{
	static char out[65536];
	const char *first = NULL, *next = NULL;
	json_int_t id = 0;
	json_t *o = NULL;

	run(RENEW "--config off --json --answers p", out, sizeof out);
	o = last_line(out);
	json_unpack(
	    o, "{s:{s:{s:s}, s:{s:s}}}", "facts", "first", "do", &first, "next", "do", &next);
	T_STR(first, "other", "a question that went off takes no line along");
	T_STR(next, "later", "one that was answered does");
	json_decref(o);
	run(RENEW "--config off-waiting --json --wait 1 --answers w", out, sizeof out);
	o = last_line(out);
	json_unpack(
	    o, "{s:{s:{s:s}, s:{s:s}}}", "facts", "first", "do", &first, "next", "do", &next);
	T_STR(first, "later", "who waits does so when it is asked again, and comes back later");
	T_STR(next, "again", "when something is wrong the next line is read");
	json_decref(o);
	run(RENEW "--config off-at-once --json --wait 1 --answers w", out, sizeof out);
	o = last_line(out);
	json_unpack(o, "{s:{s:{s:I}}}", "facts", "answer", "id", &id);
	T(id == 2, "a question that was off before it could be read is not put: %d was", (int)id);
	json_decref(o);
}

static void
requests(void)
{
	static char out[65536];
	json_t *o = NULL;
	const json_t *r;

	run("policy --system s --cert a --on 2026-01-01 --config done --json", out, sizeof out);
	o = last_line(out);
	r = json_object_get(json_object_get(o, "facts"), "request");
	T(*json_string_value(json_object_get(r, "cert")) == '/', "a file's path is made absolute");
	json_decref(o);
	run("renew --system s --way self --key 1 --config done --json", out, sizeof out);
	o = last_line(out);
	r = json_object_get(json_object_get(o, "facts"), "request");
	T(json_object_size(r) == 4 && json_object_get(r, "key") != NULL,
	    "options not given are left out");
	json_decref(o);
}

static bool
put(const char *name, const char *text)
{
	char path[PATH_MAX];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	f = fopen(path, "w");
	return f != NULL && fputs(text, f) >= 0 && fclose(f) == 0;
}

int
main(void)
{
	char command[PATH_MAX];

	if (!furnish() || !put("a", "{\"ask\":\"envelope\",\"serial\":\"2026\"}\n") ||
	    !put("p", "{\"ask\":\"payment\",\"do\":\"other\"}\n"
		      "{\"ask\":\"payment\",\"do\":\"later\"}\n") ||
	    !put("w", "{\"ask\":\"payment\",\"do\":\"wait\"}\n"
		      "{\"ask\":\"payment\",\"do\":\"again\"}\n") ||
	    !put("s", "password geheim-4711\n"))
		return 2;
	statuses();
	may_i_pull();
	json_lines();
	questions_off();
	requests();
	snprintf(command, sizeof command, "rm -rf %s", dir);
	return system(command) == 0 ? T_END() : 2;
}
