/** German. */
import type { RequestStrings } from '../request-strings.ts'

const NOBODY = 'Niemand wurde angemeldet.'

export const strings: RequestStrings = {
  locale: 'de',
  dir: 'ltr',
  question: 'Sind Sie das?',
  asks: (app, addressee) => `Jemand möchte sich bei ${app} als ${addressee} anmelden.`,
  asked: 'Angefragt',
  validUntil: 'Gültig bis',
  claims: 'Was die anfragende Stelle angibt',
  claimsNote: 'Angaben der anfragenden Stelle, nicht geprüft.',
  seen: 'Wo angefragt wurde',
  seenNote: 'Von unserem Server gesehen, im Chat auf dieser Website.',
  applicationTitle: 'Anwendung',
  userName: 'Name',
  userIp: 'IP-Adresse',
  userOrigin: 'Ort oder Website',
  advice:
    'Bestätigen Sie nur, wenn Sie das gerade selbst begonnen haben. Wer angefragt hat, ist danach angemeldet.',
  codeLabel: 'Code, der dort steht, wo Sie angefragt haben',
  codeHint: (digits) =>
    `${digits} Ziffern, nur zum Bestätigen nötig. Hat Ihnen jemand den Code geschickt, lehnen Sie ab.`,
  approve: 'Bestätigen',
  deny: 'Ablehnen',
  mute: 'Ich habe nicht angefragt',
  muteHint: (app) => `Lehnt ab und verhindert weitere Anfragen dieser Art von ${app}.`,
  errorHeading: 'Es ist noch nichts entschieden',
  errorPrefix: (title) => `Fehler: ${title}`,
  codeMissing: (digits) => `Geben Sie die ${digits} Ziffern ein, die dort stehen, wo Sie angefragt haben.`,
  codeWrong: 'Der Code stimmt nicht.',
  codesLeft: (left) => (left === 1 ? 'Sie haben noch einen Versuch.' : `Sie haben noch ${left} Versuche.`),
  outdated: 'Diese Seite war veraltet. Bitte wählen Sie noch einmal.',
  approved: {
    title: 'Bestätigt',
    text: 'Gehen Sie zurück zu dem Gerät oder Fenster, in dem Sie begonnen haben. Sie können diese Seite schließen.',
  },
  denied: { title: 'Abgelehnt', text: `${NOBODY} Sie können diese Seite schließen.` },
  muted: (app) => ({
    title: 'Abgelehnt, keine weiteren Anfragen',
    text: `${NOBODY} Weitere Anfragen dieser Art von ${app} erreichen Sie nicht mehr. Sie können diese Seite schließen.`,
  }),
  already: {
    approved: {
      title: 'Das haben Sie schon bestätigt',
      text: 'Gehen Sie zurück zu dem Gerät oder Fenster, in dem Sie begonnen haben. Sie können diese Seite schließen.',
    },
    denied: { title: 'Das haben Sie schon abgelehnt', text: `${NOBODY} Sie können diese Seite schließen.` },
  },
  over: {
    approved: {
      title: 'Dieser Link ist verbraucht',
      text: 'Die Anfrage ist bestätigt. Waren Sie das, gehen Sie zurück zu dem Gerät oder Fenster, in dem Sie begonnen haben. Waren nicht Sie es, liest jemand Ihre E-Mails mit: Ändern Sie das Passwort Ihres Postfachs.',
    },
    denied: {
      title: 'Dieser Link ist verbraucht',
      text: `Die Anfrage wurde abgelehnt. ${NOBODY} Sie können diese Seite schließen.`,
    },
    expired: {
      title: 'Diese Anfrage ist abgelaufen',
      text: `${NOBODY} Wenn Sie sich noch anmelden möchten, gehen Sie dorthin zurück, wo Sie begonnen haben, und fragen Sie noch einmal an.`,
    },
    canceled: {
      title: 'Diese Anfrage wurde zurückgezogen',
      text: `${NOBODY} Falls Sie inzwischen neu angefragt haben, verwenden Sie den neuesten Link. Sonst können Sie diese Seite schließen.`,
    },
    locked: {
      title: 'Zu viele falsche Codes',
      text: `Die Anfrage ist gesperrt. ${NOBODY} Wenn Sie es waren, gehen Sie dorthin zurück, wo Sie begonnen haben, und fragen Sie noch einmal an.`,
    },
    unauthorized: {
      title: 'Diese Anfrage ist beendet',
      text: `${NOBODY} Wenn Sie sich anmelden möchten, gehen Sie dorthin zurück, wo Sie begonnen haben, und fragen Sie noch einmal an.`,
    },
    errored: {
      title: 'Diese Anfrage ist beendet',
      text: `${NOBODY} Wenn Sie sich anmelden möchten, gehen Sie dorthin zurück, wo Sie begonnen haben, und fragen Sie noch einmal an.`,
    },
  },
  unknown: {
    title: 'Wir kennen diesen Link nicht',
    text: 'Vielleicht wurde er nicht vollständig kopiert, oder ein neuerer hat ihn ersetzt. Öffnen Sie den Link in Ihrer neuesten E-Mail, oder gehen Sie dorthin zurück, wo Sie begonnen haben, und fragen Sie noch einmal an.',
  },
  refused: {
    title: 'Es wurde nichts entschieden',
    text: 'Diese Antwort kam nicht von unserer Seite. Öffnen Sie den Link in Ihrer E-Mail und wählen Sie dort.',
  },
  failed: {
    title: 'Etwas ist schiefgegangen',
    text: 'Das liegt an uns, nicht an Ihnen. Öffnen Sie den Link in Ihrer E-Mail gleich noch einmal, um zu sehen, ob Ihre Antwort angekommen ist.',
  },
  mailSubject: (app) => `Sind Sie das? Anmeldung bei ${app}`,
  mailOpen: 'Hier antworten',
  mailCode: (digits) =>
    `Zum Bestätigen brauchen Sie die ${digits} Ziffern, die dort stehen, wo Sie angefragt haben. Sie stehen in keiner E-Mail.`,
  mailValidity: (minutes) =>
    minutes === 1 ? 'Der Link ist 1 Minute gültig.' : `Der Link ist ${minutes} Minuten gültig.`,
  mailIgnore:
    'Sie haben nicht angefragt? Beachten Sie diese E-Mail nicht, dann wird niemand angemeldet. Oder öffnen Sie den Link und wählen Sie „Ich habe nicht angefragt“.',
}
