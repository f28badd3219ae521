/** Styles of the composer. */
export const composerStyles = `
:host { display: block; }
form { padding: 10px calc(12px + var(--_side-room)) max(12px, env(safe-area-inset-bottom)); }
.box {
  display: flex;
  align-items: flex-end;
  gap: 4px;
  padding: 3px;
  border: 1px solid var(--_edge);
  border-radius: 26px;
  background: var(--_surface);
  transition: border-color .15s, box-shadow .15s;
}
.box:focus-within { border-color: var(--_ring); box-shadow: 0 0 0 1px var(--_ring); }
textarea {
  all: unset;
  flex: 1;
  min-inline-size: 0;
  box-sizing: border-box;
  block-size: 44px;
  max-block-size: 132px;
  padding-block: 11px;
  padding-inline: 14px 4px;
  overflow-y: auto;
  overscroll-behavior: contain;
  /* Below 16 px, phones zoom into the field. */
  font-size: 16px;
  line-height: 22px;
  white-space: pre-wrap;
  cursor: text;
}
/* The box around it shows the focus. */
textarea:focus-visible { outline: none; }
textarea::placeholder { color: var(--_muted); opacity: 1; }
.icon-button, .send { flex: none; border-radius: 50%; }
label { cursor: pointer; }
label:has(:focus-visible) { outline: 2px solid var(--_text); outline-offset: -2px; }
.send {
  display: grid;
  place-items: center;
  inline-size: 44px;
  block-size: 44px;
  background: var(--_accent);
  color: var(--_on-accent);
  transition: background .15s, color .15s, box-shadow .15s;
}
.send:hover { box-shadow: 0 2px 10px color-mix(in srgb, var(--_ring) 45%, transparent); }
.send[aria-disabled='true'] { background: var(--_raised); color: var(--_muted); box-shadow: none; cursor: default; }
@media (forced-colors: active) {
  .box { border-color: ButtonText; }
  .box:focus-within { outline: 2px solid Highlight; }
  .send { border: 1px solid ButtonText; }
}
`
