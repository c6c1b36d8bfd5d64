import { describe, expect, test } from 'vitest'
import type { DoneCounting, OpenCounting, Question } from '../../src/store/store.ts'
import { keyOf, type StoreKit, unique } from './kit.ts'

const WEEK = 7 * 86_400_000

export function readinessContract(kit: () => StoreKit): void {
  const readiness = () => kit().store.readiness
  const asked = async (appId?: string): Promise<Question> => ({
    ...{ appId: appId ?? (await kit().createApp()), dialect: 'red', activeDays: 30 },
    since: new Date(kit().clock.now.getTime() - WEEK),
  })
  const begun = async (question: Question): Promise<OpenCounting> => {
    const counting = await readiness().begin(question, kit().clock.now)
    if (!counting) throw new Error('nothing was begun')
    return counting
  }
  const walk = async (counting: OpenCounting, limit: number) => {
    const pieces: (OpenCounting | DoneCounting)[] = []
    let next: OpenCounting | DoneCounting | null = counting
    while (next && 'run' in next) {
      next = await readiness().proceed(next, limit, kit().clock.now)
      if (next) pieces.push(next)
    }
    return pieces
  }

  describe('countings', () => {
    test.each([1, 4])('walk a dialect in pieces of a bounded size, %d times as many', async (times) => {
      const question = await asked()
      for (let n = 0; n < 5 * times; n++) {
        const platform = n % 5 === 0 ? ('ios' as const) : ('android' as const)
        await kit().register(keyOf(question.appId), {
          token: unique('t'),
          platform,
          patch: { appVersion: '2.0' },
        })
      }
      await kit().register(keyOf(question.appId, 'blue'), { token: unique('t') })
      const pieces = await walk(await begun(question), 2)
      expect(pieces).toHaveLength(Math.floor((5 * times) / 2) + 1)
      const done = pieces.at(-1) as DoneCounting
      expect(done).toMatchObject({
        walked: 5 * times,
        counted: {
          ...{
            imported: 0,
            both: 0,
            liveOnly: 5 * times,
            active: 0,
            activeSeen: 0,
            dead: 0,
            placeholders: 0,
          },
          reachable: 5 * times,
          groups: {
            platform: [
              { value: 'android', liveOnly: 4 * times },
              { value: 'ios', liveOnly: times },
            ],
            appVersion: [{ value: '2.0', liveOnly: 5 * times }],
            sdkVersion: [{ value: null, liveOnly: 5 * times }],
          },
        },
      })
      expect(await readiness().last(question)).toEqual(done)
    })

    test('count a piece once, however many ask for it at once', async () => {
      const question = await asked()
      for (let n = 0; n < 6; n++) await kit().register(keyOf(question.appId), { token: unique('t') })
      const [one, other] = [await begun(question), await begun(question)]
      expect(other).toEqual(one)
      const { now } = kit().clock
      const went = await Promise.all([1, 2, 3].map(() => readiness().proceed(one, 4, now)))
      expect(went.filter((piece) => piece !== null)).toHaveLength(1)
      const pieces = await walk(await begun(question), 4)
      expect(pieces.at(-1)).toMatchObject({ counted: { liveOnly: 6 } })
    })

    test('are found by who goes on with them, begin nowhere behind a dialect, and go with their time', async () => {
      const question = await asked()
      await kit().register(keyOf(question.appId), { token: unique('t') })
      while (true) {
        const open = await readiness().open()
        if (!open) break
        await walk(open, 100)
      }
      const { run } = await begun(question)
      expect(await readiness().open()).toMatchObject({ run, ...question })
      expect(await readiness().begin({ ...question, dialect: 'green' }, kit().clock.now)).toBeNull()
      const later = new Date(kit().clock.now.getTime() + 1)
      while ((await readiness().sweep(later, 2)) > 0);
      expect(await readiness().open()).toBeNull()
      expect(await readiness().last(question)).toBeNull()
    })
  })

  test('a dialect of an app has a start, and none without it', async () => {
    const { appId } = await asked()
    expect(await readiness().start(appId, 'red')).toEqual({
      ...{ createdAt: kit().clock.now, importedAt: null, exportedAt: null },
    })
    expect(await readiness().start(appId, 'green')).toBeNull()
  })

  test('records are listed newest first, belong to their app, and go with it', async () => {
    const [{ appId }, other] = [await asked(), await kit().createApp()]
    const record = (at: Date) => ({
      ...{ id: unique('record'), dialect: 'red', at, actor: 'admin', note: null },
      ...{ document: '{"a":1}', digest: 'ab' },
    })
    const [one, two] = [record(new Date(1000)), record(new Date(2000))]
    expect(await readiness().sign(one, appId)).toBe(true)
    expect(await readiness().sign(two, appId)).toBe(true)
    expect(await readiness().sign({ ...record(new Date(1)), dialect: 'green' }, appId)).toBe(false)
    const page = { after: null, limit: 1 }
    const first = await readiness().records(appId, page)
    expect(first.items).toEqual([two])
    expect((await readiness().records(appId, { ...page, after: first.next })).items).toEqual([one])
    expect(await readiness().record(other, one.id)).toBeNull()
    expect(await readiness().record(appId, one.id)).toEqual(one)
    await readiness().drop(appId, 'blue')
    expect(await readiness().record(appId, one.id)).toEqual(one)
    await readiness().drop(appId, null)
    expect(await readiness().record(appId, one.id)).toBeNull()
  })
}
