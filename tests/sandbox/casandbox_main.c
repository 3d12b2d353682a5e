/* casandbox --dir DIR [--port N] [--no-desk] | casandbox --init DIR [--rsa]: the sandbox's CA and desk. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/log.h"
#include "serve.h"

static const char usage[] = "usage: casandbox --dir DIR [--port N] [--no-desk] [--verbose]\n"
			    "       casandbox --init DIR [--rsa]\n";

struct options {
	const char *dir, *init;
	int port;
	bool rsa, no_desk, verbose;
};

static int
read_options(int argc, char **argv, struct options *o)
{
	static const struct option table[] = {
		{ "dir", required_argument, NULL, 'd' },
		{ "init", required_argument, NULL, 'i' },
		{ "no-desk", no_argument, NULL, 'n' },
		{ "port", required_argument, NULL, 'p' },
		{ "rsa", no_argument, NULL, 'r' },
		{ "verbose", no_argument, NULL, 'v' },
		{ NULL, 0, NULL, 0 },
	};
	int c = 0;

	while ((c = getopt_long(argc, argv, "", table, NULL)) != -1) {
		switch (c) {
		case 'd':
			o->dir = optarg;
			break;
		case 'i':
			o->init = optarg;
			break;
		case 'n':
			o->no_desk = true;
			break;
		case 'p':
			o->port = (int)strtol(optarg, NULL, 10);
			break;
		case 'r':
			o->rsa = true;
			break;
		case 'v':
			o->verbose = true;
			break;
		default:
			return -1;
		}
	}
	return optind == argc && (o->dir != NULL) != (o->init != NULL) ? 0 : -1;
}

/* SIGTERM and SIGINT as something to poll; threads made later inherit the mask */
static int
signals_as_fd(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	signal(SIGPIPE, SIG_IGN);
	return sigprocmask(SIG_BLOCK, &set, NULL) == 0 ? signalfd(-1, &set, SFD_CLOEXEC) : -1;
}

static int
serve(const struct options *o)
{
	int stop = signals_as_fd(), rc = 1;
	struct sb sb;

	if (sb_open(&sb, o->dir) == 0 && stop >= 0) {
		sb.no_desk = o->no_desk;
		rc = sb_serve(&sb, o->port, stop) == 0 ? 0 : 1;
	}
	sb_close(&sb);
	if (stop >= 0)
		close(stop);
	return rc;
}

int
main(int argc, char **argv)
{
	struct options o = { 0 };

	if (read_options(argc, argv, &o) != 0) {
		fputs(usage, stderr);
		return 2;
	}
	ck_log_open("casandbox", o.verbose ? CK_LOG_DEBUG : CK_LOG_INFO);
	if (o.init != NULL) {
		struct sb sb;
		int rc = sb_pki_make(o.init, o.rsa) == 0 && sb_open(&sb, o.init) == 0 ? 0 : 1;

		if (rc == 0)
			sb_close(&sb);
		return rc;
	}
	return serve(&o);
}
