/* What a page says, as Sitevision gives it back, and digests of that.
 *
 * Sitevision makes modules of the HTML that it is given, and HTML of the modules again: with classes, ids and wrappers
 * of its own, which may be others next time. So a digest is made of the outline: elements that an editor can choose,
 * where links lead, and the words. */
import endecUtil from '@sitevision/api/server/EndecUtil';
import messageDigesterFactory from '@sitevision/api/server/MessageDigesterFactory';

const wrappers = /^(div|span|section|article|main|header|footer|time|font|figure|tbody|thead)$/;

/**
 * @param {string} html
 * @returns {string}
 */
export function outline(html) {
  return html
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<(script|style)\b[\s\S]*?<\/\1\s*>/gi, '')
    .replace(/<(\/?)([a-z][a-z0-9]*)([^>]*)>/gi, function (tag, slash, name, attributes) {
      const element = name.toLowerCase();
      const target = /\b(?:href|src)\s*=\s*["']([^"']*)["']/i.exec(attributes);
      return wrappers.test(element) ? ' ' : '<' + slash + element + (target ? ' ' + target[1] : '') + '>';
    })
    .replace(/\s+/g, ' ')
    .replace(/ ?(<[^>]*>) ?/g, '$1');
}

/**
 * The words alone: what must still be there, whatever modules were made of them.
 * @param {string} html
 * @returns {string}
 */
function words(html) {
  return endecUtil.unEscapeHTML4(outline(html).replace(/<[^>]*>/g, ' ')).replace(/[\s\u00a0]+/g, '');
}

/** @param {string} text */
function digest(text) {
  const digester = messageDigesterFactory.getSHA256();
  digester.updateBytes(/** @type {unknown[]} */ (endecUtil.base64decodeToBytes(endecUtil.base64encode(text))));
  return endecUtil
    .base64encodeToString(/** @type {unknown[]} */ (digester.digest()))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=/g, '');
}

/**
 * Changes when an editor changes title, text, structure or a link.
 * @param {string} title
 * @param {string} html
 */
export function printOf(title, html) {
  return digest(title + '\n' + outline(html));
}

/**
 * Is the same as long as not a word was lost.
 * @param {string} title
 * @param {string} html
 */
export function wordsOf(title, html) {
  return digest(title + '\n' + words(html));
}
