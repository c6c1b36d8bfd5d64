import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { adapters } from '../../adapters/index.ts'

const readme = readFileSync('README.md', 'utf8')
const blocks = (text: string) =>
  [...text.matchAll(/^```sh[^\n]*\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code)

test('the README opens with the two commands', () => {
  expect(blocks(readme)[0]).toMatch(/^npm start [^\n]*\nnpm test [^\n]*\n$/)
})

test('every page that the README links is there', () => {
  const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path = '']) => path)
  expect(links.filter((path) => !existsSync(path))).toEqual([])
})

test.each(adapters.map(({ name }) => name))('the README leads to the recipe of %s', (name) => {
  expect(readme).toContain(`docs/recipes/${name}.md`)
})

test('the commands of a deployment are those that the page about it explains', () => {
  const [first = ''] = blocks(readFileSync('docs/deploy-cloudflare.md', 'utf8'))
  expect(blocks(readme)).toContain(first)
})

test('every variable is in the README', () => {
  const shape =
    /const Environment = z\.object\(\{([\s\S]*?)^\}\)/m.exec(readFileSync('src/config.ts', 'utf8'))?.[1] ?? ''
  const names = [...shape.matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name = '']) => name)
  expect(names.length).toBeGreaterThan(10)
  expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([])
})
