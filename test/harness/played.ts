import { afterEach, beforeEach, TestRunner } from 'vitest'
import type { RequestRecord } from '../../src/http/app.ts'
import type { Server } from './server.ts'

/** Whose requests a test makes, if they are not simply those of the contract. */
export interface Player {
  readonly name: string
  readonly version: string
  /**
   * `sdk`: the vendor's own package makes them. `example`: programs from its documentation. `recorded`:
   * recorded from what it sends.
   */
  readonly evidence: 'sdk' | 'example' | 'recorded'
}

declare module 'vitest' {
  interface TaskMeta {
    /** Each once: `dialect METHOD route done|refused`. */
    played?: string[]
    player?: Player
    /** The runtime of the server that the test called, if it differs from the test's own. */
    server?: 'node' | 'worker'
    /** The row of the contract suite, and why the dialect cannot support it. */
    row?: string
    lack?: string
  }
}

type Told = Pick<RequestRecord, 'dialect' | 'method' | 'route' | 'status'> & { readonly code?: unknown }

/** Notes for the compatibility report (`npm run compatibility`) that the running test made a call. */
export function notePlayed(record: Told, meta = TestRunner.getCurrentTest()?.meta): void {
  if (!meta || record.dialect === null || record.dialect === undefined) return
  const outcome = record.status < 400 && record.code === undefined ? 'done' : 'refused'
  const call = `${record.dialect} ${record.method} ${record.route} ${outcome}`
  meta.played ??= []
  if (!meta.played.includes(call)) meta.played.push(call)
}

/** States whose requests the tests of a file, or of a `describe`, make. */
export function playedBy(player: Player): void {
  beforeEach(({ task }) => {
    task.meta.player = player
  })
}

/**
 * Notes the calls that tests make to a server, from its log. Only for the report: one more call after each
 * test ensures that the log contains the last one.
 */
export function noteServer(server: () => Server): void {
  if (process.env.COMPATIBILITY === undefined) return
  let from = 0
  beforeEach(({ task }) => {
    from = server().program.stdout.length
    task.meta.server = process.env.TEST_RUNTIME === 'worker' ? 'worker' : 'node'
  })
  afterEach(async ({ task }) => {
    const { origin, program } = server()
    const mark = `end-of-${crypto.randomUUID()}`
    await (await fetch(`${origin}/healthz`, { headers: { 'X-Request-Id': mark } })).text()
    await program.printed(new RegExp(mark))
    for (const line of program.stdout.slice(from).split('\n')) {
      if (line.startsWith('{') && line.includes('"route"')) notePlayed(JSON.parse(line) as Told, task.meta)
    }
  })
}
