import type { Operation, Parameter } from '../../src/reference/reference.ts'
import { Code, Keys, Nothing, Preauthorized, Registration, Token } from './reference-answers.ts'
import { answered, authorizing, FOR_FORM, FOR_JSON } from './reference-parts.ts'
import { AssertionForm, Preauthorizing, Registering, TokenForm } from './reference-schemas.ts'

const FORM = 'application/x-www-form-urlencoded'
const CLIENT: Parameter = {
  is: 'The client id from the `Location` header of the registration.',
  example: 'CLIENT_ID',
}
const REDIRECT = 'http://mfpredirecturi'
const SIGNED = {
  signedRegistrationData: { header: 'JWS_HEADER', payload: 'JWS_PAYLOAD', signature: 'JWS_SIGNATURE' },
}
const ASSERTED = { client_assertion: 'CLIENT_ASSERTION' }
const queried = (is: string, example: string): Parameter => ({ in: 'query', is, example, required: true })

/** How an app on a device (section 8) and a back end (section 7) get a token. */
export const authorization: readonly Operation[] = [
  authorizing({
    id: 'registerClient',
    method: 'POST',
    rest: '/registration/v1/self',
    summary: 'Register an app on a device with its own key',
    description: 'Needs no credential: anyone who knows the application id can register.',
    body: { schema: Registering, example: SIGNED },
    answers: answered(201, 'Its id is the last part of `Location`.', Nothing, {}),
    errors: [...FOR_JSON, 'invalid_request'],
    gives: { CLIENT_ID: '@Location' },
    open: true,
  }),
  authorizing({
    id: 'registerClientAgain',
    method: 'PUT',
    rest: '/registration/v1/self/{client}',
    summary: 'Renew a registration, signed with the same key',
    parameters: { client: CLIENT },
    body: { schema: Registering, example: SIGNED },
    answers: answered(200, 'It is changed.', Nothing, {}),
    errors: [...FOR_JSON, 'invalid_request', 'client_unknown'],
    after: ['registerClient'],
  }),
  authorizing({
    id: 'getClient',
    method: 'GET',
    rest: '/registration/v1/self/{client}',
    summary: 'Show a client its registration data',
    parameters: {
      client: CLIENT,
      client_assertion: queried('Signed with the registered key.', 'CLIENT_ASSERTION'),
    },
    answers: answered(200, 'The registration data.', Registration, {
      registration: { device: { id: 'example-device' }, application: { id: 'com.example.app' } },
    }),
    errors: ['invalid_request', 'client_unknown', 'invalid_grant'],
    after: ['registerClient'],
  }),
  authorizing({
    id: 'preauthorize',
    method: 'POST',
    rest: '/preauth/v1/preauthorize',
    summary: 'Ask for the security checks (there are none)',
    description: 'The SDK synchronizes its clock with the answer.',
    body: { schema: Preauthorizing, example: { client_id: 'CLIENT_ID', scope: 'push.mobileclient' } },
    answers: answered(200, 'The time, in milliseconds.', Preauthorized, {
      successes: { clockSynchronization: { serverTimeStamp: 1_764_072_000_000 } },
    }),
    errors: [...FOR_JSON, 'client_unknown'],
    after: ['registerClient'],
  }),
  authorizing({
    id: 'authorize',
    method: 'GET',
    rest: '/az/v1/authorization',
    summary: 'Get an authorization code',
    parameters: {
      response_type: queried('`code`.', 'code'),
      client_id: queried('The client.', 'CLIENT_ID'),
      redirect_uri: queried(
        'The address of the client, or the one that SDKs for Android intercept.',
        REDIRECT,
      ),
      scope: { in: 'query', is: 'The scopes, separated by spaces.', example: 'push.mobileclient' },
    },
    answers: [{ status: 302, is: 'The code is in `Location`.' }],
    errors: ['invalid_request', 'client_unknown', 'response_unknown'],
    after: ['registerClient'],
    gives: { AUTHORIZATION_CODE: '@Location' },
  }),
  authorizing({
    id: 'showCode',
    method: 'GET',
    rest: '/az/v1/authorization/redirect/{client}',
    summary: 'Return the code to the redirected web SDK',
    parameters: { client: CLIENT, code: queried('The code.', 'AUTHORIZATION_CODE') },
    answers: answered(200, 'The code.', Code, { code: 'AUTHORIZATION_CODE' }),
    open: true,
  }),
  authorizing({
    id: 'issueToken',
    method: 'POST',
    rest: '/az/v1/token',
    summary: 'Get an access token',
    description:
      'A back end sends its credentials; an app on a device sends its code and an assertion instead.',
    section: 'mobilefirst, sections 7 and 8',
    credentials: ['confidentialClient'],
    body: {
      media: FORM,
      schema: TokenForm,
      example: {
        grant_type: 'client_credentials',
        scope: 'devices.read push.application.com.example.app',
      },
      others: {
        'Get a token for an app on a device': {
          example: {
            grant_type: 'authorization_code',
            code: 'AUTHORIZATION_CODE',
            redirect_uri: REDIRECT,
            client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
            ...ASSERTED,
          },
          status: 200,
          after: ['authorize'],
          nobody: true,
        },
      },
    },
    answers: answered(200, 'The token.', Token, {
      access_token: 'eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl',
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'devices.read push.application.com.example.app',
    }),
    errors: [
      ...FOR_FORM,
      'client_wrong',
      'client_unknown',
      'invalid_grant',
      'invalid_scope',
      'grant_unknown',
    ],
  }),
  ...['heartbeat', 'logout'].map((name) =>
    authorizing({
      id: name,
      method: 'POST',
      rest: `/preauth/v1/${name}`,
      summary: name === 'logout' ? 'Log a user out' : 'Keep a session alive',
      description: 'Has no effect, because there are no sessions.',
      body: { media: FORM, schema: AssertionForm, example: ASSERTED },
      answers: answered(200, 'The call is accepted.', Nothing, {}),
      errors: [...FOR_FORM, 'client_unknown', 'invalid_grant'],
      after: ['registerClient'],
    }),
  ),
  authorizing({
    id: 'listKeys',
    method: 'GET',
    rest: '/az/v1/keys/{app}',
    summary: 'List the keys for verifying tokens',
    description: 'An addition to the vendor’s API.',
    section: 'mobilefirst, section 7',
    parameters: { app: { is: 'The application.', example: 'com.example.app' } },
    answers: answered(200, 'A key set (RFC 7517).', Keys, {
      keys: [{ kty: 'RSA', kid: 'example', alg: 'RS256' }],
    }),
    errors: ['notFound'],
  }),
]
