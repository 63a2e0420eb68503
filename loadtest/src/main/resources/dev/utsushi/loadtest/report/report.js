"use strict";
// Draws the report from its data. All functions return markup; only `start` touches the page, so
// that tests can run the others without a browser.

// ---- markup and figures

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;", "\n": "&#10;" };

function escaped(text) {
  return String(text).replace(/[&<>"'\n]/g, (character) => ESCAPES[character]);
}

/** Returns an element; numbers in attributes are rounded, content is markup. */
function element(name, attributes, content = "") {
  const written = Object.entries(attributes).map(([key, value]) => {
    const text = typeof value === "number" ? Math.round(value * 10) / 10 : value;
    return ` ${key}="${escaped(text)}"`;
  });
  return `<${name}${written.join("")}>${content}</${name}>`;
}

function text(name, content, style) {
  return element(name, style ? { class: style } : {}, escaped(content));
}

function count(number) {
  return String(Math.round(number)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Returns the numbers from 0 to before an end. */
function range(end) {
  return Array.from({ length: end }, (_, i) => i);
}

function largest(values, least) {
  return values.reduce((found, each) => Math.max(found, each), least);
}

function percent(share) {
  return `${Math.round(share * 100)} %`;
}

/** Returns a duration with as many digits as matter: 850 µs, 40 ms, 1.25 s, 95 s. */
function time(millis) {
  if (millis > 0 && millis < 1) {
    return `${Math.round(millis * 1000)} µs`;
  }
  if (millis < 999.5) {
    return `${Math.round(millis)} ms`;
  }
  return `${(millis / 1000).toFixed(millis < 9995 ? 2 : 0)} s`;
}

/** Returns a round duration, for axes: 250 ms, 2.5 s, 10 s. */
function roundTime(millis) {
  return millis < 999.5 ? time(millis) : `${Math.round(millis / 10) / 100} s`;
}

// ---- charts

const PER_DECADE = 12; // bars of a histogram
const CHARACTER = 8; // width at 14 pixels, the size on a phone
const LEFT = 66;
const RIGHT = 26;
const TOP = 30;
const AXIS = 40; // height of the horizontal axis with its name
const LABELS = 24; // without
const PLOT = 170; // height of a chart without axis and legend

/** Returns round steps from zero to at least the largest value. */
function scale(most, ticks) {
  const rough = Math.max(most, 1e-9) / ticks;
  const magnitude = Math.pow(10, Math.floor(Math.log10(rough)));
  const step = [1, 2, 5, 10].find((round) => round * magnitude >= rough * 0.999) * magnitude;
  const steps = Math.max(1, Math.ceil(most / step - 1e-9));
  return { step, steps, end: step * steps };
}

/** Returns an SVG of nested markup, as wide as its place, so that its text keeps its size on every screen. */
function svg(width, height, about, content) {
  const attributes = { viewBox: `0 0 ${Math.round(width)} ${height}`, role: "img", "aria-label": about };
  return element("svg", attributes, content.flat(9).join(""));
}

function line(style, x1, y1, x2, y2) {
  return element("line", { class: style, x1, y1, x2, y2 });
}

function label(style, x, y, content) {
  return element("text", { class: style, x, y }, escaped(content));
}

function bar(color, x, width, y, bottom) {
  const gap = width > 4 ? 1 : 0;
  return element("rect", { class: `bar ${color}`, x, y, width: width - gap, height: bottom - y });
}

function key(color, x, y, name) {
  return (
    element("rect", { class: `key ${color}`, x, y: y - 10, width: 11, height: 11 }) +
    label("", x + 16, y, name)
  );
}

function legend(series) {
  let x = LEFT;
  return series.map((each) => {
    const drawn = key(each.color, x, 18, each.name);
    x += 34 + each.name.length * CHARACTER;
    return drawn;
  });
}

/** Returns a vertical axis with its grid, and the place of each value on it. */
function verticalAxis(most, ticks, top, bottom, right, print) {
  const { step, steps, end } = scale(most, ticks);
  const place = (value) => bottom - ((bottom - top) * value) / end;
  const drawn = range(steps + 1).map((i) => {
    const y = place(i * step);
    return [
      line(i === 0 ? "axis" : "grid", LEFT, y, right, y),
      label("end", LEFT - 8, y + 4, print(i * step)),
    ];
  });
  return { place, drawn };
}

function secondsAxis(seconds, right, bottom) {
  const step = Math.max(1, scale(seconds, Math.max(2, Math.min(8, Math.floor((right - LEFT) / 60)))).step);
  const place = (second) => LEFT + ((right - LEFT) * second) / seconds;
  const ticks = range(Math.floor(seconds / step) + 1).map((i) =>
    label("middle", place(i * step), bottom + 17, count(i * step)),
  );
  return { place, drawn: [ticks, label("end", right, bottom + 35, "seconds")] };
}

/** Returns columns that show a tip; on a long run one column stands for several seconds. */
function columns(from, to, top, bottom, number, tip) {
  const shown = Math.max(1, Math.min(number, Math.floor((to - from) / 2)));
  const width = (to - from) / shown;
  return range(shown).map((i) => {
    const lines = tip(Math.floor(((i + 0.5) * number) / shown));
    const place = { class: "column", x: from + i * width, y: top, width, height: bottom - top };
    return element("rect", Object.assign(place, { "data-tip": lines.join("\n") }));
  });
}

function present(value) {
  return value !== undefined && value !== null;
}

/** Returns the points of a series between its gaps; a value is drawn in the middle of its second. */
function stretches(values, x, y) {
  const all = [[]];
  values.forEach((value, second) => {
    if (present(value)) {
      all[all.length - 1].push(`${x(second + 0.5).toFixed(1)},${y(value).toFixed(1)}`);
    } else {
      all.push([]);
    }
  });
  return all.filter((points) => points.length > 0);
}

function drawSeries(series, x, y, bottom) {
  return stretches(series.values, x, y).map((points) => {
    const first = points[0].split(",")[0];
    const last = points[points.length - 1].split(",")[0];
    const path = `M${points.join("L")}`;
    const area = `${path}L${last},${bottom}L${first},${bottom}Z`;
    // A line of no length shows a value between two gaps as a dot.
    return (
      (series.filled ? element("path", { class: `area ${series.color}`, d: area }) : "") +
      element("path", { class: `line ${series.color}`, d: points.length > 1 ? path : `${path}h0` })
    );
  });
}

/** Returns values by the second: `series` of name, color, filled and values; `end` of the writes. */
function lineChart(width, about, series, print, end) {
  const right = width - RIGHT;
  const bottom = TOP + PLOT;
  const seconds = largest(
    series.map((each) => each.values.length),
    1,
  );
  const most = largest(
    series.map((each) => largest(each.values.filter(present), 0)),
    0,
  );
  const vertical = verticalAxis(most, 4, TOP, bottom, right, print);
  const horizontal = secondsAxis(seconds, right, bottom);
  const tip = (second) =>
    [`second ${second + 1}`].concat(
      series
        .filter((each) => present(each.values[second]))
        .map((each) => `${each.name}: ${print(each.values[second], true)}`),
    );
  return svg(width, bottom + AXIS, about, [
    vertical.drawn,
    horizontal.drawn,
    series.map((each) => drawSeries(each, horizontal.place, vertical.place, bottom)),
    end < seconds - 0.5 ? endOfWrites(horizontal.place(end), right, bottom) : [],
    legend(series),
    columns(LEFT, right, TOP, bottom, seconds, tip),
  ]);
}

/** Marks the end of the writes, with its label on the side that has room for it. */
function endOfWrites(x, right, bottom) {
  const fits = x + 5 + 13 * CHARACTER < right;
  return [
    line("mark", x, TOP, x, bottom),
    label(fits ? "" : "end", fits ? x + 5 : x - 5, TOP + 12, "end of writes"),
  ];
}

/** Returns one histogram above the other on one logarithmic axis: `rows` of name, color, buckets. */
function histogram(width, about, rows) {
  const drawn = rows.filter((row) => row.buckets.counts.length > 0);
  const right = width - RIGHT;
  const bottom = TOP + PLOT;
  if (drawn.length === 0) {
    return svg(width, bottom + AXIS, about, [label("", LEFT, TOP + 20, "nothing was measured")]);
  }
  const gap = 30;
  const height = (PLOT - gap * (drawn.length - 1)) / drawn.length;
  // A decade at least, or a few bars would look like blocks.
  const lowest = -largest(
    drawn.map((row) => -row.buckets.first),
    -Infinity,
  );
  const highest = largest(
    drawn.map((row) => row.buckets.first + row.buckets.counts.length),
    -Infinity,
  );
  const padding = Math.max(0, Math.ceil((PER_DECADE - (highest - lowest)) / 2));
  const first = lowest - padding;
  const last = highest + padding;
  const x = (bucket) => LEFT + ((right - LEFT) * (bucket - first)) / (last - first);
  const plots = drawn.map((row, i) => {
    const top = TOP + i * (height + gap);
    return histogramRow(row, x, top, top + height, right);
  });
  const edge = (bucket) => time(Math.pow(10, bucket / PER_DECADE));
  const tip = (i) =>
    [`from ${edge(first + i)} to ${edge(first + i + 1)}`].concat(
      drawn.map((row) => `${row.name}: ${(shareOf(row.buckets, first + i) * 100).toFixed(1)} %`),
    );
  return svg(width, bottom + LABELS, about, [
    plots,
    durationLabels(first, last, x, bottom),
    columns(LEFT, right, TOP, bottom, last - first, tip),
  ]);
}

function shareOf(buckets, bucket) {
  const all = buckets.counts.reduce((sum, each) => sum + each, 0);
  return (buckets.counts[bucket - buckets.first] || 0) / all;
}

function histogramRow(row, x, top, bottom, right) {
  const { first, counts } = row.buckets;
  const shares = counts.map((_, i) => shareOf(row.buckets, first + i));
  const vertical = verticalAxis(largest(shares, 0), bottom - top > 100 ? 4 : 2, top, bottom, right, percent);
  const bars = shares.map((share, i) =>
    share === 0
      ? ""
      : bar(row.color, x(first + i), x(first + i + 1) - x(first + i), vertical.place(share), bottom),
  );
  return [vertical.drawn, bars, key(row.color, LEFT, top - 8, row.name)];
}

/** Returns labels at 1, 2 and 5 of each decade, or at fewer where there is little room. */
function durationLabels(first, last, x, bottom) {
  const decade = x(first + PER_DECADE) - x(first);
  const digits = decade > 200 ? [1, 2, 5] : decade > 130 ? [1, 3] : [1];
  return range(9)
    .map((i) => digits.map((digit) => digit * Math.pow(10, i - 1)))
    .flat()
    .map((millis) => ({ millis, bucket: Math.log10(millis) * PER_DECADE }))
    .filter(({ bucket }) => bucket >= first - 1e-9 && bucket <= last + 1e-9)
    .map(({ millis, bucket }) => label("middle", x(bucket), bottom + 17, roundTime(millis)));
}

/** Returns how busy each lane was, a row of bars for each. */
function laneChart(width, about, lanes, seconds) {
  const right = width - 58;
  const row = Math.max(18, Math.min(48, PLOT / lanes.length));
  const bottom = TOP + row * lanes.length;
  const length = largest(
    seconds.map((each) => each.length),
    1,
  );
  const together = Math.ceil(length / Math.max(1, Math.floor((right - LEFT) / 3)));
  const horizontal = secondsAxis(length, right, bottom);
  const rows = lanes.map((lane, i) => {
    const base = TOP + row * (i + 1);
    const bars = range(Math.ceil(seconds[i].length / together)).map((number) => {
      const part = seconds[i].slice(number * together, (number + 1) * together);
      const share = part.reduce((sum, each) => sum + each, 0) / part.length;
      const x = horizontal.place(number * together);
      const end = horizontal.place(number * together + part.length);
      return share === 0 ? "" : bar("blue", x, end - x, base - (row - 4) * share, base);
    });
    return [
      bars,
      line("axis", LEFT, base, right, base),
      label("end", LEFT - 8, base - 3, `lane ${lane.lane}`),
      label("end", width - 4, base - 3, percent(lane.busy)),
    ];
  });
  const tip = (second) =>
    [`second ${second + 1}`].concat(
      lanes.map((lane, i) => `lane ${lane.lane}: ${percent(seconds[i][second] || 0)}`),
    );
  const head = label("end", width - 4, 18, "in traffic");
  return svg(width, bottom + AXIS, about, [
    horizontal.drawn,
    rows,
    head,
    columns(LEFT, right, TOP, bottom, length, tip),
  ]);
}

/** The charts of a run: title, caption, and how to draw it. Those of invocations need an embedded pipeline. */
const CHARTS = {
  lag: {
    title: "Lag",
    caption: "from write to indexed, by the second in which the write was sent",
    draw: (run, width, about) => {
      const last = run.seconds.reduce((found, each, i) => (present(each.max) ? i : found), 0);
      const values = (name) => run.seconds.slice(0, last + 1).map((each) => each[name]);
      const series = [
        { name: "max", color: "grey", filled: true, values: values("max") },
        { name: "p99", color: "orange", values: values("p99") },
        { name: "p50", color: "blue", values: values("p50") },
      ];
      return lineChart(
        width,
        about,
        series,
        (value, exact) => (exact ? time(value) : roundTime(value)),
        Infinity,
      );
    },
  },
  arrivals: {
    title: "Written and indexed",
    caption: "changes in each second",
    draw: (run, width, about) => {
      const series = [
        {
          name: "written",
          color: "grey",
          filled: true,
          values: run.seconds.map((each) => each.acknowledged),
        },
        { name: "indexed", color: "blue", values: run.seconds.map((each) => each.indexed) },
      ];
      return lineChart(width, about, series, count, run.counts.trafficMillis / 1000);
    },
  },
  behind: {
    title: "Behind",
    caption: "changes written and not yet indexed, at the end of each second",
    draw: (run, width, about) => {
      const series = [
        { name: "behind", color: "orange", filled: true, values: run.seconds.map((each) => each.behind) },
      ];
      return lineChart(width, about, series, count, run.counts.trafficMillis / 1000);
    },
  },
  lanes: {
    title: "Lanes",
    caption: "share of each second that the invocations of a lane took",
    embedded: true,
    draw: (run, width, about) => laneChart(width, about, run.lanes, run.page.laneSeconds),
  },
  lags: {
    title: "Distribution of lag",
    caption: "share of the changes",
    draw: (run, width, about) =>
      histogram(width, about, [
        { name: "write to indexed", color: "blue", buckets: run.page.histograms.indexed },
        { name: "write to searchable", color: "violet", buckets: run.page.histograms.searchable },
      ]),
  },
  invocations: {
    title: "Distribution of invocation times",
    caption: "share of the invocations, with all overheads",
    embedded: true,
    draw: (run, width, about) =>
      histogram(width, about, [
        { name: "invocations", color: "blue", buckets: run.page.histograms.invocations },
      ]),
  },
};

function chart(run, name, width) {
  return CHARTS[name].draw(run, width, `${CHARTS[name].title}: ${CHARTS[name].caption}`);
}

// ---- text and tables

function isEmbedded(run) {
  return present(run.settings);
}

function busiestLane(run) {
  return largest(
    run.lanes.map((lane) => lane.busy),
    0,
  );
}

function table(style, head, rows) {
  const titles = head.map((each) => element("th", {}, escaped(each))).join("");
  return element(
    "div",
    { class: "wide" },
    element("table", { class: style }, `<thead><tr>${titles}</tr></thead><tbody>${rows.join("")}</tbody>`),
  );
}

function row(cells) {
  return element("tr", {}, cells.map((each) => text("td", each)).join(""));
}

function findings(run) {
  const pace = run.verdict.fallingBehind ? "bad" : "good";
  const copy = run.page.faithful ? "good" : "bad";
  const lines = run.verdict.findings.map((finding, i) => text("p", finding, i === 0 ? pace : "bad"));
  return lines.join("") + text("p", run.verdict.line, copy);
}

function tiles(run) {
  const figures = [
    [time(run.lag.indexed.p50), "p50 write to indexed"],
    [time(run.lag.indexed.p99), "p99 write to indexed"],
    [time(run.lag.indexed.max), "max write to indexed"],
    [time(run.lag.searchable.p99), "p99 write to searchable"],
    [`${(run.counts.acknowledged / (run.counts.trafficMillis / 1000)).toFixed(1)}/s`, "writes"],
  ];
  if (isEmbedded(run)) {
    figures.push([time(run.page.invocationTime.mean), "mean invocation time"]);
    figures.push([percent(busiestLane(run)), "use of the busiest lane"]);
  }
  figures.push([count(run.counts.behindAtEndOfTraffic), "behind when the writes ended"]);
  return element(
    "div",
    { class: "tiles" },
    figures
      .map(([figure, what]) => element("div", { class: "tile" }, text("b", figure) + text("span", what)))
      .join(""),
  );
}

function figures(run, number) {
  const drawn = Object.entries(CHARTS)
    .filter((each) => isEmbedded(run) || !each[1].embedded)
    .map(([name, each]) => {
      const place = element("div", { class: "chart", "data-run": String(number), "data-chart": name });
      return element("figure", {}, text("h3", each.title) + place + text("figcaption", each.caption));
    });
  return element("div", { class: "charts" }, drawn.join(""));
}

function lags(run) {
  const named = [
    ["write sent to indexed", run.lag.indexed],
    ["write sent to searchable (a sample)", run.lag.searchable],
    ["write due to indexed", run.lag.indexedFromSchedule],
    ["write due to dispatched by the generator", run.generator.scheduledToDispatched],
    ["dispatched to sent", run.generator.dispatchedToSent],
    ["sent to acknowledged by the table", run.generator.sentToAcknowledged],
  ];
  if (isEmbedded(run)) {
    named.splice(3, 0, ["invocation, with its overhead", run.page.invocationTime]);
  }
  const percentiles = ["mean", "p50", "p90", "p99", "p99.9", "max"];
  const rows = named.map(([name, each]) =>
    row([name, count(each.count)].concat(percentiles.map((percentile) => time(each[percentile])))),
  );
  return table("lags", ["from … to …", "count"].concat(percentiles), rows);
}

function seconds(run) {
  const lag = (each, name) => (present(each[name]) ? time(each[name]) : "");
  const rows = run.seconds.map((each) =>
    row([
      each.second + 1,
      count(each.acknowledged),
      count(each.indexed),
      count(each.behind),
      lag(each, "p50"),
      lag(each, "p99"),
      lag(each, "max"),
    ]),
  );
  const head = ["second", "written", "indexed", "behind", "p50", "p99", "max"];
  return element("details", {}, text("summary", "Figures by the second") + table("seconds", head, rows));
}

function conditions(run) {
  const traffic = run.traffic;
  const writes =
    `Started ${dateAndTime(run.startedAt)}. Rate ${traffic.rate}, ${traffic.arrivals.toLowerCase()} arrivals,` +
    ` keys ${traffic.keys}, inserts, updates and deletes ${traffic.mix},` +
    ` least item size ${traffic.itemSize} bytes, seed ${traffic.seed}.`;
  return (
    text("p", writes, "soft") +
    text("p", pipeline(run), "soft")
  );
}

function pipeline(run) {
  if (isEmbedded(run)) {
    return embeddedPipeline(run);
  }
  return present(run.worker) ? workerPipeline(run.worker) : deployedPipeline(run.deployed);
}

function workerPipeline(worker) {
  return (
    `A worker on the Kinesis Client Library with ${worker.lanes} lanes a shard, batch size ${worker.batchSize}.` +
    " Lag to indexed ends when the engine's reply passes a proxy on its way to the worker." +
    " A worker has no invocations."
  );
}

function embeddedPipeline(run) {
  const settings = run.settings;
  const counts = run.counts;
  const records = run.invocation ? run.invocation.records.toFixed(1) : "0";
  return (
    `Factor ${settings.factor}, batch size ${settings.batchSize},` +
    ` window ${time(settings.windowMillis)}. Real waits: ${run.page.waits}.` +
    ` ${count(counts.invocations)} invocations with ${records} changes on average,` +
    ` ${count(counts.failedInvocations)} failed.` +
    ` Maximum age of a change when invoked: ${time(run.iteratorAgeMaxMillis)}.`
  );
}

function deployedPipeline(deployed) {
  return (
    `Stack ${deployed.stack}, stream ${deployed.index}, region ${deployed.region}, with its deployed` +
    " settings. Lag to indexed ends at the time in the document: the function's clock as it sent the" +
    " write, less than a round trip before the engine had it. Lag to searchable uses this machine's" +
    " clock only. Not measured, because it is not visible from outside: invocations, lanes, iterator" +
    " age, dead letters."
  );
}

/** Returns the figures of an earlier run beside those of this one. */
function compared(run) {
  if (!present(run.compared)) {
    return "";
  }
  const rows = run.compared.figures.map((each) => row([each.name, each.earlier, each.now, each.ratio]));
  return (
    text("h3", `Compared with the test of ${dateAndTime(run.compared.startedAt)}`) +
    table("compared", ["", "earlier", "now", "now / earlier"], rows) +
    run.compared.warnings.map((each) => text("p", each, "bad")).join("")
  );
}

function dateAndTime(instant) {
  return instant.replace(/T/, " ").replace(/(\.\d+)?Z/, " UTC");
}

function body(run, number) {
  return findings(run) + tiles(run) + compared(run) + figures(run, number) + lags(run) + seconds(run) + conditions(run);
}

const OVERVIEW = [
  "run",
  "published",
  "invocation",
  "mean",
  "p50",
  "p99",
  "max",
  "p99 searchable",
  "busiest lane",
  "behind",
  "table and index",
];

/** Returns the table of a scenario, with a link to each of its runs. */
function overview(data) {
  const rows = data.groups.map((group) => {
    const heading = element("td", { colspan: String(OVERVIEW.length) }, escaped(group.heading));
    return (
      element("tr", { class: "group" }, heading) +
      group.entries.map((entry) => overviewRow(entry, data.runs[entry.run])).join("")
    );
  });
  const note =
    "mean, p50, p99 and max: write sent to indexed. behind: changes that waited when the writes ended;" +
    " the last of them is as late as max says.";
  return table("overview", OVERVIEW, rows) + text("p", note, "soft");
}

function overviewRow(entry, run) {
  const lag = run.lag.indexed;
  const figures = [
    run.page.invocationTime.mean,
    lag.mean,
    lag.p50,
    lag.p99,
    lag.max,
    run.lag.searchable.p99,
  ].map((millis) => [time(millis), ""]);
  const copy =
    (run.page.faithful ? "equal" : "not shown equal") +
    (run.page.machineIsBottleneck ? "; the machine was the bottleneck" : "");
  const cells = [[entry.published, ""]].concat(figures, [
    [percent(busiestLane(run)), ""],
    [count(run.counts.behindAtEndOfTraffic), run.verdict.fallingBehind ? "bad" : ""],
    [copy, !run.page.faithful ? "bad" : run.page.machineIsBottleneck ? "" : "good"],
  ]);
  // On a phone, where the table's head does not fit, each cell shows its own.
  const drawn = cells.map(([content, style], i) =>
    element(
      "td",
      Object.assign(style ? { class: style } : {}, { "data-head": OVERVIEW[i + 1] }),
      escaped(content),
    ),
  );
  const link = element("a", { href: `#run-${entry.run}` }, escaped(run.page.title));
  return element("tr", {}, element("td", {}, link) + drawn.join(""));
}

function page(data) {
  const title = text("h1", data.title);
  if (!present(data.groups)) {
    return title + body(data.runs[0], 0);
  }
  const sections = data.runs.map((run, i) =>
    element("section", { id: `run-${i}` }, text("h2", run.page.title) + body(run, i)),
  );
  return (
    title +
    data.introduction.map((each) => text("p", each, "soft")).join("") +
    overview(data) +
    sections.join("")
  );
}

// ---- browser

const PRINTED_WIDTH = 340;

function start() {
  const data = JSON.parse(document.getElementById("data").textContent);
  document.querySelector("main").innerHTML = page(data);
  const places = Array.from(document.querySelectorAll(".chart"));
  const drawAll = (widthOf) =>
    places.forEach((place) => {
      place.innerHTML = chart(data.runs[Number(place.dataset.run)], place.dataset.chart, widthOf(place));
    });
  const draw = () => drawAll((place) => Math.max(260, place.clientWidth));
  draw();
  addEventListener("resize", draw);
  addEventListener("beforeprint", () => drawAll(() => PRINTED_WIDTH));
  addEventListener("afterprint", draw);
  showTips(document.getElementById("tip"));
}

function showTips(tip) {
  const show = (event) => {
    const column = event.target.closest("[data-tip]");
    tip.hidden = !column;
    if (column) {
      tip.textContent = column.dataset.tip;
      const left =
        event.clientX + 14 + tip.offsetWidth < innerWidth
          ? event.clientX + 14
          : event.clientX - 14 - tip.offsetWidth;
      tip.style.left = `${Math.max(4, left)}px`;
      tip.style.top = `${Math.max(4, Math.min(event.clientY + 14, innerHeight - tip.offsetHeight - 4))}px`;
    }
  };
  document.addEventListener("pointermove", show);
  document.addEventListener("pointerdown", show);
  document.addEventListener("scroll", () => (tip.hidden = true), { passive: true });
}

if (typeof document !== "undefined") {
  start();
}
