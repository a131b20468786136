/* The RESTApp as it is uploaded (build/referat.zip), run on a stand-in for a site, as Sitevision runs it: what it requires
 * is given, and what it does not is not there. */
import { readFileSync } from 'node:fs';
import vm from 'node:vm';
import { strFromU8, unzipSync } from 'fflate';
import { platform } from './platform.js';

const zip = unzipSync(readFileSync(new URL('../build/referat.zip', import.meta.url)));

/** Requests with bodies have their JSON's members among the parameters, as those of the route and the query are. */
export class RestApp {
  /** @param {import('./site.js').Site} site */
  constructor(site) {
    this.site = site;
    this.routes = [];
    const given = { ...platform(site), router: this.router() };
    const require = (name) => {
      if (!(name in given)) throw new Error(`Sitevision has no ${name} here`);
      return given[name];
    };
    const time = () => site.now;
    class Clock extends Date {
      constructor(...parts) {
        super(...(parts.length ? parts : [time()]));
      }
    }
    vm.runInNewContext(strFromU8(zip['index.js']), { require, Date: Clock }, { filename: 'index.js' });
  }

  router() {
    const add = (method) => (path, handle) =>
      this.routes.push({
        method,
        form: new RegExp(`^${path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`),
        handle,
      });
    return { get: add('GET'), put: add('PUT'), delete: add('DELETE'), post: add('POST') };
  }

  /**
   * @param {{ user: string, method: string, path: string, query?: object, body?: object, headers?: object }} request
   * @returns {{ status: number, type: string, headers: { [name: string]: string }, body: string }}
   */
  handle({ user, method, path, query = {}, body = {}, headers = {} }) {
    const route = this.routes.find((one) => one.method === method && one.form.test(path));
    if (!route) return { status: 404, type: 'text/html', headers: {}, body: '<h1>404</h1>' };
    const answer = { status: 200, type: 'text/html', headers: {}, body: '' };
    const response = {
      status: (status) => Object.assign(answer, { status }) && response,
      type: (type) => Object.assign(answer, { type }) && response,
      set: (name, value) => Object.assign(answer.headers, { [name]: value }) && response,
      send: (text) => Object.assign(answer, { body: text }),
      json: (data) => Object.assign(answer, { type: 'application/json', body: JSON.stringify(data) }),
    };
    const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    this.site.user = user;
    route.handle(
      {
        method,
        params: { ...body, ...query, ...route.form.exec(path).groups },
        header: (name) => lower[name.toLowerCase()] ?? null,
      },
      response,
    );
    return answer;
  }
}
