// Starts the processes of the engines, pins them to cores, and asks them.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));

/**
 * For all engines alike: the allocator of the C library keeps large blocks instead of giving them back to the system
 * after every step. That makes PyTorch a fifth faster; the others hardly notice.
 */
const ALLOCATOR = {
  MALLOC_MMAP_THRESHOLD_: String(2 ** 30),
  MALLOC_TRIM_THRESHOLD_: String(2 ** 32),
  MALLOC_TOP_PAD_: String(2 ** 26),
  OMP_NUM_THREADS: '1',
  MKL_NUM_THREADS: '1',
};

/** The cores this process may use; none where processes cannot be pinned. */
export function listCores() {
  if (process.platform !== 'linux' || spawnSync('taskset', ['--version']).error) return [];
  const allowed = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
  return allowed.split(',').flatMap((range) => {
    const [from, to = from] = range.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, k) => from + k);
  });
}

export const nodeCommand = (engine) => [process.execPath, `${folder}job.mjs`, engine];
export const pythonCommand = (python, way) => [
  python,
  fileURLToPath(new URL('../torch_peer.py', import.meta.url)),
  way,
];

/** A process that answers one request at a time. */
export class Job {
  #process;
  #lines;
  #ended;

  constructor(command, cores) {
    this.command = command;
    const [program, ...args] = cores.length > 0 ? ['taskset', '-c', cores.join(','), ...command] : command;
    this.#process = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...ALLOCATOR },
    });
    let complaints = '';
    this.#process.stderr.on('data', (text) => {
      complaints = (complaints + text).slice(-2000);
    });
    this.#process.stdin.on('error', () => {});
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
    this.#ended = new Promise((resolve) => {
      this.#process.on('error', (error) => resolve(error.message));
      this.#process.on('close', () => resolve(complaints.trim().split('\n').at(-1) || 'the process ended'));
    });
  }

  /** Where the process ends or takes longer than it may, it is done for; the answer then is why. */
  async ask(request, most_s = 60) {
    this.#process.stdin.write(`${JSON.stringify(request)}\n`);
    let timer;
    const late = new Promise((resolve) => {
      timer = setTimeout(() => resolve({ late: true }), 1000 * most_s);
    });
    const line = await Promise.race([this.#lines.next(), late]);
    clearTimeout(timer);
    if (line.late) {
      this.end();
      return { error: `no answer within ${most_s} s` };
    }
    return line.done ? { error: await this.#ended } : JSON.parse(line.value);
  }

  end() {
    this.#process.kill('SIGKILL');
  }
}
