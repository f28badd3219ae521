/** Files in a folder: `uploads/` for those under way, `kept/` for the others. */
import { constants } from 'node:fs'
import { access, copyFile, link, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ChatError, type FileId } from '@chat-widget/protocol'
import type { DataStore } from '@tus/server'
import { makeFolder } from '../../make-folder.ts'
import type { FileStore } from './file-store.ts'

export function createFolderStore(folder: string): FileStore {
  const uploadFolder = join(folder, 'uploads')
  const uploadOf = (id: FileId) => join(uploadFolder, id)
  // Few names in each folder: some file systems search them one by one.
  const keptAt = (id: FileId) => join(folder, 'kept', id.slice(0, 2), id)

  async function read(path: string, range?: { readonly start: number; readonly end: number }) {
    const file = await open(path).catch((error: unknown) => {
      throw problemOf(error)
    })
    return file.createReadStream({ ...range, autoClose: true })
  }

  /** Puts a file in its place at once and whole, as far as the disk can be made to say so. */
  async function place(id: FileId, write: (path: string) => Promise<void>): Promise<void> {
    const path = keptAt(id)
    const unfinished = `${path}.new`
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      await rm(unfinished, { force: true })
      await write(unfinished)
      await sync(unfinished)
      await rename(unfinished, path)
      await sync(dirname(path))
    } catch (error) {
      throw problemOf(error)
    }
  }

  async function loadUploads(): Promise<DataStore> {
    const { FileStore } = await import('@tus/file-store')
    return new FileStore({ directory: uploadFolder })
  }
  let uploads: Promise<DataStore> | undefined

  return {
    uploads() {
      uploads ??= loadUploads()
      return uploads
    },
    async open() {
      await makeFolder(uploadFolder, 0o700)
      await access(folder, constants.R_OK | constants.W_OK)
    },
    readUpload: (id) => read(uploadOf(id)),
    async removeUpload(id) {
      await rm(uploadOf(id), { force: true })
      await rm(`${uploadOf(id)}.json`, { force: true })
    },
    keepUpload: (id) =>
      place(id, async (path) => {
        // The same bytes under a second name, where the file system has that.
        await link(uploadOf(id), path).catch(() => copyFile(uploadOf(id), path))
      }),
    keep: (id, bytes) =>
      place(id, async (path) => {
        const file = await open(path, 'wx', 0o600)
        await file.writeFile(bytes).finally(() => file.close())
      }),
    read: (id, range) => read(keptAt(id), range),
    async remove(id) {
      await rm(keptAt(id), { force: true })
      await rm(`${keptAt(id)}.new`, { force: true })
    },
    close: () => undefined,
  }
}

/** Waits until the disk has a file, or a folder's list of names. */
async function sync(path: string): Promise<void> {
  const file = await open(path, 'r')
  await file.sync().finally(() => file.close())
}

function problemOf(error: unknown): ChatError {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
  return isMissing
    ? new ChatError('not-found', 'There is no such file.', { cause: error })
    : new ChatError('unavailable', 'The files cannot be used right now.', { cause: error })
}
