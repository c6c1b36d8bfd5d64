// Runs every query of the dashboard and of the alert rules on a real Prometheus that scrapes a real gateway.
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { METRICS } from '../../src/domain/metrics.ts'
import { run, temporaryFolder } from '../harness/process.ts'
import { freePort, startServer } from '../harness/server.ts'

const RULES = 'docs/dashboards/alerts.yml'
const CODE = 'AAAAA-BBBBB'
const missing = spawnSync('prometheus', ['--version']).error !== undefined

const { panels } = JSON.parse(readFileSync('docs/dashboards/pushport.json', 'utf8')) as {
  panels: { title: string; gridPos: { x: number; y: number }; targets: { expr: string }[] }[]
}
const { groups } = parse(readFileSync(RULES, 'utf8')) as {
  groups: { rules: { alert: string; expr: string }[] }[]
}
const QUERIES = [
  ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
  // The value that an alert compares, because without a fault the comparison itself returns nothing.
  ...groups.flatMap(({ rules }) =>
    rules.map(({ alert, expr }) => [alert, expr.replace(/ (==|>) [0-9.]+$/, '')] as const),
  ),
]

test('each panel of the dashboard has a name and a place of its own', () => {
  expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length)
  expect(new Set(panels.map(({ gridPos: { x, y } }) => `${x} ${y}`)).size).toBe(panels.length)
})

test('every alert is explained for whoever is woken by it', () => {
  const page = readFileSync('docs/operations.md', 'utf8')
  for (const { alert } of groups.flatMap(({ rules }) => rules)) expect(page).toContain(`\`${alert}\``)
})

test('the page says of each panel and each alert that needs what a Worker does not answer', () => {
  const page = readFileSync('docs/operations.md', 'utf8').replaceAll('\n', ' ')
  const [, onWorkers = ''] = /### Metrics on Workers(.*?)## Alerts/.exec(page) ?? []
  const own = Object.keys(METRICS).map((name) => `pushport_${name}`)
  // Prometheus itself knows whether a target answers.
  const needs = (expr: string) => expr.match(/\b(pushport|process|nodejs)_\w+/g) ?? []
  const empty = (expr: string) => needs(expr).some((name) => !own.includes(name))
  const titles = panels
    .filter(({ targets }) => targets.some(({ expr }) => empty(expr)))
    .map(({ title }) => `"${title}"`)
  const alerts = groups.flatMap(({ rules }) => rules).filter(({ expr }) => empty(expr))
  expect(titles.filter((title) => !onWorkers.includes(title))).toEqual([])
  expect(onWorkers.match(/"[A-Z][^"]+"/g)).toEqual(titles)
  expect(onWorkers.match(/`Pushport\w+`/g)?.slice(0, -1)).toEqual(alerts.map(({ alert }) => `\`${alert}\``))
})

describe.skipIf(missing)('Prometheus (Debian: `apt-get install prometheus`)', () => {
  let ask: (query: string) => Promise<readonly { value: [number, string] }[]>

  beforeAll(async () => {
    const [folder, port, metrics] = [temporaryFolder(), await freePort(), await freePort()]
    const server = await startServer({ env: { METRICS_PORT: String(metrics) } })
    const app = await server.createApp({ pushwoosh: { applicationCode: CODE } })
    await server.admin('PUT', `/apps/${app.id}/providers/adm`, {
      kind: 'adm',
      clientId: 'amzn1.application-oa2-client.0123456789abcdef',
      clientSecret: '0123456789abcdef0123456789abcdef',
    })
    const register = (at: number) =>
      fetch(`${server.origin}/json/1.3/registerDevice`, {
        method: 'POST',
        body: JSON.stringify({
          request: {
            application: at % 4 ? CODE : 'ZZZZZ-ZZZZZ',
            hwid: `${at}`,
            push_token: `t${at}`,
            device_type: 3,
          },
        }),
      })
    // The shipped configuration, except for the gateway's address and the interval.
    const config = readFileSync('docs/dashboards/prometheus.yml', 'utf8')
      .replace('gateway:9464', `127.0.0.1:${metrics}`)
      .replaceAll('15s', '1s')
    writeFileSync(join(folder, 'prometheus.yml'), config)
    writeFileSync(join(folder, 'alerts.yml'), readFileSync(RULES))
    run('prometheus', [
      ...[`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`],
      `--web.listen-address=127.0.0.1:${port}`,
    ])
    ask = async (query) => {
      const url = `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(query)}`
      const { data } = (await (await fetch(url)).json()) as {
        data?: { result: { value: [number, string] }[] }
      }
      return data?.result ?? []
    }
    // Calls of every kind between the scrapes, until a rate can be computed.
    let at = 0
    const scraped = async () => {
      for (let calls = 0; calls < 8; calls++) await register(at++)
      const [found] = await ask('sum(count_over_time(pushport_devices[1m]))').catch(() => [])
      return Number(found?.value[1] ?? 0)
    }
    for (const late = performance.now() + 60_000; (await scraped()) < 3 && performance.now() < late; )
      await new Promise((resume) => setTimeout(resume, 300))
  })

  test.each(QUERIES)('%s: %s', async (_, query) => {
    const found = await ask(query)
    expect(found).not.toEqual([])
    for (const { value } of found) expect(Number(value[1])).not.toBeNaN()
  })

  test('takes the rules and the configuration as they are', () => {
    const check = (...args: string[]) =>
      execFileSync('promtool', ['check', ...args], { encoding: 'utf8', stdio: 'pipe' })
    expect(check('rules', RULES)).toContain('SUCCESS')
    expect(check('config', 'docs/dashboards/prometheus.yml')).toContain('SUCCESS')
  })
})
