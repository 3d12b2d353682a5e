#include "softskf.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CTL_MAX 4096
#define RULES_MAX 16
#define WRITE "write"

enum action {
	A_FAIL,
	A_FAILAFTER,
	A_YANK,
	A_YANKAFTER,
	A_DIE,
	A_DIEAFTER,
	A_CRASH,
	A_HANG,
	A_HOLD
};
static const char *const actions[] = { "fail", "failafter", "yank", "yankafter", "die", "dieafter",
	"crash", "hang", "hold" };
#define ACTIONS (sizeof actions / sizeof *actions)

#define AS_NAME(f) #f,
static const char *const names[] = { SS_FUNCTIONS(AS_NAME) };

struct rule {
	enum action action;
	char function[40];
	unsigned long n, rv;
	bool every, once;
	char line[128];
};

static struct {
	char text[CTL_MAX]; /* ctl as it was last read */
	struct rule rules[RULES_MAX];
	size_t n_rules;
	bool bad_sign, power, off;
	unsigned long count[F_COUNT], total, steps;
	/* of the call under way */
	const struct rule *after;
	char device[SS_NAME_LONGEST + 1]; /* empty: it speaks of none */
	ULONG step_rv;
} fault;

static void
read_text(const char *leaf, char out[CTL_MAX])
{
	struct ss_path p = ss_path(NULL, NULL, NULL, leaf);
	ssize_t n = ss_read(p.text, out, CTL_MAX - 1);

	out[n > 0 ? n : 0] = '\0';
}

static bool
known(const char *function)
{
	if (strcmp(function, "*") == 0 || strcmp(function, WRITE) == 0)
		return true;
	for (size_t i = 0; i < F_COUNT; i++)
		if (strcmp(function, names[i]) == 0)
			return true;
	return false;
}

static bool
parse_rule(const char *line, struct rule *r)
{
	char word[16] = "", n[16] = "", once[8] = "";
	size_t a = 0;

	*r = (struct rule){ .rv = 0 };
	if (sscanf(line, "%15s", word) != 1)
		return false;
	while (a < ACTIONS && strcmp(word, actions[a]) != 0)
		a++;
	r->action = (enum action)a;
	if (a <= A_FAILAFTER
		? sscanf(line, "%*s %39s %lx %15s %7s", r->function, &r->rv, n, once) < 3
		: sscanf(line, "%*s %39s %15s %7s", r->function, n, once) < 2)
		return false;
	r->every = strcmp(n, "*") == 0;
	r->n = strtoul(n, NULL, 10);
	r->once = strcmp(once, "once") == 0;
	snprintf(r->line, sizeof r->line, "%.120s\n", line);
	/* nothing comes after a step that the next one does not come before */
	return a < ACTIONS && known(r->function) &&
	       (strcmp(r->function, WRITE) != 0 ||
		   (a != A_FAILAFTER && a != A_YANKAFTER && a != A_DIEAFTER));
}

/* A line no one understands would be a test that tests nothing. */
static void
parse_line(const char *line)
{
	if (*line == '\0' || *line == '#')
		return;
	if (strcmp(line, "badsign") == 0) {
		fault.bad_sign = true;
	} else if (strcmp(line, "power") == 0) {
		fault.power = true;
	} else if (fault.n_rules < RULES_MAX && parse_rule(line, &fault.rules[fault.n_rules])) {
		fault.n_rules++;
	} else {
		fprintf(stderr, "softskf: ctl: \"%s\"?\n", line);
		abort();
	}
}

static void
read_ctl(void)
{
	char text[CTL_MAX], *line = NULL, *rest = NULL;

	read_text("ctl", text);
	if (strcmp(text, fault.text) == 0)
		return;
	memset(&fault, 0, sizeof fault);
	memcpy(fault.text, text, sizeof text);
	for (line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest))
		parse_line(line);
}

