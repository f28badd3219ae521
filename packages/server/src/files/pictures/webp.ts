/** WebP: RIFF chunks. */
import { latin1, orientationData, orientationIn, type Picture, shown, UPRIGHT, viewOf } from './picture.ts'

const HEADER = 12
const EXIF_FLAG = 0x08
const XMP_FLAG = 0x04

const KEPT: ReadonlySet<string> = new Set(['VP8X', 'VP8 ', 'VP8L', 'ICCP', 'ANIM', 'ANMF', 'ALPH'])

const PIXELS: ReadonlySet<string> = new Set(['VP8 ', 'VP8L', 'ANMF'])

interface Chunk {
  readonly type: string
  readonly data: Uint8Array
}

/** Returns `null` for bytes that are no whole WebP. */
export function cleanWebp(bytes: Uint8Array): Picture | null {
  if (latin1(bytes, 0, 4) !== 'RIFF' || latin1(bytes, 8, HEADER) !== 'WEBP') return null
  const chunks = chunksOf(bytes)
  const [first] = chunks ?? []
  const size = first === undefined ? null : sizeOf(first)
  if (chunks === null || size === null || !chunks.some(({ type }) => PIXELS.has(type))) return null
  const exif = chunks.find(({ type }) => type === 'EXIF')?.data
  const orientation = exif === undefined ? UPRIGHT : orientationIn(withoutPrefix(exif))
  // Only the extended format has a place for it.
  const turned = orientation !== UPRIGHT && first?.type === 'VP8X'
  const kept = chunks
    .filter(({ type }) => KEPT.has(type))
    .map((chunk) => (chunk.type === 'VP8X' ? { ...chunk, data: withFlags(chunk.data, turned) } : chunk))
  if (turned) kept.push({ type: 'EXIF', data: orientationData(orientation) })
  const body = Buffer.concat(kept.map(written))
  const header = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1')
  header.writeUInt32LE(body.length + 4, 4)
  return {
    bytes: Buffer.concat([header, body]),
    ...shown(size.width, size.height, turned ? orientation : UPRIGHT),
  }
}

function chunksOf(bytes: Uint8Array): readonly Chunk[] | null {
  const view = viewOf(bytes)
  const end = Math.min(bytes.length, 8 + view.getUint32(4, true))
  const chunks: Chunk[] = []
  let at = HEADER
  while (at + 8 <= end) {
    const length = view.getUint32(at + 4, true)
    if (at + 8 + length > end) return null
    chunks.push({ type: latin1(bytes, at, at + 4), data: bytes.subarray(at + 8, at + 8 + length) })
    // Chunks are padded to an even length.
    at += 8 + length + (length % 2)
  }
  return chunks
}

function sizeOf({ type, data }: Chunk): { readonly width: number; readonly height: number } | null {
  if (data.length < 10) return null
  const view = viewOf(data)
  const bits24 = (at: number) => view.getUint16(at, true) + ((data[at + 2] ?? 0) << 16)
  switch (type) {
    case 'VP8X':
      return { width: bits24(4) + 1, height: bits24(7) + 1 }
    case 'VP8 ':
      return { width: view.getUint16(6, true) & 0x3fff, height: view.getUint16(8, true) & 0x3fff }
    case 'VP8L': {
      const bits = view.getUint32(1, true)
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
    }
    default:
      return null
  }
}

/** Some programs write it as JPEG has it. */
const withoutPrefix = (exif: Uint8Array) => (latin1(exif, 0, 6) === 'Exif\0\0' ? exif.subarray(6) : exif)

function withFlags(data: Uint8Array, hasExif: boolean): Uint8Array {
  const copy = Uint8Array.from(data)
  copy[0] = ((copy[0] ?? 0) & ~(EXIF_FLAG | XMP_FLAG)) | (hasExif ? EXIF_FLAG : 0)
  return copy
}

function written({ type, data }: Chunk): Uint8Array {
  const whole = Buffer.alloc(8 + data.length + (data.length % 2))
  whole.write(type, 'latin1')
  whole.writeUInt32LE(data.length, 4)
  whole.set(data, 8)
  return whole
}
