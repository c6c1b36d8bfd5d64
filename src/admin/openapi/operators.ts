import {
  ActivityReport,
  LoginLink,
  OperatorKey,
  SessionList,
  Status,
  TokenList,
  Whoami,
} from '../answers/index.ts'
import type { Operations } from './operation.ts'

export const operators = {
  '/whoami': {
    get: {
      id: 'whoAmI',
      summary: 'Show the caller',
      query: {},
      answers: { 200: { is: 'The name and the role of the token or session.', schema: Whoami } },
      problems: [],
    },
  },
  '/tokens': {
    get: {
      id: 'listTokens',
      summary: 'List the named admin tokens',
      query: {},
      answers: { 200: { is: 'All tokens, without their secrets.', schema: TokenList } },
      problems: [],
    },
    post: {
      id: 'createToken',
      summary: 'Create a named admin token',
      description:
        'Create one for each person or program, so that the audit log shows who did what. The limit is 200.',
      query: {},
      body: {
        name: 'The name of its owner: 1 to 100 characters, unique among the tokens.',
        role: 'The role: `read`, `operate` or `admin`.',
      },
      example: { name: 'ann', role: 'read' },
      answers: { 201: { is: 'The token with its secret, which is not shown again.', schema: OperatorKey } },
      problems: ['conflict', 'limit'],
    },
  },
  '/tokens/:token': {
    delete: {
      id: 'revokeToken',
      summary: 'Revoke a named admin token',
      description: 'Its sessions end at once.',
      query: {},
      answers: { 204: { is: 'The token is revoked.' } },
      problems: ['not_found'],
    },
  },
  '/sessions': {
    get: {
      id: 'listSessions',
      summary: 'List the open console sessions',
      query: {},
      answers: { 200: { is: 'The newest 500 sessions.', schema: SessionList } },
      problems: [],
    },
  },
  '/sessions/:session': {
    delete: {
      id: 'revokeSession',
      summary: 'End a console session',
      query: {},
      answers: { 204: { is: 'The session has ended.' } },
      problems: ['not_found'],
    },
  },
  '/login-links': {
    post: {
      id: 'createLoginLink',
      summary: 'Create a sign-in link for the console',
      description: 'The link works once, within 30 minutes, and has the role of the caller.',
      query: {},
      answers: { 201: { is: 'The link.', schema: LoginLink } },
      problems: [],
    },
  },
} satisfies Operations<
  '/whoami' | '/tokens' | '/tokens/:token' | '/sessions' | '/sessions/:session' | '/login-links'
>

export const activity = {
  '/activity': {
    get: {
      id: 'getActivity',
      summary: 'Show hourly activity',
      description: 'Counts are kept for 400 days; a crash loses those of the last seconds.',
      query: {
        app: 'Counts only this app, by its id; 1 to 200 characters. By default, all apps together.',
        hours: {
          is: 'The number of hours, including the current one.',
          schema: { type: 'integer', minimum: 1, maximum: 744, default: 24 },
        },
      },
      answers: { 200: { is: 'The counts.', schema: ActivityReport } },
      problems: ['app_unknown'],
    },
  },
  '/live': {
    get: {
      id: 'watchLive',
      summary: 'Watch registrations and refusals live',
      description:
        'A stream of server-sent events from this process (on Workers, this isolate), named `registered`, `refreshed` and `refused`. From time to time, `here` has the position from which to resume. The stream ends after 5 minutes; resume it with `after`.',
      query: {
        app: 'Only events of this app, by its id; 1 to 200 characters.',
        dialect: 'Only events of this dialect.',
        kind: 'Only events of this kind: `registered`, `refreshed` or `refused`.',
        after: 'The id of the last event received. By default, only new events are sent.',
      },
      answers: { 200: { is: 'The stream.', stream: 'text/event-stream' } },
      problems: [],
    },
  },
  '/status': {
    get: {
      id: 'getStatus',
      summary: 'Show the status of the gateway',
      query: {},
      answers: { 200: { is: 'The version, the URL and the database of the gateway.', schema: Status } },
      problems: [],
    },
  },
} satisfies Operations<'/activity' | '/live' | '/status'>
