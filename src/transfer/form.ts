import type { Device } from '../domain/device.ts'
import type { ExportedDevice } from '../store/store.ts'

/** The vendor's own names of the apps, for formats that require them. */
const APP_IDS = ['androidAppId', 'iosAppId', 'webAppId'] as const
export type AppIds = { readonly [Name in (typeof APP_IDS)[number]]?: string | undefined }

/** The options of an export. */
export interface Leaving {
  readonly appId: string
  readonly at: Date
  /** The export continues an earlier one. */
  readonly resumed: boolean
  /** Cells that a spreadsheet would treat as formulas are escaped as text. */
  readonly safe: boolean
  readonly appIds: AppIds
  /** The device as the admin API shows it. */
  show(device: Device): Readonly<Record<string, unknown>>
}

/** Writes one export piece by piece. */
export interface Writer {
  readonly head: string
  /** Devices that the format cannot represent are omitted. */
  devices(piece: readonly ExportedDevice[]): string
  tail(): string
}

/** An export format. */
export interface Form {
  readonly name: string
  readonly media: string
  /** The extension of its file name. */
  readonly extension: string
  /** The file contains the tokens of one push service, which must be named. */
  readonly oneProvider?: boolean
  /** Each line contains the position from which an export can resume. */
  readonly resumes?: boolean
  /** The file is a table, which may be opened in a spreadsheet. */
  readonly table?: boolean
  /** The app ids that the format requires, by the platforms of the devices. */
  needs?(platforms: ReadonlySet<string>): readonly (keyof AppIds)[]
  open(of: Leaving): Writer
}
