import { checkAnswer, newPhone, refusedCalls, registered, send, spoiltRegistrations } from './calls.ts'
import { Mismatch, mustBe } from './pattern.ts'
import type { Call, Phone, Samples, Tenant } from './samples.ts'

/** A test that any server of a dialect can be given over HTTP alone. */
export interface Row {
  /** The same in each run, for lists of known failures. */
  readonly row: string
  readonly name: string
  /** Throws `Mismatch` if an answer differs from the expected one. */
  run(tenant: Tenant): Promise<void>
}

const TOPICS = 300
const AT_ONCE = 8

/** The rows of a dialect; rows for which it has no request are omitted. */
export function rowsOf(samples: Samples): readonly Row[] {
  const rows: Row[] = []
  const add = (name: string, run: Row['run']) => {
    const taken = rows.map((one) => one.row)
    rows.push({ row: rowName(name, taken), name, run })
  }
  identity(samples, add)
  unknownDevices(samples, add)
  topics(samples, add)
  for (const { title, expected, spoil, local } of spoiltRegistrations(samples)) {
    if (local) continue
    add(title, async (tenant) => {
      checkAnswer(await send(tenant, await spoil(samples.register(tenant, newPhone()))), expected, samples)
    })
  }
  for (const { title, expected, calls } of refusedCalls(samples)) {
    add(title, async (tenant) => {
      const id = await registered(tenant, samples, newPhone())
      for (const call of calls(tenant, id)) checkAnswer(await send(tenant, call), expected, samples)
    })
  }
  return rows
}

type Add = (name: string, run: Row['run']) => void

/** A row's name in lists, derived from its title and different from names already used. */
export function rowName(title: string, taken: readonly string[]): string {
  const row = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  const same = taken.filter((one) => one === row || one.startsWith(`${row}--`)).length
  return same === 0 ? row : `${row}--${same + 1}`
}

async function accepted(tenant: Tenant, samples: Samples, calls: readonly Call[]): Promise<void> {
  for (const call of calls) checkAnswer(await send(tenant, call), 'accepted', samples)
}

function identity(samples: Samples, add: Add): void {
  const { read, moveToken, unregister } = samples
  const register = (tenant: Tenant, phone: Phone = newPhone()) => registered(tenant, samples, phone)

  add('registers a device', async (tenant) => void (await register(tenant)))
  add('registers the same phone twice as one device', async (tenant) => {
    const phone = newPhone()
    const first = await register(tenant, phone)
    mustBe('the second id', await register(tenant, phone), first)
  })
  add('answers equal registrations at once with one device', async (tenant) => {
    const phone = newPhone()
    const ids = await Promise.all(Array.from({ length: AT_ONCE }, () => register(tenant, phone)))
    mustBe('the number of ids', new Set(ids).size, 1)
  })
  add('keeps two phones apart', async (tenant) => {
    const ids = [await register(tenant), await register(tenant)]
    if (new Set(ids).size < ids.length) throw new Mismatch('both have one id')
  })
  if (moveToken)
    add('moves a token from one device to another', async (tenant) => {
      const [from, to] = [newPhone(), newPhone()]
      await register(tenant, from)
      const id = await register(tenant, to)
      await accepted(tenant, samples, [moveToken(tenant, { id, phone: to }, from.token)])
    })
  if (unregister)
    add('registers again after it was unregistered', async (tenant) => {
      const phone = newPhone()
      await accepted(tenant, samples, [unregister(tenant, await register(tenant, phone), phone)])
      await register(tenant, phone)
    })
  if (read)
    add('answers HEAD as GET, without a body', async (tenant) => {
      const call = read(tenant, await register(tenant))
      const whole = await send(tenant, call)
      checkAnswer(whole, 'accepted', samples)
      const head = await send(tenant, { ...call, method: 'HEAD' })
      mustBe('HEAD', { status: head.status, text: head.text }, { status: whole.status, text: '' })
    })
}

function unknownDevices(samples: Samples, add: Add): void {
  const { deviceCalls, unregister, unknownId } = samples
  for (const { what, call, unknown } of deviceCalls) {
    add(`${what}: an unknown device`, async (tenant) => {
      checkAnswer(await send(tenant, call(tenant, unknownId())), unknown, samples)
    })
    if (unregister)
      add(`${what}: a device that was unregistered is unknown`, async (tenant) => {
        const phone = newPhone()
        const id = await registered(tenant, samples, phone)
        await accepted(tenant, samples, [unregister(tenant, id, phone)])
        checkAnswer(await send(tenant, call(tenant, id)), unknown, samples)
      })
  }
}

function topics(samples: Samples, add: Add): void {
  const { topics: of } = samples
  if (!of) return
  const { subscribe, unsubscribe } = of
  add(`subscribes a device to ${TOPICS} topics`, async (tenant) => {
    const id = await registered(tenant, samples, newPhone())
    const names = Array.from({ length: TOPICS }, (_, n) => of.name(n))
    await accepted(tenant, samples, subscribe(tenant, id, names))
  })
  add('takes names with odd characters', async (tenant) => {
    const id = await registered(tenant, samples, newPhone())
    for (const name of of.odd) await accepted(tenant, samples, subscribe(tenant, id, [name]))
  })
  if (unsubscribe)
    add('takes a topic away', async (tenant) => {
      const id = await registered(tenant, samples, newPhone())
      await accepted(tenant, samples, subscribe(tenant, id, [of.name(1)]))
      await accepted(tenant, samples, unsubscribe(tenant, id, [of.name(1)]))
    })
}
