import { ChatError } from '@chat-widget/protocol'
import { describe, expect, it } from 'vitest'
import { createFunctionVerifier, type VerifyContext } from './function-verifier.ts'

const NOW = 1_700_000_000_000
const LATER = NOW + 60_000

function verify(answer: VerifyContext, signal = new AbortController().signal) {
  const verifier = createFunctionVerifier(answer, { now: () => NOW })
  return verifier.verify({ userIdentifier: 'ada', context: { Auth: { Token: 't' } }, signal })
}

describe("an embedding application's own verifier", () => {
  it('gets claim, context and signal, and its answer counts', async () => {
    const { signal } = new AbortController()
    const requests: unknown[] = []
    const answer: VerifyContext = (request) => {
      requests.push(request)
      return { userIdentifier: 'ada', expiresAt: LATER, role: 'admin', claims: { name: 'Ada' } } as never
    }
    expect(await verify(answer, signal)).toEqual({
      userIdentifier: 'ada',
      expiresAt: LATER,
      claims: { name: 'Ada' },
    })
    expect(requests).toEqual([{ userIdentifier: 'ada', context: { Auth: { Token: 't' } }, signal }])
    expect(await verify(async () => ({ userIdentifier: 'ada', expiresAt: null }))).toMatchObject({
      expiresAt: null,
    })
  })

  it('[ID9] may prove more, or claims of no use, which refuse nobody', async () => {
    for (const claims of ['Ada', 7, null, [], new Date()]) {
      const answer = { userIdentifier: 'ada', expiresAt: LATER, claims }
      await expect(verify(() => answer as never)).resolves.toMatchObject({ userIdentifier: 'ada' })
    }
  })

  it.each<[string, unknown, string]>([
    ['null', null, 'context-invalid'],
    ['another subject', { userIdentifier: 'grace', expiresAt: LATER }, 'context-mismatch'],
    ['an end that is over', { userIdentifier: 'ada', expiresAt: NOW }, 'context-expired'],
    ['nothing', undefined, 'verifier-unavailable'],
    ['yes', true, 'verifier-unavailable'],
    ['a name alone', 'ada', 'verifier-unavailable'],
    ['no end', { userIdentifier: 'ada' }, 'verifier-unavailable'],
    [
      'an end that is no number',
      { userIdentifier: 'ada', expiresAt: new Date(LATER) },
      'verifier-unavailable',
    ],
    ['an end that is NaN', { userIdentifier: 'ada', expiresAt: Number.NaN }, 'verifier-unavailable'],
    ['an endless end', { userIdentifier: 'ada', expiresAt: Infinity }, 'verifier-unavailable'],
    ['an empty subject', { userIdentifier: '', expiresAt: LATER }, 'verifier-unavailable'],
    ['a subject that is no text', { userIdentifier: ['ada'], expiresAt: LATER }, 'verifier-unavailable'],
  ])('[ID9] answering %s identifies nobody', async (_title, answer, code) => {
    await expect(verify(() => answer as never)).rejects.toMatchObject({ code })
    await expect(verify(async () => answer as never)).rejects.toMatchObject({ code })
  })

  it('[ID9] throwing identifies nobody; a verdict passes, and the message of any other error does not', async () => {
    const expired = new ChatError('context-expired', 'Over.')
    await expect(verify(() => Promise.reject(expired))).rejects.toBe(expired)
    for (const error of [new Error('password of the database'), new ChatError('internal', 'x'), 'text']) {
      const thrown = {
        code: 'verifier-unavailable',
        message: 'The verifier failed.',
      }
      await expect(verify(() => Promise.reject(error))).rejects.toMatchObject(thrown)
      const throwing = () => {
        throw error
      }
      await expect(verify(throwing)).rejects.toMatchObject(thrown)
    }
  })

  it.each<[string, (answer: Deferred) => void]>([
    ['never', () => {}],
    ['late', ({ resolve }) => resolve({ userIdentifier: 'ada', expiresAt: LATER } as never)],
    ['late with an error', ({ reject }) => reject(new Error('too late'))],
  ])('[ID9] answering %s identifies nobody', async (_title, finish) => {
    const device = new AbortController()
    const answer = defer()
    const verifying = verify(() => answer.promise, device.signal)
    device.abort()
    finish(answer)
    await expect(verifying).rejects.toMatchObject({ code: 'verifier-unavailable' })
  })

  it('is not called for a device that is gone', async () => {
    let calls = 0
    const count = () => {
      calls += 1
      return null
    }
    await expect(verify(count, AbortSignal.abort())).rejects.toMatchObject({ code: 'verifier-unavailable' })
    expect(calls).toBe(0)
  })
})

interface Deferred {
  readonly promise: Promise<never>
  readonly resolve: (value: never) => void
  readonly reject: (error: Error) => void
}

function defer(): Deferred {
  let resolve: Deferred['resolve'] = () => {}
  let reject: Deferred['reject'] = () => {}
  const promise = new Promise<never>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}
