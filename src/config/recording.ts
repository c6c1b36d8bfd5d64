import * as z from 'zod'
import { share, whole } from './forms.ts'

/** The share of each route's calls that is recorded, where, and how many bytes are kept. */
export interface Recording {
  readonly share: number
  readonly folder: string
  readonly bytes: number
}

export const RECORDING = {
  RECORD_SHARE: share({ all: 1, off: 0 }).default(0),
  RECORD_FOLDER: z.string().min(1).default('./data/recorded'),
  RECORD_MAX_BYTES: whole(1_000_000, 1_000_000_000_000, 64_000_000),
} as const

interface Variables {
  readonly RECORD_SHARE: number
  readonly RECORD_FOLDER: string
  readonly RECORD_MAX_BYTES: number
}

/** Undefined where nothing is recorded. */
export const recordingOf = (of: Variables): Recording | undefined =>
  of.RECORD_SHARE > 0
    ? { share: of.RECORD_SHARE, folder: of.RECORD_FOLDER, bytes: of.RECORD_MAX_BYTES }
    : undefined
