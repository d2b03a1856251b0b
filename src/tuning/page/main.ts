// The report's page: reads the result out of its own file, and shows it from top to bottom.
import type { MemoResult, TuneResult } from '../result.ts';
import { makeCopy, makeThemeToggle } from './controls.ts';
import { costFigure } from './cost.ts';
import { unpackResult } from './data.ts';
import { make, makeTable } from './dom.ts';
import { absencesOf, factsOf } from './facts.ts';
import { makeFigure } from './figure.ts';
import { formatCount } from './format.ts';
import { timelineFigure } from './lanes.ts';
import { efficiencyFigure, latencyFigure } from './latency.ts';
import { missRatioFigure } from './miss-ratio.ts';
import { partsFigure } from './parts.ts';
import { sayAnswer, sayMemo } from './sentences.ts';
import { makePatterns } from './series.ts';
import { throughputFigure } from './throughput.ts';

function makeSection(id: string, title: string, ...children: readonly HTMLElement[]): HTMLElement {
  return make('section', { 'aria-labelledby': id }, make('h2', { id }, title), ...children);
}

function makeAnswer(result: TuneResult): HTMLElement {
  const { lines } = result.advice;
  const code = make('code', {}, lines.join('\n'));
  const paste =
    lines.length === 0
      ? []
      : [
          make('p', {}, 'Paste into the options of ', make('code', {}, 'createPool'), ':'),
          make('pre', { class: 'paste', tabindex: '0' }, code),
          makeCopy(lines.join('\n'), code),
        ];
  const warning = make(
    'p',
    { class: 'warning', role: 'note' },
    'Not complete: it ended before all was measured. What follows holds for what was.',
  );
  return make(
    'section',
    { class: 'answer', 'aria-labelledby': 'answer' },
    make('h2', { id: 'answer' }, sayAnswer(result)),
    ...(result.isComplete ? [] : [warning]),
    ...paste,
  );
}

function makeFacts(result: TuneResult): HTMLElement {
  const list = make('dl', { class: 'facts' });
  for (const [name, value] of factsOf(result))
    list.append(make('div', {}, make('dt', {}, name), make('dd', {}, value)));
  return makeSection('facts', 'What was measured, and where', list);
}

function makeFindings({ advice }: TuneResult): HTMLElement {
  if (advice.findings.length === 0)
    return makeSection('findings', 'Findings', make('p', { class: 'absent' }, 'Nothing else to tell.'));
  return makeSection(
    'findings',
    'Findings',
    make('ul', {}, ...advice.findings.map((finding) => make('li', {}, finding))),
  );
}

function absent(sentence: string | null): HTMLElement[] {
  return sentence === null ? [] : [make('p', { class: 'absent' }, sentence)];
}

function makeWorkers(result: TuneResult): HTMLElement {
  const absences = absencesOf(result);
  const { workers } = result;
  if (workers === null || absences.workers !== null)
    return makeSection('workers', 'Workers', ...absent(absences.workers));
  const timeline =
    workers.timeline === null || absences.timeline !== null
      ? absent(absences.timeline)
      : [makeFigure(timelineFigure(workers.timeline))];
  return makeSection(
    'workers',
    'Workers',
    makeFigure(throughputFigure(workers)),
    make('div', { class: 'pair' }, makeFigure(efficiencyFigure(workers)), makeFigure(latencyFigure(workers))),
    makeFigure(partsFigure(workers)),
    ...timeline,
  );
}

function makeSizes(result: TuneResult): HTMLElement {
  const { sizes } = result;
  const absences = absencesOf(result);
  if (sizes === null) return makeSection('sizes', 'Maxsize', ...absent(absences.sizes));
  const cost = absences.cost === null ? [makeFigure(costFigure(sizes))] : absent(absences.cost);
  return makeSection('sizes', 'Maxsize', makeFigure(missRatioFigure(sizes)), ...cost);
}

function memoRow(memo: MemoResult): string[] {
  const { callsAtNeeded, callsBelow, isBelowCut, maxsize } = memo;
  return [
    memo.call,
    formatCount(memo.distinct),
    formatCount(memo.needed),
    callsAtNeeded === null ? 'not run' : formatCount(callsAtNeeded),
    callsBelow === null ? 'not run' : `${isBelowCut ? '> ' : ''}${formatCount(callsBelow)}`,
    maxsize === null ? 'no bound' : formatCount(maxsize),
  ];
}

function makeMemos(result: TuneResult): HTMLElement {
  const { memos } = result;
  if (memos.length === 0)
    return makeSection('memos', 'Memos of recursive functions', ...absent(absencesOf(result).memos));
  const head = [
    'Call',
    'Different calls',
    'Needed maxsize',
    'Computations with it',
    'With one less',
    'maxsize now',
  ];
  return makeSection(
    'memos',
    'Memos of recursive functions',
    make(
      'p',
      {},
      'The needed maxsize is the smallest that computes nothing twice; one less may compute everything again and again.',
    ),
    makeTable('Memos, their needed maxsize, and what one less costs', head, memos.map(memoRow)),
    make('ul', {}, ...memos.map((memo) => make('li', {}, sayMemo(memo)))),
  );
}

function makePage(result: TuneResult): void {
  const header = make(
    'header',
    {},
    make('h1', {}, `memopool tune: ${result.subject.name}`),
    makeThemeToggle(),
  );
  const main = make(
    'main',
    { id: 'main' },
    makeAnswer(result),
    makeFacts(result),
    makeFindings(result),
    makeWorkers(result),
    makeSizes(result),
    makeMemos(result),
  );
  const note =
    'Intervals hold the median with 95 % confidence, found by bootstrap. This file loads nothing from anywhere.';
  const skip = make('a', { class: 'skip', href: '#main' }, 'To the answer');
  document.body.append(skip, header, main, make('footer', {}, make('p', {}, note)), makePatterns());
}

makePage(unpackResult(document.getElementById('data')?.textContent ?? ''));
document.documentElement.dataset['ready'] = 'true';
