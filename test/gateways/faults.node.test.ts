// What phones experience while a machine fails: every dialect, three gateways, real processes.
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Speaker, speakers } from '../cross/speakers.ts'
import { type Cluster, DURABLE, ownCluster, standbyOf } from '../harness/postgres/cluster.ts'
import { postgresMissing, skipWhere } from '../harness/postgres/owner.ts'
import { openSite, type Site } from './kit.ts'

const missing = postgresMissing({ whole: true })
const pause = (milliseconds: number) => new Promise((resume) => setTimeout(resume, milliseconds))

/** An answer that no SDK takes for a success, and why not; its text reveals no internals. */
interface Failure {
  readonly dialect: string
  readonly status: number
  readonly text: string
}

interface Load {
  /** The tokens of phones whose registration was acknowledged. */
  readonly acknowledged: readonly string[]
  readonly failures: readonly Failure[]
  /** Connections that ended without an answer. */
  readonly unanswered: readonly unknown[]
  /** When each dialect last succeeded, by `performance.now()`. */
  readonly last: ReadonlyMap<string, number>
  stop(): Promise<void>
}

/** Registers phones in every dialect, one after another in each, until it is stopped. */
function registering(site: Site): Load {
  const acknowledged: string[] = []
  const failures: Failure[] = []
  const unanswered: unknown[] = []
  const last = new Map<string, number>()
  let working = true
  async function one(speaker: Speaker, caller: number, at: number): Promise<boolean> {
    const token = `${speaker.name}-token-${caller}-${at}`
    try {
      const answer = await speaker.register(site.shop, { id: `${speaker.name}-${caller}-${at}`, token })
      const text = await answer.text()
      if (!answer.ok) failures.push({ dialect: speaker.name, status: answer.status, text })
      if (!answer.ok) return false
      acknowledged.push(token)
      last.set(speaker.name, performance.now())
      return true
    } catch (error) {
      unanswered.push(error)
      return false
    }
  }
  const callers = speakers.flatMap((speaker) =>
    [0, 1].map(async (caller) => {
      // Like a phone, it repeats what was not acknowledged.
      for (let at = 0; working; ) {
        if (await one(speaker, caller, at)) at++
        else await pause(50)
      }
    }),
  )
  return {
    ...{ acknowledged, failures, unanswered, last },
    async stop() {
      working = false
      await Promise.all(callers)
    },
  }
}

/** Each dialect has registered a phone since. */
const allBack = (load: Load, since: number) =>
  speakers.every(({ name }) => (load.last.get(name) ?? 0) > since)

async function openSiteOn(url: string): Promise<Site> {
  const site = await openSite(url, 3)
  onTestFinished(async () => void (await Promise.all(site.gateways.map((one) => one.kill()))))
  return site
}

/** Everything acknowledged exists, once. */
async function expectNothingLost(load: Load, site: Site): Promise<void> {
  const tokens = (await site.devices()).map(({ token }) => token)
  expect(load.acknowledged.length).toBeGreaterThan(20)
  const there = new Set(tokens)
  expect(load.acknowledged.filter((token) => !there.has(token))).toEqual([])
  expect(tokens).toHaveLength(there.size)
}

function expectTryAgain(load: Load): void {
  const wrong = load.failures.filter(
    ({ status, text }) => status < 500 || /postgres|ECONN|pg_|57P0|127\.0\.0\.1/i.test(text),
  )
  expect(wrong).toEqual([])
}

async function warmed(load: Load): Promise<void> {
  const begun = performance.now()
  await expect.poll(() => allBack(load, begun)).toBe(true)
  await pause(500)
}

const databaseOf = (cluster: Cluster) => cluster.url('postgres')

describe('with three gateways on one PostgreSQL', () => {
  skipWhere(missing)

  test('a gateway that is killed loses nothing that it acknowledged, and the others go on', async () => {
    const site = await openSiteOn(databaseOf(await ownCluster(DURABLE)))
    const load = registering(site)
    await warmed(load)
    const killed = performance.now()
    await site.gateways[1]?.kill()
    await expect.poll(() => allBack(load, killed + 100)).toBe(true)
    await load.stop()
    expect(load.failures).toEqual([])
    await expectNothingLost(load, site)
  })

  test('a server that is killed and started again: each dialect says "try again", and nothing acknowledged is lost', async () => {
    const cluster = await ownCluster(DURABLE)
    const site = await openSiteOn(databaseOf(cluster))
    const load = registering(site)
    await warmed(load)
    await cluster.kill()
    await expect.poll(() => new Set(load.failures.map(({ dialect }) => dialect)).size).toBe(speakers.length)
    await cluster.start()
    const started = performance.now()
    await expect.poll(() => allBack(load, started)).toBe(true)
    await load.stop()
    expectTryAgain(load)
    expect(load.unanswered).toEqual([])
    await expectNothingLost(load, site)
  })

  test('a primary that is killed: the promoted standby serves every dialect soon, without a restart', async () => {
    const primary = await ownCluster(DURABLE)
    const standby = await standbyOf(primary, DURABLE)
    const places = `127.0.0.1:${standby.port},127.0.0.1:${primary.port}`
    const site = await openSiteOn(databaseOf(primary).replace(/127.0.0.1:\d+/, places))
    const load = registering(site)
    await warmed(load)
    await primary.kill()
    await expect.poll(() => new Set(load.failures.map(({ dialect }) => dialect)).size).toBe(speakers.length)
    await standby.promote()
    const promoted = performance.now()
    await expect.poll(() => allBack(load, promoted)).toBe(true)
    await load.stop()
    expectTryAgain(load)
    expect(load.unanswered).toEqual([])
    await expectNothingLost(load, site)
  })
})
