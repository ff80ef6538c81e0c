// Runs queries on DuckDB with one thread and prints "label<tab>milliseconds" for each and each turn.
// usage: duckdb.mjs PAIRS.tsv TURNS < lines of "label<tab>SQL"
import { createRequire } from 'module';
import fs from 'fs';
const require = createRequire(process.cwd() + '/');
const { DuckDBInstance } = require('@duckdb/node-api');
const [pairs, turns] = process.argv.slice(2);
const queries = fs.readFileSync(0, 'utf8').split('\n').filter(Boolean).map((line) => line.split('\t'));
const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
const connection = await instance.connect();
await connection.run(`CREATE TABLE pairs AS SELECT * FROM read_csv('${pairs}', delim = '\t', header = false, quote = '',
    columns = {'kind': 'VARCHAR', 'a': 'VARCHAR', 'b': 'VARCHAR'})`);
for (let turn = 0; turn <= turns; ++turn) {
    for (const [label, sql] of queries) {
        const before = process.cpuUsage();
        await (await connection.runAndReadAll(sql)).getRows();
        const used = process.cpuUsage(before);
        // The first turn warms up.
        if (turn > 0) console.log(`${label}\t${(used.user + used.system) / 1000}`);
    }
}
const version = await (await connection.runAndReadAll('SELECT version()')).getRows();
console.error(`DuckDB ${version[0][0]}`);
