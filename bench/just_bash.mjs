// Times workloads in just-bash. Reads requests, one JSON a line: {"workload": NAME, "repetitions": N};
// answers each with {"nanoseconds": N, "answer": TEXT} or {"error": TEXT}.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Bash } from 'just-bash';

const folder = new URL('./workloads/', import.meta.url);
const read = (name) => readFileSync(new URL(name, folder), 'utf8');
const workloads = new Map(JSON.parse(read('workloads.json')).map((workload) => [workload.name, workload]));

// Its limits are lower than what the loops need. Without the layer that guards the host against an
// escape it is about twice as fast; ours has nothing like it.
const most = 1e9;
const options = {
  cwd: '/workspace',
  defenseInDepth: false,
  executionLimits: { maxLoopIterations: most, maxCommandCount: most, maxWorkUnits: most },
};

async function run(bash, script) {
  const { stdout, stderr, exitCode } = await bash.exec(script);
  if (exitCode !== 0 || stderr !== '') throw new Error(`exit code ${exitCode}: ${stderr}`);
  return stdout;
}

let prepared;
async function preparedSandbox() {
  if (prepared === undefined) {
    prepared = new Bash(options);
    await run(prepared, read('setup.sh'));
  }
  return prepared;
}

// Each makes, outside of the time, what does the work once; `judge`, where there is one, makes the
// answer of what it gave last, outside of the time too.
const kinds = {
  create: () => ({
    once: async () => {
      new Bash(options);
      return '';
    },
  }),
  file: async ({ bytes }) => {
    const bash = await preparedSandbox();
    const content = 'k'.repeat(bytes);
    return {
      once: async () => {
        await bash.writeFile('/workspace/file', content);
        return bash.readFile('/workspace/file');
      },
      judge: (read) => (read === content ? '' : 'other bytes'),
    };
  },
  script: async ({ name, script = read(`${name}.sh`) }) => {
    const bash = await preparedSandbox();
    return { once: () => run(bash, script) };
  },
  many: ({ sandboxes, script }) => ({
    once: async () => {
      const all = Array.from({ length: sandboxes }, () => new Bash(options));
      const answers = await Promise.all(all.map((bash) => run(bash, script)));
      return answers.every((answer) => answer === answers[0]) ? answers[0] : 'different answers';
    },
  }),
};

async function measure({ workload, repetitions }) {
  const chosen = workloads.get(workload);
  const { once, judge = (answer) => answer } = await kinds[chosen.kind](chosen);
  let answer;
  const begin = process.hrtime.bigint();
  for (let i = 0; i < repetitions; ++i) answer = await once();
  const nanoseconds = Number(process.hrtime.bigint() - begin);
  return { nanoseconds, answer: judge(answer) };
}

for await (const line of createInterface({ input: process.stdin })) {
  const result = await measure(JSON.parse(line)).catch((error) => ({ error: String(error) }));
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
