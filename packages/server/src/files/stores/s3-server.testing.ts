/** An S3-compatible server on this machine, over a temporary folder. */
/// <reference path="./s3rver.d.ts" />
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import S3rver from '@20minutes/s3rver'
import type { S3Config } from '../../config/config.ts'

const BUCKET = 'chat-files'

export interface TestS3 {
  readonly config: S3Config
  /** Names of all objects. */
  keys(): readonly string[]
  stop(): Promise<void>
}

export async function startS3(): Promise<TestS3> {
  const directory = mkdtempSync(join(tmpdir(), 'chat-s3-'))
  // It reckons the signature of a bucket's address in another way than Amazon's client.
  const options = { silent: true, allowMismatchedSignatures: true } as const
  const s3 = new S3rver({ directory, ...options, configureBuckets: [{ name: BUCKET }] })
  await s3.configureBuckets()
  const answer = s3.callback()
  const http = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const uploadId = url.searchParams.get('uploadId')
    if (request.method !== 'GET' || uploadId === null) return void answer(request, response)
    // It does not list the parts of an upload.
    void listParts(join(directory, BUCKET), uploadId).then((body) =>
      response
        .writeHead(body === null ? 404 : 200, { 'content-type': 'application/xml' })
        .end(body ?? NO_UPLOAD),
    )
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  return {
    config: {
      bucket: BUCKET,
      region: 'us-east-1',
      endpoint: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
      prefix: 'chat/',
      accessKeyId: 'S3RVER',
      secretAccessKey: 'S3RVER',
    },
    keys: () =>
      readdirSync(join(directory, BUCKET), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('._S3rver_object'))
        .map((name) => name.slice(0, -'._S3rver_object'.length)),
    async stop() {
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

const NO_UPLOAD = '<?xml version="1.0"?><Error><Code>NoSuchUpload</Code><Message>None</Message></Error>'

async function listParts(bucket: string, uploadId: string): Promise<string | null> {
  const folder = join(bucket, '._S3rver_uploads', uploadId)
  try {
    const numbers = readdirSync(folder).filter((name) => /^\d+$/.test(name))
    const parts = await Promise.all(
      numbers.map(async (number) => {
        const tag = await readFile(join(folder, `${number}.md5`), 'utf8')
        const { size } = statSync(join(folder, number))
        return `<Part><PartNumber>${number}</PartNumber><ETag>"${tag}"</ETag><Size>${size}</Size></Part>`
      }),
    )
    return `<?xml version="1.0"?><ListPartsResult><IsTruncated>false</IsTruncated>${parts.join('')}</ListPartsResult>`
  } catch {
    return null
  }
}
