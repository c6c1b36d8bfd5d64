import type { Device } from '../domain/device.ts'
import type { ExportedDevice } from '../store/store.ts'

/** What the names of apps at a vendor are, where its form wants them. */
const APP_IDS = ['androidAppId', 'iosAppId', 'webAppId'] as const
export type AppIds = { readonly [Name in (typeof APP_IDS)[number]]?: string | undefined }

/** An export that is to be written. */
export interface Leaving {
  readonly appId: string
  readonly at: Date
  /** It goes on behind another one. */
  readonly resumed: boolean
  /** Cells that a spreadsheet would take for a formula are made texts. */
  readonly safe: boolean
  readonly appIds: AppIds
  /** The device as the admin API shows it. */
  show(device: Device): Readonly<Record<string, unknown>>
}

/** Writes one export, piece after piece. */
export interface Writer {
  readonly head: string
  /** Devices that the form has no place for are left out. */
  devices(piece: readonly ExportedDevice[]): string
  tail(): string
}

/** A form in which devices go out. */
export interface Form {
  readonly name: string
  readonly media: string
  /** What the name of its file ends in. */
  readonly extension: string
  /** It holds the tokens of one push service, which must be named. */
  readonly oneProvider?: boolean
  /** It names, line by line, from where it can go on. */
  readonly resumes?: boolean
  /** It is a table, which may be opened in a spreadsheet. */
  readonly table?: boolean
  /** Which ids of apps it needs, by the platforms of which there are devices. */
  needs?(platforms: ReadonlySet<string>): readonly (keyof AppIds)[]
  open(of: Leaving): Writer
}
