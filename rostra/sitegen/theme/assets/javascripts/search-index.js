// Looks into the files that rostra/sitegen/search/index.py writes; it says how they are laid out.
// Touches no page: rostra/sitegen/search/reader.py is the same in another language.
const HAN = "\\u3400-\\u9fff\\uf900-\\ufaff";
const RUN = new RegExp(`([${HAN}]+)|(?:(?![${HAN}])[\\p{L}\\p{N}])+`, "gu");
const PIECE = 3; // characters of a piece of Chinese
const COMMON = 32; // pages: a piece that more of them hold is told apart by the character that follows
const FIRST = 6; // terms looked up before anything is shown
const MOST = 12; // hits that are shown

export const isChinese = (text) => new RegExp(`[${HAN}]`).test(text);

const folded = (text) => text.normalize("NFKC").toLowerCase();

const cut = (run, length) => Array.from({ length: Math.max(run.length - length, 0) + 1 }, (_, i) => run.slice(i, i + length));

// What a page must hold: beginnings of words, and every three neighbours of longer Chinese.
const asked = (query) => {
  const runs = [...folded(query).matchAll(RUN)];
  return [...new Set(runs.flatMap(([run, han]) => (han ? cut(run, PIECE) : run.replace(/(?<=[^s]{3})s$/, ""))))];
};

// The pieces that a character follows, each with the longer piece.
const longer = (query) => {
  const runs = [...folded(query).matchAll(RUN)].filter(([run, han]) => han && run.length > PIECE);
  return new Map(runs.flatMap(([run]) => cut(run, PIECE + 1)).map((piece) => [piece.slice(0, PIECE), piece]));
};

// CRC-32, the last bit of which says whether titles alone are meant.
const code = (term, title) => {
  let sum = ~0;
  for (const byte of new TextEncoder().encode(term)) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ((~sum & ~1) | title) >>> 0;
};

const bits = (packed) => [...packed].flatMap((byte, at) => [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => (byte >> bit) & 1).map((bit) => 8 * at + bit));

const steps = (packed) => {
  const found = [];
  let page = 0;
  let step = 0;
  let shift = 0;
  for (const byte of packed) {
    step |= (byte & 0x7f) << shift;
    shift += 7;
    if (byte > 0x7f) continue;
    found.push((page += step));
    step = shift = 0;
  }
  return found;
};

// The pages that a shard lists under a code.
const holding = (buffer, wanted) => {
  const view = new DataView(buffer);
  const count = view.getUint32(0, true);
  const found = new Set();
  let start = 4 + 6 * count;
  for (let i = 0; i < count; i++) {
    const size = view.getUint16(4 + 4 * count + 2 * i, true);
    const length = size & 0x7fff;
    if (view.getUint32(4 + 4 * i, true) === wanted) {
      const packed = new Uint8Array(buffer, start, length);
      for (const page of size > length ? bits(packed) : steps(packed)) found.add(page);
    }
    start += length;
  }
  return found;
};

const shared = ([first, ...rest]) => [...first].filter((page) => rest.every((pages) => pages.has(page)));

// An index. `get` fetches one of its files, given the path and a signal to stop.
export const open = (get) => {
  const held = new Map();
  // Each file is fetched once; one that did not come, or was given up, is fetched anew.
  const read = (path, signal) => {
    signal?.throwIfAborted(); // or the next query would wait for what is given up before it begins
    if (held.has(path)) return held.get(path);
    const forget = () => held.delete(path);
    const coming = get(path, signal);
    held.set(path, coming);
    signal?.addEventListener("abort", forget);
    coming.then(() => signal?.removeEventListener("abort", forget), () => held.get(path) === coming && forget());
    return coming;
  };
  const json = async (path, signal) => JSON.parse(new TextDecoder().decode(await read(path, signal)));

  const lists = async (term, signal) => {
    const about = await json("index.json", signal);
    const name = code(term, 0);
    const shard = about.bits ? name >>> (32 - about.bits) : 0;
    const buffer = await read(`terms/${shard.toString(16)}.bin?${about.version}`, signal);
    return [holding(buffer, name), holding(buffer, (name | 1) >>> 0)];
  };
  // Pages whose titles hold all terms come first, then the newest.
  const pages = async (terms, longer, signal) => {
    if (!terms.length) return [];
    const found = await Promise.all(terms.map((term) => lists(term, signal)));
    const common = terms.filter((term, i) => longer.has(term) && found[i][0].size > COMMON);
    const followed = await Promise.all(common.map((term) => lists(longer.get(term), signal)));
    const titled = new Set(shared(found.map(([, titles]) => titles)));
    return shared([...found, ...followed].map(([all]) => all)).sort((a, b) => titled.has(b) - titled.has(a) || b - a);
  };
  const row = async (page, signal) => {
    const about = await json("index.json", signal);
    const rows = await json(`pages/${Math.floor(page / about.block).toString(16)}.json?${about.version}`, signal);
    const [url, title] = rows[page % about.block];
    return { url, title };
  };
  // A title that holds the query as it stands leads.
  const shown = async (query, found, signal) => {
    const rows = await Promise.all(found.slice(0, MOST).map((page) => row(page, signal)));
    const wanted = folded(query.trim());
    return rows.sort((a, b) => folded(b.title).includes(wanted) - folded(a.title).includes(wanted));
  };

  return {
    count: async (query, signal) => (await pages(asked(query), longer(query), signal)).length,
    // Yields what the first terms find, and what all of them find if there are more.
    async *search(query, { signal } = {}) {
      const terms = asked(query);
      for (const some of terms.length > FIRST ? [terms.slice(0, FIRST), terms] : [terms]) {
        const found = await pages(some, longer(query), signal);
        yield { count: found.length, hits: await shown(query, found, signal) };
      }
    },
  };
};
