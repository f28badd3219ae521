import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeFolder } from './make-folder.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'make-folder-'))
})
afterEach(() => rmSync(home, { recursive: true }))

it('makes a folder and those above it, and is content with one that is there', async () => {
  const folder = join(home, 'a', 'b', 'c')
  await makeFolder(folder, 0o700)
  await makeFolder(folder, 0o700)
  for (const made of [folder, join(home, 'a')]) expect(statSync(made).mode & 0o777).toBe(0o700)
})

it('two at a time make one', async () => {
  const folder = join(home, 'a', 'b')
  await Promise.all([makeFolder(folder), makeFolder(folder)])
  expect(statSync(folder).isDirectory()).toBe(true)
})

it('tells why there can be none', async () => {
  writeFileSync(join(home, 'file'), '')
  await expect(makeFolder(join(home, 'file'))).rejects.toThrow('EEXIST')
  await expect(makeFolder(join(home, 'file', 'folder'))).rejects.toThrow('ENOTDIR')
  await expect(makeFolder('/proc/none/folder')).rejects.toThrow('ENOENT')
})
