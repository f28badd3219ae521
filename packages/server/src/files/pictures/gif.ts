/** GIF: a header and a list of blocks. */
import { latin1, type Picture, viewOf } from './picture.ts'

const HEADER = 13
const COMMENT = 0xfe
const APPLICATION = 0xff
/** Extensions that say how often an animation is repeated. */
const REPEATS: ReadonlySet<string> = new Set(['NETSCAPE2.0', 'ANIMEXTS1.0'])

/** Returns `null` for bytes that are no whole GIF. */
export function cleanGif(bytes: Uint8Array): Picture | null {
  if (!/^GIF8[79]a$/.test(latin1(bytes, 0, 6)) || bytes.length < HEADER) return null
  const view = viewOf(bytes)
  let at = HEADER + tableLength(bytes[10] ?? 0)
  const kept = [bytes.subarray(0, at)]
  let hasPixels = false
  for (;;) {
    const kind = bytes[at]
    if (kind === 0x3b) break
    const end = kind === 0x21 ? extensionEnd(bytes, at) : kind === 0x2c ? imageEnd(bytes, at) : null
    if (end === null) return null
    if (kind === 0x2c || isKept(bytes, at)) kept.push(bytes.subarray(at, end))
    hasPixels ||= kind === 0x2c
    at = end
  }
  const [width, height] = [view.getUint16(6, true), view.getUint16(8, true)]
  if (!hasPixels || width === 0 || height === 0) return null
  return { bytes: Buffer.concat([...kept, Uint8Array.of(0x3b)]), width, height }
}

const tableLength = (packed: number) => (packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0)

function isKept(bytes: Uint8Array, at: number): boolean {
  const label = bytes[at + 1]
  if (label === COMMENT) return false
  return label !== APPLICATION || REPEATS.has(latin1(bytes, at + 3, at + 14))
}

const extensionEnd = (bytes: Uint8Array, at: number) => blocksEnd(bytes, at + 2)

function imageEnd(bytes: Uint8Array, at: number): number | null {
  // After the descriptor and its table comes the size of the codes.
  return blocksEnd(bytes, at + 10 + tableLength(bytes[at + 9] ?? 0) + 1)
}

/** End of a list of blocks, each with its length before it; the last one is empty. */
function blocksEnd(bytes: Uint8Array, from: number): number | null {
  let at = from
  for (;;) {
    const length = bytes[at]
    if (length === undefined) return null
    at += 1 + length
    if (length === 0) return at
  }
}
