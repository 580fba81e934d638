// Finding the display at boot, and joining it with the keyboard.

import { requestMemory } from "../../arch/x86_64/platform/resources";
import { BootFramebuffer, FramebufferKind, LARGEST_FRAME_BUFFER } from "../../arch/x86_64/platform/boot-info";
import { logInfo, logWarn } from "../../kernel/runtime/log/log";
import { KeyboardController, KeyboardLeds } from "../keyboard/i8042";
import { AttentionKey, Keyboard } from "../keyboard/keyboard";
import { FrameBuffer, PixelFormat } from "./framebuffer";
import { ScreenConsole } from "./screen-console";
import { VgaText } from "./vga-text";

/** Larger frame buffers are no displays that this driver should believe in. */
const LARGEST_SIDE: u32 = 16384;

/** The console of the display that the boot loader left, else of VGA text memory if there is any; null without display. */
export function findScreen(info: BootFramebuffer | null, isEfi: bool): ScreenConsole | null {
  if (info !== null && info.kind == FramebufferKind.RGB) return frameBufferConsole(info);
  if (isEfi) return null;
  const text = new VgaText(80, 25);
  return text.probe() ? new ScreenConsole(text) : null;
}

function frameBufferConsole(info: BootFramebuffer): ScreenConsole | null {
  const format = new PixelFormat(
    info.bitsPerPixel, info.redPosition, info.redSize, info.greenPosition, info.greenSize, info.bluePosition, info.blueSize,
  );
  const isSane = info.width >= 320 && info.height >= 200 && info.width <= LARGEST_SIDE && info.height <= LARGEST_SIDE;
  if (!isSane || !format.isSupported || info.pitch < info.width * <u32>format.bytesPerPixel) return null;
  const length = <u64>info.pitch * <u64>info.height;
  if (length > LARGEST_FRAME_BUFFER) return null;
  const memory = requestMemory(info.address, <u32>length);
  if (memory === null) return null;
  return new ScreenConsole(new FrameBuffer(memory, <i32>info.width, <i32>info.height, info.pitch, format));
}

/** Registers the consoles' terminals and starts the keyboard. After interrupts are routed. `attention`: Ctrl-Alt-Del. */
export function startScreen(screen: ScreenConsole, attention: AttentionKey | null): void {
  screen.startTerminals();
  const controller = new KeyboardController();
  if (!controller.probe()) {
    logInfo("console: " + screen.display.description + ", no keyboard controller");
    return;
  }
  if (!controller.start(new Keyboard(screen, attention))) logWarn("i8042: no interrupt");
  screen.setLedListener(new KeyboardLeds(controller));
  screen.updateLeds();
  logInfo("console: " + screen.display.description + ", keyboard by i8042");
}
