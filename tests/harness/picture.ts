/** Pictures of a guest's screen: PPM (QEMU's screendump) and XWD (the frame buffer file of Xvfb) in, PNG to look at out. */
import { deflateSync } from 'node:zlib';

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Three bytes a pixel: red, green, blue. */
  readonly pixels: Uint8Array;
}

/** A binary PPM with 255 levels (netpbm's ppm(5)). */
export function readPpm(bytes: Buffer): Picture {
  const header = /^P6\s+(?:#[^\n]*\n\s*)*(\d+)\s+(\d+)\s+255\s/.exec(bytes.subarray(0, 200).toString('latin1'));
  if (!header) throw new Error('no PPM picture');
  const [width, height] = [Number(header[1]), Number(header[2])];
  const pixels = bytes.subarray(header[0].length, header[0].length + 3 * width * height);
  if (pixels.length !== 3 * width * height) throw new Error('the PPM picture is cut short');
  return { width, height, pixels };
}

/** An X window dump with 32 bits a pixel (XWDFile.h): a header of big-endian words, colours, then lines. */
export function readXwd(bytes: Buffer): Picture {
  const word = (index: number): number => bytes.readUInt32BE(4 * index);
  const [headerSize, width, height, isBigEndian, bitsPerPixel, bytesPerLine, colours] = [word(0), word(4), word(5), word(7), word(11), word(12), word(19)];
  if (word(1) !== 7 || bitsPerPixel !== 32) throw new Error('no X window dump with 32 bits a pixel');
  const start = headerSize + 12 * colours;
  const pixels = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = start + y * bytesPerLine + 4 * x;
      const pixel = isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
      pixels.set([(pixel >> 16) & 255, (pixel >> 8) & 255, pixel & 255], 3 * (y * width + x));
    }
  }
  return { width, height, pixels };
}

/** The check sum of PNG's chunks (PNG specification, annex D). */
function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** The picture as a PNG file. */
export function toPng(picture: Picture): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(picture.width, 0);
  header.writeUInt32BE(picture.height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const lines = Buffer.alloc((1 + 3 * picture.width) * picture.height);
  for (let y = 0; y < picture.height; y++) {
    const line = picture.pixels.subarray(3 * y * picture.width, 3 * (y + 1) * picture.width);
    lines.set(line, y * (1 + 3 * picture.width) + 1);
  }
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(lines)), chunk('IEND', Buffer.alloc(0))]);
}
