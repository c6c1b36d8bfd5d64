import { readFileSync } from 'node:fs'
import { EXIT, Fault, usage } from './faults.ts'

/** The JSON document in a file; `-` is standard input. */
export function documentIn(file: string): Readonly<Record<string, unknown>> {
  const text = textIn(file)
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    throw usage(`${named(file)} is not JSON: ${error instanceof Error ? error.message : error}`)
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    throw usage(`${named(file)} does not contain a JSON object.`)
  return document as Readonly<Record<string, unknown>>
}

export function textIn(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    throw new Fault(EXIT.usage, error instanceof Error ? error.message : String(error))
  }
}

const named = (file: string) => (file === '-' ? 'Standard input' : file)

/** The elements of a list in one argument. */
export const parts = (list: string | undefined): readonly string[] | undefined =>
  list
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
