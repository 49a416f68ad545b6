// Compares the differences that were written down between two builds with those that Winnow finds, item by item.

/** @typedef {{ item: string, equal: boolean, found?: string }} Item */

const lower = (text) => text.toLowerCase();

/**
 * Each expected item with whether it was found, then each found one that was not expected.
 * @param {any} expected a file of fixtures/children-diff
 * @param {any} diff a document of winnow.children-diff/1
 * @returns {Item[]}
 */
export function compareItems(expected, diff) {
  const items = [];
  const add = (item, equal, found) => items.push(equal ? { item, equal } : { item, equal, found });
  const at = ({ old, new: now }) => `${old?.site ?? ''} -> ${now?.site ?? ''}`;
  const isAt = (place, { old, new: now }) => placeIs(place.old, old) && placeIs(place.new, now);

  for (const one of expected.children) {
    const found = diff.children.find(({ image }) => lower(image) === lower(one.image));
    const name = `child ${one.image}`;
    add(`${name}: ${one.change}`, found?.change === one.change, found?.change ?? 'nothing');
    if (one.path === 'same')
      add(`${name}: the same path`, found !== undefined && !found.differs.includes('path'), pathsOf(found));
    if (one.commandLine === 'same' || one.commandLine === 'changed') {
      const differs = found?.differs.includes('command line') ?? false;
      add(
        `${name}: command line ${one.commandLine}`,
        found !== undefined && differs === (one.commandLine === 'changed'),
        differs ? 'changed' : 'same',
      );
    }
    for (const start of one.starts) {
      const change = one.change === 'moved' ? 'moved' : one.change;
      const match = found?.starts.find(
        (other) =>
          other.sink === start.sink &&
          (change === 'moved' ? isAt(other, start) : placeIs(side(other, change), side(start, change))),
      );
      add(
        `${name}: ${change} with ${start.sink} ${start.old ?? ''} -> ${start.new ?? ''}`,
        match?.change === change,
        match?.change ?? 'no such call',
      );
    }
    for (const other of found?.starts ?? [])
      if (!one.starts.some((start) => placeIs(other.old, start.old) || placeIs(other.new, start.new)))
        add(`${name}: nothing else starts it`, false, `${other.change} ${other.sink} ${at(other)}`);
  }
  for (const found of diff.children)
    if (!expected.children.some(({ image }) => lower(image) === lower(found.image)))
      add(`child ${found.image}: not written down`, false, found.change);

  for (const one of expected.sites) {
    const found = diff.sites.find(
      (other) =>
        other.sink === one.sink &&
        (placeIs(other.old, one.old) || one.old === undefined) &&
        (placeIs(other.new, one.new) || one.new === undefined),
    );
    add(
      `site ${one.sink} ${one.old ?? ''} -> ${one.new ?? ''}: ${one.change}`,
      found?.change === one.change,
      found ? `${found.change} ${at(found)}` : 'nothing',
    );
  }
  for (const found of diff.sites)
    if (!expected.sites.some((one) => found.old?.site === one.old && found.new?.site === one.new))
      add(`site ${found.sink} ${at(found)}: not written down`, false, found.change);

  for (const one of expected.blindSpots) {
    const found = diff.blindSpots.find((other) => other.sink === one.sink && isAt(other, one));
    const name = `blind spot ${one.sink} ${one.old ?? ''} -> ${one.new ?? ''}`;
    add(`${name}: ${one.change}`, found?.change === one.change, found?.change ?? 'nothing');
    // A registry value of which another is told in the other build is the same reason in both.
    const [came, went, stayed] = ['came', 'went', 'stayed'].map((part) =>
      (found?.[part] ?? []).some(({ reason }) => reason === one.reason),
    );
    const both = stayed || (came && went);
    add(
      `${name}: ${one.reason}`,
      both,
      [came && 'came', went && 'went'].filter(Boolean).join(', ') || 'no such reason',
    );
  }
  for (const found of diff.blindSpots)
    if (!expected.blindSpots.some((one) => isAt(found, one)))
      add(
        `blind spot ${found.sink} ${at(found)}: not written down`,
        false,
        `${found.change}: ${[...found.came, ...found.went].map(({ detail }) => detail).join('; ')}`,
      );

  for (const one of expected.documents) {
    const found = diff.documents.find(({ name }) => name === one.target);
    add(
      `document ${one.target}: ${one.change} ${one.old ?? ''} -> ${one.new ?? ''}`,
      found?.change === one.change && isAt(found, one),
      found?.change ?? 'nothing',
    );
  }
  for (const found of diff.documents)
    if (!expected.documents.some(({ target }) => target === found.name))
      add(`document ${found.name}: not written down`, false, found.change);

  for (const [part, word] of [
    ['passes', 'passes now'],
    ['noLongerPasses', 'passes no longer'],
  ]) {
    const found = (diff.rule?.[part] ?? []).map(({ image }) => lower(image));
    for (const image of expected.rule[part]) add(`rule: ${image} ${word}`, found.includes(image), 'it does not');
    for (const image of found)
      if (!expected.rule[part].includes(image))
        add(
          `rule: ${image} ${word}: not written down`,
          false,
          diff.rule[part].find((one) => lower(one.image) === image).about,
        );
  }
  return items;
}

const side = (one, change) => (change === 'came' ? one.new : one.old);

/** Whether a found place, or an expected address, is the expected one; both may be absent. */
function placeIs(place, address) {
  return (typeof place === 'string' ? place : place?.site) === address;
}

function pathsOf(found) {
  return found === undefined ? 'nothing' : `${found.old?.path} -> ${found.new?.path}`;
}
