// What feels better with a script: copying, keyboard shortcuts, a selection that is needed before a button. Pages work
// without it.
document.documentElement.classList.add('js');

const busyMs = 1500;
const goto = { time: 0 };
const gotoMs = 1000;

function isTyping(target) {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

async function copy(button) {
  const text = button.dataset.copy;
  try {
    await navigator.clipboard.writeText(text);
    say(button, 'Copied');
  } catch {
    select(button.previousElementSibling ?? button);
    say(button, 'Press Ctrl+C');
  }
}

function say(button, words) {
  button.dataset.words ??= button.textContent;
  button.textContent = words;
  setTimeout(() => {
    button.textContent = button.dataset.words;
  }, busyMs);
}

function select(node) {
  const range = document.createRange();
  range.selectNodeContents(node);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}

document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest('[data-copy]') : null;
  if (button) void copy(button);
});

function needSelection() {
  for (const button of document.querySelectorAll('[data-needs-selection]')) {
    const chosen = button.form.querySelectorAll('input[name=tag]:checked').length;
    button.disabled = chosen === 0;
  }
}
document.addEventListener('change', needSelection);
document.addEventListener('htmx:afterSettle', needSelection);
needSelection();

function rows() {
  return [...document.querySelectorAll('main tbody tr')];
}

function currentRow() {
  return document.activeElement?.closest('main tbody tr') ?? null;
}

function moveRow(step) {
  const all = rows();
  const at = all.indexOf(currentRow());
  const next = all[at === -1 ? (step > 0 ? 0 : all.length - 1) : at + step];
  next?.querySelector('a, button, input')?.focus();
}

const actions = {
  '/': () => document.querySelector('[data-search]')?.focus(),
  '?': () => document.getElementById('help')?.showModal(),
  j: () => moveRow(1),
  k: () => moveRow(-1),
  y: () => currentRow()?.querySelector('[data-copy]')?.click(),
};

document.addEventListener('keydown', (event) => {
  if (
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    isTyping(event.target) ||
    document.querySelector('dialog[open]')
  )
    return;
  const now = Date.now();
  if (now - goto.time < gotoMs) {
    goto.time = 0;
    const link = document.querySelector(`nav [data-key="${CSS.escape(event.key)}"]`);
    if (link) link.click();
    return;
  }
  if (event.key === 'g') {
    goto.time = now;
    return;
  }
  const action = actions[event.key];
  if (action === undefined) return;
  event.preventDefault();
  action();
});

// A page that says that the registry does not answer looks again.
const retry = document.querySelector('[data-retry]');
if (retry) setTimeout(() => location.reload(), 5000);

// Nobody looks at progress in a hidden tab.
document.addEventListener('htmx:beforeRequest', (event) => {
  if (document.hidden && event.target.id === 'progress') event.preventDefault();
});

// The back button must not show a page of somebody who has signed out.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
