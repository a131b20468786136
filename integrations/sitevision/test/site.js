/* A stand-in for a site of Sitevision: a tree of pages with an offline and an online version, metadata that is inherited,
 * a bin, publishing that can be scheduled, locks, users with rights. It does what the documentation says of each, and
 * refuses what it forbids, with the same exceptions. */

/** An exception of Java, as a script sees it. */
export class JavaException extends Error {
  /** @param {string} name @param {string} [message] */
  constructor(name, message = '') {
    super(message);
    this.name = name;
  }
  toString() {
    return `${this.name}: ${this.message}`;
  }
}

const constraint = (message) => new JavaException('javax.jcr.nodetype.ConstraintViolationException', message);
const illegal = (message) => new JavaException('java.lang.IllegalArgumentException', message);

/** What text modules keep of HTML, with the classes and ids that they add. */
function modules(html) {
  return html
    .replace(/<\/?(section|article|time|span|div)\b[^>]*>/g, '')
    .replace(/<(p|ul|ol|li|h[1-6])\b[^>]*>/g, (_, element) => `<${element} class="normal">`);
}

let serial = 0;

export class PageNode {
  constructor(site, type, parent, name) {
    serial += 1;
    this.site = site;
    this.id = `4.${(serial * 7919).toString(16).padStart(8, '0')}`;
    this.type = type;
    this.parent = parent;
    this.children = [];
    this.creationDate = site.now;
    this.offline = { name, title: '', html: '', metadata: {} };
    this.online = null;
    this.schedule = null; // instant, in milliseconds
    this.binnedFrom = null;
    this.lockedBy = null;
    if (parent) parent.children.push(this);
  }
  getIdentifier() {
    return this.id;
  }
  getNodes() {
    const nodes = [...this.children];
    return { hasNext: () => nodes.length > 0, nextNode: () => nodes.shift() };
  }
  get uri() {
    return `/beslut/${encodeURIComponent(this.offline.name.toLowerCase().replace(/ /g, '-'))}-${this.id}.html`;
  }
}

export class Site {
  constructor({ now = Date.UTC(2024, 4, 8, 10), origin = 'https://www.exempelby.example' } = {}) {
    this.now = now;
    this.origin = origin;
    this.nodes = new Map();
    this.stores = new Map();
    this.redirects = new Map(); // a relative address: the node that its visitors get
    this.log = [];
    this.definitions = new Set(['referat']);
    /** @type {(node: PageNode) => void} what another writer does at that moment */
    this.onCreate = () => {};
    this.user = null; // who makes the request
    this.users = new Map([
      ['referat', new Set(['create', 'write', 'publish', 'delete'])],
      ['gäst', new Set()],
    ]);
    this.template = this.add('sv:template', null, 'Artikel');
    this.parent = this.add('sv:page', null, 'Beslut');
    this.parent.online = this.parent.offline;
    this.other = this.add('sv:page', null, 'Start');
    this.layout = 'Huvudinnehåll'; // of the template
    this.appData = { parent: this.parent.id, template: this.template.id, layout: this.layout, metadata: 'referat' };
  }

  add(type, parent, name) {
    const node = new PageNode(this, type, parent, name);
    this.nodes.set(node.id, node);
    return node;
  }

  /** As a person with the rights of an editor. */
  may(right) {
    if (!this.users.get(this.user)?.has(right)) throw constraint(`${this.user} may not ${right}`);
  }

  open(node) {
    if (!node) throw new JavaException('java.lang.NullPointerException');
    if (node.lockedBy) throw new JavaException('javax.jcr.lock.LockException', node.lockedBy);
    if (node.schedule) throw constraint('a page that is scheduled is closed to edits');
  }

  /* ---- what the utilities do --------------------------------------------------------------------------------------- */

