// Which parts of the program travel in one file.

/**
 * What one more file costs whoever opens a page, in bytes of program before compression. The splitter makes a part for
 * every set of pages that have something in common, hundreds of them; put together, a page loads a few files, and a
 * little that it does not need.
 */
const COST_OF_A_FILE = 24_000;

/** Puts parts (`{ pages, weight }`, the pages by name) together for as long as that makes pages cheaper to open. */
export function grouped(parts) {
  const bits = new Map();
  const bitOf = (page) => bits.get(page) ?? bits.set(page, 1n << BigInt(bits.size)).get(page);
  let groups = parts.map((part) => {
    const mask = [...part.pages].reduce((sum, page) => sum | bitOf(page), 0n);
    return { parts: [part], pages: part.pages, weight: part.weight, mask, size: part.pages.size, gain: 0 };
  });
  for (const group of groups) findPartner(group, groups);
  for (;;) {
    const a = groups.reduce((best, group) => (group.gain > best.gain ? group : best));
    if (a.gain <= 0) return groups;
    const b = a.partner;
    groups = groups.filter((group) => group !== b);
    a.parts = [...a.parts, ...b.parts];
    a.pages = new Set([...a.pages, ...b.pages]);
    a.weight += b.weight;
    a.mask |= b.mask;
    a.size = a.pages.size;
    for (const group of groups) {
      if (group === a || group.partner === a || group.partner === b) findPartner(group, groups);
      else consider(group, a);
    }
  }
}

function findPartner(group, groups) {
  group.gain = 0;
  group.partner = undefined;
  for (const other of groups) if (other !== group) consider(group, other);
}

function consider(group, other) {
  const gain = gainOf(group, other);
  if (gain > group.gain) Object.assign(group, { gain, partner: other });
}

/** Every page that needs both saves a file; one that needs only one of them loads the other in vain. */
function gainOf(a, b) {
  let both = 0;
  for (let mask = a.mask & b.mask; mask; mask &= mask - 1n) both += 1;
  return both * COST_OF_A_FILE - (a.size - both) * b.weight - (b.size - both) * a.weight;
}
