/** Composes the part of the server that keeps files. */
import { join } from 'node:path'
import type { AppId } from '@chat-widget/protocol'
import type { Logger } from 'pino'
import type { AppConfig, ServerConfig } from '../config/config.ts'
import { ConfigurationError } from '../config/configuration-error.ts'
import { MOST_BYTES } from '../config/files-limits.ts'
import type { Storage } from '../storage/storage.ts'
import type { Purge } from '../upkeep/purges.ts'
import { createFileService, type FileService } from './file-service.ts'
import { createFilePurge } from './file-upkeep.ts'
import { createScanner } from './scanner.ts'
import type { FileStore } from './stores/file-store.ts'
import { createFolderStore } from './stores/folder-store.ts'

export interface Files {
  readonly service: FileService
  readonly store: FileStore
  /** A new walk through all files. */
  purge(): Purge
}

const FOLDER = 'files'

/** Rejects with a `ConfigurationError` if the place of the files cannot be used. */
export async function createFiles(options: {
  readonly config: Pick<ServerConfig, 'dataDir' | 'files'>
  readonly apps: ReadonlyMap<AppId, AppConfig>
  readonly storage: Storage
  readonly logger?: Pick<Logger, 'warn'>
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number
}): Promise<Files> {
  const { config, apps, storage, logger, now = Date.now } = options
  const store = await openFileStore(config)
  const scanner = config.files?.scanner === undefined ? null : createScanner(config.files.scanner, logger)
  return {
    service: createFileService({ storage, store, scanner, apps, now }),
    store,
    purge: () => createFilePurge({ storage, store, now }),
  }
}

/** Rejects as `createFiles` does. */
export async function openFileStore(config: Pick<ServerConfig, 'dataDir' | 'files'>): Promise<FileStore> {
  const store = await storeOf(config)
  await store.open().catch((cause: unknown) => {
    if (cause instanceof ConfigurationError) throw cause
    const name = cause instanceof Error ? ('code' in cause ? String(cause.code) : cause.name) : 'unknown'
    throw new ConfigurationError(
      config.files?.s3 === undefined ? 'files.folder' : 'files.s3',
      `cannot be used: ${name}`,
    )
  })
  return store
}

async function storeOf({ dataDir, files }: Pick<ServerConfig, 'dataDir' | 'files'>): Promise<FileStore> {
  if (files?.s3 === undefined) return createFolderStore(files?.folder ?? join(dataDir, FOLDER))
  const { createS3Store } = await import('./stores/s3-store.ts').catch((error: unknown) => {
    throw isMissing(error)
      ? new ConfigurationError('files.s3', `needs two packages beside the server: ${INSTALL_S3}`)
      : error
  })
  return createS3Store(files.s3, MOST_BYTES)
}

/** True if files are kept where other servers do not see them. A folder that is named may be a shared one. */
export const keepsOwnFiles = (
  { files }: Pick<ServerConfig, 'files'>,
  apps: ReadonlyMap<AppId, AppConfig>,
): boolean =>
  files?.s3 === undefined &&
  files?.folder === undefined &&
  [...apps.values()].some((app) => app.files !== false)

/** Optional peer dependencies: they would be a quarter of what everybody installs. */
const INSTALL_S3 = 'npm install @aws-sdk/client-s3@3 @tus/s3-store@2'

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
