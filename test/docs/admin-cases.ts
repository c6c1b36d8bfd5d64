import type { Place, World } from './admin-world.ts'

/** One way in which a call of the admin API succeeds. */
export interface Case {
  readonly status: number
  /** The media type of the answer, if there are several. */
  readonly media?: string
  readonly place?: Place
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  /** Creates what the call needs; returns the path parameters besides the app. */
  readonly before?: (world: World) => Promise<Readonly<Record<string, string>>>
  /** Values that only the test knows, instead of members of the example. */
  readonly body?: (world: World) => Promise<Readonly<Record<string, unknown>>>
}

const DRY = { query: { dryRun: 'true' } }
const dryAnd204 = (before?: Case['before']): readonly Case[] => [
  { status: 200, ...DRY, ...(before && { before }) },
  { status: 204, ...(before && { before }) },
]
const of =
  (path: string) =>
  ({ app }: World): string =>
    `/apps/${app.id}${path}`

const credential = async (world: World) => {
  const { id } = await world.made('POST', of('/credentials')(world), { dialect: 'flameup' })
  return { credential: id }
}
const withProvider = async (world: World) => {
  const { origin } = await world.vendor()
  const secrets = { clientId: 'amzn1.client.0123456789', clientSecret: '0f1e2d3c4b5a69788796a5b4' }
  await world.made('PUT', of('/providers/adm')(world), { kind: 'adm', ...secrets, endpoint: origin })
  return { kind: 'adm' }
}
const toVendor = async (world: World) => ({ endpoint: (await world.vendor()).origin })
const device = async (world: World) => ({ device: await world.phone() })
const installation = async (world: World) => {
  await world.phone()
  const { installations } = await world.made('GET', of('/installations')(world))
  return { installation: String((installations as readonly { id: string }[])[0]?.id) }
}
const user = async (world: World) => {
  await world.phone()
  return { user: 'ann' }
}
/** And one whose other phone was removed, which is kept for an undo. */
const formerUser = async (world: World) => {
  const device = await world.phone('former')
  await world.admin('DELETE', of(`/devices/${device}`)(world))
  return user(world)
}
const phone = async (world: World) => {
  await world.phone()
  return {}
}
const queued = async (world: World) => {
  const answer = await world.admin('POST', of('/imports?format=csv&dialect=pushwoosh')(world), {
    body: 'externalId,token,platform\na1,fcm-token-of-a1:APA91b_0123456789abcdef,android\na2,,nonsense\n',
  })
  return { import: ((await answer.json()) as { id: string }).id }
}
const imported = async (world: World) => {
  const one = await queued(world)
  await world.imported()
  return one
}
const message = async (world: World) => {
  const schedule = { at: '2027-01-01T00:00:00Z' }
  const draft = { body: 'Hello', audience: { all: true }, schedule }
  return { message: (await world.made('POST', of('/messages')(world), draft)).id }
}
const mirror = async (world: World) => {
  const { origin } = await world.vendor()
  const pushwoosh = { mirror: { mode: 'record', upstream: origin } }
  await world.made('PATCH', of('')(world), { dialects: { pushwoosh } })
  await world.phone()
  return { dialect: 'pushwoosh' }
}
const signature = async (world: World) => {
  const { dialect } = await mirror(world)
  const { signatures } = await world.made('GET', of(`/mirror/${dialect}/summary`)(world))
  return { dialect, signature: String((signatures as readonly { signature: string }[])[0]?.signature) }
}
const pushwoosh = { query: { dialect: 'pushwoosh' } }
const record = async (world: World) => ({
  record: (await world.made('POST', of('/readiness/sign-off')(world), { dialect: 'pushwoosh' })).id,
})
const undo = async (world: World) => {
  const { import: id } = await imported(world)
  return { undo: (await world.made('POST', of(`/imports/${id}/undo`)(world))).id }
}
const event = async (world: World) => {
  const id = await world.phone()
  const { events } = await world.made('GET', of(`/devices/${id}/events`)(world))
  return { event: String((events as readonly { id: string }[])[0]?.id) }
}
const webhook = async (world: World) => ({
  webhook: (
    await world.made('POST', of('/webhooks')(world), { name: 'crm', url: 'https://crm.example.com/' })
  ).id,
})
const dead = async (world: World) => {
  const { webhook: id } = await webhook(world)
  await world.phone('poison')
  await world.twoDaysOfWebhooks()
  const { deliveries } = await world.made('GET', of(`/webhooks/${id}/deliveries`)(world))
  return { webhook: id, delivery: String((deliveries as readonly { id: number }[])[0]?.id) }
}
const backup = async (world: World) => {
  const { id } = await world.made('POST', '/backups')
  for (;;) {
    const { state } = await world.made('GET', `/backups/${id}`)
    if (state !== 'running') return { backup: id }
  }
}
const token = async (world: World) => {
  const name = crypto.randomUUID()
  return { token: (await world.made('POST', '/tokens', { name, role: 'read' })).id }
}
const session = async (world: World) => {
  await world.signIn()
  const { sessions } = await world.made('GET', '/sessions')
  return { session: String((sessions as readonly { id: string }[])[0]?.id) }
}
const SERVER = { place: 'server' } as const
const STUCK = { place: 'stuck' } as const