  create(type, parent, template, name) {
    if (!parent || !template || !name) throw new JavaException('java.lang.NullPointerException');
    if (name.includes('/')) throw illegal('the name has a slash');
    this.may('create');
    if ((type === 'sv:article') !== (parent.type === 'sv:archive')) throw constraint('not below such a parent');
    const node = this.add(type, parent, name);
    this.onCreate(node);
    return node;
  }

  rename(node, name) {
    this.may('write');
    this.open(node);
    if (name.includes('/')) throw illegal('the name has a slash');
    node.offline = { ...node.offline, name };
  }

  setTitle(node, title) {
    this.may('write');
    this.open(node);
    node.offline = { ...node.offline, title };
  }

  setContent(node, layout, html) {
    this.may('write');
    this.open(node);
    if (layout === this.layout) node.offline = { ...node.offline, html: modules(html) };
  }

  metadata(node, name) {
    for (let at = node; at; at = at.parent) if (at.offline.metadata[name]) return { value: at.offline.metadata[name], from: at };
    return { value: '', from: null };
  }

  setMetadata(node, name, value) {
    this.may('write');
    this.open(node);
    if (!this.definitions.has(name)) throw illegal(`no metadata ${name}`);
    node.offline = { ...node.offline, metadata: { ...node.offline.metadata, [name]: value } };
  }

  publish(node, at = null) {
    this.may('publish');
    if (node.binnedFrom) throw illegal('the page is in the bin');
    if (at && at > this.now) {
      node.schedule = at;
    } else if (node.parent.online) {
      node.online = node.offline;
    }
  }

  unpublish(node) {
    this.may('publish');
    node.online = null;
  }

  clearSchedule(node) {
    this.may('publish');
    node.schedule = null;
  }

  status(node) {
    this.tick();
    if (node.workflow) return 'WORKFLOW_STARTED';
    if (node.schedule) return 'SCHEDULED_PUBLISH';
    return node.online ? 'PUBLISHED' : 'NOT_PUBLISHED';
  }

  bin(node) {
    this.may('delete');
    node.binnedFrom = node.parent;
    node.parent.children.splice(node.parent.children.indexOf(node), 1);
    node.online = null;
  }

  restore(node) {
    if (!node.binnedFrom) throw illegal('not in the bin');
    this.may('write');
    node.binnedFrom.children.push(node);
    node.binnedFrom = null;
  }

  eraseBinned(node) {
    if (!node.binnedFrom) throw illegal('not in the bin');
    this.may('delete');
    this.erase(node);
  }

  /** As one with all rights does; what is below it goes, too. */
  erase(node) {
    const siblings = node.parent.children;
    if (siblings.includes(node)) siblings.splice(siblings.indexOf(node), 1);
    this.nodes.delete(node.id);
  }

  /* ---- what people see --------------------------------------------------------------------------------------------- */

  /** What is scheduled is published when its time has come. */
  tick() {
    for (const node of this.nodes.values())
      if (node.schedule && node.schedule <= this.now) {
        node.schedule = null;
        node.online = node.offline;
      }
  }

  /** HTML of a layout's modules; ids and wrappers are others each time. */
  render(html) {
    serial += 1;
    return `<div class="sv-text-portlet" id="svid12_${serial.toString(16)}">\n<div class="sv-text-portlet-content">${html}</div>\n</div>`;
  }

  /** What a visitor gets: a page, the address of another one, or nothing. */
  visit(path) {
    this.tick();
    const node = [...this.nodes.values()].find((one) => one.uri === path && one.online && !one.binnedFrom);
    const target = this.redirects.get(path);
    if (!node) return target ? { status: 301, location: target.uri } : { status: 404 };
    const { name, html } = node.online;
    return {
      status: 200,
      body: `<!DOCTYPE html><html lang="sv"><head><meta charset="utf-8"><title>${name}</title></head><body><main><h1>${name}</h1>${this.render(html)}</main></body></html>`,
    };
  }

  /** The pages that there are, the bin as well. */
  articles() {
    return [...this.nodes.values()].filter((node) => node.parent === this.parent);
  }
}
