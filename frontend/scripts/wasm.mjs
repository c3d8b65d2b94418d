// Reading and writing the outermost layer of a WebAssembly file: its sections.

const CUSTOM = 0;
const DATA = 11;
const DATA_COUNT = 12;
const HEADER = 8;

/**
 * A part of the program without names and without empty pieces of data: the splitter leaves an empty place for whatever
 * went into another part, thousands of them. The count of the pieces goes as well; code that would refer to them by
 * number is then refused by every reader.
 */
export function lean(bytes) {
  const sections = [...sectionsOf(bytes)].filter(({ id }) => id !== CUSTOM && id !== DATA_COUNT);
  return Buffer.concat([
    bytes.subarray(0, HEADER),
    ...sections.map(({ id, content }) => section(id, id === DATA ? withoutEmpty(content) : content)),
  ]);
}

function* sectionsOf(bytes) {
  for (let at = HEADER; at < bytes.length; ) {
    const size = number(bytes, at + 1);
    const end = size.next + size.value;
    yield { id: bytes[at], content: bytes.subarray(size.next, end) };
    at = end;
  }
}

function section(id, content) {
  return Buffer.concat([Buffer.from([id]), encoded(content.length), content]);
}

function withoutEmpty(content) {
  const count = number(content, 0);
  const kept = [];
  let at = count.next;
  for (let left = count.value; left > 0; left -= 1) {
    const start = at;
    // Kind 0: an address in the only memory, `i32.const n; end`. The splitter writes no other.
    if (content[at] !== 0 || content[at + 1] !== 0x41) throw new Error("data without a fixed address");
    const address = number(content, at + 2);
    if (content[address.next] !== 0x0b) throw new Error("data at a computed address");
    const size = number(content, address.next + 1);
    at = size.next + size.value;
    if (size.value > 0) kept.push(content.subarray(start, at));
  }
  return Buffer.concat([encoded(kept.length), ...kept]);
}

/** A number of up to 32 bits in the variable length that the format uses. */
function number(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { value, next: at };
  }
}

function encoded(value) {
  const bytes = [];
  do {
    const low = value % 128;
    value = Math.floor(value / 128);
    bytes.push(value > 0 ? low | 0x80 : low);
  } while (value > 0);
  return Buffer.from(bytes);
}
