// Shows each known failure of @computesdk/just-bash without the kit and without its adapter: the
// package's own interface, called directly, and what came of it.
//   npm ci --prefix adapters/node && node docs/just-bash/confirm.mjs [ID...]
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { confirmations } from './confirmations.mjs';

const require = createRequire(new URL('../../adapters/node/package.json', import.meta.url));
const { justBash } = await import(pathToFileURL(require.resolve('@computesdk/just-bash')));
const compute = justBash({});

function expectedIds() {
  const text = readFileSync(new URL('./expectations.txt', import.meta.url), 'utf8');
  return text.split('\n').map((line) => line.split(/\s/)[0]).filter((id) => id && !id.startsWith('#'));
}

async function show({ expected, options, look }) {
  const sandbox = await compute.sandbox.create(options);
  try {
    const { did, departs } = await look(sandbox, compute);
    return { expected, did, departs };
  } catch (error) {
    return { expected, did: { error: error.message }, departs: false };
  } finally {
    await compute.sandbox.destroy(sandbox.sandboxId);
  }
}

const wanted = process.argv.slice(2);
const chosen = confirmations.filter(({ ids }) => wanted.length === 0 || ids.some((id) => wanted.includes(id)));

// Those that mostly sleep share the time; the others have the process to themselves.
const sleepers = chosen.filter(({ sleeps }) => sleeps);
const shown = new Map();
await Promise.all(sleepers.map(async (one) => shown.set(one, await show(one))));
for (const one of chosen) if (!one.sleeps) shown.set(one, await show(one));

const problems = [];
let departures = 0;
for (const one of chosen) {
  const { expected, did, departs } = shown.get(one);
  console.log(`${one.ids.join('\n')}\n  contract  ${expected}`);
  const lines = Object.entries(did).map(([what, came]) => `${what} -> ${JSON.stringify(came)}`);
  console.log(`  came      ${lines.join('\n            ')}\n`);
  if (departs) ++departures;
  else problems.push(`${one.ids.join(', ')}: does not hold`);
}
if (wanted.length === 0) {
  const confirmed = new Set(confirmations.flatMap(({ ids }) => ids));
  const expected = new Set(expectedIds());
  for (const id of expected) if (!confirmed.has(id)) problems.push(`${id} is expected, and nothing confirms it`);
  for (const id of confirmed) if (!expected.has(id)) problems.push(`${id} is confirmed, and not expected`);
}
for (const problem of problems) console.log(problem);
console.log(`${departures} of ${chosen.length} confirmations hold`);
process.exit(problems.length > 0 ? 1 : 0);
