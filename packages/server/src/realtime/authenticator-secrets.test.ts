/** [AR5] Authenticators' secrets and signatures are in no log; secrets that admit a device are in no database. */
import { join } from 'node:path'
import type { IncomingRequest } from '@chat-widget/protocol'
import { pino } from 'pino'
import { expect, it, onTestFinished } from 'vitest'
import { bytesIn, dump } from '../storage/dump.testing.ts'
import { authenticatorsOf } from './authenticator.testing.ts'
import { startRealtime } from './realtime.testing.ts'

it('[AR5] no invitation, recovery code or binding code is in a log or in the database', async () => {
  const lines: string[] = []
  const logger = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) })
  const server = await startRealtime({ logger, ownFile: true })
  const devices = authenticatorsOf(() => server)
  onTestFinished(async () => {
    devices.close()
    await server.stop()
  })
  const first = await devices.person()
  const used = await first.invite()
  const unused = await first.invite()
  const second = await devices.open()
  await second.join(used.code)
  const third = await devices.open()
  const refused = { ...(await third.newDevice('recover')), identifier: first.identifier }
  await third.refusal('device:recover', { ...refused, code: unused.code })
  await third.recover(first.identifier, first.recoveryCodes[0] ?? '')
  const { recoveryCodes } = await second.ask<{ recoveryCodes: string[] }>('recovery:renew', {})

  const answers: string[] = []
  const bindingCodes: string[] = []
  for (const isLocked of [false, true]) {
    const { record, bindingCode } = await devices.request(first.identifier, { binding: 'code' })
    const asked: IncomingRequest = await first.asked(record.id)
    const code = bindingCode ?? ''
    bindingCodes.push(code)
    const answer = await first.signAnswer(asked, 'approved')
    answers.push(answer)
    const wrong = code === '000000' ? '000001' : '000000'
    for (let tries = 0; tries < (isLocked ? 5 : 1); tries += 1)
      await first.ask('request:answer', { requestId: record.id, answer, code: wrong })
    await first.ask('request:answer', { requestId: record.id, answer, code })
    await first.refusal('request:answer', { requestId: record.id, answer: `${answer}x`, code, more: 1 })
  }
  // Provokes an error while all secrets are in memory.
  await server.storage.close()
  const late = await devices.open()
  await late.refusal('device:join', { ...(await late.newDevice('join')), code: unused.code })
  await first.refusal('request:answer', {
    requestId: crypto.randomUUID(),
    answer: answers[0],
    code: '123456',
  })

  second.close()
  await expect.poll(() => lines.join('')).toContain('work failed')

  const log = lines.join('')
  const bytes = bytesIn(server.folder)
  const values = dump(join(server.folder, 'chat.db'))
  expect(values, 'the dump holds what was stored').toContain(first.identifier)
  expect(values, 'the answer that decided is kept').toContain(answers[0])
  const printed = [used.code, unused.code, ...first.recoveryCodes, ...recoveryCodes]
  const codes = printed.flatMap((code) => {
    const plain = code.replaceAll('-', '')
    return [code, plain, code.toLowerCase(), plain.toLowerCase()]
  })
  expect(codes).toHaveLength(18 * 4)
  for (const code of codes) {
    expect(log.includes(code), 'a code is in the log').toBe(false)
    expect(
      bytes.some((text) => text.includes(code)),
      'a code is in the database',
    ).toBe(false)
  }
  for (const answer of answers) expect(log.includes(answer), 'an answer is in the log').toBe(false)
  expect(log.includes(first.challenge.nonce), 'a challenge is in the log').toBe(false)
  for (const code of bindingCodes) {
    const alone = new RegExp(`(?<![0-9a-zA-Z_-])${code}(?![0-9a-zA-Z_-])`)
    expect(alone.test(log), 'a binding code is in the log').toBe(false)
    expect(
      values.filter((value) => alone.test(value)),
      'a binding code is in the database',
    ).toEqual([])
  }
})
