// The worker of poolifier: one task function.
import { ThreadWorker } from 'poolifier';
import { mix } from '../modules/work.mjs';

export default new ThreadWorker(mix);
