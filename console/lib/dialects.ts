/** How shipped apps are moved to the gateway: without a release, with the next one, or not at all. */
export type Moves = 'push' | 'release' | 'never'

export interface Way {
  readonly platform: string
  readonly moves: Moves
  readonly how: string
  readonly lines?: (of: Setup) => string
}

export interface Setup {
  /** The gateway's base URL, without a trailing slash. */
  readonly origin: string
  readonly host: string
  /** The member of the app's document with the identifier that the SDK uses. */
  readonly id: string
  readonly vapid: string
}

export interface Dialect {
  readonly name: string
  readonly platforms: string
  readonly id?: { readonly member: string; readonly label: string }
  readonly ways: readonly Way[]
}

const curl = ({ origin, id }: Setup, path: string, body: string) =>
  `curl ${origin}${path.replace('ID', id)} \\\n  -H 'Content-Type: application/json' \\\n  -d '${body.replace('ID', id)}'`

const beams: Dialect = {
  name: 'Pusher Beams',
  platforms: 'iOS, Android, web',
  id: { member: 'instanceId', label: 'instance id' },
  ways: [
    {
      ...{ platform: 'Web', moves: 'push' },
      how: 'One line in the page, one in the service worker. Browsers follow when the page is next opened.',
      lines: ({ origin, id }) =>
        `const beams = new PusherPushNotifications.Client({\n  instanceId: '${id}',\n  endpointOverride: '${origin}',\n})\nawait beams.start()\nawait beams.addDeviceInterest('hello')\n\n// service-worker.js, after importScripts(…):\nself.PusherPushNotifications.endpointOverride = '${origin}'`,
    },
    {
      ...{ platform: 'Android', moves: 'release' },
      how: 'One entry in the manifest, no code change. It is the complete base URL, with a trailing slash.',
      lines: ({ origin }) =>
        `<meta-data\n  android:name="com.pusher.pushnotifications:override-host-url"\n  android:value="${origin}/device_api/v1/" />`,
    },
    {
      ...{ platform: 'iOS, macOS', moves: 'release' },
      how: 'The SDK has no option for it: change the host in a fork or with a URLProtocol.',
      lines: ({ origin }) =>
        `// push-notifications-swift, Sources/Extensions/URL+NetworkService.swift:\n"${origin}"   // in place of https://\\(instanceId).pushnotifications.pusher.com`,
    },
    {
      ...{ platform: 'Try it by hand', moves: 'push' },
      how: 'Registers a simulated Android phone, as the SDK would.',
      lines: (of) =>
        curl(
          of,
          '/device_api/v1/instances/ID/devices/fcm',
          '{"token":"example-token","bundleIdentifier":"com.example","metadata":{"sdkVersion":"1.10.0","androidVersion":"14"}}',
        ),
    },
  ],
}

const pushwoosh: Dialect = {
  name: 'Pushwoosh',
  platforms: 'iOS, Android, web, Windows',
  id: { member: 'applicationCode', label: 'application code' },
  ways: [
    {
      ...{ platform: 'Web', moves: 'push' },
      how: 'One option; the service worker takes the address from the page. The trailing slash is required.',
      lines: ({ origin, id }) =>
        `pushwoosh.push(['init', {\n  applicationCode: '${id}',\n  pushwooshUrl: '${origin}/json/1.3/',\n}])`,
    },
    {
      ...{ platform: 'Android', moves: 'release' },
      how: 'For new installs. Updated apps keep the address they stored, unless they call setReverseProxy (6.7.56 or later).',
      lines: ({ origin }) =>
        `<meta-data android:name="com.pushwoosh.base_url" android:value="${origin}/json/1.3/" />\n<meta-data android:name="com.pushwoosh.allow_reverse_proxy" android:value="true" />\n\n// Application.onCreate, at every start:\nPushwoosh.getInstance().setReverseProxy("${origin}/json/1.3/", Collections.emptyMap());`,
    },
    {
      ...{ platform: 'iOS', moves: 'release' },
      how: 'In Info.plist.',
      lines: ({ origin }) => `<key>Pushwoosh_BASEURL</key>\n<string>${origin}/json/1.3/</string>`,
    },
    {
      ...{ platform: 'Try it by hand', moves: 'push' },
      how: 'Registers a simulated Android phone, as the SDK would.',
      lines: (of) =>
        curl(
          of,
          '/json/1.3/registerDevice',
          '{"request":{"application":"ID","push_token":"example-token","hwid":"example-phone","device_type":3,"timezone":3600}}',
        ),
    },
  ],
}

