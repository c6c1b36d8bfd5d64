import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { drawn, PAGE } from './architecture.ts'

const page = readFileSync(PAGE, 'utf8')

test('what docs/architecture.md draws is what the code is: `npm run architecture` draws it anew', () => {
  expect(page).toBe(drawn(page))
})

test('every file and folder that it links to is there', () => {
  const targets = [...page.matchAll(/\]\(([^)#]+)\)/g)].map(([, target = '']) => target)
  expect(targets.filter((target) => !existsSync(join(dirname(PAGE), target)))).toEqual([])
  expect(targets.length).toBeGreaterThan(20)
})
