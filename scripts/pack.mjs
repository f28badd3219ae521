/** Packs the public packages as they are published. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pnpm } from './pnpm.mjs'
import { ROOT, run } from './run.mjs'

/** Manifests of the packages that anyone may install, by folder. */
export function publicPackages() {
  return readdirSync(join(ROOT, 'packages'))
    .map((folder) => JSON.parse(readFileSync(join(ROOT, 'packages', folder, 'package.json'), 'utf8')))
    .filter((manifest) => !manifest.private)
}

/**
 * Resolves with the path of each tarball, by the package's name.
 * @param {string} folder
 * @returns {Promise<Map<string, string>>}
 */
export async function packPublic(folder) {
  const packages = publicPackages()
  const filters = packages.map(({ name }) => `--filter=${name}`)
  const [command, args] = pnpm(...filters, 'pack', '--pack-destination', folder)
  if ((await run(command, args, { quiet: true })) !== 0) throw new Error('the packages could not be packed')
  const fileOf = ({ name, version }) =>
    join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)
  return new Map(packages.map((manifest) => [manifest.name, fileOf(manifest)]))
}
