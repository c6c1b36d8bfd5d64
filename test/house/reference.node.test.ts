import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { COMMANDS_PAGE, commandsPage } from '../../.scripts/reference/commands.ts'
import { SETTINGS_PAGE, settingsPage } from '../../.scripts/reference/settings.ts'

// The formatter formats tables in the documents, so only their contents are compared.
const words = (text: string) => text.replace(/-{3,}/g, '---').replace(/ +/g, ' ')

test.each([
  [SETTINGS_PAGE, settingsPage],
  [COMMANDS_PAGE, commandsPage],
])('%s is what the code is: else `npm run reference` writes it anew', async (file, page) => {
  expect(words(readFileSync(file, 'utf8'))).toBe(words(await page()))
})
