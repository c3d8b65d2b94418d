// Reader and writer of the sections of a WebAssembly file.

const CUSTOM = 0;
const IMPORT = 2;
const DATA = 11;
const DATA_COUNT = 12;
const HEADER = 8;

const I32_CONST = 0x41;
const END = 0x0b;

const MAX_FILLED_GAP = 64;

/**
 * Removes names and empty data segments: the splitter leaves thousands of empty segments for data that went into other
 * parts. The data count is removed too; code that refers to segments by number is then refused by every reader.
 */
export function stripModule(bytes) {
  const sections = [...sectionsOf(bytes)].filter(({ id }) => id !== CUSTOM && id !== DATA_COUNT);
  return Buffer.concat([
    bytes.subarray(0, HEADER),
    ...sections.map(({ id, content }) => section(id, id === DATA ? joinSegments(content, 0) : content)),
  ]);
}

/**
 * Joins data segments of the main module. Short gaps are filled with zeros: what other parts load there comes later.
 * One segment costs more than a few zeros do after compression.
 */
export function joinMainData(bytes) {
  return mapSections(bytes, (id, content) => (id === DATA ? joinSegments(content, MAX_FILLED_GAP) : content), DATA_COUNT);
}

/** Renames imports: `rename` gets module and name of each. */
export function renameImports(bytes, rename) {
  return mapSections(bytes, (id, content) => (id === IMPORT ? withRenamedImports(content, rename) : content));
}

function mapSections(bytes, change, dropped) {
  const sections = [...sectionsOf(bytes)].filter(({ id }) => id !== dropped);
  return Buffer.concat([bytes.subarray(0, HEADER), ...sections.map(({ id, content }) => section(id, change(id, content)))]);
}

function withRenamedImports(content, rename) {
  const count = readVarint(content, 0);
  const parts = [content.subarray(0, count.next)];
  let at = count.next;
  for (let left = count.value; left > 0; left -= 1) {
    const module = readName(content, at);
    const name = readName(content, module.next);
    const end = skipImportType(content, name.next);
    const renamed = Buffer.from(rename(module.value, name.value));
    parts.push(content.subarray(at, module.next), encodeVarint(renamed.length), renamed, content.subarray(name.next, end));
    at = end;
  }
  return Buffer.concat(parts);
}

function readName(bytes, at) {
  const size = readVarint(bytes, at);
  const next = size.next + size.value;
  return { value: bytes.toString("utf8", size.next, next), next };
}

/** Returns the position behind the type of an import: a function, table, memory, global or tag. */
function skipImportType(bytes, at) {
  const skipLimits = (from) => {
    const first = readVarint(bytes, from + 1).next;
    return bytes[from] & 1 ? readVarint(bytes, first).next : first;
  };
  switch (bytes[at]) {
    case 0:
      return readVarint(bytes, at + 1).next;
    case 1:
      return skipLimits(at + 2);
    case 2:
      return skipLimits(at + 1);
    case 3:
      return at + 3;
    case 4:
      return readVarint(bytes, at + 2).next;
    default:
      throw new Error(`import of kind ${bytes[at]}`);
  }
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

/** Leaves out empty segments and joins those with at most `gap` bytes between them. */
function joinSegments(content, gap) {
  const joined = [];
  for (const { address, data } of segmentsOf(content)) {
    const last = joined.at(-1);
    const distance = last ? address - last.address - last.size : Infinity;
    if (distance >= 0 && distance <= gap) {
      last.parts.push(Buffer.alloc(distance), data);
      last.size += distance + data.length;
    } else joined.push({ address, size: data.length, parts: [data] });
  }
  const segments = joined.flatMap(({ address, size, parts }) => [
    Buffer.from([0, I32_CONST]),
    encodeSignedVarint(address),
    Buffer.from([END]),
    encodeVarint(size),
    ...parts,
  ]);
  return Buffer.concat([encodeVarint(joined.length), ...segments]);
}

/** Returns the segments that are not empty, by address. */
function segmentsOf(content) {
  const count = readVarint(content, 0);
  const segments = [];
  let at = count.next;
  for (let left = count.value; left > 0; left -= 1) {
    // Kind 0: a constant address in the only memory, `i32.const n; end`. The splitter writes no other.
    if (content[at] !== 0 || content[at + 1] !== I32_CONST) throw new Error("data without a fixed address");
    const address = readVarint(content, at + 2);
    if (content[address.next] !== END) throw new Error("data at a computed address");
    const size = readVarint(content, address.next + 1);
    at = size.next + size.value;
    if (size.value > 0) segments.push({ address: address.value, data: content.subarray(size.next, at) });
  }
  return segments.sort((a, b) => a.address - b.address);
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

/** Encodes a number that is not negative as a signed LEB128 number. */
function encodeSignedVarint(value) {
  const bytes = encodeVarint(value);
  // The highest of the last seven bits is the sign.
  if ((bytes.at(-1) & 0x40) === 0) return bytes;
  return Buffer.concat([bytes.subarray(0, -1), Buffer.from([bytes.at(-1) | 0x80, 0])]);
}
