import { Import, ImportError, ImportPage, ImportQueued } from '../answers/index.ts'
import type { Operations } from './operation.ts'
import { DIALECT, flag, PAGE } from './parameters.ts'

const UPLOAD = {
  format: 'The format of the file; docs/import.md describes each.',
  dialect:
    'The dialect of the devices. Required for `csv` and for files of vendors whose API Pushport does not speak; other formats imply it.',
  dryRun: flag('Checks every row and counts the results, but changes nothing.'),
  environment: 'The APNs environment of the tokens, which the file does not tell.',
  exportedAt:
    'When the data was exported. By default, everything that devices report themselves counts as newer.',
  mapping: 'For `csv`: a JSON object with the column for each member.',
  delimiter: 'The character between columns; detected from the header by default.',
  encoding: 'The character encoding of the file; a byte order mark takes precedence.',
  platform: 'The platform of all rows, for files that do not contain it.',
  sourceApp: 'Imports only the rows of this app at the vendor.',
  header: 'Whether a `csv` file begins with a header; if not, its columns are named `1`, `2` and so on.',
}

export const imports = {
  '/apps/:app/imports': {
    post: {
      id: 'createImport',
      summary: 'Import a file of devices',
      description:
        'Stores the file, up to `IMPORT_MAX_BYTES` and `IMPORT_MAX_ROWS`, and imports it in steps. It never overwrites newer data that devices sent themselves. `Content-Encoding: gzip` is supported. A repeated `Idempotency-Key` returns the same import for a day.',
      query: UPLOAD,
      file: 'The file, as exported by the vendor.',
      exampleQuery: {
        format: 'csv',
        dialect: DIALECT,
        mapping: '{"externalId":"id","token":"push_token","platform":"os"}',
      },
      example: 'id,push_token,os\na1b2c3,fcm-token-of-a1b2c3:APA91b_0123456789abcdef,android\n',
      answers: {
        202: {
          is: 'The file is stored and the import is queued.',
          schema: ImportQueued,
          headers: { Location: 'The URL of the import.' },
        },
      },
      problems: ['app_unknown', 'bad_media_type', 'bad_body', 'invalid'],
    },
    get: {
      id: 'listImports',
      summary: 'List the imports of an app',
      description: 'Newest first; kept for `IMPORT_KEEP_DAYS` after they end.',
      query: PAGE,
      answers: { 200: { is: 'A page of imports.', schema: ImportPage } },
      problems: ['app_unknown'],
    },
  },
  '/apps/:app/imports/:import': {
    get: {
      id: 'getImport',
      summary: 'Show the progress of an import',
      query: {},
      answers: { 200: { is: 'The import, with the results so far.', schema: Import } },
      problems: ['app_unknown', 'not_found'],
    },
    delete: {
      id: 'deleteImport',
      summary: 'Stop or delete an import',
      description:
        'A running import stops after the current step; a finished one is deleted with its errors. Its devices stay.',
      query: {},
      answers: { 204: { is: 'The import is stopped or deleted.' } },
      problems: ['app_unknown', 'not_found'],
    },
  },
  '/apps/:app/imports/:import/errors': {
    get: {
      id: 'listImportErrors',
      summary: 'List the rows that were not imported, and why',
      description: 'One JSON object per line, in the order of the rows; available while the import runs.',
      query: {
        warnings: flag('Includes rows that were imported with warnings.'),
        raw: flag('Includes the original record, with tokens masked.'),
      },
      answers: { 200: { is: 'The rows.', schema: ImportError, media: 'application/x-ndjson' } },
      problems: ['app_unknown', 'not_found'],
    },
  },
} satisfies Operations<
  '/apps/:app/imports' | '/apps/:app/imports/:import' | '/apps/:app/imports/:import/errors'
>
