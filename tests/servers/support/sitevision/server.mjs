/* The RESTApp as it is uploaded, on the stand-in for a site of Sitevision, behind HTTP as Sitevision has it: log-in, the
 * address of an add-on, bodies of JSON. Beside it the site's pages for visitors, and an editor's hands for the tests.
 *
 * Usage: node server.mjs FOLDER
 *
 * FOLDER/port       the port, once it listens
 * FOLDER/requests   a line per request of the RESTApp: METHOD PATH STATUS
 * FOLDER/faults     a line is used per such request, from the top:
 *                     pass                         nothing of that
 *                     before STATUS [Name: value]  answer that (HTML), do nothing
 *                     after WHAT                   do what is asked, then answer WHAT: lose (nothing at all), a status,
 *                                                  html (a page, with 200), empty, huge, cut (half of it)
 *                     before lose, before slow     no answer, nothing done; none until the client goes
 *                     to URL                       307 to the address
 *                     METHOD …                     the same, at the first such request; others pass
 *
 * POST /editor/WHAT {document, …}   what a person does in Sitevision; GET /editor/pages  what there is;
 * GET /editor/everything  the same with all that the site holds
 */
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { RestApp } from '../../../../integrations/sitevision/test/restapp.js';
import { Site } from '../../../../integrations/sitevision/test/site.js';

const folder = process.argv[2];
const passwords = { referat: 'hemligt', gast: 'gast' };
const most = 2 * 1024 * 1024;
const server = createServer({ keepAliveTimeout: 1000 });
const site = new Site({ now: Date.now() });
site.users.set('gast', new Set());
const app = new RestApp(site);
let ahead = 0; // of the computer's clock, in milliseconds

/* ---- faults -------------------------------------------------------------------------------------------------------- */

function nextFault(method) {
  if (!existsSync(`${folder}/faults`)) return '';
  const lines = readFileSync(`${folder}/faults`, 'utf8').split('\n').filter(Boolean);
  const [first = ''] = lines;
  const named = /^(GET|PUT|DELETE) (.*)/.exec(first);
  if (named && named[1] !== method) return '';
  writeFileSync(`${folder}/faults.new`, lines.slice(1).join('\n'));
  renameSync(`${folder}/faults.new`, `${folder}/faults`);
  return named ? named[2] : first;
}

const html = (status) => ({ status, type: 'text/html', headers: {}, body: `<h1>${status} Nej</h1>` });

/** The answer, when the fault leaves one: else the connection is closed, or kept for nothing. */
function answerOf(fault, act) {
  const [when, what = '', ...header] = fault.split(' ');
  if (when === 'to') return { ...html(307), headers: { Location: what } };
  if (when === 'before') {
    if (what === 'lose' || what === 'slow') return what;
    const answer = html(Number(what));
    if (header.length) answer.headers[header[0].replace(':', '')] = header.slice(1).join(' ');
    return answer;
  }
  const answer = act();
  const others = {
    '': answer,
    lose: 'lose',
    html: { ...html(200) },
    empty: { ...answer, body: '' },
    huge: { ...answer, body: `{"a": "${'x'.repeat(9 * 1024 * 1024)}"}` },
    cut: { ...answer, body: answer.body.slice(0, answer.body.length / 2) },
  };
  return when === 'after' ? (others[what] ?? html(Number(what))) : answer;
}

/* ---- the RESTApp, as Sitevision calls it --------------------------------------------------------------------------- */

function userOf(request) {
  const [kind, value = ''] = (request.headers.authorization ?? '').split(' ');
  const [user, password] = Buffer.from(value, 'base64').toString().split(':');
  return kind === 'Basic' && passwords[user] === password ? user : null;
}

function call(request, url, body) {
  const user = userOf(request);
  if (!user) return { ...html(401), headers: { 'WWW-Authenticate': 'Basic realm="Sitevision"' } };
  if (!url.pathname.startsWith('/rest-api/referat/')) return html(404);
  if (body.length > most) return html(413);
  if (body.length && request.headers['content-type'] !== 'application/json') return html(415);
  return app.handle({
    user,
    method: request.method,
    path: decodeURIComponent(url.pathname.slice('/rest-api/referat'.length)),
    query: Object.fromEntries(url.searchParams),
    body: body.length ? JSON.parse(body) : {},
    headers: request.headers,
  });
}

