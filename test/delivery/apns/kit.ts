import { exportPKCS8, generateKeyPair } from 'jose'
import { onTestFinished } from 'vitest'
import { serve } from '#runtime'
import type { Delivery, Lane, LaneDeps, Push, Target } from '../../../src/delivery/provider.ts'
import { apns } from '../../../src/delivery/providers/apns/index.ts'
import { attempt, type Deps, laneDeps, push } from '../../contract/provider-kit.ts'
import { type ApnsFake, apnsFake } from '../../fixtures/push-services/apns.ts'
import type { Handler, Verdict } from '../../fixtures/push-services/verdicts.ts'

const pair = generateKeyPair('ES256', { extractable: true })
let tokens = 0

export const rules = { allows: () => true, certificates: true }
export const KEY_ID = 'ABC123DEFG'
export const TEAM_ID = 'DEF123GHIJ'
export const BUNDLE = 'com.example.shop'

export interface OpenedApns {
  readonly lane: Lane
  readonly deps: Deps
  readonly document: Readonly<Record<string, unknown>>
  readonly production: ApnsFake
  readonly sandbox: ApnsFake
  readonly leave: () => void
  /** A delivery to a new production token; both environments answer with this. */
  delivery(...verdicts: readonly Verdict[]): Promise<Delivery>
  says(delivery: Delivery, ...verdicts: readonly Verdict[]): void
  secrets(): readonly string[]
  /** The JWTs that the services have received. */
  sent(): readonly string[]
  /** Another process with the same credential. */
  again(): Promise<Lane>
}

export interface ApnsSetUp {
  readonly deps?: Deps
  /** Changes of the document. */
  readonly change?: Readonly<Record<string, unknown>>
  /** Instead of the key. */
  readonly credential?: Readonly<Record<string, unknown>>
  /** Starts a server of APNs; by default with HTTP/1.1. */
  readonly start?: (handler: Handler) => Promise<{ readonly origin: string; close(): void }>
  readonly more?: Partial<LaneDeps>
  /** One address for both environments. */
  readonly single?: boolean
}

/** A lane to two fakes of Apple's service. */
export async function openApns(given: ApnsSetUp = {}): Promise<OpenedApns> {
  const { publicKey, privateKey } = await pair
  const deps = { ...(given.deps ?? laneDeps()), ...given.more }
  const options = { publicKey, keyId: KEY_ID, teamId: TEAM_ID, bundle: BUNDLE, now: deps.now }
  const [production, sandbox] = [apnsFake(options), apnsFake(options)]
  const start = given.start ?? serve
  const [one, other] = [await start(production.handler), await start(sandbox.handler)]
  const leave = () => {
    one.close()
    other.close()
  }
  onTestFinished(leave)
  const key = await exportPKCS8(privateKey)
  const document = {
    ...{ kind: 'apns', environment: 'production' },
    ...(given.credential ?? { key, keyId: KEY_ID, teamId: TEAM_ID, topic: BUNDLE }),
    endpoint: given.single ? one.origin : { production: one.origin, sandbox: other.origin },
    ...given.change,
  }
  const again = async () =>
    apns.open(await apns.schema({ ...rules, now: deps.now }).parseAsync(document), deps)
  const says = (token: string, verdicts: readonly Verdict[]) => {
    production.verdicts.set(token, ...verdicts)
    sandbox.verdicts.set(token, ...verdicts)
  }
  return {
    ...{ lane: await again(), deps, document, production, sandbox, leave, again },
    async delivery(...verdicts) {
      const token = newToken()
      says(token, verdicts)
      return toToken({ token, environment: 'production' })
    },
    says: ({ target }, ...verdicts) => says(target.token, verdicts),
    secrets: () => [key],
    sent: () => [...production.tokens(), ...sandbox.tokens()],
  }
}

/** A token in the form of iOS. */
export function newToken(): string {
  tokens++
  return tokens.toString(16).padStart(64, '0')
}

export const toToken = (target: Target, more: Partial<Push> = {}): Delivery => ({
  ...attempt,
  push: push({ aps: { alert: 'x' } }, more),
  target,
})
