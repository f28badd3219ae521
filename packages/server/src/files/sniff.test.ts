import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { accepts } from './media-types.ts'
import { GIF, JPEG, PNG, WEBP } from './pictures/samples.testing.ts'
import { sniff } from './sniff.ts'

const typeOf = async (content: string | Buffer, extension = '') => {
  const { mediaType } = await sniff(
    async () => Readable.from([Buffer.from(content)], { objectMode: false }),
    extension,
  )
  return mediaType
}

it('[FI4] the content says the type, whatever the name says', async () => {
  expect(await typeOf(JPEG, 'exe')).toBe('image/jpeg')
  expect(await typeOf(PNG, 'html')).toBe('image/png')
  expect(await typeOf(GIF, 'svg')).toBe('image/gif')
  expect(await typeOf(WEBP, 'txt')).toBe('image/webp')
  expect(await typeOf('%PDF-1.7\n%âãÏÓ\n', 'png')).toBe('application/pdf')
  expect(await typeOf(Buffer.from('4d5a90000300000004000000ffff', 'hex'), 'png')).toMatch(
    /^application\/x-ms/,
  )
  expect(await typeOf(Buffer.from([0, 1, 2, 3]), 'txt')).toBe('application/octet-stream')
  expect(await typeOf(Buffer.from([0x80, 0xfe, 0x41]), 'txt')).toBe('application/octet-stream')
})

it('[FI4] text is of the kind that its name says, unless a browser would take it for a page', async () => {
  expect(await typeOf('a,b\n1,2\n', 'csv')).toBe('text/csv')
  expect(await typeOf('Grüße', 'exe')).toBe('text/plain')
  expect(await typeOf('x', 'html')).toBe('text/html')
  for (const page of [
    '<!doctype html><p>',
    '\uFEFF\n <HTML>',
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<iframe src=//evil.example>',
  ])
    expect(await typeOf(page, 'txt')).toBe('text/html')
  for (const drawing of [
    '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    '<?xml version="1.0"?><!-- x --><svg/>',
  ])
    expect(await typeOf(drawing, 'txt')).toBe('image/svg+xml')
  expect(await typeOf('<?xml version="1.0"?><feed/>', 'txt')).toBe('application/xml')
  // A character in two halves, at the end of what is looked at.
  expect(await typeOf(Buffer.concat([Buffer.alloc(65_535, 'a'), Buffer.from('ü')]), 'txt')).toBe('text/plain')
})

it.each([
  [['image/*'], 'image/png', true],
  [['image/*'], 'image/svg+xml', false],
  [['image/*'], 'image/heic', false],
  [['image/*', 'image/heic'], 'image/heic', true],
  [['text/*'], 'text/csv', true],
  [['text/*'], 'text/html', false],
  [['*/*'], 'application/zip', true],
  [['*/*'], 'text/html', false],
  [['*/*', 'text/html'], 'text/html', true],
  [['*/*'], 'image/tiff', false],
  [['application/pdf'], 'application/octet-stream', false],
] as const)('[FI4] %j takes %s: %j', (patterns, mediaType, isAccepted) => {
  expect(accepts(patterns, mediaType)).toBe(isAccepted)
})
