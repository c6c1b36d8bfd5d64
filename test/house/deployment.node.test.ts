import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { validate } from 'dockerfile-utils'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import * as z from 'zod'
import { adapters } from '../../adapters/index.ts'
import { variablesOf } from '../../src/config.ts'
import { temporaryFolder } from '../harness/process.ts'
import { startServer } from '../harness/server.ts'

const SETTINGS = new Set(variablesOf(adapters).map((name) => `PUSHPORT_${name}`))
const read = (file: string) => readFileSync(file, 'utf8')
const page = read('docs/operations.md')

/** The instructions of a Dockerfile, each on one line. */
const instructions = read('Dockerfile')
  .replace(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '')

describe('the Dockerfile', () => {
  test('has no faults that a linter knows', () => {
    expect(validate(read('Dockerfile')).map(({ message }) => message)).toEqual([])
  })

  test('builds in one stage and runs in a smaller one, as a user without rights, of pinned images', () => {
    const from = instructions.filter((line) => line.startsWith('FROM '))
    expect(from).toHaveLength(2)
    for (const line of from) expect(line).toMatch(/^FROM node:24-bookworm/)
    const last = instructions.slice(instructions.lastIndexOf(from[1] ?? ''))
    expect(last.filter((line) => line.startsWith('USER '))).toEqual(['USER node'])
    expect(last.findIndex((line) => line.startsWith('USER '))).toBeLessThan(
      last.findIndex((line) => line.startsWith('ENTRYPOINT ')),
    )
    expect(instructions.filter((line) => /^ADD |latest|sudo|curl .*\| *sh/.test(line))).toEqual([])
  })

  test('sets what are settings of the gateway', () => {
    const names = [...read('Dockerfile').matchAll(/\b(PUSHPORT_[A-Z_]+)=/g)].map(([, name = '']) => name)
    expect(names.length).toBeGreaterThan(2)
    expect(names.filter((name) => !SETTINGS.has(name))).toEqual([])
  })

  test('has a health check that tells a gateway that answers from none', async () => {
    const [, line = ''] = /^HEALTHCHECK .* CMD (\[.*\])$/m.exec(instructions.join('\n')) ?? []
    const [program = '', ...args] = JSON.parse(line) as string[]
    const server = await startServer()
    const env = { PATH: process.env.PATH, PUSHPORT_PORT: String(server.port) }
    // The test waits here; the server is another process.
    expect(spawnSync(program, args, { env }).status).toBe(0)
    await server.kill()
    expect(spawnSync(program, args, { env }).status).toBe(1)
  })

  test('is given the sources alone, and no secrets', () => {
    const [first, ...allowed] = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
    expect(first).toBe('*')
    for (const line of allowed) {
      expect(line).toMatch(/^![\w./-]+$/)
      expect(existsSync(line.slice(1)), line).toBe(true)
    }
    expect(allowed.join()).not.toMatch(/\.env|data|\.git|node_modules|dist/)
  })
})

/** The members of the Compose Specification that the file uses, in the forms it uses. */
const Texts = z.array(z.string())
const Compose = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]*$/),
  services: z.record(
    z.string(),
    z
      .strictObject({
        build: z.literal('.').optional(),
        image: z
          .string()
          .regex(/^[\w./-]+:(?!latest)[\w.-]+$/)
          .optional(),
        environment: z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string()).optional(),
        ports: z.array(z.string().regex(/^127\.0\.0\.1:\d+:\d+$/)).optional(),
        volumes: z.array(z.string().regex(/^[\w./-]+:\/[\w./-]+(:ro)?$/)).optional(),
        depends_on: z
          .union([Texts, z.record(z.string(), z.strictObject({ condition: z.literal('service_healthy') }))])
          .optional(),
        healthcheck: z
          .strictObject({
            test: Texts,
            interval: z.string().regex(/^\d+s$/),
            timeout: z.string().regex(/^\d+s$/),
          })
          .optional(),
        read_only: z.boolean().optional(),
        tmpfs: Texts.optional(),
        cap_drop: Texts.optional(),
        security_opt: Texts.optional(),
        restart: z.literal('unless-stopped'),
      })
      .refine(({ build, image }) => (build === undefined) !== (image === undefined)),
  ),
  volumes: z.record(z.string(), z.null()),
})

