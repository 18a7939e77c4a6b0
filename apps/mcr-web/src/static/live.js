// What is new while a page is open, by server-sent events. A hidden tab holds no connection; a page that is shown again
// says which state it shows, and hears of what it has missed.

/** After a stream was rejected, for example because too many are open. */
const againMs = 60_000;
let source;
let isOver = false;

function hangUp() {
  source?.close();
  source = undefined;
}

function listen() {
  const address = document.getElementById('news')?.dataset.live;
  if (address === undefined || document.hidden || isOver) return hangUp();
  if (source?.url === new URL(address, location.href).href && source.readyState !== EventSource.CLOSED) return;
  hangUp();
  source = new EventSource(address);
  source.addEventListener('news', ({ data }) => offer(data));
  source.addEventListener('change', () => htmx.trigger('#progress', 'live'));
  source.addEventListener('stop', stop);
  source.addEventListener('end', () => {
    stop();
    offer('You are signed out', 'Sign in');
  });
  source.addEventListener('error', ({ target }) => {
    if (target.readyState === EventSource.CLOSED) setTimeout(listen, againMs);
  });
}

function stop() {
  isOver = true;
  hangUp();
}

/** Says what is new above the page, which stays as it is until the user wants to see it. */
function offer(words, action = 'Show') {
  const news = document.getElementById('news');
  news.querySelector('[data-words]').textContent = words;
  news.querySelector('[data-show]').textContent = action;
  news.firstElementChild.hidden = false;
}

/** Shows the page as it is now, with its rows selected as they were. */
async function show() {
  if (isOver) return location.reload();
  const selected = [...document.querySelectorAll('main input[name=tag]:checked')].map(({ value }) => value);
  const here = location.pathname + location.search;
  await htmx.ajax('GET', here, { source: '#news', target: '#main', select: '#main', swap: 'outerHTML' });
  for (const box of document.querySelectorAll('main input[type=checkbox][name=tag]')) {
    if (selected.includes(box.value)) box.checked = true;
  }
  document.dispatchEvent(new Event('change'));
  document.getElementById('main').focus({ preventScroll: true });
  listen();
}

document.addEventListener('click', (event) => {
  if (event.target instanceof Element && event.target.closest('[data-show]')) void show();
});
document.addEventListener('visibilitychange', listen);
addEventListener('pagehide', hangUp);
listen();
