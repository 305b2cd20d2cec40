import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import test from 'node:test';
import { Bridge, decodeBytes, encodeBytes, statusOf } from './bridge.mjs';
import { fake } from './fake_provider.mjs';

const CLAIMS = { capabilities: ['getInfo', 'filesystem'], runtimes: ['bash', 'node'] };

async function open(answers) {
  const provider = fake({ answers });
  const bridge = new Bridge(provider, CLAIMS);
  const { sandboxId } = await bridge['sandbox.create']({});
  return { bridge, provider, sandboxId };
}

const lineOf = (result) => JSON.parse(result.stdout).line;

test('bytes are a string where they are UTF-8, and base64 otherwise', () => {
  assert.equal(encodeBytes('é\0'), 'é\0');
  assert.equal(encodeBytes(Buffer.from('é')), 'é');
  assert.deepEqual(encodeBytes(Uint8Array.of(0xff, 0)), { base64: '/wA=' });
  assert.equal(encodeBytes('\ud800'), '\ufffd');
  assert.equal(decodeBytes({ base64: Buffer.from('é').toString('base64') }), 'é');
  assert.deepEqual(decodeBytes({ base64: '/wA=' }), Uint8Array.of(0xff, 0));
});

test('args reach a shell as one word each', async () => {
  const { bridge, sandboxId } = await open();
  const args = ['', ' a  b ', "it's", '$HOME', '*', ';id', '`id`', 'x\ny', '-n', 'é', '\\'];
  const result = await bridge['sandbox.runCommand']({ sandboxId, command: 'printf', args: ['<%s>', ...args] });
  const output = execFileSync('/bin/sh', ['-c', lineOf(result)], { encoding: 'utf8' });
  assert.equal(output, args.map((arg) => `<${arg}>`).join(''));
});

test('a line without args is sent as it is, with its options', async () => {
  const { bridge, sandboxId } = await open();
  const options = { cwd: '/x', env: { A: 'b' }, timeout: 300, background: true };
  const result = await bridge['sandbox.runCommand']({ sandboxId, command: 'a && b # c', options });
  assert.deepEqual(JSON.parse(result.stdout), { line: 'a && b # c', options });
  assert.equal(result.isBackground, true);
  assert.equal(result.executionTime, 2);
});

test('an exit code that is missing is 255, never 0', async () => {
  const { bridge, sandboxId } = await open({ runCommand: { stdout: '', stderr: '', exitCode: null, durationMs: 0 } });
  assert.equal((await bridge['sandbox.runCommand']({ sandboxId, command: 'x' })).exitCode, 255);
});

test('code runs by the program of the runtime asked for, of the sandbox, or the first', async () => {
  const { bridge, sandboxId } = await open();
  assert.equal(lineOf(await bridge['sandbox.runCode']({ sandboxId, code: "echo 'x'" })), `'bash' '-c' 'echo '\\''x'\\'''`);
  assert.match(lineOf(await bridge['sandbox.runCode']({ sandboxId, code: '1', runtime: 'node' })), /^'node' '-e' '1'$/);
  const other = await bridge['sandbox.create']({ options: { runtime: 'node' } });
  assert.match(lineOf(await bridge['sandbox.runCode']({ sandboxId: other.sandboxId, code: '1' })), /^'node'/);
});

test('code that is too long for one argument goes through a file, which is removed', async () => {
  const { bridge, provider, sandboxId } = await open();
  await bridge['sandbox.runCode']({ sandboxId, code: '#'.repeat(200 * 1024) });
  const names = provider.calls.map(([name]) => name);
  assert.deepEqual(names, ['create', 'writeFile', 'runCommand', 'remove']);
});

test('an undeclared runtime is INVALID_ARGUMENT and runs nothing', async () => {
  const { bridge, provider, sandboxId } = await open();
  await assert.rejects(bridge['sandbox.runCode']({ sandboxId, code: '1', runtime: 'cobol' }), { status: 'INVALID_ARGUMENT' });
  assert.equal(provider.calls.length, 1);
});

test('what is not claimed is UNIMPLEMENTED and not called', async () => {
  const { bridge, provider, sandboxId } = await open();
  await assert.rejects(bridge['sandbox.getUrl']({ sandboxId, port: 80 }), { status: 'UNIMPLEMENTED' });
  assert.equal(provider.calls.length, 1);
});

test('a sandbox that the provider does not know is NOT_FOUND', async () => {
  const { bridge } = await open();
  await assert.rejects(bridge['sandbox.runCommand']({ sandboxId: 'nope', command: 'x' }), { status: 'NOT_FOUND' });
  assert.equal(await bridge['sandbox.getById']({ sandboxId: 'nope' }), null);
});

test('a handle is kept after destroy, as a program keeps it', async () => {
  const { bridge, sandboxId } = await open();
  await bridge['sandbox.destroy']({ sandboxId });
  assert.equal((await bridge['sandbox.runCommand']({ sandboxId, command: 'x' })).exitCode, 0);
});

test('directory entries and info get the shapes of the protocol', async () => {
  const { bridge, sandboxId } = await open();
  assert.deepEqual(JSON.parse(JSON.stringify(await bridge['filesystem.readdir']({ sandboxId, path: '/a' }))), [
    { name: 'd', path: '/a/d', isDirectory: true },
    { name: 'f', path: '/a/f', isDirectory: false, size: 3, lastModified: '1970-01-01T00:00:01.000Z' },
  ]);
  assert.deepEqual(JSON.parse(JSON.stringify(await bridge['sandbox.getInfo']({ sandboxId }))), {
    id: sandboxId, provider: 'fake', runtime: 'bash', status: 'running', createdAt: '1970-01-01T00:00:00.000Z', timeout: 5,
  });
});

test("errors keep their text, and Node's errno names become codes", async () => {
  const { bridge, sandboxId } = await open({ readFile: { throw: 'gone', code: 'ENOENT' } });
  const error = await bridge['filesystem.readFile']({ sandboxId, path: '/x' }).catch((e) => e);
  assert.equal(error.message, 'gone');
  assert.equal(statusOf(error), 'NOT_FOUND');
  assert.equal(statusOf(new Error('x')), undefined);
});
