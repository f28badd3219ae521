/** [AR5] Secrets that were handed out are neither in a log nor in the database. */
import { join } from 'node:path'
import { CREATOR_SECRET_HEADER } from '@chat-widget/protocol'
import { pino } from 'pino'
import { expect, it, onTestFinished } from 'vitest'
import { createOutbox } from '../authentication-requests/requests.testing.ts'
import { bytesIn, dump } from '../storage/dump.testing.ts'
import { KEYS, startHttp } from './http-server.testing.ts'

const PATH = '/v1/authentication-request/'

it('[AR5] no token, secret, nonce or code is in a log or in the database', async () => {
  const lines: string[] = []
  const logger = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) })
  const failed: string[] = []
  // A mail server whose error message repeats the mail.
  const outbox = createOutbox((attempt, link) => {
    if (attempt % 2 === 0) return
    failed.push(link)
    throw new Error(`550 rejected: "Follow ${link}"`)
  })
  const server = await startHttp({ logger, delivery: outbox, requestLimits: 'none', ownFile: true })
  onTestFinished(() => server.stop())
  const secrets = new Map<string, string>([['key', KEYS.shop]])
  const codes: string[] = []

  for (const [index, headers] of [{}, { authorization: `Token ${KEYS.shop}` }, {}].entries()) {
    const email = `person${index}@example.com`
    const payload = { email, application_title: 'My App', binding: 'code', wait_for_response: 0 }
    const made = await server.http.inject({ method: 'POST', url: PATH, headers, payload })
    const { authentication_request_id: id, binding_code: code } = made.json()
    const secret = String(made.headers[CREATOR_SECRET_HEADER])
    secrets.set(`creator ${index}`, secret)
    codes.push(code)
    await expect.poll(() => outbox.tokens.length).toBe(index + 1)
    const token = outbox.tokens[index] ?? ''
    const view = await server.requests.viewLink(token)
    if (view.kind !== 'pending') throw new Error(view.kind)
    secrets.set(`link ${index}`, token).set(`nonce ${index}`, view.nonce)
    const decision = { token, nonce: view.nonce, decision: 'approved', mutes: false } as const
    const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0')
    expect((await server.requests.decideByLink({ ...decision, code: wrong })).kind).toBe('wrong-code')
    await server.http.inject({ url: `${PATH}${id}`, headers: { authorization: `Secret ${secret}` } })
    await server.http.inject({ url: `${PATH}${id}`, headers: { authorization: `Secret ${secret}x` } })
    if (index === 2) await server.requests.cancel(id)
    else expect((await server.requests.decideByLink({ ...decision, code })).kind).toBe('decided')
  }

  const log = lines.join('')
  expect(log).toContain('550 rejected')
  expect(failed).toHaveLength(3)
  const bytes = bytesIn(server.dataDir)
  const values = dump(join(server.dataDir, 'chat.db'))
  expect(values, 'the dump holds what was stored').toContain('person0@example.com')
  expect(secrets.size).toBe(10)
  for (const [name, secret] of secrets) {
    expect(secret.length, name).toBeGreaterThan(8)
    expect(log.includes(secret), `${name} is in the log`).toBe(false)
    expect(
      bytes.some((text) => text.includes(secret)),
      `${name} is in the database`,
    ).toBe(false)
  }
  for (const code of codes) {
    const alone = new RegExp(`(?<![0-9a-zA-Z_-])${code}(?![0-9a-zA-Z_-])`)
    expect(code).toMatch(/^\d{6}$/)
    expect(alone.test(log), 'a code is in the log').toBe(false)
    expect(
      values.filter((value) => alone.test(value)),
      'a code is in the database',
    ).toEqual([])
  }
})
