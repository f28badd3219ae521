/** A visitor's conversations beyond the shown one: their list, ratings, transcripts; and what was typed into forms. Loaded when they are used. */
export { type FormDraft, formDraft, type KeptFormsPorts } from '../conversation/kept-forms.ts'
export {
  type ConversationList,
  createConversationList,
  type ListedConversation,
} from './conversation-list.ts'
export { fetchTranscript, type Transcript, type TranscriptRequest } from './fetch-transcript.ts'
export { type ConversationRating, rateConversation } from './rate-conversation.ts'
