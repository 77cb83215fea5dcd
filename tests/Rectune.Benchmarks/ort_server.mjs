// A plain server of one ONNX file over the Open Inference Protocol (KServe v2, HTTP/1.1, binary tensors): onnxruntime-node on the processor behind Node's own HTTP server.
// It is what rectune's server is compared with. It listens on 127.0.0.1, prints its address once it serves, and ends when its standard input does.
import cluster from 'node:cluster';
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    model: { type: 'string' }, // the ONNX file
    name: { type: 'string' }, // of the model in requests
    modules: { type: 'string' }, // the folder whose node_modules holds onnxruntime-node
    port: { type: 'string', default: '0' }, // 0 takes a free one
    processes: { type: 'string', default: '1' }, // they share the port, each has a session of its own
    'intra-op-threads': { type: 'string', default: '0' }, // of a session; 0 leaves it to ONNX Runtime
    'max-batch': { type: 'string', default: '0' }, // samples of waiting requests that run together; 0 runs every request by itself
  },
});

const host = '127.0.0.1';
const processes = Number(options.processes);
const maxBatch = Number(options['max-batch']);

/** Bytes of a body beyond which nobody asked for it in earnest. */
const mostBytes = 64 << 20;

const kinds = {
  float32: { datatype: 'FP32', View: Float32Array },
  float64: { datatype: 'FP64', View: Float64Array },
  int32: { datatype: 'INT32', View: Int32Array },
  int64: { datatype: 'INT64', View: BigInt64Array },
};

function announce(port) {
  console.log(`serving ${options.name} on http://${host}:${port} with ${processes} processes`);
}

if (cluster.isPrimary) {
  process.stdin.resume();
  process.stdin.on('end', () => process.exit(0));
}

if (cluster.isPrimary && processes > 1) {
  // Connections go to the processes in turn. Left to the kernel, few connections that stay open would be shared out unevenly for good.
  cluster.schedulingPolicy = cluster.SCHED_RR;
  let listening = 0;
  cluster.on('listening', (_, address) => {
    if (++listening === processes) {
      announce(address.port);
    }
  });
  cluster.on('exit', (worker, code) => {
    console.error(`process ${worker.process.pid} ended with ${code}`);
    process.exit(1);
  });
  for (let i = 0; i < processes; i++) {
    cluster.fork();
  }
} else {
  await serve();
}

