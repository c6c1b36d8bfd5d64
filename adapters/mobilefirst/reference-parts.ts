import type * as z from 'zod'
import type { Answer, Operation, Parameter, Refusal } from '../../src/reference/reference.ts'
import { BY_CODE, FAULTS } from './errors.ts'
import { message } from './messages.ts'
import { ApiError, OAuthError } from './reference-answers.ts'
import { basesOf } from './routes.ts'

const [PUSH, RUNTIME] = basesOf('/mfp')
const MOUNTS = [`${PUSH}/v1`, `${RUNTIME}/imfpush/v1`]

type Row = (typeof BY_CODE)[keyof typeof BY_CODE] | (typeof FAULTS)[keyof typeof FAULTS]
const pushFault = ([, status, code, text]: Row, name = ''): Refusal => ({
  status,
  schema: ApiError,
  example: { message: message(text, name, 'en-US'), code, docUrl: '' },
})
const oauthFault = (error: string, text: string, status = 400, code = error.toUpperCase()): Refusal => ({
  status,
  schema: OAuthError,
  example: {
    ...{ error, error_description: text, errorCode: code },
    ...{ errorMsg: text, message: text, code },
  },
})
/** Every error: those of the push service, of the gateway, and of the authorization server. */
export const faults: Readonly<Record<string, Refusal>> = Object.fromEntries([
  ...Object.entries(BY_CODE).map(([name, row]) => [name, pushFault(row)]),
  ...Object.entries(FAULTS).map(([name, row]) => [name, pushFault(row, 'example')]),
  ['invalid_request', oauthFault('invalid_request', 'client_assertion is missing or malformed.')],
  ['client_wrong', oauthFault('invalid_client', 'The client is not authenticated.', 401)],
  ['client_unknown', oauthFault('invalid_client', 'There is no such client.', 400, 'INVALID_CLIENT_ID')],
  ['invalid_grant', oauthFault('invalid_grant', 'The code is not valid.')],
  ['invalid_scope', oauthFault('invalid_scope', 'The client may not have this scope.')],
  ['grant_unknown', oauthFault('unsupported_grant_type', 'This grant type is not supported.')],
  ['response_unknown', oauthFault('unsupported_response_type', 'response_type must be code.')],
])
export const ALWAYS = ['bad_path', 'header_too_large', 'rate_limited', 'internal', 'unavailable']
export const FOR_JSON = ['badJson', 'badKind', 'badValue', 'too_large']
export const FOR_FORM = ['invalid_request', 'too_large']

const APPLICATION: Parameter = {
  is: 'The application: a package name or bundle id.',
  example: 'com.example.app',
}
/** The criteria and the paging of lists. */
export const FILTER: Parameter = {
  in: 'query',
  is: 'For example `platform==A` (equals) or `tagName=@news` (contains). A comma means OR; several parameters mean AND.',
  example: '',
}
export const PAGING: Readonly<Record<string, Parameter>> = {
  offset: { in: 'query', is: 'The first item, from 0.', example: '0' },
  size: { in: 'query', is: 'The number of items, from 1; all by default.', example: '10' },
}
export const EXPAND: Parameter = {
  in: 'query',
  is: 'Accepted, also as `expend`, without effect: answers are always complete.',
  example: '',
}
export const exact = (name: string): Parameter => ({
  in: 'query',
  is: `Only items of this ${name}.`,
  example: '',
})

const mountedBelow = (bases: readonly string[], rest: string, ends = ['', '/']): readonly string[] =>
  bases.flatMap((base) => ends.map((end) => base + rest.replace(/\{(\w+)\}/g, ':$1') + end))

type Told = Omit<Operation, 'credentials' | 'path' | 'section'> &
  Partial<Operation> & {
    /** The path below `/apps/{app}`, or the whole path of an operation without an application. */
    readonly rest: string
    readonly scope: string
    /** Whether apps on devices may use it. */
    readonly mobile?: true
    /** Whether `Accept` is ignored. */
    readonly anyType?: true
    /** Whether a trailing slash makes it a different path. */
    readonly exact?: true
  }

/** An operation of the push service. */
export function operation({ rest, scope, mobile, anyType, exact, ...of }: Told): Operation {
  const inApp = !rest.startsWith('/apps')
  const path = (inApp ? '/apps/{app}' : '') + rest
  return {
    ...of,
    section: of.section ?? 'mobilefirst, section 3',
    path: MOUNTS[0] + path,
    mounted: mountedBelow(MOUNTS, path, exact ? [''] : ['', '/']),
    also: [MOUNTS[1] + path],
    description: [of.description, `Scope: \`${scope}\`.`].filter(Boolean).join(' '),
    credentials: of.credentials ?? ['accessToken', mobile ? 'clientSecret' : 'appSecret'],
    parameters: { ...(inApp && { app: APPLICATION }), ...of.parameters },
    errors: [
      ...['unauthorized', 'forbidden'],
      ...(inApp ? ['notFound'] : []),
      ...(anyType ? [] : ['notAcceptable']),
      ...(of.body ? ['mediaType', ...FOR_JSON] : []),
      ...(of.errors ?? []),
    ],
  }
}

type ToldAuthorization = Omit<Operation, 'credentials' | 'path' | 'section'> &
  Partial<Operation> & { readonly rest: string }

/** An operation of the authorization server, below the runtime context. */
export const authorizing = ({ rest, ...of }: ToldAuthorization): Operation => ({
  section: 'mobilefirst, section 8',
  credentials: [],
  ...of,
  path: RUNTIME + rest,
  mounted: mountedBelow([RUNTIME], rest),
})

/** The mount of the health check. */
export const HEALTH = { path: `${MOUNTS[0]}/health/status`, mounted: mountedBelow(MOUNTS, '/health/status') }

export const answered = (
  status: number,
  is: string,
  schema: z.ZodType,
  example: unknown,
): readonly Answer[] => [{ status, is, schema, example }]
export const GONE: readonly Answer[] = [{ status: 204, is: 'Deleted.' }]

export const HREF = 'https://gw.example/imfpush/v1/apps/com.example.app'
export const TIMES = { createdTime: '2026-11-25T12:00:00Z', lastUpdatedTime: '2026-11-25T12:00:00Z' }
export const PAGE_INFO = { count: '1', totalCount: '1', next: '', previous: '' }
export const DEVICE = {
  deviceId: 'example-device',
  token: 'example-fcm-token',
  platform: 'G',
  userId: 'anonymous',
  createdMode: 'API',
  ...TIMES,
  href: `${HREF}/devices/example-device`,
}
