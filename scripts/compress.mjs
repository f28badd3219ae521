/** Compresses built files once, so that the server need not do it on each request. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const COMPRESSIBLE = /\.(js|css|html|json|svg)$/

/** Encoder settings for distances; the best one depends on the file. */
const BROTLI_WAYS = [
  {},
  { [constants.BROTLI_PARAM_NPOSTFIX]: 1, [constants.BROTLI_PARAM_NDIRECT]: 2 },
  { [constants.BROTLI_PARAM_NPOSTFIX]: 1, [constants.BROTLI_PARAM_NDIRECT]: 4 },
  { [constants.BROTLI_PARAM_NPOSTFIX]: 2 },
]

/** @param {Buffer} bytes */
export async function brotli(bytes) {
  const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY }
  const all = await Promise.all(
    BROTLI_WAYS.map((way) => promisify(brotliCompress)(bytes, { params: { ...quality, ...way } })),
  )
  return all.reduce((best, one) => (one.length < best.length ? one : best))
}

/** Every file under a folder, as paths relative to it. */
export async function filesUnder(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

/** Writes `.br` and `.gz` beside each text file of a folder. */
export async function compress(folder) {
  for (const path of await filesUnder(folder)) {
    if (!COMPRESSIBLE.test(path)) continue
    const bytes = await readFile(path)
    await writeFile(`${path}.br`, await brotli(bytes))
    await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION }))
  }
}
