// Generated from syscalls/table/ by toolchain/generators/system-calls.ts. Do not edit.
// What strace text needs of each call: "name:letters", and the flag sets: "mask NAME=value …".

/** How an argument is printed; the letter in a descriptor is 'a' plus this number. */
export enum Print {
  SIGNED32,
  UNSIGNED32,
  SIGNED64,
  UNSIGNED64,
  DIRFD,
  OCTAL,
  SIGNAL,
  ADDRESS,
  PATH,
  POINTER,
  SOURCE,
  DESTINATION,
  FLAGS,
}

export const CALL_DESCRIPTORS: StaticArray<string> = [
  "read:al2d", // 0
  "write:ak2d", // 1
  "open:im0f", // 2
  "close:a", // 3
  "stat:ij", // 4
  "fstat:aj", // 5
  "lstat:ij", // 6
  "poll:jba", // 7
  "lseek:acb", // 8
  "mmap:hdm1m2ad", // 9
  "mprotect:hdm1", // 10
  "munmap:hd", // 11
  "brk:h", // 12
  "rt_sigaction:gjjd", // 13
  "rt_sigprocmask:ajjd", // 14
  "rt_sigreturn:", // 15
  "ioctl:abd", // 16
  "pread64:al2dc", // 17
  "pwrite64:ak2dc", // 18
  "readv:ajd", // 19
  "writev:ajd", // 20
  "access:im<", // 21
  "pipe:j", // 22
  "select:ajjhh", // 23
  "sched_yield:", // 24
  "mremap:hddm3h", // 25
  "msync:hdm4", // 26
  "mincore:hdj", // 27
  "madvise:hda", // 28
  "", // 29
  "", // 30
  "", // 31
  "dup:a", // 32
  "dup2:aa", // 33
  "pause:", // 34
  "nanosleep:jj", // 35
  "getitimer:aj", // 36
  "alarm:b", // 37
  "setitimer:ajj", // 38
  "getpid:", // 39
  "sendfile:aajd", // 40
  "", // 41
  "", // 42
  "", // 43
  "", // 44
  "", // 45
  "", // 46
  "", // 47
  "", // 48
  "", // 49
  "", // 50
  "", // 51
  "", // 52
  "", // 53
  "", // 54
  "", // 55
  "clone:m=hjhd", // 56
  "fork:", // 57
  "vfork:", // 58
  "execve:ijj", // 59
  "exit:a", // 60
  "wait4:ajm>j", // 61
  "kill:ag", // 62
  "uname:j", // 63
  "", // 64
  "", // 65
  "", // 66
  "", // 67
  "", // 68
  "", // 69
  "", // 70
  "", // 71
  "fcntl:abd", // 72
  "flock:amN", // 73
  "fsync:a", // 74
  "fdatasync:a", // 75
  "truncate:ic", // 76
  "ftruncate:ac", // 77
  "getdents:ajb", // 78
  "getcwd:jd", // 79
  "chdir:i", // 80
  "fchdir:a", // 81
  "rename:ii", // 82
  "mkdir:if", // 83
  "rmdir:i", // 84
  "creat:if", // 85
  "link:ii", // 86
  "unlink:i", // 87
  "symlink:ii", // 88
  "readlink:ija", // 89
  "chmod:if", // 90
  "fchmod:af", // 91
  "chown:iaa", // 92
  "fchown:aaa", // 93
  "lchown:iaa", // 94
  "umask:f", // 95
  "gettimeofday:jj", // 96
  "getrlimit:aj", // 97
  "getrusage:aj", // 98
  "sysinfo:j", // 99
  "times:j", // 100
  "", // 101
  "getuid:", // 102
  "syslog:aja", // 103
  "getgid:", // 104
  "setuid:a", // 105
  "setgid:a", // 106
  "geteuid:", // 107
  "getegid:", // 108
  "setpgid:aa", // 109
  "getppid:", // 110
  "getpgrp:", // 111
  "setsid:", // 112
  "setreuid:aa", // 113
  "setregid:aa", // 114
  "getgroups:aj", // 115
  "setgroups:aj", // 116
  "setresuid:aaa", // 117
  "getresuid:jjj", // 118
  "setresgid:aaa", // 119
  "getresgid:jjj", // 120
  "getpgid:a", // 121
  "setfsuid:a", // 122
  "setfsgid:a", // 123
  "getsid:a", // 124
  "capget:jj", // 125
  "capset:jj", // 126
  "rt_sigpending:jd", // 127
  "rt_sigtimedwait:jjjd", // 128
  "rt_sigqueueinfo:agj", // 129
  "rt_sigsuspend:jd", // 130
  "sigaltstack:jj", // 131
  "utime:ij", // 132
  "mknod:ifb", // 133
  "", // 134
  "personality:b", // 135
  "", // 136
  "statfs:ij", // 137
  "fstatfs:aj", // 138
  "", // 139
  "getpriority:ab", // 140
  "setpriority:aba", // 141
  "sched_setparam:aj", // 142
  "sched_getparam:aj", // 143
  "sched_setscheduler:aaj", // 144
  "sched_getscheduler:a", // 145
  "sched_get_priority_max:a", // 146
  "sched_get_priority_min:a", // 147
  "sched_rr_get_interval:aj", // 148
  "mlock:hd", // 149
  "munlock:hd", // 150
  "mlockall:m5", // 151
  "munlockall:", // 152
  "", // 153
  "", // 154
  "pivot_root:ii", // 155
  "", // 156
  "prctl:adddd", // 157
  "arch_prctl:ah", // 158
  "adjtimex:j", // 159
  "setrlimit:aj", // 160
  "chroot:i", // 161
  "sync:", // 162
  "", // 163
  "settimeofday:jj", // 164
  "mount:hihmJh", // 165
  "umount2:imK", // 166
  "", // 167
  "", // 168
  "reboot:bbbi", // 169
  "sethostname:jd", // 170
  "setdomainname:jd", // 171
  "", // 172
  "", // 173
  "", // 174
  "", // 175
  "", // 176
  "", // 177
  "", // 178
  "", // 179
  "", // 180
  "", // 181
  "", // 182
  "", // 183
  "", // 184
  "", // 185
  "gettid:", // 186
  "readahead:acd", // 187
  "setxattr:iijda", // 188
  "lsetxattr:iijda", // 189
  "fsetxattr:aijda", // 190
  "getxattr:iijd", // 191
  "lgetxattr:iijd", // 192
  "fgetxattr:aijd", // 193
  "listxattr:ijd", // 194
  "llistxattr:ijd", // 195
  "flistxattr:ajd", // 196
  "removexattr:ii", // 197
  "lremovexattr:ii", // 198
  "fremovexattr:ai", // 199
  "tkill:ag", // 200
  "time:j", // 201
  "futex:jmQbdjb", // 202
  "sched_setaffinity:adj", // 203
  "sched_getaffinity:adj", // 204
  "", // 205
  "", // 206
  "", // 207
  "", // 208
  "", // 209
  "", // 210
  "", // 211
  "", // 212
  "epoll_create:a", // 213
  "", // 214
  "", // 215
  "", // 216
  "getdents64:ajb", // 217
  "set_tid_address:h", // 218
  "restart_syscall:", // 219
  "", // 220
  "fadvise64:acca", // 221
  "timer_create:ajj", // 222
  "timer_settime:amDjj", // 223
  "timer_gettime:aj", // 224
  "timer_getoverrun:a", // 225
  "timer_delete:a", // 226
  "clock_settime:aj", // 227
  "clock_gettime:aj", // 228
  "clock_getres:aj", // 229
  "clock_nanosleep:amDjj", // 230
  "exit_group:a", // 231
  "epoll_wait:ajaa", // 232
  "epoll_ctl:aaaj", // 233
  "tgkill:aag", // 234
  "utimes:ij", // 235
  "", // 236
  "", // 237
  "", // 238
  "", // 239
  "", // 240
  "", // 241
  "", // 242
  "", // 243
  "", // 244
  "", // 245
  "", // 246
  "waitid:aajm>j", // 247
  "", // 248
  "", // 249
  "", // 250
  "", // 251
  "", // 252
  "", // 253
  "", // 254
  "", // 255
  "", // 256
  "openat:eim0f", // 257
  "mkdirat:eif", // 258
  "mknodat:eifb", // 259
  "fchownat:eiaam6", // 260
  "futimesat:eij", // 261
  "newfstatat:eijm7", // 262
  "unlinkat:eim:", // 263
  "renameat:eiei", // 264
  "linkat:eieim;", // 265
  "symlinkat:iei", // 266
  "readlinkat:eija", // 267
  "fchmodat:eif", // 268
  "faccessat:eim<", // 269
  "pselect6:ahhhhj", // 270
  "ppoll:jbjjd", // 271
  "unshare:d", // 272
  "set_robust_list:hd", // 273
  "get_robust_list:ajj", // 274
  "splice:ajajdmL", // 275
  "tee:aadmL", // 276
  "sync_file_range:accb", // 277
  "vmsplice:ajdmL", // 278
  "", // 279
  "utimensat:eijm6", // 280
  "epoll_pwait:ajaajd", // 281
  "signalfd:ajd", // 282
  "timerfd_create:amC", // 283
  "eventfd:b", // 284
  "fallocate:amMcc", // 285
  "timerfd_settime:amEjj", // 286
  "timerfd_gettime:aj", // 287
  "", // 288
  "signalfd4:ajdmF", // 289
  "eventfd2:bmA", // 290
  "epoll_create1:mB", // 291
  "dup3:aam?", // 292
  "pipe2:jm@", // 293
  "", // 294
  "preadv:ajdcd", // 295
  "pwritev:ajdcd", // 296
  "rt_tgsigqueueinfo:aagj", // 297
  "", // 298
  "", // 299
  "", // 300
  "", // 301
  "prlimit64:aajj", // 302
  "", // 303
  "", // 304
  "clock_adjtime:aj", // 305
  "syncfs:a", // 306
  "", // 307
  "", // 308
  "getcpu:jj", // 309
  "", // 310
  "", // 311
  "", // 312
  "", // 313
  "sched_setattr:ajb", // 314
  "sched_getattr:ajbb", // 315
  "renameat2:eieimI", // 316
  "", // 317
  "getrandom:l1dmH", // 318
  "memfd_create:imG", // 319
  "", // 320
  "", // 321
  "execveat:eijjm6", // 322
  "", // 323
  "membarrier:aba", // 324
  "mlock2:hdb", // 325
  "copy_file_range:ajajdb", // 326
  "preadv2:ajdcda", // 327
  "pwritev2:ajdcda", // 328
  "", // 329
  "", // 330
  "", // 331
  "statx:eim8mPj", // 332
  "", // 333
  "rseq:hbmRb", // 334
  "", // 335
  "", // 336
  "", // 337
  "", // 338
  "", // 339
  "", // 340
  "", // 341
  "", // 342
  "", // 343
  "", // 344
  "", // 345
  "", // 346
  "", // 347
  "", // 348
  "", // 349
  "", // 350
  "", // 351
  "", // 352
  "", // 353
  "", // 354
  "", // 355
  "", // 356
  "", // 357
  "", // 358
  "", // 359
  "", // 360
  "", // 361
  "", // 362
  "", // 363
  "", // 364
  "", // 365
  "", // 366
  "", // 367
  "", // 368
  "", // 369
  "", // 370
  "", // 371
  "", // 372
  "", // 373
  "", // 374
  "", // 375
  "", // 376
  "", // 377
  "", // 378
  "", // 379
  "", // 380
  "", // 381
  "", // 382
  "", // 383
  "", // 384
  "", // 385
  "", // 386
  "", // 387
  "", // 388
  "", // 389
  "", // 390
  "", // 391
  "", // 392
  "", // 393
  "", // 394
  "", // 395
  "", // 396
  "", // 397
  "", // 398
  "", // 399
  "", // 400
  "", // 401
  "", // 402
  "", // 403
  "", // 404
  "", // 405
  "", // 406
  "", // 407
  "", // 408
  "", // 409
  "", // 410
  "", // 411
  "", // 412
  "", // 413
  "", // 414
  "", // 415
  "", // 416
  "", // 417
  "", // 418
  "", // 419
  "", // 420
  "", // 421
  "", // 422
  "", // 423
  "pidfd_send_signal:agjb", // 424
  "", // 425
  "", // 426
  "", // 427
  "", // 428
  "", // 429
  "", // 430
  "", // 431
  "", // 432
  "", // 433
  "pidfd_open:amS", // 434
  "clone3:jd", // 435
  "close_range:bbmO", // 436
  "openat2:eijd", // 437
  "", // 438
  "faccessat2:eim<m9", // 439
  "", // 440
  "epoll_pwait2:ajajjd", // 441
  "", // 442
  "", // 443
  "", // 444
  "", // 445
  "", // 446
  "", // 447
  "", // 448
  "", // 449
  "", // 450
  "", // 451
  "fchmodat2:eifm6", // 452
];

