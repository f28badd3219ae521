/**
 * Limits that both sides enforce, exported as `LIMITS`. A constant each, so that a bundle contains only those it uses.
 * Bytes are counted in UTF-8, times in milliseconds.
 */

/** Size of a realtime payload or HTTP body. */
export const payloadBytes = 64 * 1024
/** Length of a message's text, in UTF-16 code units as `String.length` counts them. */
export const textLength = 8_000
/** Size of a context's JSON text. */
export const contextBytes = 16 * 1024
/** Depth of nested objects and arrays in a context. */
export const contextDepth = 16
export const userIdentifierLength = 256
export const buttonLength = 80
export const nameLength = 120
/** Least length of an agent's password. */
export const passwordLength = 8
/** Length of a release's version. */
export const releaseLength = 40
/** Messages in one fetch. */
export const fetchMessages = 200
/** Size of the JSON text of one answer's messages; further ones are fetched next. A single message always fits. */
export const answerBytes = 256 * 1024
/** Conversations in one page of a visitor's own list. */
export const ownConversations = 20
/** Conversations of which a console tells at once what it holds. */
export const deliveredAtOnce = 100
/** Deliveries to a webhook that are counted in each state; one more of them says that there are more. */
export const countedDeliveries = 10_000
/** The best rating of a conversation; the worst is 1. */
export const ratingMost = 5
/** Length of the words of a rating, in UTF-16 code units. */
export const ratingTextLength = 1_000
/** Longest interval at which a connected client gets the head seq of its conversation. */
export const headIntervalMs = 25_000
/** Time that the provider may take. */
export const providerTimeoutMs = 30_000
/** Time after `expiresAt` for which a live socket's events are still accepted. */
export const contextGraceMs = 5_000
/** Largest difference between the server's clock and a token issuer's. */
export const clockSkewMs = 60_000

// Of rich kinds. Lengths are in UTF-16 code units, as `textLength`.

/** Quick replies of one message. */
export const quickReplies = 10
/** Length of the value that a quick reply, a button or an option stands for. */
export const valueLength = 256
/** Length of a link's or a picture's URL. */
export const urlLength = 2_000
/** Length of the title of a card or a form. */
export const titleLength = 120
/** Cards of one message. */
export const cards = 10
export const cardTextLength = 500
export const cardButtons = 3
/** Length of the text that stands for a picture. */
export const altLength = 250
/** Fields of one form. */
export const formFields = 20
export const fieldNameLength = 40
export const fieldLabelLength = 200
/** Options of one field. */
export const fieldOptions = 50
/** Length of an answer in one line. */
export const answerLength = 500
/** Length of an answer of several lines. */
export const longAnswerLength = 4_000
/** Length of an app's greeting. */
export const greetingLength = 2_000
/** Size of the JSON text of what clients are told of an app's appearance. */
export const appearanceBytes = 16 * 1024
/** Length of a file's name, with its ending. */
export const fileNameLength = 200
/** Templates that the agents of one app keep. */
export const templates = 200
/** Size of the JSON text of all of them; one answer holds them. */
export const templateBytes = 256 * 1024
