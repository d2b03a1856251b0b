// What the figures were measured on: the machine, Node and the packages compared.
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';

export interface Machine {
  readonly cpu: string;
  readonly cpus: number;
  readonly node: string;
  readonly packages: Readonly<Record<string, string>>;
}

const PACKAGES = ['lru-cache', 'piscina', 'poolifier', 'tinypool', 'workerpool'];

export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown CPU',
    cpus: availableParallelism(),
    node: process.version,
    packages: Object.fromEntries(PACKAGES.map((name) => [name, versionOf(name)])),
  };
}

export function machineLine({ cpu, cpus: count, node, packages }: Machine): string {
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  return `${cpu}, ${count} CPUs, Node ${node}; ${versions.join(', ')}`;
}

// Read as a file, because not every package exports its package.json.
function versionOf(name: string): string {
  const file = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
  const { version }: { readonly version: string } = JSON.parse(readFileSync(file, 'utf8'));
  return version;
}
