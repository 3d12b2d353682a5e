/* Fault points die where they are told to, and the log keeps to one filtered line. */
#include "t.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/log.h"

/* Runs a few points in a child that is told to die at one; what it wrote behind each tells where.
 */
static void
dies(const char *at, const char *want)
{
	char got[16] = "";
	int fds[2] = { -1, -1 }, status = 0;
	ssize_t n = 0;
	pid_t child = -1;

	fflush(stdout);
	if (pipe(fds) != 0 || (child = fork()) < 0) {
		T(0, "a child to die");
		return;
	}
	if (child == 0) {
		setenv("CK_FAULT_AT", at, 1);
		for (const char *p = "abab"; *p != '\0'; p++) {
			CK_FAULT(*p == 'a' ? "alpha" : "beta");
			if (write(fds[1], p, 1) != 1)
				_exit(1);
		}
		_exit(0);
	}
	close(fds[1]);
	while (strlen(got) < 8 && (n = read(fds[0], got + strlen(got), 4)) > 0)
		;
	close(fds[0]);
	waitpid(child, &status, 0);
	T_STR(got, want, "told to die at %s", at);
	if (strlen(want) == 4)
		T(WIFEXITED(status) && WEXITSTATUS(status) == 0, "lives on");
	else
		T(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "by SIGKILL");
}

static void
listing(void)
{
	char file[] = "/tmp/base_fault.XXXXXX", got[64] = "";
	int fd = mkstemp(file);

	setenv("CK_FAULT_LOG", file, 1);
	CK_FAULT("one");
	CK_FAULT("two");
	unsetenv("CK_FAULT_LOG");
	CK_FAULT("three");
	T(read(fd, got, sizeof got - 1) == 8, "a run can be asked for its points");
	T_STR(got, "one\ntwo\n", "by name, in order");
	close(fd);
	unlink(file);
}

static void
logging(void)
{
	struct ck_err err = { 0 };
	char got[512] = "", want[512] = "";
	int fds[2] = { -1, -1 }, stderr_was = dup(STDERR_FILENO);

	if (pipe(fds) != 0 || dup2(fds[1], STDERR_FILENO) < 0)
		return;
	ck_log_open("certkiosk-engine", CK_LOG_WARN);
	ck_log(CK_LOG_WARN, "card %s", "\033[2J\nroot: all is well");
	ck_log(CK_LOG_INFO, "not loud enough");
	ck_fail_native(&err, CK_E_PIN_WRONG, 160, "2 left");
	ck_log_err(CK_LOG_ERROR, "unlock", &err);
	dup2(stderr_was, STDERR_FILENO);
	close(fds[1]);
	T(read(fds[0], got, sizeof got - 1) > 0, "something was logged");
	snprintf(want, sizeof want,
	    "certkiosk-engine[%d]: warn: card \xef\xbf\xbd[2J root: all is well\n"
	    "certkiosk-engine[%d]: error: unlock: PIN_WRONG (1201, native 0xa0): 2 left\n",
	    (int)getpid(), (int)getpid());
	T_STR(got, want, "one line an event, whatever the text");
	close(fds[0]);
	close(stderr_was);
}

int
main(void)
{
	dies("1", "");
	dies("3", "ab");
	dies("5", "abab");
	dies("beta", "a");
	dies("beta#2", "aba");
	dies("beta#3", "abab");
	dies("bet", "abab");
	listing();
	logging();
	return T_END();
}
