/** Files of messages: their bytes and facts, and those that come by paste and drop. Sending one is `ChatClient.send({ file })`. */
export { carriedFiles } from './carried-files.ts'
export { fileLetters, fileSize, isPicture } from './file-facts.ts'
export type { FileReadingPorts } from './file-reading-ports.ts'
export { readFile } from './read-file.ts'
export { isTypeTaken } from './taken-types.ts'
