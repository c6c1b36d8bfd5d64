import { chart } from './chart.ts'
import { DAY } from './clock.ts'
import type { Day } from './fleet.ts'
import type { Comparison } from './ledger.ts'
import { type Readiness, readinessOf, type Target } from './readiness.ts'
import { type Mode, World, type WorldOptions } from './world.ts'

/** The length of each phase of the migration in days. */
export interface Schedule {
  readonly before: number
  readonly forward: number
  /** In `record`: until the vendors' exports are taken, until they are imported, and after that. */
  readonly record: readonly [untilExport: number, untilImport: number, after: number]
  readonly shadow: number
  readonly local: number
}

export interface StoryOptions extends WorldOptions {
  readonly schedule: Schedule
  /** Where the console is served; null if it is not. */
  readonly port: number | null
  readonly say: (line: string) => void
}

export interface Ending {
  readonly world: World
  readonly gateway: Comparison
  /** The vendors' data at the end of `shadow`, when going back must lose nothing. */
  readonly vendors: Comparison
  readonly readiness: readonly Readiness[]
  readonly starts: number
  /** Starts that SDKs had to repeat. */
  readonly again: number
}

const TARGETS = [0.9, 0.95, 0.99]
const number = (value: number) => value.toLocaleString('en')
const percent = (share: number | null) => (share === null ? 'unknown' : `${(share * 100).toFixed(1)} %`)

/** Runs a whole migration and prints its progress. The world stays open. */
export async function tellMigration(options: StoryOptions): Promise<Ending> {
  const { say } = options
  const world = await World.open(options)
  const teller = new Teller(world, options)
  await teller.opening()
  await teller.forward()
  await teller.record()
  const vendors = await teller.shadow()
  await teller.local()
  const readiness = await teller.curves()
  const gateway = await world.compareGateway()
  say('')
  say('Was anything lost?')
  say(`  What ${number(options.phones)} phones sent, compared with the gateway's export:`)
  say(`  ${number(gateway.expected)} devices expected, ${number(gateway.found)} found.`)
  sayFaults(gateway, say)
  return { world, gateway, vendors, readiness, ...teller.counted }
}

/** Every fault that a comparison has found. */
export const faultsOf = ({ lost, doubled, strange }: Comparison): readonly string[] => [
  ...lost,
  ...doubled,
  ...strange,
]

function sayFaults(found: Comparison, say: (line: string) => void): void {
  const { lost, doubled, strange } = found
  say(`  lost or wrong: ${lost.length} · doubled: ${doubled.length} · unknown: ${strange.length}`)
  for (const fault of faultsOf(found)) say(`    ${fault}`)
}

class Teller {
  readonly counted = { starts: 0, again: 0 }
  readonly #world: World
  readonly #options: StoryOptions
  readonly #say: (line: string) => void
  #console = ''
  #recordedSince = new Date(0)

  constructor(world: World, options: StoryOptions) {
    this.#world = world
    this.#options = options
    this.#say = options.say
  }

