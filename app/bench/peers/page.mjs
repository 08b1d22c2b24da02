// The contenders that need a page of ours: one for each visit, named in the address after the question mark. Each starts what a
// page would that has no files yet, and gives a function that goes from files to figures: that is what is timed.
import * as duckdb from '@duckdb/duckdb-wasm';
import Papa from 'papaparse';
import { version as papaVersion } from 'papaparse/package.json';
import { figures, load } from './sql.mjs';

const contenders = {
  // The floor: this browser reading the bytes, and nothing else.
  read: async () => async (files) => {
    const step = 8 << 20;
    let read = 0;
    for (const f of files) for (let i = 0; i < f.size; i += step) read += (await f.slice(i, i + step).arrayBuffer()).byteLength;
    return { read };
  },

  // The floor of what is packed: this browser inflating it, and nothing else.
  gunzip: async () => async (files) => {
    let read = 0;
    for (const f of files) for await (const chunk of f.stream().pipeThrough(new DecompressionStream('gzip'))) read += chunk.length;
    return { read };
  },

  'duckdb-wasm': async () => {
    const dist = new URL('duckdb/', location.href).href;
    const db = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), new Worker(dist + 'duckdb-browser-eh.worker.js'));
    await db.instantiate(dist + 'duckdb-eh.wasm');
    return async (files) => {
      for (const f of files) await db.registerFileHandle(f.name, f, duckdb.DuckDBDataProtocol.BROWSER_FILEREADER, true);
      const connection = await db.connect();
      const query = async (sql) => (await connection.query(sql)).toArray();
      await connection.query(load(files.map((f) => f.name)));
      return { figures: await figures(query), version: () => db.getVersion() };
    };
  },

  // Pieces of a megabyte are faster than PapaParse's own 10, and knowing that nothing is quoted than finding out.
  papaparse: async () => async (files) => {
    const trace = new Trace();
    const options = { delimiter: ',', newline: '\n', fastMode: true, skipEmptyLines: true, chunkSize: 1 << 20 };
    for (const f of files) await new Promise((complete, error) => Papa.parse(f, { ...options, chunk: trace.reader(f), complete, error }));
    return { figures: trace.figures(), version: () => papaVersion };
  },
};

const add = (map, key, n) => map.set(key, (map.get(key) ?? 0) + n);
const most = (map) => [...map].sort((a, b) => b[1] - a[1]).slice(0, 20);

// A Trace counts PapaParse's rows in Maps.
class Trace {
  bytes = 0;
  packets = 0;
  hours = new Map();
  minutes = new Map();
  lengths = new Map();
  sources = new Map();
  pairs = new Map(); // by source, then by destination: no text is made for a pair

  reader(file) {
    const hour = parseInt(file.name);
    let head = true;
    return ({ data }) => {
      for (let i = head ? 1 : 0; i < data.length; i++) {
        const row = data[i], n = +row[7], source = row[1], destination = row[4];
        this.packets++;
        this.bytes += n;
        add(this.hours, hour, n);
        add(this.minutes, hour + 60 * Math.floor(row[0] / 60), n);
        add(this.lengths, n, 1);
        if (source === '') continue;
        add(this.sources, source, n);
        let to = this.pairs.get(source);
        if (!to) this.pairs.set(source, to = new Map());
        add(to, destination, n);
      }
      head = false;
    };
  }

  figures() {
    const lengths = [...this.lengths].sort((a, b) => a[0] - b[0]);
    const at = (rank) => {
      for (const [length, n] of lengths) if ((rank -= n) < 0) return length;
    };
    const quartiles = [0.25, 0.5, 0.75].map((q) => {
      const place = q * (this.packets - 1), below = Math.floor(place), low = at(below);
      return place === below ? low : low + (place - below) * (at(below + 1) - low);
    });
    const pairs = new Map([...this.pairs].flatMap(([source, to]) => most(to).map(([destination, n]) => [source + ' ' + destination, n])));
    return {
      packets: this.packets, bytes: this.bytes, hours: this.hours.size, minutes: this.minutes.size, lengths: lengths.length,
      quartiles, source: most(this.sources)[0][1], pair: most(pairs)[0][1],
    };
  }
}

const run = await contenders[location.search.slice(1)]();
const input = document.querySelector('input');
window.measured = new Promise((done, failed) => input.addEventListener('change', async () => {
  const began = performance.now();
  try {
    const { version, ...result } = await run([...input.files]);
    const ms = performance.now() - began;
    done({ ms, ...result, version: await version?.() });
  } catch (e) {
    failed(e);
  }
}));
document.title = 'running';
