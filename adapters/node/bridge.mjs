// Between the adapter protocol and a provider of ComputeSDK's JavaScript interface: one function
// for each method. It maps shapes and hides nothing: what the provider answers, or throws, is what
// the kit sees.

// A failure that the adapter itself has to report, with a code name of the protocol.
export class ProtocolError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

// The code names of the protocol for the errno names that Node's own errors carry.
const STATUS_OF_ERRNO = {
  ENOENT: 'NOT_FOUND',
  EEXIST: 'ALREADY_EXISTS',
  EACCES: 'PERMISSION_DENIED',
  EPERM: 'PERMISSION_DENIED',
  EISDIR: 'FAILED_PRECONDITION',
  ENOTDIR: 'FAILED_PRECONDITION',
};

export function statusOf(error) {
  return error?.status && typeof error.status === 'string' ? error.status : STATUS_OF_ERRNO[error?.code];
}

// Programs that run code given as their last argument, by runtime.
const INTERPRETERS = {
  bash: ['bash', '-c'],
  sh: ['sh', '-c'],
  node: ['node', '-e'],
  python: ['python3', '-c'],
  ruby: ['ruby', '-e'],
  deno: ['deno', 'eval'],
};

// Linux takes at most 128 KiB in one argument; longer code goes through a file.
const LONGEST_ARGUMENT = 96 * 1024;

