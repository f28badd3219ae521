/** Styles of forms in the conversation. */
export const formCardStyles = `
:host { display: block; inline-size: min(100%, 320px); }
.card { padding: 16px; border: 1px solid var(--_line); border-radius: 16px; background: var(--_surface); box-shadow: 0 1px 3px #0000000f; }
.card:focus { outline: none; }
strong { display: block; margin-block-end: 12px; font-weight: 650; line-height: 1.35; text-wrap: balance; }
/* At one side with the fields, whatever is written. */
strong, dt, dd { text-align: -webkit-match-parent; text-align: match-parent; }
.field + .field { margin-block-start: 12px; }
label { display: block; margin-block-end: 5px; font-size: 14px; font-weight: 600; }
.optional { color: var(--_muted); font-weight: 400; }
.input {
  all: unset;
  display: block;
  box-sizing: border-box;
  inline-size: 100%;
  min-inline-size: 0;
  min-block-size: 44px;
  padding: 10px 12px;
  border: 1px solid var(--_edge);
  border-radius: 12px;
  background: var(--_surface);
  color: var(--_text);
  /* Below 16 px, phones zoom into the field. */
  font-size: 16px;
  line-height: 22px;
  cursor: text;
  transition: border-color .15s, box-shadow .15s;
}
[type='number'].input { appearance: textfield; }
.input::-webkit-inner-spin-button { appearance: none; margin: 0; }
textarea.input { white-space: pre-wrap; overflow: auto; resize: vertical; max-block-size: 240px; }
.input:focus { border-color: var(--_ring); box-shadow: 0 0 0 1px var(--_ring); }
.input[aria-invalid] { border-color: var(--_danger); }
.input[aria-invalid]:focus { box-shadow: 0 0 0 1px var(--_danger); }
.select { position: relative; }
select.input { padding-inline-end: 34px; cursor: pointer; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.select::after {
  content: '';
  position: absolute;
  inset-block-start: 16px;
  inset-inline-end: 15px;
  inline-size: 8px;
  block-size: 8px;
  border: solid var(--_muted);
  border-width: 0 2px 2px 0;
  rotate: 45deg;
  pointer-events: none;
}
option { background: Canvas; color: CanvasText; }
.problem { margin: 5px 0 0; color: var(--_danger); font-size: 14px; text-wrap: pretty; }
.button { inline-size: 100%; margin-block-start: 16px; }
dl, dd { margin: 0; }
dl > div + div { margin-block-start: 8px; }
dt { color: var(--_muted); font-size: 13px; }
dd { white-space: pre-wrap; overflow-wrap: anywhere; }
.status:not(:empty) { display: flex; align-items: center; gap: 6px; margin-block-start: 12px; color: var(--_ok); font-size: 14px; font-weight: 600; }
.status svg { flex: none; inline-size: 18px; block-size: 18px; }
@media (forced-colors: active) { .input:focus { outline: 2px solid Highlight; } }
`
