// ioctls of the console (ioctl_console(2)): keyboard and display modes, LEDs, switching between virtual consoles.
// VT_WAITACTIVE sleeps.

import { Errno } from "../../kernel/abi/errno";
import { UserInOut } from "../../kernel/mm/user/user-memory";
import { waitOn } from "../../kernel/sync/sleep";
import { controls } from "../../kernel/tty/job-control";
import { NOT_MINE, Tty, TtyIoctls } from "../../kernel/tty/tty";
import { Capability } from "../../kernel/vfs/credentials";
import { ScreenConsole } from "./screen-console";
import { VirtualConsole } from "./virtual-console";
import { currentTask } from "../../kernel/task/current";

const KDGKBTYPE: u32 = 0x4b33;
const KDGETLED: u32 = 0x4b31;
const KDSETLED: u32 = 0x4b32;
const KDSETMODE: u32 = 0x4b3a;
const KDGETMODE: u32 = 0x4b3b;
const KDGKBMODE: u32 = 0x4b44;
const KDSKBMODE: u32 = 0x4b45;
const KDGKBLED: u32 = 0x4b64;
const KDSKBLED: u32 = 0x4b65;
const VT_OPENQRY: u32 = 0x5600;
const VT_GETMODE: u32 = 0x5601;
const VT_SETMODE: u32 = 0x5602;
const VT_GETSTATE: u32 = 0x5603;
const VT_ACTIVATE: u32 = 0x5606;
const VT_WAITACTIVE: u32 = 0x5607;
const TIOCLINUX: u32 = 0x541c;

const KB_101: u32 = 2;
const VT_MODE_SIZE: i32 = 8;

@final
export class ConsoleIoctls extends TtyIoctls {
  constructor(private readonly screen: ScreenConsole, private readonly console: VirtualConsole) {
    super();
  }

  @sleeps perform(tty: Tty, command: u32, argument: u64, memory: UserInOut): i64 {
    const console = this.console;
    const keyboard = console.keyboard;
    switch (command) {
      case KDGKBTYPE: return memory.writeU8(0, KB_101);
      case KDGETMODE: return memory.writeU32(0, keyboard.displayMode);
      case KDGKBMODE: return memory.writeU32(0, keyboard.mode);
      case KDGETLED:
      case KDGKBLED: return memory.writeU8(0, this.lockBits());
      case VT_GETSTATE: return this.getState(memory);
      case VT_OPENQRY: return memory.writeI32(0, this.screen.firstFree());
      case VT_GETMODE: return memory.writeBytes(0, new StaticArray<u8>(VT_MODE_SIZE), 0, VT_MODE_SIZE);
      case TIOCLINUX: return -Errno.EINVAL;
      case KDSETMODE:
      case KDSKBMODE:
      case KDSETLED:
      case KDSKBLED:
      case VT_SETMODE:
      case VT_ACTIVATE:
      case VT_WAITACTIVE:
        return this.mayChange(tty) ? this.change(command, <u32>argument, memory) : -Errno.EPERM;
      default: return NOT_MINE;
    }
  }

  /** Changes are for those whose terminal this is, and for CAP_SYS_TTY_CONFIG. */
  private mayChange(tty: Tty): bool {
    return controls(tty, currentTask().process) || currentTask().credentials.has(Capability.SYS_TTY_CONFIG);
  }

  @sleeps private change(command: u32, argument: u32, memory: UserInOut): i64 {
    const console = this.console;
    const keyboard = console.keyboard;
    switch (command) {
      case KDSETMODE:
        if (argument > 3) return -Errno.EINVAL;
        keyboard.displayMode = argument == 1 ? 1 : 0;
        console.setForeground(console.isForeground);
        return 0;
      case KDSKBMODE:
        // Raw and medium-raw would hand out scan codes, which this driver does not.
        if (argument != 1 && argument != 3 && argument != 4) return -Errno.EINVAL;
        keyboard.mode = argument;
        return 0;
      case KDSETLED:
      case KDSKBLED:
        if (argument & ~0x77) return -Errno.EINVAL;
        keyboard.isScrollLock = (argument & 1) != 0;
        keyboard.isNumLock = (argument & 2) != 0;
        keyboard.isCapsLock = (argument & 4) != 0;
        this.screen.updateLeds();
        return 0;
      case VT_SETMODE: {
        // VT_PROCESS (1) would hand switching to the program.
        const read = memory.readU8(0);
        if (read < 0) return read;
        return memory.value == 0 ? 0 : -Errno.EINVAL;
      }
      case VT_ACTIVATE:
        return this.screen.activate(<i32>argument) ? 0 : -Errno.ENXIO;
      default:
        return this.waitActive(<i32>argument);
    }
  }

  @sleeps private waitActive(number: i32): i64 {
    if (!this.screen.exists(number)) return -Errno.ENXIO;
    while (this.screen.activeNumber != number) {
      const waited = waitOn(this.screen.switches);
      if (waited < 0) return waited;
    }
    return 0;
  }

  private lockBits(): u32 {
    const keyboard = this.console.keyboard;
    return (keyboard.isScrollLock ? 1 : 0) | (keyboard.isNumLock ? 2 : 0) | (keyboard.isCapsLock ? 4 : 0);
  }

  /** struct vt_stat: the active console, the signal (none), and which consoles are open. */
  @sleeps private getState(memory: UserInOut): i64 {
    const active = memory.writeU16(0, <u32>this.screen.activeNumber);
    if (active < 0) return active;
    const signal = memory.writeU16(2, 0);
    return signal < 0 ? signal : memory.writeU16(4, this.screen.openMask());
  }
}
