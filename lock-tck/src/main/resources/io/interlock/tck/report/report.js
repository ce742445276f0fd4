// SPDX-License-Identifier: Apache-2.0

const report = JSON.parse(document.getElementById('data').textContent);

/** What a person sees of a verdict: a sign, words and a class of colour; in the order of the filter. */
const VERDICTS = {
  FAIL: { sign: '✗', words: 'fail', look: 'bad' },
  XPASS: { sign: '‼', words: 'unexpected pass', look: 'bad' },
  INVALID: { sign: '⚠', words: 'invalid', look: 'bad' },
  XFAIL: { sign: '✗', words: 'expected failure', look: 'known' },
  PASS: { sign: '✓', words: 'pass', look: 'good' },
  NOT_DECLARED: { sign: '–', words: 'not declared', look: 'quiet' },
  NOT_VERIFIED: { sign: '?', words: 'not verified', look: 'quiet' },
};
const SHOWN_WITH_REASON = new Set(['FAIL', 'XPASS', 'INVALID', 'XFAIL']);
const NO_RESULT = { verdict: 'NOT_VERIFIED', reason: 'this run has no result', detail: '', timeNanos: 0, attempts: 0, invalid: 0 };
const LEVELS = {
  MUST: 'binds every backend',
  CAPABILITY: 'binds a backend that declares it',
  MEASURED: 'measured and reported only',
  OUT: 'not in this version of the kit',
  SAME: 'another name of a rule',
};

/** An element. Children that are texts become text nodes: nothing that they contain is ever read as HTML. */
function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      element.addEventListener(name, value);
    } else if (value !== false && value !== undefined) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.flat(Infinity).filter(child => child !== ''));
  return element;
}

const fill = (id, ...children) => document.getElementById(id).replaceChildren(...children.flat());
const many = (count, one, more = `${one}s`) => `${count} ${count === 1 ? one : more}`;
const results = new Map(report.backends.map(b => [b.backend, new Map(b.results.map(r => [r.rule, r]))]));
const resultOf = (backend, rule) => results.get(backend.backend).get(rule.id) ?? NO_RESULT;
const isError = verdict => VERDICTS[verdict].look === 'bad';

function badge(verdict, text = VERDICTS[verdict].words) {
  return h('span', { class: `badge ${VERDICTS[verdict].look}` }, `${VERDICTS[verdict].sign} ${text}`);
}

