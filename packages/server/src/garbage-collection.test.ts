import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { collectionFlags } from './garbage-collection.ts'

it('[DL9] leaves a core to the server while garbage is collected: this Node.js knows what it is told', async () => {
  expect(collectionFlags(4)[1]).toMatch(/=3$/)
  expect(collectionFlags(1)[1]).toMatch(/=1$/)
  expect([collectionFlags(2), collectionFlags(4)].map((flags) => flags.length)).toEqual([3, 2])
  // Node refuses an unknown flag at the start; later it would only warn.
  await promisify(execFile)(process.execPath, [...collectionFlags(2), '--eval', ''])
})
