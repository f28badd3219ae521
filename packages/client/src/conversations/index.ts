/** A visitor's conversations beyond the shown one: their list, ratings, transcripts. Loaded when they are used. */
export {
  type ConversationList,
  createConversationList,
  type ListedConversation,
} from './conversation-list.ts'
export { fetchTranscript, type Transcript, type TranscriptRequest } from './fetch-transcript.ts'
export { type ConversationRating, rateConversation } from './rate-conversation.ts'