describe('compose.yaml', () => {
  const { services, volumes } = Compose.parse(parse(read('compose.yaml')))

  test('has a gateway that may write nowhere and has no rights', () => {
    expect(services.gateway).toMatchObject({
      ...{ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] },
    })
    expect(Object.keys(services)).toEqual(['gateway', 'postgres', 'prometheus', 'grafana'])
  })

  test('sets what are settings of the gateway', () => {
    const names = Object.keys(services.gateway?.environment ?? {})
    expect(names.filter((name) => !SETTINGS.has(name))).toEqual([])
  })

  test('names services, volumes and files that are there', () => {
    for (const { depends_on: on = [], volumes: mounted = [] } of Object.values(services)) {
      for (const name of Array.isArray(on) ? on : Object.keys(on)) expect(services).toHaveProperty(name)
      for (const [source = ''] of mounted.map((one) => one.split(':')))
        if (source.startsWith('.')) expect(existsSync(source), source).toBe(true)
        else expect(volumes).toHaveProperty(source)
    }
    const waited = Object.keys(services.gateway?.depends_on ?? {})
    for (const name of waited) expect(services[name]).toHaveProperty('healthcheck')
  })

  test('needs the secrets that the page about it makes, and no others', () => {
    const needed = [...read('compose.yaml').matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name]) => name)
    const made = [...page.matchAll(/^echo "([A-Z_]+)=.*>> \.env$/gm)].map(([, name]) => name)
    expect(new Set(needed)).toEqual(new Set(made))
    expect(read('compose.yaml')).not.toMatch(/\$\{[A-Z_]+\}/)
  })

  test('gives Prometheus the port at which the gateway has its metrics', () => {
    const port = services.gateway?.environment?.PUSHPORT_METRICS_PORT
    expect(read('docs/dashboards/prometheus.yml')).toContain(`targets: ["gateway:${port}"]`)
  })
})

/** A file with its own certificate, in the form that the program under test reads. */
function certificate(folder: string): { certificate: string; key: string } {
  const [key, file] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  const subject = ['-subj', '/CN=gw.example', '-days', '1']
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', file, ...subject],
    {
      stdio: 'pipe',
    },
  )
  return { certificate: file, key }
}

const lacks = (program: string, option: string) => spawnSync(program, [option]).error !== undefined

describe('what operations.md gives to other programs', () => {
  test.skipIf(lacks('nginx', '-v'))('nginx takes (Debian: `apt-get install nginx-light`)', () => {
    const folder = temporaryFolder()
    const own = certificate(folder)
    mkdirSync(join(folder, 'logs'))
    writeFileSync(
      join(folder, 'pushport.conf'),
      read('docs/operations/nginx.conf')
        .replace('/etc/letsencrypt/live/gw.example/fullchain.pem', own.certificate)
        .replace('/etc/letsencrypt/live/gw.example/privkey.pem', own.key),
    )
    const whole = join(folder, 'nginx.conf')
    writeFileSync(
      whole,
      `pid ${folder}/pid; events {} http { access_log off; include ${folder}/pushport.conf; }`,
    )
    const told = spawnSync('nginx', ['-t', '-q', '-e', 'stderr', '-p', folder, '-c', whole], {
      encoding: 'utf8',
    })
    expect([told.status, told.stderr]).toEqual([0, ''])
  })

  test.skipIf(lacks('caddy', 'version'))('Caddy takes (Debian: `apt-get install caddy`)', () => {
    const args = ['validate', '--config', 'docs/operations/Caddyfile', '--adapter', 'caddyfile']
    const told = spawnSync('caddy', args, {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: temporaryFolder() },
    })
    expect(told.stdout + told.stderr).toContain('Valid configuration')
    expect(told.status).toBe(0)
  })

  test.skipIf(lacks('systemd-analyze', '--version'))(
    'systemd takes (Debian: `apt-get install systemd`)',
    () => {
      const told = spawnSync('systemd-analyze', ['verify', 'docs/operations/pushport.service'], {
        encoding: 'utf8',
      })
      expect([told.status, told.stderr]).toEqual([0, ''])
      const names = [...read('docs/operations/pushport.service').matchAll(/^Environment=(PUSHPORT_\w+)/gm)]
      expect(names.filter(([, name = '']) => !SETTINGS.has(name))).toEqual([])
    },
  )

  test('is YAML where it says so, and every file is named on the page', () => {
    expect(parse(read('docs/operations/traefik.yml'))).toHaveProperty('http.routers.pushport.tls')
    for (const name of readdirSync('docs/operations')) expect(page).toContain(`(operations/${name})`)
  })
})
