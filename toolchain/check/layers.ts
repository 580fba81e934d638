// The layers of the tree, lowest first: a file imports only from its own layer and from those before it.

/** A layer's folders share one rank; the longest fitting prefix counts. */
export const LAYERS: readonly string[] = [
  'kernel/abi', 'arch/x86_64', 'kernel/trace', 'kernel/runtime', 'kernel/time', 'kernel/sync', 'kernel/random', 'kernel/mm', 'kernel/vfs', 'kernel/ipc', 'kernel/tmpfs',
  'kernel/examplefs', 'arch/x86_64/user', 'kernel/task', 'kernel/tty', 'kernel/procfs', 'kernel/devfs', 'kernel/sysfs', 'drivers', 'syscalls', 'boot',
];

/** Rank of a file, or -1 when no layer holds it. */
export function layerOf(file: string): number {
  let best = -1;
  LAYERS.forEach((prefix, rank) => {
    const fits = file.startsWith(`${prefix}/`);
    if (fits && (best < 0 || prefix.length > LAYERS[best]!.length)) best = rank;
  });
  return best;
}
