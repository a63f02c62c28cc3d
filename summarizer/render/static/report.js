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
    const all = [...index.clashes, ...index.facts];
    const facts = new Map(all.map((fact) => [fact.id, fact]));
    const state = { selected: "", tools: tools(), texts: null, marks: null };
    const page = { index, facts, state };
    filtering(page);
    following(page);
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
    };
    let shown = 0;
    for (const fact of page.facts.values()) {
      const fits = suits(page, fact, wanted);
      if (Boolean(fact.hidden) !== !fits) {
        fact.hidden = !fits;
        find(fact.id).hidden = !fits;
      }
      if (fits) shown += 1;
    }
    const filtered = wanted.words.length || wanted.outlet >= 0 || wanted.status;
    for (const group of document.querySelectorAll(".group")) {
      group.hidden = filtered && !group.querySelector(".fact:not([hidden])");
    }
    find("nothing").hidden = shown > 0;
    form.querySelector("[type=reset]").hidden = !filtered;
    find("found").value = filtered ? `${shown} of ${page.facts.size}` : "";
  }

  function suits(page, fact, wanted) {
    if (wanted.outlet >= 0 && !fact.outlets.includes(wanted.outlet)) return false;
    if (wanted.status && fact.status !== wanted.status) return false;
    if (!wanted.words.length) return true;
    const words = lowered(page).get(fact.id);
    return wanted.words.every((word) => words.includes(word));
  }

  /* What a fact and its passages say, not what only comes near to it. */
  function lowered(page) {
    page.state.texts ??= new Map([...page.facts.keys()].map((id) => {
      const said = [...find(id).querySelectorAll(".say, .value, .added, li > q")];
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


  function back(page, ids) {
    for (const id of ids) unhide(page, id);
    select(page, ids[0]);
    light(page, ids);
    for (const id of ids) find(id).classList.add("sel");
    center(find(ids[0]));
    if (ids.length > 1) answer(`${counted(page, ids)} rest on this passage:`, ids);
  }

  /* What a fact says, so short that several stand in the bar. */
  function said(id) {
    const words = find(id).querySelector(".say").textContent;
    return words.length > 60 ? `${words.slice(0, 59)}…` : words;
  }

  const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

  function counted(page, ids) {
    const clashes = ids.filter((id) => page.facts.get(id).status === "conflict").length;
    const facts = ids.length - clashes;
    return [facts && count(facts, "fact"), clashes && count(clashes, "conflict")]
      .filter(Boolean)
      .join(" and ");
  }

  function answer(text, ids) {
    const links = ids.map((id) => made("a", { href: `#${id}`, textContent: said(id) }));
    fill(find("bar"), text, ...links);
    find("bar").hidden = false;
  }

  /* A link to a fact survives a reload, and the way back. */
  function reveal(page) {
    // As it is written: an id has no letter that an address would encode.
    const id = location.hash.slice(1);
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
    page.state.tools.firstChild.onclick = () => copy(fact);
  }

  /* Each passage as a quotation of its own, those of one outlet on one line. */
  function quoted(fact) {
    const lines = new Map();
    for (const row of fact.querySelectorAll("details li, .stand li")) {
      const line = signature(row.querySelector(".o"));
      const words = [...row.querySelectorAll("q")].map((each) => each.textContent);
      lines.set(line, [...(lines.get(line) ?? []), ...words]);
    }
    if (!lines.size) {
      // Without a list, the line is in the words of the article.
      const words = fact.querySelector(".say").textContent;
      lines.set(signature(fact.querySelector(".by .o")), [/^["“„«]/.test(words) ? words : `“${words}”`]);
    }
    return [...lines].map(([line, words]) => `${[...new Set(words)].join(" ")} (${line})`).join("\n");
  }

  function signature(outlet) {
    const article = outlet.hash?.slice(1).replace(/-\d+$/, "");
    const about = article && find(article)?.dataset.date;
    return `${outlet.title}, ${about || "no date"}`;
  }

  async function copy(fact) {
    const text = quoted(fact);
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

  /* Keys */

  function keys(page) {
    const actions = {
      j: () => step(page, 1),
      k: () => step(page, -1),
      c: () => page.state.selected && copy(find(page.state.selected)),
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
  }

  function letGo(page) {
    for (const lit of document.querySelectorAll(".sel")) lit.classList.remove("sel");
    page.state.selected = "";
    light(page, []);
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

  /* The browser's own print gives what is first; all of it is printed on request. */
  function printing() {
    let folded = [];
    find("paper").addEventListener("click", () => {
      root.classList.add("whole");
      print();
    });
    addEventListener("beforeprint", () => {
      if (!root.classList.contains("whole")) return;
      folded = [...document.querySelectorAll("#facts details:not([open]), #sources:not([open])")];
      for (const details of folded) details.open = true;
    });
    addEventListener("afterprint", () => {
      root.classList.remove("whole");
      for (const details of folded) details.open = false;
    });
  }

  document.addEventListener("DOMContentLoaded", start);
})();