/* ---- people -------------------------------------------------------------------------------------------------------- */

const pageOf = (document) =>
  [...site.nodes.values()].find((node) => node.offline.metadata.referat?.split(' ')[0] === document);

const hands = {
  edit: (page, { html: text, title }) => {
    page.offline = { ...page.offline, html: text ?? page.offline.html, name: title ?? page.offline.name };
  },
  publish: (page) => site.publish(page),
  schedule: (page, { hours }) => {
    site.clearSchedule(page);
    site.publish(page, site.now + hours * 3600 * 1000);
  },
  unpublish: (page) => site.unpublish(page),
  bin: (page) => site.bin(page),
  erase: (page) => site.erase(page),
  below: (page, { name }) => site.add('sv:page', page, name),
  lock: (page, { by }) => (page.lockedBy = by),
  clock: (_, { hours }) => (ahead += hours * 3600 * 1000),
  close: () => (site.parent.online = null),
  open: () => (site.parent.online = site.parent.offline),
  censor: (_, { word }) => (site.censored = word),
  empty: () => {
    for (const page of site.articles()) site.erase(page);
    site.stores.clear();
    site.redirects.clear();
    site.censored = '';
    ahead = 0;
    hands.open();
  },
};

const { setContent } = site;
site.setContent = (node, layout, text) =>
  setContent.call(site, node, layout, site.censored ? text.replaceAll(site.censored, '') : text);

function edit(what, body) {
  site.user = 'referat';
  hands[what](body.document ? pageOf(body.document) : null, body);
  return { status: 204, type: 'text/plain', headers: {}, body: '' };
}

function pages() {
  const list = site.articles().map((page) => ({
    document: page.offline.metadata.referat?.split(' ')[0] ?? '',
    title: page.offline.name,
    html: page.offline.html,
    state: page.binnedFrom ? 'binned' : site.status(page),
    url: site.origin + page.uri,
  }));
  return { status: 200, type: 'application/json', headers: {}, body: JSON.stringify(list) };
}

/** All that the site holds, the bin and the data store as well. */
function everything() {
  const held = [...site.nodes.values()].map(({ offline, online }) => ({ offline, online }));
  return { status: 200, type: 'application/json', headers: {}, body: JSON.stringify([held, [...site.stores]]) };
}

/* ---- HTTP ---------------------------------------------------------------------------------------------------------- */

function send(response, answer) {
  if (answer === 'slow') return;
  if (answer === 'lose') {
    response.destroy();
    return;
  }
  response.writeHead(answer.status, { 'Content-Type': `${answer.type}; charset=utf-8`, ...answer.headers });
  response.end(answer.body);
}

function answer(request, response, body) {
  const url = new URL(request.url, site.origin);
  site.now = Date.now() + ahead;
  if (url.pathname === '/editor/pages') return send(response, pages());
  if (url.pathname === '/editor/everything') return send(response, everything());
  if (url.pathname.startsWith('/editor/')) return send(response, edit(url.pathname.slice(8), JSON.parse(body || '{}')));
  if (!url.pathname.startsWith('/rest-api/')) {
    const visit = site.visit(url.pathname);
    return send(response, {
      type: 'text/html',
      body: '',
      ...visit,
      headers: visit.location ? { Location: visit.location } : {},
    });
  }
  const result = answerOf(nextFault(request.method), () => call(request, url, body));
  appendFileSync(`${folder}/requests`, `${request.method} ${url.pathname} ${result.status ?? result}\n`);
  return send(response, result);
}

server.on('request', (request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => answer(request, response, Buffer.concat(chunks).toString()));
});
server.listen(0, '127.0.0.1', () => {
  site.origin = `http://127.0.0.1:${server.address().port}`;
  writeFileSync(`${folder}/port.new`, String(server.address().port));
  renameSync(`${folder}/port.new`, `${folder}/port`);
});
