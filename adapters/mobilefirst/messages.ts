import { de, en, es, fr, it, ja, ko, type MessageKey, ptBR, zhCN, zhTW } from './texts.ts'

/** The documented languages (section 4). */
const LANGUAGES = {
  'en-US': en,
  de,
  fr,
  it,
  ja,
  ko,
  'pt-BR': ptBR,
  es,
  'zh-CN': zhCN,
  'zh-TW': zhTW,
} as const satisfies Record<string, Record<MessageKey, string>>
export type Language = keyof typeof LANGUAGES

const isLanguage = (name: string): name is Language => Object.hasOwn(LANGUAGES, name)
const DOCUMENTED = Object.keys(LANGUAGES).filter(isLanguage)

/** Languages by lower-case range: full name, primary subtag, or script and region. */
const CHOICE: ReadonlyMap<string, Language> = new Map<string, Language>([
  ...DOCUMENTED.map((name) => [name.toLowerCase(), name] as const),
  ['en', 'en-US'],
  ['pt', 'pt-BR'],
  ['zh', 'zh-CN'],
  ['zh-hans', 'zh-CN'],
  ['zh-hant', 'zh-TW'],
  // These use the traditional script, like Taiwan.
  ['zh-hk', 'zh-TW'],
  ['zh-mo', 'zh-TW'],
])

/** Renders a message in a language. */
export const message = (key: MessageKey, name: string, language: Language): string =>
  LANGUAGES[language][key].replace('{name}', () => name)

/** The language preferred by an Accept-Language value; English for unknown or malformed values. */
export function languageOf(accepted: string | undefined): Language {
  const ranges = (accepted ?? '')
    .slice(0, 1000)
    .split(',')
    .map((part, place) => {
      const [tag = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase())
      const weight = parameters.find((one) => one.startsWith('q='))?.slice(2)
      return { tag, quality: weight === undefined ? 1 : Number(weight), place }
    })
    .filter(({ quality }) => quality > 0 && quality <= 1)
    .sort((a, b) => b.quality - a.quality || a.place - b.place)
  for (const { tag } of ranges) {
    const [primary = '', next = ''] = tag.split('-')
    for (const name of [tag, `${primary}-${next}`, primary]) {
      const found = CHOICE.get(name)
      if (found) return found
    }
  }
  return 'en-US'
}
