import { describe, expect, onTestFinished, test } from 'vitest'
import type { Outcome } from '../../src/delivery/outcome.ts'
import type { Delivery, Lane, PushProvider } from '../../src/delivery/provider.ts'
import { endless, FAULTS, type Fault, type Verdict } from '../fixtures/push-services/verdicts.ts'
import { attempt, type Deps } from './provider-kit.ts'

/** A lane to a fake of its service. */
export interface Opened {
  readonly lane: Lane
  readonly deps: Deps
  /** A body of `PUT …/providers/{kind}` for this fake. */
  readonly document: Readonly<Record<string, unknown>>
  /** A delivery to a new target, to which the service gives this answer. */
  delivery(...verdicts: readonly Verdict[]): Promise<Delivery>
  /** The service's answers to the next requests of a delivery. */
  says(delivery: Delivery, ...verdicts: readonly Verdict[]): void
  /** Makes the service unreachable. */
  leave(): void
  /** Texts that must not be in any shown document. */
  readonly secrets: () => readonly string[]
  /** What was last sent to the service that nobody else may see, besides the token. */
  readonly sent: () => readonly string[]
}

export interface ProviderSample {
  readonly provider: PushProvider
  open(): Promise<Opened>
  /** The document as it is shown. */
  readonly shown: (document: Readonly<Record<string, unknown>>) => unknown
  /** Invalid changes of a valid document, each with the path of the member that is refused. */
  readonly bad: readonly (readonly [name: string, change: Readonly<Record<string, unknown>>, path: string])[]
  /** Rows of the service's table of answers. */
  readonly rows: readonly (readonly [name: string, verdict: Verdict, outcome: Partial<Outcome>])[]
  /** The results of faults, if they differ from other services. */
  readonly faults?: Partial<Record<Fault, Partial<Outcome>>>
  /** An answer that quotes these texts in its messages. */
  quoting(texts: readonly string[]): Verdict
}

const USUAL: Readonly<Record<Fault, Partial<Outcome>>> = {
  'no answer': { class: 'temporary', reason: 'timeout' },
  // The service has accepted it, so another request would send it twice.
  'broken body': { class: 'accepted' },
  'endless body': { class: 'accepted' },
  'slow body': { class: 'accepted' },
  redirect: { class: 'credential' },
}

/** What the code of every push service must do. */
export function providerContract(sample: ProviderSample): void {
  const { provider } = sample
  const rules = { allows: () => true, certificates: true }
  const parsed = (document: unknown, allows = rules.allows) =>
    provider.schema({ ...rules, allows }).safeParseAsync(document)
  async function open() {
    const opened = await sample.open()
    onTestFinished(() => opened.lane.close())
    return opened
  }

  describe(`the credential of ${provider.kind}`, () => {
    test('is taken as documented, and shown without its secrets', async () => {
      const { document, secrets } = await open()
      const { data, error } = await parsed(document)
      expect(error).toBeUndefined()
      const shown = provider.show(data)
      expect(shown).toEqual(sample.shown(document))
      for (const secret of secrets()) expect(JSON.stringify(shown)).not.toContain(secret)
    })

    test.each([
      ['another kind', { kind: 'other' }, 'kind'],
      ['no kind', { kind: undefined }, 'kind'],
      ['an unknown member', { extra: 1 }, ''],
      ['an endpoint that is no URL', { endpoint: 'here' }, 'endpoint'],
      ['an endpoint of another scheme', { endpoint: 'ftp://example.com' }, 'endpoint'],
      ...sample.bad,
    ] as const)('is refused with %s, and the member is named', async (_, change, path) => {
      const { document } = await open()
      const { error } = await parsed({ ...document, ...change })
      expect(error?.issues.map((issue) => issue.path.join('.'))).toContain(path)
    })

    test('is refused with a private endpoint, unless private addresses are allowed', async () => {
      const { document } = await open()
      const { error } = await parsed({ ...document, endpoint: 'http://127.0.0.1:9' }, () => false)
      expect(error?.issues.map((issue) => issue.path.join('.'))).toContain('endpoint')
    })
  })

  describe(`an answer of ${provider.kind}`, () => {
    test('to a good request is accepted', async () => {
      const { lane, delivery } = await open()
      expect(await lane.send(await delivery())).toMatchObject({ class: 'accepted' })
    })

    test.each(sample.rows)('%s', async (_, verdict, expected) => {
      const { lane, delivery } = await open()
      expect(await lane.send(await delivery(verdict, verdict))).toMatchObject(expected)
    })

    test.each(FAULTS)('that is none, a wrong one or half of one: %s', async (fault) => {
      const { lane, delivery, deps } = await open()
      await lane.send(await delivery())
      deps.hurry()
      const outcome = await lane.send(await delivery(fault, fault))
      expect(outcome).toMatchObject(sample.faults?.[fault] ?? USUAL[fault])
    })

    test('is read up to a bound', async () => {
      const { lane, delivery, deps } = await open()
      await lane.send(await delivery())
      deps.hurry()
      endless.read = 0
      await lane.send(await delivery('endless body'))
      expect(endless.read).toBeLessThan(10_000_000)
    })

    test('that does not come because nobody is there', async () => {
      const { lane, delivery, leave } = await open()
      const one = await delivery()
      leave()
      expect(await lane.send(one)).toMatchObject({ class: 'temporary' })
    })

    test('that quotes secrets and tokens leaves them out of the reason and the log', async () => {
      const { lane, delivery, says, sent, deps } = await open()
      // Values created on the way, such as an access token, are known after a first request.
      await lane.send(await delivery())
      const one = await delivery()
      const texts = [one.target.token, ...sent()]
      const verdict = sample.quoting(texts)
      says(one, verdict, verdict)
      const outcome = await lane.send(one)
      const told = JSON.stringify([outcome, deps.logged])
      expect(outcome).toMatchObject({ reason: expect.stringMatching(/./) })
      for (const text of texts) expect(told).not.toContain(text)
    })
  })

  test(`a lane of ${provider.kind} sends the rest while one request waits`, async () => {
    const { lane, delivery, deps } = await open()
    await lane.send(await delivery())
    deps.hurry(2000)
    const order: string[] = []
    const waiting = lane.send(await delivery('no answer')).then((one) => order.push(one.class))
    const others = await Promise.all([delivery(), delivery(), delivery()])
    await Promise.all(others.map(async (one) => order.push((await lane.send({ ...one, ...attempt })).class)))
    await waiting
    expect(order).toEqual(['accepted', 'accepted', 'accepted', 'temporary'])
  })

  test(`a lane of ${provider.kind} says of a good credential that it is good`, async () => {
    const { lane } = await open()
    expect(await lane.probe()).toMatchObject({ state: 'ok' })
  })
}
