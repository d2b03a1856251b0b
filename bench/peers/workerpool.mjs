// The worker of workerpool: functions by name.
import workerpool from 'workerpool';
import { mix } from '../modules/work.mjs';

workerpool.worker({ mix });
