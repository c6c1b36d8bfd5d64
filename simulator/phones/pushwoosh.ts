import { Broken, type Call, done } from '../wire.ts'
import { topicsOf, versionOf } from './phone.ts'
import { keyText, type Script, type Start } from './script.ts'

/**
 * Android 6 and iOS 7: a registration and an app-open event at each start, and tags and users when they
 * change.
 */
export const pushwooshPhone: Script = {
  dialect: 'pushwoosh',
  tellsAll: true,
  async start(start) {
    const { phone, texts, chance } = start
    const { told } = phone
    await call(start, 'registerDevice', {
      ...described(start),
      device_type: phone.ios ? 1 : 3,
      push_token: texts.token(phone),
      tags: undefined,
    })
    await call(start, 'applicationOpen', described(start))
    if (told?.user !== phone.user && (told || phone.user > 0)) {
      await call(start, 'registerUser', { userId: userOf(start) })
    }
    if (told?.level !== phone.level || told?.topics !== phone.topics) {
      await call(start, 'setTags', { tags: { Level: phone.level, Favourites: topicsOf(phone.topics) } })
    }
    if (!told || chance() < 0.3) {
      await call(start, 'setTags', { tags: { Launches: { operation: 'increment', value: 1 } } })
      phone.launches++
    }
  },
  idOf: (phone, texts) => texts.id(phone),
  told: (phone, texts) => ({
    token: texts.token(phone),
    user: phone.user > 0 ? texts.user(phone) : null,
    topics: [],
    tags: { Level: phone.level, Favourites: topicsOf(phone.topics), Launches: phone.launches },
  }),
}

/** The SDK sends the user in every request; without one, it sends the hwid. */
const userOf = ({ phone, texts }: Start) => (phone.user > 0 ? texts.user(phone) : texts.id(phone))

const described = ({ phone }: Start) => ({
  ...{ v: phone.ios ? '7.1.3' : '6.10.0', language: phone.n % 3 === 0 ? 'de' : 'en', timezone: 3600 },
  ...{ app_version: versionOf(phone), device_model: phone.ios ? 'iPhone15,3' : 'Pixel 8' },
  os_version: phone.ios ? '17.3' : '14',
})

async function call(start: Start, method: string, members: object): Promise<void> {
  const { phone, texts, keys, send } = start
  const request = {
    ...{ application: keyText(keys, 'applicationCode'), hwid: texts.id(phone), userId: userOf(start) },
    ...members,
  }
  const made: Call = {
    ...{ method: 'POST', path: `/json/1.3/${method}`, body: { request } },
    headers: {
      'content-type': 'application/json; charset=utf-8',
      authorization: phone.ios ? 'Token (null)' : 'Token null',
    },
  }
  const reply = await send(made)
  const body = done(made, reply)
  if (body.status_code !== 200) throw new Broken(made, reply)
}
