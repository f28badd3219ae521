/** PNG: a signature and a list of chunks. */
import { latin1, orientationData, orientationIn, type Picture, shown, UPRIGHT, viewOf } from './picture.ts'

const SIGNATURE = 8
/** Length, type and checksum around a chunk's data. */
const AROUND = 12

/** Chunks that draw: pixels, colours, transparency, resolution, animation. */
const KEPT: ReadonlySet<string> = new Set(
  'IHDR PLTE IDAT tRNS cHRM gAMA iCCP sBIT sRGB bKGD pHYs cICP mDCV cLLI acTL fcTL fdAT'.split(' '),
)

/** Returns `null` for bytes that are no whole PNG. */
export function cleanPng(bytes: Uint8Array): Picture | null {
  const view = viewOf(bytes)
  if (latin1(bytes, 0, SIGNATURE) !== '\x89PNG\r\n\x1a\n' || latin1(bytes, 12, 16) !== 'IHDR') return null
  const kept: Uint8Array[] = []
  let hasPixels = false
  let orientation = UPRIGHT
  let at = SIGNATURE
  for (;;) {
    if (at + AROUND > bytes.length) return null
    const end = at + AROUND + view.getUint32(at)
    if (end > bytes.length) return null
    const type = latin1(bytes, at + 4, at + 8)
    if (type === 'eXIf') orientation = orientationIn(bytes.subarray(at + 8, end - 4))
    if (KEPT.has(type)) kept.push(bytes.subarray(at, end))
    hasPixels ||= type === 'IDAT'
    if (type === 'IEND') break
    at = end
  }
  const [header, ...rest] = kept
  const [width, height] = [view.getUint32(16), view.getUint32(20)]
  if (!hasPixels || header === undefined || width === 0 || height === 0) return null
  const turned = orientation === UPRIGHT ? [] : [chunk('eXIf', orientationData(orientation))]
  const all = [bytes.subarray(0, SIGNATURE), header, ...turned, ...rest, chunk('IEND', new Uint8Array())]
  return { bytes: Buffer.concat(all), ...shown(width, height, orientation) }
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const whole = new Uint8Array(AROUND + data.length)
  const view = viewOf(whole)
  view.setUint32(0, data.length)
  whole.set(named, 4)
  view.setUint32(whole.length - 4, crc32(named))
  return whole
}

/** CRC-32. Node has it from version 22 on. */
export function crc32(bytes: Uint8Array): number {
  let sum = 0xffffffff
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0)
  }
  return ~sum >>> 0
}
