#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/harden.h"

void
ck_harden(void)
{
	struct rlimit none = { 0, 0 };
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	prctl(PR_SET_DUMPABLE, 0);
	/* In a vendor's module that hangs, nobody else would end us: the key would stay locked. A
	 * print that nobody follows is found again by its title. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setrlimit(RLIMIT_CORE, &none);
	umask(077);
	sigaction(SIGPIPE, &ignore, NULL);
}
