import { execFileSync, spawnSync } from 'node:child_process'
import { describe, expect, onTestFinished, test } from 'vitest'
import { StoreUnavailable } from '../../../src/domain/error.ts'
import { ownCluster } from '../../harness/postgres/cluster.ts'
import { postgresMissing, skipWhere } from '../../harness/postgres/owner.ts'
import { temporaryFolder } from '../../harness/process.ts'
import { insertion, opened, owner } from './kit.ts'

const missing = postgresMissing()

/** A small disk for the server; null if mounting is not permitted. */
function smallDisk(size: string, likeOf: string): string | null {
  const disk = temporaryFolder()
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', disk]).status !== 0) return null
  onTestFinished(() => void execFileSync('umount', ['-l', disk]))
  execFileSync('chown', [`--reference=${likeOf}`, disk])
  return disk
}

describe('a PostgreSQL whose disk is full', () => {
  skipWhere(missing)

  test('takes no new rows, goes on being read, keeps what it has, and heals when there is room', async ({
    skip,
  }) => {
    const cluster = await ownCluster()
    const disk = smallDisk('24m', cluster.data)
    if (disk === null) return skip('mounting is not permitted')
    execFileSync('chmod', ['711', `${disk}/..`])
    await cluster.sql(`CREATE TABLESPACE small LOCATION '${disk}'`)
    await cluster.sql('CREATE DATABASE full_one TABLESPACE small')
    const db = await opened(cluster.url('full_one'))
    const kept: string[] = []
    let fault: unknown
    for (let at = 0; fault === undefined && at < 5000; at++) {
      const names = Array.from({ length: 50 }, (_, of) => `${at}-${of}-${'x'.repeat(300)}`)
      await db.commit(names.map((name) => insertion(name))).then(
        () => kept.push(...names.slice(0, 1)),
        (error: unknown) => {
          fault = error
        },
      )
    }
    expect(fault).toBeInstanceOf(StoreUnavailable)
    expect(String(fault)).toContain('No space left on device')
    expect(await db.health?.()).toMatchObject({ fault: expect.stringContaining('No space left') })
    const rows = await Promise.all(kept.map((name) => db.read([owner(name)])))
    expect(rows.filter(([of]) => of.length === 1)).toHaveLength(kept.length)
    execFileSync('mount', ['-o', 'remount,size=64m', disk])
    await db.commit([insertion('there is room')])
    expect(await db.health?.()).toMatchObject({ fault: null })
  })
})