static bool
its_turn(const struct rule *r, const char *function, unsigned long nth, unsigned long nth_of_any)
{
	const bool any = strcmp(r->function, "*") == 0;
	char fired[CTL_MAX];

	if (any ? strcmp(function, WRITE) == 0 : strcmp(r->function, function) != 0)
		return false;
	if (!r->every && r->n != (any ? nth_of_any : nth))
		return false;
	if (!r->once)
		return true;
	read_text("fired", fired);
	if (strstr(fired, r->line) != NULL)
		return false;
	ss_append("fired", r->line);
	return true;
}

static void
all_keys(bool out)
{
	struct ss_names keys;
	struct ss_seat seat;

	ss_devices(&keys);
	for (size_t i = 0; i < keys.n; i++) {
		ss_seat_read(keys.name[i], &seat);
		if (seat.in)
			ss_seat_set(keys.name[i], !out);
	}
}

static void
pull(void)
{
	if (fault.device[0] != '\0')
		ss_seat_set(fault.device, false);
	else
		all_keys(true);
}

static void
die(void)
{
	if (fault.power) {
		all_keys(false);
		kill(getppid(), SIGKILL);
	}
	kill(getpid(), SIGKILL);
}

/* Whoever steers the test does something meanwhile. */
static void
hold(void)
{
	const struct timespec wait = { .tv_nsec = 5000000 };
	char text[CTL_MAX];

	ss_append("held", "");
	do {
		nanosleep(&wait, NULL);
		read_text("ctl", text);
	} while (strcmp(text, fault.text) == 0);
}

static ULONG
act(const struct rule *r)
{
	switch (r->action) {
	case A_FAIL:
		return (ULONG)r->rv;
	case A_YANK:
		pull();
		return SAR_DEVICE_REMOVED;
	case A_DIE:
		die();
		break;
	case A_CRASH:
		signal(SIGSEGV, SIG_DFL);
		kill(getpid(), SIGSEGV);
		break;
	case A_HANG:
		for (;;)
			pause();
	case A_HOLD:
		hold();
		break;
	case A_FAILAFTER:
	case A_YANKAFTER:
	case A_DIEAFTER:
		fault.after = r;
		break;
	}
	return SAR_OK;
}

static ULONG
fire(const char *function, unsigned long nth, unsigned long nth_of_any)
{
	ULONG rv = SAR_OK;

	for (size_t i = 0; i < fault.n_rules && rv == SAR_OK; i++)
		if (its_turn(&fault.rules[i], function, nth, nth_of_any))
			rv = act(&fault.rules[i]);
	return rv;
}

ULONG
ss_fault_before(enum ss_function f, const char *device)
{
	char line[64];

	if (fault.off)
		return SAR_OK;
	read_ctl();
	fault.after = NULL;
	snprintf(fault.device, sizeof fault.device, "%s", device != NULL ? device : "");
	fault.step_rv = SAR_OK;
	snprintf(line, sizeof line, "%s\n", names[f]);
	ss_append("calls", line);
	return fire(names[f], fault.count[f]++, fault.total++);
}

ULONG
ss_fault_after(ULONG rv)
{
	if (fault.step_rv != SAR_OK)
		return fault.step_rv;
	if (fault.after == NULL)
		return rv;
	if (fault.after->action == A_FAILAFTER)
		return (ULONG)fault.after->rv;
	if (fault.after->action == A_DIEAFTER)
		die();
	pull();
	return SAR_DEVICE_REMOVED;
}

int
ss_fault_step(void)
{
	if (fault.off)
		return 0;
	/* what failed once goes no further */
	if (fault.step_rv != SAR_OK)
		return -1;
	ss_append("calls", WRITE "\n");
	fault.step_rv = fire(WRITE, fault.steps++, 0);
	return fault.step_rv == SAR_OK ? 0 : -1;
}

void
ss_fault_login(void)
{
	if (!fault.off)
		ss_append("logins", ".");
}

bool
ss_fault_bad_sign(void)
{
	return fault.bad_sign;
}

void
ss_fault_off(void)
{
	fault.off = true;
}