export const FLAG_SETS: StaticArray<string> = [
  "3 O_RDONLY=0 O_WRONLY=1 O_RDWR=2 O_CREAT=64 O_EXCL=128 O_NOCTTY=256 O_TRUNC=512 O_APPEND=1024 O_NONBLOCK=2048 O_SYNC=1052672 O_DSYNC=4096 O_ASYNC=8192 O_DIRECT=16384 O_LARGEFILE=32768 O_TMPFILE=4259840 O_DIRECTORY=65536 O_NOFOLLOW=131072 O_NOATIME=262144 O_CLOEXEC=524288 O_PATH=2097152", // OPEN
  "0 PROT_NONE=0 PROT_READ=1 PROT_WRITE=2 PROT_EXEC=4 PROT_GROWSDOWN=16777216 PROT_GROWSUP=33554432", // PROT
  "15 MAP_FILE=0 MAP_SHARED=1 MAP_PRIVATE=2 MAP_SHARED_VALIDATE=3 MAP_FIXED=16 MAP_ANONYMOUS=32 MAP_32BIT=64 MAP_GROWSDOWN=256 MAP_DENYWRITE=2048 MAP_EXECUTABLE=4096 MAP_LOCKED=8192 MAP_NORESERVE=16384 MAP_POPULATE=32768 MAP_NONBLOCK=65536 MAP_STACK=131072 MAP_HUGETLB=262144 MAP_SYNC=524288 MAP_FIXED_NOREPLACE=1048576", // MAP
  "0 MREMAP_MAYMOVE=1 MREMAP_FIXED=2 MREMAP_DONTUNMAP=4", // MREMAP
  "0 MS_ASYNC=1 MS_INVALIDATE=2 MS_SYNC=4", // MSYNC
  "0 MCL_CURRENT=1 MCL_FUTURE=2 MCL_ONFAULT=4", // MLOCK
  "0 AT_SYMLINK_NOFOLLOW=256 AT_EMPTY_PATH=4096", // AT_CHANGE
  "0 AT_SYMLINK_NOFOLLOW=256 AT_NO_AUTOMOUNT=2048 AT_EMPTY_PATH=4096", // AT_STAT
  "0 AT_SYMLINK_NOFOLLOW=256 AT_NO_AUTOMOUNT=2048 AT_EMPTY_PATH=4096 AT_STATX_FORCE_SYNC=8192 AT_STATX_DONT_SYNC=16384", // AT_STATX
  "0 AT_SYMLINK_NOFOLLOW=256 AT_EACCESS=512 AT_EMPTY_PATH=4096", // AT_ACCESS
  "0 AT_REMOVEDIR=512", // AT_UNLINK
  "0 AT_SYMLINK_FOLLOW=1024 AT_EMPTY_PATH=4096", // AT_LINK
  "0 F_OK=0 X_OK=1 W_OK=2 R_OK=4", // ACCESS
  "255 CLONE_VM=256 CLONE_FS=512 CLONE_FILES=1024 CLONE_SIGHAND=2048 CLONE_PIDFD=4096 CLONE_PTRACE=8192 CLONE_VFORK=16384 CLONE_PARENT=32768 CLONE_THREAD=65536 CLONE_NEWNS=131072 CLONE_SYSVSEM=262144 CLONE_SETTLS=524288 CLONE_PARENT_SETTID=1048576 CLONE_CHILD_CLEARTID=2097152 CLONE_DETACHED=4194304 CLONE_UNTRACED=8388608 CLONE_CHILD_SETTID=16777216 SIGCHLD=17", // CLONE
  "0 WNOHANG=1 WUNTRACED=2 WEXITED=4 WCONTINUED=8 WNOWAIT=16777216 __WNOTHREAD=536870912 __WALL=1073741824 __WCLONE=2147483648", // WAIT
  "0 O_CLOEXEC=524288", // DUP
  "0 O_NONBLOCK=2048 O_DIRECT=16384 O_CLOEXEC=524288", // PIPE
  "0 EFD_SEMAPHORE=1 EFD_NONBLOCK=2048 EFD_CLOEXEC=524288", // EVENTFD
  "0 EPOLL_CLOEXEC=524288", // EPOLL
  "0 TFD_NONBLOCK=2048 TFD_CLOEXEC=524288", // TIMERFD
  "0 TIMER_ABSTIME=1", // TIMER
  "0 TFD_TIMER_ABSTIME=1 TFD_TIMER_CANCEL_ON_SET=2", // TIMERFD_SETTIME
  "0 SFD_NONBLOCK=2048 SFD_CLOEXEC=524288", // SIGNALFD
  "0 MFD_CLOEXEC=1 MFD_ALLOW_SEALING=2 MFD_HUGETLB=4", // MEMFD
  "0 GRND_NONBLOCK=1 GRND_RANDOM=2 GRND_INSECURE=4", // RANDOM
  "0 RENAME_NOREPLACE=1 RENAME_EXCHANGE=2 RENAME_WHITEOUT=4", // RENAME
  "0 MS_RDONLY=1 MS_NOSUID=2 MS_NODEV=4 MS_NOEXEC=8 MS_SYNCHRONOUS=16 MS_REMOUNT=32 MS_MANDLOCK=64 MS_DIRSYNC=128 MS_NOATIME=1024 MS_NODIRATIME=2048 MS_BIND=4096 MS_MOVE=8192 MS_REC=16384 MS_SILENT=32768 MS_PRIVATE=262144 MS_SLAVE=524288 MS_SHARED=1048576 MS_RELATIME=2097152 MS_STRICTATIME=16777216 MS_LAZYTIME=33554432", // MOUNT
  "0 MNT_FORCE=1 MNT_DETACH=2 MNT_EXPIRE=4 UMOUNT_NOFOLLOW=8", // UMOUNT
  "0 SPLICE_F_MOVE=1 SPLICE_F_NONBLOCK=2 SPLICE_F_MORE=4 SPLICE_F_GIFT=8", // SPLICE
  "0 FALLOC_FL_KEEP_SIZE=1 FALLOC_FL_PUNCH_HOLE=2 FALLOC_FL_COLLAPSE_RANGE=8 FALLOC_FL_ZERO_RANGE=16 FALLOC_FL_INSERT_RANGE=32 FALLOC_FL_UNSHARE_RANGE=64", // FALLOCATE
  "0 LOCK_SH=1 LOCK_EX=2 LOCK_NB=4 LOCK_UN=8", // FLOCK
  "0 CLOSE_RANGE_UNSHARE=2 CLOSE_RANGE_CLOEXEC=4", // CLOSE_RANGE
  "0 STATX_TYPE=1 STATX_MODE=2 STATX_NLINK=4 STATX_UID=8 STATX_GID=16 STATX_ATIME=32 STATX_MTIME=64 STATX_CTIME=128 STATX_INO=256 STATX_SIZE=512 STATX_BLOCKS=1024 STATX_BTIME=2048 STATX_MNT_ID=4096", // STATX
  "127 FUTEX_WAIT=0 FUTEX_WAKE=1 FUTEX_FD=2 FUTEX_REQUEUE=3 FUTEX_CMP_REQUEUE=4 FUTEX_WAKE_OP=5 FUTEX_LOCK_PI=6 FUTEX_UNLOCK_PI=7 FUTEX_TRYLOCK_PI=8 FUTEX_WAIT_BITSET=9 FUTEX_WAKE_BITSET=10 FUTEX_WAIT_REQUEUE_PI=11 FUTEX_CMP_REQUEUE_PI=12 FUTEX_LOCK_PI2=13 FUTEX_PRIVATE_FLAG=128 FUTEX_CLOCK_REALTIME=256", // FUTEX
  "0 RSEQ_FLAG_UNREGISTER=1", // RSEQ
  "0 PIDFD_NONBLOCK=2048", // PIDFD
];
