/** Text as the server can keep it. */

/** Half of a surrogate pair and U+0000 become U+FFFD before they are sent, so that what is shown is what is stored. */
export const storableText = (text: string): string => text.replaceAll(/[\0\p{Surrogate}]/gu, '\uFFFD')

/** The same for each text in a body. */
export const storableBody = <Body>(body: Body): Body =>
  JSON.parse(JSON.stringify(body), (_key, value) => (typeof value === 'string' ? storableText(value) : value))
