/** Keeps the built files of the releases before: pages that were opened then go on asking for them. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'

/** The running one among them. */
export const KEPT_RELEASES = 3

const RELEASE = /^[0-9a-f]{16}$/

export interface KeptFilesOptions {
  /** The build; holds `assets/` with hashed names. */
  readonly root: string
  /** Where releases are kept, each in a folder of its own. */
  readonly folder: string
  warn(error: unknown): void
}

/** The same files have the same name, whichever server of which day copies them. */
async function releaseName(assets: string): Promise<string> {
  const names = await readdir(assets)
  return createHash('sha256').update(names.sort().join('\n')).digest('hex').slice(0, 16)
}

/** Copies a release aside, so that none is ever there in part; or says that it is the newest again. */
async function keepThis(assets: string, target: string): Promise<void> {
  const now = new Date()
  if (!existsSync(target)) {
    const partial = `${target}.${process.pid}`
    try {
      await cp(assets, partial, { recursive: true })
      await rename(partial, target)
    } catch (error) {
      await rm(partial, { recursive: true, force: true })
      // Another server on this folder was quicker.
      if (!existsSync(target)) throw error
    }
  }
  await utimes(target, now, now)
}

/**
 * Keeps the running release and forgets those that are too old. Answers the folders of the others, newest first: none
 * where the folder cannot be written, which costs pages that are open during the next release a reload.
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