const quote = (word) => `'${word.replaceAll("'", `'\\''`)}'`;

const isValidUtf8 = (bytes) => Buffer.compare(Buffer.from(bytes.toString('utf8'), 'utf8'), bytes) === 0;

// The protocol's bytes: a string where they are UTF-8, {"base64": …} otherwise.
export function encodeBytes(value) {
  if (typeof value === 'string') return Buffer.from(value, 'utf8').toString('utf8');
  if (value instanceof Uint8Array) {
    const bytes = Buffer.from(value);
    return isValidUtf8(bytes) ? bytes.toString('utf8') : { base64: bytes.toString('base64') };
  }
  return value;
}

// JavaScript's interface takes text. Bytes that are none arrive as a Uint8Array, the only other
// shape that JavaScript has for them.
export function decodeBytes(value) {
  if (typeof value === 'string') return value;
  const bytes = Buffer.from(value?.base64 ?? '', 'base64');
  return isValidUtf8(bytes) ? bytes.toString('utf8') : new Uint8Array(bytes);
}

const encodeDate = (value) =>
  value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : value === undefined ? undefined : String(value);

const round = (value) => (typeof value === 'number' ? Math.round(value) : value);

function joinPath(directory, name) {
  return directory.endsWith('/') ? directory + name : `${directory}/${name}`;
}

export class Bridge {
  constructor(provider, claims) {
    this.provider = provider;
    this.claims = claims;
    // The handle that the provider gave last for an id. It stays after destroy, as it does in a
    // program that holds it: what the handle still does then is for the kit to see.
    this.handles = new Map();
    this.runtimes = new Map();
    this.codeFiles = 0;
  }

  describe() {
    return {
      protocolVersion: 1,
      provider: { name: this.provider.name },
      capabilities: this.claims.capabilities,
      runtimes: this.claims.runtimes,
      maxConcurrency: 16,
    };
  }

  require(capability) {
    if (!this.claims.capabilities.includes(capability)) {
      throw new ProtocolError('UNIMPLEMENTED', `${this.provider.name} does not offer ${capability}`);
    }
  }

  async handle(sandboxId) {
    const known = this.handles.get(sandboxId);
    if (known) return known;
    const found = await this.provider.sandbox.getById(sandboxId);
    if (!found) throw new ProtocolError('NOT_FOUND', `${this.provider.name} has no sandbox ${sandboxId}`);
    return this.keep(found);
  }

  keep(handle) {
    this.handles.set(handle.sandboxId, handle);
    return handle;
  }

  async 'sandbox.create'({ options }) {
    const handle = this.keep(await this.provider.sandbox.create(options));
    if (options?.runtime) this.runtimes.set(handle.sandboxId, options.runtime);
    return { sandboxId: handle.sandboxId };
  }

  async 'sandbox.getById'({ sandboxId }) {
    const handle = await this.provider.sandbox.getById(sandboxId);
    return handle ? { sandboxId: this.keep(handle).sandboxId } : null;
  }

  async 'sandbox.list'() {
    const handles = await this.provider.sandbox.list();
    return handles.map((handle) => ({ sandboxId: this.keep(handle).sandboxId }));
  }

  async 'sandbox.destroy'({ sandboxId }) {
    await this.provider.sandbox.destroy(sandboxId);
    return null;
  }

  async 'sandbox.runCode'({ sandboxId, code, runtime }) {
    const handle = await this.handle(sandboxId);
    const wanted = runtime ?? this.runtimes.get(sandboxId) ?? this.claims.runtimes[0];
    const interpreter = INTERPRETERS[wanted];
    if (!this.claims.runtimes.includes(wanted) || !interpreter) {
      throw new ProtocolError(
        'INVALID_ARGUMENT',
        `${this.provider.name} has no runtime ${wanted}; it has ${this.claims.runtimes.join(', ')}`,
      );
    }
    if (Buffer.byteLength(code) <= LONGEST_ARGUMENT) {
      return this.execute(handle, [...interpreter, code].map(quote).join(' '));
    }
    const file = `/tmp/.computesdk-code-${process.pid}-${++this.codeFiles}`;
    await handle.filesystem.writeFile(file, code);
    try {
      return await this.execute(handle, `${interpreter[0]} ${file}`);
    } finally {
      await handle.filesystem.remove(file);
    }
  }

  async 'sandbox.runCommand'({ sandboxId, command, args, options }) {
    const handle = await this.handle(sandboxId);
    const line = args === undefined ? command : [command, ...args].map(quote).join(' ');
    return this.execute(handle, line, options);
  }

  async execute(handle, line, options) {
    const result = await handle.runCommand(line, options);
    return {
      stdout: encodeBytes(result.stdout),
      stderr: encodeBytes(result.stderr),
      exitCode: result.exitCode ?? 255,
      executionTime: round(result.durationMs),
      sandboxId: handle.sandboxId,
      provider: handle.provider,
      ...(options?.background ? { isBackground: true } : {}),
    };
  }

  async 'sandbox.getInfo'({ sandboxId }) {
    this.require('getInfo');
    const info = await (await this.handle(sandboxId)).getInfo();
    return {
      id: info.id,
      provider: info.provider,
      runtime: info.runtime ?? this.runtimes.get(sandboxId) ?? this.claims.runtimes[0],
      status: info.status,
      createdAt: encodeDate(info.createdAt),
      timeout: round(info.timeout),
      metadata: info.metadata,
    };
  }

  async 'sandbox.getUrl'({ sandboxId, port, protocol }) {
    this.require('getUrl');
    return (await this.handle(sandboxId)).getUrl({ port, protocol });
  }

  async filesystem(sandboxId) {
    this.require('filesystem');
    return (await this.handle(sandboxId)).filesystem;
  }

  async 'filesystem.readFile'({ sandboxId, path }) {
    return encodeBytes(await (await this.filesystem(sandboxId)).readFile(path));
  }

  async 'filesystem.writeFile'({ sandboxId, path, content }) {
    await (await this.filesystem(sandboxId)).writeFile(path, decodeBytes(content));
    return null;
  }

  async 'filesystem.mkdir'({ sandboxId, path }) {
    await (await this.filesystem(sandboxId)).mkdir(path);
    return null;
  }

  async 'filesystem.readdir'({ sandboxId, path }) {
    const entries = await (await this.filesystem(sandboxId)).readdir(path);
    return entries.map((entry) => ({
      name: entry.name,
      path: entry.path ?? joinPath(path, entry.name),
      isDirectory: entry.isDirectory ?? entry.type === 'directory',
      size: entry.size,
      lastModified: encodeDate(entry.lastModified ?? entry.modified),
    }));
  }

  async 'filesystem.exists'({ sandboxId, path }) {
    return (await this.filesystem(sandboxId)).exists(path);
  }

  async 'filesystem.remove'({ sandboxId, path }) {
    await (await this.filesystem(sandboxId)).remove(path);
    return null;
  }
}
