import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import type { FileId } from '@chat-widget/protocol'
import { Upload } from '@tus/server'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type S3Server, startS3Server } from '../../../../../scripts/s3-server.mjs'
import { MOST_BYTES } from '../../config/files-limits.ts'
import type { FileStore } from './file-store.ts'
import { createFolderStore } from './folder-store.ts'
import { createS3Store } from './s3-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'chat-files-'))
let s3: S3Server
beforeAll(async () => {
  s3 = await startS3Server()
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
  S3: { open: () => createS3Store(s3.config, MOST_BYTES), names: () => s3.keys() },
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

describe('[FI8] S3', () => {
  const MIB = 1024 ** 2
  const opened = async () => createS3Store(s3.config, MOST_BYTES).uploads()
  const begun = async (size: number) => {
    const id = newFileId()
    await (await opened()).create(new Upload({ id, size, offset: 0 }))
    return id
  }
  const write = async (id: FileId, content: Buffer, offset: number) =>
    (await opened()).write(Readable.from([content], { objectMode: false }), id, offset)
  /** A write whose process ends. `method`: of the requests that S3 does not get; `only`: all but this one of them arrive. */
  async function dies(
    [id, content, offset]: readonly [FileId, Buffer, number],
    { method, only }: { readonly method: string; readonly only?: number },
  ) {
    const source = Readable.from([content], { objectMode: false })
    let calls = 0
    s3.cutWhere(async (called) => {
      const isCut = called === method && (++calls === only || only === undefined)
      // The requests after this one may arrive first.
      if (isCut && !source.readableEnded) await once(source, 'end')
      return isCut
    })
    await expect((await opened()).write(source, id, offset)).rejects.toThrow()
    s3.cutWhere(null)
  }

  it('keeps what it acknowledged while it stores what follows', async () => {
    const content = randomBytes(8 * MIB)
    const id = await begun(content.length)
    let offset = 0
    for (const pieces of [1, 2, 3, 1]) {
      const until = offset + pieces * MIB
      await dies([id, content.subarray(offset, until), offset], { method: 'PUT' })
      expect((await (await opened()).getUpload(id)).offset).toBe(offset)
      expect(await write(id, content.subarray(offset, until), offset)).toBe(until)
      offset = until
      expect((await (await opened()).getUpload(id)).offset).toBe(offset)
    }
    await write(id, content.subarray(offset), offset)
    expect((await buffer(await createS3Store(s3.config, MOST_BYTES).readUpload(id))).equals(content)).toBe(
      true,
    )
  })

  it('stores parts in order, so that none is missing between two', async () => {
    const content = randomBytes(20 * MIB)
    const id = await begun(content.length)
    await write(id, content.subarray(0, MIB), 0)
    await dies([id, content.subarray(MIB), MIB], { method: 'PUT', only: 2 })
    const { offset } = await (await opened()).getUpload(id)
    expect(offset).toBe(8 * MIB)
    await write(id, content.subarray(offset), offset)
    expect((await buffer(await createS3Store(s3.config, MOST_BYTES).readUpload(id))).equals(content)).toBe(
      true,
    )
  })

  it('puts the parts together where a process ended before it did', async () => {
    const id = await begun(5)
    await dies([id, Buffer.from('whole'), 0], { method: 'POST' })
    expect((await (await opened()).getUpload(id)).offset).toBe(5)
    expect((await (await opened()).getUpload(id)).offset).toBe(5)
    expect(await text(await createS3Store(s3.config, MOST_BYTES).readUpload(id))).toBe('whole')
  })
})

it('[FI8] a machine without a place for pieces of uploads is told at the start', async () => {
  vi.stubEnv('TMPDIR', join(folder, 'nowhere'))
  await expect(createS3Store(s3.config, MOST_BYTES).open()).rejects.toThrow(
    /files\.s3: needs a folder for temporary files, and cannot write to .*nowhere \(ENOENT\)/,
  )
})

it('[FI8] a bucket that is not there is said at the start', async () => {
  await expect(createS3Store({ ...s3.config, bucket: 'none-such' }, MOST_BYTES).open()).rejects.toThrow()
})
