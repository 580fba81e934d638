// Device numbers as user space sees them in st_dev and st_rdev (makedev(3)): twelve bits of major, twenty of minor,
// with the low eight bits of each where sixteen-bit device numbers had them. Fits 32 bits.

/** The device number of a major and a minor. */
export function makeDevice(major: u32, minor: u32): u32 {
  return (minor & 0xff) | ((major & 0xfff) << 8) | ((minor & 0xfff00) << 12);
}

export function deviceMajor(device: u32): u32 {
  return (device >> 8) & 0xfff;
}

export function deviceMinor(device: u32): u32 {
  return (device & 0xff) | ((device >> 12) & 0xfff00);
}
