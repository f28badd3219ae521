import { describe, expect, it } from 'vitest'
import { checkFile } from './load-config.ts'

const issuer = { name: 'Northwind', url: 'https://id.example.com', clientId: 'chat', clientSecret: 'secret' }
const check = (signIn: object) =>
  checkFile({ apps: [{ id: 'shop', origins: ['https://shop.example.com'] }], signIn }, { dev: false }).signIn
const checkIssuer = (change: object) => check({ issuer: { ...issuer, ...change } })
const newAgents = { domains: ['example.com'] }
const access = { claim: 'groups', rules: [{ value: 'support', role: 'agent', apps: ['shop'] }] }

it('[AG8] has defaults: passwords for all, and nobody new', () => {
  expect(check({})).toEqual({ passwords: 'all' })
  expect(check({ issuer })?.issuer).toEqual({ ...issuer, scopes: ['openid', 'email', 'profile'] })
  expect(checkIssuer({ newAgents: { domains: ['Example.COM'] }, access })?.issuer).toMatchObject({
    newAgents: { domains: ['example.com'], role: 'agent' },
    access,
  })
})

describe('what is wrong is named by its key', () => {
  it.each([
    ['signIn.issuer.url', { url: 'http://id.example.com' }],
    ['signIn.issuer.url', { url: 'https://id.example.com/.well-known/openid-configuration' }],
    ['signIn.issuer.url', { url: 'https://id.example.com/?tenant=1' }],
    ['signIn.issuer.clientSecret', { clientSecret: '' }],
    ['signIn.issuer.name', { name: 'North\nwind' }],
    ['signIn.issuer.scopes', { scopes: ['email'] }],
    ['signIn.issuer.scopes[1]', { scopes: ['openid', 'e mail'] }],
    ['signIn.issuer.newAgents.domains', { newAgents: { domains: [] } }],
    ['signIn.issuer.newAgents.domains[0]', { newAgents: { domains: ['*.example.com'] } }],
    ['signIn.issuer.newAgents.domains[0]', { newAgents: { domains: ['me@example.com'] } }],
    ['signIn.issuer.newAgents.role', { newAgents: { ...newAgents, role: 'owner' } }],
    ['signIn.issuer.newAgents.apps[0]', { newAgents: { ...newAgents, apps: ['travel'] } }],
    ['signIn.issuer.newAgents.role', { newAgents: { ...newAgents, role: 'admin' }, access }],
    ['signIn.issuer.newAgents.apps', { newAgents: { ...newAgents, apps: ['shop'] }, access }],
    ['signIn.issuer.access.rules', { access: { claim: 'groups', rules: [] } }],
    [
      'signIn.issuer.access.rules[0].role',
      { access: { claim: 'groups', rules: [{ value: 'x', role: 'owner' }] } },
    ],
    [
      'signIn.issuer.access.rules[0].apps[0]',
      { access: { claim: 'groups', rules: [{ value: 'x', role: 'agent', apps: ['travel'] }] } },
    ],
  ])('[AG9] %s', (key, change) => {
    expect(() => checkIssuer(change)).toThrow(`configuration: ${key}: `)
  })

  it('[AG10] passwords are not for owners alone where there is no other way', () => {
    expect(() => check({ passwords: 'owners' })).toThrow('configuration: signIn.passwords: ')
    expect(() => check({ passwords: false })).toThrow('configuration: signIn.passwords: ')
    expect(check({ passwords: 'owners', issuer })?.passwords).toBe('owners')
  })
})
