// Grouping of split parts into files.

/**
 * Cost of one more file per page, in bytes of program before compression. The splitter makes a part for every set of
 * pages that share code, hundreds of them. Grouped, a page loads a few files and a little code that it does not need.
 */
const FILE_OVERHEAD_BYTES = 24_000;

/**
 * Groups parts for as long as that makes pages cheaper to open. A part is `{ pages, payers, weight }`: the pages that
 * need it, by name, and those of them whose loading it makes longer.
 */
export function groupParts(parts) {
  const bits = new Map();
  const bitOf = (page) => bits.get(page) ?? bits.set(page, 1n << BigInt(bits.size)).get(page);
  let groups = parts.map((part) => {
    const mask = [...part.payers].reduce((sum, page) => sum | bitOf(page), 0n);
    return { parts: [part], pages: part.pages, weight: part.weight, mask, size: part.payers.size, gain: 0 };
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
    a.size = countBits(a.mask);
    for (const group of groups) {
      if (group === a || group.partner === a || group.partner === b) findPartner(group, groups);
      else updatePartner(group, a);
    }
  }
}

function findPartner(group, groups) {
  group.gain = 0;
  group.partner = undefined;
  for (const other of groups) if (other !== group) updatePartner(group, other);
}

function updatePartner(group, other) {
  const gain = mergeGain(group, other);
  if (gain > group.gain) Object.assign(group, { gain, partner: other });
}

/** Every page that needs both saves a file; one that needs only one of them loads the other in vain. */
function mergeGain(a, b) {
  const both = countBits(a.mask & b.mask);
  return both * FILE_OVERHEAD_BYTES - (a.size - both) * b.weight - (b.size - both) * a.weight;
}

function countBits(mask) {
  let count = 0;
  for (let rest = mask; rest; rest &= rest - 1n) count += 1;
  return count;
}
