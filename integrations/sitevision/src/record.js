/* Which page is a document's, and how it was left.
 *
 * A page says itself whose it is: its metadata is "document digest print". A data store knows besides where the page is,
 * wherever an editor has moved it, and what was done last; it can be lost, and is then made anew. */
import metadataUtil from '@sitevision/api/server/MetadataUtil';
import nodeTypeUtil from '@sitevision/api/server/NodeTypeUtil';
import resourceLocatorUtil from '@sitevision/api/server/ResourceLocatorUtil';
import storage from '@sitevision/api/server/storage';
import { problem } from './answer';
import { offline } from './page';

/** @typedef {import('@sitevision/api/types/javax/jcr/Node').Node} Node */
/** @typedef {{ parent: Node, metadata: string }} Place */

/**
 * @typedef {object} Known what the data store has of a document
 * @property {string} page identifier; "" when it was erased
 * @property {string} [left] how the page was left: a state, "withdrawn" or "erased"
 * @property {string} [from] address of the public page that was erased, until another has taken its place
 * @property {string} [done] digest of what was written whole
 * @property {string} [words] of what is being written, until it is whole
 * @property {string} [at] the instant that it was scheduled for
 * @property {string} [redirect] identifier of the page that visitors were sent to
 */

const store = storage.getKeyValueDataStore('articles');

/**
 * @param {string} document
 * @returns {Known | null}
 */
export function knownOf(document) {
  return /** @type {Known | null} */ (store.get(document)) || null;
}

/**
 * @param {string} document
 * @param {Known} known
 */
export function remember(document, known) {
  store.put(document, known);
}

/**
 * Where the document's page was public until it was erased; "" when it was not.
 * @param {string} document
 */
export function erasedFrom(document) {
  const known = knownOf(document);
  return (known && known.left === 'erased' && known.from) || '';
}

/** @param {string} document */
export function draftName(document) {
  return 'referat-' + document;
}

/**
 * Pages inherit metadata from the page above, so a page that an editor has put below an article looks like one.
 * @param {Node} page
 * @param {string} metadata
 */
export function recordOf(page, metadata) {
  const own = !metadataUtil.isMetadataValueInherited(page, metadata);
  const parts = own ? offline(page, metadata).split(' ') : [];
  return { document: parts[0] || '', digest: parts[1] || '', print: parts[2] || '' };
}

/**
 * @param {Node} page
 * @param {string} metadata
 * @param {string} document
 * @param {string} digest
 * @param {string} print
 */
export function setRecord(page, metadata, document, digest, print) {
  metadataUtil.setMetadataPropertyValue(page, metadata, document + ' ' + digest + ' ' + print);
}

/**
 * @param {Node} page
 * @param {Place} place
 * @param {string} document
 */
function belongs(page, place, document) {
  return recordOf(page, place.metadata).document === document || offline(page, 'displayName') === draftName(document);
}

/** @param {Node} node */
function isPageOrArticle(node) {
  return nodeTypeUtil.isPage(node) || nodeTypeUtil.isArticle(node);
}

/** @param {Node} page */
export function hasPages(page) {
  const nodes = page.getNodes();
  while (nodes.hasNext()) {
    if (isPageOrArticle(nodes.nextNode())) {
      return true;
    }
  }
  return false;
}

/**
 * Below the parent, those of the document: one, but for a moment when two writers have met.
 * @param {Place} place
 * @param {string} document
 * @returns {Node[]}
 */
export function pagesBelow(place, document) {
  const found = [];
  const nodes = place.parent.getNodes();
  while (nodes.hasNext()) {
    const node = nodes.nextNode();
    if (isPageOrArticle(node) && belongs(node, place, document)) {
      found.push(node);
    }
  }
  return found;
}

/**
 * The document's page; null when there never was one, or it was erased. A page that was there and is gone for good is a problem.
 * @param {Place} place
 * @param {string} document
 * @returns {Node | null}
 */
export function findPage(place, document) {
  const known = knownOf(document);
  const page = known && known.page && resourceLocatorUtil.getNodeByIdentifier(known.page);
  if (page) {
    return page;
  }
  const below = pagesBelow(place, document);
  if (!below.length && known && known.left !== 'erased') {
    throw problem(410, 'removed', 'the page of the document has been deleted for good');
  }
  return below[0] || null;
}
