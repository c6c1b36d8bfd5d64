import { Import, ImportError, ImportPage, ImportQueued } from '../answers/index.ts'
import type { Operations } from './operation.ts'
import { DIALECT, flag, PAGE } from './parameters.ts'

const UPLOAD = {
  format: 'What the file is: see docs/import.md for each.',
  dialect:
    'The dialect of its devices. Required for `csv` and for files of vendors whose API is not spoken here; of other formats it is that of their vendor.',
  dryRun: flag('Only counts what would happen, row by row, and changes nothing.'),
  environment: 'Which APNs the tokens of the file are for, as no file says it.',
  exportedAt:
    'When the file was true. Without it, the file is older than everything that devices told by themselves.',
  mapping: 'For `csv`: a JSON object, which column is which member.',
  delimiter: 'What parts the cells of a table; else it is found in the header.',
  encoding: 'How the file is written; a byte order mark decides before it.',
  platform: 'The platform of all rows, for files that do not say it.',
  sourceApp: 'Only rows of this app of the vendor’s.',
  header: 'Whether a `csv` begins with a header; without one its columns are called `1`, `2` and so on.',
}

export const imports = {
  '/apps/:app/imports': {
    post: {
      id: 'createImport',
      summary: 'Import a file of devices',
      description:
        'Takes the file whole, of up to `IMPORT_MAX_BYTES` and `IMPORT_MAX_ROWS`, and imports it in steps: devices that call by themselves lose nothing to it. `Content-Encoding: gzip` is unpacked. With `Idempotency-Key`, the same key is the same import for a day.',
      query: UPLOAD,
      file: 'The file, as the vendor gave it out.',
      exampleQuery: {
        format: 'csv',
        dialect: DIALECT,
        mapping: '{"externalId":"id","token":"push_token","platform":"os"}',
      },
      example: 'id,push_token,os\na1b2c3,fcm-token-of-a1b2c3:APA91b_0123456789abcdef,android\n',
      answers: {
        202: {
          is: 'The file is kept, and waits for its turn.',
          schema: ImportQueued,
          headers: { Location: 'The address of the import.' },
        },
      },
      problems: ['app_unknown', 'bad_media_type', 'bad_body', 'invalid'],
    },
    get: {
      id: 'listImports',
      summary: 'List the imports of an app',
      description: 'Newest first; kept for `IMPORT_KEEP_DAYS` after their end.',
      query: PAGE,
      answers: { 200: { is: 'A page of imports.', schema: ImportPage } },
      problems: ['app_unknown'],
    },
  },
  '/apps/:app/imports/:import': {
    get: {
      id: 'getImport',
      summary: 'Show how far an import is',
      query: {},
      answers: { 200: { is: 'The import, with what became of its rows so far.', schema: Import } },
      problems: ['app_unknown', 'not_found'],
    },
    delete: {
      id: 'deleteImport',
      summary: 'Stop or forget an import',
      description:
        'A running one stops after its present step; one that has ended is forgotten with its errors. Devices stay.',
      query: {},
      answers: { 204: { is: 'It is stopped, or forgotten.' } },
      problems: ['app_unknown', 'not_found'],
    },
  },
  '/apps/:app/imports/:import/errors': {
    get: {
      id: 'listImportErrors',
      summary: 'Read which rows were not imported, and why',
      description: 'A JSON object a line, in the order of the rows; readable while the import runs.',
      query: {
        warnings: flag('Also rows that were taken with warnings.'),
        raw: flag('Also each record as it stood, tokens masked.'),
      },
      answers: { 200: { is: 'The rows.', schema: ImportError, media: 'application/x-ndjson' } },
      problems: ['app_unknown', 'not_found'],
    },
  },
} satisfies Operations<
  '/apps/:app/imports' | '/apps/:app/imports/:import' | '/apps/:app/imports/:import/errors'
>
