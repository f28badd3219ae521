/** Files in a bucket of S3 or of a server compatible with it: `uploads/` for those under way, `kept/` for the others. */
import { access, constants } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { Readable } from 'node:stream'
import {
  CopyObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3'
import { ChatError, type FileId } from '@chat-widget/protocol'
import { S3Store } from '@tus/s3-store'
import type { S3Config } from '../../config/config.ts'
import { ConfigurationError } from '../../config/configuration-error.ts'
import type { FileStore } from './file-store.ts'

const NOT_FOUND: ReadonlySet<string> = new Set(['NotFound', 'NoSuchKey', 'NoSuchUpload'])

/** `mostBytes`: of the largest upload. */
export function createS3Store(config: S3Config, mostBytes: number): FileStore {
  const { bucket, prefix } = config
  const settings = settingsOf(config)
  const client = new S3Client(settings)
  const uploads = new UploadStore(
    { s3ClientConfig: { bucket, ...settings }, useTags: false },
    `${prefix}uploads/`,
  )
  const uploadOf = (id: FileId) => `${prefix}uploads/${id}`
  const keptAt = (id: FileId) => `${prefix}kept/${id}`
  const mostParts = Math.ceil(mostBytes / SMALLEST_PART)

  async function read(
    key: string,
    range?: { readonly start: number; readonly end: number },
  ): Promise<Readable> {
    const { Body } = await client
      .send(
        new GetObjectCommand({
          Bucket: bucket,
          Key: key,
          ...(range !== undefined && { Range: `bytes=${range.start}-${range.end}` }),
        }),
      )
      .catch(refuse)
    if (!(Body instanceof Readable)) throw new ChatError('unavailable', 'The files cannot be used right now.')
    return Body
  }

  async function removeAll(keys: readonly string[]): Promise<void> {
    await client
      .send(
        new DeleteObjectsCommand({
          Bucket: bucket,
          Delete: { Objects: keys.map((Key) => ({ Key })), Quiet: true },
        }),
      )
      .catch(refuse)
  }

  return {
    uploads: async () => uploads,
    async open() {
      // Pieces of uploads go through it: without it everything but an upload would work.
      await access(tmpdir(), constants.W_OK).catch((cause: NodeJS.ErrnoException) => {
        const problem = `needs a folder for temporary files, and cannot write to ${tmpdir()} (${cause.code})`
        throw new ConfigurationError('files.s3', problem)
      })
      await client.send(new HeadBucketCommand({ Bucket: bucket }))
    },
    readUpload: (id) => read(uploadOf(id)),
    async removeUpload(id) {
      // Ends one that is not whole, so that its parts are not kept; a whole one has none.
      await uploads.remove(id).catch(() => undefined)
      const beside = Array.from(
        { length: mostParts + 1 },
        (_, parts) => `${besidePart(uploadOf(id), parts)}.part`,
      )
      await removeAll([uploadOf(id), `${uploadOf(id)}.info`, ...beside])
    },
    async keepUpload(id) {
      await client
        .send(
          new CopyObjectCommand({ Bucket: bucket, Key: keptAt(id), CopySource: `${bucket}/${uploadOf(id)}` }),
        )
        .catch(refuse)
    },
    async keep(id, bytes) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: keptAt(id), Body: bytes })).catch(refuse)
    },
    read: (id, range) => read(keptAt(id), range),
    remove: (id) => removeAll([keptAt(id)]),
    close: () => client.destroy(),
  }
}

/** S3 takes no smaller part, but the last one. Bytes. */
const SMALLEST_PART = 5 * 1024 * 1024

/** Name of the bytes that are too few for a part, and follow so many parts. The library adds `.part`. */
const besidePart = (name: string, parts: number) => `${name}.${parts}`

/**
 * The tus store, whose objects are named by their ids alone, with a folder before them. A process may end at any moment, so
 * acknowledged bytes stay until they are elsewhere: those too few for a part are named by the number of parts before them,
 * and kept when the next part has them. The library would delete them before it stores that part.
 */
class UploadStore extends S3Store {
  readonly #folder: string
  /** Of writes under way: how many parts there are, and when they are stored. */
  readonly #writes = new Map<string, { parts: number; stored: Promise<unknown> }>()

  constructor(options: ConstructorParameters<typeof S3Store>[0], folder: string) {
    super(options)
    this.#folder = folder
  }

  override async create(upload: Parameters<S3Store['create']>[0]) {
    const { id } = upload
    return Object.assign(await super.create(Object.assign(upload, { id: this.#named(id) })), { id })
  }
  override write(...[source, id, offset]: Parameters<S3Store['write']>) {
    return super.write(source, this.#named(id), offset)
  }
  override async getUpload(id: string) {
    const name = this.#named(id)
    const upload = await super.getUpload(name)
    if (upload.offset === upload.size) await this.#complete(name)
    return Object.assign(upload, { id })
  }
  override remove(id: string) {
    return super.remove(this.#named(id))
  }

  protected override async deleteIncompletePart() {}
  protected override async getIncompletePart(name: string) {
    return super.getIncompletePart(await this.#beside(name))
  }
  protected override async getIncompletePartSize(name: string) {
    return super.getIncompletePartSize(await this.#beside(name))
  }
  protected override async uploadIncompletePart(
    ...[name, bytes]: Parameters<S3Store['uploadIncompletePart']>
  ) {
    const write = this.#writes.get(name)
    await write?.stored
    return super.uploadIncompletePart(besidePart(name, write?.parts ?? 0), bytes)
  }
  protected override async uploadParts(
    ...[upload, bytes, number, offset]: Parameters<S3Store['uploadParts']>
  ) {
    const name = upload.file.id
    this.#writes.set(name, { parts: number - 1, stored: Promise.resolve() })
    try {
      return await super.uploadParts(upload, bytes, number, offset)
    } finally {
      this.#writes.delete(name)
    }
  }
  /** One after the other: of a part without the one before it, nobody knows where it begins. */
  protected override uploadPart(...[upload, bytes, number]: Parameters<S3Store['uploadPart']>) {
    const write = this.#writes.get(upload.file.id)
    const part = (write?.stored ?? Promise.resolve()).then(() => super.uploadPart(upload, bytes, number))
    if (write !== undefined) Object.assign(write, { parts: number, stored: part })
    return part
  }

  async #beside(name: string): Promise<string> {
    return besidePart(name, (await this.retrieveParts(name)).length)
  }

  /** Puts the parts together, if the process that stored the last one did not come to it. */
  async #complete(name: string): Promise<void> {
    try {
      await this.finishMultipartUpload(await this.getMetadata(name), await this.retrieveParts(name))
    } catch (error) {
      if (!isMissing(error)) throw error
    }
  }

  #named(id: string): string {
    return id.startsWith(this.#folder) ? id : `${this.#folder}${id}`
  }
}

function settingsOf({ region, endpoint, accessKeyId, secretAccessKey }: S3Config): S3ClientConfig {
  return {
    region,
    // Other servers know neither names of hosts for buckets nor the newer checksums.
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(accessKeyId !== undefined &&
      secretAccessKey !== undefined && { credentials: { accessKeyId, secretAccessKey } }),
  }
}

const isMissing = (error: unknown) => error instanceof Error && NOT_FOUND.has(error.name)

function refuse(error: unknown): never {
  throw isMissing(error)
    ? new ChatError('not-found', 'There is no such file.', { cause: error })
    : new ChatError('unavailable', 'The files cannot be used right now.', { cause: error })
}
