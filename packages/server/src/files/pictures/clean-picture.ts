/**
 * Removes from pictures what says where, when and by whom they were taken, without drawing them anew: the pixels stay
 * as they are.
 */
import { cleanGif } from './gif.ts'
import { cleanJpeg } from './jpeg.ts'
import type { Picture } from './picture.ts'
import { cleanPng } from './png.ts'
import { cleanWebp } from './webp.ts'

export type { Picture } from './picture.ts'

const CLEANERS = {
  'image/jpeg': cleanJpeg,
  'image/png': cleanPng,
  'image/webp': cleanWebp,
  'image/gif': cleanGif,
} as const

export type PictureType = keyof typeof CLEANERS

/** Types of pictures that are cleaned, measured and shown. */
export const isPictureType = (mediaType: string): mediaType is PictureType =>
  Object.hasOwn(CLEANERS, mediaType)

/** Returns `null` for bytes that are no whole picture of this type. */
export function cleanPicture(mediaType: PictureType, bytes: Uint8Array): Picture | null {
  try {
    return CLEANERS[mediaType](bytes)
  } catch (error) {
    // Read beyond the end.
    if (error instanceof RangeError) return null
    throw error
  }
}
