import { describe, expect, test } from 'vitest'
import { backendlessReference as reference } from '../../adapters/backendless/reference.ts'
import { REMOTE_CALLS } from '../../adapters/backendless/reference-remoting.ts'
import { referenceText } from '../../src/reference/document.ts'
import { Described, type Document } from './described.ts'
import { plainMessage } from './remoting.ts'

const document: Document = JSON.parse(referenceText(reference, '0'))
const operation = reference.operations.find(({ id }) => id === 'callRemotely')
if (!operation) throw new Error('The binary calls are not described.')
const { body } = operation

describe.each(Object.entries(REMOTE_CALLS))('the remote call %s', (name, { answer: schema }) => {
  test('is acknowledged, and answers what is said of it', async () => {
    const described = await Described.open(reference, document)
    const form = body?.others?.[name] ?? { example: body?.example, status: 200 }
    const answer = await described.other(operation, form)
    const message = plainMessage(new Uint8Array(await answer.arrayBuffer()))
    expect(message).toMatchObject({ $class: 'flex.messaging.messages.AcknowledgeMessage' })
    expect(schema.safeParse((message as { body: unknown }).body)).toMatchObject({ success: true })
  })

  test('stands in the table, and its example calls it', () => {
    expect(operation.description).toContain(`| \`${name}\` |`)
    const { example } = body?.others?.[name] ?? { example: body?.example }
    const bytes = Uint8Array.from(atob(String(example)), (one) => one.charCodeAt(0))
    expect(plainMessage(bytes)).toMatchObject([{ operation: name }])
  })
})
