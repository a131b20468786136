/* Pages of Sitevision, whichever kind the parent takes: articles below an archive, else pages. All that is read and
 * written is the offline version, the one that editors see. */
import articleUtil from '@sitevision/api/server/ArticleUtil';
import nodeTypeUtil from '@sitevision/api/server/NodeTypeUtil';
import nodeTreeUtil from '@sitevision/api/server/NodeTreeUtil';
import offlineVersionPropertyUtil from '@sitevision/api/server/OfflineVersionPropertyUtil';
import outputUtil from '@sitevision/api/server/OutputUtil';
import pageUtil from '@sitevision/api/server/PageUtil';
import publishingUtil from '@sitevision/api/server/PublishingUtil';
import trashcanUtil from '@sitevision/api/server/TrashcanUtil';
import webContentUtil from '@sitevision/api/server/WebContentUtil';

/** @typedef {import('@sitevision/api/types/javax/jcr/Node').Node} Node */
/** @typedef {'published' | 'scheduled' | 'unpublished' | 'binned' | 'busy'} State */

/**
 * @param {Node} parent
 * @param {Node} template
 * @param {string} name
 * @returns {Node}
 */
export function createPage(parent, template, name) {
  return nodeTypeUtil.isArchive(parent)
    ? articleUtil.createArticle(parent, template, name)
    : pageUtil.createPage(parent, template, name);
}

/**
 * @param {Node} page
 * @param {string} name
 */
export function offline(page, name) {
  return offlineVersionPropertyUtil.getString(page.getIdentifier(), name, '');
}

/** @param {Node} page */
export function titleOf(page) {
  return offline(page, nodeTypeUtil.isArticle(page) ? 'articleName' : 'displayName');
}

/**
 * @param {Node} page
 * @param {string} layout
 */
export function htmlOf(page, layout) {
  const found = nodeTreeUtil.findLayoutByName(page, layout);
  return found ? outputUtil.getNodeOutput(page, found, outputUtil.CONTENT_TYPE_TEXT_HTML) : '';
}

/** @type {{ [status: string]: State }} */
const states = {
  NOT_PUBLISHED: 'unpublished',
  PUBLISHED: 'published',
  SCHEDULED_UNPUBLISH: 'published',
  SCHEDULED_PUBLISH: 'scheduled',
};

/**
 * Busy: a person has begun something with it that a program should not disturb (a workflow, a project, a lock).
 * @param {Node} page
 * @returns {State}
 */
export function stateOf(page) {
  return trashcanUtil.isInTrashcan(page) ? 'binned' : states[String(publishingUtil.getPublishStatus(page))] || 'busy';
}

/**
 * @param {Node} page
 * @param {string} layout
 * @param {string} title
 * @param {string} html
 */
export function writePage(page, layout, title, html) {
  if (nodeTypeUtil.isArticle(page)) {
    articleUtil.renameArticle(page, title);
  } else {
    pageUtil.renamePage(page, title);
    pageUtil.updatePage(page, { title });
  }
  webContentUtil.updateContent(page, { [layout]: html });
}
