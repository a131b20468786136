/* What a request asks for, checked. */
import { problem } from './answer';

/** @typedef {import('@sitevision/api/common/router').Request} Request */

/** Characters of an article's HTML. */
export const MOST = 1000000;

/**
 * @typedef {object} Wanted
 * @property {string} title without a slash, which no page's name may have
 * @property {string} html
 * @property {string} description
 * @property {string} digest of all this, as the sender computes it
 * @property {'now' | 'draft' | 'later'} publish
 * @property {string} at for later: an instant, UTC, "2024-05-08T09:00:00Z"
 * @property {boolean} withdrawn the words are those that are left of a withdrawn document
 */

/**
 * @param {Request} req
 * @param {string} name
 * @param {RegExp} form
 */
function checked(req, name, form) {
  const value = req.params[name] || '';
  if (!form.test(value)) {
    throw problem(400, 'invalid', name + ' is missing or not as it should be');
  }
  return value;
}

/** @param {Request} req */
export function documentOf(req) {
  return checked(req, 'document', /^[A-Za-z0-9_-]{1,64}$/);
}

/**
 * @param {Request} req
 * @returns {Wanted}
 */
export function wantedOf(req) {
  const html = req.params.html || '';
  if (html.length > MOST) {
    throw problem(413, 'too-large', 'an article has at most ' + MOST + ' characters');
  }
  const publish = checked(req, 'publish', /^(now|draft|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$/);
  const at = publish === 'now' || publish === 'draft' ? '' : publish;
  return {
    title: checked(req, 'title', /^[^/\u0000-\u001f\u007f]{1,250}$/),
    html: checked(req, 'html', /\S/),
    description: req.params.description || '',
    digest: checked(req, 'digest', /^[A-Za-z0-9_-]{1,128}$/),
    publish: at ? 'later' : /** @type {'now' | 'draft'} */ (publish),
    at,
    withdrawn: req.params.withdrawn === 'true',
  };
}

/**
 * Refuses what was meant for another state than the one that stands there.
 * @param {Request} req
 * @param {string} etag of what stands there; "" when nothing does
 */
export function checkPrecondition(req, etag) {
  const match = req.header('If-Match');
  const none = req.header('If-None-Match');
  if (!match && none !== '*') {
    throw problem(428, 'precondition-required', 'send If-Match with the etag that you have read, or If-None-Match: *');
  }
  if (match ? match !== etag : etag) {
    throw problem(412, 'changed', etag ? 'the page is not as you have read it' : 'the page is not there');
  }
}
