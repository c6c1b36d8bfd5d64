import type { AppDocument } from '../../harness/harness.ts'

/** How a block of commands is tested, if it does not simply run and succeed. */
export type How =
  /** It runs, and prints this. */
  | RegExp
  /** It runs until it is stopped, and prints this before. */
  | { readonly serves: RegExp }
  /** Another test runs it, for this reason: the file, and what it takes from the page. */
  | { readonly ranBy: string; readonly takes: string }
  /** The page shows a call that succeeds only later; here it is refused like this. */
  | { readonly refused: RegExp }

/**
 * How someone follows a page: each from its first block to its last, in an empty folder, with an app called
 * "shop".
 */
export interface Walk {
  /** The app's dialects; with none there is no app. */
  readonly dialects?: AppDocument['dialects']
  /** What the reader has before the first block, as commands. */
  readonly before?: string
  /** The reader's replacements of texts of the page, in this order. */
  readonly fill?: Readonly<Record<string, string>>
  /** Blocks, by words in them. */
  readonly blocks?: readonly (readonly [words: string, how: How])[]
}

const UUID = '0f0e0d0c-0b0a-4908-8706-050403020100'
const HEX = '5bd1bb3f2cf9d3a5e4c3b2a1908f7e6d5c4b3a29181706f5e4d3c2b1a0998877'
const LISTED = [
  ['/devices?dialect=', /"devices":\[/],
  ['/refusals?', /"refusals":\[/],
] as const
const CSV = (name: string) =>
  `printf 'id,token,os\\nphone-1,%s,android\\n' "$(printf 'a%.0s' $(seq 140))" > ${name}
echo '{"externalId":"id","token":"token","platform":"os"}' > mapping.json`

const guide = (dialect: string, before = '', fill: Walk['fill'] = {}): Walk => ({
  dialects: { [dialect]: {} },
  before,
  fill,
  blocks: [
    // One rehearsal is run; the options of the others are checked, and the story has its own test.
    dialect === 'pusher-beams'
      ? ['demo:migration', /lost or wrong: 0/]
      : [
          'demo:migration',
          { ranBy: 'test/house/vendor-guides.node.test.ts', takes: 'npm run demo:migration' },
        ],
    ['"mode":"forward"', /"mode":"forward"/],
    ['"mode":"record"', /"mode":"record"/],
    ['"mode":"local"', /"dialects"/],
    ['diffs?severity', /"diffs":\[/],
    ['readiness?dialect', new RegExp(`"dialect":"${dialect}"`)],
    ['sign-off', /contract ends/],
  ],
})

const FLAMEUP = { flameup: { apiKeys: [{ scopes: ['devices:write'] }] } }

const MOBILEFIRST = {
  applicationId: 'com.example.shop',
  clients: [
    {
      ...{ clientId: 'backend', clientSecret: 'a-secret-of-the-backend' },
      scopes: ['settings.write', 'push.application.com.example.shop'],
    },
  ],
}

export const WALKS: Readonly<Record<string, Walk>> = {
  'README.md': {
    fill: {
      '<uuid>': UUID,
      '<hex>': HEX,
    },
    blocks: [
      ['npm start\nnpm test', { ranBy: 'test/node/packaging.node.test.ts', takes: 'npm' }],
      [
        'ALLOW_PRIVATE_TARGETS=on npm start',
        { ranBy: 'test/edge/demo-push.node.test.ts', takes: 'See a push arrive' },
      ],
      ['npm run demo:push', { ranBy: 'test/edge/demo-push.node.test.ts', takes: 'See a push arrive' }],
      ['export API_KEY=', { ranBy: 'test/edge/demo-push.node.test.ts', takes: 'See a push arrive' }],
      ['@data/demo-push/fcm.json', { ranBy: 'test/edge/demo-push.node.test.ts', takes: 'See a push arrive' }],
      ['"name":"shop"', /"id":"/],
      ['/devices?limit=5', /"devices":\[[\s\S]*"refusals":\[/],
    ],
  },
  'CONTRIBUTING.md': {},
  'docs/backup.md': {
    blocks: [
      ['pushport backup', /pushport-2026-11-29\.db/],
      ['pushport restore', /data\/pushport\.db/],
    ],
  },
  'docs/cli.md': {
    before: 'pushport export shop devices.ndjson',
    blocks: [['pushport login', /shop/]],
  },
  'docs/deploy-cloudflare.md': {
    dialects: {},
    before: 'mkdir -p data/cloudflare && cp data/admin-token data/cloudflare/admin-token',
    fill: { 'postgres://push:secret@db.example.com/pushport': '$POSTGRES' },
    blocks: [
      [
        'wrangler dev --local',
        { ranBy: 'test/edge/deploy.node.test.ts', takes: 'docs/deploy-cloudflare.md' },
      ],
      ['readyz', /"status":"ready"/],
      ['sh data/first-devices.sh', /"dialect":"flameup","externalId"/],
      ['pushport schema', /^made$/m],
    ],
  },
  'docs/events.md': {
    dialects: FLAMEUP,
    fill: { 'https://crm.example.com': '$VENDOR' },
    blocks: [
      ['events shop --after start --follow', { serves: /registered/ }],
      ['after=start&wait=25', /"kind":"registered"/],
      ['webhook add', /whsec_/],
      ['webhook list', /crm/],
      ['--delivery 4711', { refused: /4711|no such|not found|nothing/i }],
    ],
  },
  'docs/export.md': { dialects: FLAMEUP, blocks: [['format=ndjson', /^/]] },
  'docs/import.md': {
    fill: { 'https://mfp.example.com': '$VENDOR' },
    dialects: { pushwoosh: {}, backendless: {}, flameup: {}, mobilefirst: {} },
    before: `cat > export_segment.csv <<'END'
Hwid,User ID,Push Token,Type,Type (humanized),Level
hwid-1,anna,${'x'.repeat(140)},3,Android,7
END`,
    blocks: [
      ['dryRun=true', /"dryRun":true/],
      ['pull mobilefirst', /created/],
    ],
  },
  'docs/index.md': { blocks: [['npx pushport --demo', { serves: /curl [\s\S]*listens on|listens on/ }]] },
  'docs/keys.md': {},
  'docs/limits.md': {},
  'docs/mirror.md': { dialects: { pushwoosh: {} }, blocks: [['PATCH', /"mode":"forward"/]] },
  'docs/migrate.md': {
    blocks: [['', { ranBy: 'test/house/migrate.node.test.ts', takes: 'docs/migrate.md' }]],
  },
  'docs/operations.md': {
    blocks: [
      ['PUSHPORT_PUBLIC_URL', { serves: /listens on/ }],
      ['OTEL_EXPORTER_OTLP_ENDPOINT', { serves: /listens on/ }],
    ],
  },
  'docs/push-services.md': {
    dialects: FLAMEUP,
    before: `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out data/AuthKey.p8 2> data/log
export DEVICE=$(curl -s "$ORIGIN/admin/v1/apps/$APP/devices" -H "Authorization: Bearer $PUSHPORT_ADMIN_TOKEN" \\
  | node -pe 'JSON.parse(fs.readFileSync(0)).devices[0].id')`,
    fill: {
      'the id of the app': '$APP',
      '<key id>': 'ABCDE12345',
      '<team id>': 'ABCDE12345',
      '<bundle id>': 'com.example.shop',
      '<password>': 'pässword',
      '<you@your.domain>': 'ops@shop.example',
      '<id of a device>': `'$DEVICE'`,
    },
    blocks: [
      ['"fcm"', /"kind":"fcm"/],
      ['AuthKey.p8', /"kind":"apns"/],
      ['certificate.p12', /"kind":"apns"/],
      ['"webpush"', /"kind":"webpush"/],
      ['"dryRun":true', /"audience"|"phones"/],
      ['APNS_RELAY_KEY=$(cat', { serves: /listens on/ }],
    ],
  },
  'docs/readiness.md': {
    dialects: { pushwoosh: {} },
    blocks: [['readiness?dialect', /"dialect":"pushwoosh"/]],
  },
  'docs/replay.md': {
    blocks: [
      ['RECORD_SHARE=0.01', { serves: /listens on/ }],
      ['pushport replay', /./],
    ],
    before: `export PUSHPORT_AUTHORIZATION="Bearer $API_KEY"
mkdir -p data/recorded
until grep -m1 people "$RECORDED" > data/recorded/recorded-000001.ndjson; do sleep 0.2; done`,
  },
  'docs/scaling.md': {
    before: 'pushport backup data/pushport.db',
    fill: { 'postgres://push:secret@db.example.com/pushport': '$POSTGRES' },
    blocks: [['pushport move', /devices/]],
  },
  'docs/undo.md': {
    dialects: FLAMEUP,
    before: `${CSV('tokens.csv')}
pushport import shop tokens.csv --format csv --dialect flameup --mapping mapping.json
admin() { curl -s "$ORIGIN/admin/v1/apps/$APP/$1" -H "Authorization: Bearer $PUSHPORT_ADMIN_TOKEN" | node -pe "JSON.parse(fs.readFileSync(0)).$2"; }
export IMPORT=$(admin imports 'imports[0].id')
sed 's/aaa/bbb/; s/phone-1/phone-2/' tokens.csv > more.csv
pushport import shop more.csv --format csv --dialect flameup --mapping mapping.json
export DEVICE=$(admin devices 'devices[0].id')
export EVENT=$(admin devices/$DEVICE/events 'events[0].id')`,
    fill: { '0198…': '$IMPORT', EVENT: '$EVENT' },
  },
  'docs/recipes/backendless.md': {
    before: `export APP_ID=${UUID} REST_API_KEY=11111111-1111-4111-8111-111111111111 DEVICE_ID=phone-1`,
    fill: {
      '<application id>': UUID,
      '"rest":"…","js":"…","android":"…","ios":"…"': [1, 2, 3, 4]
        .map(
          (n) =>
            `"${['', 'rest', 'js', 'android', 'ios'][n]}":"${`${n}`.repeat(8)}-1111-4111-8111-111111111111"`,
        )
        .join(','),
      '"deviceToken":"…","deviceId":"…"': '"deviceToken":"token-of-phone-1","deviceId":"phone-1"',
    },
    blocks: [['messaging/registrations', /phone-1/], ['messaging/news', /messageId/], ...LISTED],
  },
  'docs/recipes/flameup.md': {
    before: 'export API_KEY=ws_live_0123456789abcdef PERSON=ann',
    fill: {
      'ws_live_…","scopes":["devices:write"]':
        'ws_live_0123456789abcdef","scopes":["devices:write","campaigns:trigger"]',
      '"token":"…"': `"token":"${'0a'.repeat(32)}"`,
    },
    blocks: LISTED,
  },
  'docs/recipes/mobilefirst.md': {
    before: 'export CLIENT_ID=backend CLIENT_SECRET=a-secret-of-the-backend',
    fill: { '"clientSecret": "…"': '"clientSecret": "a-secret-of-the-backend"' },
    blocks: [['az/v1/token', /"access_token"/], ...LISTED],
  },
  'docs/recipes/pusher-beams.md': { fill: { '<instance id>': UUID, '<secret key>': HEX }, blocks: LISTED },
  'docs/recipes/pushwoosh.md': {
    fill: {
      'XXXXX-XXXXX': 'SHOP1-00001',
      '<API token>': 'an-api-token-0123456789',
    },
    blocks: LISTED,
  },
  'docs/vendors/backendless.md': guide(
    'backendless',
    `echo 'deviceId,deviceToken,operatingSystemName,operatingSystemVersion,channelName,expiration,created,updated,objectId' > DeviceRegistration.csv`,
    { '2027-01-04T09:00:00Z': '2026-11-01T09:00:00Z' },
  ),
  'docs/vendors/flameup.md': guide('flameup'),
  'docs/vendors/mobilefirst.md': {
    ...guide(
      'mobilefirst',
      `export TOKEN_OF_CLIENT=$(curl -s $ORIGIN/mfp/api/az/v1/token -u backend:a-secret-of-the-backend \\
  -d grant_type=client_credentials --data-urlencode "scope=settings.write push.application.com.example.shop" \\
  | node -pe 'JSON.parse(fs.readFileSync(0)).access_token')`,
      { 'https://mfp.example.com': '$VENDOR', ACCESS_TOKEN: '$TOKEN_OF_CLIENT' },
    ),
    dialects: { mobilefirst: MOBILEFIRST },
  },
  'docs/vendors/pusher-beams.md': guide('pusher-beams', CSV('tokens.csv'), {
    INSTANCE_ID: UUID,
  }),
  'docs/vendors/pushwoosh.md': guide('pushwoosh'),
}

/** Blocks that are neither commands nor code: what tests them, by page and words in them. */
export const SHOWN: readonly (readonly [page: string, words: string, why: string, heldBy: string])[] = [
  ['README.md', 'installed apps', 'a drawing', 'test/docs/blocks.node.test.ts'],
  [
    'docs/architecture.md',
    'adapters/<dialect>',
    'a drawing; each folder in it is there',
    'test/docs/blocks.node.test.ts',
  ],
  ['docs/cli.md', 'USAGE', 'what --help prints', 'test/house/reference.node.test.ts'],
  ['docs/console.md', 'opens once', 'what the first start prints', 'test/docs/blocks.node.test.ts'],
]
