/** Styles of the list of conversations. */
export const homeStyles = `
:host { display: flex; flex-direction: column; min-block-size: 0; background: var(--_surface); }
.scroller { flex: 1; min-block-size: 0; overflow-y: auto; overscroll-behavior: contain; padding: 8px calc(8px + var(--_side-room)); }
ul { margin: 0; padding: 0; list-style: none; }
p { margin: 0; }
.row {
  display: flex;
  align-items: center;
  gap: 12px;
  inline-size: 100%;
  min-block-size: 64px;
  padding: 10px 12px;
  border-radius: 14px;
  transition: background .15s;
}
.row:hover { background: var(--_raised); }
.row[aria-current] { background: var(--_raised); }
.row:focus-visible { outline-offset: -2px; }
.face {
  flex: none;
  position: relative;
  display: grid;
  place-items: center;
  inline-size: 40px;
  block-size: 40px;
  border-radius: 50%;
  background: var(--_raised);
  color: var(--_muted);
  font-weight: 600;
}
:is(.row:hover, .row[aria-current]) .face { background: var(--_surface); }
.face img { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; border-radius: 50%; object-fit: cover; }
/* Whole, within the circle. */
.face .logo { padding: 7px; background: inherit; object-fit: contain; }
:is(.row:hover, .row[aria-current]) .face { background: var(--_surface); }
.what { display: grid; flex: 1; gap: 1px; min-inline-size: 0; }
.top { display: flex; gap: 8px; align-items: baseline; }
b { flex: 1; min-inline-size: 0; font-weight: 600; }
time { flex: none; color: var(--_muted); font-size: 13px; }
/* Cut off at the end of its own direction. */
.text > *, b { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; text-align: -webkit-match-parent; text-align: match-parent; }
.text { display: flex; gap: 4px; min-inline-size: 0; color: var(--_muted); text-align: start; }
.text > * { min-inline-size: 0; }
.by { flex: none; max-inline-size: 50%; }
.news .text, .news b { color: var(--_text); font-weight: 650; }
em { color: var(--_text); }
.state { color: var(--_muted); font-size: 13px; }
.bad { color: var(--_danger); }
.count {
  flex: none;
  min-inline-size: 20px;
  padding-inline: 5px;
  border-radius: 10px;
  background: #c8232c;
  color: #fff;
  font-size: 12px;
  font-weight: 600;
  line-height: 20px;
  text-align: center;
}
.note { padding: 8px 12px; color: var(--_muted); font-size: 13px; text-wrap: pretty; }
.scroller:has(.none) { display: grid; }
.none ~ ul { display: none; }
.none { display: grid; place-self: center; justify-items: center; gap: 14px; padding: 24px; color: var(--_muted); text-align: center; text-wrap: balance; }
.none svg { inline-size: 52px; block-size: 52px; padding: 13px; border-radius: 50%; background: var(--_raised); }
.button { inline-size: 100%; }
.button[disabled] { background: var(--_raised); color: var(--_muted); box-shadow: none; cursor: default; }
.more { margin-block: 8px; }
.foot { padding: 12px calc(16px + var(--_side-room)) max(12px, env(safe-area-inset-bottom)); border-block-start: 1px solid var(--_line); }
.foot .bad { font-size: 13px; padding-block-end: 4px; }
.foot .bad:empty { padding: 0; }
@media (forced-colors: active) { .row[aria-current] { border: 1px solid Highlight; } .count { border: 1px solid; } }
`
