/** JPEG: a list of segments. */
import { latin1, orientationData, orientationIn, type Picture, shown, UPRIGHT, viewOf } from './picture.ts'

const END = 0xd9
const SCAN = 0xda
const COMMENT = 0xfe
const JFIF_LENGTH = 18

/** Markers without a segment: restarts, and a filler. */
const isAlone = (marker: number) => (marker >= 0xd0 && marker <= 0xd7) || marker === 0x01
/** Frame headers; among their numbers are three tables. */
const isFrame = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
const isApplication = (marker: number) => marker >= 0xe0 && marker <= 0xef

/** Returns `null` for bytes that are no whole JPEG. */
export function cleanJpeg(bytes: Uint8Array): Picture | null {
  const view = viewOf(bytes)
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) return null
  const kept: Uint8Array[] = []
  let size: { readonly width: number; readonly height: number } | null = null
  let hasPixels = false
  let orientation = UPRIGHT
  let at = 2
  while (at + 1 < bytes.length) {
    if (bytes[at] !== 0xff) return null
    const marker = bytes[at + 1] ?? 0
    // Any number of 0xff may precede a marker.
    if (marker === 0xff) {
      at += 1
      continue
    }
    // Phones append further pictures and films, with places of their own: nothing beyond the end is kept.
    if (marker === END) break
    if (isAlone(marker)) {
      at += 2
      continue
    }
    if (at + 4 > bytes.length) return null
    const end = at + 2 + view.getUint16(at + 2)
    if (end < at + 4 || end > bytes.length) return null
    const segment = bytes.subarray(at, end)
    if (isFrame(marker)) {
      if (segment.length < 9) return null
      size ??= { height: view.getUint16(at + 5), width: view.getUint16(at + 7) }
    }
    if (marker === 0xe1 && latin1(segment, 4, 10) === 'Exif\0\0')
      orientation = orientationIn(segment.subarray(10))
    const part = keptOf(marker, segment)
    if (part !== null) kept.push(part)
    at = end
    if (marker !== SCAN) continue
    const next = endOfScan(bytes, at)
    kept.push(bytes.subarray(at, next))
    hasPixels ||= next > at
    at = next
  }
  if (!hasPixels || size === null || size.width === 0 || size.height === 0) return null
  const turned = orientation === UPRIGHT ? [] : [orientationSegment(orientation)]
  const all = [Uint8Array.of(0xff, 0xd8), ...turned, ...kept, Uint8Array.of(0xff, END)]
  return { bytes: Buffer.concat(all), ...shown(size.width, size.height, orientation) }
}

/** The segment, less what is not needed to draw the picture. */
function keptOf(marker: number, segment: Uint8Array): Uint8Array | null {
  if (marker === COMMENT) return null
  if (!isApplication(marker)) return segment
  const name = latin1(segment, 4, 16)
  if (marker === 0xe0 && name.startsWith('JFIF\0')) return withoutThumbnail(segment)
  // Colours: a profile, and how they are stored.
  if (marker === 0xe2 && name.startsWith('ICC_PROFILE\0')) return segment
  return marker === 0xee && name.startsWith('Adobe') ? segment : null
}

/** The small picture may show what was cut away from the large one. */
function withoutThumbnail(segment: Uint8Array): Uint8Array | null {
  if (segment.length < JFIF_LENGTH) return null
  const header = Uint8Array.from(segment.subarray(0, JFIF_LENGTH))
  header[2] = 0
  header[3] = JFIF_LENGTH - 2
  header[16] = 0
  header[17] = 0
  return header
}

/** Position of the first marker after a scan's data, in which 0xff is followed by 0 or a restart. */
function endOfScan(bytes: Uint8Array, from: number): number {
  let at = bytes.indexOf(0xff, from)
  while (at !== -1 && at + 1 < bytes.length) {
    const next = bytes[at + 1] ?? 0
    if (next !== 0 && !(next >= 0xd0 && next <= 0xd7)) return at
    at = bytes.indexOf(0xff, at + 2)
  }
  return bytes.length
}

function orientationSegment(orientation: number): Uint8Array {
  const data = orientationData(orientation)
  const length = 2 + 6 + data.length
  return Buffer.concat([Uint8Array.of(0xff, 0xe1, 0, length), Buffer.from('Exif\0\0', 'latin1'), data])
}
