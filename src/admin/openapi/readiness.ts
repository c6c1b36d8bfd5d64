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
  'Only calls from then on count. Left out: since the mirror has its mode and address, else since the first import, else since the app has the dialect.'
const ACTIVE_DAYS: Parameter = {
  is: 'A device is active that was used so many days before its export.',
  schema: { type: 'integer', minimum: 1, maximum: 400, default: 30 },
}
const COUNTING = {
  is: 'A large app is being counted for the first time: ask again a little later.',
  schema: ReadinessCounting,
  headers: { 'Retry-After': 'In how many seconds.' },
}
const ASKED = { since: SINCE, activeDays: ACTIVE_DAYS }
const problems = ['app_unknown', 'invalid'] as const

export const readiness = {
  '/apps/:app/readiness': {
    get: {
      id: 'getReadiness',
      summary: 'Show how far a move has come',
      description:
        'Counted over all devices of the dialect at the moment it is asked; of more than 10,000 it is counted in the background, and shown with the time when it was. Without `dialect`, for each dialect of the app, which share those 10,000.',
      query: {
        dialect: 'Only this dialect.',
        ...ASKED,
        targets:
          'Shares of the active devices for which a date is wanted: up to 10 numbers between 0 and 1, with commas between.',
      },
      answers: {
        200: { is: 'How far it has come; without `dialect`, a list.', schema: [Readiness, ReadinessList] },
        202: COUNTING,
      },
      problems: [...problems],
    },
  },
  '/apps/:app/readiness/curves': {
    get: {
      id: 'getReadinessCurves',
      summary: 'Show curves of groups of devices',
      query: { dialect: 'The dialect.', ...ASKED },
      answers: { 200: { is: 'The curves.', schema: ReadinessCurves }, 202: COUNTING },
      problems: [...problems],
    },
  },
  '/apps/:app/readiness/sign-off': {
    post: {
      id: 'signReadiness',
      summary: 'Sign off a readiness',
      description: 'Keeps it as it is now, with who said so; nothing changes by it.',
      query: {},
      body: {
        dialect: 'The dialect.',
        since: 'As for the readiness itself.',
        activeDays: 'As for the readiness itself.',
        note: 'Why, up to 2,000 characters.',
      },
      example: { dialect: DIALECT, activeDays: 30, note: 'The contract ends in March.' },
      answers: { 201: { is: 'The record.', schema: ReadinessRecord }, 202: COUNTING },
      problems: [...problems],
    },
  },
  '/apps/:app/readiness/records': {
    get: {
      id: 'listReadinessRecords',
      summary: 'List what was signed off',
      query: PAGE,
      answers: { 200: { is: 'A page of records.', schema: ReadinessRecordPage } },
      problems: ['app_unknown'],
    },
  },
  '/apps/:app/readiness/records/:record': {
    get: {
      id: 'getReadinessRecord',
      summary: 'Show what was signed off',
      query: {},
      answers: { 200: { is: 'The record.', schema: ReadinessRecord } },
      problems: ['app_unknown', 'not_found'],
    },
  },
  '/apps/:app/readiness/records/:record/page': {
    get: {
      id: 'printReadinessRecord',
      summary: 'Show it as a page to print',
      query: {},
      answers: { 200: { is: 'A page without scripts.', stream: 'text/html' } },
      problems: ['app_unknown', 'not_found'],
    },
  },
} satisfies Operations<`/apps/:app/readiness${'' | '/curves' | '/sign-off' | '/records' | '/records/:record' | '/records/:record/page'}`>
