/** Styles of the message list. */
export const messageListStyles = `
:host { display: block; position: relative; min-block-size: 0; flex: 1; }
.scroller {
  block-size: 100%;
  overflow-y: auto;
  overscroll-behavior: contain;
  /* The list keeps its place itself, alike in every browser. */
  overflow-anchor: none;
  scrollbar-width: thin;
  scrollbar-color: var(--_edge) transparent;
}
.scroller:focus-visible { outline-offset: -2px; }
.content { display: flex; flex-direction: column; justify-content: flex-end; min-block-size: 100%; padding: 16px calc(16px + var(--_side-room)) 12px; }
.row { contain: layout; display: flex; flex-direction: column; align-items: flex-start; margin-block-start: 3px; }
.row.first { margin-block-start: 14px; }
.note + .note { margin-block-start: 3px !important; }
.card { display: contents; }
.row.own { align-items: flex-end; }
.row.note { align-items: center; }
.day, .note-text {
  align-self: center;
  color: var(--_muted);
  font-size: 13px;
  text-align: center;
}
.day { margin-block: 14px 8px; font-weight: 600; }
.row:first-child .day { margin-block-start: 0; }
.note-text { padding-block: 2px; }
.author { margin: 0 14px 4px; color: var(--_muted); font-size: 13px; font-weight: 500; }
.bubble {
  max-inline-size: min(84%, 560px);
  padding: 9px 14px;
  border-radius: 18px;
  border-start-start-radius: 6px;
  border-end-start-radius: 6px;
  background: var(--_raised);
  white-space: pre-wrap;
  /* Each paragraph runs in the direction of its own first letter. */
  unicode-bidi: plaintext;
}
.first .bubble { border-start-start-radius: 18px; }
.last .bubble { border-end-start-radius: 18px; }
.own .bubble { background: var(--_accent); color: var(--_on-accent); border-radius: 18px; border-start-end-radius: 6px; border-end-end-radius: 6px; }
.own.first .bubble { border-start-end-radius: 18px; }
.own.last .bubble { border-end-end-radius: 18px; }
.failed .bubble { background: var(--_raised); color: var(--_text); box-shadow: inset 0 0 0 1px var(--_danger); }
.meta { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 12px; margin: 4px 14px 0; color: var(--_muted); font-size: 12px; }
.own .meta { justify-content: flex-end; }
.meta .bad { color: var(--_danger); font-weight: 600; font-size: 13px; }
/* Signs, which are not read out: one tick is the server's, two are the other side's. */
.sent::before { content: '✓ ' / ''; }
.delivered::before, .read::before { content: '✓✓ ' / ''; }
.read { color: var(--_ok); }
.bad::before { content: '! ' / ''; }
.meta .link { font-size: 13px; }
/* As high as a card will be when its code has come: text, a button, and what is between. */
.bubble.wait { inline-size: min(100%, 320px); padding: 17px 17px 75px; }
.empty { display: grid; flex: 1; place-content: center; justify-items: center; gap: 6px; padding: 24px; text-align: center; text-wrap: balance; color: var(--_muted); animation: .3s .4s backwards empty; }
/* An app's own greeting may be about to come. */
@keyframes empty { from { opacity: 0; } }
.empty strong { color: var(--_text); font-size: 20px; font-weight: 650; letter-spacing: -.01em; }
.empty svg { inline-size: 52px; block-size: 52px; padding: 12px; margin-block-end: 10px; border-radius: 50%; background: var(--_accent); color: var(--_on-accent); }
@media (forced-colors: active) { .bubble { border: 1px solid CanvasText; } }
`
