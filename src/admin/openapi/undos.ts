import { Undo, UndoneEvent, UndoPage } from '../answers/index.ts'
import type { Operations } from './operation.ts'
import { flag, PAGE } from './parameters.ts'

const DRY = { dryRun: flag('Changes nothing, and answers what would be taken back.') }
const FORCE = {
  force: flag('Takes a token back also from a device whose phone called with it since.'),
}
const MORE = {
  200: { is: 'What was taken back, or would be.', schema: Undo },
  202: { is: 'It goes on in the background: ask for it by its id.', schema: Undo },
}

export const undos = {
  '/apps/:app/imports/:import/undo': {
    post: {
      id: 'undoImport',
      summary: 'Take an import back',
      description:
        'Devices that it made go, if they have not called by themselves; of others goes what it changed and nobody has changed since. The same file may be imported again.',
      query: DRY,
      answers: MORE,
      problems: ['app_unknown', 'not_found', 'conflict'],
    },
  },
  '/apps/:app/undos': {
    get: {
      id: 'listUndos',
      summary: 'List what was taken back',
      query: PAGE,
      answers: { 200: { is: 'A page of undos.', schema: UndoPage } },
      problems: ['app_unknown'],
    },
    post: {
      id: 'undoEvents',
      summary: 'Take back what one cause did, or what happened within a time',
      description:
        'From the newest event to the oldest, and only what nobody has changed since. What was erased with a user never comes back.',
      query: {},
      body: {
        cause: 'Only events of this cause: the id of a request, or `import` with the id of one.',
        from: 'Only events from then on.',
        until: 'Only events up to then; left out: up to now.',
        dryRun: 'Changes nothing, and answers what would be taken back.',
        force: 'Takes tokens back also from devices whose phones called with them since.',
      },
      example: { from: '2026-11-25T09:00:00.000Z', until: '2026-11-25T10:00:00.000Z', dryRun: true },
      answers: MORE,
      problems: ['app_unknown', 'invalid', 'conflict'],
    },
  },
  '/apps/:app/undos/:undo': {
    get: {
      id: 'getUndo',
      summary: 'Show how far an undo is',
      query: {},
      answers: { 200: { is: 'The undo.', schema: Undo } },
      problems: ['app_unknown', 'not_found'],
    },
  },
  '/apps/:app/events/:event/undo': {
    post: {
      id: 'undoEvent',
      summary: 'Take one event back',
      query: { ...DRY, ...FORCE },
      answers: { 200: { is: 'What became of it; with `dryRun`, what would.', schema: UndoneEvent } },
      problems: ['app_unknown', 'not_found', 'conflict'],
    },
  },
} satisfies Operations<
  '/apps/:app/imports/:import/undo' | `/apps/:app/undos${'' | '/:undo'}` | '/apps/:app/events/:event/undo'
>
