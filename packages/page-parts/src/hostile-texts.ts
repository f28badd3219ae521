/** Texts that pages must show as what they are: of every field of every kind of message, in chat and console. */
import type { FileId, FormField, MessageContent } from '@chat-widget/protocol'

/** Scripts, addresses that are not what they seem, text that turns directions, words without end. */
export const HOSTILE_TEXTS: readonly string[] = [
  '<img src=x onerror="window.hacked = 1">',
  '<script>window.hacked = 1</script>',
  '"><svg onload="window.hacked = 1">',
  'javascript:window.hacked=1',
  'JaVa\tScRiPt:window.hacked=1',
  'data:text/html,<script>window.hacked=1</script>',
  '[x](javascript:window.hacked=1)',
  '![x](data:image/svg+xml,<svg onload=alert(1)>)',
  '<a href="javascript:window.hacked=1">x</a>',
  '\u202etxt.exe\u2066\u202d',
  `${'W'.repeat(400)}`,
  '{{window.hacked = 1}}',
  '\u0000\u2028\ud800',
]

/** Messages with the text in every field. The last one offers quick replies. */
export function hostileContents(evil: string): readonly MessageContent[] {
  const field = (type: FormField['type'], more = {}): FormField => ({
    name: `f-${type}`,
    label: evil,
    type,
    ...more,
  })
  const buttons = [
    { label: evil, url: evil },
    { label: evil, value: evil },
  ]
  const text = `${evil}\n\n- ${evil}\n\n> ${evil}\n\n**${evil}** [${evil}](${evil})`
  return [
    { kind: 'text', text, format: 'markdown' },
    {
      kind: 'cards',
      text: evil,
      cards: [{ title: evil, text: evil, image: { url: evil, alt: evil }, buttons }],
    },
    {
      kind: 'form',
      text: evil,
      form: {
        title: evil,
        fields: [field('text'), field('select', { options: [{ label: evil, value: evil }] })],
        submit: evil,
      },
    },
    {
      kind: 'file',
      text: evil,
      file: { id: evil as FileId, name: evil, mediaType: 'application/pdf', size: 1 },
      caption: evil,
    },
    { kind: 'login', text: evil, login: { button: evil, reason: 'message' } },
    { kind: 'text', text: evil, quickReplies: [{ label: evil, value: evil }] },
  ]
}

/** Characters that end a line or turn the direction of writing. */
const TURNS = /[\p{Bidi_Control}\p{Cc}\p{Surrogate}\u2028\u2029]/u
const SAID = ['aria-label', 'title', 'alt', 'placeholder', 'download']
const NAMES = 'button, option, label, dt, legend, summary, bdi, h2, h3, strong[dir], b[dir]'

/** Names of this page that turn the text around them, or read as another one; nothing, if all is well. */
export function turnedNames(find: (selector: string) => readonly Element[]): readonly string[] {
  const isText = (node: Node) => node.nodeType === Node.TEXT_NODE
  const named = find(NAMES).flatMap((name) => [...name.childNodes].filter(isText))
  const said = SAID.flatMap((name) => find(`[${name}]`).map((element) => element.getAttributeNode(name)))
  // Templates begin and end their lines within an element.
  const words = [...named, ...said].map((node) => node?.nodeValue?.replaceAll(/[\n\t]/g, ' ') ?? '')
  return words.filter((text) => TURNS.test(text))
}

/** What of the page these texts could have made; nothing, if all is well. `find`: elements by selector, however deep. */
export function harmDone(find: (selector: string) => readonly Element[]): readonly string[] {
  const made = find('script, iframe, object, embed, base, [onload], [onerror], [srcdoc]').map(
    ({ outerHTML }) => outerHTML,
  )
  const links = find('a[href]').map((link) => (link as HTMLAnchorElement).href)
  const pictures = find('img').map((image) => (image as HTMLImageElement).src)
  return [
    ...('hacked' in globalThis ? ['a script ran'] : []),
    ...made,
    ...links.filter((href) => !/^(https?|mailto|tel):/.test(href)),
    ...pictures.filter((src) => !/^https?:/.test(src)),
  ]
}
