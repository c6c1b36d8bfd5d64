import { afterAll } from 'vitest'
import { endPrograms } from './process.ts'

// Registered here, because this file runs for each test file, and modules that test files share run once.
afterAll(endPrograms)
