/** Styles of the emoji picker. */
export const emojiStyles = `
:host { display: flex; flex-direction: column; block-size: min(320px, 45dvh); border-block-start: 1px solid var(--_line); background: var(--_surface); }
.top { display: flex; align-items: center; gap: 4px; padding: 10px 8px 6px 14px; padding-inline: 14px 8px; }
input {
  all: unset;
  flex: 1;
  min-inline-size: 0;
  box-sizing: border-box;
  block-size: 40px;
  padding-inline: 14px;
  border: 1px solid var(--_edge);
  border-radius: 12px;
  color: var(--_text);
  /* Below 16 px, phones zoom into the field. */
  font-size: 16px;
  cursor: text;
}
input:focus-visible { outline: none; border-color: var(--_ring); box-shadow: 0 0 0 1px var(--_ring); }
input::placeholder { color: var(--_muted); opacity: 1; }
input::-webkit-search-cancel-button { display: none; }
select {
  all: unset;
  flex: none;
  display: grid;
  place-items: center;
  inline-size: 44px;
  block-size: 44px;
  border-radius: 50%;
  background: var(--_surface);
  color: var(--_text);
  font: 22px/44px 'Apple Color Emoji', 'Segoe UI Emoji', 'Noto Color Emoji', sans-serif;
  text-align: center;
  cursor: pointer;
}
select:hover { background: var(--_raised); }
select:focus-visible { outline: 2px solid var(--_text); outline-offset: -2px; }
.list { flex: 1; min-block-size: 0; overflow-y: auto; overscroll-behavior: contain; scrollbar-width: thin; padding: 0 10px 8px; scroll-padding-block: 32px 8px; }
h3 { position: sticky; inset-block-start: 0; z-index: 1; margin: 0; padding: 6px 4px; background: var(--_surface); color: var(--_muted); font-size: 13px; font-weight: 600; text-align: -webkit-match-parent; text-align: match-parent; }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(40px, 1fr)); }
.grid button {
  display: grid;
  place-items: center;
  block-size: 40px;
  border-radius: 10px;
  color: var(--_text);
  font: 24px/1 'Apple Color Emoji', 'Segoe UI Emoji', 'Noto Color Emoji', sans-serif;
}
.grid button:hover { background: var(--_raised); }
.grid button:focus-visible { outline-offset: -2px; }
.none { padding: 16px 4px; color: var(--_muted); }
@media (forced-colors: active) { input:focus-visible { outline: 2px solid Highlight; } }
`
