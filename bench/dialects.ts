/** A request as the load generator sends it. */
export interface Shot {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

type Document = Readonly<Record<string, unknown>>

/** What the bench has to know of a dialect: an entry here is all that a new one needs. */
export interface BenchDialect {
  readonly name: string
  /** The registration of a device that nobody has seen; `n` never repeats. `document` is the app's, with its secrets. */
  readonly first: (document: Document, n: number) => Shot
  /** What device `n` sends at each later start; sent once before it is measured, so that the device exists. */
  readonly steady: (document: Document, n: number) => Shot
}

const json = { 'Content-Type': 'application/json' }

const beams = ({ instanceId }: Document, token: string): Shot => ({
  method: 'POST',
  path: `/device_api/v1/instances/${instanceId}/devices/fcm`,
  headers: json,
  // As long as the tokens that FCM gives out.
  body: JSON.stringify({
    token: token.padEnd(163, 'x'),
    knownPreviousClientIds: [],
    metadata: { sdkVersion: '1.9.2', androidVersion: '14' },
  }),
})

export const dialects: readonly BenchDialect[] = [
  {
    name: 'pusher-beams',
    first: (document, n) => beams(document, `first-${n}-`),
    steady: (document, n) => beams(document, `steady-${n}-`),
  },
]

/** How many devices the steady requests come from. */
export const FLEET = 500
