// Reader and writer of the sections of a WebAssembly file.

const CUSTOM = 0;
const DATA = 11;
const DATA_COUNT = 12;
const HEADER = 8;

/**
 * Removes names and empty data segments: the splitter leaves thousands of empty segments for data that went into other
 * parts. The data count is removed too; code that refers to segments by number is then refused by every reader.
 */
export function stripModule(bytes) {
  const sections = [...sectionsOf(bytes)].filter(({ id }) => id !== CUSTOM && id !== DATA_COUNT);
  return Buffer.concat([
    bytes.subarray(0, HEADER),
    ...sections.map(({ id, content }) => section(id, id === DATA ? dropEmptySegments(content) : content)),
  ]);
}

function* sectionsOf(bytes) {
  for (let at = HEADER; at < bytes.length; ) {
    const size = readVarint(bytes, at + 1);
    const end = size.next + size.value;
    yield { id: bytes[at], content: bytes.subarray(size.next, end) };
    at = end;
  }
}

function section(id, content) {
  return Buffer.concat([Buffer.from([id]), encodeVarint(content.length), content]);
}

function dropEmptySegments(content) {
  const count = readVarint(content, 0);
  const segments = [];
  let at = count.next;
  for (let left = count.value; left > 0; left -= 1) {
    const start = at;
    // Kind 0: a constant address in the only memory, `i32.const n; end`. The splitter writes no other.
    if (content[at] !== 0 || content[at + 1] !== 0x41) throw new Error("data without a fixed address");
    const address = readVarint(content, at + 2);
    if (content[address.next] !== 0x0b) throw new Error("data at a computed address");
    const size = readVarint(content, address.next + 1);
    at = size.next + size.value;
    if (size.value > 0) segments.push(content.subarray(start, at));
  }
  return Buffer.concat([encodeVarint(segments.length), ...segments]);
}

/** Reads an unsigned LEB128 number of up to 32 bits. */
function readVarint(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { value, next: at };
  }
}

function encodeVarint(value) {
  const bytes = [];
  do {
    const low = value % 128;
    value = Math.floor(value / 128);
    bytes.push(value > 0 ? low | 0x80 : low);
  } while (value > 0);
  return Buffer.from(bytes);
}
