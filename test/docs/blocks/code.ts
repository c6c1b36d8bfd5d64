import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { transformSync } from 'esbuild'
import { expect } from 'vitest'
import { parse } from 'yaml'
import { adapters } from '../../../adapters/index.ts'
import type { Block } from './pages.ts'

/** Checks that brackets and strings are closed, in languages without a parser here. */
function unclosed(text: string): string {
  const open: string[] = []
  const pairs: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }
  const code = text
    .replaceAll(/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g, '')
    .replaceAll(/(^|\s)(?:\/\/|#).*$/gm, '')
  for (const sign of code) {
    if ('([{'.includes(sign)) open.push(sign)
    else if (pairs[sign] !== undefined && open.pop() !== pairs[sign]) return `${sign} closes nothing`
  }
  return `${open.join('')}${code.replaceAll(/[^"']/g, '')}`
}

/** Elements that are not closed, or not in order. */
function unclosedElements(text: string): string[] {
  const open: string[] = []
  const elements = text
    .replaceAll(/<!--[\s\S]*?-->/g, '')
    .matchAll(/<(\/?)([\w-]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g)
  for (const [, ends, name = '', , closed] of elements) {
    if (ends !== '') expect(open.pop()).toBe(name)
    else if (closed === '') open.push(name)
  }
  const rest = text.replaceAll(/<!--[\s\S]*?-->|<\/?[\w-]+(?:\s+[\w:-]+="[^"<]*")*\s*\/?>/g, '')
  return [...open, ...(rest.match(/[<>]/g) ?? [])]
}

const python = spawnSync('python3', ['--version']).error === undefined

/** How a block of each language is checked. */
const READ: Readonly<Record<string, (text: string) => void>> = {
  js: (text) => void transformSync(text, { loader: 'js', supported: { 'top-level-await': true } }),
  ts: (text) => void transformSync(text, { loader: 'ts' }),
  json: (text) => void JSON.parse(text),
  yaml: (text) => expect(parse(text)).toBeTypeOf('object'),
  toml(text) {
    for (const line of text.trim().split('\n'))
      expect(line).toMatch(/^(\[{1,2}[\w.]+\]{1,2}|\w+ = \S.*|#.*|)$/)
  },
  xml: (text) => expect(unclosedElements(text)).toEqual([]),
  properties: (text) => {
    for (const line of text.trim().split('\n')) expect(line).toMatch(/^(#.*|\w+ = \S+)$/)
  },
  // Exists only in Cloudflare's Analytics Engine: its columns must be those that the Worker writes.
  sql(text) {
    expect(unclosed(text.replaceAll(/^--.*$/gm, ''))).toBe('')
    for (const [column] of text.matchAll(/\b(?:blob|double|index)\d+\b/g))
      expect(column).toMatch(/^(blob[1-6]|double[1-3]|index1)$/)
  },
  python(text) {
    expect(unclosed(text)).toBe('')
    if (!python) return
    const { status, stderr } = spawnSync('python3', ['-c', 'import ast,sys; ast.parse(sys.stdin.read())'], {
      input: text,
      encoding: 'utf8',
    })
    expect([status, stderr]).toEqual([0, ''])
  },
  // The tests have no compilers for these: their brackets are checked, and below their addresses.
  ...Object.fromEntries(
    ['swift', 'java', 'kotlin', 'dart', 'csharp', 'go', 'php', 'ruby'].map((language) => [
      language,
      (text: string) => expect(unclosed(text)).toBe(''),
    ]),
  ),
}
export const READABLE: readonly string[] = Object.keys(READ)

/** Why a vendor's host occurs: it has to be replaced, or is called while its app moves. */
const OTHERS = new Set(['api.flameup.ai', 'app.example.com', 'shop.example', 'pushnotifications.pusher.com'])
const served = adapters.flatMap((adapter) => [
  ...adapter.bases,
  ...adapter.routes().routes.map(({ path }) => path),
])

/** Whether the gateway answers below a path that is given to an SDK. */
const isServed = (path: string) =>
  path === '' ||
  path === '/' ||
  served.some((one) => one === path || `${one}/`.startsWith(path) || path.startsWith(`${one}/`))

export function readBlock({ language, text }: Block): void {
  READ[language]?.(text)
  for (const [, host = '', path = ''] of text.matchAll(/https?:\/\/([\w.-]+)(\/[\w./-]*)?/g))
    if (!OTHERS.has(host)) expect([host, path, isServed(path)]).toEqual(['gw.example', path, true])
}

const require = createRequire(import.meta.url)

/** Options in lines for the web and Node, found in the published code of the SDKs. */
export const OPTIONS: readonly (readonly [option: string, file: string])[] = [
  ['endpointOverride', '@pusher/push-notifications-web'],
  ['endpoint', '@pusher/push-notifications-server'],
  ['protocol', '@pusher/push-notifications-server'],
  ['serverURL', 'backendless'],
  ['pushwooshUrl', 'web-push-notifications'],
  ['defaultNotificationImage', 'web-push-notifications'],
]
export const codeOf = (name: string) => readFileSync(require.resolve(name), 'utf8')
