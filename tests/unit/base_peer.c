/* A program at the other end of a link: what it is given, and that it never stays. */
#include "t.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/peer.h"

/* a shell that says its line over the link, with whatever else it does */
static int
start(const char *script, int file, struct ck_peer *p, struct ck_err *err)
{
	char *argv[] = { "sh", "-c", (char *)(uintptr_t)script, NULL };

	return ck_peer_start("/bin/sh", argv, file, CK_E_PRINT_GONE, p, err);
}

static json_t *
says(struct ck_peer *p)
{
	struct ck_err err = { 0 };
	json_t *line = NULL;

	(void)ck_link_recv(p->link, 10000, &line, &err);
	return line;
}

static int
file_with(const char *text)
{
	int fd = memfd_create("document", MFD_CLOEXEC);

	if (fd == -1 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) ||
	    lseek(fd, 0, SEEK_SET) != 0)
		printf("# no file: %s\n", strerror(errno));
	return fd;
}

/* The file is number 4 over there, whatever it is here: also where 3 and 4 are each other's. */
static void
file_passed(int here)
{
	int kept = dup(here), fd = file_with("{\"a\":1}\n"), got;
	struct ck_peer p;
	struct ck_err err = { 0 };
	json_t *line = NULL;

	if (fd != here) {
		dup3(fd, here, O_CLOEXEC);
		close(fd);
	}
	got = start("cat <&4 >&3", here, &p, &err);
	line = got == 0 ? says(&p) : NULL;
	T(json_integer_value(json_object_get(line, "a")) == 1, "a file with number %d comes as 4",
	    here);
	T(fcntl(here, F_GETFD) != -1, "and stays the caller's");
	json_decref(line);
	ck_peer_end(&p, 5000, NULL);
	if (kept != -1) {
		dup2(kept, here);
		close(kept);
	} else {
		close(here);
	}
}

static void
nothing_else(void)
{
	struct ck_peer p;
	struct ck_err err = { 0 };
	int leak = dup2(0, 77), rc;
	json_t *line = NULL;

	rc =
	    start("echo \"{\\\"fds\\\":\\\"$(cd /proc/self/fd && echo *)\\\"}\" >&3", -1, &p, &err);
	line = rc == 0 ? says(&p) : NULL;
	T(json_string_value(json_object_get(line, "fds")) != NULL &&
		strstr(json_string_value(json_object_get(line, "fds")), "77") == NULL,
	    "it inherits no other descriptor (%s)",
	    line != NULL ? json_string_value(json_object_get(line, "fds")) : err.detail);
	json_decref(line);
	ck_peer_end(&p, 5000, NULL);
	close(leak);
	rc = start(
	    "[ -e /proc/self/fd/4 ] && echo '{\"four\":true}' >&3 || echo '{}' >&3", -1, &p, &err);
	line = rc == 0 ? says(&p) : NULL;
	T(line != NULL && json_object_size(line) == 0, "and no file where there is none");
	json_decref(line);
	ck_peer_end(&p, 5000, NULL);
}

static void
ends(void)
{
	struct ck_peer p;
	struct ck_err err = { 0 };
	int status;
	pid_t pid;

	T(start("exit 7", -1, &p, &err) == 0, "one that leaves");
	status = ck_peer_end(&p, 5000, NULL);
	T(WIFEXITED(status) && WEXITSTATUS(status) == 7, "is reaped with its status");
	T(start("trap '' TERM HUP; while :; do :; done", -1, &p, &err) == 0, "one that stays");
	pid = p.pid;
	status = ck_peer_end(&p, 0, NULL);
	T(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "is killed");
	T(kill(pid, 0) == -1 && errno == ESRCH && p.pid == 0 && p.pidfd == -1, "and gone");
}

static void
not_there(void)
{
	char *argv[] = { "nobody", NULL };
	struct ck_peer p;
	struct ck_err err = { 0 };

	T(ck_peer_start("/nonexistent/nobody", argv, -1, CK_E_PRINT_GONE, &p, &err) == -1 &&
		err.code == CK_E_PRINT_GONE && err.native == ENOENT && p.link == NULL,
	    "a program that is not there, by the caller's code");
	err = (struct ck_err){ 0 };
	T(ck_peer_start("/bin/sh", argv, 900, CK_E_PRINT_GONE, &p, &err) == -1 &&
		err.code == CK_E_PRINT_GONE && err.native == EBADF,
	    "a file that is none");
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	file_passed(3);
	file_passed(4);
	file_passed(50);
	nothing_else();
	ends();
	not_there();
	return T_END();
}
