import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parsePhoneNumberFromString as withPlans } from 'libphonenumber-js/core'
import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import { expect, test } from 'vitest'
import { numberingPlans } from '../../../adapters/pushwoosh/numbering-plans.mjs'
import { temporaryFolder } from '../../harness/process.ts'

test('the numbering plans are what `npm run numbering-plans` writes', () => {
  const written = join(temporaryFolder(), 'plans.mjs')
  execFileSync(process.execPath, ['.scripts/numbering-plans.mjs', written])
  expect(readFileSync('adapters/pushwoosh/numbering-plans.mjs', 'utf8')).toBe(readFileSync(written, 'utf8'))
})

test('a number is valid by these plans if it is by all that the library knows', () => {
  const codes = Object.keys({ ...numberingPlans.country_calling_codes, ...numberingPlans.nonGeographic })
  // The same digits in every run, spread over all lengths.
  let seed = 1
  const digit = () => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed % 10
  }
  const numbers = codes.flatMap((code) =>
    Array.from({ length: 50 }, (_, at) => `+${code}${Array.from({ length: 5 + (at % 8) }, digit).join('')}`),
  )
  const valid = numbers.filter((number) => parsePhoneNumberFromString(number)?.isValid())
  expect(valid.length).toBeGreaterThan(500)
  expect(numbers.filter((number) => withPlans(number, numberingPlans)?.isValid())).toEqual(valid)
})
