// The pool's events, counted by prom-client for a Prometheus server.
import { subscribe } from 'node:diagnostics_channel';
import { type CallEvent, type CompleteEvent, createPool } from 'memopool';
import { Counter, Histogram } from 'prom-client';

const calls = new Counter({ name: 'memopool_calls', help: 'Calls by way', labelNames: ['name', 'way'] });
const seconds = new Histogram({ name: 'memopool_compute_seconds', help: 'Computing', labelNames: ['name'] });

for (const way of ['hit', 'join', 'miss']) {
  subscribe(`memopool:${way}`, (event) => calls.inc({ name: (event as CallEvent).name, way }));
}
subscribe('memopool:complete', (event) => {
  const { name, computeMs } = event as CompleteEvent;
  seconds.observe({ name }, computeMs / 1000);
});

await using pool = createPool({ workers: 1 });
await Promise.all([pool.fn.bell(50), pool.fn.bell(50), pool.fn.bell(51)]);
await pool.fn.bell(50);

for (const { labels, value } of (await calls.get()).values) {
  console.log(labels.name, labels.way, value);
}
// bell miss 2
// bell join 1
// bell hit 1
