import type { Platform } from '../../src/domain/device.ts'
import type { Provider } from '../../src/domain/push-token.ts'
import { copyPhones, digits, webPushKeys } from '../../test/fixtures/crowd.ts'
import { ADMIN_TOKEN } from '../kit/gateway.ts'
import { openWithin, type Within } from '../kit/within.ts'
import { json } from '../load/shot.ts'

/** Phones of one app that all use one push service. */
export interface Crowd {
  readonly name: string
  readonly provider: Provider
  readonly phones: number
}

export interface Filled extends Crowd {
  readonly app: string
  readonly instanceId: string
}

const DIALECT = 'pusher-beams'
const PLATFORM: Readonly<Partial<Record<Provider, Platform>>> = {
  fcm: 'android',
  apns: 'ios',
  webpush: 'web',
}

/** Tokens as long as those of the services. */
function tokenOf(provider: Provider, n: number, webPush: string): string {
  if (provider === 'fcm') return `${digits(n)}:${'APA91b'.repeat(25)}`
  if (provider === 'apns') return digits(n).padStart(64, 'ab')
  return `${webPush}/push/${digits(n)}`
}

/**
 * Creates a database with an app for each crowd: one phone through the product itself, the others as copies
 * of it.
 */
export async function fill(
  file: string,
  crowds: readonly Crowd[],
  webPush: string,
): Promise<readonly Filled[]> {
  const within = openWithin({ file })
  const filled: Filled[] = []
  for (const crowd of crowds) filled.push(await begin(within, crowd, webPush))
  await within.close()
  const copies = filled.map((one, mark) => ({
    ...{ ...one, mark },
    token: (n: number) => tokenOf(one.provider, n, webPush),
  }))
  await copyPhones(file, copies)
  return filled
}

async function begin({ send, gateway }: Within, crowd: Crowd, webPush: string): Promise<Filled> {
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${ADMIN_TOKEN}` }
  const answer = await send(
    json('POST', '/admin/v1/apps', { name: crowd.name, dialects: { [DIALECT]: {} } }, headers),
  )
  const made = (await answer.json()) as { id: string; dialects: Record<string, { instanceId: string }> }
  const instanceId = made.dialects[DIALECT]?.instanceId ?? ''
  const app = await gateway.apps.find(DIALECT, instanceId)
  if (!app) throw new Error('no app')
  const { provider } = crowd
  await gateway.devices.register({
    ...{ app, externalId: 'sample', identity: 'key', cause: 'bench' },
    platform: PLATFORM[provider] ?? 'android',
    pushToken: {
      ...{ provider, token: tokenOf(provider, 0, webPush) },
      ...(provider === 'webpush' && { keys: webPushKeys() }),
    },
    policy: { maxLength: 164, refused: [], limit: 5000, automatic: [], ids: false },
  })
  return { ...crowd, app: made.id, instanceId }
}
