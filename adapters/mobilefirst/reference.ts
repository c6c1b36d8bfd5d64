import type { Reference } from '../../src/reference/reference.ts'
import * as answers from './reference-answers.ts'
import { authorization } from './reference-authorization.ts'
import { onDevices } from './reference-devices.ts'
import { ofSending } from './reference-messages.ts'
import { ALWAYS, faults } from './reference-parts.ts'
import { ofBackEnds } from './reference-server.ts'

export const mobileFirstReference: Reference = {
  dialect: 'mobilefirst',
  title: 'IBM MobileFirst',
  description: [
    'The push API of IBM MobileFirst (imfpush) and the part of its authorization server that apps need. `/mfp` is the context of the runtime, which the setting `MFP_CONTEXT` names.',
    'Paths may end with a slash, except when an application is deleted. A body of another type is answered with 405, and an `Accept` header without JSON with 406.',
    'Vendor rules that a schema cannot express are in the recipe: docs/recipes/mobilefirst.md.',
  ].join('\n\n'),
  credentials: {
    accessToken: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: 'A token of `/mfp/api/az/v1/token`, of a back end or of an app on a device.',
    },
    confidentialClient: {
      type: 'http',
      scheme: 'basic',
      description: 'The id and the secret of a confidential client.',
    },
    appSecret: {
      type: 'apiKey',
      in: 'header',
      name: 'appSecret',
      description: 'The secret of a back end in the IBM Cloud variant.',
    },
    clientSecret: {
      type: 'apiKey',
      in: 'header',
      name: 'clientSecret',
      description: 'The secret in apps of the IBM Cloud variant.',
    },
  },
  // A fixed order, whichever bundler is used.
  schemas: Object.fromEntries(Object.entries(answers).sort(([a], [b]) => (a < b ? -1 : 1))),
  faults,
  always: ALWAYS,
  operations: [...onDevices, ...ofBackEnds, ...ofSending, ...authorization],
  left: [],
}