function long(nanos) {
  const seconds = Math.round(nanos / 1e9);
  return seconds < 120 ? Charts.time(nanos) : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function summary() {
  const errors = report.backends.flatMap(b => b.results).filter(r => isError(r.verdict)).length;
  return `${many(report.backends.length, 'backend')}, ${many(report.rules.length, 'rule')}: `
    + (errors === 0 ? 'no error.' : `${many(errors, 'verdict is an error', 'verdicts are errors')}.`);
}

function facts(pairs) {
  return h('dl', { class: 'facts' }, pairs.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
}

function card(backend) {
  const counts = Object.keys(VERDICTS).map(v => [v, backend.counts[v] ?? 0]).filter(([, count]) => count > 0);
  const repeat = backend.repeat === 1 ? 'once' : `${backend.repeat} times`;
  return h('article', { class: 'card' },
    h('h3', {}, backend.backend),
    h('p', {}, backend.servers || 'no server named'),
    h('p', {}, backend.labels.length === 0 ? 'No label earned.' : backend.labels.map(l => h('span', { class: 'label' }, l))),
    h('div', { class: 'share', 'aria-hidden': 'true' },
      counts.map(([v, count]) => h('i', { class: VERDICTS[v].look, style: `flex:${count}` }))),
    h('ul', { class: 'counts' }, counts.map(([v, count]) => h('li', {}, badge(v, `${count} ${VERDICTS[v].words}`)))),
    facts([
      ['Run', `${backend.startedUtc.slice(0, 16).replace('T', ' ')} UTC, ${long(backend.timeNanos)}`],
      ['Settings', `seed ${backend.seed}, scale ${backend.scale}, each rule ${repeat}`],
      ['Versions', `kit ${backend.kit}, Java ${backend.java}`],
      ['Declares', backend.capabilities.join(', ') || 'nothing'],
    ]));
}

/** A backend's name has a line of its own: beside five numbers there is no room for it on a phone. */
function numbers(rows) {
  const cells = row => [Charts.time(row.p50Nanos), Charts.time(row.p99Nanos), slowest(row),
    row.boundNanos > 0 ? Charts.time(row.boundNanos) : '–', String(row.count)];
  return h('table', { class: 'numbers' },
    h('thead', {}, h('tr', {}, ['p50', 'p99', 'slowest', 'promised', 'samples'].map(t => h('th', { scope: 'col' }, t)))),
    rows.map(row => h('tbody', {},
      h('tr', {}, h('th', { scope: 'rowgroup', colspan: 5 }, row.backend)),
      h('tr', {}, cells(row).map(content => h('td', {}, content))))));
}

function slowest(row) {
  const late = row.boundNanos > 0 && row.maxNanos > row.boundNanos;
  return late ? h('span', { class: 'bad', title: 'later than promised' }, `⚠ ${Charts.time(row.maxNanos)}`) : Charts.time(row.maxNanos);
}

let drawn = [];

function showCharts() {
  drawn.forEach(chart => chart.destroy());
  const all = report.backends.flatMap(b => b.measurements.map(m => ({ ...m, backend: b.backend })));
  const names = [...new Set(all.map(m => m.name))].sort();
  document.getElementById('measured').hidden = names.length === 0;
  const charts = names.map(name => ({ name, rows: all.filter(m => m.name === name), canvas: h('canvas', { 'aria-hidden': 'true' }) }));
  fill('charts', charts.map(({ name, rows, canvas }) => h('article', { class: 'card' },
    h('h3', {}, name.replaceAll('-', ' ')),
    Charts.available ? h('div', { class: 'plot', style: `height:${3 + 2 * rows.length}rem` }, canvas) : '',
    numbers(rows))));
  drawn = Charts.available ? charts.map(({ rows, canvas }) => Charts.draw(canvas, rows)) : [];
}

function needs(rule) {
  return [
    rule.same ? `the same as ${rule.same}` : LEVELS[rule.level],
    rule.capabilities.length > 0 ? `capability ${rule.capabilities.join(', ')}` : '',
    rule.controls.length > 0 ? `needs ${rule.controls.join(', ')}` : '',
  ].filter(text => text).join('; ');
}

function why(backend, result) {
  return h('p', { class: `why ${VERDICTS[result.verdict].look}` }, `${backend.backend}: ${result.reason}`);
}

function account(backend, result) {
  const attempts = result.attempts === 0 ? 'not tried'
    : `${many(result.attempts, 'attempt')} in ${long(result.timeNanos)}${result.invalid > 0 ? `, ${result.invalid} invalid` : ''}`;
  return [
    h('h4', {}, `${backend.backend} `, badge(result.verdict)),
    result.reason ? h('p', {}, result.reason) : '',
    h('p', { class: 'note' }, attempts),
    result.detail ? h('pre', { tabindex: 0, 'aria-label': `Stack trace, ${backend.backend}` }, result.detail) : '',
  ];
}

/** A row of the matrix and the row below it that opens. */
class Row {
  constructor(rule) {
    this.rule = rule;
    this.button = h('button', { type: 'button', class: 'open', 'aria-expanded': 'false', 'aria-controls': `d${rule.id}`,
      click: () => this.open(this.detail.hidden) }, h('b', {}, rule.id), h('span', {}, rule.text));
    this.head = h('tr', { role: 'row' });
    this.detail = h('tr', { role: 'row', class: 'detail', id: `d${rule.id}`, hidden: true });
    this.text = [rule.id, rule.text, ...report.backends.flatMap(b => {
      const result = resultOf(b, rule);
      return [result.reason, result.detail];
    })].join('\n').toLowerCase();
  }

  open(wanted) {
    if (wanted && !this.detail.firstChild) {
      this.detail.append(h('td', { role: 'cell', colspan: this.backends.length + 1 },
        h('p', { class: 'note' }, needs(this.rule)), this.backends.map(b => account(b, resultOf(b, this.rule)))));
    }
    this.detail.hidden = !wanted;
    this.button.setAttribute('aria-expanded', wanted);
  }

  show(backends) {
    this.backends = backends;
    const reasons = backends.filter(b => SHOWN_WITH_REASON.has(resultOf(b, this.rule).verdict));
    this.head.replaceChildren(
      h('th', { role: 'rowheader', scope: 'row' }, this.button, reasons.map(b => why(b, resultOf(b, this.rule)))),
      ...backends.map(b => h('td', { role: 'cell', class: 'cell' },
        h('span', { class: 'name', 'aria-hidden': 'true' }, b.backend), badge(resultOf(b, this.rule).verdict))));
    const wasOpen = !this.detail.hidden;
    this.detail.replaceChildren();
    this.open(wasOpen);
  }

  matches({ verdicts, section, words }) {
    return (section === '' || this.rule.section === Number(section))
      && this.backends.some(b => verdicts.has(resultOf(b, this.rule).verdict))
      && words.every(word => this.text.includes(word));
  }
}

const rows = report.rules.map(rule => new Row(rule));

function chip(name, value, ...content) {
  return h('label', { class: 'chip' }, h('input', { type: 'checkbox', name, value, checked: true }), ...content);
}

function chips(legend, members) {
  return h('fieldset', {}, h('legend', {}, legend), h('div', { class: 'chips' }, members));
}

function filters() {
  const found = new Set(report.backends.flatMap(b => report.rules.map(rule => resultOf(b, rule).verdict)));
  return [
    h('label', { class: 'field' }, 'Text', h('input', { type: 'search', name: 'text', placeholder: 'rule, reason, stack trace' })),
    h('label', { class: 'field' }, 'Section', h('select', { name: 'section' }, h('option', { value: '' }, 'all'),
      report.sections.map(s => h('option', { value: s.number }, `${s.number} ${s.title}`)))),
    chips('Verdict', Object.keys(VERDICTS).filter(v => found.has(v)).map(v => chip('verdict', v, badge(v)))),
    report.backends.length > 1 ? chips('Backend', report.backends.map(b => chip('backend', b.backend, b.backend))) : '',
    h('button', { type: 'button', class: 'plain', click: onlyErrors }, 'Errors only'),
    h('button', { type: 'reset', class: 'plain' }, 'Show all'),
    h('button', { type: 'button', class: 'plain', click: openAll }, 'Open or close all'),
  ].filter(child => child);
}

const form = document.getElementById('filters');
const checked = name => new Set([...form.querySelectorAll(`[name=${name}]:checked`)].map(input => input.value));

function onlyErrors() {
  form.querySelectorAll('[name=verdict]').forEach(input => { input.checked = isError(input.value); });
  showRules();
}

function openAll() {
  const shown = rows.filter(row => !row.head.hidden);
  const wanted = shown.some(row => row.detail.hidden);
  shown.forEach(row => row.open(wanted));
}

function sum(section, backends) {
  const verdicts = section.flatMap(row => backends.map(b => resultOf(b, row.rule).verdict));
  return Object.keys(VERDICTS).map(v => [v, verdicts.filter(x => x === v).length]).filter(([, count]) => count > 0)
    .map(([v, count]) => `${count} ${VERDICTS[v].words}`).join(', ');
}

function table(backends) {
  const head = h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, ['Rule', ...backends.map(b => b.backend)]
    .map(title => h('th', { role: 'columnheader', scope: 'col' }, title))));
  return [head, ...report.sections.map(section => {
    const own = rows.filter(row => row.rule.section === section.number);
    return h('tbody', { role: 'rowgroup' },
      h('tr', { role: 'row', class: 'section' }, h('th', { role: 'cell', scope: 'rowgroup', colspan: backends.length + 1 },
        `${section.number} ${section.title}`, h('span', { class: 'sum' }, sum(own, backends)))),
      own.flatMap(row => [row.head, row.detail]));
  })];
}

