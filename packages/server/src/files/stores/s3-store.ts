/** Files in a bucket of S3 or of a server compatible with it: `uploads/` for those under way, `kept/` for the others. */
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
import type { FileStore } from './file-store.ts'

const NOT_FOUND: ReadonlySet<string> = new Set(['NotFound', 'NoSuchKey', 'NoSuchUpload'])

export function createS3Store(config: S3Config): FileStore {
  const { bucket, prefix } = config
  const settings = settingsOf(config)
  const client = new S3Client(settings)
  const uploads = new UploadStore(
    { s3ClientConfig: { bucket, ...settings }, useTags: false },
    `${prefix}uploads/`,
  )
  const uploadOf = (id: FileId) => `${prefix}uploads/${id}`
  const keptAt = (id: FileId) => `${prefix}kept/${id}`

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
      await client.send(new HeadBucketCommand({ Bucket: bucket }))
    },
    readUpload: (id) => read(uploadOf(id)),
    async removeUpload(id) {
      // Ends one that is not whole, so that its parts are not kept; a whole one has none.
      await uploads.remove(id).catch(() => undefined)
      await removeAll([uploadOf(id), `${uploadOf(id)}.info`, `${uploadOf(id)}.part`])
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

/** The tus store, whose objects are named by their ids alone, with a folder before them. */
class UploadStore extends S3Store {
  readonly #folder: string

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
    return Object.assign(await super.getUpload(this.#named(id)), { id })
  }
  override remove(id: string) {
    return super.remove(this.#named(id))
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

function refuse(error: unknown): never {
  const name = error instanceof Error ? error.name : ''
  throw NOT_FOUND.has(name)
    ? new ChatError('not-found', 'There is no such file.', { cause: error })
    : new ChatError('unavailable', 'The files cannot be used right now.', { cause: error })
}
