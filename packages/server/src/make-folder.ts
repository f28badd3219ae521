/** Makes a folder, and those above it that are missing. */
import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Rejects with the system's error, e.g. `ENOENT` below `/proc`, where no folder can be made: there Node's own `recursive`
 * goes round for ever. `mode`: of each that is made; default: as the system has it.
 */
export async function makeFolder(path: string, mode?: number): Promise<void> {
  try {
    await makeOne(path, mode)
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error
    await makeFolder(dirname(path), mode)
    await makeOne(path, mode)
  }
}

async function makeOne(path: string, mode: number | undefined): Promise<void> {
  try {
    await mkdir(path, { mode })
  } catch (error) {
    if (!isCode(error, 'EEXIST') || !(await stat(path)).isDirectory()) throw error
  }
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
