/** Parts of the picture formats. */

/** A picture as it is kept: pixels, colours, transparency, animation and the way up; nothing about place, time or camera. */
export interface Picture {
  readonly bytes: Uint8Array
  /** Pixels, as it is shown: the way up is counted in. */
  readonly width: number
  readonly height: number
}

/** EXIF's number for pixels that are stored the right way up. */
export const UPRIGHT = 1

/** Pixels as they are shown: four of the eight orientations stand on their side. */
export const shown = (width: number, height: number, orientation: number) =>
  orientation >= 5 ? { width: height, height: width } : { width, height }

export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

export const latin1 = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', from, to)

const ORIENTATION = 0x0112
/** EXIF's type of a number of 16 bits. */
const SHORT = 3
/** A directory with one entry. */
const ORIENTATION_BYTES = 26

/** EXIF data that holds the orientation and nothing else. */
export function orientationData(orientation: number): Uint8Array {
  const bytes = new Uint8Array(ORIENTATION_BYTES)
  const view = viewOf(bytes)
  view.setUint32(0, 0x4d4d002a) // "MM", 42: big-endian
  view.setUint32(4, 8)
  view.setUint16(8, 1)
  view.setUint16(10, ORIENTATION)
  view.setUint16(12, SHORT)
  view.setUint32(14, 1)
  view.setUint16(18, orientation)
  return bytes
}

/** The orientation in EXIF data, 1 to 8; upright if it says none that can be read. */
export function orientationIn(exif: Uint8Array): number {
  if (exif.length < 14) return UPRIGHT
  const view = viewOf(exif)
  const order = view.getUint16(0)
  if (order !== 0x4d4d && order !== 0x4949) return UPRIGHT
  const little = order === 0x4949
  const directory = view.getUint32(4, little)
  if (directory + 2 > exif.length) return UPRIGHT
  const entries = view.getUint16(directory, little)
  for (let entry = directory + 2; entry < directory + 2 + 12 * entries; entry += 12) {
    if (entry + 12 > exif.length) break
    if (view.getUint16(entry, little) !== ORIENTATION) continue
    const value = view.getUint16(entry + 8, little)
    return value >= 1 && value <= 8 ? value : UPRIGHT
  }
  return UPRIGHT
}
