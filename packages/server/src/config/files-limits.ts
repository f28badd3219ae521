/** Default limits of an app's files. */
import type { AppFilesConfig } from './config.ts'

const MIB = 1024 * 1024

export const DEFAULT_FILES: AppFilesConfig = {
  maxBytes: 20 * MIB,
  types: ['image/*', 'application/pdf', 'text/plain'],
  visitorFilesPerDay: 50,
  visitorBytesPerDay: 200 * MIB,
  totalBytes: 10 * 1024 * MIB,
}

/** Largest `maxBytes`. A picture is cleaned in memory. */
export const MOST_BYTES = 100 * MIB
