import { expect, it } from 'vitest'
import { checkFile, loadConfig } from './load-config.ts'

const apps = [{ id: 'shop', origins: ['https://shop.example.com'] }]
const file = (trustedProxies: readonly string[]) => ({ apps, trustedProxies })

it('[DL9] trusts the proxies that the file names', () => {
  const trustedProxies = ['loopback', '10.0.0.0/8', '2001:db8::/48']
  expect(checkFile(file(trustedProxies), { dev: false }).trustedProxies).toEqual(trustedProxies)
  expect(checkFile({ apps }, { dev: false })).not.toHaveProperty('trustedProxies')
})

it.each([['proxy.example.com'], ['10.0.0.0/99'], ['*'], ['']])('[DL9] refuses %j by its key', (proxy) => {
  expect(() => checkFile(file(['loopback', proxy]), { dev: false })).toThrow('trustedProxies[1]')
})

it('[DL9] takes the list from a flag or a variable as well', () => {
  const env = { CHAT_WIDGET_TRUSTED_PROXIES: 'loopback, 172.16.0.0/12' }
  expect(loadConfig(['--dev'], env).trustedProxies).toEqual(['loopback', '172.16.0.0/12'])
  expect(loadConfig(['--dev', '--trusted-proxies', '10.0.0.1'], env).trustedProxies).toEqual(['10.0.0.1'])
  expect(() => loadConfig(['--dev', '--trusted-proxies', 'everybody'], {})).toThrow('--trusted-proxies')
})
