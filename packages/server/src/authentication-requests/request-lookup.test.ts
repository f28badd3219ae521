import { expect, it } from 'vitest'
import { createForwardedCodes } from './forwarded-codes.ts'
import { createRequestExpiry } from './request-expiry.ts'
import { RequestLookup } from './request-lookup.ts'
import { createRequestWaits } from './request-waits.ts'
import { never, type Requests, SHOP, startRequests, wish } from './requests.testing.ts'

/** The lookup of another server on the same database, which gets no notices of this one. */
function lookupElsewhere({ storage, clock }: Requests) {
  const requests = storage.authenticationRequests
  const now = () => clock.now
  const waits = createRequestWaits()
  const codes = createForwardedCodes({
    ...{ requests, waits, isForwarded: () => false, madeUp: () => '', tuning: undefined },
    ...{ fetch: async () => undefined, isAsking: () => false },
  })
  const expiry = createRequestExpiry({ requests, now, onEnded: () => undefined })
  return { waits, lookup: new RequestLookup({ requests, expiry, codes, waits, now }) }
}

it('[AR9] believes the database alone, whatever it is woken by', async () => {
  const requests = await startRequests()
  const { waits, lookup } = lookupElsewhere(requests)
  const { record } = await requests.service.create(wish())
  await expect.poll(() => requests.outbox.tokens.length).toBe(1)
  let answered: string | undefined
  const waiting = lookup.wait(record.id, 60_000, never).then(({ status }) => {
    answered = status
  })
  expect(waits.count).toBe(1)
  for (let notice = 0; notice < 20; notice += 1) {
    lookup.notice(record.id, SHOP)
    await lookup.find(record.id)
  }
  expect(answered).toBeUndefined()
  await requests.service.decideByLink(await requests.fromLink())
  expect(answered, 'nobody has told this server').toBeUndefined()
  lookup.notice(record.id, SHOP)
  await waiting
  expect(answered).toBe('approved')
})
