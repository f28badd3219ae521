/** Keeps the built files of earlier releases: open pages go on asking for them. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'

/** Number of releases kept, including the running one. */
export const KEPT_RELEASES = 3

const RELEASE = /^[0-9a-f]{16}$/

export interface KeptFilesOptions {
  /** The build; holds `assets/` with hashed names. */
  readonly root: string
  /** Folder of the releases, each in a folder of its own. */
  readonly folder: string
  warn(error: unknown): void
}

/** A name made from the files, so that all servers give the same release the same name. */
async function releaseName(assets: string): Promise<string> {
  const names = await readdir(assets)
  return createHash('sha256').update(names.sort().join('\n')).digest('hex').slice(0, 16)
}

/** Copies a release to a temporary folder first, so that it never appears in part; or marks it as the newest again. */
async function keepThis(assets: string, target: string): Promise<void> {
  const now = new Date()
  if (!existsSync(target)) {
    const partial = `${target}.${process.pid}`
    try {
      await cp(assets, partial, { recursive: true })
      await rename(partial, target)
    } catch (error) {
      await rm(partial, { recursive: true, force: true })
      // Another server on this folder copied it first.
      if (!existsSync(target)) throw error
    }
  }
  await utimes(target, now, now)
}

/**
 * Keeps the running release and deletes those that are too old. Returns the folders of the others, newest first: none
 * if the folder is not writable, and then pages that are open during the next release need a reload.
 */
export async function keepReleases({ root, folder, warn }: KeptFilesOptions): Promise<readonly string[]> {
  const assets = join(root, 'assets')
  if (!existsSync(assets)) return []
  try {
    await mkdir(folder, { recursive: true })
    const current = join(folder, await releaseName(assets))
    await keepThis(assets, current)
    const dated = await Promise.all(
      (await readdir(folder))
        .filter((name) => RELEASE.test(name))
        .map(async (name) => {
          const path = join(folder, name)
          return { path, at: (await stat(path)).mtimeMs }
        }),
    )
    const releases = dated.sort((a, b) => b.at - a.at).map(({ path }) => path)
    for (const old of releases.slice(KEPT_RELEASES)) await rm(old, { recursive: true, force: true })
    return releases.slice(0, KEPT_RELEASES).filter((path) => path !== current)
  } catch (error) {
    warn(error)
    return []
  }
}
