import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A program started by a test, with everything it has printed so far. */
export interface Program {
  readonly pid: number
  readonly stdout: string
  readonly stderr: string
  readonly exited: Promise<Exit>
  signal(name: NodeJS.Signals): void
  /** Resolves with the first match in the output; rejects if the program exits first, or hangs (60 s). */
  printed(pattern: RegExp, seconds?: number): Promise<RegExpMatchArray>
}

const running = new Set<ChildProcessWithoutNullStreams>()
const folders: string[] = []
const killAll = () => {
  for (const child of running) child.kill('SIGKILL')
}
process.on('exit', killAll)

/** Ends what a test file has started and not ended, and deletes its folders. */
export function endPrograms(): void {
  killAll()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}

/** A folder that is deleted after the test file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pushport-test-'))
  folders.push(folder)
  return folder
}

/** Starts a program with only this environment; it is killed at the latest after the test file. */
export function run(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Program {
  const child = spawn(command, args, { env: { PATH: process.env.PATH, ...env } })
  running.add(child)
  const output = { stdout: '', stderr: '' }
  const listeners = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
      for (const listener of listeners) listener()
    })
  }
  // `close` instead of `exit`: by then all output has been read.
  const exited = new Promise<Exit>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      running.delete(child)
      resolve({ code, signal })
    })
  })

  return {
    pid: child.pid ?? 0,
    get stdout() {
      return output.stdout
    },
    get stderr() {
      return output.stderr
    },
    exited,
    signal: (name) => void child.kill(name),
    printed(pattern, seconds = 60) {
      return new Promise((resolve, reject) => {
        const look = () => {
          const match = `${output.stderr}\n${output.stdout}`.match(pattern)
          if (match) done(() => resolve(match))
        }
        const done = (settle: () => void) => {
          listeners.delete(look)
          clearTimeout(timer)
          settle()
        }
        const told = () => `; it printed:\n${output.stderr}${output.stdout}`
        const timer = setTimeout(
          () => done(() => reject(new Error(`no ${pattern} in ${seconds} s${told()}`))),
          seconds * 1000,
        )
        listeners.add(look)
        exited.then(
          ({ code }) => done(() => reject(new Error(`exit ${code} before ${pattern}${told()}`))),
          reject,
        )
        look()
      })
    },
  }
}
