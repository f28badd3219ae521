/** Styles of the sign-in sheet, and of the composer beside it. */

/** On a small screen the sheet takes the composer's place, unless the visitor is writing. */
export const besideSignInStyles = `
@media (max-width: 480px), (max-height: 480px) {
  chat-widget-sign-in ~ chat-widget-composer:not(:focus-within) { display: none; }
}
`

export const signInStyles = `
:host {
  display: block;
  flex: 0 1 auto;
  min-block-size: 0;
  overflow-y: auto;
  overscroll-behavior: contain;
  /* What has focus is not to lie behind the buttons, which stay in view. */
  scroll-padding-block: 12px 80px;
  border-block-start: 1px solid var(--_line);
  background: var(--_surface);
  box-shadow: 0 -6px 24px #00000014;
  /* Not below it, over the composer. */
  clip-path: inset(-30px 0 0);
  animation: rise .2s cubic-bezier(.2, .8, .3, 1);
}
@keyframes rise { from { opacity: 0; translate: 0 12px; } }
.sheet { padding: 18px calc(20px + var(--_side-room)) 0; }
.busy { padding-block-end: max(18px, env(safe-area-inset-bottom)); }
h3 { margin: 0; font-size: 17px; font-weight: 650; letter-spacing: -.01em; }
h3:focus { outline: none; }
p { margin: 0; }
.lead { margin-block-start: 4px; color: var(--_muted); font-size: 14px; text-wrap: pretty; overflow-wrap: anywhere; }
fieldset {
  display: grid;
  grid-auto-flow: column;
  grid-auto-columns: 1fr;
  gap: 2px;
  min-inline-size: 0;
  margin: 14px 0 0;
  padding: 3px;
  border: 0;
  border-radius: 13px;
  background: var(--_raised);
}
fieldset label { position: relative; cursor: pointer; }
fieldset span {
  display: grid;
  place-items: center;
  min-block-size: 38px;
  padding-inline: 10px;
  border-radius: 10px;
  color: var(--_muted);
  font-size: 14px;
  font-weight: 600;
  text-align: center;
  transition: background .15s, color .15s;
}
fieldset input { position: absolute; inset: 0; margin: 0; opacity: 0; cursor: pointer; }
fieldset :checked + span { background: var(--_surface); color: var(--_text); box-shadow: inset 0 0 0 1px var(--_edge), 0 1px 3px #0000002b; }
fieldset :focus-visible + span { outline: 2px solid var(--_text); outline-offset: -2px; }
.field { display: block; margin-block: 14px 6px; font-size: 14px; font-weight: 600; }
.input {
  all: unset;
  display: block;
  box-sizing: border-box;
  inline-size: 100%;
  min-inline-size: 0;
  block-size: 48px;
  padding-inline: 14px;
  border: 1px solid var(--_edge);
  border-radius: 12px;
  background: var(--_surface);
  color: var(--_text);
  /* Below 16 px, phones zoom into the field. */
  font-size: 16px;
  cursor: text;
  transition: border-color .15s, box-shadow .15s;
}
.input:focus { border-color: var(--_ring); box-shadow: 0 0 0 1px var(--_ring); }
.input[aria-invalid='true'] { border-color: var(--_danger); }
.input[aria-invalid='true']:focus { box-shadow: 0 0 0 1px var(--_danger); }
.input[readonly] { color: var(--_muted); }
.digits { direction: ltr; letter-spacing: .08em; font-variant-numeric: tabular-nums; }
:host(:dir(rtl)) .digits, :host(:dir(rtl)) .input[type='email'] { text-align: right; }
.problem { margin-block-start: 8px; color: var(--_danger); font-size: 14px; text-wrap: pretty; }
/* While the on-screen keyboard leaves little room, the way on stays in view. */
form .buttons { position: sticky; inset-block-end: 0; }
.buttons {
  display: flex;
  flex-wrap: wrap;
  gap: 8px;
  margin-block-start: 8px;
  padding-block: 8px max(14px, env(safe-area-inset-bottom));
  background: var(--_surface);
}
.buttons .button { flex: 1 1 auto; padding-inline: 12px; }
.button[aria-disabled='true'] { background: var(--_raised); color: var(--_muted); box-shadow: none; cursor: default; }
.button > span { font-variant-numeric: tabular-nums; }
.code {
  position: relative;
  margin-block-start: 14px;
  padding: 14px 48px;
  border-radius: 14px;
  background: var(--_raised);
  font-size: clamp(26px, 9vw, 36px);
  font-weight: 650;
  line-height: 1.15;
  letter-spacing: .1em;
  font-variant-numeric: tabular-nums;
  text-align: center;
  direction: ltr;
  user-select: all;
}
/* Where there is little room, the code is seen first. */
@media (max-height: 480px) { .sheet { display: flex; flex-direction: column; } h3 { order: -2; } .code { order: -1; } }
.code .icon-button { position: absolute; inset: auto 4px auto auto; inset-block-start: calc(50% - 22px); }
:host(:dir(rtl)) .code .icon-button { inset-inline: 4px auto; }
.code b { font: inherit; padding-inline-start: .1em; }
.code b + b { margin-inline-start: .4em; }
.facts:empty { display: none; }
.facts { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 2px 12px; margin-block-start: 10px; color: var(--_muted); font-size: 14px; }
.time { direction: ltr; unicode-bidi: isolate; color: var(--_text); font-weight: 600; font-variant-numeric: tabular-nums; }
.busy { display: flex; align-items: center; gap: 12px; }
.spinner {
  flex: none;
  inline-size: 18px;
  block-size: 18px;
  border: 2px solid var(--_line);
  border-block-start-color: var(--_text);
  border-radius: 50%;
  animation: spin .9s linear 5;
}
@keyframes spin { to { rotate: 360deg; } }
@media (forced-colors: active) {
  fieldset, .code { border: 1px solid CanvasText; }
  fieldset :checked + span { background: Highlight; color: HighlightText; forced-color-adjust: none; }
  .input { border-color: FieldText; }
  .input:focus { outline: 2px solid Highlight; }
  .button[aria-disabled='true'] { border-color: GrayText; color: GrayText; }
}
`
