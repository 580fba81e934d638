/** `typix doctor`: what this machine lacks for building, running and testing Typix, and whether KVM really works. */
import { execFileSync } from 'node:child_process';
import { existsSync, statfsSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import type { Argv, CommandModule } from 'yargs';
import { describeProbe, probe, rememberedProbe } from '../kvm-probe.ts';
import { missingPackages, PACKAGES } from '../packages.ts';
import { inRepository, repositoryRoot } from '../paths.ts';
import { formatBytes } from '../sizes.ts';

const GIB = 1024 ** 3;
const NEEDED_DISK = 2 * GIB;
const NEEDED_MEMORY = 2 * GIB;
const NEEDED_NODE = 20;

interface DoctorArguments {
  probe?: boolean;
}

/** One line of the report. `bad` makes the command fail, `hint` says what to do. */
interface Finding {
  readonly level: 'ok' | 'note' | 'bad';
  readonly text: string;
  readonly hint?: string;
}

function checkNode(): Finding {
  const major = Number(process.versions.node.split('.')[0]);
  const text = `Node.js ${process.versions.node}`;
  return major >= NEEDED_NODE ? { level: 'ok', text } : { level: 'bad', text, hint: `version ${NEEDED_NODE} or newer is needed` };
}

function checkPackages(): Finding[] {
  const missing = missingPackages(['build', 'iso', 'run', 'uefi', 'debug', 'test']);
  const present: Finding = { level: 'ok', text: `${PACKAGES.length - missing.length} of ${PACKAGES.length} Debian packages` };
  const names = missing.map((item) => item.name);
  const lacking = missing.map((item): Finding => {
    const isOptional = item.purposes.length === 1 && item.purposes[0] === 'debug';
    return { level: isOptional ? 'note' : 'bad', text: `${item.name} is missing: ${item.why}` };
  });
  if (lacking.length > 0) lacking.push({ level: 'note', text: `apt-get install ${names.join(' ')}`, hint: 'or let the commands do it: they install what they need' });
  return [present, ...lacking];
}

function checkNpm(): Finding {
  const isInstalled = existsSync(inRepository('node_modules', '.package-lock.json'));
  return isInstalled ? { level: 'ok', text: 'npm packages of package-lock.json' } : { level: 'bad', text: 'npm packages are missing', hint: 'npm ci' };
}

function checkSpace(): Finding {
  const { bavail, bsize } = statfsSync(repositoryRoot);
  const free = bavail * bsize;
  const text = `${formatBytes(free)} of disk space free`;
  return free >= NEEDED_DISK ? { level: 'ok', text } : { level: 'bad', text, hint: `builds and tests need ${formatBytes(NEEDED_DISK)}` };
}

function checkMemory(): Finding {
  const text = `${formatBytes(totalmem())} of memory, ${cpus().length} CPUs`;
  return totalmem() >= NEEDED_MEMORY ? { level: 'ok', text } : { level: 'note', text, hint: `builds want ${formatBytes(NEEDED_MEMORY)}` };
}

function checkQemu(): Finding {
  try {
    const text = execFileSync('qemu-system-x86_64', ['--version'], { encoding: 'utf8' });
    return { level: 'ok', text: text.split('\n', 1)[0] ?? '' };
  } catch {
    return { level: 'bad', text: 'qemu-system-x86_64 does not start' };
  }
}

async function checkKvm(again: boolean): Promise<Finding> {
  if (missingPackages(['run']).some((item) => item.name === 'qemu-system-x86')) return { level: 'note', text: 'KVM: not tried without QEMU' };
  const result = (again ? undefined : rememberedProbe()) ?? (await probe());
  const hint = result.accelerator === 'tcg' ? 'guests run with TCG; --kvm overrides, typix doctor --probe tries again' : undefined;
  return { level: result.accelerator === 'kvm' ? 'ok' : 'note', text: describeProbe(result), hint };
}

const MARKS = { ok: 'ok  ', note: 'note', bad: 'BAD ' };

function print(finding: Finding): void {
  console.log(`${MARKS[finding.level]}  ${finding.text}`);
  if (finding.hint) console.log(`      ${finding.hint}`);
}

async function doctor(args: DoctorArguments): Promise<void> {
  const findings = [checkNode(), checkNpm(), ...checkPackages(), checkQemu(), checkSpace(), checkMemory()];
  findings.forEach(print);
  print(await checkKvm(args.probe === true));
  const bad = findings.filter((finding) => finding.level === 'bad').length;
  console.log(bad === 0 ? 'This machine has what Typix needs.' : `This machine lacks ${bad} thing${bad === 1 ? '' : 's'} that Typix needs.`);
  process.exitCode = bad === 0 ? 0 : 1;
}

const command: CommandModule<object, DoctorArguments> = {
  command: 'doctor',
  describe: 'say what this machine lacks, and whether KVM really works',
  builder: ((parser: Argv) =>
    parser.option('probe', { type: 'boolean', describe: 'try KVM again instead of telling what was remembered' })) as CommandModule<object, DoctorArguments>['builder'],
  handler: doctor,
};
export default command;
