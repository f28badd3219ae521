/** Styles of the foot of a closed conversation. */
export const closedStyles = `
:host { display: block; border-block-start: 1px solid var(--_line); max-block-size: 60%; overflow-y: auto; }
section { display: grid; justify-items: center; gap: 10px; padding: 14px calc(16px + var(--_side-room)) max(14px, env(safe-area-inset-bottom)); text-align: center; }
p { margin: 0; color: var(--_muted); }
.button { inline-size: 100%; }
form { display: grid; gap: 10px; justify-items: center; inline-size: 100%; padding-block-end: 14px; border-block-end: 1px solid var(--_line); }
fieldset { margin: 0; padding: 0; border: 0; min-inline-size: 0; }
legend { margin-inline: auto; padding: 0 0 4px; font-weight: 650; text-wrap: balance; }
.stars { display: flex; justify-content: center; }
.stars label { position: relative; display: grid; place-items: center; inline-size: 44px; block-size: 44px; border-radius: 12px; cursor: pointer; }
.stars label:hover { background: var(--_raised); }
.stars input { position: absolute; inset: 0; margin: 0; inline-size: 100%; block-size: 100%; opacity: 0; cursor: pointer; }
.stars label:focus-within:has(:focus-visible) { outline: 2px solid var(--_text); outline-offset: -2px; }
.stars svg { inline-size: 28px; block-size: 28px; color: var(--_muted); }
.stars .full { color: var(--_text); fill: currentColor; }
.words { display: grid; gap: 5px; inline-size: 100%; font-size: 14px; font-weight: 600; text-align: start; }
textarea {
  all: unset;
  box-sizing: border-box;
  inline-size: 100%;
  min-block-size: 64px;
  max-block-size: 140px;
  padding: 10px 12px;
  border: 1px solid var(--_edge);
  border-radius: 12px;
  /* Below 16 px, phones zoom into the field. */
  font-size: 16px;
  font-weight: 400;
  line-height: 22px;
  white-space: pre-wrap;
  overflow: auto;
  overflow-wrap: anywhere;
  cursor: text;
}
textarea:focus { border-color: var(--_ring); box-shadow: 0 0 0 1px var(--_ring); }
.bad { color: var(--_danger); font-size: 13px; }
.bad:empty { display: none; }
.given svg { inline-size: 22px; block-size: 22px; }
.thanks:empty { display: none; }
.thanks { color: var(--_ok); font-weight: 600; }
@media (forced-colors: active) { .stars .full { color: Highlight; } .stars label:focus-within { outline: 2px solid Highlight; } }
`
