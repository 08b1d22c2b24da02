// Native DuckDB, with as many threads as it likes: node native.mjs FILE.csv ...
import { DuckDBInstance } from '@duckdb/node-api';
import { figures, load } from './sql.mjs';

const began = performance.now();
const connection = await (await DuckDBInstance.create(':memory:')).connect();
const query = async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJS();
await connection.run(load(process.argv.slice(2)));
const found = await figures(query);
const ms = performance.now() - began;
const [{ version }] = await query('select version() as version');
console.log(JSON.stringify({ ms, version, figures: found }));
