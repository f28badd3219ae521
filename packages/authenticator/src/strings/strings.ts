/** Texts of the authenticator. Where the approval page says the same, the wording is the same. */
import type { RequestEnd } from '../device/device-state.ts'

/** A sentence on what happened, and one on what to do now. */
export interface Outcome {
  readonly title: string
  readonly text: string
}

/** A question before a step that cannot be undone. */
export interface Confirmation extends Outcome {
  readonly confirm: string
}

export interface Strings {
  /** BCP 47, for dates. */
  readonly locale: string
  readonly dir: 'ltr' | 'rtl'
  readonly title: string
  readonly connecting: string
  readonly cancel: string
  readonly again: string
  readonly back: string
  readonly close: string
  readonly copy: string
  readonly copied: string
  readonly dismiss: string

  readonly banner: {
    readonly offline: string
    readonly reconnecting: string
    readonly outdated: string
    readonly stopped: string
  }
  readonly unable: Readonly<Record<'insecure' | 'storage', Outcome>>
  readonly removed: Outcome & { readonly startOver: string }

  readonly welcome: {
    readonly title: string
    readonly text: string
    readonly setUp: string
    readonly setUpHint: string
    readonly add: string
    readonly addHint: string
    readonly recover: string
    readonly recoverHint: string
    readonly connectAfter: string
    readonly deviceName: string
    readonly deviceNameHint: string
    /** E.g. `Firefox on Linux`. */
    readonly deviceNamed: (browser: string, system: string) => string
    readonly thisDevice: string
    readonly setUpText: string
    readonly setUpConfirm: string
    readonly addText: string
    readonly addByLinkText: string
    readonly addCode: string
    readonly addConfirm: string
    readonly recoverText: string
    readonly recoverCode: string
    readonly recoverConfirm: string
    readonly working: string
  }

  readonly identifier: {
    readonly label: string
    readonly hint: string
    readonly copy: string
    /** Label of the field for a name of one's own. */
    readonly field: string
  }

  readonly codes: {
    readonly title: string
    readonly text: string
    readonly once: string
    readonly listLabel: string
    readonly print: string
    readonly download: string
    readonly fileName: string
    readonly fileHeading: (identifier: string) => string
    readonly saved: string
    readonly done: string
    readonly notSaved: string
    readonly heading: string
    readonly left: (left: number, all: number) => string
    readonly few: string
    /** For codes that were shown, on a page that was left before anybody confirmed that they were saved. */
    readonly unsaved: string
    readonly unsavedHint: string
    readonly renew: string
    readonly renewing: Confirmation
  }

  readonly requests: {
    readonly heading: string
    readonly none: string
    readonly noneHint: string
    readonly question: string
    readonly asks: (app: string) => string
    readonly asked: string
    readonly validFor: string
    readonly claims: string
    readonly claimsNote: string
    readonly seen: string
    readonly applicationTitle: string
    readonly userName: string
    readonly userIp: string
    readonly userOrigin: string
    readonly advice: string
    readonly codeLabel: string
    readonly codeHint: (digits: number) => string
    readonly codeMissing: (digits: number) => string
    readonly codeWrong: string
    readonly codesLeft: (left: number) => string
    readonly approve: string
    readonly approving: string
    readonly deny: string
    readonly denying: string
    readonly mute: string
    readonly muteHint: (app: string) => string
    readonly ends: Readonly<Record<RequestEnd, Outcome>>
    /** Announced when a request arrives. */
    readonly announced: (app: string) => string
    /** Announced when a request ended by itself. */
    readonly announcedEnd: (app: string, title: string) => string
    readonly notification: (app: string) => Outcome
  }

  readonly notifications: {
    readonly allow: string
    readonly allowHint: string
    readonly allowed: string
    readonly blocked: string
  }

  readonly connect: {
    readonly question: (app: string) => string
    readonly text: (app: string) => string
    readonly confirm: string
    readonly decline: string
    readonly done: (app: string) => Outcome
    readonly already: (app: string) => Outcome
    readonly goBack: (host: string) => string
    readonly close: string
    readonly unknown: Outcome
    /** For a link whose request is over, or another person's. */
    readonly gone: Outcome
    /** Shown with the reason beside it. */
    readonly failed: string
    readonly looking: string
  }

  readonly apps: {
    readonly heading: string
    readonly none: string
    readonly connected: (date: string) => string
    readonly muted: string
    readonly unmute: string
    readonly disconnect: string
    readonly disconnecting: (app: string) => Confirmation
  }

  readonly devices: {
    readonly heading: string
    readonly thisOne: string
    readonly online: string
    readonly lastSeen: (date: string) => string
    readonly added: (date: string) => string
    readonly remove: string
    readonly removing: (name: string) => Confirmation
    readonly removingThis: Confirmation
    readonly add: string
    readonly addTitle: string
    readonly addText: string
    readonly addLink: string
    readonly addQr: string
    readonly addExpires: string
    readonly addExpired: string
    readonly addAgain: string
    readonly addDone: (name: string) => string
    readonly alreadyHere: Outcome
    readonly rotate: string
    readonly rotateHint: string
    readonly rotated: string
  }

  readonly errors: {
    readonly again: string
    readonly unreachable: string
    readonly storage: string
    readonly limited: string
    readonly unavailable: string
    readonly wrongInvitation: string
    readonly wrongRecovery: string
    readonly tooManyDevices: string
    readonly notSent: string
    readonly identifierMissing: string
    readonly codeMissing: string
    readonly nameMissing: string
  }
}
