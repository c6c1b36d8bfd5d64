import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'

/** A server process of the bench; it is stopped by its own process id, never by name. */
export interface Served {
  readonly port: number
  readonly pid: number
  stop(): Promise<void>
}

const running = new Set<ChildProcess>()
/** The child processes end together with the bench, whatever the cause. */
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

/** How long a server may take to report its address, and to end after a request to stop. */
const START_MS = 60_000
const STOP_MS = 15_000

export function launch(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, args, options)
  running.add(child)
  child.once('close', () => running.delete(child))
  return child
}

/** Runs a program to its end and returns its output. Throws unless it exits with 0. */
export async function output(
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<string> {
  const child = launch(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  const printed = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (part: string) => {
      printed[name] += part
    })
  }
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${command} ${args[0]} ended with ${code}: ${printed.stderr.slice(-2000)}`)
  return printed.stdout
}

/** Runs one of the bench's own programs with a job, and reads the JSON that it prints. */
export async function answer<Answer>(
  script: string,
  job: unknown,
  variables: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const env = { ...process.env, ...variables }
  return JSON.parse(await output(process.execPath, [script, JSON.stringify(job)], { env }))
}

/** Starts a server and waits for the line that reports its address. */
export async function serve(
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<Served> {
  const child = launch(command, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
  const closed = once(child, 'close')
  const port = await new Promise<number>((resolve, reject) => {
    let text = ''
    const late = setTimeout(() => reject(new Error(`the server does not listen: ${text}`)), START_MS)
    child.stderr?.setEncoding('utf8').on('data', (part: string) => {
      text += part
      const match = /listens on http:\/\/\S+:([0-9]+)/.exec(text)
      if (!match) return
      clearTimeout(late)
      resolve(Number(match[1]))
    })
    closed.then(() => reject(new Error(`the server ended: ${text}`)), reject)
  })
  return {
    port,
    pid: child.pid ?? 0,
    async stop() {
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
      child.kill('SIGTERM')
      await closed
      clearTimeout(late)
    },
  }
}
