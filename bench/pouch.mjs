// PouchDB on the same rows, in clear and on one machine: node pouch.mjs ROWS.json FOLDER, from a folder with pouchdb-node.
// Prints {"first": s, "edits": s, "conflicts": n}: replication of all rows to an empty peer; 2 x 2,000 edits, 200 of the
// same rows, both ways until nothing is left, and how many documents it then calls conflicted.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const PouchDB = createRequire(join(process.cwd(), "package.json"))("pouchdb-node");
const [rowsFile, folder] = process.argv.slice(2);
const { rows, edits } = JSON.parse(readFileSync(rowsFile, "utf8"));
const one = new PouchDB(join(folder, "one"));
const other = new PouchDB(join(folder, "other"));

async function timed(work) {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

async function edit(db, changes) {
  const { rows: found } = await db.allDocs({ keys: Object.keys(changes), include_docs: true });
  await db.bulkDocs(found.map(({ doc }) => ({ ...doc, ...changes[doc._id] })));
}

await one.bulkDocs(rows);
const first = await timed(() => one.replicate.to(other));
await edit(one, edits[0]);
await edit(other, edits[1]);
const both = await timed(() => one.sync(other));
const { rows: all } = await one.allDocs({ include_docs: true, conflicts: true });
const conflicts = all.filter(({ doc }) => doc._conflicts).length;
console.log(JSON.stringify({ first, edits: both, conflicts }));
