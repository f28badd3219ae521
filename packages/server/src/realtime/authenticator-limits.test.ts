import type { WireError } from '@chat-widget/protocol'
import { describe, expect, it } from 'vitest'
import { authenticatorsOf, refusedRecovery } from './authenticator.testing.ts'
import { startRealtime } from './realtime.testing.ts'

const codeOf = async (refusal: Promise<WireError>) => (await refusal).code

describe('[AR11] guessing', () => {
  it('ten wrong codes in an hour: of an address, and for an identifier', async () => {
    const limited = await startRealtime()
    const few = authenticatorsOf(() => limited)
    const from = (ip: string) => few.open({ headers: { 'x-forwarded-for': ip } })
    const wrong = 'X'.repeat(26)
    try {
      const victim = await few.person()
      const guess = async (ip: string, code = wrong) => {
        const device = await from(ip)
        return refusedRecovery(device, victim.identifier, code)
      }
      for (let tries = 0; tries < 5; tries += 1) {
        expect((await guess('192.0.2.1')).code).toBe('not-found')
        expect((await guess('192.0.2.2')).code).toBe('not-found')
      }
      const refused = await guess('192.0.2.3', victim.recoveryCodes[0])
      expect(refused).toMatchObject({ code: 'rate-limited', retryAfterMs: expect.any(Number) })
      const join = async (ip: string) => {
        const device = await from(ip)
        return codeOf(device.refusal('device:join', { ...(await device.newDevice('join')), code: wrong }))
      }
      for (let tries = 0; tries < 5; tries += 1) expect(await join('192.0.2.1')).toBe('not-found')
      expect(await join('192.0.2.1')).toBe('rate-limited')
      expect(await join('192.0.2.9')).toBe('not-found')

      // A right code is not counted.
      const person = await few.person()
      for (let count = 0; count < 6; count += 1) {
        const device = await from('192.0.2.2')
        await device.join((await person.invite()).code)
      }
    } finally {
      few.close()
      await limited.stop()
    }
  })

  it('so many people are enrolled from one address, and attempts of one connection are limited too', async () => {
    const limited = await startRealtime({
      authenticatorRates: { enrolments: { burst: 2, perHour: 1 } },
      tuning: { deviceProofRate: { burst: 3, perSecond: 0.001 } },
    })
    const few = authenticatorsOf(() => limited)
    try {
      await few.person()
      await few.person()
      const third = await few.open()
      const enroll = async () => codeOf(third.refusal('device:enroll', await third.newDevice('enroll')))
      expect(await enroll()).toBe('rate-limited')
      const elsewhere = await few.person({ headers: { 'x-forwarded-for': '192.0.2.1' } })
      const socket = await few.open({ key: elsewhere.key })
      const proof = await elsewhere.proof('prove')
      const prove = () => codeOf(socket.refusal('device:prove', { deviceId: elsewhere.id, proof }))
      expect([await prove(), await prove(), await prove(), await prove()]).toEqual([
        ...['unauthenticated', 'unauthenticated', 'unauthenticated', 'rate-limited'],
      ])
    } finally {
      few.close()
      await limited.stop()
    }
  })
})
