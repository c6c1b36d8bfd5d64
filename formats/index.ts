import type { Neighbours } from '../src/transfer/format.ts'
import { airship } from './airship.ts'
import { azure } from './azure.ts'
import { braze } from './braze.ts'
import { onesignal } from './onesignal.ts'
import { onesignalForm } from './onesignal-form.ts'
import { parse } from './parse.ts'
import { parseForm } from './parse-form.ts'
import { posthog } from './posthog.ts'
import { sns, snsForm } from './sns.ts'
import { ups } from './ups.ts'

/** What other vendors export, which can be imported into every dialect, and what they take in. */
export const neighbours: Neighbours = {
  formats: [onesignal, parse, sns, ups, airship, azure],
  forms: [onesignalForm, braze, parseForm, snsForm, posthog],
}
