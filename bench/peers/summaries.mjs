// Summaries by lexrank and node-summarizer, for bench/readers. Reads {text, sentences} from standard input, prints for
// each summariser its sentences and its CPU time in milliseconds, as JSON. Installed into build/bench by bench/setup.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const require = createRequire(import.meta.url);
const lexrank = require('lexrank');
const { SummarizerManager } = require('node-summarizer');
const { text, sentences } = JSON.parse(readFileSync(0, 'utf8'));

const summarisers = {
  lexrank: () => new Promise((done, failed) =>
    lexrank.summarize(text, sentences, (error, top) => (error ? failed(error) : done(top.map((entry) => entry.text))))),
  'node-summarizer': async () =>
    [String((await new SummarizerManager(text, sentences).getSummaryByRank()).summary)],
};

const results = {};
for (const [name, summarise] of Object.entries(summarisers)) {
  const before = process.cpuUsage();
  try {
    results[name] = { sentences: await summarise() };
  } catch (error) {
    results[name] = { sentences: [], failed: String(error) };
  }
  const { user, system } = process.cpuUsage(before);
  results[name].milliseconds = (user + system) / 1000;
}
console.log(JSON.stringify(results));
