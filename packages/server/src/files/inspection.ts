/** Looks at an uploaded file before anybody gets it: its type, harm, and what its pictures tell beside their pixels. */
import { buffer } from 'node:stream/consumers'
import type { AppFilesConfig } from '../config/config.ts'
import { createTurns } from '../limits/turns.ts'
import type { FileFacts, FileRecord } from '../storage/file-storage.ts'
import { MOST_PIXELS } from './file-limits.ts'
import { extensionOf, withEnding } from './file-name.ts'
import { accepts } from './media-types.ts'
import { cleanPicture, isPictureType } from './pictures/clean-picture.ts'
import type { Scanner } from './scanner.ts'
import { sniff } from './sniff.ts'
import type { FileStore } from './stores/file-store.ts'

/** A picture is in memory while it is cleaned. */
const AT_ONCE = 4
const MOST_WAITING = 200

export function createInspection({
  store,
  scanner,
}: {
  readonly store: FileStore
  readonly scanner: Scanner | null
}) {
  const turns = createTurns({ atOnce: AT_ONCE, mostWaiting: MOST_WAITING })

  async function inspect(
    { id, name, size }: FileRecord,
    { types }: AppFilesConfig,
  ): Promise<FileFacts | 'refused'> {
    const { mediaType, endings } = await sniff(() => store.readUpload(id), extensionOf(name))
    if (!accepts(types, mediaType)) return 'refused'
    if (scanner !== null && !(await scanner(await store.readUpload(id), size))) return 'refused'
    const facts = { name: withEnding(name, endings), mediaType }
    if (!isPictureType(mediaType)) {
      await store.keepUpload(id)
      return { ...facts, size }
    }
    const picture = cleanPicture(mediaType, await buffer(await store.readUpload(id)))
    if (picture === null || picture.width * picture.height > MOST_PIXELS) return 'refused'
    await store.keep(id, picture.bytes)
    return { ...facts, size: picture.bytes.length, width: picture.width, height: picture.height }
  }

  return {
    /** Keeps the file, unless it is refused. Idempotent. */
    run: (file: FileRecord, limits: AppFilesConfig) => turns.run('', () => inspect(file, limits)),
  }
}
