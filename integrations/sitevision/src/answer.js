/* Answers: JSON for what went well, a problem (RFC 9457) with a code for what did not. */
import logUtil from '@sitevision/api/server/LogUtil';

/**
 * @typedef {import('@sitevision/api/common/router').Request} Request
 * @typedef {import('@sitevision/api/common/router').Response} Response
 * @typedef {{ status: number, etag?: string, body: object }} Answer
 * @typedef {{ status: number, code: string, detail: string }} Problem
 */

/**
 * What a handler throws to refuse a request.
 * @param {number} status
 * @param {string} code for programs
 * @param {string} detail for operators; it never repeats what an article says
 * @returns {Problem}
 */
export function problem(status, code, detail) {
  return { status, code, detail };
}

/** @type {{ [exception: string]: Problem }} */
const exceptions = {
  LockException: problem(423, 'locked', 'somebody is editing the page'),
  ConstraintViolationException: problem(403, 'forbidden', 'the user has not the right to do that to the page'),
  AccessDeniedException: problem(403, 'forbidden', 'the user has not the right to do that to the page'),
};

/**
 * Exceptions of Java are known by their name alone; what they say may repeat the article, so it goes nowhere.
 * @param {unknown} thrown
 * @returns {Problem}
 */
function problemOf(thrown) {
  const known = /** @type {Problem} */ (thrown);
  if (known && known.code && known.status) {
    return known;
  }
  const name = (/\w+(Exception|Error)/.exec(String(thrown)) || ['Error'])[0];
  return exceptions[name] || problem(500, 'failed', 'Sitevision has thrown ' + name);
}

/**
 * @param {(req: Request) => Answer} handle
 * @returns {(req: Request, res: Response) => void}
 */
export function answering(handle) {
  return function (req, res) {
    try {
      const answer = handle(req);
      if (answer.etag) {
        res.set('ETag', answer.etag);
      }
      res.status(answer.status).json(answer.body);
    } catch (thrown) {
      const refused = problemOf(thrown);
      if (refused.status >= 500) {
        logUtil.error('Referat: ' + req.method + ': ' + refused.detail);
      }
      res.status(refused.status).type('application/problem+json').send(JSON.stringify(refused));
    }
  };
}
