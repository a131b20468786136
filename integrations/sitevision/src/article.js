/* Articles: one page for each document, found again by its id, never overwritten unseen, never public before it is
 * whole. Every step may be the last that is heard of; the next request goes on from what it left. */
import dateUtil from '@sitevision/api/server/DateUtil';
import metadataUtil from '@sitevision/api/server/MetadataUtil';
import propertyUtil from '@sitevision/api/server/PropertyUtil';
import publishingUtil from '@sitevision/api/server/PublishingUtil';
import redirectUtil from '@sitevision/api/server/RedirectUtil';
import resourceLocatorUtil from '@sitevision/api/server/ResourceLocatorUtil';
import trashcanUtil from '@sitevision/api/server/TrashcanUtil';
import { problem } from './answer';
import { printOf, wordsOf } from './content';
import { createPage, htmlOf, stateOf, titleOf, writePage } from './page';
import { draftName, erasedFrom, findPage, hasPages, knownOf, pagesBelow, recordOf, remember, setRecord } from './record';
import { checkPrecondition, documentOf, wantedOf } from './request';
import { settings } from './settings';

/**
 * @typedef {import('@sitevision/api/types/javax/jcr/Node').Node} Node
 * @typedef {import('@sitevision/api/common/router').Request} Request
 * @typedef {import('./answer').Answer} Answer
 * @typedef {import('./record').Known} Known
 * @typedef {import('./request').Wanted} Wanted
 * @typedef {ReturnType<typeof settings>} Place
 * @typedef {ReturnType<typeof read>} Article
 */

/**
 * What the data store has of a document; of one whose page alone is left, that.
 * @param {string} document
 * @param {Node} page
 * @returns {Known}
 */
function known(document, page) {
  const found = knownOf(document);
  return found && found.page === page.getIdentifier() ? found : { page: page.getIdentifier() };
}

/**
 * @param {Place} place
 * @param {string} document
 * @param {Node} page
 */
function read(place, document, page) {
  const record = recordOf(page, place.metadata);
  const store = known(document, page);
  const title = titleOf(page);
  const html = htmlOf(page, place.layout);
  const print = printOf(title, html);
  const state = stateOf(page);
  const unfinished = !record.print && !store.left;
  return {
    document,
    page: page.getIdentifier(),
    url: propertyUtil.getString(page, 'URL', ''),
    state,
    at: (state === 'scheduled' && store.at) || '',
    left: store.left || '',
    unfinished,
    digest: store.done === record.digest ? record.digest : '',
    edited: !unfinished && print !== record.print && wordsOf(title, html) !== store.words,
    etag: '"' + print + '.' + state + '"',
    title,
    html,
  };
}

/**
 * @param {number} status
 * @param {Article} article
 * @returns {Answer}
 */
function answerOf(status, article) {
  return { status, etag: article.etag, body: article };
}

/**
 * @param {Place} place
 * @param {string} document
 * @returns {Node}
 */
function pageOf(place, document) {
  const page = findPage(place, document);
  if (!page) {
    throw erasedFrom(document)
      ? problem(404, 'erased', 'the page was taken away for good, and nothing stands at its address')
      : problem(404, 'unknown-article', 'there is no page of that document');
  }
  return page;
}

/**
 * @param {Request} req
 * @returns {Answer}
 */
export function getArticle(req) {
  const place = settings();
  const document = documentOf(req);
  return answerOf(200, read(place, document, pageOf(place, document)));
}

/* ---- put ----------------------------------------------------------------------------------------------------------- */

/** @param {Node} page */
function age(page) {
  return propertyUtil.getCalendar(page, 'creationDate').getTimeInMillis();
}

/**
 * Of two writers who have each made a page, the later takes its own away; nobody has seen it.
 * @param {Place} place
 * @param {string} document
 * @returns {Node}
 */
function claim(place, document) {
  const page = createPage(place.parent, place.template, draftName(document));
  setRecord(page, place.metadata, document, '', '');
  const first = pagesBelow(place, document).sort(function (a, b) {
    return age(a) - age(b) || (a.getIdentifier() < b.getIdentifier() ? -1 : 1);
  })[0];
  if (first.getIdentifier() !== page.getIdentifier()) {
    trashcanUtil.moveNodeToTrashcan(page);
    throw problem(409, 'busy', 'somebody else is making the page of that document');
  }
  remember(document, { page: page.getIdentifier(), from: erasedFrom(document) });
  return page;
}

/**
 * The page as it must be to be written to: not in the bin, not scheduled, not in the hands of a person.
 * @param {Node} page
 */
function open(page) {
  const state = stateOf(page);
  if (state === 'busy') {
    throw problem(423, 'locked', 'the page is in a workflow or a project, or is locked');
  }
  if (state === 'binned') {
    trashcanUtil.restoreNode(page);
  }
  if (state === 'scheduled') {
    publishingUtil.clearPublishingSchedule(page);
  }
}

/**
 * @param {Node} page
 * @param {Wanted} wanted
 */
function publish(page, wanted) {
  if (wanted.publish === 'now') {
    publishingUtil.publishNode(page);
  }
  if (wanted.publish === 'later') {
    publishingUtil.publishNode(page, dateUtil.parseDate(wanted.at, "yyyy-MM-dd'T'HH:mm:ssX"));
  }
}

/**
 * Whoever was sent elsewhere from a withdrawn page comes to it again.
 * @param {Node} page
 * @param {Known} store
 */
function endRedirect(page, store) {
  const target = store.redirect && resourceLocatorUtil.getNodeByIdentifier(store.redirect);
  if (target) {
    redirectUtil.removeRedirectURI(target, propertyUtil.getString(page, 'URI', ''));
  }
}

