// Improvements that need a script: copying, keyboard shortcuts, selecting all rows, closing menus. Pages work without it.
document.documentElement.classList.add('js');

const busyMs = 1500;
/** Long enough for slow typists, too short to be remembered. */
const gotoMs = 3000;
let gotoAt = Number.NEGATIVE_INFINITY;

function isTyping(target) {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('textarea, select, input:not([type=checkbox], [type=radio])');
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copyFrom ?? '');
  const text = button.dataset.copy ?? source.textContent;
  try {
    await navigator.clipboard.writeText(text);
    say(button, 'Copied');
  } catch {
    select(source ?? textBeside(button, text));
    say(button, 'Press Ctrl+C');
  }
}

/** Shown at the button for a moment, and announced to screen readers. */
function say(button, words) {
  button.dataset.label ??= button.getAttribute('aria-label') ?? '';
  button.dataset.said = words;
  button.setAttribute('aria-label', words);
  document.getElementById('said').textContent = words;
  setTimeout(() => {
    delete button.dataset.said;
    if (button.dataset.label === '') button.removeAttribute('aria-label');
    else button.setAttribute('aria-label', button.dataset.label);
    document.getElementById('said').textContent = '';
  }, busyMs);
}

/** The whole text if it is visible, else next to the button. */
function textBeside(button, text) {
  for (const node of [button.previousElementSibling, button.nextElementSibling]) {
    if (node?.textContent === text) return node;
  }
  const code = document.createElement('code');
  code.className = 'beside';
  code.textContent = text;
  button.after(code);
  return code;
}

function select(node) {
  const range = document.createRange();
  range.selectNodeContents(node);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}

document.addEventListener('click', (event) => {
  if (!(event.target instanceof Element)) return;
  const button = event.target.closest('[data-copy], [data-copy-from]');
  if (button) void copy(button);
  if (event.target.closest('[data-help]')) showHelp();
});

/** The check box above the rows shows what they are, and changes all of them. */
function showAll() {
  const all = document.querySelector('[data-select-all]');
  if (all === null) return;
  const boxes = [...all.form.querySelectorAll('input[name=tag]')];
  const checked = boxes.filter((box) => box.checked).length;
  all.checked = checked === boxes.length;
  all.indeterminate = checked > 0 && checked < boxes.length;
}
document.addEventListener('change', (event) => {
  if (event.target.matches?.('[data-select-all]')) {
    for (const box of event.target.form.querySelectorAll('input[name=tag]')) box.checked = event.target.checked;
  }
  showAll();
});
document.addEventListener('htmx:afterSettle', showAll);
showAll();

/** Remembers what was chosen in a box of commands; without a script, a button does. */
document.addEventListener('change', ({ target }) => {
  const form = target.form?.matches('[data-remember]') ? target.form : null;
  if (form === null) return;
  const body = new URLSearchParams(new FormData(form));
  fetch(form.action, { method: 'POST', body, redirect: 'manual', keepalive: true }).catch(() => {});
});

/** A menu closes when another place is used. */
function closeMenus(except) {
  for (const menu of document.querySelectorAll('details.menu[open]')) if (!menu.contains(except)) menu.open = false;
}
document.addEventListener('click', (event) => closeMenus(event.target));
document.addEventListener('focusin', (event) => closeMenus(event.target));
document.addEventListener('keydown', (event) => {
  const menu = event.key === 'Escape' ? document.querySelector('details.menu[open]') : null;
  if (menu === null) return;
  menu.open = false;
  menu.querySelector('summary').focus();
});

/** Escape leaves a form as its link does. */
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') event.target.closest?.('form')?.querySelector('[data-cancel]')?.click();
});

// What was entered into a form outlives a session that has expired: it is there again after the sign-in of the same user, and
// was not sent. Passwords are not kept, and on any other way nothing is. A field may be called `action`. The login page itself
// carries what the browser has sent; this is for forms that htmx sends, and for those who sign in at a provider.
const keptForm = 'kept form';
const user = document.querySelector('.rail__name')?.textContent;
const isSigningIn = () => document.querySelector('form[action="/login"]') !== null;
const here = () => `${location.pathname}${location.search}`;

document.addEventListener('submit', ({ target: form }) => {
  if (form.method !== 'post' || form.closest('main') === null || isSigningIn()) return;
  const fields = [...form.elements]
    .filter((field) => field.name && isKept(field))
    .map(({ name, value }) => [name, value]);
  sessionStorage.setItem(keptForm, JSON.stringify({ user, page: here(), action: form.getAttribute('action'), fields }));
});

function isKept({ type, checked }) {
  return type === 'checkbox' || type === 'radio' ? checked : !['hidden', 'password', 'submit', 'file'].includes(type);
}