let columns = '';

function showRules() {
  const named = checked('backend');
  const backends = report.backends.length > 1 ? report.backends.filter(b => named.has(b.backend)) : report.backends;
  if (columns !== JSON.stringify([...named])) {
    columns = JSON.stringify([...named]);
    rows.forEach(row => row.show(backends));
    fill('matrix', table(backends));
  }
  const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(word => word);
  const wanted = { verdicts: checked('verdict'), section: form.elements.section.value, words };
  rows.forEach(row => {
    row.head.hidden = !row.matches(wanted);
    row.detail.hidden = row.head.hidden || row.button.getAttribute('aria-expanded') === 'false';
  });
  document.querySelectorAll('#matrix tbody').forEach(body => { body.hidden = !body.querySelector('tr:not(.section):not([hidden])'); });
  fill('shown', `${rows.filter(row => !row.head.hidden).length} of ${many(rows.length, 'rule')} shown.`);
}

fill('summary', summary());
fill('backends', report.backends.map(card));
form.append(...filters());
form.addEventListener('input', showRules);
form.addEventListener('submit', event => event.preventDefault());
form.addEventListener('reset', () => setTimeout(showRules));
document.querySelector('main').hidden = false;
showRules();
showCharts();
// canvases keep the colours that they were drawn with
for (const query of ['(prefers-color-scheme: dark)', 'print']) {
  matchMedia(query).addEventListener('change', showCharts);
}
