// A provider of ComputeSDK's JavaScript shapes for the adapter's own tests: it records what it is
// called with, and answers what it is told to.
export function fake({ answers = {} } = {}) {
  const calls = [];
  const live = new Map();
  const note = (name, ...args) => {
    calls.push([name, ...args]);
    const answer = answers[name];
    if (answer?.throw) throw Object.assign(new Error(answer.throw), { code: answer.code });
    return answer;
  };
  const makeHandle = (sandboxId) => ({
    sandboxId,
    provider: 'fake',
    runCommand: async (line, options) =>
      note('runCommand', line, options) ?? { stdout: JSON.stringify({ line, options }), stderr: '', exitCode: 0, durationMs: 1.6 },
    getInfo: async () => note('getInfo') ?? { id: sandboxId, provider: 'fake', status: 'running', createdAt: new Date(0), timeout: 5 },
    getUrl: async (options) => note('getUrl', options) ?? `https://${options.port}.example`,
    filesystem: {
      readFile: async (path) => note('readFile', path) ?? `content of ${path}`,
      writeFile: async (path, content) => note('writeFile', path, content),
      mkdir: async (path) => note('mkdir', path),
      readdir: async (path) =>
        note('readdir', path) ?? [{ name: 'd', type: 'directory' }, { name: 'f', type: 'file', size: 3, modified: new Date(1000) }],
      exists: async (path) => note('exists', path) ?? true,
      remove: async (path) => note('remove', path),
    },
  });
  return {
    name: 'fake',
    calls,
    sandbox: {
      create: async (options) => {
        note('create', options);
        console.log('a line that is not for the protocol');
        const handle = makeHandle(`fake-${live.size + 1}`);
        live.set(handle.sandboxId, handle);
        return handle;
      },
      getById: async (id) => live.get(id) ?? null,
      list: async () => [...live.values()],
      destroy: async (id) => {
        live.delete(id);
      },
    },
  };
}
