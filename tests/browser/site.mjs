// What the pipeline made, as tests/run-browser left it: the site, and the HTML of the mails.
import { readdirSync } from 'node:fs';
import path from 'node:path';

const work = process.env.REFERAT_WORK;
export const SITE = path.join(work, 'state/site');
export const MAILS = path.join(work, 'mails');

const below = (folder, ending) =>
  readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(ending))
    .sort();

// Addresses below the site's root: '2024/', '404.html'.
export const pages = () => below(SITE, '.html').map((name) => name.replace(/(^|\/)index\.html$/, '$1'));
export const feeds = () => below(SITE, 'atom.xml').map((name) => path.join(SITE, name));
export const files = () => ['.html', '.css'].flatMap((ending) => below(SITE, ending)).map((name) => path.join(SITE, name));
export const mails = () => below(MAILS, '.html').map((name) => path.join(MAILS, name));

// It sends the reader on at once.
export const MOVED = '2024/byggnadsnamnden-2024-05-15/';

export const WITHDRAWN = '2020/socialnamnden-2020-11-18/';

// One page of each kind. The first has a correction, the second a table.
export const CORRECTED = '2024/arbetsmarknads-och-socialnamnden-2024-04-17/';
export const KINDS = {
  'a corrected page': CORRECTED,
  'a page with a table': '2024/arbetsmarknads-och-socialnamnden-2024-08-28/',
  'the start page': '',
  'a year': '2024/',
  'a month': '2024/06/',
  'a board': 'namnd/socialnamnden/',
  "a board's year": 'namnd/socialnamnden/2024/',
  'the page where none is': '404.html',
  'the page that was withdrawn': WITHDRAWN,
};
