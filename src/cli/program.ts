#!/usr/bin/env node
import { main } from './main.ts'

// A reader may close the pipe after the first lines: `pushport device list | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})
process.exitCode = await main(process.argv.slice(2))
