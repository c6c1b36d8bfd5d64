import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { StoreUnavailable } from '../../../src/domain/error.ts'
import { type Cluster, endsWithRun, makeCluster } from '../../harness/postgres/cluster.ts'
import { findOwner, postgresMissing, skipWhere } from '../../harness/postgres/owner.ts'
import { temporaryFolder } from '../../harness/process.ts'
import { insertion, opened, owner } from './kit.ts'

const missing =
  postgresMissing() ?? (spawnSync('openssl', ['version']).status === 0 ? undefined : 'no openssl: install it')

/** A certificate authority that signs for names, with the files of both. */
function authority(folder: string, name: string) {
  const at = (file: string) => join(folder, file)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' })
  const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  const root = at(`${name}.crt`)
  openssl('req', '-x509', ...fresh, '-subj', `/CN=${name}`, '-keyout', at(`${name}.key`), '-out', root)
  return {
    root,
    signs(subject: string, alternative: string) {
      const [key, certificate] = [at(`${subject}.key`), at(`${subject}.crt`)]
      const names = ['-addext', `subjectAltName=${alternative}`]
      const by = ['-CA', root, '-CAkey', at(`${name}.key`)]
      openssl(
        'req',
        '-x509',
        ...fresh,
        '-subj',
        `/CN=${subject}`,
        ...names,
        ...by,
        '-keyout',
        key,
        '-out',
        certificate,
      )
      return { key, certificate }
    },
  }
}

describe('a server that speaks TLS', () => {
  skipWhere(missing)
  let folder: string
  let cluster: Cluster
  let plain: Cluster
  let ours: ReturnType<typeof authority>
  let other: ReturnType<typeof authority>

  beforeAll(async () => {
    if (missing !== undefined) return
    folder = temporaryFolder()
    ours = authority(folder, 'ours')
    other = authority(folder, 'other')
    const programs = await findOwner(folder)
    programs.own(folder)
    const made = (name: string) => {
      mkdirSync(join(folder, name))
      return join(folder, name)
    }
    cluster = endsWithRun(await makeCluster(made('tls'), programs))
    plain = endsWithRun(await makeCluster(made('plain'), programs))
    const server = ours.signs('server', 'DNS:localhost')
    const { uid, gid } = statSync(cluster.data)
    for (const [from, name] of [
      [server.key, 'server.key'],
      [server.certificate, 'server.crt'],
      [ours.root, 'root.crt'],
    ] as const) {
      const to = join(cluster.data, name)
      copyFileSync(from, to)
      chownSync(to, uid, gid)
      chmodSync(to, 0o600)
    }
    for (const setting of [`ssl_ca_file = 'root.crt'`, 'ssl = on'])
      await cluster.sql(`ALTER SYSTEM SET ${setting}`)
    // No connection without TLS is accepted, and a user of that name needs its certificate.
    const rules = join(cluster.data, 'pg_hba.conf')
    writeFileSync(
      rules,
      'hostssl all certified all cert\nhostssl all all all trust\nhost all all all reject\n',
    )
    await cluster.sql('CREATE ROLE certified SUPERUSER LOGIN')
    await cluster.sql('SELECT pg_reload_conf()')
    return async () => {
      await Promise.all([cluster.stop('immediate'), plain.stop('immediate')])
    }
  })

  const address = (places: string, options: string, user = 'pushport') =>
    `postgres://${user}@${places}/postgres?${options}`
  const name = () => `localhost:${cluster.port}`
  const number = () => `127.0.0.1:${cluster.port}`
  const nobody = '127.0.0.1:1'

  /** For each gateway's connections, whether they are encrypted. */
  async function sessions() {
    const client = new Client({
      ...{ host: 'localhost', port: cluster.port, user: 'pushport', database: 'postgres' },
      ssl: { ca: readFileSync(ours.root, 'utf8') },
    })
    await client.connect()
    try {
      const { rows } = await client.query(
        `SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'pushport'`,
      )
      return rows.map(({ ssl }) => ssl)
    } finally {
      await client.end()
    }
  }

  test.each([
    ['sslmode=require asks for no proof', () => address(number(), 'sslmode=require')],
    ['verify-ca looks at who signed', () => address(number(), `sslmode=verify-ca&sslrootcert=${ours.root}`)],
    [
      'verify-full looks at the name, too',
      () => address(name(), `sslmode=verify-full&sslrootcert=${ours.root}`),
    ],
    [
      'the second of several hosts, where nobody listens at the first',
      () => address(`${nobody},${name()}`, `sslmode=verify-full&sslrootcert=${ours.root}`),
    ],
    [
      'the second of several hosts, where the first does not prove its name',
      () => address(`${number()},${name()}`, `sslmode=verify-full&sslrootcert=${ours.root}`),
    ],
    [
      'the second of several hosts, where the first speaks no TLS',
      () => address(`127.0.0.1:${plain.port},${name()}`, `sslmode=verify-full&sslrootcert=${ours.root}`),
    ],
    [
      "the gateway's own certificate",
      () => {
        const { key, certificate } = ours.signs('certified', 'DNS:gateway')
        const own = `sslcert=${certificate}&sslkey=${key}`
        return address(name(), `sslmode=verify-full&sslrootcert=${ours.root}&${own}`, 'certified')
      },
    ],
  ])('is spoken to: %s', async (what, url) => {
    const db = await opened(url())
    await db.commit([insertion(what)])
    expect(await db.read([owner(what)])).toEqual([[{ app_id: 'a' }]])
    // One for plans, and one that listens for notifications.
    await expect.poll(sessions).toEqual([true, true])
  })

  test.each([
    [
      'verify-full, by an address that the certificate does not name',
      () => address(number(), `sslmode=verify-full&sslrootcert=${ours.root}`),
      /IP: 127\.0\.0\.1 is not in the cert/,
    ],
    [
      'verify-full, with another authority',
      () => address(name(), `sslmode=verify-full&sslrootcert=${other.root}`),
      /unable to verify|self-signed|signature/i,
    ],
    [
      'verify-ca, with another authority',
      () => address(name(), `sslmode=verify-ca&sslrootcert=${other.root}`),
      /unable to verify|self-signed|signature/i,
    ],
    [
      'require, with another authority',
      () => address(name(), `sslmode=require&sslrootcert=${other.root}`),
      /unable to verify|self-signed|signature/i,
    ],
    [
      'verify-full, with the authorities of the system',
      () => address(name(), 'sslmode=verify-full&sslrootcert=system'),
      /unable to verify|self-signed/i,
    ],
    ['no TLS', () => address(name(), 'sslmode=disable'), /pg_hba\.conf rejects/],
    [
      'a server that speaks none',
      () => address(`127.0.0.1:${plain.port}`, 'sslmode=require'),
      /does not support SSL/,
    ],
    [
      'a user who must show a certificate, and has none',
      () => address(name(), 'sslmode=require', 'certified'),
      /client certificate/,
    ],
  ])('is refused: %s', async (_, url, reason) => {
    const refused = await opened(url()).then(
      () => 'opened',
      (error: unknown) => error,
    )
    expect(refused).toBeInstanceOf(StoreUnavailable)
    expect(String(refused)).toMatch(reason)
  })
})