function restoreForm() {
  const kept = JSON.parse(sessionStorage.getItem(keptForm) ?? 'null');
  if (kept === null) return;
  if (isSigningIn()) {
    sessionStorage.setItem(keptForm, JSON.stringify({ ...kept, isExpired: true }));
    return;
  }
  sessionStorage.removeItem(keptForm);
  if (!kept.isExpired || kept.user !== user || kept.page !== here() || kept.fields.length === 0) return;
  const form = [...document.querySelectorAll('main form[method=post]')].find(
    (one) => one.getAttribute('action') === kept.action,
  );
  if (form === undefined) return;
  for (const field of form.elements) {
    const values = kept.fields.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === 'checkbox' || field.type === 'radio') field.checked = values.includes(field.value);
    else if (isKept(field) && values.length > 0) field.value = values[0];
  }
  const details = form.closest('details');
  if (details !== null) details.open = true;
  const note = document.createElement('p');
  note.className = 'problem';
  note.textContent = 'The session had expired. What you entered is here again; it was not sent.';
  alertWith(note);
  form.querySelector('button:not([name])')?.focus();
}

/** Longer than the registry may take for a page; after aborting, a form can be submitted again. */
const sendingMs = 15_000;

// Submits a form that changes something only once, however often its button is pressed. htmx does so for its own.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== 'post') return;
  if (form.dataset.sending !== undefined) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = '';
  event.submitter?.setAttribute('aria-busy', 'true');
  const buttons = [...form.querySelectorAll('button:enabled')];
  const setDisabled = (isDisabled) => {
    for (const button of buttons) button.disabled = isDisabled;
  };
  // Deferred, since the button that was pressed is a field of the form.
  setTimeout(setDisabled, 0, true);
  setTimeout(() => {
    setDisabled(false);
    event.submitter?.removeAttribute('aria-busy');
    delete form.dataset.sending;
  }, sendingMs);
});

/** Of forms that htmx sends. */
function setBusy({ detail, type }) {
  const button = detail.elt.matches('form') ? detail.elt.querySelector('.btn--primary, .switch') : null;
  if (type === 'htmx:beforeRequest') button?.setAttribute('aria-busy', 'true');
  else button?.removeAttribute('aria-busy');
}
document.addEventListener('htmx:beforeRequest', setBusy);
document.addEventListener('htmx:afterRequest', setBusy);

/** Rows with a link. */
function rows() {
  return [...document.querySelectorAll('main :is(tbody tr, .ev):has(a[href])')];
}

function currentRow() {
  return document.activeElement?.closest('main :is(tbody tr, .ev)') ?? null;
}

function moveRow(step) {
  const all = rows();
  const at = all.indexOf(currentRow());
  const next = all[at === -1 ? (step > 0 ? 0 : all.length - 1) : at + step];
  next?.querySelector('a[href]').focus();
}

function showHelp() {
  document.getElementById('help')?.showModal();
}

function focusOmni() {
  document.querySelector('[data-omni]')?.select();
}

/** What is pasted outside a field is searched for; a digest or a reference leads straight to its page. */
document.addEventListener('paste', (event) => {
  const text = event.clipboardData?.getData('text/plain').trim() ?? '';
  const field = document.querySelector('[data-omni]');
  if (text === '' || field === null || isTyping(event.target) || document.querySelector('dialog[open]')) return;
  field.value = text;
  field.form.requestSubmit();
});

/** Arrow keys go from the search field to its hits and back, Escape leaves it. */
document.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === 'k') {
    event.preventDefault();
    focusOmni();
    return;
  }
  const omni = event.target.closest?.('.omni');
  if (!omni) return;
  if (event.key === 'Escape') document.activeElement.blur();
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const stops = [omni.querySelector('input'), ...omni.querySelectorAll('.hit')];
  stops[Math.max(0, stops.indexOf(document.activeElement) + step)]?.focus();
});

const actions = {
  '/': focusOmni,
  f: () => document.querySelector('main [data-search]')?.focus(),
  '?': showHelp,
  j: () => moveRow(1),
  k: () => moveRow(-1),
  x: () => currentRow()?.querySelector('input[type=checkbox]')?.click(),
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
  if (event.timeStamp - gotoAt < gotoMs) {
    gotoAt = Number.NEGATIVE_INFINITY;
    document.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
    return;
  }
  if (event.key === 'g') {
    gotoAt = event.timeStamp;
    return;
  }
  const action = actions[event.key];
  if (action === undefined) return;
  event.preventDefault();
  action();
});

// An error while loading a part of a page stays above it until something succeeds again.
function alertWith(...nodes) {
  document.getElementById('alerts').replaceChildren(...nodes);
}
document.addEventListener('htmx:sendError', () => {
  const note = document.createElement('p');
  note.className = 'problem';
  note.textContent = 'mcr-web does not respond. This page may be out of date; try again.';
  alertWith(note);
});
document.addEventListener('htmx:afterRequest', (event) => {
  if (event.detail.successful) alertWith();
});

restoreForm();
document.querySelector('[data-go-on]')?.requestSubmit();

// A page that says that the registry does not respond reloads itself.
const retry = document.querySelector('[data-retry]');
if (retry) setTimeout(() => location.reload(), 5000);

// Progress is not loaded in a hidden tab.
document.addEventListener('htmx:beforeRequest', (event) => {
  if (document.hidden && event.target.id === 'progress') event.preventDefault();
});

// The back button must not show a page of a user who has signed out. Elsewhere browsers restore selections without any
// other event.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
  else showAll();
});
