/** Starts an S3-compatible server for tests, over a temporary folder, in this process, on a free port of 127.0.0.1. */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import S3rver from '@20minutes/s3rver'

const BUCKET = 'chat-files'
const OBJECT = '._S3rver_object'
const NO_UPLOAD = '<?xml version="1.0"?><Error><Code>NoSuchUpload</Code><Message>None</Message></Error>'

/** @returns {Promise<import('./s3-server.mjs').S3Server>} */
export async function startS3Server() {
  const directory = mkdtempSync(join(tmpdir(), 'chat-s3-'))
  // It reckons the signature of a bucket's address in another way than Amazon's client.
  const options = { silent: true, allowMismatchedSignatures: true }
  const s3 = new S3rver({ directory, ...options, configureBuckets: [{ name: BUCKET }] })
  await s3.configureBuckets()
  const answer = s3.callback()
  let isCut = null
  const http = createServer(async (request, response) => {
    if (await isCut?.(request.method)) return request.destroy()
    const uploadId = new URL(request.url, 'http://localhost').searchParams.get('uploadId')
    if (request.method !== 'GET' || uploadId === null) return answer(request, response)
    // It does not list the parts of an upload.
    const body = await listParts(join(directory, BUCKET), uploadId)
    response
      .writeHead(body === null ? 404 : 200, { 'content-type': 'application/xml' })
      .end(body ?? NO_UPLOAD)
  })
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve))
  return {
    config: {
      bucket: BUCKET,
      region: 'us-east-1',
      endpoint: `http://127.0.0.1:${http.address().port}`,
      prefix: 'chat/',
      accessKeyId: 'S3RVER',
      secretAccessKey: 'S3RVER',
    },
    keys: () =>
      readdirSync(join(directory, BUCKET), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith(OBJECT))
        .map((name) => name.slice(0, -OBJECT.length)),
    cutWhere(ask) {
      isCut = ask
    },
    async stop() {
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function listParts(bucket, uploadId) {
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
