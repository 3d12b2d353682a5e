#include "token/ground.h"

#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

void
ck_ground_keep(struct ck_ground *g)
{
	const char *locale = setlocale(LC_ALL, NULL);

	for (int s = 1; s < CK_SIGNALS_MAX; s++)
		g->kept[s] = sigaction(s, NULL, &g->actions[s]) == 0;
	pthread_sigmask(SIG_SETMASK, NULL, &g->mask);
	g->umask = umask(077);
	umask(g->umask);
	g->folder = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	snprintf(g->locale, sizeof g->locale, "%s", locale != NULL ? locale : "C");
}

void
ck_ground_restore(struct ck_ground *g)
{
	/* KILL and STOP are refused, and were never changed */
	for (int s = 1; s < CK_SIGNALS_MAX; s++)
		if (g->kept[s])
			(void)sigaction(s, &g->actions[s], NULL);
	pthread_sigmask(SIG_SETMASK, &g->mask, NULL);
	umask(g->umask);
	if (g->folder >= 0 && fchdir(g->folder) != 0)
		ck_log(CK_LOG_WARN, "a module left us in another folder");
	if (g->folder >= 0)
		close(g->folder);
	setlocale(LC_ALL, g->locale);
}