/**
 * A page's address may be made of its title, and is another when the page takes an erased one's place; visitors of the
 * old one are sent on.
 * @param {Node} page
 * @param {string} before "" when it was not public
 */
function keepAddress(page, before) {
  if (before && before !== propertyUtil.getString(page, 'URI', '')) {
    redirectUtil.addRedirectURI(page, before);
  }
}

/**
 * @param {Place} place
 * @param {string} document
 * @param {Node} page
 * @param {Wanted} wanted
 */
function write(place, document, page, wanted) {
  const id = page.getIdentifier();
  const before = known(document, page);
  const words = wordsOf(wanted.title, wanted.html);
  const address = stateOf(page) === 'published' ? propertyUtil.getString(page, 'URI', '') : '';
  open(page);
  remember(document, { page: id, left: before.left, words, redirect: before.redirect, from: before.from });
  writePage(page, place.layout, wanted.title, wanted.html);
  if (place.description && wanted.description) {
    metadataUtil.setMetadataPropertyValue(page, place.description, wanted.description);
  }
  const title = titleOf(page);
  const html = htmlOf(page, place.layout);
  setRecord(page, place.metadata, document, wanted.digest, printOf(title, html));
  if (wordsOf(title, html) !== words) {
    throw problem(422, 'text-lost', 'Sitevision has not kept all the words; nothing was published');
  }
  endRedirect(page, before);
  publish(page, wanted);
  if (wanted.publish === 'now' && stateOf(page) !== 'published') {
    throw problem(409, 'not-published', 'the page that articles lie under is not published');
  }
  keepAddress(page, address || before.from || '');
  const left = wanted.withdrawn ? 'withdrawn' : wanted.publish === 'draft' ? 'draft' : 'published';
  remember(document, { page: id, left, done: wanted.digest, at: wanted.at });
}

/**
 * @param {Article} article
 * @param {Wanted} wanted
 */
function stands(article, wanted) {
  const visible = {
    now: article.state === 'published',
    later: article.state === 'published' || article.state === 'scheduled',
    draft: article.state !== 'binned',
  };
  return article.digest === wanted.digest && !article.edited && visible[wanted.publish];
}

/**
 * @param {Request} req
 * @returns {Answer}
 */
export function putArticle(req) {
  const place = settings();
  const document = documentOf(req);
  const wanted = wantedOf(req);
  const anew = req.header('If-None-Match') === '*';
  const page = anew && isRemoved(place, document) ? null : findPage(place, document);
  const article = page && read(place, document, page);
  if (page && article && stands(article, wanted)) {
    return answerOf(200, article);
  }
  const isNew = !article || article.unfinished;
  checkPrecondition(req, anew && isNew ? '' : article ? article.etag : '');
  const target = page || claim(place, document);
  write(place, document, target, wanted);
  return answerOf(isNew ? 201 : 200, read(place, document, target));
}

/**
 * Whether the page was deleted for good: then it may be made anew, by one who says that it is not there.
 * @param {Place} place
 * @param {string} document
 */
function isRemoved(place, document) {
  const found = knownOf(document);
  return !!found && !!found.page && !resourceLocatorUtil.getNodeByIdentifier(found.page) && !pagesBelow(place, document).length;
}

/* ---- delete -------------------------------------------------------------------------------------------------------- */

/**
 * Sends visitors of the page's address to another page of the site.
 * @param {Node} page
 * @param {string} url
 * @returns {string} identifier of the other page; "" when it is none of this site
 */
function redirect(page, url) {
  const target = url && resourceLocatorUtil.getNodeByUrl(url);
  if (!target) {
    return '';
  }
  redirectUtil.addRedirectURI(target, propertyUtil.getString(page, 'URI', ''));
  return target.getIdentifier();
}

/**
 * Takes the page away for good, with every version that Sitevision has of it. Where it was public, its address is kept for
 * the page that takes its place.
 * @param {string} document
 * @param {Node} page
 * @returns {Answer}
 */
function erase(document, page) {
  if (hasPages(page)) {
    throw problem(409, 'has-pages', 'somebody has put pages below it, which would be deleted with it');
  }
  const state = stateOf(page);
  const from = known(document, page).from || (state === 'published' ? propertyUtil.getString(page, 'URI', '') : '');
  remember(document, { page: page.getIdentifier(), left: 'binned', from });
  if (state === 'published') {
    publishingUtil.unpublishNode(page);
  } else if (state !== 'binned') {
    open(page);
  }
  if (state !== 'binned') {
    trashcanUtil.moveNodeToTrashcan(page);
  }
  trashcanUtil.deleteNodeFromTrashcan(page);
  remember(document, { page: '', left: 'erased', from });
  return { status: 200, body: { document, state: 'erased', left: 'erased' } };
}

/**
 * Takes the page away, whatever an editor has made of it: "unpublish" leaves it to the editors, "bin" puts it into the
 * bin, "erase" deletes it for good. Again, it is as it was.
 * @param {Request} req
 * @returns {Answer}
 */
export function deleteArticle(req) {
  const place = settings();
  const document = documentOf(req);
  const page = pageOf(place, document);
  if (req.params.how === 'erase') {
    return erase(document, page);
  }
  const bin = req.params.how === 'bin';
  const state = stateOf(page);
  if (state !== 'binned') {
    const before = known(document, page);
    if (state === 'published') {
      publishingUtil.unpublishNode(page);
    } else {
      open(page);
    }
    const target = before.redirect || redirect(page, req.params.redirect);
    if (bin) {
      trashcanUtil.moveNodeToTrashcan(page);
    }
    remember(document, { page: page.getIdentifier(), left: bin ? 'binned' : 'unpublished', redirect: target });
  }
  return answerOf(200, read(place, document, page));
}
