/* What Sitevision gives a RESTApp by `require`, on a stand-in for a site. Each utility has the type that Sitevision has
 * published for it (@sitevision/api); a function that is not there is not used. */
import { createHash } from 'node:crypto';

/**
 * @template {string} Name
 * @typedef {{ [name in Name]: unknown }} Utility
 */

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: '\u00a0', auml: 'ä', aring: 'å', ouml: 'ö' };
const node = (/** @type {any} */ one) => one;

/** @param {import('./site.js').Site} site */
function content(site) {
  /** @type {Pick<import('@sitevision/api/server/PageUtil').PageUtil, 'createPage' | 'renamePage' | 'updatePage'>} */
  const PageUtil = {
    createPage: (parent, template, name) => node(site.create('sv:page', parent, template, name)),
    renamePage: (page, name) => site.rename(page, name),
    updatePage: (page, properties) => site.setTitle(page, /** @type {any} */ (properties).title),
  };
  /** @type {Pick<import('@sitevision/api/server/ArticleUtil').ArticleUtil, 'createArticle' | 'renameArticle'>} */
  const ArticleUtil = {
    createArticle: (parent, template, name) => node(site.create('sv:article', parent, template, name)),
    renameArticle: (page, name) => site.rename(page, name),
  };
  /** @type {Pick<import('@sitevision/api/server/WebContentUtil').WebContentUtil, 'updateContent'>} */
  const WebContentUtil = {
    updateContent: (page, layouts) => {
      for (const [layout, html] of Object.entries(layouts)) site.setContent(page, layout, html);
    },
  };
  /** @type {Pick<import('@sitevision/api/server/NodeTreeUtil').NodeTreeUtil, 'findLayoutByName'>} */
  const NodeTreeUtil = {
    findLayoutByName: (_, name) => (name === site.layout ? node({ layout: name }) : null),
  };
  /** @type {Pick<import('@sitevision/api/server/OutputUtil').OutputUtil, 'CONTENT_TYPE_TEXT_HTML' | 'getNodeOutput'>} */
  const OutputUtil = {
    CONTENT_TYPE_TEXT_HTML: 1,
    getNodeOutput: (page) => site.render(node(page).offline.html),
  };
  /** @type {Pick<import('@sitevision/api/server/NodeTypeUtil').NodeTypeUtil, 'isArchive' | 'isArticle' | 'isPage'>} */
  const NodeTypeUtil = {
    isArchive: (one) => node(one).type === 'sv:archive',
    isArticle: (one) => node(one).type === 'sv:article',
    isPage: (one) => node(one).type === 'sv:page',
  };
  return { PageUtil, ArticleUtil, WebContentUtil, NodeTreeUtil, OutputUtil, NodeTypeUtil };
}

/** @param {import('./site.js').Site} site */
function lifecycle(site) {
  /** @type {Pick<import('@sitevision/api/server/PublishingUtil').PublishingUtil, 'publishNode' | 'unpublishNode' | 'getPublishStatus' | 'clearPublishingSchedule'>} */
  const PublishingUtil = {
    publishNode: (page, date) => site.publish(page, date && node(date).time),
    unpublishNode: (page) => site.unpublish(page),
    getPublishStatus: (page) => node({ toString: () => site.status(page) }),
    clearPublishingSchedule: (page) => site.clearSchedule(page),
  };
  /** @type {Pick<import('@sitevision/api/server/TrashcanUtil').TrashcanUtil, 'isInTrashcan' | 'moveNodeToTrashcan' | 'restoreNode' | 'deleteNodeFromTrashcan'>} */
  const TrashcanUtil = {
    isInTrashcan: (page) => !!node(page).binnedFrom,
    moveNodeToTrashcan: (page) => site.bin(page),
    restoreNode: (page) => site.restore(page),
    deleteNodeFromTrashcan: (page) => site.eraseBinned(page),
  };
  /** @type {Pick<import('@sitevision/api/server/RedirectUtil').RedirectUtil, 'addRedirectURI' | 'removeRedirectURI'>} */
  const RedirectUtil = {
    addRedirectURI: (target, uri) => void site.redirects.set(uri, node(target)),
    removeRedirectURI: (_, uri) => void site.redirects.delete(uri),
  };
  return { PublishingUtil, TrashcanUtil, RedirectUtil };
}

/** @param {import('./site.js').Site} site */
function properties(site) {
  const values = (/** @type {any} */ page, /** @type {string} */ name) =>
    ({
      displayName: page.offline.name,
      articleName: page.offline.name,
      URL: site.origin + page.uri,
      URI: page.uri,
    })[name] ?? site.metadata(page, name).value;
  /** @type {Pick<import('@sitevision/api/server/PropertyUtil').PropertyUtil, 'getString' | 'getNode' | 'getCalendar'>} */
  const PropertyUtil = {
    getString: (page, name, otherwise = '') => values(page, String(name)) || String(otherwise),
    getNode: (_, name) => (name === 'template' ? node(site.template) : null),
    getCalendar: (page) => node({ getTimeInMillis: () => node(page).creationDate }),
  };
  /** @type {Pick<import('@sitevision/api/server/OfflineVersionPropertyUtil').OfflineVersionPropertyUtil, 'getString'>} */
  const OfflineVersionPropertyUtil = {
    getString: (id, name, otherwise = '') => values(site.nodes.get(id), String(name)) || String(otherwise),
  };
  /** @type {Pick<import('@sitevision/api/server/MetadataUtil').MetadataUtil, 'isMetadataValueInherited' | 'setMetadataPropertyValue'>} */
  const MetadataUtil = {
    isMetadataValueInherited: (page, name) => site.metadata(page, name).from !== page,
    setMetadataPropertyValue: (page, name, value) => site.setMetadata(page, name, value),
  };
  /** @type {Pick<import('@sitevision/api/server/MetadataDefinitionUtil').MetadataDefinitionUtil, 'getDefinition'>} */
  const MetadataDefinitionUtil = {
    getDefinition: (_, name) => (site.definitions.has(String(name)) ? node({ name }) : null),
  };
  return { PropertyUtil, OfflineVersionPropertyUtil, MetadataUtil, MetadataDefinitionUtil };
}

