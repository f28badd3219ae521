import { LIMITS } from '@chat-widget/protocol'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cleanName, extensionOf, withEnding } from './file-name.ts'

it.each([
  ['tent.png', 'tent.png'],
  ['Zelt Größe 3.jpeg', 'Zelt Größe 3.jpeg'],
  ['写真.jpg', '写真.jpg'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\ada\\tent.png', 'tent.png'],
  ['tent.png\0.exe', 'tent.png.exe'],
  ['tent\u202Egnp.exe', 'tentgnp.exe'],
  ['a\nb\r\n.txt', 'ab.txt'],
  ['  .hidden ', 'hidden'],
  ['...', 'file'],
  ['/', 'file'],
  ['<script>alert(1)</script>.png', 'script.png'],
  ['"quoted"; filename=x.exe', 'quoted; filename=x.exe'],
  ['CON.png', '_CON.png'],
  ['e\u0301t\u00e9.txt', '\u00e9t\u00e9.txt'],
  [`${'x'.repeat(300)}.pdf`, `${'x'.repeat(196)}.pdf`],
])('[FI4] the name %j becomes %j', (name, clean) => {
  expect(cleanName(name)).toBe(clean)
})

it('[FI4] any name becomes one that is short, of one line, without a folder, and stays so', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
      const clean = cleanName(name)
      expect(clean.length).toBeGreaterThan(0)
      expect(clean.length).toBeLessThanOrEqual(LIMITS.fileNameLength)
      expect(clean).not.toMatch(/[\p{Cc}\p{Cf}/\\]/u)
      expect(cleanName(clean)).toBe(clean)
    }),
  )
})

it.each([
  ['tent.jpg', 'tent.jpg'],
  ['tent.JPEG', 'tent.JPEG'],
  ['tent.html', 'tent.html.jpg'],
  ['tent', 'tent.jpg'],
  [`${'x'.repeat(200)}`, `${'x'.repeat(196)}.jpg`],
])('[FI4] a JPEG named %s is kept as %s', (name, kept) => {
  expect(withEnding(name, ['jpg', 'jpeg'])).toBe(kept)
})

it('[FI4] a type without an ending of its own leaves the name', () => {
  expect(withEnding('notes', [])).toBe('notes')
  expect(extensionOf('notes.CSV')).toBe('csv')
  expect(extensionOf('notes')).toBe('')
})
