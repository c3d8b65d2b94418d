/** The metadata that a phone writes into its photos. */
export interface PhotoMetadata {
  latitude: number;
  longitude: number;
  /** `2026:11:23 09:15:00`, local time. */
  taken: string;
  /** `+07:00` */
  offset: string;
  /** How the phone was held, 1 to 8; upright if it is missing. */
  orientation?: number;
}

type Entry = { tag: number; type: number; count: number; data: Buffer };

const ASCII = 2;
const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;

/** Adds an EXIF block with time and position to a JPEG. */
export function withExif(jpeg: Buffer, shot: PhotoMetadata): Buffer {
  const block = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff(shot)]);
  const head = Buffer.alloc(4);
  head.writeUInt16BE(0xffe1, 0);
  head.writeUInt16BE(block.length + 2, 2);
  // Directly after the two bytes that start every JPEG.
  return Buffer.concat([jpeg.subarray(0, 2), head, block, jpeg.subarray(2)]);
}

function tiff(shot: PhotoMetadata): Buffer {
  const header = Buffer.from([0x49, 0x49, 0x2a, 0x00, 8, 0, 0, 0]);
  const rootAt = header.length;
  const exif = [ascii(0x9003, shot.taken), ascii(0x9011, shot.offset)];
  const gps = [
    ascii(1, shot.latitude < 0 ? "S" : "N"),
    degrees(2, shot.latitude),
    ascii(3, shot.longitude < 0 ? "W" : "E"),
    degrees(4, shot.longitude),
  ];
  const held = short(0x0112, shot.orientation ?? 1);
  const exifAt = rootAt + directory([held, long(0x8769, 0), long(0x8825, 0)], rootAt).length;
  const exifDirectory = directory(exif, exifAt);
  const gpsAt = exifAt + exifDirectory.length;
  const root = directory([held, long(0x8769, exifAt), long(0x8825, gpsAt)], rootAt);
  return Buffer.concat([header, root, exifDirectory, directory(gps, gpsAt)]);
}

/** A directory that starts at offset `at`; values of more than four bytes follow it. */
function directory(entries: Entry[], at: number): Buffer {
  const table = Buffer.alloc(2 + entries.length * 12 + 4);
  table.writeUInt16LE(entries.length, 0);
  const values: Buffer[] = [];
  let next = at + table.length;
  entries.forEach((entry, index) => {
    const place = 2 + index * 12;
    table.writeUInt16LE(entry.tag, place);
    table.writeUInt16LE(entry.type, place + 2);
    table.writeUInt32LE(entry.count, place + 4);
    if (entry.data.length <= 4) {
      entry.data.copy(table, place + 8);
    } else {
      table.writeUInt32LE(next, place + 8);
      values.push(entry.data);
      next += entry.data.length;
    }
  });
  return Buffer.concat([table, ...values]);
}

function ascii(tag: number, text: string): Entry {
  const data = Buffer.from(`${text}\0`, "latin1");
  return { tag, type: ASCII, count: data.length, data };
}

function short(tag: number, value: number): Entry {
  const data = Buffer.alloc(4);
  data.writeUInt16LE(value);
  return { tag, type: SHORT, count: 1, data };
}

function long(tag: number, value: number): Entry {
  const data = Buffer.alloc(4);
  data.writeUInt32LE(value);
  return { tag, type: LONG, count: 1, data };
}

function degrees(tag: number, value: number): Entry {
  const whole = Math.trunc(Math.abs(value));
  const minutes = Math.trunc((Math.abs(value) - whole) * 60);
  const seconds = Math.round((Math.abs(value) - whole - minutes / 60) * 3600 * 1000);
  const data = Buffer.alloc(24);
  [whole, 1, minutes, 1, seconds, 1000].forEach((part, index) => data.writeUInt32LE(part, index * 4));
  return { tag, type: RATIONAL, count: 3, data };
}
