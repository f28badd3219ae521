/** Ids in the order of their making. */
import { randomFillSync } from 'node:crypto'
import { v7 } from 'uuid'

/** Of one id. Bytes. */
const RANDOM = 16
const MOST_SEQ = 0xffffffff

/** Random bytes of many ids: asking the system for those of each one took 3 % of the time of a message. */
const pool = new DataView(new ArrayBuffer(256 * RANDOM))
let at = pool.byteLength
let msecs = 0
let seq = 0

/**
 * A UUID of version 7, after all others of this process. Rows written together are neighbours in an index of such ids;
 * random ones would touch a page each. It reveals its creation time, so do not use it for ids that must not be guessed.
 */
export function newOrderedId<Id extends string>(): Id {
  if (at === pool.byteLength) {
    randomFillSync(pool)
    at = 0
  }
  const random = new Uint8Array(pool.buffer, at, RANDOM)
  const now = Date.now()
  if (now > msecs) {
    msecs = now
    // Half of the range is left to the other ids of this millisecond.
    seq = pool.getUint32(at) >>> 1
  } else if (seq < MOST_SEQ) seq += 1
  else {
    msecs += 1
    seq = 0
  }
  at += RANDOM
  return v7({ random, msecs, seq }) as Id
}
