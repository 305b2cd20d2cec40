// What just-bash does in place of what the contract asks. Requirements that share a cause share a
// confirmation. `look` says what it did and what came of it, and whether that departs.
export const confirmations = [];

const confirm = (ids, expected, look, more = {}) =>
  confirmations.push({ ids: ids.split(' '), expected, look, ...more });

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const quote = (word) => `'${word.replaceAll("'", `'\\''`)}'`;
const attempt = (call) => call.then((value) => value ?? 'success', (error) => `error: ${error.message.split('\n')[0]}`);
const isError = (came) => typeof came === 'string' && came.startsWith('error: ');

async function timed(call) {
  const start = Date.now();
  const { exitCode, stdout } = await call;
  return { exitCode, stdout, ms: Date.now() - start };
}

// To a tenth of a second: finer figures differ from run to run and say nothing.
const seconds = ({ ms }) => `${(ms / 1000).toFixed(1)} s`;

async function says(sandbox, test) {
  return (await sandbox.runCommand(test)).exitCode === 0;
}

// ---- Lifecycle

confirm('lifecycle.destroy.commands-fail lifecycle.destroy.code-fails lifecycle.destroy.again lifecycle.destroy.overlapping',
  'after destroy, no command, code or file call on that id succeeds or has an effect',
  async (sandbox, compute) => {
    await Promise.all([1, 2].map(() => compute.sandbox.destroy(sandbox.sandboxId)));
    await compute.sandbox.destroy(sandbox.sandboxId);
    const found = await compute.sandbox.getById(sandbox.sandboxId);
    const { stdout } = await sandbox.runCommand('printf alive');
    const code = (await sandbox.runCommand("bash -c 'printf code'")).stdout;
    return {
      did: { 'getById after destroying three times': found, 'its handle: printf alive': stdout, "its handle: bash -c 'printf code'": code },
      departs: found === null && stdout === 'alive' && code === 'code',
    };
  });

confirm('lifecycle.destroy.files-fail',
  'after destroy, no … file call on that id succeeds or has an effect',
  async (sandbox, compute) => {
    await compute.sandbox.destroy(sandbox.sandboxId);
    const { filesystem } = sandbox;
    const did = {
      writeFile: await attempt(filesystem.writeFile('/tmp/file', 'x')),
      readFile: await attempt(filesystem.readFile('/tmp/file')),
      mkdir: await attempt(filesystem.mkdir('/tmp/dir')),
      readdir: (await attempt(filesystem.readdir('/tmp'))).length + ' entries',
      exists: await attempt(filesystem.exists('/tmp/file')),
      remove: await attempt(filesystem.remove('/tmp/file')),
    };
    return { did, departs: !Object.values(did).some(isError) };
  });

confirm('lifecycle.destroy.status',
  'status is `running` while it is',
  async (sandbox, compute) => {
    await compute.sandbox.destroy(sandbox.sandboxId);
    const { status } = await sandbox.getInfo();
    return { did: { 'getInfo().status after destroy': status }, departs: status === 'running' };
  });

confirm('lifecycle.destroy.call-in-flight lifecycle.destroy.ends-processes',
  'destroy … ends what is running, and a call in flight settles',
  async (sandbox, compute) => {
    const call = timed(sandbox.runCommand('for i in 1 2 3 4 5 6; do sleep 1; done; printf finished | tee /tmp/out'));
    await sleep(100);
    await compute.sandbox.destroy(sandbox.sandboxId);
    const came = await call;
    const file = await attempt(sandbox.filesystem.readFile('/tmp/out'));
    return {
      did: { 'a loop of 6 s, destroyed after 0.1 s': { exitCode: came.exitCode, stdout: came.stdout, after: seconds(came) }, 'the file that it wrote at its end': file },
      departs: came.ms > 5000 && came.exitCode === 0 && file === 'finished',
    };
  }, { sleeps: true });

// ---- Options of create

const METADATA = { owner: 'me', ' a name ': 'text', nested: { list: [1, null] } };
confirm('create.metadata.round-trip create.metadata.nested create.metadata.texts create.metadata.own create.metadata.stays',
  'create.metadata: comes back from getInfo, nested values and all',
  async (sandbox) => {
    const { metadata } = await sandbox.getInfo();
    return {
      did: { [`create({metadata: ${JSON.stringify(METADATA)}}), then getInfo().metadata`]: metadata },
      departs: Object.keys(METADATA).every((name) => !(name in metadata)),
    };
  }, { options: { metadata: METADATA } });

confirm('create.timeout.reported',
  'create.timeout: getInfo, where there is one, reports it in ms',
  async (sandbox) => {
    const { timeout } = await sandbox.getInfo();
    return { did: { 'create({timeout: 90000}), then getInfo().timeout': timeout }, departs: timeout === 0 };
  }, { options: { timeout: 90_000 } });

// ---- Commands

confirm('command.shell.beyond-ascii',
  '`command` is a line for the sandbox\'s shell … variables, quotes … all work; bytes are sacred',
  async (sandbox) => {
    const same = await says(sandbox, `[ 'é' = "$(printf '\\303\\251')" ]`);
    const sizes = (await sandbox.runCommand(`printf 'é' > /tmp/a; printf '\\303\\251' > /tmp/b; wc -c < /tmp/a; wc -c < /tmp/b`)).stdout;
    return { did: { "[ 'é' = \"$(printf '\\303\\251')\" ]": same, 'bytes in a file of each': sizes }, departs: !same };
  });

confirm('command.args.leading-dash',
  'each arg arrives as it is: … a leading dash',
  async (sandbox) => {
    const inShell = (await sandbox.runCommand(`sh -c 'printf "<%s>" "$1"' sh --help`)).stdout;
    const inPrintf = (await sandbox.runCommand('printf %s --help')).stdout;
    const start = (text) => text.split('\n')[0];
    return {
      did: { [`sh -c 'printf "<%s>" "$1"' sh --help`]: start(inShell), 'printf %s --help': start(inPrintf) },
      departs: inShell !== '<--help>',
    };
  });

confirm('output.invalid-utf8 output.all-bytes',
  'stdout and stderr are … exact bytes … invalid UTF-8',
  async (sandbox) => {
    const bytes = (await sandbox.runCommand(`printf '\\303\\050 \\377'`)).stdout;
    const text = (await sandbox.runCommand(`printf 'Ã( ÿ'`)).stdout;
    return {
      did: { "printf '\\303\\050 \\377', 4 bytes": bytes, "printf 'Ã( ÿ', 6 bytes": text },
      departs: bytes === text,
    };
  });

confirm('output.beyond-ascii',
  'what was printed is what is returned: no trimming, no added newline, no re-encoding, no cut',
  async (sandbox) => {
    const { stdout } = await sandbox.runCommand(`printf '\\357\\273\\277x'`);
    return { did: { "characters of printf '\\357\\273\\277x', a byte order mark and x": [...stdout] }, departs: stdout === 'x' };
  });

confirm('code.output.bytes',
  'stdout, stderr and the exit code are the interpreter\'s own; bytes are sacred',
  async (sandbox) => {
    const { stdout, stderr, exitCode } = await sandbox.runCommand(`bash -c "printf '\\\\303\\\\251\\\\n'"`);
    return { did: { [`bash -c "printf '\\\\303\\\\251\\\\n'"`]: { stdout, stderr, exitCode } }, departs: stdout !== 'é\n' && exitCode === 126 };
  });

confirm('command.cwd.missing command.cwd.file',
  'a missing directory fails, and the command does not run elsewhere',
  async (sandbox) => {
    await sandbox.filesystem.writeFile('/tmp/file', 'x');
    const look = async (cwd) => {
      const { exitCode } = await sandbox.runCommand('printf x > /tmp/canary', { cwd });
      const ran = await says(sandbox, 'test -e /tmp/canary && rm /tmp/canary');
      return { exitCode, ran };
    };
    const missing = await look('/tmp/missing');
    const file = await look('/tmp/file');
    return { did: { 'cwd: a missing directory': missing, 'cwd: a file': file }, departs: [missing, file].every(({ exitCode, ran }) => exitCode === 0 && ran) };
  });

confirm('command.env.whole-line command.env.programs command.env.ends-with-the-command command.env.wins-over-create command.env.with-cwd',
  'command.env: visible to the whole line',
  async (sandbox) => {
    const env = { NEW: 'new' };
    const line = (await sandbox.runCommand('printf "<%s>" "$NEW"', { env })).stdout;
    const child = (await sandbox.runCommand(`sh -c 'printf "<%s>" "$NEW"'`, { env, cwd: '/tmp' })).stdout;
    return { did: { 'printf "<%s>" "$NEW" with env NEW=new': line, [`sh -c 'printf "<%s>" "$NEW"' with the same`]: child }, departs: line === '<new>' && child === '<>' };
  });

confirm('command.timeout.ends-the-call command.timeout.ignored-signals command.timeout.milliseconds',
  'the call ends within the timeout and a margin, as the error DEADLINE_EXCEEDED or … a non-zero code; 300 ms is 300 ms',
  async (sandbox) => {
    const lines = ['sleep 6', 'sleep 6 & wait', "trap '' TERM; sleep 6"];
    const results = await Promise.all(lines.map((line) => timed(sandbox.runCommand(line, { timeout: 300 }))));
    const did = Object.fromEntries(results.map((result, i) => [`${lines[i]}, with timeout 300`, { exitCode: result.exitCode, after: seconds(result) }]));
    return { did, departs: results.every(({ ms, exitCode }) => ms > 5000 && exitCode === 0) };
  }, { sleeps: true });

confirm('command.timeout.busy-loop',
  'the call ends within the timeout and a margin',
  async (sandbox) => {
    const loop = 'i=0; while [ $i -lt 3000000 ]; do i=$((i+1)); done';
    const limited = await sandbox.runCommand(loop, { timeout: 300 });
    const free = await sandbox.runCommand(loop);
    const show = ({ exitCode, stderr }) => ({ exitCode, stderr });
    return {
      did: { [`${loop}, with timeout 300`]: show(limited), 'the same without a timeout': show(free) },
      departs: limited.durationMs > 600 && limited.stderr === free.stderr && limited.durationMs > free.durationMs / 3,
    };
  });

confirm('command.timeout.sandbox-stays-usable command.timeout.spares-others command.timeout.of-one-command',
  'the sandbox stays usable (what comes after a timeout; not testable where none strikes)',
  async (sandbox) => {
    const came = await timed(sandbox.runCommand('sleep 2', { timeout: 300 }));
    return { did: { 'sleep 2, with timeout 300': { exitCode: came.exitCode, after: seconds(came) } }, departs: came.exitCode === 0 && came.ms > 1500 };
  }, { sleeps: true });

confirm('command.background.returns-at-once command.background.whole-line',
  'command.background: the call returns at once with exitCode 0 and `isBackground` true',
  async (sandbox) => {
    const line = 'sleep 2; printf done > /tmp/out';
    const came = await timed(sandbox.runCommand(line, { background: true }));
    const out = await sandbox.filesystem.readFile('/tmp/out');
    return { did: { [`${line}, with background`]: `after ${seconds(came)}`, 'the file, when the call returns': out }, departs: came.ms > 1500 && out === 'done' };
  }, { sleeps: true });

confirm('command.background.result',
  'the call returns at once with exitCode 0',
  async (sandbox) => {
    const failing = await sandbox.runCommand('exit 3', { background: true });
    const missing = await sandbox.runCommand('no-such-program', { background: true });
    return { did: { 'exit 3, with background': failing.exitCode, 'no-such-program, with background': missing.exitCode }, departs: failing.exitCode === 3 && missing.exitCode === 127 };
  });

confirm('command.background.with-env',
  'command.background: … the command runs exactly once, to its end, with its cwd and env',
  async (sandbox) => {
    const options = { env: { NEW: 'new' }, background: true };
    const look = async (line) => {
      await sandbox.runCommand(line, options);
      return sandbox.filesystem.readFile('/tmp/out');
    };
    const line = await look('printf "<%s>" "$NEW" > /tmp/out');
    const child = await look(`sh -c 'printf "<%s>" "$NEW" > /tmp/out'`);
    return {
      did: { 'printf "<%s>" "$NEW" > /tmp/out with env NEW=new, in the background: the file': line, [`sh -c 'printf "<%s>" "$NEW" > /tmp/out' with the same`]: child },
      departs: child === '<>',
    };
  });

confirm('command.exit-code.signal',
  'a program killed by a signal is never 0 (not testable where nothing can send one)',
  async (sandbox) => {
    const { exitCode, stderr } = await sandbox.runCommand('kill -KILL $$');
    return { did: { 'kill -KILL $$': { exitCode, stderr } }, departs: stderr.includes('command not found') };
  });

confirm('isolation.processes',
  'no … process … of one sandbox shows in another (not testable where none can be seen at all)',
  async (sandbox) => {
    const did = {
      ps: (await sandbox.runCommand('ps')).stderr,
      'kill -0 $$': (await sandbox.runCommand('kill -0 $$')).stderr,
      'processes in /proc beside "self"': (await sandbox.runCommand('sleep 0.5 & ls /proc | grep "^[0-9]"')).stdout,
    };
    return { did, departs: did.ps.includes('not found') && did['kill -0 $$'].includes('not found') };
  });

// ---- Files

confirm('filesystem.content.beyond-ascii',
  'the file methods and commands see one tree; round trip of … characters beyond ASCII',
  async (sandbox) => {
    await sandbox.runCommand(`printf '\\303\\251' > /tmp/e`);
    const e = await sandbox.filesystem.readFile('/tmp/e');
    await sandbox.filesystem.writeFile('/tmp/mark', '\uFEFFx');
    const mark = await sandbox.filesystem.readFile('/tmp/mark');
    return { did: { "readFile after printf '\\303\\251' (é)": e, 'characters of readFile after writeFile of U+FEFF and x': [...mark] }, departs: e !== 'é' && mark === 'x' };
  });

confirm('filesystem.content.binary filesystem.content.extensions',
  'round trip of: … NUL, all 256 bytes',
  async (sandbox) => {
    const did = {};
    for (const name of ['bytes', 'bytes.txt', 'bytes.gz']) {
      await sandbox.filesystem.writeFile(`/tmp/${name}`, Uint8Array.of(0xc3, 0x28, 0xff, 0xfe));
      did[`readFile after writeFile of c3 28 ff fe to ${name}`] = await sandbox.filesystem.readFile(`/tmp/${name}`);
    }
    const written = Object.values(did);
    await sandbox.runCommand(`printf '\\303\\050\\377\\376' > /tmp/made`);
    const made = await sandbox.filesystem.readFile('/tmp/made');
    return {
      did: { ...did, 'readFile after printf of the same': made },
      departs: written.every((text) => text === '\uFFFD(\uFFFD\uFFFD') && made === 'Ã(ÿþ',
    };
  });

confirm('filesystem.content.large',
  'round trip of: … all 256 bytes, 5 MiB',
  async (sandbox) => {
    let state = 1;
    const bytes = Buffer.alloc(300_000);
    for (let i = 0; i < bytes.length; ++i) {
      state = (state * 48_271) % 2_147_483_647;
      bytes[i] = 0x80 | (state >> 8);
    }
    await sandbox.filesystem.writeFile('/tmp/bytes', bytes);
    const size = Number((await sandbox.runCommand('wc -c < /tmp/bytes')).stdout);
    const read = await sandbox.filesystem.readFile('/tmp/bytes');
    const lost = [...read].filter((character) => character === '\uFFFD').length;
    return {
      did: { 'wc -c after writeFile of 300,000 random bytes from 80 to ff': size, 'bytes that readFile gives': Buffer.from(read).length, 'U+FFFD among its characters': lost },
      departs: size === bytes.length && !Buffer.from(read).equals(bytes),
    };
  });

confirm('filesystem.write.onto-directory',
  'writeFile onto a directory … is an error and harms nothing',
  async (sandbox) => {
    await sandbox.runCommand('mkdir -p /tmp/dir && printf x > /tmp/dir/file');
    const came = await attempt(sandbox.filesystem.writeFile('/tmp/dir', 'overwritten'));
    const still = await says(sandbox, 'test -d /tmp/dir');
    return { did: { 'writeFile onto a directory with a file': came, 'whether it is a directory after it': still }, departs: !isError(came) };
  });

confirm('filesystem.write.below-file filesystem.mkdir.below-file',
  'writeFile … below a file is an error; mkdir … over a file, or below one, is an error',
  async (sandbox) => {
    await sandbox.filesystem.writeFile('/tmp/file', 'x');
    const written = await attempt(sandbox.filesystem.writeFile('/tmp/file/below', 'x'));
    const made = await attempt(sandbox.filesystem.mkdir('/tmp/file/dir'));
    return { did: { 'writeFile below a file': written, 'mkdir below a file': made }, departs: !isError(written) && !isError(made) };
  });

// What went astray when the methods were given a path that ends in this name.
async function astray(sandbox, name) {
  const { filesystem } = sandbox;
  const [read, made, removed] = ['read', 'mkdir', 'remove'].map((part) => `/tmp/it/${part}/${name}`);
  const beside = '/tmp/it/remove/a';
  await sandbox.runCommand(`rm -rf /tmp/it; mkdir -p /tmp/it/read /tmp/it/mkdir /tmp/it/remove; touch ${[read, removed, beside].map(quote).join(' ')}`);
  const came = {};
  if ((await attempt(filesystem.exists(read))) !== true) came.exists = 'false of a file that is there';
  const mkdir = await attempt(filesystem.mkdir(made));
  if (isError(mkdir)) came.mkdir = mkdir;
  else if (!(await says(sandbox, `test -d ${quote(made)}`))) came.mkdir = 'success, and the directory is not there';
  const remove = await attempt(filesystem.remove(removed));
  if (isError(remove)) came.remove = remove;
  else if (await says(sandbox, `test -e ${quote(removed)}`)) came.remove = 'success, and the file is still there';
  if (!(await says(sandbox, `test -e ${beside}`))) came.beside = 'another file, named a, is gone';
  return came;
}

for (const [id, names] of Object.entries({
  blanks: ['two words', 'a b', ' a'],
  quotes: ["it's", 'a"b', 'a\\b'],
  expansions: ['$HOME', '$(pwd)', '`pwd`'],
  patterns: ['{a,b}', '[a-z]'],
  separators: ['a;b', 'a&b', 'a>b'],
  newlines: ['a\nb'],
  special: ['a->b', 'a?b=c&d=e'],
})) {
  confirm(`filesystem.paths.${id}`, 'paths with blanks, quotes, `;`, `$(…)`, backticks, `*`, …, a newline …: each method acts on exactly that path',
    async (sandbox) => {
      const did = {};
      for (const name of names) did[JSON.stringify(name)] = await astray(sandbox, name);
      return { did, departs: Object.values(did).every((came) => Object.keys(came).length > 0) };
    });
}

confirm('filesystem.paths.execute-nothing',
  'paths … executes nothing; nothing in it is ever executed',
  async (sandbox) => {
    const path = '/tmp/a; printf ran > /tmp/canary; #';
    const { filesystem } = sandbox;
    const methods = {
      exists: () => filesystem.exists(path), mkdir: () => filesystem.mkdir(path), readdir: () => filesystem.readdir(path),
      remove: () => filesystem.remove(path), writeFile: () => filesystem.writeFile(`${path}/file`, 'x'),
    };
    const did = {};
    for (const [name, call] of Object.entries(methods)) {
      await sandbox.runCommand('rm -f /tmp/canary');
      await attempt(call());
      did[`${name} of ${JSON.stringify(path)}: the canary`] = (await sandbox.runCommand('cat /tmp/canary')).stdout;
    }
    return { did, departs: Object.values(did).every((canary) => canary === 'ran') };
  });

confirm('filesystem.paths.empty',
  'paths …: each method acts on exactly that path (the empty one names nothing)',
  async (sandbox) => {
    const directory = (await sandbox.runCommand('pwd')).stdout.trim();
    const before = await says(sandbox, `test -d ${directory}`);
    const came = await attempt(sandbox.filesystem.writeFile('', 'overwritten'));
    const after = await says(sandbox, `test -d ${directory}`);
    const content = await attempt(sandbox.filesystem.readFile(directory));
    return {
      did: {
        [`whether ${directory}, where commands start, is a directory`]: before, "writeFile of ''": came,
        'whether it is a directory after it': after, 'readFile of it': content,
      },
      departs: !isError(came),
    };
  });

// A directory `real` with a file, and a `link` to it.
const makeLink = (sandbox) => sandbox.runCommand('mkdir -p /tmp/real && printf x > /tmp/real/file && ln -s real /tmp/link');

confirm('filesystem.links.write',
  'the file methods and commands see one tree, in both directions; writeFile … never success with nothing written',
  async (sandbox) => {
    await makeLink(sandbox);
    const did = {
      'writeFile of link/new, where link leads to real': await attempt(sandbox.filesystem.writeFile('/tmp/link/new', 'new')),
      'cat of link/new after it': (await sandbox.runCommand('cat /tmp/link/new')).stderr,
      'cat of real/new after it': (await sandbox.runCommand('cat /tmp/real/new')).stderr,
      'mkdir of link/made': await attempt(sandbox.filesystem.mkdir('/tmp/link/made')),
      'whether real/made is a directory after it': await says(sandbox, 'test -d /tmp/real/made'),
    };
    const [written, atLink, atReal, made, there] = Object.values(did);
    return { did, departs: !isError(written) && atLink !== '' && atReal !== '' && !isError(made) && !there };
  });

confirm('filesystem.links.remove',
  'each method acts on exactly that path; remove takes files and whole trees',
  async (sandbox) => {
    await makeLink(sandbox);
    const before = await says(sandbox, 'test -e /tmp/link/file');
    const came = await attempt(sandbox.filesystem.remove('/tmp/link/file'));
    const still = await says(sandbox, 'test -e /tmp/link/file && test -e /tmp/real/file');
    return {
      did: { 'whether link/file is there, where link leads to real': before, 'remove of link/file': came, 'whether link/file and real/file are there after it': still },
      departs: before && !isError(came) && still,
    };
  });

confirm('filesystem.remove.links',
  'remove takes files and whole trees, follows no link',
  async (sandbox) => {
    await sandbox.runCommand('ln -s nowhere /tmp/dangling');
    const came = await attempt(sandbox.filesystem.remove('/tmp/dangling'));
    const still = await says(sandbox, 'test -L /tmp/dangling');
    return { did: { 'remove of a dangling link': came, 'whether it is there after it': still }, departs: !isError(came) && still };
  });

const names = async (sandbox, path) => (await sandbox.filesystem.readdir(path)).map(({ name }) => name);

confirm('filesystem.readdir.children filesystem.readdir.hidden filesystem.readdir.links filesystem.readdir.kinds',
  'readdir has the direct children only, each once, hidden ones too: exact names',
  async (sandbox) => {
    await sandbox.runCommand('mkdir -p /tmp/dir/sub /tmp/dir/.hidden; ln -s sub /tmp/dir/link');
    const came = await names(sandbox, '/tmp/dir');
    return { did: { 'readdir of a directory with .hidden, link and sub': came }, departs: came.join() === '.hidden/,link/,sub/' };
  });

confirm('filesystem.readdir.names',
  'exact names (blanks, newline, ` -> `, beyond ASCII)',
  async (sandbox) => {
    await sandbox.runCommand(`mkdir /tmp/dir; printf x > '/tmp/dir/a  b'; printf x > '/tmp/dir/c\nd'`);
    const came = await names(sandbox, '/tmp/dir');
    return { did: { 'readdir of a directory with "a  b" and "c\\nd"': came }, departs: !came.includes('a  b') && !came.includes('c\nd') };
  });

confirm('filesystem.readdir.paths',
  'each method acts on exactly that path; `path` = the directory joined with the name',
  async (sandbox) => {
    await sandbox.runCommand(`mkdir -p '/tmp/two words' && printf x > '/tmp/two words/file'`);
    const there = await says(sandbox, `test -f '/tmp/two words/file'`);
    const came = await attempt(names(sandbox, '/tmp/two words'));
    return { did: { 'whether "two words/file" is there': there, 'readdir of "two words"': came }, departs: there && isError(came) };
  });

confirm('filesystem.readdir.file',
  'a missing one, or a file, is an error',
  async (sandbox) => {
    await sandbox.filesystem.writeFile('/tmp/file', 'x');
    const came = await names(sandbox, '/tmp/file');
    return { did: { 'readdir of the file /tmp/file': came }, departs: came.length > 0 };
  });

confirm('filesystem.readdir.modified',
  '`lastModified` of the file and not of the call',
  async (sandbox) => {
    await sandbox.runCommand('mkdir /tmp/dir; printf x > /tmp/dir/file');
    const modified = async () => (await sandbox.filesystem.readdir('/tmp/dir'))[0].modified.getTime();
    const first = await modified();
    await sleep(1000);
    const seconds = Math.round((await modified() - first) / 1000);
    return { did: { 'how much later the same file was modified, asked 1 s later': `${seconds} s` }, departs: seconds >= 1 };
  });