const backendless: Dialect = {
  name: 'Backendless',
  platforms: 'iOS, Android, JavaScript, React Native',
  id: { member: 'applicationId', label: 'application id' },
  ways: [
    {
      ...{ platform: 'JavaScript, React Native', moves: 'release' },
      how: 'One line before initApp. Web pages move as soon as they load it.',
      lines: ({ origin, id }) =>
        `Backendless.serverURL = '${origin}'\nBackendless.initApp('${id}', JS_API_KEY)`,
    },
    {
      ...{ platform: 'Swift', moves: 'release' },
      how: 'One line before initApp.',
      lines: ({ origin, id }) =>
        `Backendless.shared.hostUrl = "${origin}"\nBackendless.shared.initApp(applicationId: "${id}", apiKey: IOS_API_KEY)`,
    },
    {
      ...{ platform: 'Android', moves: 'release' },
      how: 'One line before initApp.',
      lines: ({ origin, id }) =>
        `Backendless.setUrl("${origin}");\nBackendless.initApp(context, "${id}", ANDROID_API_KEY);`,
    },
    {
      ...{ platform: 'An app on a domain of your own', moves: 'push' },
      how: 'Point the name’s DNS at this gateway, and list the domain in the app’s settings.',
    },
  ],
}

const mobilefirst: Dialect = {
  name: 'IBM MobileFirst',
  platforms: 'iOS, Android, Windows, web',
  id: { member: 'applicationId', label: 'application id' },
  ways: [
    {
      ...{ platform: 'Android', moves: 'push' },
      how: 'Shipped apps follow the host name: point its DNS here. A new build names the gateway in mfpclient.properties.',
      lines: ({ host, origin }) =>
        `wlServerProtocol = ${origin.split(':')[0]}\nwlServerHost = ${host.split(':')[0]}\nwlServerPort = ${host.split(':')[1] ?? (origin.startsWith('https') ? '443' : '80')}\nwlServerContext = /mfp/`,
    },
    {
      ...{ platform: 'iOS', moves: 'push' },
      how: 'The same by DNS; a new build sets protocol, host and port in mfpclient.plist.',
      lines: ({ origin }) => `WLClient.sharedInstance().setServerUrl(URL(string: "${origin}/mfp"))`,
    },
    {
      ...{ platform: 'Web', moves: 'push' },
      how: 'The SDK calls the app’s own origin: have its reverse proxy forward /mfp/api to the gateway.',
      lines: ({ origin }) =>
        `location /mfp/api/ {\n  proxy_pass ${origin};\n  proxy_set_header Host $host;\n  proxy_set_header X-Forwarded-Proto $scheme;\n}`,
    },
  ],
}

const flameup: Dialect = {
  name: 'Flameup',
  platforms: 'any, over its REST API',
  id: { member: 'workspaceId', label: 'workspace id' },
  ways: [
    {
      ...{ platform: 'Your own client or back end', moves: 'release' },
      how: 'There is no SDK: the base URL is a constant in your own code. A back end moves when you deploy the change.',
      lines: ({ origin }) =>
        `const API = '${origin}' // was https://api.flameup.ai\nawait fetch(\`\${API}/api/v1/people/\${person}/devices\`, {\n  method: 'POST',\n  headers: { 'Content-Type': 'application/json', Authorization: \`Bearer \${API_KEY}\` },\n  body: JSON.stringify({ token, platform: 'ios' }),\n})`,
    },
    {
      ...{ platform: 'Clients in the stores', moves: 'never' },
      how: 'A client with the vendor’s own host name cannot be moved by DNS, since the vendor controls that name. It moves with its next release.',
    },
  ],
}

export const DIALECTS: Readonly<Record<string, Dialect | undefined>> = {
  'pusher-beams': beams,
  ...{ mobilefirst, flameup, pushwoosh, backendless },
}

export const MOVES: Readonly<Record<Moves, readonly [kind: 'good' | 'warn' | 'bad', words: string]>> = {
  push: ['good', 'moves by DNS or push'],
  release: ['warn', 'next release'],
  never: ['bad', 'never by itself'],
}
