import { expect } from 'vitest'
import { createOffice } from './kit.ts'

export const hex = (name: string) =>
  [...name.padEnd(32, '.')].map((letter) => letter.charCodeAt(0).toString(16)).join('')

/** A row of a file with its outcome: the resulting device, or why there is none. */
export interface Case {
  readonly is: string
  readonly row: string
  readonly token?: string
  readonly device?: Readonly<Record<string, unknown>>
  readonly refused?: string
  readonly warnings?: readonly string[]
}
export interface Table {
  readonly format: string
  readonly dialect?: string
  readonly query?: string
  /** Records of the file before its first row. */
  readonly before?: number
  /** The file of its rows. */
  readonly file: (rows: readonly string[]) => string
  readonly cases: readonly Case[]
}

/** A file has the outcomes of its table, a dry run predicts the same, and a second import changes nothing. */
export async function endsAsTold({
  format,
  dialect = 'backendless',
  query = '',
  file,
  before = 0,
  cases,
}: Table) {
  const office = await createOffice({ [dialect]: {} })
  const path = `format=${format}&dialect=${dialect}&${query}`
  const text = file(cases.map(({ row }) => row))
  const dry = await office.import(`${path}&dryRun=true`, text)
  expect(await office.devices()).toHaveProperty('size', 0)
  const done = await office.import(path, text)
  expect(done.state).toBe('completed')
  for (const part of ['outcomes', 'reasons', 'warnings'] as const) expect(dry[part]).toEqual(done[part])
  const errors = await office.errors(done.id, 'warnings=true')
  expect(await office.errors(dry.id, 'warnings=true')).toEqual(errors)

  const devices = [...(await office.devices()).values()]
  for (const [at, { is, token, device, refused, warnings = [] }] of cases.entries()) {
    const error = errors.find(({ row }) => row === at + 1 + before)
    expect(error?.reason, is).toBe(refused)
    if (refused !== undefined) continue
    const told = (error?.warnings ?? []).filter((one) => one !== 'placeholder')
    expect(told, is).toEqual(warnings)
    const found = devices.find((one) =>
      token === undefined ? one.externalId === device?.externalId : one.token === token,
    )
    if (token !== undefined || device) expect(found, is).toMatchObject({ ...device })
  }
  const again = await office.import(path, text)
  const { rejected } = done.outcomes
  expect(again.outcomes).toMatchObject({ created: 0, updated: 0, merged: 0, rejected })
  return { devices, done }
}
