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
      summary: 'Show who makes this call',
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
      answers: { 200: { is: 'All of them, without the tokens themselves.', schema: TokenList } },
      problems: [],
    },
    post: {
      id: 'createToken',
      summary: 'Create a named admin token',
      description: 'For one person or program each, so that the audit tells who did what. There may be 200.',
      query: {},
      body: {
        name: 'Whose it is: 1 to 100 characters, and no other token’s.',
        role: 'What it allows: `read`, `operate` or `admin`.',
      },
      example: { name: 'ann', role: 'read' },
      answers: { 201: { is: 'The token, this once with its secret.', schema: OperatorKey } },
      problems: ['conflict', 'limit'],
    },
  },
  '/tokens/:token': {
    delete: {
      id: 'revokeToken',
      summary: 'Revoke a named admin token',
      description: 'Its sessions end with it, at once.',
      query: {},
      answers: { 204: { is: 'The token is revoked.' } },
      problems: ['not_found'],
    },
  },
  '/sessions': {
    get: {
      id: 'listSessions',
      summary: 'List the open sessions of the console',
      query: {},
      answers: { 200: { is: 'The newest 500.', schema: SessionList } },
      problems: [],
    },
  },
  '/sessions/:session': {
    delete: {
      id: 'revokeSession',
      summary: 'End a session of the console',
      query: {},
      answers: { 204: { is: 'The session is over.' } },
      problems: ['not_found'],
    },
  },
  '/login-links': {
    post: {
      id: 'createLoginLink',
      summary: 'Make a link that signs in to the console',
      description: 'Opens one session with the role of the caller, within 30 minutes.',
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
      summary: 'Show how often things happened, by the hour',
      description: 'From counts that are kept for 400 days; a crash loses the last seconds of them.',
      query: {
        app: 'Only of this app, by its id; 1 to 200 characters. Else of all apps together.',
        hours: {
          is: 'How many hours, this one among them.',
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
      summary: 'Watch registrations and refusals as they come',
      description:
        'A stream of server-sent events of this process (on Workers: of this isolate), named `registered`, `refreshed` and `refused`; `here` tells from time to time where to go on. It ends after 5 minutes: begin again with `after`.',
      query: {
        app: 'Only of this app, by its id; 1 to 200 characters.',
        dialect: 'Only of this dialect.',
        kind: 'Only of this kind: `registered`, `refreshed` or `refused`.',
        after: 'The id of the last event that was seen; else from now on.',
      },
      answers: { 200: { is: 'The stream.', stream: 'text/event-stream' } },
      problems: [],
    },
  },
  '/status': {
    get: {
      id: 'getStatus',
      summary: 'Show the gateway itself',
      query: {},
      answers: { 200: { is: 'Its version, its address and its database.', schema: Status } },
      problems: [],
    },
  },
} satisfies Operations<'/activity' | '/live' | '/status'>
