/** Styles of the approval page: system fonts, and colours for light, dark and forced-colour modes. */
export const styles = `
:root {
  color-scheme: light dark;
  --page: #f3f4f6; --card: #fff; --text: #1a1d23; --quiet: #565d69; --line: #d8dce3;
  --approve: #1d4fd7; --deny: #3c4454; --on-button: #fff; --focus: #1d4fd7;
  --claims: #fff8e6; --claims-line: #c98a00; --claims-text: #6b4a00;
  --error: #b3201f; --good: #1b7a3d;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #101318; --card: #1a1e25; --text: #eceff4; --quiet: #a9b1be; --line: #39404c;
    --approve: #8db2ff; --deny: #d3d9e3; --on-button: #10151f; --focus: #a9c5ff;
    --claims: #2a2312; --claims-line: #c9962e; --claims-text: #f2d18b;
    --error: #ff9d96; --good: #7fd89d;
  }
}
*, ::before, ::after { box-sizing: border-box; }
html { font: 100%/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Arabic", sans-serif; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--page); color: var(--text); overflow-wrap: anywhere; }
main { inline-size: 100%; max-inline-size: 30rem; padding: 1.75rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; }
@media (max-width: 30rem) {
  body { padding: 0; place-items: start stretch; background: var(--card); }
  main { padding: 1.25rem; border: 0; border-radius: 0; }
}
main > .app { margin: 0 0 .25rem; color: var(--quiet); font-weight: 600; }
h1 { margin: 0 0 .5rem; font-size: 1.625rem; line-height: 1.25; text-wrap: balance; }
h2 { margin: 0; font-size: 1rem; line-height: 1.4; }
p { margin: 0 0 1rem; }
dl { margin: 0; display: grid; gap: .625rem 1rem; }
@media (min-width: 22rem) { dl > div { display: grid; grid-template-columns: minmax(6rem, 30%) 1fr; gap: .75rem; } }
dt { color: var(--quiet); overflow-wrap: normal; }
dd { margin: 0; font-weight: 600; }
dd span { display: block; font-weight: 400; color: var(--quiet); }
.claims { margin-block: 1.25rem; padding: .875rem 1rem; background: var(--claims); border: 1px solid var(--claims-line); border-inline-start-width: .375rem; border-radius: .375rem; }
.claims p { margin: 0 0 .625rem; color: var(--claims-text); font-size: .9375rem; }
.claims dt { color: inherit; }
.advice { font-weight: 600; }
.code { margin-block: 0 1.25rem; }
.code label { display: block; font-weight: 600; }
.code p { margin: 0 0 .5rem; color: var(--quiet); font-size: .9375rem; }
.code p.error { color: var(--error); font-weight: 600; }
.code input { inline-size: 100%; max-inline-size: 13rem; min-block-size: 3rem; padding: .25rem .75rem; font: 600 1.5rem/1.2 ui-monospace, "SF Mono", Consolas, monospace; letter-spacing: .2em; color: inherit; background: var(--card); border: 2px solid var(--quiet); border-radius: .375rem; }
.code input[aria-invalid] { border-color: var(--error); }
.summary { margin-block: 0 1.25rem; padding: .875rem 1rem; border: 2px solid var(--error); border-radius: .375rem; }
.summary p { margin: .25rem 0 0; }
.summary a { color: var(--error); font-weight: 600; }
.answers { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 9rem), 1fr)); gap: .75rem; }
button { inline-size: 100%; min-block-size: 3rem; padding: .5rem 1rem; font: inherit; font-weight: 600; color: var(--on-button); background: var(--approve); border: 2px solid transparent; border-radius: .5rem; cursor: pointer; }
button.deny { background: var(--deny); }
button:hover { filter: brightness(1.1); }
.mute { margin-block-start: 1.5rem; padding-block-start: 1.25rem; border-block-start: 1px solid var(--line); }
.mute p { margin: .5rem 0 0; color: var(--quiet); font-size: .9375rem; }
.mute button { color: var(--text); background: none; border-color: var(--quiet); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 3px; }
.outcome { text-align: center; padding-block: 2.5rem; }
.outcome p { margin: 0 auto; max-inline-size: 24rem; text-wrap: pretty; }
.mark { display: block; inline-size: 3.5rem; block-size: 3.5rem; margin: 0 auto 1rem; color: var(--quiet); }
.mark.good { color: var(--good); }
.mark.bad { color: var(--error); }
`
