/** The boot menu of the ISO: GRUB's configuration as text, generated for a kernel command line. */

export interface MenuOptions {
  /** Added to the kernel command line of every entry. */
  readonly append: string;
  readonly timeoutSeconds: number;
}

/** Kernel command lines are pasted into GRUB script: quote what GRUB would interpret. */
export function quoteForGrub(text: string): string {
  return text.split(' ').filter((word) => word !== '').map((word) => (/^[\w.,:=/@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}

function entry(title: string, consoles: string, append: string): string {
  return `menuentry '${title}' {
  multiboot2 /boot/typix.elf ${[consoles, append].filter((part) => part !== '').join(' ')}
  module2 /boot/initramfs.cpio initramfs
}
`;
}

/** Text of grub.cfg. The default entry uses the serial port where the machine has one, and always the screen. */
export function grubConfig(options: MenuOptions): string {
  const append = quoteForGrub(options.append);
  return `set default=0
set timeout=${options.timeoutSeconds}
set consoles=console=tty0
if serial --unit=0 --speed=115200; then
  terminal_input console serial
  terminal_output console serial
  set consoles='console=tty0 console=ttyS0'
fi
${entry('Typix', '$consoles', append)}${entry('Typix, shell on the serial port', 'console=ttyS0', append)}${entry('Typix, shell on the screen', 'console=tty0', append)}`;
}
