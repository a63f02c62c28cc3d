"use strict";
/* The page can be read without this. With it, facts are filtered, followed into every article,
   copied, and reached by keys. All lookups go through one index; all events are delegated. */
(() => {
  const root = document.documentElement;
  root.classList.add("js");

  const find = (id) => document.getElementById(id);
  const fill = (element, ...parts) => element.replaceChildren(...parts);
  const made = (tag, properties) => Object.assign(document.createElement(tag), properties);

  function start() {
    const index = JSON.parse(find("index").textContent);
    if (!index.facts.length) return;
    const facts = new Map(index.facts.map((fact) => [fact.id, fact]));
    for (const clash of index.clashes) facts.set(clash.id, { ...clash, clash: true });
    const state = { selected: "", tools: tools(), texts: null, marks: null };
    const page = { index, facts, state };
    filtering(page);
    following(page);
    picture(page);
    keys(page);
    printing();
    find("theme").addEventListener("click", turn);
    reveal(page);
    addEventListener("hashchange", () => reveal(page));
  }

  /* Filters */

  function filtering(page) {
    const form = find("filters");
    const apply = () => requestAnimationFrame(() => filter(page, form));
    form.addEventListener("input", apply);
    form.addEventListener("reset", () => setTimeout(apply));
    form.addEventListener("submit", (event) => event.preventDefault());
    // A browser that comes back to the page fills the form in again.
    filter(page, form);
  }

  function filter(page, form) {
    const wanted = {
      words: form.words.value.trim().toLowerCase().split(/\s+/).filter(Boolean),
      outlet: form.outlet.value === "" ? -1 : Number(form.outlet.value),
      status: form.status.value,
      kind: form.kind.value,
      salience: Number(form.salience.value),
      differs: form.differs.checked,
    };
    let shown = 0;
    for (const fact of page.facts.values()) {
      const fits = suits(page, fact, wanted);
      if (Boolean(fact.hidden) !== !fits) {
        fact.hidden = !fits;
        find(fact.id).hidden = !fits;
      }
      if (fits && !fact.clash) shown += 1;
    }
    const filtered = Object.values(wanted).some((each) => each !== -1 && each.length !== 0 && each);
    for (const group of document.querySelectorAll(".group")) {
      group.hidden = filtered && !group.querySelector(".fact:not([hidden])");
    }
    find("nothing").hidden = Boolean(document.querySelector(".fact:not([hidden])"));
    find("found").value = `${shown} of ${page.index.facts.length} facts`;
  }

  function suits(page, fact, wanted) {
    if (wanted.outlet >= 0 && !fact.outlets.includes(wanted.outlet)) return false;
    if (wanted.differs && !fact.clash && !fact.clashes) return false;
    if (!fact.clash) {
      if (wanted.status && fact.status !== wanted.status) return false;
      if (wanted.kind && fact.kind !== wanted.kind) return false;
      if (fact.salience < wanted.salience) return false;
    } else if (wanted.status || wanted.kind) return false;
    if (!wanted.words.length) return true;
    const words = lowered(page).get(fact.id);
    return wanted.words.every((word) => words.includes(word));
  }

  /* What a fact and its passages say, not what only comes near to it. */
  function lowered(page) {
    page.state.texts ??= new Map([...page.facts.keys()].map((id) => {
      const said = [...find(id).querySelectorAll(".say, .value, :not(.near) > li > q")];
      return [id, said.map((each) => each.textContent).join(" ").toLowerCase()];
    }));
    return page.state.texts;
  }

  function unhide(page, id) {
    if (!page.facts.get(id).hidden) return;
    find("filters").reset();
    filter(page, find("filters"));
  }

  /* From a fact to its passages, and back */

  function following(page) {
    find("facts").addEventListener("click", (event) => {
      const fact = event.target.closest(".fact");
      if (!fact || event.target.closest("summary, button")) return;
      const link = event.target.closest("a");
      if (link?.matches(".further")) {
        event.preventDefault();
        return complete(page, link);
      }
      if (link && !link.matches(".o")) return;
      if (link) event.preventDefault();
      else if (!getSelection().isCollapsed) return;
      select(page, fact.id, { scroll: false });
      if (link) follow(page, link);
    });
    find("facts").addEventListener("pointerover", (event) => offer(page, event.target));
    find("facts").addEventListener("focusin", (event) => offer(page, event.target));
    find("articles").addEventListener("click", (event) => {
      const passage = event.target.closest("a.m");
      if (!passage) return;
      event.preventDefault();
      back(page, passage.dataset.f.split(" "));
    });
  }

  function select(page, id, { scroll = true, quiet = false } = {}) {
    for (const lit of document.querySelectorAll(".fact.sel")) lit.classList.remove("sel");
    page.state.selected = id;
    const fact = find(id);
    fact.classList.add("sel");
    offer(page, fact);
    light(page, [id]);
    point(page, id);
    if (!quiet) history.replaceState(null, "", `#${id}`);
    if (scroll) {
      fact.tabIndex = -1;
      fact.focus({ preventScroll: true });
      fact.scrollIntoView({ block: "nearest" });
    }
    find("bar").hidden = true;
  }

  /* Every passage of the facts is marked, and the first in each article comes into view. So is
     the nearest passage of the articles that lack a fact: there it would stand if anywhere. */
  function light(page, ids) {
    for (const lit of document.querySelectorAll(".m.on, .column.lit")) {
      lit.classList.remove("on", "lit");
    }
    const found = new Map();
    const near = [];
    for (const id of ids) {
      for (const passage of passages(page).get(id) ?? []) {
        passage.classList.add("on");
        const column = passage.closest(".column");
        if (!found.has(column)) found.set(column, passage);
      }
    }
    for (const id of ids) {
      for (const link of find(id).querySelectorAll("[data-to]")) {
        const place = find(link.hash.slice(1));
        const column = place?.closest(".column");
        if (!column || found.has(column)) continue;
        found.set(column, place);
        near.push(range(place, column, link));
      }
    }
    if (window.Highlight) CSS.highlights.set("near", new Highlight(...near));
    if (sideways()) arrange(found);
  }

  /* Side by side: what is reported first, then what comes near, then the other articles. */
  function arrange(found) {
    const all = document.querySelector(".columns");
    all.classList.toggle("picked", found.size > 0);
    for (const column of all.children) column.style.order = found.has(column) ? "" : 1;
    for (const column of found.keys()) column.style.order = column.querySelector(".on") ? -1 : 0;
    for (const column of found.keys()) column.classList.add("lit");
    all.scrollTop = 0;
    for (const place of found.values()) unfold(place);
    // All are measured before any is moved: to move one makes the next measure a new layout.
    const tops = [...found].map(([column, place]) => [column, above(place, column)]);
    for (const [column, top] of tops) column.scrollTo({ top });
  }

  function passages(page) {
    if (!page.state.marks) {
      page.state.marks = new Map();
      for (const passage of document.querySelectorAll(".m")) {
        for (const id of passage.dataset.f.split(" ")) {
          if (!page.state.marks.has(id)) page.state.marks.set(id, []);
          page.state.marks.get(id).push(passage);
        }
      }
    }
    return page.state.marks;
  }

  const sideways = () => getComputedStyle(find("articles")).position === "sticky";

  function unfold(element) {
    const fold = element.closest("details:not([open])");
    if (fold) fold.open = true;
  }

  /* How far a column must be scrolled for the element to stand in its upper third. */
  function above(element, column) {
    const place = element.getBoundingClientRect().top - column.getBoundingClientRect().top;
    return column.scrollTop + place - column.clientHeight / 3;
  }

  function bring(element, column) {
    unfold(element);
    if (sideways()) column.scrollTo({ top: above(element, column) });
    else center(element);
  }

  /* What was skipped while it was out of sight takes its true height once it is near. */
  function center(element) {
    element.scrollIntoView({ block: "center" });
    requestAnimationFrame(() => element.scrollIntoView({ block: "center" }));
  }

  /* A link to one passage: of a mention, or the nearest that was found elsewhere. */
  function follow(page, link) {
    const place = find(link.hash.slice(1));
    if (!place) return;
    const column = place.closest(".column");
    if (sideways()) column.style.order = -2;
    bring(place, column);
    if (!sideways()) answer("Back to the fact", [page.state.selected]);
  }

  /* The nearest passage has no element of its own: it may begin and end within others. */
  function range(place, column, link) {
    const begin = Number(place.id.slice(place.id.lastIndexOf("-") + 1));
    const end = Number(link.dataset.to);
    const chosen = document.createRange();
    let at = 0;
    for (const node of textNodes(column)) {
      const size = length(node.data);
      if (at <= begin && begin < at + size) chosen.setStart(node, units(node.data, begin - at));
      if (at < end && end <= at + size) chosen.setEnd(node, units(node.data, end - at));
      at += size;
      if (at >= end) break;
    }
    return chosen;
  }

  /* Offsets count code points, a browser counts UTF-16. */
  const astral = /[\ud800-\udbff]/;
  const length = (text) => (astral.test(text) ? [...text].length : text.length);
  const units = (text, points) =>
    astral.test(text) ? [...text].slice(0, points).join("").length : points;

  function* textNodes(column) {
    const walker = document.createTreeWalker(
      column.querySelector(".text"),
      NodeFilter.SHOW_TEXT,
      (node) => (node.parentElement.closest("summary") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT),
    );
    while (walker.nextNode()) yield walker.currentNode;
  }

  const articleText = (id) => [...textNodes(find(id))].map((node) => node.data).join("");

  function back(page, ids) {
    for (const id of ids) unhide(page, id);
    select(page, ids[0]);
    light(page, ids);
    for (const id of ids) find(id).classList.add("sel");
    center(find(ids[0]));
    if (ids.length > 1) answer(`${counted(page, ids)} rest on this passage:`, ids);
  }

  const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

  function counted(page, ids) {
    const clashes = ids.filter((id) => page.facts.get(id).clash).length;
    const facts = ids.length - clashes;
    return [facts && count(facts, "fact"), clashes && count(clashes, "conflict")]
      .filter(Boolean)
      .join(" and ");
  }

  function answer(text, ids) {
    const links = ids.map((id) => made("a", { href: `#${id}`, textContent: id }));
    fill(find("bar"), text, ...links);
    find("bar").hidden = false;
  }

  /* Where there are many outlets, the file holds only the likeliest passages as text. */
  function complete(page, link) {
    // Parsed when it is first asked for: it is most of the index, and few readers want it.
    page.state.further ??= JSON.parse(find("further").textContent);
    const further = page.state.further[link.closest(".fact").id];
    const rows = [];
    for (let at = 0; at < further.length; at += 5) rows.push(row(page, further.slice(at, at + 5)));
    const item = link.closest("li");
    if (item) return item.replaceWith(...rows);
    const list = made("ul", { className: "near" });
    list.append(...rows);
    link.closest(".near").after(list);
    link.remove();
  }

  function row(page, [place, verdict, percent, begin, end]) {
    const [article, outlet] = page.index.articles[place];
    const item = made("li");
    item.append(made("b", { textContent: outlet }), ` ${page.index.verdicts[verdict]}, ${percent}% likely there`);
    if (end === begin) return item;
    const text = articleText(article);
    const quote = text.slice(units(text, begin), units(text, end)).replace(/\s+/g, " ").trim();
    item.append("; nearest: ", made("q", { textContent: `“${quote}”` }));
    return item;
  }

  /* A link to a fact survives a reload, and the way back. */
  function reveal(page) {
    const id = decodeURIComponent(location.hash.slice(1));
    if (!page.facts.has(id)) return;
    unhide(page, id);
    // After the browser's own jump to the same place.
    setTimeout(() => {
      select(page, id, { quiet: true });
      center(find(id));
    });
  }

  /* Copying */

  function tools() {
    const box = made("span", { className: "tools" });
    box.append(made("button", { type: "button", className: "copy", textContent: "Copy as quote" }));
    return box;
  }

  function offer(page, target) {
    const fact = target.closest?.(".fact");
    if (!fact || page.state.tools.parentElement?.parentElement === fact) return;
    fact.querySelector(".by").append(page.state.tools);
    page.state.tools.firstChild.onclick = () => copy(page, fact);
  }

  /* The words of each article: as listed, or where they are just the fact's, from their place. */
  function quoted(page, fact) {
    const rows = [...fact.querySelectorAll("details > ul:not(.near) > li, .stand li")];
    const said = rows.map((row) => [row.querySelector("q")?.textContent, row.querySelector(".o")]);
    if (!said.length) said.push(...[...fact.querySelectorAll(".by .o")].map((label) => [null, label]));
    return said
      .map(([words, label]) => `${words ?? inPlace(page, fact.id, label)} (${signature(label)})`)
      .join("\n");
  }

  function inPlace(page, id, label) {
    const column = find(label.hash.slice(1)).closest(".column");
    const mine = passages(page).get(id).filter((passage) => column.contains(passage));
    return `“${mine.map((passage) => passage.textContent).join("").replace(/\s+/g, " ").trim()}”`;
  }

  function signature(outlet) {
    const article = outlet.hash?.slice(1).replace(/-\d+$/, "");
    const about = article && find(article)?.dataset.date;
    return `${outlet.title}, ${about || "no date"}`;
  }

  async function copy(page, fact) {
    const text = quoted(page, fact);
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = made("textarea", { value: text });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    answer("Copied.", []);
    setTimeout(() => { find("bar").hidden = true; }, 1500);
  }

  /* The picture */

  function picture(page) {
    const table = find("matrix");
    const at = (event) => {
      const strip = event.target.closest("td.strip");
      if (!strip) return null;
      const box = strip.querySelector("svg").getBoundingClientRect();
      const column = Math.floor(((event.clientX - box.left) / box.width) * page.index.columns.length);
      return page.index.columns[Math.min(Math.max(column, 0), page.index.columns.length - 1)];
    };
    table.addEventListener("click", (event) => {
      const id = at(event);
      if (!id) return;
      unhide(page, id);
      select(page, id);
      center(find(id));
    });
    table.addEventListener("pointermove", (event) => {
      const id = at(event);
      if (id && id !== page.state.pointed) describe(page, id);
    });
    find("pointed").hidden = false;
    fill(find("pointed"), "Point at a column to read the fact; click to open it.");
  }

  function describe(page, id) {
    page.state.pointed = id;
    point(page, id);
    const said = find(id).querySelector(".say").textContent;
    fill(find("pointed"), made("b", { textContent: id }), " ", made("bdi", { textContent: said }));
  }

  function point(page, id) {
    page.state.places ??= new Map(page.index.columns.map((name, at) => [name, at]));
    const place = page.state.places.get(id);
    const share = place === undefined ? -1 : (place + 0.5) / page.index.columns.length;
    find("matrix").style.setProperty("--at", share);
    find("matrix").classList.toggle("pointing", share >= 0);
  }

  /* Keys */

  function keys(page) {
    const actions = {
      j: () => step(page, 1),
      k: () => step(page, -1),
      c: () => page.state.selected && copy(page, find(page.state.selected)),
      "/": () => find("filters").words.focus(),
      "?": () => find("help").showModal(),
      Enter: () => open(page),
      Escape: () => letGo(page),
    };
    addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || find("help").open) return;
      const typing = event.target.closest?.("input, select, textarea");
      if (typing && event.key !== "Escape") return;
      if (event.key === "Enter" && event.target.closest?.("a, button, summary")) return;
      const action = actions[event.key];
      if (!action) return;
      event.preventDefault();
      typing?.blur();
      action();
    });
    find("keys").addEventListener("click", () => find("help").showModal());
  }

  function step(page, by) {
    page.state.order ??= [...document.querySelectorAll(".fact")].map((fact) => fact.id);
    const shown = page.state.order.filter((id) => !page.facts.get(id).hidden);
    const at = shown.indexOf(page.state.selected);
    const next = shown[at < 0 ? (by > 0 ? 0 : shown.length - 1) : at + by];
    if (next) select(page, next);
  }

  function open(page) {
    const fact = page.state.selected && find(page.state.selected);
    const details = fact && fact.querySelector("details");
    if (details) details.open = !details.open;
    else if (fact) fact.querySelector(".further")?.click();
  }

  function letGo(page) {
    for (const lit of document.querySelectorAll(".sel")) lit.classList.remove("sel");
    page.state.selected = "";
    light(page, []);
    point(page, "");
    find("bar").hidden = true;
    history.replaceState(null, "", location.pathname + location.search);
  }

  /* Light, dark, paper */

  function turn() {
    const dark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  }

  function printing() {
    let folded = [];
    addEventListener("beforeprint", () => {
      folded = [...document.querySelectorAll("#facts details:not([open]), #sources:not([open])")];
      for (const details of folded) details.open = true;
    });
    addEventListener("afterprint", () => { for (const details of folded) details.open = false; });
  }

  document.addEventListener("DOMContentLoaded", start);
})();
