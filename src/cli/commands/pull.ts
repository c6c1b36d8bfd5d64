import { group } from '../command.ts'
import { textIn } from '../document.ts'
import { usage } from '../faults.ts'
import { backendless } from '../pull/backendless.ts'
import { flameup } from '../pull/flameup.ts'
import { mobileFirst } from '../pull/mobilefirst.ts'
import { type Given, needed, pulling } from '../pull/pulling.ts'
import { pushwoosh } from '../pull/pushwoosh.ts'

const SOURCE_APP = {
  'source-app': {
    type: 'string',
    required: true,
    valueHint: 'ID',
    description: 'The app, by its id at the vendor.',
  },
} as const

export const pull = group('pull', 'Fetches all devices out of the old vendor’s own API, and imports them.', {
  mobilefirst: pulling({
    name: 'mobilefirst',
    is: 'Pulls devices and subscriptions out of a MobileFirst server.',
    args: {
      ...SOURCE_APP,
      client: {
        type: 'string',
        valueHint: 'ID',
        description: 'A confidential client of the server: the secret is then its secret, and no token.',
      },
      'page-size': { type: 'string', valueHint: 'NUMBER', description: 'Rows of a page (500).' },
    },
    examples: [
      'pushport pull mobilefirst shop --from https://mfp.example.com --source-app com.example.shop --client exporter --dry-run',
    ],
    from: null,
    secret: ['MOBILEFIRST_SECRET', 'the access token, or the secret of --client'],
    source: (given) => {
      const { secret, from, args } = given
      const login = typeof args.client === 'string' ? { client: args.client, secret } : { token: secret }
      return mobileFirst({ from, sourceApp: needed(given, 'source-app'), pageSize: pageSize(given), login })
    },
  }),
  flameup: pulling({
    name: 'flameup',
    is: 'Pulls the devices of a Flameup workspace.',
    args: {
      workspace: { type: 'string', required: true, valueHint: 'ID', description: 'The workspace.' },
      people: {
        type: 'string',
        valueHint: 'FILE',
        description: 'Ids of people, one a line: asks person by person, where there is no list of everybody.',
      },
    },
    examples: [
      'pushport pull flameup shop --workspace ws_1',
      'pushport pull flameup shop --workspace ws_1 --people ids.txt',
    ],
    from: 'https://api.flameup.ai',
    secret: ['FLAMEUP_API_KEY', 'a key of the workspace'],
    source: (given) => {
      const { people } = given.args
      const ids = typeof people === 'string' ? linesIn(people) : null
      return flameup({
        from: given.from,
        workspace: needed(given, 'workspace'),
        key: given.secret,
        people: ids,
      })
    },
  }),
  backendless: pulling({
    name: 'backendless',
    is: 'Pulls the registrations of a Backendless app, out of its Data API.',
    args: SOURCE_APP,
    examples: ['pushport pull backendless shop --source-app APP_ID'],
    from: 'https://api.backendless.com',
    secret: ['BACKENDLESS_API_KEY', 'the REST API key of the app'],
    source: (given) =>
      backendless({ from: given.from, sourceApp: needed(given, 'source-app'), key: given.secret }),
  }),
  pushwoosh: pulling({
    name: 'pushwoosh',
    is: 'Lets Pushwoosh export the audience of an app, waits for it, and fetches it.',
    args: {
      ...SOURCE_APP,
      filter: { type: 'string', valueHint: 'EXPRESSION', description: 'Only whom this filter finds.' },
      'filter-code': { type: 'string', valueHint: 'CODE', description: 'Only whom this saved filter finds.' },
    },
    examples: ['pushport pull pushwoosh shop --source-app XXXXX-XXXXX --environment production'],
    from: 'https://api.pushwoosh.com',
    secret: ['PUSHWOOSH_API_TOKEN', 'the API access token'],
    source: (given) => {
      const { filter, 'filter-code': filterCode } = given.args
      const { from, secret: token } = given
      const sourceApp = needed(given, 'source-app')
      if (typeof filterCode === 'string') return pushwoosh({ from, sourceApp, token, filter: { filterCode } })
      const expression = typeof filter === 'string' ? { filterExpression: filter } : null
      return pushwoosh({ from, sourceApp, token, filter: expression })
    },
  }),
})

const linesIn = (file: string): readonly string[] =>
  textIn(file)
    .split(/\r?\n/)
    .filter((line) => line !== '')

function pageSize({ args }: Given): number {
  const size = Number(args['page-size'] ?? 500)
  if (!Number.isInteger(size) || size < 1 || size > 10_000)
    throw usage('--page-size is a whole number from 1 to 10000.')
  return size
}
