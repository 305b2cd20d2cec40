#!/usr/bin/env node
// Serves a provider package of ComputeSDK's JavaScript world over the adapter protocol.
//   node computesdk.mjs PACKAGE [EXPORT] [CONFIG-JSON]
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Bridge, statusOf } from './bridge.mjs';

const USAGE = 'usage: node computesdk.mjs PACKAGE [EXPORT] [CONFIG-JSON]';

// Standard output belongs to the protocol: what a package prints goes to the log.
const answer = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);

function fail(message) {
  process.stderr.write(`computesdk.mjs: ${message}\n`);
  process.exit(2);
}

async function importPackage(name) {
  if (name.startsWith('.') || path.isAbsolute(name)) return import(pathToFileURL(path.resolve(name)));
  try {
    return await import(name);
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    const fromHere = createRequire(path.join(process.cwd(), 'package.json'));
    return import(pathToFileURL(fromHere.resolve(name)));
  }
}

function pickExport(module, packageName, exportName) {
  const factories = Object.keys(module).filter((name) => typeof module[name] === 'function');
  const name = exportName ?? (factories.length === 1 ? factories[0] : 'default');
  if (typeof module[name] !== 'function') {
    fail(`${packageName} has no function ${name}; it exports ${factories.join(', ') || 'none'}`);
  }
  return module[name];
}

function readClaims(packageName) {
  const all = JSON.parse(readFileSync(new URL('./claims.json', import.meta.url), 'utf8'));
  return all[packageName] ?? all['*'];
}

function parseConfig(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    return fail(`CONFIG-JSON is not JSON: ${error.message}`);
  }
}

async function makeBridge([packageName, exportName, configText = '{}']) {
  if (!packageName) fail(USAGE);
  const config = parseConfig(configText);
  let module;
  try {
    module = await importPackage(packageName);
  } catch (error) {
    fail(`cannot load ${packageName}: ${error.message.split('\n')[0]} (is it installed? npm ci)`);
  }
  const provider = pickExport(module, packageName, exportName)(config);
  if (typeof provider?.sandbox?.create !== 'function') {
    fail(`${exportName ?? 'the export'} of ${packageName} makes no provider: it has no sandbox.create`);
  }
  return new Bridge(provider, readClaims(packageName));
}

function send(message) {
  answer(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\n');
}

function sendError(id, code, error) {
  const status = statusOf(error);
  const message = error instanceof Error ? error.message : String(error);
  send({ id, error: { code, message, ...(status ? { data: { status } } : {}) } });
}

async function handle(bridge, request) {
  const { id, method, params = {} } = request;
  if (method === 'initialize') {
    if (params.protocolVersion !== 1) {
      sendError(id, -32602, new Error(`this adapter speaks protocol version 1, not ${params.protocolVersion}`));
    } else {
      send({ id, result: bridge.describe() });
    }
    return;
  }
  if (method === 'shutdown') {
    send({ id, result: null });
    return;
  }
  if (!/^(sandbox|filesystem)\./.test(method) || typeof bridge[method] !== 'function') {
    sendError(id, -32601, new Error(`no method ${method}`));
    return;
  }
  try {
    send({ id, result: await bridge[method](params) });
  } catch (error) {
    sendError(id, -32000, error);
  }
}

const bridge = await makeBridge(process.argv.slice(2));

// Lines end at LF alone; readline would also split at the line separators that JSON strings may hold.
function receive(line) {
  let request;
  try {
    request = JSON.parse(line);
  } catch (error) {
    sendError(null, -32700, error);
    return;
  }
  handle(bridge, request);
}

let pending = [];
process.stdin.on('data', (chunk) => {
  let begin = 0;
  for (let end; (end = chunk.indexOf(0x0a, begin)) >= 0; begin = end + 1) {
    const line = Buffer.concat([...pending, chunk.subarray(begin, end)]);
    pending = [];
    receive(line.toString('utf8'));
  }
  if (begin < chunk.length) pending.push(chunk.subarray(begin));
});
process.stdin.on('end', () => answer('', () => process.exit(0)));
