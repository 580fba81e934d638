// Waiting for several files: poll, select, epoll.

import type { Call } from "./format.ts";

export const calls: Call[] = [
  {
    number: 7, call: "poll(inout struct_pollfd *fds, uint nfds, int timeout)", handler: "sysPoll", from: "poll/poll", support: "full",
    errors: "EFAULT EINTR EINVAL", unprovoked: "ENOMEM",
  },
  {
    number: 23, call: "select(int nfds, inout fd_set *readfds, inout fd_set *writefds, address exceptfds, address timeout)", handler: "sysSelect", from: "poll/poll", support: "full",
    errors: "EBADF EFAULT EINTR EINVAL", unprovoked: "ENOMEM",
  },
  {
    number: 213, call: "epoll_create(int size)", handler: "sysEpollCreate", from: "poll/epoll", support: "full",
    errors: "EINVAL EMFILE", unprovoked: "ENFILE ENOMEM",
  },
  {
    number: 232, call: "epoll_wait(file? epfd, out struct_epoll_event *events, int maxevents, int timeout)", handler: "sysEpollWait", from: "poll/epoll", support: "full",
    errors: "EBADF EFAULT EINTR EINVAL",
  },
  {
    number: 233, call: "epoll_ctl(file? epfd, int op, file?# fd, in struct_epoll_event *event)", handler: "sysEpollCtl", from: "poll/epoll", support: "full",
    errors: "EBADF EEXIST EFAULT EINVAL ELOOP ENOENT EPERM", unprovoked: "ENOMEM ENOSPC",
  },
  {
    number: 270, call: "pselect6(int nfds, address readfds, address writefds, address exceptfds, address timeout, in void *sigmask)", handler: "sysPselect6", from: "poll/poll", support: "full",
    errors: "EBADF EFAULT EINTR EINVAL", unprovoked: "ENOMEM",
  },
  {
    number: 271, call: "ppoll(inout struct_pollfd *fds, uint nfds, inout struct_timespec *timeout, in sigset_t *sigmask, size_t sigsetsize)", handler: "sysPpoll", from: "poll/poll", support: "full",
    errors: "EFAULT EINTR EINVAL", unprovoked: "ENOMEM",
  },
  {
    number: 281, call: "epoll_pwait(file? epfd, out struct_epoll_event *events, int maxevents, int timeout, in sigset_t *sigmask, size_t sigsetsize)", handler: "sysEpollPwait", from: "poll/epoll", support: "full",
    errors: "EBADF EFAULT EINTR EINVAL",
  },
  {
    number: 291, call: "epoll_create1(uflags:EPOLL flags)", handler: "sysEpollCreate1", from: "poll/epoll", support: "full",
    errors: "EINVAL EMFILE", unprovoked: "ENFILE ENOMEM",
  },
  {
    number: 441, call: "epoll_pwait2(file? epfd, out struct_epoll_event *events, int maxevents, in struct_timespec *timeout, in sigset_t *sigmask, size_t sigsetsize)", handler: "sysEpollPwait2", from: "poll/epoll", support: "full",
    errors: "EBADF EFAULT EINTR EINVAL",
  },
];
