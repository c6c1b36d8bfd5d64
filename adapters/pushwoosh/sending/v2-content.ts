import { isObject, type Json } from '../../../src/wire/json.ts'
import { argument } from '../errors.ts'
import { isOn } from './body.ts'

/** Texts of a platform's content, mapped to members of the older API. */
const TITLES: Readonly<Record<string, string>> = {
  ios: 'ios_title',
  android: 'android_header',
  chrome: 'chrome_title',
  firefox: 'firefox_title',
}
const PLATFORMS = Object.keys(TITLES)

interface Content {
  /** The content as members of the older API. */
  readonly notification: Json
  /** The platforms that have any content. */
  readonly types: readonly string[]
  readonly ignored: readonly string[]
}

/** Converts the payload of the newer API. */
export function contentOf(payload: Json): Content {
  const { content, custom_data: data, open_action: action, preset, ...others } = payload
  const ignored = Object.keys(others).map((name) => `payload.${name}`)
  const shown = isObject(content) ? content : {}
  const link = linkOf(action)
  const notification: Record<string, unknown> = { data, ...(link !== undefined && { link }) }
  if (isOn(shown.silent) || isOn(payload.silent)) {
    const all = { ...notification, ios_silent: 1, android_silent: 1 }
    return { notification: all, types: PLATFORMS, ignored }
  }
  if (!isObject(shown.localized_content)) throw argument(preset ? 'preset not found' : 'content is required')
  if (preset !== undefined) ignored.push('payload.preset')
  const types = new Set<string>()
  for (const [language, byPlatform] of Object.entries(shown.localized_content)) {
    for (const [name, given] of Object.entries(isObject(byPlatform) ? byPlatform : {})) {
      const platform = name.toLowerCase()
      if (!PLATFORMS.includes(platform) || !isObject(given))
        ignored.push(`payload.content.${language}.${name}`)
      else {
        types.add(platform)
        add(notification, platform, language, given)
      }
    }
  }
  return { notification, types: [...types], ignored }
}

/** Texts are kept by language; all other members are taken from the first language that has them. */
function add(notification: Record<string, unknown>, platform: string, language: string, given: Json): void {
  const texts = { title: TITLES[platform], body: `${platform}_content`, subtitle: `${platform}_subtitle` }
  for (const [member, value] of Object.entries(given)) {
    const text = Object.hasOwn(texts, member) ? texts[member as keyof typeof texts] : undefined
    const name = text ?? `${platform}_${member}`
    const before = notification[name]
    if (text) notification[name] = { ...(isObject(before) ? before : {}), [language]: value }
    else notification[name] = before ?? value
  }
}

function linkOf(action: unknown): unknown {
  if (!isObject(action)) return undefined
  const { link = action.url } = action
  return isObject(link) ? link.url : link
}