async function serve() {
  const ort = createRequire(path.join(path.resolve(options.modules), 'package.json'))('onnxruntime-node');
  const threads = Number(options['intra-op-threads']);
  const session = await ort.InferenceSession.create(options.model, {
    executionProviders: ['cpu'],
    ...(threads > 0 ? { intraOpNumThreads: threads } : {}),
  });
  const inputs = session.inputMetadata.map(describe);
  const outputs = session.outputMetadata.map(describe);
  const places = new Map(inputs.map((input, i) => [input.name, i]));
  const modelPath = `/v2/models/${encodeURIComponent(options.name)}`;
  const metadata = JSON.stringify({
    name: options.name,
    versions: ['1'],
    platform: 'onnxruntime-node',
    inputs: inputs.map(document),
    outputs: outputs.map(document),
  });

  /** Requests that wait for the run after this one; used where they are batched. */
  const waiting = [];
  let draining = false;

  const server = http.createServer((request, response) => {
    if (request.method === 'POST' && request.url === `${modelPath}/infer`) {
      receive(request, response);
      return;
    }

    request.resume();
    if (request.method === 'GET' && request.url === modelPath) {
      reply(response, 200, metadata);
    } else if (request.method === 'GET' && ['/v2/health/live', '/v2/health/ready', `${modelPath}/ready`].includes(request.url)) {
      reply(response, 200, '');
    } else {
      reply(response, 404, JSON.stringify({ error: `nothing at ${request.method} ${request.url}` }));
    }
  });
  // Connections stay open however long a client pauses.
  server.keepAliveTimeout = 0;
  server.listen(Number(options.port), host, () => {
    if (cluster.isPrimary) {
      announce(server.address().port);
    }
  });

  function receive(request, response) {
    const length = Number(request.headers['content-length']);
    const jsonBytes = Number(request.headers['inference-header-content-length']);
    if (!(length >= 0 && length <= mostBytes && jsonBytes >= 0 && jsonBytes <= length)) {
      request.resume();
      refuse(response, 'expected Content-Length and Inference-Header-Content-Length, and tensors behind the JSON part');
      return;
    }

    // Tensors of eight-byte elements come last and so end with the body: where it ends on a multiple of eight they are all aligned, and views of it are enough.
    const start = (8 - (length % 8)) % 8;
    const body = Buffer.allocUnsafeSlow(start + length);
    let at = start;
    request.on('data', (chunk) => {
      at += chunk.copy(body, at);
    });
    request.on('end', () => {
      let query;
      try {
        query = read(body, start, jsonBytes, response);
      } catch (error) {
        refuse(response, error.message);
        return;
      }

      if (maxBatch > 0) {
        enqueue(query);
      } else {
        run([query]);
      }
    });
  }

  /** Finds every input's bytes. */
  function read(body, start, jsonBytes, response) {
    const header = JSON.parse(body.toString('utf8', start, start + jsonBytes));
    const offsets = new Array(inputs.length).fill(-1);
    let samples = 0;
    let at = start + jsonBytes;
    for (const tensor of header.inputs) {
      const i = places.get(tensor.name);
      if (i === undefined) {
        throw new Error(`${tensor.name}: no input of this model`);
      }

      const input = inputs[i];
      samples ||= tensor.shape[0];
      const bytes = tensor.parameters?.binary_data_size;
      if (tensor.datatype !== input.datatype || tensor.shape[0] !== samples || bytes !== samples * input.rowBytes || at + bytes > body.length) {
        throw new Error(`${tensor.name}: expected ${samples} samples of ${input.rowBytes} bytes as binary ${input.datatype}`);
      }

      offsets[i] = at;
      at += bytes;
    }

    if (!(samples > 0) || at !== body.length || offsets.includes(-1)) {
      throw new Error(`expected ${inputs.map((input) => input.name).join(', ')} and nothing else`);
    }

    return { samples, body, offsets, response };
  }

  /** Everything that has arrived by the time the event loop comes round runs together: nothing waits for what is not there yet. */
  function enqueue(query) {
    waiting.push(query);
    if (!draining) {
      draining = true;
      setImmediate(drain);
    }
  }

  async function drain() {
    while (waiting.length > 0) {
      const batch = [];
      for (let samples = 0; waiting.length > 0 && (batch.length === 0 || samples + waiting[0].samples <= maxBatch); ) {
        const query = waiting.shift();

        // Whoever has hung up needs no answer.
        if (!query.response.destroyed) {
          batch.push(query);
          samples += query.samples;
        }
      }

      if (batch.length > 0) {
        await run(batch);
      }
    }

    draining = false;
  }

  async function run(batch) {
    try {
      const samples = batch.reduce((sum, query) => sum + query.samples, 0);
      const feeds = {};
      inputs.forEach((input, i) => {
        feeds[input.name] = new ort.Tensor(input.type, valuesOf(batch, i, samples), [samples, ...input.extents]);
      });
      const results = await session.run(feeds);
      let first = 0;
      for (const query of batch) {
        answer(query, results, first);
        first += query.samples;
      }
    } catch (error) {
      for (const { response } of batch.filter((query) => !query.response.headersSent)) {
        reply(response, 500, JSON.stringify({ error: error.message }));
      }
    }
  }

  /** One input of all queries: a view of the body where there is one query and its bytes are aligned, else a copy. */
  function valuesOf(batch, i, samples) {
    const { View, width, rowBytes } = inputs[i];
    const [{ body, offsets }] = batch;
    const at = body.byteOffset + offsets[i];
    if (batch.length === 1 && at % View.BYTES_PER_ELEMENT === 0) {
      return new View(body.buffer, at, samples * width);
    }

    const values = new View(samples * width);
    const bytes = new Uint8Array(values.buffer);
    let to = 0;
    for (const query of batch) {
      const size = query.samples * rowBytes;
      bytes.set(query.body.subarray(query.offsets[i], query.offsets[i] + size), to);
      to += size;
    }

    return values;
  }

  function answer({ samples, response }, results, first) {
    const json = Buffer.from(
      JSON.stringify({
        model_name: options.name,
        model_version: '1',
        outputs: outputs.map(({ name, datatype, extents, rowBytes }) => ({
          name,
          datatype,
          shape: [samples, ...extents],
          parameters: { binary_data_size: samples * rowBytes },
        })),
      }),
    );
    const tensors = outputs.map(({ name, rowBytes }) => {
      const { data } = results[name];
      return new Uint8Array(data.buffer, data.byteOffset + first * rowBytes, samples * rowBytes);
    });
    const body = Buffer.concat([json, ...tensors]);
    response.writeHead(200, {
      'Content-Type': 'application/octet-stream',
      'Inference-Header-Content-Length': json.length,
      'Content-Length': body.length,
    });
    response.end(body);
  }
}

/** A tensor of the session: its first dimension is the batch. */
function describe({ name, type, shape }) {
  const extents = shape.slice(1);
  const width = extents.reduce((product, extent) => product * extent, 1);
  const kind = kinds[type];
  if (kind === undefined || !Number.isInteger(width)) {
    throw new Error(`${name}: ${type} [${shape}] is not served`);
  }

  return { name, type, ...kind, extents, width, rowBytes: width * kind.View.BYTES_PER_ELEMENT };
}

/** A tensor as the model's metadata has it. */
function document({ name, datatype, extents }) {
  return { name, datatype, shape: [-1, ...extents] };
}

function refuse(response, problem) {
  reply(response, 400, JSON.stringify({ error: problem }));
}

function reply(response, status, text) {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}
