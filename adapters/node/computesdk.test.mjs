import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const ADAPTER = fileURLToPath(new URL('./computesdk.mjs', import.meta.url));
const FAKE = fileURLToPath(new URL('./fake_provider.mjs', import.meta.url));

function run(args, input) {
  return spawnSync('node', [ADAPTER, ...args], { input, encoding: 'utf8', timeout: 20_000 });
}

function talk(lines) {
  const result = run([FAKE, 'fake'], lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)) + '\n').join(''));
  return { ...result, answers: result.stdout.trimEnd().split('\n').map((line) => JSON.parse(line)) };
}

test('a session is answered on standard output alone, and ends with 0', () => {
  const { answers, stderr, status } = talk([
    { jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: 1 } },
    { jsonrpc: '2.0', id: 2, method: 'sandbox.create', params: {} },
    { jsonrpc: '2.0', id: 3, method: 'shutdown', params: {} },
  ]);
  const byId = Object.fromEntries(answers.map((answer) => [answer.id, answer]));
  assert.equal(byId[1].result.provider.name, 'fake');
  assert.equal(byId[2].result.sandboxId, 'fake-1');
  assert.equal(byId[3].result, null);
  assert.match(stderr, /not for the protocol/);
  assert.equal(status, 0);
});

test('requests that make no sense get the error of JSON-RPC', () => {
  const { answers } = talk([
    'garbage',
    { jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: 2 } },
    { jsonrpc: '2.0', id: 2, method: 'sandbox.fly', params: {} },
    { jsonrpc: '2.0', id: 3, method: 'constructor', params: {} },
  ]);
  assert.deepEqual(answers.map((answer) => answer.error.code), [-32700, -32602, -32601, -32601]);
});

test('a line separator inside a string does not end the line', () => {
  const { answers } = talk(['{"jsonrpc":"2.0","id":1,"method":"sandbox.getById","params":{"sandboxId":"a\u2028b"}}']);
  assert.deepEqual(answers, [{ jsonrpc: '2.0', id: 1, result: null }]);
});

test('a request may come in pieces', async () => {
  const child = spawn('node', [ADAPTER, FAKE, 'fake'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const bytes = Buffer.from('{"jsonrpc":"2.0","id":1,"method":"sandbox.getById","params":{"sandboxId":"é"}}\n');
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  for (const byte of bytes) {
    child.stdin.write(Buffer.of(byte));
    await new Promise(setImmediate);
  }
  child.stdin.end();
  await new Promise((resolve) => child.on('close', resolve));
  assert.equal(JSON.parse(output).result, null);
});

for (const [what, args, message] of [
  ['no package', [], /usage:/],
  ['a missing package', ['no-such-package'], /cannot load no-such-package/],
  ['a missing export', [FAKE, 'nope'], /has no function nope; it exports fake/],
  ['a configuration that is not JSON', [FAKE, 'fake', '{'], /CONFIG-JSON is not JSON/],
]) {
  test(`${what} is one clear line and exit status 2`, () => {
    const { status, stderr } = run(args, '');
    assert.equal(status, 2);
    assert.match(stderr, message);
    assert.equal(stderr.trimEnd().split('\n').length, 1);
  });
}
