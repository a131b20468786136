/* What the RESTApp promises, one promise a test: docs/sitevision.md of Referat. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RestApp } from './restapp.js';
import { JavaException, Site } from './site.js';

const article = {
  title: 'Nämnden & beslut',
  html: '<h2 id="a">Beslut</h2><p>Nämnden sade <a href="/mer">ja</a> till förslaget.</p>',
  digest: 'd1',
  publish: 'now',
};

function fresh() {
  const site = new Site();
  const app = new RestApp(site);
  const ask = (method, path, more = {}) => {
    const answer = app.handle({ user: 'referat', method, path, ...more });
    return { ...answer, json: answer.body.startsWith('{') ? JSON.parse(answer.body) : null };
  };
  const get = (document = 'ett') => ask('GET', `/articles/${document}`);
  const put = (body = {}, headers = {}, document = 'ett') =>
    ask('PUT', `/articles/${document}`, { body: { ...article, ...body }, headers });
  const create = (body, document) => put(body, { 'If-None-Match': '*' }, document);
  const change = (body) => put(body, { 'If-Match': get().json.etag });
  const remove = (how, redirect = '') => ask('DELETE', '/articles/ett', { query: { how, redirect } });
  const page = () => site.articles()[0];
  const visit = () => site.visit(page().uri);
  const edit = (html) => (page().offline = { ...page().offline, html });
  return { site, app, ask, get, put, create, change, remove, page, visit, edit };
}

const refused = (answer, status, code) => {
  assert.deepEqual([answer.status, answer.json?.code], [status, code]);
  assert.equal(answer.type, 'application/problem+json');
};

test('an article is made, published and read back', () => {
  const { create, get, visit, site } = fresh();
  const made = create();
  assert.equal(made.status, 201);
  assert.equal(made.headers.ETag, made.json.etag);
  assert.deepEqual(
    { ...get().json, html: '', etag: '', page: '', url: '' },
    {
      document: 'ett', page: '', url: '', state: 'published', at: '', left: 'published', unfinished: false, digest: 'd1',
      edited: false, etag: '', title: 'Nämnden & beslut', html: '',
    },
  );
  assert.match(get().json.html, /Nämnden sade/);
  assert.match(visit().body, /<h1>Nämnden & beslut<\/h1>/);
  assert.equal(site.articles().length, 1);
});

test('what is not there is unknown', () => {
  const { get, ask } = fresh();
  refused(get(), 404, 'unknown-article');
  refused(ask('DELETE', '/articles/ett'), 404, 'unknown-article');
});

test('the same again writes nothing, without a precondition too', () => {
  const { create, put, page } = fresh();
  create();
  const before = page().offline;
  assert.equal(put().status, 200);
  assert.equal(page().offline, before);
});

test('a change needs the state that was read', () => {
  const { create, put, change, get, visit } = fresh();
  create();
  const seen = get().json.etag;
  refused(put({ digest: 'd2' }), 428, 'precondition-required');
  refused(put({ digest: 'd2' }, { 'If-Match': '"another"' }), 412, 'changed');
  refused(put({ digest: 'd2' }, { 'If-None-Match': '*' }), 412, 'changed');
  assert.equal(change({ digest: 'd2', html: '<p>Nej.</p>' }).status, 200);
  assert.match(visit().body, /Nej\./);
  refused(put({ digest: 'd3' }, { 'If-Match': seen }), 412, 'changed');
});

test('reading it twice gives the same state, whatever ids Sitevision has put around it', () => {
  const { create, get } = fresh();
  create();
  assert.notEqual(get().json.html, get().json.html);
  assert.equal(get().json.etag, get().json.etag);
});

for (const [what, html] of [
  ['a word', '<h2>Beslut</h2><p>Nämnden sade <a href="/mer">nej</a> till förslaget.</p>'],
  ['a link', '<h2>Beslut</h2><p>Nämnden sade <a href="/annat">ja</a> till förslaget.</p>'],
  ['a heading', '<h3>Beslut</h3><p>Nämnden sade <a href="/mer">ja</a> till förslaget.</p>'],
])
  test(`an editor's change of ${what} shows, and is another state`, () => {
    const { create, get, edit } = fresh();
    const { etag } = create().json;
    edit(html);
    assert.equal(get().json.edited, true);
    assert.notEqual(get().json.etag, etag);
  });

test('an edited article is replaced by one who has read it', () => {
  const { create, get, edit, put, change } = fresh();
  create();
  const before = get().json.etag;
  edit('<p>Redaktörens ord.</p>');
  refused(put({ digest: 'd2' }, { 'If-Match': before }), 412, 'changed');
  assert.equal(change({ digest: 'd2' }).json.edited, false);
});

test('drafts are not public, and stay so when they change', () => {
  const { create, change, get, visit } = fresh();
  create({ publish: 'draft' });
  assert.equal(visit().status, 404);
  change({ digest: 'd2', publish: 'draft' });
  assert.deepEqual([get().json.state, get().json.left, visit().status], ['unpublished', 'draft', 404]);
});

test('a draft that an editor has published is changed for editors alone', () => {
  const { create, change, page, site, visit } = fresh();
  create({ publish: 'draft' });
  site.publish(page());
  change({ digest: 'd2', publish: 'draft', html: '<p>Nej.</p>' });
  assert.match(visit().body, /Nämnden sade/);
});

test('erased: nothing is left of it, and the page that takes its place is found at its address', () => {
  const { create, remove, get, page, site } = fresh();
  create();
  const { id, uri } = page();
  assert.deepEqual(remove('erase').json, { document: 'ett', state: 'erased', left: 'erased' });
  assert.equal(site.nodes.has(id), false);
  assert.equal(site.visit(uri).status, 404);
  refused(get(), 404, 'erased');
  refused(remove('erase'), 404, 'erased');
  assert.equal(create({ digest: 'd2', html: '<p>Nej.</p>' }).status, 201);
  assert.notEqual(page().id, id);
  assert.deepEqual(site.visit(uri), { status: 301, location: page().uri });
  assert.match(site.visit(page().uri).body, /Nej\./);
  assert.deepEqual([get().json.state, get().json.left, get().json.edited], ['published', 'published', false]);
});

test('erased before anybody had seen it, or from the bin: there never was one', () => {
  const { create, remove, get, page, site } = fresh();
  create({ publish: 'draft' });
  const { uri } = page();
  assert.equal(remove('erase').status, 200);
  refused(get(), 404, 'unknown-article');
  create();
  assert.equal(site.visit(uri).status, 404);
  remove('bin');
  assert.equal(remove('erase').status, 200);
  assert.deepEqual(site.articles(), []);
});

test('an erasure that breaks off in the bin is gone on with, and its address is not forgotten', () => {
  const { create, remove, get, page, site } = fresh();
  create();
  const { uri } = page();
  const { eraseBinned } = site;
  site.eraseBinned = () => {
    throw new JavaException('javax.jcr.RepositoryException');
  };
  refused(remove('erase'), 500, 'failed');
  assert.deepEqual([get().json.state, get().json.left], ['binned', 'binned']);
  site.eraseBinned = eraseBinned;
  assert.equal(remove('erase').status, 200);
  create({ digest: 'd2' });
  assert.equal(site.visit(uri).status, 301);
});

test('a page that has pages below it is not erased', () => {
  const { create, remove, page, get, site } = fresh();
  create();
  site.add('sv:page', page(), 'Bilaga');
  refused(remove('erase'), 409, 'has-pages');
  assert.equal(get().json.state, 'published');
});

test('what is for later is not public before, and is then', () => {
  const { create, get, visit, site } = fresh();
  assert.equal(create({ publish: '2024-05-08T12:00:00Z' }).json.at, '2024-05-08T12:00:00Z');
  assert.deepEqual([get().json.state, get().json.at, visit().status], ['scheduled', '2024-05-08T12:00:00Z', 404]);
  site.now = Date.UTC(2024, 4, 8, 12);
  assert.deepEqual([get().json.state, get().json.at, visit().status], ['published', '', 200]);
});

test('what is scheduled can be changed, and scheduled for another time', () => {
  const { create, change, get, visit, site } = fresh();
  create({ publish: '2024-05-08T12:00:00Z' });
  change({ digest: 'd2', html: '<p>Nej.</p>', publish: '2024-05-08T13:00:00Z' });
  assert.equal(get().json.at, '2024-05-08T13:00:00Z');
  site.now = Date.UTC(2024, 4, 8, 12, 30);
  assert.equal(visit().status, 404);
  site.now = Date.UTC(2024, 4, 8, 13);
  assert.match(visit().body, /Nej\./);
});

test('withdrawn to the editors: nobody sees it, twice is as once, and it can come back', () => {
  const { create, remove, change, get, visit } = fresh();
  create();
  for (let i = 0; i < 2; i++) {
    assert.equal(remove('unpublish').status, 200);
    assert.deepEqual([get().json.state, get().json.left, visit().status], ['unpublished', 'unpublished', 404]);
  }
  change({ digest: 'd2' });
  assert.equal(visit().status, 200);
});

test('withdrawn into the bin, from where it can come back', () => {
  const { create, remove, change, get, site } = fresh();
  create();
  const { uri } = site.articles()[0];
  remove('bin');
  assert.deepEqual([get().json.state, get().json.left, site.visit(uri).status], ['binned', 'binned', 404]);
  change({ digest: 'd2' });
  assert.equal(site.visit(uri).status, 200);
});

test('withdrawn with a word at its address', () => {
  const { create, change, get, visit } = fresh();
  create();
  change({ title: 'Återkallat', html: '<p>Texten är återkallad.</p>', digest: 'd2', withdrawn: 'true' });
  assert.equal(get().json.left, 'withdrawn');
  assert.match(visit().body, /återkallad/);
});

test('visitors of the address that a page had under its old title are sent on', () => {
  const { create, change, site, page } = fresh();
  create();
  const { uri } = page();
  change({ digest: 'd2', title: 'Rättad rubrik' });
  assert.deepEqual(site.visit(uri), { status: 301, location: page().uri });
  change({ digest: 'd1' });
  assert.equal(site.visit(uri).status, 200);
});

test('visitors are sent to the page that replaces it, until it comes back', () => {
  const { create, remove, change, site, page, visit } = fresh();
  create();
  remove('unpublish', site.origin + site.other.uri);
  assert.deepEqual([visit().status, visit().location], [301, site.other.uri]);
  change({ digest: 'd2' });
  assert.equal(site.visit(page().uri).status, 200);
});

test('a replacement elsewhere is no reason to fail', () => {
  const { create, remove, visit } = fresh();
  create();
  assert.equal(remove('unpublish', 'https://annan.example/').status, 200);
  assert.equal(visit().status, 404);
});

test('what editors have hidden, binned or deleted is told from what was withdrawn here', () => {
  const { create, get, page, site, put } = fresh();
  create();
  site.unpublish(page());
  assert.deepEqual([get().json.state, get().json.left], ['unpublished', 'published']);
  site.bin(page());
  assert.deepEqual([get().json.state, get().json.left], ['binned', 'published']);
  for (const node of [...site.nodes.values()]) if (node.binnedFrom) site.erase(node);
  refused(get(), 410, 'removed');
  refused(put({ digest: 'd2' }, { 'If-Match': '"x"' }), 410, 'removed');
  assert.equal(put({ digest: 'd2' }, { 'If-None-Match': '*' }).status, 201);
});

test('a page that an editor has moved or renamed is still found', () => {
  const { create, get, page, site, change } = fresh();
  create();
  const moved = page();
  site.parent.children = [];
  moved.parent = site.other;
  site.other.online = site.other.offline;
  moved.offline = { ...moved.offline, name: 'Redaktörens rubrik' };
  assert.equal(get().json.edited, true);
  assert.equal(change({ digest: 'd2' }).status, 200);
  assert.equal(site.articles().length, 0);
});

test('a page that an editor has put below an article, or copied from one, is not taken for it', () => {
  const { create, get, page, site } = fresh();
  create();
  const own = page();
  site.user = 'referat';
  site.create('sv:page', own, site.template, 'Bilaga');
  const copy = site.create('sv:page', site.parent, site.template, 'Kopia');
  copy.offline = own.offline;
  assert.equal(get().json.page, own.id);
});

test('when the data store is lost, the page is found by its metadata, and written once more', () => {
  const { create, get, change, site } = fresh();
  create();
  site.stores.clear();
  assert.deepEqual([get().json.digest, get().json.edited], ['', false]);
  change();
  assert.equal(get().json.digest, 'd1');
  assert.equal(site.articles().length, 1);
});

for (const step of ['setMetadata', 'rename', 'setTitle', 'setContent', 'publish'])
  test(`a request that died at ${step} is finished by the next one: one page, public when it is whole`, () => {
    const { create, get, put, site, page, visit } = fresh();
    const method = site[step];
    site[step] = () => {
      throw new JavaException('java.lang.IllegalStateException', article.title);
    };
    refused(create(), 500, 'failed');
    site[step] = method;
    const article_ = get().json;
    assert.equal(article_.edited, false);
    assert.notEqual(article_.digest, 'd1');
    const headers = article_.unfinished ? { 'If-None-Match': '*' } : { 'If-Match': article_.etag };
    put({}, headers);
    assert.equal(get().json.digest, 'd1');
    assert.equal(visit().status, 200);
    assert.equal(site.articles().length, 1);
    assert.doesNotMatch(site.log.join(), /Nämnden/);
    assert.equal(page().offline.metadata.referat.split(' ')[0], 'ett');
  });

test('a change that died half-way is not taken for an edit, and an edit after it is', () => {
  const { create, change, get, edit, site } = fresh();
  create();
  const { setMetadata } = site;
  site.setMetadata = () => {
    throw new JavaException('java.lang.IllegalStateException');
  };
  refused(change({ digest: 'd2', html: '<p>Nej.</p>' }), 500, 'failed');
  site.setMetadata = setMetadata;
  assert.equal(get().json.edited, false);
  edit('<p>Redaktörens ord.</p>');
  assert.equal(get().json.edited, true);
});

for (const [what, ms, status] of [
  ['later', -1, 409],
  ['earlier', 1, 201],
])
  test(`of two writers who meet, this one is the ${what}: nobody sees two pages`, () => {
    const { create, site } = fresh();
    let other;
    site.onCreate = () => {
      site.onCreate = () => {};
      other = site.create('sv:page', site.parent, site.template, 'referat-ett');
      other.creationDate += ms;
    };
    const answer = create();
    assert.equal(answer.status, status);
    assert.equal(other.online, null);
    assert.equal(site.articles().filter((node) => node.online).length, status === 201 ? 1 : 0);
    assert.equal(site.articles().filter((node) => !node.binnedFrom).length, status === 201 ? 2 : 1);
  });

test('a writer who comes while another is at it goes on with the same page', () => {
  const { create, site, app } = fresh();
  const request = { user: 'referat', method: 'PUT', path: '/articles/ett', body: article };
  site.onCreate = () => {
    site.onCreate = () => {};
    app.handle({ ...request, headers: { 'If-None-Match': '*' } });
  };
  create();
  assert.equal(site.articles().length, 1);
});

test('words that Sitevision loses are noticed, and are not public', () => {
  const { create, visit, site } = fresh();
  const { setContent } = site;
  site.setContent = (node, layout, html) => setContent.call(site, node, layout, html.replace('sade', ''));
  refused(create(), 422, 'text-lost');
  assert.equal(visit().status, 404);
});

test('a layout that the template does not have loses all the words', () => {
  const { create, site } = fresh();
  site.appData.layout = 'Sidfot';
  refused(create(), 422, 'text-lost');
});

test('a page that somebody has open is locked; one in a workflow as well', () => {
  const { create, change, page, visit } = fresh();
  create();
  page().lockedBy = 'Redaktör';
  refused(change({ digest: 'd2' }), 423, 'locked');
  page().lockedBy = null;
  page().workflow = true;
  refused(change({ digest: 'd2' }), 423, 'locked');
  assert.match(visit().body, /Nämnden sade/);
});

test('a user without rights is told so', () => {
  const { app } = fresh();
  const answer = app.handle({ user: 'gäst', method: 'PUT', path: '/articles/ett', body: article, headers: { 'If-None-Match': '*' } });
  assert.equal(answer.status, 403);
  assert.equal(JSON.parse(answer.body).code, 'forbidden');
});

test('articles of an archive are its kind of page', () => {
  const { create, get, change, site } = fresh();
  site.parent.type = 'sv:archive';
  assert.equal(create().status, 201);
  assert.equal(site.articles()[0].type, 'sv:article');
  assert.equal(change({ digest: 'd2', title: 'Ny rubrik' }).status, 200);
  assert.equal(get().json.title, 'Ny rubrik');
});

test('below a page that is not published nothing becomes public; it is said, and mended by the next request', () => {
  const { create, change, get, site } = fresh();
  const { online } = site.parent;
  site.parent.online = null;
  refused(create(), 409, 'not-published');
  assert.deepEqual([get().json.state, get().json.left, get().json.digest], ['unpublished', '', '']);
  site.parent.online = online;
  assert.equal(change().json.state, 'published');
});

for (const [what, body, status, code] of [
  ['no title', { title: '' }, 400, 'invalid'],
  ['a slash in the title', { title: 'a/b' }, 400, 'invalid'],
  ['a line break in the title', { title: 'a\nb' }, 400, 'invalid'],
  ['no text', { html: ' ' }, 400, 'invalid'],
  ['no digest', { digest: '' }, 400, 'invalid'],
  ['a time that is none', { publish: 'tomorrow' }, 400, 'invalid'],
  ['too large a text', { html: 'x'.repeat(1000001) }, 413, 'too-large'],
])
  test(`${what} is refused before anything is done`, () => {
    const { create, site } = fresh();
    refused(create(body), status, code);
    assert.equal(site.articles().length, 0);
  });

test('an id that is none is refused', () => {
  const { create } = fresh();
  refused(create({}, 'a b'), 400, 'invalid');
});

for (const name of ['parent', 'template', 'metadata'])
  test(`the lack of the setting ${name} is said`, () => {
    const { ask, site } = fresh();
    site.appData[name] = name === 'metadata' ? '' : 'x';
    refused(ask('GET', '/probe'), 503, 'not-configured');
  });

test('the template is that of the parent when none is chosen', () => {
  const { create, site } = fresh();
  site.appData.template = '';
  assert.equal(create().status, 201);
});

test('the short text goes to the metadata that was chosen for it', () => {
  const { create, page, site } = fresh();
  site.definitions.add('ingress');
  site.appData.description = 'ingress';
  create({ description: 'Kort om besluten.' });
  assert.equal(page().offline.metadata.ingress, 'Kort om besluten.');
});

test('the probe tells rights and limits, and changes nothing', () => {
  const { ask, app, site } = fresh();
  const { rights, contract, most } = ask('GET', '/probe').json;
  assert.deepEqual([contract, most, rights], [2, 1000000, { create: true, write: true, publish: true, delete: true }]);
  const guest = JSON.parse(app.handle({ user: 'gäst', method: 'GET', path: '/probe' }).body);
  assert.equal(guest.rights.publish, false);
  assert.equal(site.articles().length, 0);
});
