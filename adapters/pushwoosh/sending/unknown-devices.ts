import type { DialectApp } from '../../../src/domain/app.ts'
import { PROVIDERS } from '../../../src/domain/push-token.ts'
import type { Gateway } from '../../../src/gateway/gateway.ts'
import { externalIdOf } from '../address.ts'

/** Entries looked up at once. */
const STEP = 250
/** Push services of the vendor's device types. */
const SERVICES = PROVIDERS.filter((one) => ['apns', 'fcm', 'webpush', 'wns', 'hms', 'adm'].includes(one))

/** The entries that are neither the id nor the token of a device. */
export async function unknownDevices(
  gateway: Gateway,
  app: DialectApp,
  devices: readonly string[],
): Promise<readonly string[]> {
  const wanted = [...new Set(devices)]
  const known = new Set<string>()
  const { devices: list } = gateway.listings
  for (let at = 0; at < wanted.length; at += STEP) {
    const some = wanted.slice(at, at + STEP)
    for await (const found of list.parts(app, { externalIds: some.map((one) => externalIdOf(one)) }, 0))
      for (const { externalId } of found) known.add(externalId)
    const others = some.filter((one) => !known.has(externalIdOf(one)))
    // An empty list would not filter anything.
    if (others.length === 0) continue
    const tokens = others.flatMap((token) =>
      SERVICES.flatMap((provider) =>
        [...new Set([token, token.toLowerCase()])].map((spelled) => ({ provider, token: spelled })),
      ),
    )
    for await (const found of list.parts(app, { tokens }, 0))
      for (const { pushToken } of found) if (pushToken) known.add(pushToken.token.toLowerCase())
  }
  return wanted.filter((one) => !known.has(externalIdOf(one)) && !known.has(one.toLowerCase()))
}
