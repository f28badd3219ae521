/** Keeps the built files of earlier releases: open pages go on asking for them, and others name the version they want. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'

/** Number of releases kept, including the running one. */
export const KEPT_RELEASES = 3

const RELEASE = /^[0-9a-f]{16}$/

export interface KeptFilesOptions {
  /** The build; holds `assets/` with hashed names. */
  readonly root: string
  /** Folder of the releases, each in a folder of its own. */
  readonly folder: string
  /** Files of the build without a hash in their names, kept in a folder named for the version. */
  readonly entries?: { readonly version: string; readonly names: readonly string[] } | undefined
  warn(error: unknown): void
}

type Copies = Pick<KeptFilesOptions, 'root' | 'entries'>

/** A name made from the files, so that all servers give the same release the same name. */
async function releaseName({ root, entries }: Copies): Promise<string> {
  const hash = createHash('sha256').update((await readdir(join(root, 'assets'))).sort().join('\n'))
  if (entries !== undefined) {
    hash.update(entries.version)
    const there = entries.names.map((name) => join(root, name)).filter((path) => existsSync(path))
    for (const path of there) hash.update(await readFile(path))
  }
  return hash.digest('hex').slice(0, 16)
}

async function copyAll(from: string, names: readonly string[], to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const name of names) await copyFile(join(from, name), join(to, name))
}

async function copy({ root, entries }: Copies, target: string): Promise<void> {
  const assets = join(root, 'assets')
  await copyAll(assets, await readdir(assets), target)
  if (entries === undefined) return
  const isEntry = (file: string) => entries.names.some((name) => file === name || file.startsWith(`${name}.`))
  await copyAll(root, (await readdir(root)).filter(isEntry), join(target, entries.version))
}

/** Copies a release to a temporary folder first, so that it never appears in part; or marks it as the newest again. */
async function keepThis(release: Copies, target: string): Promise<void> {
  const now = new Date()
  if (!existsSync(target)) {
    const partial = `${target}.${process.pid}`
    try {
      await copy(release, partial)
      await rename(partial, target)
    } catch (error) {
      await rm(partial, { recursive: true, force: true })
      // Another server on this folder copied it first.
      if (!existsSync(target)) throw error
    }
  }
  await utimes(target, now, now)
}

export interface KeptReleases {
  /** Folders of the releases before, newest first. */
  readonly before: readonly string[]
  /** Keeps the running release and deletes those that are too old. Nobody asks for its copy before the next release. */
  keep(): Promise<void>
}

const NONE: KeptReleases = { before: [], keep: async () => undefined }

/**
 * Finds the releases before. Without a folder that can be written to there are none, and then pages that are open during
 * the next release need a reload.
 */
export async function findReleases({ folder, warn, ...release }: KeptFilesOptions): Promise<KeptReleases> {
  if (!existsSync(join(release.root, 'assets'))) return NONE
  try {
    await mkdir(folder, { recursive: true })
    const current = await releaseName(release)
    const dated = await Promise.all(
      (await readdir(folder))
        .filter((name) => RELEASE.test(name) && name !== current)
        .map(async (name) => {
          const path = join(folder, name)
          return { path, at: (await stat(path)).mtimeMs }
        }),
    )
    const others = dated.sort((a, b) => b.at - a.at).map(({ path }) => path)
    const kept = KEPT_RELEASES - 1
    return {
      before: others.slice(0, kept),
      async keep() {
        try {
          await keepThis(release, join(folder, current))
          for (const old of others.slice(kept)) await rm(old, { recursive: true, force: true })
        } catch (error) {
          warn(error)
        }
      },
    }
  } catch (error) {
    warn(error)
    return NONE
  }
}
