import { describe, expect, it } from 'vitest'
import { foldEmail, readEmailAddress } from './email-address.ts'
import { readIpAddress } from './ip-address.ts'

describe('an email address', () => {
  it.each([
    ['test@example.com', 'test@example.com'],
    ['A.Big@Example.com', 'A.Big@Example.com'],
    ["o'neil+tag=1@sub.example.co.uk", "o'neil+tag=1@sub.example.co.uk"],
    ['ann@bücher.example', 'ann@xn--bcher-kva.example'],
    ['ann@例え.テスト', 'ann@xn--r8jz45g.xn--zckzah'],
    ['用户@例え.テスト', '用户@xn--r8jz45g.xn--zckzah'],
    ['jörg@example.com', 'jörg@example.com'],
    ['"john doe"@example.com', '"john doe"@example.com'],
    ['"a@b"@example.com', '"a@b"@example.com'],
    ['"a\\"b"@example.com', '"a\\"b"@example.com'],
    // The same mailbox has one spelling.
    ['"ann"@example.com', 'ann@example.com'],
    ['"a\\nn"@example.com', 'ann@example.com'],
    ['"a\\n n"@example.com', '"an n"@example.com'],
    ['ann@[192.0.2.1]', 'ann@[192.0.2.1]'],
    ['ann@[IPv6:2001:DB8:0::1]', 'ann@[IPv6:2001:db8::1]'],
  ])('%s is %s', (text, address) => {
    expect(readEmailAddress(text)).toBe(address)
    expect(readEmailAddress(address), 'again').toBe(address)
  })

  it.each([
    '',
    'ann',
    '@example.com',
    'ann@',
    'ann@example',
    'ann@1.2.3.4',
    'ann@example.123',
    'a@b@example.com',
    'a b@example.com',
    '.ann@example.com',
    'ann.@example.com',
    'a..b@example.com',
    'ann@example..com',
    'ann@-example.com',
    'ann@example.com.',
    'ann@bücher.example/path',
    'ann@bücher.example:25',
    'ann@bü%63her.example',
    'ann@[300.0.2.1]',
    'ann@[01.02.03.04]',
    'ann@[1.2.3.4.]',
    'ann@[2001:db8::1]',
    'ann@[IPv6:nonsense]',
    '""@example.com',
    '"a"b"@example.com',
    'ann@example.com\r\nBcc: bob@example.com',
    '"a\nb"@example.com',
    'ann\u202e@example.com',
    'ann\u200b@example.com',
    `${'x'.repeat(65)}@example.com`,
    `${'ö'.repeat(33)}@example.com`,
    `ann@${'x'.repeat(64)}.com`,
    `ann@${'x.'.repeat(130)}com`,
  ])('%j is none', (text) => {
    expect(readEmailAddress(text)).toBeNull()
  })

  it('is compared without the case of ASCII letters, and of no others', () => {
    expect(foldEmail('A.Big@Example.COM')).toBe('a.big@example.com')
    // The Kelvin sign becomes an ASCII letter in lower case, and so another person's address.
    expect(foldEmail('\u212aim@example.com')).toBe('\u212aim@example.com')
    expect(foldEmail('ÄÖ@example.com')).toBe('ÄÖ@example.com')
  })
})

describe('an IP address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:443', '192.0.2.1'],
    ['::1', '::1'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:8443', '2001:db8::1'],
    ['[fe80::1%25en0]:80', 'fe80::1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['[::ffff:192.0.2.1]:80', '192.0.2.1'],
  ])('%s is %s', (text, address) => {
    expect(readIpAddress(text)).toBe(address)
  })

  it.each([
    '',
    '1.2.3',
    '256.0.2.1',
    '192.0.2.1:x',
    '[192.0.2.1]',
    '2001:db8::1::2',
    'localhost',
    '1',
    '0x7f.1',
    '::1%',
    'fe80::1%a b',
    '2001:db8::1]:80',
    '::g',
  ])('%j is none', (text) => {
    expect(readIpAddress(text)).toBeNull()
  })
})
