import exifr from 'exifr'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanPicture, type PictureType } from './clean-picture.ts'
import { GIF, JPEG, notedGif, notedPng, notedWebp, PNG, phoneJpeg, WEBP } from './samples.testing.ts'

const TYPES = {
  'image/jpeg': { plain: JPEG, noted: phoneJpeg(1) },
  'image/png': { plain: PNG, noted: notedPng(1) },
  'image/webp': { plain: WEBP, noted: notedWebp(1) },
  'image/gif': { plain: GIF, noted: notedGif() },
} as const satisfies Record<PictureType, object>

const types = Object.keys(TYPES) as PictureType[]
const cleaned = (type: PictureType, bytes: Uint8Array) => {
  const picture = cleanPicture(type, bytes)
  if (picture === null) throw new Error('not a picture')
  return { ...picture, bytes: Buffer.from(picture.bytes) }
}

describe.each(types)('[FI5] of %s', (type) => {
  const { plain, noted } = TYPES[type]

  it('nothing is left of place, camera, notes, and of what is appended', async () => {
    const { bytes } = cleaned(type, noted)
    expect(noted.includes('SECRET')).toBe(true)
    expect(bytes.includes('SECRET')).toBe(false)
    expect(bytes.includes('Camera1')).toBe(false)
    if (type !== 'image/jpeg') return
    expect(await exifr.gps(noted)).toEqual({
      latitude: expect.closeTo(52.52),
      longitude: expect.closeTo(13.405),
    })
    expect(await exifr.gps(bytes)).toBeUndefined()
  })

  it('a picture without such things stays the same, byte for byte', () => {
    expect(cleaned(type, plain).bytes.equals(plain)).toBe(true)
  })

  it('cleaning twice changes nothing more', () => {
    const { bytes } = cleaned(type, noted)
    expect(cleaned(type, bytes).bytes.equals(bytes)).toBe(true)
  })

  it('any part of one, and any change, is a picture or none, and never fails', () => {
    fc.assert(
      fc.property(fc.nat(noted.length), fc.nat(noted.length - 1), fc.nat(255), (length, at, value) => {
        const changed = Buffer.from(noted)
        changed[at] = value
        cleanPicture(type, noted.subarray(0, length))
        cleanPicture(type, changed)
        cleanPicture(type, changed.subarray(0, length))
      }),
    )
  })
})

it('[FI5] a head without pixels is no whole picture', () => {
  const beforeScan = JPEG.subarray(0, JPEG.indexOf(Buffer.from([0xff, 0xda])))
  const extended = Buffer.from('RIFF\u0016\0\0\0WEBPVP8X\n\0\0\0\0\0\0\0\0\0\0\0\0\0', 'latin1')
  const heads: Record<PictureType, Buffer> = {
    'image/jpeg': Buffer.concat([beforeScan, Buffer.from([0xff, 0xd9])]),
    'image/png': Buffer.concat([PNG.subarray(0, 33), PNG.subarray(-12)]),
    'image/webp': extended,
    'image/gif': Buffer.concat([GIF.subarray(0, 19), Buffer.from(';')]),
  }
  for (const type of types) expect(cleanPicture(type, heads[type]), type).toBeNull()
})

it('[FI5] the way up stays, and is counted in', async () => {
  expect(cleaned('image/jpeg', phoneJpeg(1))).toMatchObject({ width: 16, height: 8 })
  for (const orientation of [3, 6, 8]) {
    const picture = cleaned('image/jpeg', phoneJpeg(orientation))
    const isOnSide = orientation >= 5
    expect(picture).toMatchObject(isOnSide ? { width: 8, height: 16 } : { width: 16, height: 8 })
    expect(await exifr.orientation(picture.bytes)).toBe(orientation)
  }
  expect(await exifr.orientation(cleaned('image/png', notedPng(6)).bytes)).toBe(6)
  expect(cleaned('image/webp', notedWebp(6)).bytes.includes('EXIF')).toBe(true)
})

it('[FI5] the pixels of a JPEG are as they were', () => {
  const scan = JPEG.subarray(JPEG.indexOf(Buffer.from([0xff, 0xda])))
  expect(cleaned('image/jpeg', phoneJpeg(6)).bytes.includes(scan)).toBe(true)
})

it('[FI5] a picture within a picture is cut away', () => {
  const withThumbnail = Buffer.concat([
    Buffer.from('ffd8ffe00013', 'hex'),
    Buffer.from('JFIF\0', 'latin1'),
    Buffer.from('01010000010001' + '0101' + '112233', 'hex'),
    JPEG.subarray(20),
  ])
  const { bytes } = cleaned('image/jpeg', withThumbnail)
  expect(bytes.equals(JPEG)).toBe(true)
})

it.each([
  ['nothing', Buffer.alloc(0)],
  ['a text', Buffer.from('<svg onload="alert(1)">')],
  ['a picture of another type', PNG],
])('[FI5] %s is no JPEG', (_name, bytes) => {
  expect(cleanPicture('image/jpeg', bytes)).toBeNull()
})
