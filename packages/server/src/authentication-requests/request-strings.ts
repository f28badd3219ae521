/** Words of the approval page and the mail, and their languages. */
import type { AuthenticationRequestStatus } from '@chat-widget/protocol'

/** Ends of a request that its link's page tells apart. */
type OverKind = Exclude<AuthenticationRequestStatus, 'pending'> | 'locked'

/** A sentence on what happened, and one on what to do now. */
export interface Outcome {
  readonly title: string
  readonly text: string
}

export interface RequestStrings {
  /** BCP 47, for dates and relative times. */
  readonly locale: string
  readonly dir: 'ltr' | 'rtl'
  readonly question: string
  /** `addressee` is who is asked. */
  readonly asks: (app: string, addressee: string) => string
  readonly asked: string
  readonly validUntil: string
  /** Heading of the caller's claims ([AR8]). */
  readonly claims: string
  readonly claimsNote: string
  /** The heading, instead, of facts that this server saw. */
  readonly seen: string
  readonly seenNote: string
  readonly applicationTitle: string
  readonly userName: string
  readonly userIp: string
  readonly userOrigin: string
  readonly advice: string
  readonly codeLabel: string
  readonly codeHint: (digits: number) => string
  readonly approve: string
  readonly deny: string
  readonly mute: string
  readonly muteHint: (app: string) => string
  readonly errorHeading: string
  readonly errorPrefix: (title: string) => string
  readonly codeMissing: (digits: number) => string
  readonly codeWrong: string
  readonly codesLeft: (left: number) => string
  readonly outdated: string
  readonly approved: Outcome
  readonly denied: Outcome
  readonly muted: (app: string) => Outcome
  /** For a decision that is sent again, by a reload. */
  readonly already: Readonly<Record<'approved' | 'denied', Outcome>>
  readonly over: Readonly<Record<OverKind, Outcome>>
  readonly unknown: Outcome
  readonly refused: Outcome
  readonly failed: Outcome
  readonly mailSubject: (app: string) => string
  readonly mailOpen: string
  readonly mailCode: (digits: number) => string
  readonly mailValidity: (minutes: number) => string
  readonly mailIgnore: string
}

const NOBODY = 'Nobody was signed in.'

/** English. */
export const strings: RequestStrings = {
  locale: 'en',
  dir: 'ltr',
  question: 'Is this you?',
  asks: (app, addressee) => `Someone wants to sign in to ${app} as ${addressee}.`,
  asked: 'Asked',
  validUntil: 'Valid until',
  claims: 'What the requester says',
  claimsNote: 'Said by the requester, not verified.',
  seen: 'Where it was asked',
  seenNote: 'Seen by our server, in the chat on this website.',
  applicationTitle: 'Application',
  userName: 'Name',
  userIp: 'IP address',
  userOrigin: 'Place or website',
  advice: 'Approve only if you started this yourself, just now. Approving signs in whoever asked.',
  codeLabel: 'Code shown where you asked',
  codeHint: (digits) => `${digits} digits, needed only to approve. If someone sent you the code, deny.`,
  approve: 'Approve',
  deny: 'Deny',
  mute: 'I didn’t ask for this',
  muteHint: (app) => `Denies it, and stops further requests of this kind from ${app}.`,
  errorHeading: 'Nothing has been decided yet',
  errorPrefix: (title) => `Error: ${title}`,
  codeMissing: (digits) => `Enter the ${digits} digits that are shown where you asked.`,
  codeWrong: 'That is not the code.',
  codesLeft: (left) => (left === 1 ? 'One try is left.' : `${left} tries are left.`),
  outdated: 'This page was out of date. Please choose again.',
  approved: {
    title: 'Approved',
    text: 'Go back to the device or window where you started. You can close this page.',
  },
  denied: { title: 'Denied', text: `${NOBODY} You can close this page.` },
  muted: (app) => ({
    title: 'Denied, and no more requests',
    text: `${NOBODY} Further requests of this kind from ${app} will not reach you. You can close this page.`,
  }),
  already: {
    approved: {
      title: 'You have approved this already',
      text: 'Go back to the device or window where you started. You can close this page.',
    },
    denied: { title: 'You have denied this already', text: `${NOBODY} You can close this page.` },
  },
  over: {
    approved: {
      title: 'This link has been used',
      text: 'The request is approved. If that was you, go back to the device or window where you started. If it was not, someone else reads your mail: change its password.',
    },
    denied: {
      title: 'This link has been used',
      text: `The request was denied. ${NOBODY} You can close this page.`,
    },
    expired: {
      title: 'This request has expired',
      text: `${NOBODY} If you still want to sign in, go back to where you started and ask again.`,
    },
    canceled: {
      title: 'This request was canceled',
      text: `${NOBODY} If you asked again since, use the newest link. Otherwise you can close this page.`,
    },
    locked: {
      title: 'Too many wrong codes',
      text: `The request is locked. ${NOBODY} If it was you, go back to where you started and ask again.`,
    },
    unauthorized: {
      title: 'This request is over',
      text: `${NOBODY} If you want to sign in, go back to where you started and ask again.`,
    },
    errored: {
      title: 'This request is over',
      text: `${NOBODY} If you want to sign in, go back to where you started and ask again.`,
    },
  },
  unknown: {
    title: 'We don’t know this link',
    text: 'It may not have been copied whole, or a newer one has replaced it. Open the link in your newest mail, or go back to where you started and ask again.',
  },
  refused: {
    title: 'Nothing has been decided',
    text: 'This answer did not come from our page. Open the link in your mail and choose there.',
  },
  failed: {
    title: 'Something went wrong',
    text: 'It is our fault, not yours. Open the link in your mail again in a moment to see whether your answer has arrived.',
  },
  mailSubject: (app) => `Is this you? Sign-in to ${app}`,
  mailOpen: 'Answer here',
  mailCode: (digits) =>
    `To approve you need the ${digits} digits that are shown where you asked. They are in no mail.`,
  mailValidity: (minutes) =>
    minutes === 1 ? 'The link is valid for 1 minute.' : `The link is valid for ${minutes} minutes.`,
  mailIgnore:
    'You did not ask for this? Ignore this mail, and nobody is signed in. Or open the link and choose “I didn’t ask for this”.',
}
