import { exportPKCS8, generateKeyPair } from 'jose'
import { onTestFinished } from 'vitest'
import { serve } from '#runtime'
import type { Delivery, Lane, LaneDeps, Target } from '../../../src/delivery/provider.ts'
import { fcm } from '../../../src/delivery/providers/fcm/index.ts'
import { attempt, type Deps, laneDeps, push } from '../../contract/provider-kit.ts'
import { type FcmFake, fcmFake } from '../../fixtures/push-services/fcm.ts'
import { googleToken, type TokenFake } from '../../fixtures/push-services/google-token.ts'
import type { Verdict } from '../../fixtures/push-services/verdicts.ts'

const pair = generateKeyPair('RS256', { extractable: true })
let tokens = 0

export interface OpenedFcm {
  readonly lane: Lane
  readonly deps: Deps
  readonly document: { readonly serviceAccount: Readonly<Record<string, string>> } & Record<string, unknown>
  readonly fake: FcmFake
  readonly google: TokenFake
  readonly leave: () => void
  delivery(...verdicts: readonly Verdict[]): Promise<Delivery>
  says(delivery: Delivery, ...verdicts: readonly Verdict[]): void
  secrets(): readonly string[]
  sent(): readonly string[]
}

export interface FcmSetUp {
  readonly deps?: Deps
  readonly project?: string
  /** Instead of the fake's own address. */
  readonly endpoint?: (handler: FcmFake['handler']) => Promise<string>
  readonly more?: Partial<LaneDeps>
}

/** A lane to fakes of Google's services. */
export async function openFcm(given: FcmSetUp = {}): Promise<OpenedFcm> {
  const { publicKey, privateKey } = await pair
  const deps = { ...(given.deps ?? laneDeps()), ...given.more }
  const account = {
    type: 'service_account',
    project_id: given.project ?? 'demo-project',
    private_key_id: 'key-1',
    private_key: await exportPKCS8(privateKey),
    client_email: 'sender@demo-project.iam.gserviceaccount.com',
    client_id: '1',
    auth_uri: 'https://accounts.google.com/o/oauth2/auth',
    universe_domain: 'googleapis.com',
  }
  const google = googleToken({ publicKey, account, now: deps.now })
  const fake = fcmFake('demo-project', google.valid)
  const [service, oauth] = [await serve(fake.handler), await serve(google.handler)]
  const leave = () => {
    service.close()
    oauth.close()
  }
  onTestFinished(leave)
  const endpoint = (await given.endpoint?.(fake.handler)) ?? service.origin
  const serviceAccount = { ...account, token_uri: `${oauth.origin}/token` }
  const document = { kind: 'fcm', serviceAccount, endpoint }
  const credential = await fcm.schema({ allows: () => true, certificates: true }).parseAsync(document)
  return {
    lane: fcm.open(credential, deps),
    deps,
    document,
    fake,
    google,
    leave,
    async delivery(...verdicts) {
      tokens++
      const token = `fcm-token-${tokens}`
      fake.verdicts.set(token, ...verdicts)
      return toToken({ token })
    },
    says: ({ target }, ...verdicts) => fake.verdicts.set(target.token, ...verdicts),
    secrets: () => [account.private_key],
    sent: () => [google.valid() ?? ''],
  }
}

export const toToken = (target: Target, body: unknown = { data: { a: '1' } }): Delivery => ({
  ...attempt,
  push: push(body),
  target,
})
