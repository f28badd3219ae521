import { describe, expect, it } from 'vitest'
import { DEFAULT_FILES } from './files-limits.ts'
import { checkFile } from './load-config.ts'

const app = { id: 'shop', origins: ['https://shop.example.com'] }
const check = (change: object, more: object = {}) =>
  checkFile({ apps: [{ ...app, ...change }], ...more }, { dev: false })
const s3 = { bucket: 'files', region: 'eu-central-1' }

it('[FI3] an app’s limits have defaults, and may be none', () => {
  expect(check({}).apps[0]?.files).toBeUndefined()
  expect(check({ files: {} }).apps[0]?.files).toEqual(DEFAULT_FILES)
  expect(check({ files: { types: ['Image/PNG'] } }).apps[0]?.files).toEqual({
    ...DEFAULT_FILES,
    types: ['image/png'],
  })
  expect(check({ files: false }).apps[0]?.files).toBe(false)
})

it('[FI8] files are in a folder or in a bucket', () => {
  expect(check({}, { files: { folder: '/srv/files' } }).files).toEqual({ folder: '/srv/files' })
  expect(check({}, { files: { s3 } }).files).toEqual({ s3: { ...s3, prefix: '' } })
})

describe('what is wrong is named by its key', () => {
  it.each([
    ['apps[0].files.maxBytes', { files: { maxBytes: 200_000_000 } }],
    ['apps[0].files.maxBytes', { files: { maxBytes: '20MB' } }],
    ['apps[0].files.types', { files: { types: [] } }],
    ['apps[0].files.types[1]', { files: { types: ['image/*', 'png'] } }],
    ['apps[0].files.types[0]', { files: { types: ['*'] } }],
    ['apps[0].files.maxbytes', { files: { maxbytes: 1 } }],
    ['apps[0].files', { files: true }],
  ])('%s', (key, change) => {
    expect(() => check(change)).toThrow(`configuration: ${key}: `)
  })

  it.each([
    ['files.s3', { folder: '/srv/files', s3 }],
    ['files.s3.bucket', { s3: { region: 'x' } }],
    ['files.s3.endpoint', { s3: { ...s3, endpoint: 's3.example.com' } }],
    ['files.s3.prefix', { s3: { ...s3, prefix: '../' } }],
    ['files.s3.secretAccessKey', { s3: { ...s3, accessKeyId: 'x' } }],
    ['files.scanner.command', { scanner: { command: 'clamdscan' } }],
    ['files.scanner.url', { scanner: { url: 'clamd:3310' } }],
  ])('%s', (key, files) => {
    expect(() => check({}, { files })).toThrow(`configuration: ${key}: `)
  })
})
