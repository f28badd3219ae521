/** Compresses built files once, so that the server need not do it on each request. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const COMPRESSIBLE = /\.(js|css|html|json|svg)$/

/** @param {Buffer} bytes */
export const brotli = (bytes) =>
  promisify(brotliCompress)(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY },
  })

/** Every file under a folder, as paths relative to it. */
export async function filesUnder(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

/** Writes `.br` and `.gz` beside a file; resolves with the size of the first. */
export async function compressFile(path) {
  const bytes = await readFile(path)
  const [small, common] = await Promise.all([
    brotli(bytes),
    promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION }),
  ])
  await Promise.all([writeFile(`${path}.br`, small), writeFile(`${path}.gz`, common)])
  return small.length
}

/** Compresses each text file of a folder; resolves with the sizes in brotli, by path. */
export async function compress(folder) {
  const paths = (await filesUnder(folder)).filter((path) => COMPRESSIBLE.test(path))
  return new Map(await Promise.all(paths.map(async (path) => [path, await compressFile(path)])))
}
