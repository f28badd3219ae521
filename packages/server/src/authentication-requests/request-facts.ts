/** Facts about a request that its approver is shown: the same on the page and in the mail ([AR8]). */
import { AUTHENTICATION_REQUEST_LIMITS, LIMITS } from '@chat-widget/protocol'
import type { AuthenticationRequestRecord } from '../storage/authentication-request-storage.ts'
import { oneLine } from '../text/one-line.ts'
import type { RequestStrings } from './locale.ts'
import { subjectOf } from './request-record.ts'

export interface Fact {
  readonly label: string
  readonly value: string
}

export interface RequestFacts {
  readonly app: string
  /** The person who is asked. */
  readonly addressee: string
  readonly askedAt: number
  readonly expiresAt: number
  /** From the chat: facts that the visitor cannot make up. Else the caller's claims; see `heading`. */
  claims(strings: RequestStrings): readonly Fact[]
  /** Says who made the claims. */
  heading(strings: RequestStrings): { readonly title: string; readonly note: string }
}

/** Makes every text one line that cannot change the direction of the text around it. */
export function requestFacts(record: AuthenticationRequestRecord, appName: string): RequestFacts {
  const { titleLength, nameLength, originLength, emailLength } = AUTHENTICATION_REQUEST_LIMITS
  const { addressee } = record
  return {
    app: oneLine(appName, LIMITS.nameLength),
    addressee: oneLine(addressee.kind === 'email' ? addressee.email : subjectOf(addressee), emailLength),
    askedAt: record.createdAt,
    expiresAt: record.expiresAt,
    heading: (strings) =>
      record.isFromChat
        ? { title: strings.seen, note: strings.seenNote }
        : { title: strings.claims, note: strings.claimsNote },
    claims({ applicationTitle, userName, userIp, userOrigin }) {
      const said = record.claims
      const facts: readonly (readonly [label: string, value: string | null, maxLength: number])[] = [
        // A request of the chat shows the app's name, which stands above.
        [applicationTitle, record.isFromChat ? null : said.applicationTitle, titleLength],
        [userName, said.userName, nameLength],
        [userIp, said.userIp, originLength],
        [userOrigin, said.userOrigin, originLength],
      ]
      return facts.flatMap(([label, value, maxLength]) => {
        const text = value === null ? '' : oneLine(value, maxLength)
        return text === '' ? [] : [{ label, value: text }]
      })
    },
  }
}
