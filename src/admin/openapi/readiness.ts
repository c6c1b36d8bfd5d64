import {
  Readiness,
  ReadinessCounting,
  ReadinessCurves,
  ReadinessList,
  ReadinessRecord,
  ReadinessRecordPage,
} from '../answers/index.ts'
import type { Operations, Parameter } from './operation.ts'
import { DIALECT, PAGE } from './parameters.ts'

const SINCE =
  'Only calls after this time count. The default is when the mode and the URL of the mirror were set; without a mirror, the first import; without imports, when the dialect was added to the app.'
const ACTIVE_DAYS: Parameter = {
  is: 'A device is active if it was used within this many days before its export.',
  schema: { type: 'integer', minimum: 1, maximum: 400, default: 30 },
}
const COUNTING = {
  is: 'A large app is being counted for the first time: call again later.',
  schema: ReadinessCounting,
  headers: { 'Retry-After': 'The number of seconds to wait.' },
}
const ASKED = { since: SINCE, activeDays: ACTIVE_DAYS }
const problems = ['app_unknown', 'invalid'] as const

export const readiness = {
  '/apps/:app/readiness': {
    get: {
      id: 'getReadiness',
      summary: 'Show the progress of a move',
      description:
        'Counts all devices of the dialect at the time of the call. Above 10,000 devices, they are counted in the background and the answer has the time of the count. Without `dialect`, the answer has every dialect of the app, and the 10,000 apply to all of them together.',
      query: {
        dialect: 'Only this dialect.',
        ...ASKED,
        targets:
          'Shares of the active devices for which to estimate a date: up to 10 numbers between 0 and 1, separated by commas.',
      },
      answers: {
        200: { is: 'The readiness; without `dialect`, a list.', schema: [Readiness, ReadinessList] },
        202: COUNTING,
      },
      problems: [...problems],
    },
  },
  '/apps/:app/readiness/curves': {
    get: {
      id: 'getReadinessCurves',
      summary: 'Show the progress of a move by groups of devices',
      query: { dialect: 'The dialect.', ...ASKED },
      answers: { 200: { is: 'The curves.', schema: ReadinessCurves }, 202: COUNTING },
      problems: [...problems],
    },
  },
  '/apps/:app/readiness/sign-off': {
    post: {
      id: 'signReadiness',
      summary: 'Sign off the readiness of a dialect',
      description: 'Stores the current readiness with the name of the caller. Nothing else changes.',
      query: {},
      body: {
        dialect: 'The dialect.',
        since: 'As in `getReadiness`.',
        activeDays: 'As in `getReadiness`.',
        note: 'The reason, up to 2,000 characters.',
      },
      example: { dialect: DIALECT, activeDays: 30, note: 'The contract ends in March.' },
      answers: { 201: { is: 'The record.', schema: ReadinessRecord }, 202: COUNTING },
      problems: [...problems],
    },
  },
  '/apps/:app/readiness/records': {
    get: {
      id: 'listReadinessRecords',
      summary: 'List sign-offs',
      query: PAGE,
      answers: { 200: { is: 'A page of records.', schema: ReadinessRecordPage } },
      problems: ['app_unknown'],
    },
  },
  '/apps/:app/readiness/records/:record': {
    get: {
      id: 'getReadinessRecord',
      summary: 'Show a sign-off',
      query: {},
      answers: { 200: { is: 'The record.', schema: ReadinessRecord } },
      problems: ['app_unknown', 'not_found'],
    },
  },
  '/apps/:app/readiness/records/:record/page': {
    get: {
      id: 'printReadinessRecord',
      summary: 'Show a sign-off as a printable page',
      query: {},
      answers: { 200: { is: 'An HTML page without scripts.', stream: 'text/html' } },
      problems: ['app_unknown', 'not_found'],
    },
  },
} satisfies Operations<`/apps/:app/readiness${'' | '/curves' | '/sign-off' | '/records' | '/records/:record' | '/records/:record/page'}`>
