// Shows each departure of @computesdk/just-bash from the contract without the kit and without its
// adapter: the package's own interface, called directly, and what came of it.
//   npm ci --prefix adapters/node && node docs/just-bash/confirm.mjs
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(new URL('../../adapters/node/package.json', import.meta.url));
const { justBash } = await import(pathToFileURL(require.resolve('@computesdk/just-bash')));
const compute = justBash({});

// Requirements that share a cause share a confirmation.
const confirmations = [];
const confirm = (ids, expected, look) => confirmations.push({ ids: ids.split(' '), expected, look });

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const attempt = async (promise) => promise.then((value) => value, (error) => `error: ${error.message.split('\n')[0]}`);
const timed = async (promise) => {
  const start = Date.now();
  const result = await promise;
  return { ms: Date.now() - start, exitCode: result.exitCode };
};

@@SCENARIOS@@

const only = process.argv.slice(2);
for (const { ids, expected, look } of confirmations) {
  if (only.length > 0 && !ids.some((id) => only.includes(id))) continue;
  const sandbox = await compute.sandbox.create();
  const { did, departs } = await look(sandbox);
  console.log(`${ids.join('\n')}\n  contract  ${expected}\n  came      ${JSON.stringify(did)}\n`);
  assert.ok(departs, `${ids[0]} is kept: take it out of expectations.txt`);
  await compute.sandbox.destroy(sandbox.sandboxId);
}
process.exit(0);
