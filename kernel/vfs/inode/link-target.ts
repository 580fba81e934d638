// LinkTarget: where a symbolic link without text leads (/proc/PID/fd/N), an object of the walk that follows the link.
// Mounts lie above inodes, so that only the base is known here: kernel/vfs/path/place.ts has the one subclass, and
// `leadTo`, by which Inode.followLink fills it.

export abstract class LinkTarget {}
