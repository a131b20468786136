// BullMQ on Redis: a queue for each stage, a worker that adds to the next one. Same command line and same job as
// bench/client.h. SERVER is a socket's path.
import {randomBytes} from "node:crypto";
import {openSync, readSync, writeSync} from "node:fs";
import {Queue, Worker} from "bullmq";

const STAGES = 6, BATCH = 64, SIZE = 8 * 1024;
const [role, server, path, first, second] = process.argv.slice(2);
const pipe = openSync(path, "r+");
const connection = {path: server, maxRetriesPerRequest: null};
const options = {removeOnComplete: true, removeOnFail: true};

async function stage(number) {
	const next = number < STAGES ? new Queue(`s${number + 1}`, {connection}) : null;
	new Worker(`s${number}`, async (job) => {
		if (next)
			await next.add("document", job.data, options);
		else
			writeSync(pipe, "\0");
	}, {connection, concurrency: BATCH});
}

async function source(documents, window) {
	const queue = new Queue("s1", {connection});
	await queue.waitUntilReady();
	const texts = Array.from({length: 64}, () => randomBytes(SIZE * 3 / 4).toString("base64"));
	const bytes = Buffer.alloc(4096), times = [];
	const begun = performance.now();
	for (let put = 0, arrived = 0; arrived < documents;) {
		const at = performance.now();
		const n = Math.min(window - (put - arrived), documents - put, BATCH);
		if (n > 0)
			await queue.addBulk(Array.from({length: n}, (_, i) =>
				({name: "document", data: {text: texts[(put + i) % texts.length]}, opts: options})));
		put += n;
		if (put === documents || put - arrived >= window)
			arrived += readSync(pipe, bytes);
		times.push(performance.now() - at);
	}
	const said = {documents, seconds: (performance.now() - begun) / 1000};
	if (window === 1) {
		times.sort((a, b) => a - b);
		said.p50_ms = times[documents >> 1];
		said.p99_ms = times[Math.floor(documents * 99 / 100)];
	}
	console.log(JSON.stringify(said));
	process.exit(0);
}

await (role === "stage" ? stage(Number(first)) : source(Number(first), Number(second)));
