/** Branded ids: strings that the compiler keeps apart. All but `AppId` are UUIDs. */

declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

/** A customer site's configuration, named by the operator, e.g. `shop`. */
export type AppId = Branded<'AppId'>
/** One browser, anonymous or identified. */
export type VisitorId = Branded<'VisitorId'>
/** The server's own id of an identified customer; the host identifies them by `userIdentifier`. */
export type UserId = Branded<'UserId'>
export type SessionId = Branded<'SessionId'>
export type AgentId = Branded<'AgentId'>
export type ConversationId = Branded<'ConversationId'>
export type MessageId = Branded<'MessageId'>
/** A file, of a message or to be sent in one. */
export type FileId = Branded<'FileId'>
/** A message that agents keep to send again. */
export type TemplateId = Branded<'TemplateId'>
/** Given to a message by its sender before the first attempt, so that a repeated send is recognised. */
export type ClientMessageId = Branded<'ClientMessageId'>
/** Given to a run of an action by the console, so that a repeated request is recognised. */
export type ActionRunId = Branded<'ActionRunId'>
/** A request to a person, on another device, to confirm a sign-in. */
export type AuthenticationRequestId = Branded<'AuthenticationRequestId'>
/** One device of an approver: the key that signs their answers. */
export type DeviceId = Branded<'DeviceId'>
/** One tap on a login button and the login that follows. */
export type LoginRequestId = Branded<'LoginRequestId'>