/** @param {import('./site.js').Site} site */
function surroundings(site) {
  const known = (/** @type {string} */ id) => node(site.nodes.get(id) ?? null);
  /** @type {Pick<import('@sitevision/api/server/ResourceLocatorUtil').ResourceLocatorUtil, 'getNodeByIdentifier' | 'getNodeByUrl'>} */
  const ResourceLocatorUtil = {
    getNodeByIdentifier: (id) => known(String(id)),
    getNodeByUrl: (url) => node([...site.nodes.values()].find((one) => site.origin + one.uri === url) ?? null),
  };
  /** @type {Pick<import('@sitevision/api/server/appData').AppData, 'get' | 'getNode'>} */
  const appData = {
    get: (name) => site.appData[name],
    getNode: (name) => known(site.appData[name]),
  };
  /** @type {Pick<import('@sitevision/api/server/appInfo').AppInfo, 'appVersion'>} */
  const appInfo = { appVersion: '1.0.0' };
  /** @type {import('@sitevision/api/server/storage').Storage} */
  const storage = {
    getKeyValueDataStore: () => ({
      get: (key) => (site.stores.has(key) ? JSON.parse(site.stores.get(key)) : undefined),
      put: (key, data) => void site.stores.set(key, JSON.stringify(data)),
      remove: (key) => void site.stores.delete(key),
    }),
    getCollectionDataStore: () => node(null),
  };
  /** @type {Pick<import('@sitevision/api/server/PortletContextUtil').PortletContextUtil, 'getCurrentUser'>} */
  const PortletContextUtil = { getCurrentUser: () => node(site.user) };
  const has = (/** @type {string} */ right) => !!site.users.get(site.user)?.has(right);
  /** @type {Pick<import('@sitevision/api/server/PermissionUtil').PermissionUtil, 'hasCreatePagePermission' | 'hasCreateArticlePermission' | 'hasEffectiveWritePermission' | 'hasEffectivePublishPermission' | 'hasEffectiveDeletePermission'>} */
  const PermissionUtil = {
    hasCreatePagePermission: () => has('create'),
    hasCreateArticlePermission: () => has('create'),
    hasEffectiveWritePermission: () => has('write'),
    hasEffectivePublishPermission: () => has('publish'),
    hasEffectiveDeletePermission: () => has('delete'),
  };
  /** @type {Pick<import('@sitevision/api/server/LogUtil').LogUtil, 'error'>} */
  const LogUtil = { error: (message) => void site.log.push(message) };
  return { ResourceLocatorUtil, appData, appInfo, storage, PortletContextUtil, PermissionUtil, LogUtil };
}

function tools() {
  /** @type {Pick<import('@sitevision/api/server/EndecUtil').EndecUtil, 'base64encode' | 'base64decodeToBytes' | 'base64encodeToString' | 'unEscapeHTML4'>} */
  const EndecUtil = {
    base64encode: (text) => Buffer.from(String(text)).toString('base64'),
    base64decodeToBytes: (text) => Buffer.from(String(text), 'base64'),
    base64encodeToString: (bytes) => Buffer.from(node(bytes)).toString('base64'),
    unEscapeHTML4: (text) =>
      String(text)
        .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
        .replace(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCodePoint(parseInt(code, 16)))
        .replace(/&(\w+);/g, (all, name) => entities[name] ?? all),
  };
  /** @type {Pick<import('@sitevision/api/server/MessageDigesterFactory').MessageDigesterFactory, 'getSHA256'>} */
  const MessageDigesterFactory = {
    getSHA256: () => {
      const hash = createHash('sha256');
      return {
        updateByte: (byte) => void hash.update(Buffer.of(Number(byte))),
        updateBytes: (bytes) => void hash.update(Buffer.from(node(bytes))),
        digest: () => hash.digest(),
        getAlgorithm: () => 'SHA-256',
      };
    },
  };
  /** @type {Pick<import('@sitevision/api/server/DateUtil').DateUtil, 'parseDate'>} */
  const DateUtil = {
    parseDate: (text, pattern) =>
      node(pattern === "yyyy-MM-dd'T'HH:mm:ssX" ? { time: Date.parse(String(text)) } : null),
  };
  return { EndecUtil, MessageDigesterFactory, DateUtil };
}

/**
 * @param {import('./site.js').Site} site
 * @returns {{ [name: string]: unknown }}
 */
export function platform(site) {
  return { ...content(site), ...lifecycle(site), ...properties(site), ...surroundings(site), ...tools() };
}
