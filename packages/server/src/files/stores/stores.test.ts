import { randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { FileId } from '@chat-widget/protocol'
import { Upload } from '@tus/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FileStore } from './file-store.ts'
import { createFolderStore } from './folder-store.ts'
import { startS3, type TestS3 } from './s3-server.testing.ts'
import { createS3Store } from './s3-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'chat-files-'))
let s3: TestS3
beforeAll(async () => {
  s3 = await startS3()
})
afterAll(async () => {
  await s3.stop()
  rmSync(folder, { recursive: true })
})

const namesIn = (path: string) =>
  readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(path, name)).isFile(),
  )

const STORES = {
  folder: { open: () => createFolderStore(folder), names: () => namesIn(folder) },
  S3: { open: () => createS3Store(s3.config), names: () => s3.keys() },
} as const satisfies Record<
  string,
  { readonly open: () => FileStore; readonly names: () => readonly string[] }
>

const newFileId = () => randomUUID() as string as FileId
const piece = (content: string) => Readable.from([Buffer.from(content)], { objectMode: false })

describe.each(Object.entries(STORES))('[FI8] %s', (_name, { open, names }) => {
  async function uploaded(store: FileStore, content: string): Promise<FileId> {
    const id = newFileId()
    await (await store.uploads()).create(new Upload({ id, size: content.length, offset: 0 }))
    await (await store.uploads()).write(piece(content), id, 0)
    return id
  }
  const opened = async () => {
    const store = open()
    await store.open()
    return store
  }

  it('an upload goes on in another process where it was', async () => {
    const id = newFileId()
    const first = await opened()
    await (await first.uploads()).create(new Upload({ id, size: 10, offset: 0 }))
    await (await first.uploads()).write(piece('01234'), id, 0)
    const second = await opened()
    expect(await (await second.uploads()).getUpload(id)).toMatchObject({ id, size: 10, offset: 5 })
    await (await second.uploads()).write(piece('56'), id, 5)
    await (await second.uploads()).write(piece('789'), id, 7)
    expect(await (await (await opened()).uploads()).getUpload(id)).toMatchObject({ size: 10, offset: 10 })
    expect(await text(await second.readUpload(id))).toBe('0123456789')
  })

  it('keeps an upload as it is, or other bytes in its place', async () => {
    const store = await opened()
    const [same, other] = [await uploaded(store, 'as it is'), await uploaded(store, 'with a place')]
    await store.keepUpload(same)
    await store.keepUpload(same)
    await store.keep(other, Buffer.from('without'))
    for (const id of [same, other]) await store.removeUpload(id)
    expect(await text(await store.read(same))).toBe('as it is')
    expect(await text(await store.read(other))).toBe('without')
    expect(await text(await store.read(same, { start: 3, end: 4 }))).toBe('it')
  })

  it('removes all of a file, as often as it is asked', async () => {
    const store = await opened()
    const id = await uploaded(store, 'whole')
    const begun = newFileId()
    await (await store.uploads()).create(new Upload({ id: begun, size: 10, offset: 0 }))
    await (await store.uploads()).write(piece('01234'), begun, 0)
    await store.keepUpload(id)
    for (const one of [id, begun, id, begun]) {
      await store.removeUpload(one)
      await store.remove(one)
    }
    expect(names().filter((name) => name.includes(id) || name.includes(begun))).toEqual([])
    await expect(store.read(id)).rejects.toMatchObject({ code: 'not-found' })
    await expect(store.readUpload(begun)).rejects.toMatchObject({ code: 'not-found' })
  })
})

it('[FI8] a bucket that is not there is said at the start', async () => {
  await expect(createS3Store({ ...s3.config, bucket: 'none-such' }).open()).rejects.toThrow()
})
