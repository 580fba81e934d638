/**
 * The initramfs of `typix run`: the default root with busybox, a folder of the host, or an archive as it is. Written under build/, with
 * the default root made again only when the busybox or the code that makes it has changed.
 */
import { closeSync, existsSync, openSync, readSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { UserError } from './errors.ts';
import { inBuild, inRepository } from './paths.ts';

/** True if this root is put together again although it exists: a source of it is newer. */
function isOutdated(archive: string, sources: readonly string[]): boolean {
  if (!existsSync(archive)) return true;
  const made = statSync(archive).mtimeMs;
  return sources.some((source) => statSync(source).mtimeMs > made || statSync(source).ctimeMs > made);
}

/** Path of the default initramfs, made if need be. Not compressed: inflating costs more time than it saves in loading. */
export async function defaultInitramfs(): Promise<string> {
  const { BUSYBOX_PATH, busyboxUserland } = await import('../../toolchain/image/userland.ts');
  const archive = inBuild('image', 'initramfs.cpio');
  const sources = [BUSYBOX_PATH, inRepository('toolchain/image/userland.ts'), inRepository('toolchain/image/cpio.ts')];
  if (!existsSync(BUSYBOX_PATH)) throw new UserError(`${BUSYBOX_PATH} is missing`, 'apt-get install busybox-static');
  if (isOutdated(archive, sources)) {
    const { writeCpio } = await import('../../toolchain/image/cpio.ts');
    writeFileSync(archive, writeCpio(busyboxUserland()));
  }
  return archive;
}

/** Accepts a cpio archive, plain or gzip, by its first bytes. */
function checkArchive(path: string): void {
  const start = Buffer.alloc(6);
  const descriptor = openSync(path, 'r');
  readSync(descriptor, start, 0, 6, 0);
  closeSync(descriptor);
  const isGzip = start[0] === 0x1f && start[1] === 0x8b;
  const isNewc = /^07070[12]$/.test(start.toString('latin1'));
  if (!isGzip && !isNewc) {
    throw new UserError(`'${path}' is no cpio archive`, 'the root must be a folder or an archive in newc format (cpio -H newc), plain or gzip');
  }
}

/** The initramfs for `--root`: a folder, an archive, or (undefined) the default root. Returns the archive's path. */
export async function initramfsFor(root: string | undefined): Promise<string> {
  if (root === undefined) return defaultInitramfs();
  if (!existsSync(root)) throw new UserError(`there is no folder or archive '${root}'`);
  if (!statSync(root).isDirectory()) {
    checkArchive(root);
    return root;
  }
  const { entriesFromDirectory, writeCpio } = await import('../../toolchain/image/cpio.ts');
  const { EARLY_DEVICES } = await import('../../toolchain/image/userland.ts');
  const own = entriesFromDirectory(root);
  const paths = new Set(own.map((entry) => entry.path));
  const archive = inBuild('image', `root-${process.pid}.cpio`);
  writeFileSync(archive, writeCpio([...EARLY_DEVICES.filter((entry) => !paths.has(entry.path)), ...own]));
  process.on('exit', () => rmQuietly(archive));
  return archive;
}

function rmQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Already gone.
  }
}
