// SPDX-License-Identifier: GPL-2.0
/*
 * failnth - run a command, one of whose allocations in the kernel fails
 *
 *	failnth N SYSCALL[,SYSCALL]... FILE COMMAND [ARGUMENT]...
 *
 * The Nth of the allocations of those system calls, of the command but not of its
 * children, by /proc/PID/fail-nth of a kernel with fault injection.  FILE then
 * says "hit", or "end" if there are not as many.  The status is the command's.
 */

#define _GNU_SOURCE
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "tool.h"

static struct {
	const char *name;
	unsigned long nr;
	int chosen;
} calls[] = {
	{ "sendmsg", SYS_sendmsg, 0 },
	{ "sendto", SYS_sendto, 0 },
	{ "recvmsg", SYS_recvmsg, 0 },
	{ "finit_module", SYS_finit_module, 0 },
	{ "unshare", SYS_unshare, 0 },
	{ NULL, 0, 0 }
};

static void choose(char *list)
{
	char *name;
	size_t i;

	for (name = strtok(list, ","); name; name = strtok(NULL, ",")) {
		for (i = 0; calls[i].name && strcmp(name, calls[i].name); i++)
			;
		if (!calls[i].name)
			errx(2, "unknown system call %s", name);
		calls[i].chosen = 1;
	}
}

static int is_chosen(unsigned long nr)
{
	size_t i;

	for (i = 0; calls[i].name; i++)
		if (calls[i].nr == nr)
			return calls[i].chosen;
	return 0;
}

static void nth_write(int fd, unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	if (pwrite(fd, text, (size_t)len, 0) != len)
		err(2, "fail-nth");
}

static unsigned int nth_read(int fd)
{
	char text[16] = "";

	if (pread(fd, text, sizeof(text) - 1, 0) <= 0)
		err(2, "fail-nth");
	return (unsigned int)strtoul(text, NULL, 10);
}

/* Until the next stop of the command; false if it has ended */
static int proceed(pid_t pid, int *status)
{
	int sig = 0;

	do {
		if (ptrace(PTRACE_SYSCALL, pid, 0, sig) || waitpid(pid, status, 0) != pid)
			err(2, "the command is lost");
		if (!WIFSTOPPED(*status))
			return 0;
		sig = WSTOPSIG(*status) == SIGTRAP ? 0 : WSTOPSIG(*status);
	} while (WSTOPSIG(*status) != (SIGTRAP | 0x80));
	return 1;
}

/* What one system call leaves of the count goes to the next; returns the rest. */
static unsigned int follow(pid_t pid, int fd, unsigned int left, int *status)
{
	struct __ptrace_syscall_info info;
	int counting = 0;

	while (proceed(pid, status)) {
		if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) < 0)
			err(2, "PTRACE_GET_SYSCALL_INFO");
		if (counting) {
			left = nth_read(fd);
			nth_write(fd, 0);
			counting = 0;
		} else if (left && info.op == PTRACE_SYSCALL_INFO_ENTRY &&
			   is_chosen(info.entry.nr)) {
			nth_write(fd, left);
			counting = 1;
		}
	}
	return left;
}

static void say(const char *file, const char *word)
{
	FILE *out = fopen(file, "w");

	if (!out || fprintf(out, "%s\n", word) < 0 || fclose(out))
		err(2, "%s", file);
}

int main(int argc, char **argv)
{
	unsigned int left;
	char path[64];
	int fd, status;
	pid_t pid;

	if (argc < 5)
		errx(2, "usage: failnth N SYSCALL[,SYSCALL]... FILE COMMAND [ARGUMENT]...");
	left = (unsigned int)strtoul(argv[1], NULL, 10);
	choose(argv[2]);
	pid = fork();
	if (pid < 0)
		err(2, "fork");
	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		execvp(argv[4], argv + 4);
		err(127, "%s", argv[4]);
	}
	if (waitpid(pid, &status, 0) != pid ||
	    ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL))
		err(2, "ptrace");
	snprintf(path, sizeof(path), "/proc/%d/fail-nth", pid);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		err(2, "%s", path);
	left = follow(pid, fd, left, &status);
	say(argv[3], left ? "end" : "hit");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
