#include "shim_ctl.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const actions[] = { "fail", "failafter", "yank", "die", "dieafter", "crash",
	"hang", "hold" };

/* ---- files ---- */

static int
open_in(const char *name, int how)
{
	const char *dir = getenv("CK_SHIM_DIR");
	char path[PATH_MAX];

	if (dir == NULL)
		return open("/dev/null", O_RDWR | O_CLOEXEC);
	snprintf(path, sizeof path, "%s/%s", dir, name);
	return open(path, how | O_CLOEXEC, 0600);
}

void
shim_read(const char *name, char *out, size_t cap)
{
	ssize_t n = 0;
	int fd = open_in(name, O_RDONLY);

	if (fd >= 0) {
		n = read(fd, out, cap - 1);
		close(fd);
	}
	out[n > 0 ? n : 0] = '\0';
}

void
shim_write(const char *name, int how, const char *text)
{
	int fd = open_in(name, O_WRONLY | O_CREAT | how);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		abort();
	close(fd);
}

int
shim_tries(void)
{
	char text[16];

	shim_read("tries", text, sizeof text);
	return atoi(text);
}

void
shim_set_tries(int n)
{
	char text[16];

	snprintf(text, sizeof text, "%d", n);
	shim_write("tries", O_TRUNC, text);
}

/* ---- ctl ---- */

static bool
parse_rule(struct ctl *c, const char *line)
{
	char word[16] = "", fn[32] = "", once[8] = "";
	struct rule *r = &c->rules[c->n_rules];
	unsigned long n = 0, rv = 0;

	if (c->n_rules == RULES_MAX || sscanf(line, "%15s", word) != 1)
		return false;
	for (int a = 0; a < A_COUNT; a++) {
		if (strcmp(word, actions[a]) != 0)
			continue;
		if (a <= A_FAILAFTER ? sscanf(line, "%*s %31s %lx %lu %7s", fn, &rv, &n, once) < 3
				     : sscanf(line, "%*s %31s %lu %7s", fn, &n, once) < 2)
			return false;
		*r = (struct rule){ .action = (enum action)a, .n = n, .rv = rv };
		r->once = strcmp(once, "once") == 0;
		snprintf(r->function, sizeof r->function, "%s", fn);
		snprintf(r->line, sizeof r->line, "%s\n", line);
		c->n_rules++;
		return true;
	}
	return false;
}

static bool
parse_switch(struct ctl *c, const char *line)
{
	const struct {
		const char *word;
		bool *on;
	} switches[] = {
		{ "absent", &c->absent },
		{ "noflags", &c->noflags },
		{ "lowflag", &c->low },
		{ "defaultpin", &c->defaultpin },
		{ "finalflag", &c->final },
		{ "lockedflag", &c->locked },
		{ "lockedasincorrect", &c->locked_as_incorrect },
		{ "pinpad", &c->pinpad },
		{ "readonly", &c->readonly },
		{ "full", &c->full },
		{ "fullsilent", &c->full_silent },
		{ "fullshort", &c->full_short },
		{ "badsign", &c->bad_sign },
		{ "stale", &c->stale },
		{ "stalemate", &c->stalemate },
		{ "rude", &c->rude },
		{ "noset", &c->no_set },
		{ "power", &c->power },
	};

	for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
		if (strcmp(line, switches[i].word) == 0)
			return *switches[i].on = true;
	return false;
}

void
shim_parse(struct ctl *c, const char *line)
{
	if (*line == '\0' || *line == '#' || parse_switch(c, line) || parse_rule(c, line) ||
	    sscanf(line, "serial %16s", c->serial) == 1 ||
	    sscanf(line, "reader %64[^\n]", c->reader) == 1 ||
	    sscanf(line, "pinmax %d", &c->pinmax) == 1 ||
	    sscanf(line, "pinlen %lu %lu", &c->pin_min, &c->pin_max) == 2 ||
	    sscanf(line, "replugged %ld", &c->plug) == 1 ||
	    sscanf(line, "nomech %lx", &c->no_mechanism) == 1 ||
	    sscanf(line, "memory %lu %lu", &c->memory_free, &c->memory) == 2 ||
	    sscanf(line, "slow %lu", &c->slow_ms) == 1)
		return;
	fprintf(stderr, "shim: ctl: \"%s\"?\n", line);
	abort();
}
