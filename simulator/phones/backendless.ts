import { Broken, type Call, done, sent } from '../wire.ts'
import { topicsOf } from './phone.ts'
import { keyText, type Script, type Start } from './script.ts'

/**
 * JavaScript and Swift SDKs, whose registrations are REST: one at each start with all channels, and an
 * unregistration at sign-out.
 */
export const backendlessPhone: Script = {
  dialect: 'backendless',
  tellsAll: true,
  async start(start) {
    const { phone, texts, send } = start
    const { told } = phone
    const wanted = channelsOf(phone.topics)
    const fewer = told !== null && channelsOf(told.topics).some((channel) => !wanted.includes(channel))
    // Channels are only ever added; to have fewer, a phone registers again.
    if (told && phone.kept !== null && (fewer || phone.user === 0)) {
      const call: Call = { method: 'DELETE', path: `${registrations(start)}/${texts.id(phone)}` }
      const reply = await send(call)
      if (done(call, reply).result !== true) throw new Broken(call, reply)
      phone.kept = null
    }
    if (phone.user === 0) return
    const call: Call = {
      ...{ method: 'POST', path: registrations(start), headers: { 'content-type': 'application/json' } },
      body: {
        ...{ deviceToken: texts.token(phone), deviceId: texts.id(phone), os: phone.ios ? 'IOS' : 'ANDROID' },
        ...{ osVersion: phone.ios ? '17.3' : '14', channels: wanted },
      },
    }
    const { registrationId } = await sent(send, call)
    // Flutter and Swift split each part at its colons.
    if (
      !String(registrationId)
        .split(',')
        .every((part) => part.includes('::'))
    ) {
      throw new Error(`a registration id without a channel: ${registrationId}`)
    }
    phone.kept = texts.id(phone)
  },
  idOf: ({ kept }) => kept,
  told: (phone, texts) =>
    phone.user > 0
      ? { token: texts.token(phone), user: null, topics: channelsOf(phone.topics), tags: {} }
      : null,
}

const channelsOf = (bits: number) => (bits === 0 ? ['default'] : topicsOf(bits))

function registrations({ keys, phone }: Start): string {
  const { ios = '', js = '' } = keys.apiKeys as Readonly<Record<string, string>>
  return `/${keyText(keys, 'applicationId')}/${phone.ios ? ios : js}/messaging/registrations`
}
