/** [UM4] Links by which people unsubscribe. They hold no address, and the database keeps none. */
import { createHmac } from 'node:crypto'
import { type AppId, foldEmail } from '@chat-widget/protocol'
import { same } from '../authentication-requests/request-secrets.ts'
import type { ServerKeyStorage } from '../storage/authentication-request-storage.ts'
import { readServerSecret } from '../storage/server-secret.ts'
import type { UnreadMailStorage } from '../storage/unread-mail-storage.ts'
import type { Language } from '../text/language.ts'

/** Path of the pages that the links lead to. */
export const UNSUBSCRIBE_PREFIX = '/u'

/** `language`: of the mail, which the page keeps. */
export const unsubscribePath = (app: AppId, token: string, language: Language): string =>
  `${UNSUBSCRIBE_PREFIX}/${app}/${token}?lang=${language}`

/** The name of the key in the database. */
const KEY_NAME = 'unsubscribing'
/** Characters of base64url for 128 bits. */
const LENGTH = 22

export interface Unsubscribing {
  tokenOf(app: AppId, address: string): string
  isUnsubscribed(app: AppId, address: string): Promise<boolean>
  isToken(app: AppId, token: string): boolean
  /** Resolves with false, and changes nothing, if no mail of the app had such a link. Idempotent. */
  unsubscribe(app: AppId, token: string): Promise<boolean>
}

export async function createUnsubscribing({
  mails,
  keys,
  now = Date.now,
}: {
  readonly mails: Pick<UnreadMailStorage, 'isUnsubscribed' | 'unsubscribe'>
  readonly keys: ServerKeyStorage
  readonly now?: () => number
}): Promise<Unsubscribing> {
  const key = await readServerSecret(keys, KEY_NAME, now())
  const derive = (...of: readonly string[]) =>
    createHmac('sha256', key).update(JSON.stringify(of)).digest('base64url').slice(0, LENGTH)
  const recipientOf = (app: AppId, address: string) => derive('recipient', app, foldEmail(address))
  const proofOf = (app: AppId, recipient: string) => derive('proof', app, recipient)
  const isToken = (app: AppId, token: string) =>
    token.length === 2 * LENGTH && same(proofOf(app, token.slice(0, LENGTH)), token.slice(LENGTH))
  return {
    tokenOf(app, address) {
      const recipient = recipientOf(app, address)
      return recipient + proofOf(app, recipient)
    },
    isUnsubscribed: (app, address) => mails.isUnsubscribed(recipientOf(app, address)),
    isToken,
    async unsubscribe(app, token) {
      if (!isToken(app, token)) return false
      await mails.unsubscribe(app, token.slice(0, LENGTH), now())
      return true
    },
  }
}
