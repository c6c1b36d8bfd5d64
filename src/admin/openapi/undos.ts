import { Undo, UndoneEvent, UndoPage } from '../answers/index.ts'
import type { Operations } from './operation.ts'
import { flag, PAGE } from './parameters.ts'

const DRY = { dryRun: flag('Changes nothing; the answer has what would be undone.') }
const FORCE = {
  force: flag('Undoes the event even if the phone has since called with the token.'),
}
const MORE = {
  200: { is: 'What was undone, or would be.', schema: Undo },
  202: { is: 'The undo continues in the background; get its progress by its id.', schema: Undo },
}

export const undos = {
  '/apps/:app/imports/:import/undo': {
    post: {
      id: 'undoImport',
      summary: 'Undo an import',
      description:
        'Deletes devices that the import created, unless they have called themselves, and reverts its changes to other devices where nothing has changed since. The same file can be imported again.',
      query: DRY,
      answers: MORE,
      problems: ['app_unknown', 'not_found', 'conflict'],
    },
  },
  '/apps/:app/undos': {
    get: {
      id: 'listUndos',
      summary: 'List undos',
      query: PAGE,
      answers: { 200: { is: 'A page of undos.', schema: UndoPage } },
      problems: ['app_unknown'],
    },
    post: {
      id: 'undoEvents',
      summary: 'Undo the events of one cause or period',
      description:
        'Undoes events from the newest to the oldest, and only where nothing has changed since. Data erased with a user cannot be restored.',
      query: {},
      body: {
        cause: 'Only events with this cause: a request id, or `import` and the id of an import.',
        kind: 'Only events of this kind.',
        from: 'Only events at or after this time.',
        until: 'Only events up to this time; now by default.',
        dryRun: 'Changes nothing; the answer has what would be undone.',
        force: 'Undoes events even if the phones have since called with the tokens.',
      },
      example: { from: '2026-11-25T09:00:00.000Z', until: '2026-11-25T10:00:00.000Z', dryRun: true },
      answers: MORE,
      problems: ['app_unknown', 'invalid', 'conflict'],
    },
  },
  '/apps/:app/undos/:undo': {
    get: {
      id: 'getUndo',
      summary: 'Show the progress of an undo',
      query: {},
      answers: { 200: { is: 'The undo.', schema: Undo } },
      problems: ['app_unknown', 'not_found'],
    },
  },
  '/apps/:app/events/:event/undo': {
    post: {
      id: 'undoEvent',
      summary: 'Undo one event',
      query: { ...DRY, ...FORCE },
      answers: { 200: { is: 'The result; with `dryRun`, the expected result.', schema: UndoneEvent } },
      problems: ['app_unknown', 'not_found', 'conflict'],
    },
  },
} satisfies Operations<
  '/apps/:app/imports/:import/undo' | `/apps/:app/undos${'' | '/:undo'}` | '/apps/:app/events/:event/undo'
>
