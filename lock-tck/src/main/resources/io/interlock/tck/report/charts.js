// SPDX-License-Identifier: Apache-2.0
'use strict';

/** Draws measured times with Chart.js: one chart a measurement, one line a backend. */
const Charts = (() => {
  const UNITS = [[1e9, 's'], [1e6, 'ms'], [1e3, 'µs']];
  const LEAST = 1e3; // a logarithmic axis has no zero

  /** A time for people, with three digits. */
  function time(nanos) {
    for (const [size, unit] of UNITS) {
      if (nanos >= size || size === 1e3) {
        const value = nanos / size;
        return `${value >= 100 ? Math.round(value) : Number(value.toPrecision(3))} ${unit}`;
      }
    }
  }

  function color(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  }

  const visible = nanos => Math.max(nanos, LEAST);
  const isPowerOfTen = value => Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-9;

  function dots(rows, value, label, style) {
    const data = rows.filter(row => value(row) > 0).map(row => ({ x: visible(value(row)), y: row.backend }));
    return { type: 'scatter', label, data, ...style };
  }

  function datasets(rows) {
    return [
      dots(rows, row => row.maxNanos, 'slowest', {
        pointStyle: 'triangle', radius: 6, hoverRadius: 7, backgroundColor: color('known'), borderColor: color('known'),
      }),
      dots(rows, row => row.boundNanos, 'promised', {
        pointStyle: 'line', rotation: 90, radius: 11, hoverRadius: 11, borderWidth: 3, hoverBorderWidth: 3,
        borderColor: color('bad'),
      }),
      {
        type: 'bar', label: 'p50 to p99', barThickness: 12, minBarLength: 4, backgroundColor: color('bar'),
        data: rows.map(row => ({ x: [visible(row.p50Nanos), visible(row.p99Nanos)], y: row.backend })),
      },
    ];
  }

  /** The axis begins and ends at a power of ten, so that charts can be compared. */
  function axis(rows) {
    const all = rows.flatMap(row => [row.p50Nanos, row.maxNanos, row.boundNanos]).filter(nanos => nanos > 0).map(visible);
    const first = Math.floor(Math.log10(Math.min(LEAST * 1e3, ...all)));
    const last = Math.ceil(Math.log10(Math.max(LEAST * 1e3, ...all) * 1.05));
    const step = Math.ceil((last - first) / 3); // more labels than four run into each other on a phone
    const hasLabel = nanos => isPowerOfTen(nanos) && (Math.round(Math.log10(nanos)) - last) % step === 0;
    return {
      type: 'logarithmic',
      min: 10 ** first,
      max: 10 ** last,
      grid: { color: context => (isPowerOfTen(context.tick.value) ? color('line') : 'transparent') },
      ticks: {
        autoSkip: false, maxRotation: 0, color: color('soft'),
        callback: nanos => (hasLabel(nanos) ? time(nanos) : ''),
      },
    };
  }

  function tooltip({ dataset, raw }) {
    return `${dataset.label}: ${[raw.x].flat().map(time).join(' to ')}`;
  }

  function draw(canvas, rows) {
    return new Chart(canvas, {
      data: { datasets: datasets(rows) },
      options: {
        indexAxis: 'y', animation: false, maintainAspectRatio: false,
        scales: {
          x: axis(rows),
          y: {
            type: 'category', labels: rows.map(row => row.backend), offset: true,
            grid: { display: false }, ticks: { color: color('ink'), autoSkip: false },
          },
        },
        plugins: { legend: { display: false }, tooltip: { callbacks: { title: items => items[0].raw.y, label: tooltip } } },
      },
    });
  }

  return { draw, time, available: typeof Chart !== 'undefined' };
})();
