export interface Host {
  readonly host: string
  readonly port: number
}

/** The address of a database and its connection options, as given in a libpq URL. */
export interface Address {
  /** Tried in this order. */
  readonly hosts: readonly Host[]
  readonly user: string | undefined
  readonly password: string | undefined
  readonly database: string | undefined
  readonly tls: Tls | undefined
  readonly applicationName: string
}

/** How the server is verified, and the client certificate; paths of files, not their contents. */
export interface Tls {
  readonly verify: 'none' | 'chain' | 'name'
  readonly root: string | undefined
  readonly certificate: string | undefined
  readonly key: string | undefined
}

const FORM = /^postgres(?:ql)?:\/\/(?:([^@/?]*)@)?([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/
const HOST = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]*))(?::(\d{1,5}))?$/i

const SSL = { disable: null, require: 'none', 'verify-ca': 'chain', 'verify-full': 'name' } as const
const KNOWN = [
  ...['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'application_name', 'target_session_attrs'],
  ...['host', 'port', 'user', 'password', 'dbname'],
]

/** Reads a `postgres://` URL. Returns the fault, as the end of a sentence that begins with the variable's name. */
export function parseAddress(url: string): Address | string {
  const [, login = '', places = '', name = '', query = ''] = FORM.exec(url) ?? []
  if (!FORM.test(url)) return 'must be postgres://USER:PASSWORD@HOST:PORT/DATABASE'
  const options = new URLSearchParams(query)
  const unknown = [...options.keys()].find((key) => !KNOWN.includes(key))
  if (unknown !== undefined)
    return `has the unknown option ${unknown}; the known ones are ${KNOWN.join(', ')}`
  const asked = options.get('target_session_attrs')
  if (asked !== null && !['read-write', 'primary'].includes(asked))
    return 'must have target_session_attrs=read-write, because the gateway writes'
  const hosts = hostsOf(options.get('host') ?? places, options.get('port'))
  if (typeof hosts === 'string') return hosts
  const tls = tlsOf(options)
  if (typeof tls === 'string') return tls
  const [user = '', ...rest] = login.split(':')
  try {
    const text = (given: string | null | undefined) => (given ? decodeURIComponent(given) : undefined)
    return {
      hosts,
      user: options.get('user') ?? text(user),
      password: options.get('password') ?? text(rest.join(':')),
      database: options.get('dbname') ?? text(name),
      tls: tls ?? undefined,
      applicationName: options.get('application_name') ?? 'pushport',
    }
  } catch {
    return 'contains a % that does not start an encoded character: write %25 instead'
  }
}

function hostsOf(list: string, port: string | null): readonly Host[] | string {
  const hosts = (list || 'localhost').split(',').map((text) => {
    const [, six, name, own] = HOST.exec(decodeURIComponent(text)) ?? []
    return { host: six ?? name ?? '', port: Number(own ?? port ?? 5432) }
  })
  const right = hosts.every(({ host, port }) => host !== '' && port > 0 && port < 65_536)
  return right ? hosts : 'must name its hosts as HOST or HOST:PORT, separated by commas'
}

function tlsOf(options: URLSearchParams): Tls | null | string {
  const [mode, root] = [options.get('sslmode') ?? undefined, options.get('sslrootcert') ?? undefined]
  if (mode !== undefined && !Object.hasOwn(SSL, mode))
    return `must have sslmode=${Object.keys(SSL).join(', ')}: whether to encrypt must be stated`
  const asked = SSL[(mode ?? (root === undefined ? 'disable' : 'verify-full')) as keyof typeof SSL]
  if (asked === null) return null
  return {
    // Like libpq: with a root certificate, the chain is always verified.
    verify: asked === 'none' && root !== undefined ? 'chain' : asked,
    root: root === 'system' ? undefined : root,
    certificate: options.get('sslcert') ?? undefined,
    key: options.get('sslkey') ?? undefined,
  }
}

/** Options for Node's TLS; `read` loads a file. */
export function tlsOptions(tls: Tls, read: (file: string) => string) {
  return {
    rejectUnauthorized: tls.verify !== 'none',
    ...(tls.verify === 'chain' && { checkServerIdentity: () => undefined }),
    ...(tls.root !== undefined && { ca: read(tls.root) }),
    ...(tls.certificate !== undefined && { cert: read(tls.certificate) }),
    ...(tls.key !== undefined && { key: read(tls.key) }),
  }
}