  async opening(): Promise<void> {
    const { phones, schedule, port, seed } = this.#options
    const { gateway, services, dialects, fleet, app } = this.#world
    this.#step(`${number(phones)} phones and ${dialects.length} vendors (seed ${seed})`)
    this.#say(`For ${schedule.before} days, the phones have called only their vendors:`)
    await this.#world.before(schedule.before)
    for (const dialect of dialects) {
      this.#say(
        `  ${dialect.padEnd(14)} ${services.upstream(dialect)}  ${number(services.asked[dialect] ?? 0)} calls`,
      )
    }
    this.#say(`${number(fleet.alive)} phones still have the app.`)
    if (port === null) return
    const origin = await gateway.listen(port)
    this.#console = `${origin}/console/apps/${app}`
    this.#say(`The gateway is running and empty. Watch it meanwhile: ${this.#console}`)
  }

  async forward(): Promise<void> {
    await this.#mode('forward', [
      'The apps now call the gateway, which passes each call on and stores nothing.',
      'Check: the summary of each mirror. If calls arrive and none fail, the setup is right. Going back costs nothing.',
    ])
    await this.#days(this.#options.schedule.forward)
    await this.#summary()
  }

  async record(): Promise<void> {
    const [untilExport, untilImport, after] = this.#options.schedule.record
    await this.#mode('record', [
      'The vendors still answer. What they accept is stored here, with their ids.',
      'Check: devices that appear, and differences between both answers. To go back, set "forward"; nothing is lost.',
    ])
    this.#recordedSince = new Date(this.#world.clock.now().getTime() + 1)
    await this.#days(untilExport)
    const files = this.#world.exported()
    this.#say(
      `  ${this.#today()}  exported from the vendors: ${files.map(({ format }) => format).join(', ')}`,
    )
    if (this.#world.dialects.includes('pusher-beams')) {
      this.#say(
        '              Pusher Beams has no export: devices that are not recorded stay unknown, so it is recorded for longer',
      )
    }
    await this.#days(untilImport)
    const jobs = await this.#world.imported(files)
    for (const { format, outcomes } of jobs) {
      const told = Object.entries(outcomes as Record<string, number>).filter(([, rows]) => rows > 0)
      this.#say(
        `  ${this.#today()}  imported ${format}: ${told.map(([name, rows]) => `${number(rows)} ${name}`).join(', ')}`,
      )
    }
    await this.#outage(after)
    await this.#summary()
    await this.#coverage()
  }

  async shadow(): Promise<Comparison> {
    await this.#mode('shadow', [
      'The gateway answers. The vendors get copies, which phones do not wait for.',
      'Check: "diverged" and "dropped". As long as both are 0, going back to "record" loses nothing.',
    ])
    await this.#days(this.#options.schedule.shadow)
    await this.#summary()
    const vendors = await this.#world.compareVendors()
    this.#say(
      `  What phones sent, compared with the vendors' data: ${number(vendors.expected)} devices expected, ${number(vendors.found)} found.`,
    )
    sayFaults(vendors, this.#say)
    return vendors
  }

  async local(): Promise<void> {
    await this.#mode('local', [
      'The gateway answers alone. The vendors get nothing more, and can be cancelled once the verdict says so.',
      'Check: the readiness. From here on, going back means that the vendors miss what has happened since.',
    ])
    await this.#days(this.#options.schedule.local)
  }

  /** A chart of each dialect's readiness. */
  async curves(): Promise<readonly Readiness[]> {
    const all: Readiness[] = []
    for (const dialect of this.#world.dialects) {
      const found = await this.#readiness(dialect)
      all.push(found)
      this.#say('')
      this.#say(
        `Readiness of ${dialect}: ${percent(found.coverage.active)} of the active devices have called`,
      )
      const points = found.curve.flatMap(({ date, share }) => (share === null ? [] : [{ date, share }]))
      if (found.coverage.active !== null) for (const line of chart(points, 0.9)) this.#say(line)
      else
        this.#say(
          `  no curve, because there was no import: ${number(found.totals.live ?? 0)} devices have called so far`,
        )
      for (const target of found.estimate.targets) this.#say(`  ${estimated(target)}`)
      for (const warning of found.warnings) this.#say(`  warning: ${warning}`)
      this.#say(`  verdict: ${[found.verdict.state, ...found.verdict.reasons].join('. ')}.`)
    }
    return all
  }

  /** A day in the middle of the phase on which every vendor is down. */
  async #outage(days: number): Promise<void> {
    const before = Math.floor(days / 2)
    await this.#days(before)
    if (days < 1) return
    this.#world.services.set('down')
    this.#say(
      `  ${this.#today()}  the vendors are down for a day: SDKs are told to retry, and nothing is stored`,
    )
    await this.#days(1)
    this.#world.services.set('well')
    await this.#days(days - before - 1)
  }

  async #mode(mode: Mode, lines: readonly string[]): Promise<void> {
    this.#step(`${mode}`)
    for (const line of lines) this.#say(line)
    await this.#world.mode(mode)
    if (this.#console !== '') this.#say(`  ${this.#console}/migration`)
  }

  #step(title: string): void {
    this.#say('')
    this.#say(`── ${this.#today()} ── ${title}`)
  }

  async #days(count: number): Promise<void> {
    let [starts, through, again] = [0, 0, 0]
    await this.#world.days(count, (day: Day) => {
      starts += day.starts
      through += day.throughGateway
      again += day.again
    })
    this.counted.starts += starts
    this.counted.again += again
    const repeated = again > 0 ? `, ${number(again)} of which the SDK repeats later` : ''
    if (count > 0) {
      this.#say(
        `  ${this.#today()}  ${count} days: ${number(starts)} starts, ${number(through)} through the gateway${repeated}`,
      )
    }
  }

  async #summary(): Promise<void> {
    for (const dialect of this.#world.dialects) {
      const found = await this.#world.gateway.admin('GET', this.#world.path(`/mirror/${dialect}/summary`))
      const { requests, compared, equal, diverged, dropped } = found as Record<string, number>
      const alike = compared ? ` ${number(equal ?? 0)} of ${number(compared)} compared answers equal,` : ''
      this.#say(
        `  ${dialect.padEnd(14)} ${number(requests ?? 0)} calls,${alike} diverged ${diverged}, dropped ${dropped}`,
      )
    }
  }

  async #coverage(): Promise<void> {
    for (const dialect of this.#world.dialects) {
      const { coverage, verdict } = await this.#readiness(dialect)
      this.#say(`  ${dialect.padEnd(14)} seen of the active: ${percent(coverage.active)} (${verdict.state})`)
    }
  }

  #readiness(dialect: string): Promise<Readiness> {
    return readinessOf(this.#world, { dialect, since: this.#recordedSince, targets: TARGETS })
  }

  #today(): string {
    return new Date(this.#world.clock.now().getTime() - (this.#world.clock.now().getTime() % DAY))
      .toISOString()
      .slice(0, 10)
  }
}

function estimated({ share, reachedAt, date, earliest, latest, reason }: Target): string {
  const target = `${Math.round(share * 100)} %:`.padEnd(6)
  if (reachedAt) return `${target} reached on ${reachedAt}`
  if (date === null) return `${target} no date (${reason})`
  return `${target} ${date} (between ${earliest} and ${latest})`
}
