#!/usr/bin/env bash
# Run the evals and tell GitHub what came of it: a summary, a verdict, an annotation, JUnit.
# It reads EVAL_BASELINE, EVAL_REPLAY, EVAL_CASES and EVAL_API_KEY, and ends as the run did.
set -uo pipefail

folder=${RUNNER_TEMP:-/tmp}/newsdiff-evals
mkdir -p "$folder"
rm -f "$folder"/{run.json,gate.md,junit.xml,log.txt}

baseline="--baseline=${EVAL_BASELINE:?name a baseline}"
options=("$baseline" "--output=$folder/run.json")
[ -z "${EVAL_REPLAY:-}" ] || options+=("--replay=$EVAL_REPLAY")
[ -z "${EVAL_CASES:-}" ] || options+=("--cases=$EVAL_CASES")
[ -z "${EVAL_API_KEY:-}" ] || export OPENAI_API_KEY=$EVAL_API_KEY

# What the run prints holds words of the pull request: no line of it may be a command to GitHub.
token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
echo "::stop-commands::$token"
summarize eval run "${options[@]}" 2>"$folder/log.txt"
code=$?
cat "$folder/log.txt" >&2
if [ -f "$folder/run.json" ]; then
    summarize eval report "$folder/run.json" "$baseline" -f md -o "$folder/gate.md"
    summarize eval report "$folder/run.json" "$baseline" -f junit -o "$folder/junit.xml"
fi
echo "::$token::"

case $code in
0) verdict=passed ;;
100) verdict=failed ;;
*) verdict=error ;;
esac
if [ -f "$folder/gate.md" ]; then
    # The first line is the verdict, in bold, with its markup escaped.
    told=$(sed -n '1{s/^\*\*//;s/\*\*$//;s/\\\(.\)/\1/g;p;}' "$folder/gate.md")
    cat "$folder/gate.md" >>"$GITHUB_STEP_SUMMARY"
else
    told=$(grep -m 1 '^Error: ' "$folder/log.txt" || echo "The evals ended with exit code $code.")
    { echo '```text' && sed 's/```/` ` `/g' "$folder/log.txt" && echo '```'; } >>"$GITHUB_STEP_SUMMARY"
fi
{ echo "verdict=$verdict" && echo "folder=$folder"; } >>"$GITHUB_OUTPUT"
[ "$code" = 0 ] || echo "::error title=Evals::${told//%/%25}"
exit "$code"
