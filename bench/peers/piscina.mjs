// The worker of piscina and of tinypool: a task is the arguments, in an object where there are more than one.
import * as work from '../modules/work.mjs';

export default work.mix;

export function spin({ seed, turns }) {
  return work.spin(seed, turns);
}

export function large({ bytes, tail }) {
  return work.large(bytes, tail);
}
