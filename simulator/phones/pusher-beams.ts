import { createHmac } from 'node:crypto'
import { bytesOf } from '../random.ts'
import { type Call, done, sent } from '../wire.ts'
import { topicsOf } from './phone.ts'
import { keyText, type Script, type Start } from './script.ts'

/**
 * iOS registers at each launch and adopts the interests in the answer; Android registers once, and calls
 * again only after a change. After a 404, both register again and repeat the call.
 */
export const pusherBeamsPhone: Script = {
  dialect: 'pusher-beams',
  tellsAll: false,
  tokenIsDevice: true,
  async start(start) {
    const { phone } = start
    const { told } = phone
    if (phone.kept !== null && told && told.user > 0 && phone.user !== told.user) await cleared(start)
    // After an interrupted start, the server's state is unknown, so everything is sent again.
    if (phone.kept === null || !phone.told || phone.broken) return whole(start)
    if (phone.ios) return launched(start)
    const { told: before } = phone
    if (before.token !== phone.token)
      await change(start, 'PUT', '/token', { token: start.texts.token(phone) })
    if (before.version !== phone.version) await change(start, 'PUT', '/metadata', metadata(start))
    await toggled(start, before.topics)
    if (phone.user > 0 && before.user !== phone.user) await bound(start)
    if (start.chance() < 0.05) await opened(start)
  },
  idOf: ({ kept }) => kept,
  told: (phone, texts) => ({
    ...{ token: texts.token(phone), user: phone.user > 0 ? texts.user(phone) : null },
    ...{ topics: topicsOf(phone.topics), tags: {} },
  }),
}

const devices = ({ keys, phone }: Start) =>
  `/device_api/v1/instances/${keyText(keys, 'instanceId')}/devices/${phone.ios ? 'apns' : 'fcm'}`
const json = { 'content-type': 'application/json; charset=UTF-8' }
const metadata = ({ phone }: Start) =>
  phone.ios
    ? { sdkVersion: phone.version < 2 ? '3.1.0' : '4.0.0', iosVersion: '17.3' }
    : { sdkVersion: phone.version < 2 ? '1.6.0' : '1.9.2', androidVersion: '14' }

/** The registration; iOS and Android store the id in the answer. */
async function register(start: Start): Promise<readonly string[]> {
  const { phone, texts, send } = start
  const more = phone.ios ? { bundleIdentifier: 'com.example.app' } : { knownPreviousClientIds: [] }
  const body = { token: texts.token(phone), ...more, metadata: metadata(start) }
  const answer = await sent(send, { method: 'POST', path: devices(start), headers: json, body })
  if (typeof answer.id !== 'string' || !Array.isArray(answer.initialInterestSet)) {
    throw new Error(`no SDK can read this registration: ${JSON.stringify(answer)}`)
  }
  phone.kept = answer.id
  return answer.initialInterestSet as string[]
}

/** A complete registration, after an installation and after a 404. */
async function whole(start: Start): Promise<void> {
  const { phone } = start
  await register(start)
  const interests = topicsOf(phone.topics)
  await change(start, 'PUT', '/interests', { interests })
  if (phone.user > 0) await bound(start)
}

/** A launch on iOS. */
async function launched(start: Start): Promise<void> {
  const { phone } = start
  const { kept, told } = phone
  const interests = await register(start)
  // A new token is a new device, without interests.
  const before = phone.kept === kept && told ? told.topics : 0
  const wanted = topicsOf(before).sort().join()
  if ([...interests].sort().join() !== wanted) {
    throw new Error(`iOS would lose its interests: it had ${wanted}, and was told ${interests.join()}`)
  }
  await toggled(start, before)
  if (phone.user > 0) await bound(start)
}

async function toggled(start: Start, before: number): Promise<void> {
  const { topics } = start.phone
  for (const name of topicsOf(topics & ~before)) await change(start, 'POST', `/interests/${name}`)
  for (const name of topicsOf(before & ~topics)) await change(start, 'DELETE', `/interests/${name}`)
}

/** A change of a device; if the server does not know it, the SDK registers again and repeats the change. */
async function change(start: Start, method: string, part: string, body?: unknown, own = {}): Promise<void> {
  const { phone, send } = start
  const headers = { ...(body !== undefined && json), ...own }
  const call = (): Call => ({ method, path: `${devices(start)}/${phone.kept}${part}`, headers, body })
  const first = call()
  const reply = await send(first)
  if (reply.status !== 404) return void done(first, reply)
  await register(start)
  const again = phone.told?.topics ?? phone.topics
  const restored = {
    ...call(),
    method: 'PUT',
    path: `${devices(start)}/${phone.kept}/interests`,
    headers: json,
  }
  await sent(send, { ...restored, body: { interests: topicsOf(again) } })
  const user = phone.told?.user ?? 0
  if (user > 0 && part !== '/user') await sent(send, userCall(start, user))
  await sent(send, call())
}

const bound = (start: Start) => {
  const { method, headers } = userCall(start, start.phone.user)
  return change(start, method, '/user', undefined, headers)
}

function userCall(start: Start, generation: number): Call {
  const { phone, keys, texts, now } = start
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = {
    iss: `https://${keyText(keys, 'instanceId')}.pushnotifications.pusher.com`,
    ...{ sub: texts.user(phone, generation), exp: Math.floor(now.getTime() / 1000) + 86_400 },
  }
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`
  const signature = createHmac('sha256', keyText(keys, 'secretKey')).update(signed).digest('base64url')
  const headers = { authorization: `Bearer ${signed}.${signature}` }
  return { method: 'PUT', path: `${devices(start)}/${phone.kept}/user`, headers }
}

/** Sign-out with `clearAllState`, which removes the device. */
async function cleared(start: Start): Promise<void> {
  await sent(start.send, { method: 'DELETE', path: `${devices(start)}/${start.phone.kept}` })
  start.phone.kept = null
  start.phone.told = null
}

async function opened(start: Start): Promise<void> {
  const { phone, keys, now, send } = start
  const publishId = `pubid-${bytesOf(`${phone.n} ${now.getTime()}`).toString('hex').slice(0, 32)}`
  await sent(send, {
    ...{
      method: 'POST',
      path: `/reporting_api/v2/instances/${keyText(keys, 'instanceId')}/events`,
      headers: json,
    },
    body: {
      ...{ event: 'Open', publishId, deviceId: phone.kept, timestampSecs: Math.floor(now.getTime() / 1000) },
      ...{ userId: null, appInBackground: true, hasDisplayableContent: true, hasData: false },
    },
  })
}
