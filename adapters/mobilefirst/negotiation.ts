import type { Request } from '../../src/adapter.ts'
import { GatewayError } from '../../src/domain/error.ts'
import { mediaType, readBytes, readJson } from '../../src/wire/body.ts'
import { Digits } from '../../src/wire/json.ts'
import { fault } from './errors.ts'

/** Requires that JSON is acceptable (section 4): no Accept header, a wildcard or the type, with quality above zero. */
export function requireAcceptable(c: Request): void {
  const accept = c.req.header('accept')
  if (accept === undefined || accept.trim() === '') return
  const fine = accept.split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((text) => text.trim().toLowerCase())
    const quality = parameters.find((one) => one.startsWith('q='))?.slice(2)
    if (quality !== undefined && !(Number(quality) > 0)) return false
    return type === '*/*' || type === 'application/*' || type === 'application/json'
  })
  if (!fine) throw fault('notAcceptable')
}

/** 405, never 415 (section 1, row 1). */
export function requireType(c: Request, type: string): void {
  if (mediaType(c) !== type) throw fault('mediaType')
}

/** The body as a JSON object; invalid JSON and non-objects have different errors (section 4). */
export async function readObject(c: Request): Promise<Record<string, unknown>> {
  const document = await readDocument(c)
  const wrong = typeof document !== 'object' || document === null || Array.isArray(document)
  if (wrong || document instanceof Digits) throw fault('badKind')
  return document as Record<string, unknown>
}

/** The body as a JSON array. */
export async function readList(c: Request): Promise<readonly unknown[]> {
  const document = await readDocument(c)
  if (!Array.isArray(document)) throw fault('badKind')
  return document
}

async function readDocument(c: Request): Promise<unknown> {
  // A body that cannot be read or unpacked has its own error, unlike one that is not JSON.
  await readBytes(c)
  try {
    return await readJson(c)
  } catch (error) {
    throw error instanceof GatewayError && error.code === 'bad_body' ? fault('badJson') : error
  }
}

/** Reads a form body; a body that does not match its content type is a bad value. */
export async function readForm(c: Request): Promise<FormData> {
  const bytes = await readBytes(c)
  try {
    const headers = { 'Content-Type': c.req.header('content-type') ?? '' }
    // A new Response, because the request's own stream was already read within the size limit.
    return await new Response(bytes as Uint8Array<ArrayBuffer>, { headers }).formData()
  } catch (error) {
    throw new GatewayError('invalid', 'badValue', {
      at: 'badValue',
      issues: [{ path: 'certificate', message: 'badValue' }],
      cause: error,
    })
  }
}
