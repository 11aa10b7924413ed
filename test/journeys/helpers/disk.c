/*
 * Loaded before the C library (LD_PRELOAD): tells when files are written out to the disk, and plays a disk in trouble.
 * It concerns files below $DISK_UNDER only.
 *
 * DISK_TRACE  a file to which each fsync and fdatasync is added, once it is done: "sync PATH"
 * DISK_STATE  a file whose first letter says how the disk is: f(ull), r(ead-only), b(roken), else well
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static int path_of(int fd, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length < 0) return 0;
  path[length] = 0;
  const char *under = getenv("DISK_UNDER");
  return under != NULL && strncmp(path, under, strlen(under)) == 0;
}

static void note(const char *path) {
  const char *trace = getenv("DISK_TRACE");
  if (trace == NULL) return;
  int fd = (int)syscall(SYS_openat, AT_FDCWD, trace, O_WRONLY | O_APPEND | O_CREAT, 0600);
  if (fd < 0) return;
  char line[PATH_MAX + 8];
  int length = snprintf(line, sizeof line, "sync %s\n", path);
  if (syscall(SYS_write, fd, line, length) < 0) _exit(99);
  syscall(SYS_close, fd);
}

/* The error that writing to this file gives now; 0 for none. */
static int trouble(int fd) {
  char path[PATH_MAX], letter = 'w';
  const char *state = getenv("DISK_STATE");
  if (state == NULL || !path_of(fd, path)) return 0;
  int told = (int)syscall(SYS_openat, AT_FDCWD, state, O_RDONLY, 0);
  if (told < 0) return 0;
  if (syscall(SYS_read, told, &letter, 1) < 1) letter = 'w';
  syscall(SYS_close, told);
  return letter == 'f' ? ENOSPC : letter == 'r' ? EROFS : letter == 'b' ? EIO : 0;
}

#define REFUSE(fd)                                                                                                     \
  do {                                                                                                                 \
    int error = trouble(fd);                                                                                           \
    if (error != 0) {                                                                                                  \
      errno = error;                                                                                                   \
      return -1;                                                                                                       \
    }                                                                                                                  \
  } while (0)

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *bytes, size_t count) {
  REFUSE(fd);
  return NEXT(write)(fd, bytes, count);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) {
  REFUSE(fd);
  return NEXT(pwrite)(fd, bytes, count, offset);
}

#ifdef __GLIBC__
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
  REFUSE(fd);
  return NEXT(pwrite64)(fd, bytes, count, offset);
}
#endif

int fsync(int fd) {
  char path[PATH_MAX];
  REFUSE(fd);
  int result = NEXT(fsync)(fd);
  if (result == 0 && path_of(fd, path)) note(path);
  return result;
}

int fdatasync(int fd) {
  char path[PATH_MAX];
  REFUSE(fd);
  int result = NEXT(fdatasync)(fd);
  if (result == 0 && path_of(fd, path)) note(path);
  return result;
}
