/* prove MODE --dir DIR --bin DIR …: interrupted visits in the sandbox at DIR; see README.md. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "prove.h"

static const struct {
	const char *name;
	prove_mode *run;
	bool readers, two_keys;
} modes[] = {
	{ "kill", prove_kill, false, false },
	{ "yank", prove_yank, true, true },
	{ "back", prove_back, false, false },
	{ "restart", prove_restart, false, false },
	{ "pairs", prove_pairs, false, false },
	{ "wreck", prove_wreck, false, false },
	{ "lost", prove_lost, false, false },
	{ "disk", prove_disk, false, false },
	{ "paper", prove_paper, false, false },
};

static const char usage[] =
    "usage: prove MODE --dir SANDBOX --bin PROGRAMS [--way on-behalf|self] [--system ID]\n"
    "             [--alg p256|rsa2048] [--medium key|p12] [--points fault|calls|order|seal]\n"
    "             [--pay alipay|wechat|transfer] [--patient] [--seed N] [--cases N] [--only CASE]\n"
    "modes:";

static int
read_options(int argc, char **argv, struct wish *w)
{
	static const struct option table[] = {
		{ "dir", required_argument, NULL, 'd' },
		{ "bin", required_argument, NULL, 'b' },
		{ "way", required_argument, NULL, 'w' },
		{ "system", required_argument, NULL, 's' },
		{ "alg", required_argument, NULL, 'a' },
		{ "medium", required_argument, NULL, 'm' },
		{ "points", required_argument, NULL, 'p' },
		{ "only", required_argument, NULL, 'o' },
		{ "pay", required_argument, NULL, 'y' },
		{ "patient", no_argument, NULL, 'P' },
		{ "seed", required_argument, NULL, 'S' },
		{ "cases", required_argument, NULL, 'c' },
		{ NULL, 0, NULL, 0 },
	};
	static const char letters[] = "dbwsampoy";
	const char **const texts[] = { &w->dir, &w->bin, &w->way, &w->system, &w->alg, &w->medium,
		&w->points, &w->only, &w->pay };
	int c = 0;

	while ((c = getopt_long(argc, argv, "", table, NULL)) != -1) {
		const char *at = strchr(letters, c);

		if (c == '?')
			return -1;
		if (c == 'P')
			w->patient = true;
		else if (c == 'S')
			w->seed = strtol(optarg, NULL, 10);
		else if (c == 'c')
			w->cases = strtol(optarg, NULL, 10);
		else if (at != NULL)
			*texts[at - letters] = optarg;
	}
	return optind == argc - 1 && w->dir != NULL && w->bin != NULL ? 0 : -1;
}

int
main(int argc, char **argv)
{
	struct wish wish = { .system = "sheca-cisweb",
		.way = "on-behalf",
		.alg = "p256",
		.medium = "key",
		.points = "fault",
		.pay = "alipay",
		.seed = (long)time(NULL) };
	struct world w;
	int rc = 2;

	ck_log_open("prove", CK_LOG_WARN);
	signal(SIGPIPE, SIG_IGN);
	if (read_options(argc, argv, &wish) != 0)
		goto out;
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		if (strcmp(modes[i].name, argv[optind]) != 0)
			continue;
		wish.readers = modes[i].readers;
		wish.two_keys = modes[i].two_keys;
		rc = 1;
		if (world_open(&w, &wish) == 0)
			rc = modes[i].run(&w);
		else
			puts("not ok - the world is made");
		if (w.seal)
			printf("# %ld of them took the doctor\n", w.looked);
		world_close(&w);
	}
out:
	if (rc == 2) {
		fputs(usage, stderr);
		for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
			fprintf(stderr, " %s", modes[i].name);
		fputc('\n', stderr);
	}
	return rc;
}