/** By operation id. */
export const CASES: Readonly<Record<string, readonly Case[]>> = {
  createApp: [{ status: 201 }],
  listApps: [{ status: 200 }],
  getApp: [{ status: 200 }],
  changeApp: [{ status: 200 }, { status: 200, ...DRY }],
  deleteApp: dryAnd204(),
  listCredentials: [{ status: 200, before: credential }],
  addCredential: [{ status: 201 }],
  deleteCredential: dryAnd204(credential),
  listProviders: [{ status: 200, before: withProvider }],
  getProvider: [{ status: 200, before: withProvider }],
  putProvider: [
    { status: 201, before: async () => ({ kind: 'adm' }), body: toVendor },
    { status: 200, before: withProvider, body: toVendor },
  ],
  deleteProvider: dryAnd204(withProvider),
  probeProvider: [{ status: 200, before: withProvider }],
  listDevices: [{ status: 200, before: phone }],
  getDevice: [{ status: 200, before: device }],
  deleteDevice: dryAnd204(device),
  listDeviceEvents: [{ status: 200, before: device }],
  listInstallations: [{ status: 200, before: phone }],
  getInstallation: [{ status: 200, before: installation }],
  listEvents: [
    { status: 200, media: 'application/json', before: phone },
    {
      ...{ status: 200, media: 'text/event-stream', before: phone },
      headers: { Accept: 'text/event-stream' },
    },
  ],
  getUser: [{ status: 200, before: formerUser }],
  eraseUser: dryAnd204(user),
  createImport: [{ status: 202 }],
  listImports: [{ status: 200, before: imported }],
  getImport: [{ status: 200, before: imported }],
  deleteImport: [{ status: 204, before: imported }],
  listImportErrors: [{ status: 200, before: imported }],
  exportDevices: [
    { status: 200, media: 'application/x-ndjson', query: { format: 'ndjson' }, before: phone },
    { status: 200, media: 'text/csv', query: { format: 'csv' }, before: phone },
    { status: 200, media: 'application/json', query: { format: 'parse-json' }, before: phone },
  ],
  sendMessage: [
    { status: 202, before: phone },
    { status: 200, ...DRY, before: phone },
  ],
  listMessages: [{ status: 200, before: message }],
  getMessage: [{ status: 200, before: message }],
  cancelMessage: dryAnd204(message),
  listMessageFailures: [{ status: 200, before: message }],
  getMirrorSummary: [{ status: 200, before: mirror }],
  listMirrorDiffs: [{ status: 200, before: mirror }],
  judgeMirrorSignature: [{ status: 200, before: signature }],
  getReadiness: [
    { status: 200, ...pushwoosh, before: phone },
    { status: 200, before: phone },
    { status: 202, ...pushwoosh, before: phone, ...STUCK },
  ],
  getReadinessCurves: [
    { status: 200, ...pushwoosh, before: phone },
    { status: 202, ...pushwoosh, before: phone, ...STUCK },
  ],
  signReadiness: [
    { status: 201, before: phone },
    { status: 202, before: phone, ...STUCK },
  ],
  listReadinessRecords: [{ status: 200, before: record }],
  getReadinessRecord: [{ status: 200, before: record }],
  printReadinessRecord: [{ status: 200, before: record }],
  undoImport: [
    { status: 200, before: imported },
    { status: 202, before: imported, ...STUCK },
  ],
  listUndos: [{ status: 200, before: undo }],
  undoEvents: [
    { status: 200, before: phone },
    { status: 202, before: phone, ...STUCK },
  ],
  getUndo: [{ status: 200, before: undo }],
  undoEvent: [{ status: 200, ...DRY, before: event }],
  listTopics: [{ status: 200, before: phone }],
  listReceipts: [{ status: 200, before: phone }],
  getStats: [{ status: 200, before: phone }],
  reportFeedback: [{ status: 200, before: phone }],
  listRefusals: [{ status: 200 }],
  listWebhooks: [{ status: 200, before: webhook }],
  createWebhook: [{ status: 201 }],
  revealWebhook: [{ status: 200, before: webhook }],
  changeWebhook: [{ status: 200, before: webhook }],
  removeWebhook: [{ status: 204, before: webhook }],
  replayWebhook: [{ status: 200, before: webhook }],
  listDeliveries: [{ status: 200, before: dead }],
  replayDelivery: [{ status: 204, before: dead }],
  listAudit: [{ status: 200 }],
  startBackup: [{ status: 202, ...SERVER }],
  getBackup: [{ status: 200, before: backup, ...SERVER }],
  deleteBackup: [{ status: 204, before: backup, ...SERVER }],
  readBackup: [{ status: 200, before: backup, ...SERVER }],
  getActivity: [{ status: 200 }],
  watchLive: [{ status: 200 }],
  whoAmI: [{ status: 200 }],
  listTokens: [{ status: 200, before: token }],
  createToken: [{ status: 201 }],
  revokeToken: [{ status: 204, before: token }],
  listSessions: [{ status: 200, before: session }],
  revokeSession: [{ status: 204, before: session }],
  createLoginLink: [{ status: 201 }],
  getStatus: [{ status: 200 }],
  getKeys: [{ status: 200 }],
  rotateKeys: [{ status: 202, ...SERVER }],
}
