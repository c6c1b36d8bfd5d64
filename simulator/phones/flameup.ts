import { type Call, done, sent } from '../wire.ts'
import { versionOf } from './phone.ts'
import { type Keys, keyText, type Script } from './script.ts'

/**
 * As the vendor's page describes: a sign-in registers, a sign-out removes the token, and a new token is a new
 * registration.
 */
export const flameupPhone: Script = {
  dialect: 'flameup',
  tellsAll: true,
  async start(start) {
    const { phone, texts, send } = start
    const { told } = phone
    if (told && told.user > 0 && phone.user !== told.user) {
      const path = `${devices(texts.user(phone, told.user))}/${encodeURIComponent(texts.token(phone, told.token))}`
      const call: Call = { method: 'DELETE', path, headers: headers(start.keys) }
      const reply = await send(call)
      // According to that page, an unknown token is not an error.
      if (reply.status !== 404) done(call, reply)
      phone.kept = null
    }
    if (phone.user === 0) return
    await sent(send, {
      ...{ method: 'POST', path: devices(texts.user(phone)), headers: headers(start.keys) },
      body: {
        ...{ token: texts.token(phone), platform: phone.ios ? 'ios' : 'android' },
        ...{ os_version: phone.ios ? '17.3' : '14', app_version: versionOf(phone) },
      },
    })
    phone.kept = texts.token(phone)
  },
  idOf: ({ kept }) => kept,
  told: (phone, texts) =>
    phone.user > 0 ? { token: texts.token(phone), user: texts.user(phone), topics: [], tags: {} } : null,
}

const devices = (person: string) => `/api/v1/people/${person}/devices`

function headers(keys: Keys): Readonly<Record<string, string>> {
  const [first] = keys.apiKeys as readonly { readonly key: string }[]
  return { 'content-type': 'application/json', authorization: `Bearer ${keyText({ ...first }, 'key')}` }
}
