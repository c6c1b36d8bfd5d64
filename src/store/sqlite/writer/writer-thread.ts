// The program of the writing thread (threaded.ts), with the only connection that changes the file.
import { parentPort, workerData } from 'node:worker_threads'
import { StoreUnavailable } from '../../../domain/error.ts'
import { connect, type Ready, ready } from '../connection.ts'
import { sqliteCode } from '../driver.ts'
import { fileWriter } from './file-writer.ts'
import type { Answered, Asked, Fault, Step, Task } from './message.ts'
import type { Opened } from './threaded.ts'

const { file, patience } = workerData as Opened
const { client } = connect(file, () => {})
const statements = new Map<number, Ready | string>()
let columns: [number, readonly string[] | null][] = []

/** Prepared on first use, so that invalid SQL only fails its own plan. */
function statementOf(number: number): Ready {
  const known = statements.get(number)
  if (typeof known === 'object') return known
  const made = ready(client, known ?? '')
  statements.set(number, made)
  columns.push([number, made.names])
  return made
}

// Readers in the other thread are quick, so they delay emptying the log only briefly.
const writer = fileWriter(client, {
  run: ({ statement, values }: Step) => statementOf(statement).run(values),
  patience,
  readers: patience,
})

let done: [number, unknown[][][]][] = []
let failed: [number, Fault][] = []

/** Sends the answers of a whole group in one message, so that their promises settle together. */
function answer(): void {
  if (done.length + failed.length === 1) queueMicrotask(send)
}

function send(): void {
  parentPort?.postMessage({ columns, done, failed } satisfies Answered)
  columns = []
  done = []
  failed = []
}

function faultOf(error: unknown): Fault {
  const message = error instanceof Error ? error.message : String(error)
  const code = sqliteCode(error)
  if (code !== undefined) return { kind: 'sqlite', text: `${message}: ${code}` }
  return { kind: error instanceof StoreUnavailable ? 'unavailable' : 'bug', text: message }
}

function settle(number: number, work: Promise<unknown[][][]>): void {
  work.then(
    (rows) => {
      done.push([number, rows])
      answer()
    },
    (error) => {
      failed.push([number, faultOf(error)])
      answer()
    },
  )
}

const TASKS: Readonly<Record<Task, () => void>> = {
  drain: writer.drain,
  scrub: writer.scrub,
  close() {
    try {
      writer.close()
    } finally {
      client.close()
      // After the answer was sent, nothing keeps the thread running.
      setImmediate(() => parentPort?.close())
    }
  },
}

/** Runs after the waiting group; returns no rows. */
async function run(task: Task): Promise<never[]> {
  await new Promise((resume) => setImmediate(resume))
  TASKS[task]()
  return []
}

parentPort?.on('message', ({ texts, plans, tasks }: Asked) => {
  for (const [number, text] of texts) statements.set(number, text)
  for (const [number, steps] of plans) settle(number, writer.commit(steps))
  for (const [number, task] of tasks) settle(number, run(task))
})
