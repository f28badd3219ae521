/** Compresses built files once, so that the server need not do it on each request. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const COMPRESSIBLE = /\.(js|css|html|json|svg)$/

/** @param {Buffer} bytes */
export const brotli = (bytes) =>
  promisify(brotliCompress)(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      // Smaller blocks follow our files better than what brotli chooses by itself.
      [constants.BROTLI_PARAM_LGBLOCK]: constants.BROTLI_MIN_INPUT_BLOCK_BITS,
    },
  })

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
