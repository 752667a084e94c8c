// Tells the stories of the matrix (tests/sqlite_matrix) to the SQLite engines that applications use, and compares every
// answer. usage: node sqlite-engines.mjs <folder of the packages> <folder of the stories> <one story in so many>
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [packages, stories, stride] = process.argv.slice(2);
const require = createRequire(join(packages, 'package.json'));

/** D1, whose every question goes through HTTP, is told one in so many of the others' stories in its mode. */
const D1_STRIDE = 6;

const every = (all, stride) => all.filter((_, index) => index % stride === 0);

/** An engine that runs in this process. Each story gets an empty database from `open`. */
function embedded(name, open) {
    return {
        name,
        async tell(all) {
            const probe = open();
            const version = probe.rows('SELECT sqlite_version()')[0][0];
            const searches = probe.rows("SELECT count(*) FROM pragma_compile_options WHERE compile_options = 'ENABLE_FTS5'");
            probe.close();
            const chosen = every(all, stride);
            const told = chosen.filter(story => searches[0][0] === '1' || !needsSearch(story));
            for (const story of told) await telling(name, story, () => {
                const database = open();
                const on = story.mode.includes('foreign keys off') ? 'OFF' : 'ON';
                const own = story.mode.startsWith('own');
                database.run(`PRAGMA foreign_keys = ${on}`);
                for (const step of story.steps) {
                    if (step.fill) {
                        database.run(`PRAGMA foreign_keys = OFF; ${step.fill}; PRAGMA foreign_keys = ${on}`);
                    } else if (step.script) {
                        database.run(own ? step.script : `BEGIN;\n${step.script}\nCOMMIT;`);
                    } else {
                        compare(step.checks, query => database.rows(query));
                    }
                }
                database.close();
            });
            const left = chosen.length - told.length;
            return `${name} (SQLite ${version}): ${told.length} of ${all.length} stories` +
                (left ? `; ${left} more left out, for it has no FTS5` : '');
        },
    };
}

const needsSearch = story => story.steps.some(step => step.script?.includes('USING fts5'));

const text = rows => rows.map(row => row.map(String));

function betterSqlite3() {
    const Database = require('better-sqlite3');
    return embedded('better-sqlite3', () => connection(new Database(':memory:')));
}

function libsql() {
    const Database = require('libsql');
    return embedded('libsql', () => connection(new Database(':memory:')));
}

function connection(database) {
    return {
        run: sql => database.exec(sql),
        rows: query => text(database.prepare(query).raw().all()),
        close: () => database.close(),
    };
}

async function sqlJs() {
    const { Database } = await require('sql.js')();
    return embedded('sql.js', () => {
        const database = new Database();
        return {
            run: sql => database.run(sql),
            rows: query => text(database.exec(query)[0]?.values ?? []),
            close: () => database.close(),
        };
    });
}

/** Cloudflare D1 as its local development server runs it: a batch of statements is a transaction. */
const d1 = {
    name: 'D1',
    async tell(all) {
        const hosted = all.filter(story => story.mode === 'hosted');
        const told = every(hosted, stride * D1_STRIDE);
        const { Miniflare } = require('miniflare');
        const miniflare = new Miniflare({
            modules: true,
            script: 'export default { async fetch() { return new Response() } }',
            d1Databases: Object.fromEntries(told.map((_, index) => [`DB${index}`, `database-${index}`])),
        });
        try {
            for (const [index, story] of told.entries()) await telling('D1', story, async () => {
                const database = await miniflare.getD1Database(`DB${index}`);
                const batch = sql => database.batch(statements(sql).map(one => database.prepare(one)));
                for (const step of story.steps) {
                    if (step.fill) {
                        await batch(`PRAGMA defer_foreign_keys = ON; ${step.fill}`);
                    } else if (step.script) {
                        await batch(step.script);
                    } else {
                        const answers = new Map();
                        for (const { query } of step.checks) {
                            answers.set(query, text(await database.prepare(query).raw()));
                        }
                        compare(step.checks, query => answers.get(query));
                    }
                }
            });
        } finally {
            await miniflare.dispose();
        }
        const { version } = require('workerd/package.json');
        return `D1 (workerd ${version}): ${told.length} of ${hosted.length} stories`;
    },
};

/** The statements of a script. */
function statements(sql) {
    const token = /--[^\n]*|\/\*[^]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|\w+|[^]/gy;
    const all = [];
    let current = '', words = [], depth = 0;
    for (const [part] of sql.matchAll(token)) {
        const word = part.toUpperCase();
        if (/^\w+$/.test(part)) {
            words.push(word);
            const trigger = words[0] === 'CREATE' && words.slice(0, 4).includes('TRIGGER');
            if (trigger && (word === 'BEGIN' || word === 'CASE')) depth += 1;
            if (trigger && word === 'END') depth -= 1;
        }
        if (part === ';' && depth === 0) {
            if (words.length) all.push(current);
            current = '', words = [];
        } else if (!part.startsWith('--')) {
            current += part;
        }
    }
    if (words.length) all.push(current);
    return all;
}

/** Says where it was when something goes wrong. */
async function telling(engine, story, tell) {
    try {
        await tell();
    } catch (error) {
        throw new Error(`${engine}, ${story.title}: ${error.message}`, { cause: error });
    }
}

function compare(checks, ask) {
    for (const { query, rows } of checks) {
        const found = ask(query);
        if (JSON.stringify(found) !== JSON.stringify(rows)) {
            throw new Error(`${query}\n  expected ${JSON.stringify(rows)}\n  found    ${JSON.stringify(found)}`);
        }
    }
}

const files = readdirSync(stories).filter(file => file.endsWith('.jsonl')).sort();
const all = files.flatMap(file => readFileSync(join(stories, file), 'utf8').trim().split('\n').map(line => JSON.parse(line)));
if (all.length < 1000) throw new Error(`only ${all.length} stories in ${stories}`);

for (const engine of [betterSqlite3(), libsql(), await sqlJs(), d1]) {
    const start = Date.now();
    console.log(await engine.tell(all), `in ${((Date.now() - start) / 1000).toFixed(1)} s`);
}
