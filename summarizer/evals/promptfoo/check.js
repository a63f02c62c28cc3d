// What the labels of a case say of a model's answer. Each function gets the answer and, as
// context.config, what is expected; it returns pass, score (0 to 1) and a reason.

const answer = (output) => (typeof output === 'string' ? JSON.parse(output) : output);
const words = (text) => new Set((text || '').toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) || []);

function share(hits, of, enough, missing) {
  if (of === 0) return { pass: true, score: 1, reason: 'There is nothing to count here.' };
  const score = hits / of;
  const tail = missing.length ? ` Missing: ${missing.slice(0, 5).join(' | ')}` : '';
  return { pass: score >= enough, score, reason: `${hits} of ${of}, ${enough} wanted.${tail}` };
}

const has = (text, wanted) => [...words(wanted)].every((word) => words(text).has(word));
const resting = (claims, fact) =>
  claims.filter((claim) => claim.sentences.some((number) => fact.sentences.includes(number)));

// Of the labelled facts of this text, those that a claim rests on.
function covered(output, { config }) {
  const { claims } = answer(output);
  const missed = config.facts.filter((fact) => resting(claims, fact).length === 0);
  const found = config.facts.length - missed.length;
  return share(found, config.facts.length, config.enough, missed.map((fact) => fact.text));
}

// Of the facts found whose speaker is labelled, those that a claim still attributes.
function attributed(output, { config }) {
  const { claims } = answer(output);
  const found = config.facts.filter((fact) => resting(claims, fact).length > 0);
  const lost = found.filter(
    (fact) =>
      !resting(claims, fact).some((claim) => has(`${claim.speaker} ${claim.text}`, fact.speaker)),
  );
  const kept = found.length - lost.length;
  return share(kept, found.length, config.enough, lost.map((f) => `${f.speaker}: ${f.text}`));
}

// No statement has four in five of the words of what no report may say.
function unsaid(output, { config }) {
  const value = answer(output);
  const said = [...(value.claims || []), ...(value.sentences || [])].map((each) => each.text);
  const states = (text, forbidden) => {
    const wanted = [...words(forbidden)];
    return wanted.filter((word) => words(text).has(word)).length >= 0.8 * wanted.length;
  };
  const stated = config.forbidden.filter((f) => said.some((text) => states(text, f)));
  const kept = config.forbidden.length - stated.length;
  return share(kept, config.forbidden.length, 1, stated);
}

// Every sentence of the summary cites sentences that exist, and there are not too many.
function cited(output, { config }) {
  const { sentences } = answer(output);
  const sound = (each) =>
    each.sentences.length > 0 && each.sentences.every((n) => n >= 1 && n <= config.of);
  const wrong = sentences.filter((each) => !sound(each)).map((each) => each.text);
  if (sentences.length > config.limit) wrong.push(`${sentences.length} sentences`);
  const right = Math.max(0, sentences.length - wrong.length);
  return share(right, Math.max(sentences.length, 1), 1, wrong);
}

// Of the sentences put to the article, faithful ones and ones with a planted error, those that
// were told apart rightly.
function judged(output, { config }) {
  const verdicts = new Map(answer(output).verdicts.map((each) => [each.claim, each.verdict]));
  const right = (row, i) => (verdicts.get(i + 1) === 'supported') === row.supported;
  const wrong = config.rows.filter((row, i) => !right(row, i));
  const told = wrong.map((row) => `${row.kind}: ${row.claim}`);
  return share(config.rows.length - wrong.length, config.rows.length, config.enough, told);
}

module.exports = { covered, attributed, unsaid, cited, judged };
