// Runs the steps of peers.sql on DuckDB and prints "step<tab>milliseconds" for each, then precision, recall and F1.
// usage: duckdb_people.mjs PEOPLE.csv THREADS five|ours < peers.sql
import { createRequire } from 'module';
import fs from 'fs';
const require = createRequire(process.cwd() + '/');
const { DuckDBInstance } = require('@duckdb/node-api');
const [people, threads, kind] = process.argv.slice(2);
const instance = await DuckDBInstance.create(':memory:', { threads });
const connection = await instance.connect();
const rows = async (sql) => (await connection.runAndReadAll(sql)).getRows();
const timed = async (step, work) => {
    const start = performance.now();
    await work();
    console.log(`${step}\t${performance.now() - start}`);
};
await connection.run('SET preserve_insertion_order = false');
await connection.run('CREATE MACRO jaro_winkler(a, b) AS jaro_winkler_similarity(a, b)');
await timed('load', () => connection.run(`CREATE TABLE people AS SELECT * FROM read_csv('${people}', all_varchar = true)`));
for (const part of fs.readFileSync(0, 'utf8').split(/^--@ /m).slice(1)) {
    const [title, ...lines] = part.split('\n');
    const [step, only] = title.split(' ');
    if (only !== undefined && only !== kind) continue;
    await timed(step, async () => {
        for (const statement of lines.join('\n').split(/;$/m)) if (statement.trim()) await connection.run(statement);
    });
}
// The least label among neighbours, and that one's least, until nothing changes.
await timed('components', async () => {
    await connection.run('CREATE TABLE edge AS SELECT i, j FROM link UNION ALL SELECT j, i FROM link');
    await connection.run('CREATE TABLE label AS SELECT DISTINCT i AS id, i AS head FROM edge');
    for (let changed = 1n; changed > 0n; ) {
        await connection.run(`CREATE OR REPLACE TABLE better AS SELECT l.id, least(l.head, min(m.head)) AS head, l.head AS old
            FROM label l JOIN edge e ON e.i = l.id JOIN label m ON m.id = e.j GROUP BY l.id, l.head`);
        changed = (await rows('SELECT count(*) FROM better WHERE head <> old'))[0][0];
        await connection.run('CREATE OR REPLACE TABLE label AS SELECT b.id, h.head FROM better b JOIN better h ON h.id = b.head');
    }
    await connection.run('CREATE TABLE result AS SELECT p.id, coalesce(l.head, p.id) AS cluster FROM person p LEFT JOIN label l ON l.id = p.id');
});
const [[pairs]] = await rows('SELECT count(*) FROM pair');
const [[found, right, there]] = await rows(`WITH r AS (SELECT r.cluster, p.entity_id FROM result r JOIN people p ON cast(p.rec_id AS bigint) = r.id)
    SELECT (SELECT sum(n * (n - 1) / 2) FROM (SELECT count(*) AS n FROM r GROUP BY cluster)),
           (SELECT sum(n * (n - 1) / 2) FROM (SELECT count(*) AS n FROM r GROUP BY cluster, entity_id)),
           (SELECT sum(n * (n - 1) / 2) FROM (SELECT count(*) AS n FROM r GROUP BY entity_id))`);
console.log(`pairs\t${pairs}`);
console.log(`quality\t${((2 * right) / (found + there)).toFixed(4)} ${(right / found).toFixed(4)} ${(right / there).toFixed(4)}`);
console.error(`DuckDB ${(await rows('SELECT version()'))[0][0]}`);
