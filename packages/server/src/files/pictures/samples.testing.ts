/** Small pictures, and what cameras and programs put into them. */
import { crc32 } from './png.ts'

const bytes = (base64: string) => Buffer.from(base64, 'base64')

/** 16 × 8 pixels. */
export const JPEG = bytes(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/wAALCAAIABABAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/APn+v//Z',
)
/** 1 × 1 pixel. */
export const PNG = bytes(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
)
/** 1 × 1 pixel. */
export const GIF = bytes('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7')
/** 1 × 1 pixel, in the simple format. */
export const WEBP = bytes('UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==')

/** EXIF data with a place, a camera and an orientation. */
function exifData(orientation: number): Buffer {
  const entry = (tag: number, type: number, count: number, value: number) => {
    const written = Buffer.alloc(12)
    written.writeUInt16LE(tag, 0)
    written.writeUInt16LE(type, 2)
    written.writeUInt32LE(count, 4)
    written.writeUInt32LE(value, 8)
    return written
  }
  const directory = (entries: readonly Buffer[]) => {
    const count = Buffer.alloc(2)
    count.writeUInt16LE(entries.length)
    return Buffer.concat([count, ...entries, Buffer.alloc(4)])
  }
  const rationals = (...values: readonly number[]) => {
    const written = Buffer.alloc(8 * values.length)
    values.forEach((value, index) => {
      written.writeUInt32LE(value, 8 * index)
      written.writeUInt32LE(1, 8 * index + 4)
    })
    return written
  }
  const ifd = 8
  const model = ifd + 2 + 3 * 12 + 4
  const gps = model + 8
  const places = gps + 2 + 4 * 12 + 4
  const head = Buffer.from([0x49, 0x49, 0x2a, 0, ifd, 0, 0, 0])
  return Buffer.concat([
    head,
    directory([entry(0x0110, 2, 8, model), entry(0x0112, 3, 1, orientation), entry(0x8825, 4, 1, gps)]),
    Buffer.from('Camera1\0', 'latin1'),
    directory([
      entry(1, 2, 2, 'N'.charCodeAt(0)),
      entry(2, 5, 3, places),
      entry(3, 2, 2, 'E'.charCodeAt(0)),
      entry(4, 5, 3, places + 24),
    ]),
    rationals(52, 31, 12),
    rationals(13, 24, 18),
  ])
}

const segment = (marker: number, data: Buffer) => {
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(data.length + 2, 2)
  return Buffer.concat([head, data])
}

/** As a phone takes it: EXIF, a program's notes, a comment, and another picture appended. */
export const phoneJpeg = (orientation: number): Buffer =>
  Buffer.concat([
    JPEG.subarray(0, 20),
    segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), exifData(orientation)])),
    segment(0xe1, Buffer.from('http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>SECRET</x:xmpmeta>')),
    segment(0xed, Buffer.from('Photoshop 3.0\0SECRET')),
    segment(0xfe, Buffer.from('SECRET')),
    JPEG.subarray(20),
    JPEG.subarray(0, 20),
    segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), exifData(1)])),
    JPEG.subarray(20),
    Buffer.from('ftypmp42SECRET'),
  ])

const pngChunk = (type: string, data: Buffer) => {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}

export const notedPng = (orientation: number): Buffer =>
  Buffer.concat([
    PNG.subarray(0, 33),
    pngChunk('eXIf', exifData(orientation)),
    pngChunk('tEXt', Buffer.from('Comment\0SECRET', 'latin1')),
    pngChunk('tIME', Buffer.from([7, 234, 11, 29, 9, 0, 0])),
    PNG.subarray(33),
    Buffer.from('SECRET'),
  ])

const riff = (chunks: readonly (readonly [string, Buffer])[]) => {
  const body = Buffer.concat(
    chunks.map(([type, data]) => {
      const head = Buffer.alloc(8)
      head.write(type, 'latin1')
      head.writeUInt32LE(data.length, 4)
      return Buffer.concat([head, data, Buffer.alloc(data.length % 2)])
    }),
  )
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1')
  head.writeUInt32LE(body.length + 4, 4)
  return Buffer.concat([head, body])
}

/** In the extended format, which has a place for EXIF and XMP. */
export const notedWebp = (orientation: number): Buffer =>
  riff([
    ['VP8X', Buffer.from([0x0c, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
    ['VP8L', WEBP.subarray(20, 20 + 13)],
    ['EXIF', exifData(orientation)],
    ['XMP ', Buffer.from('<x:xmpmeta>SECRET</x:xmpmeta>')],
  ])

export const notedGif = (): Buffer =>
  Buffer.concat([
    GIF.subarray(0, 19),
    Buffer.from([0x21, 0xfe, 6]),
    Buffer.from('SECRET'),
    Buffer.from([0]),
    Buffer.from([0x21, 0xff, 11]),
    Buffer.from('XMP DataXMP'),
    Buffer.from([6]),
    Buffer.from('SECRET'),
    Buffer.from([0]),
    Buffer.from([0x21, 0xff, 11]),
    Buffer.from('NETSCAPE2.0'),
    Buffer.from([3, 1, 0, 0, 0]),
    GIF.subarray(19),
    Buffer.from('SECRET'),
  ])
