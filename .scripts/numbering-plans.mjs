// `npm run numbering-plans`: writes adapters/pushwoosh/numbering-plans.mjs from the data of libphonenumber-js, without
// the patterns that only format a number. Those are half of what the library would add to a Worker.
import { writeFileSync } from 'node:fs'
import metadata from 'libphonenumber-js/min/metadata'

/** Where a plan of the library has its formats. */
const FORMATS = 4

const withoutFormats = (plans) =>
  Object.fromEntries(
    Object.entries(plans).map(([name, plan]) => [name, plan.map((part, at) => (at === FORMATS ? 0 : part))]),
  )

const plans = {
  ...metadata,
  countries: withoutFormats(metadata.countries),
  nonGeographic: withoutFormats(metadata.nonGeographic),
}
writeFileSync(
  process.argv[2] ?? 'adapters/pushwoosh/numbering-plans.mjs',
  `export const numberingPlans = ${JSON.stringify(plans)}\n`,
)
