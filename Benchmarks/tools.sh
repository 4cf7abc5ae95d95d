#!/usr/bin/env bash
# How fast feature tools run, next to the same features in plain Python on two processes.
#
#   Benchmarks/tools.sh [FILE …]       JSON lines with a member "text"
#                                      default: ../shared/data/reviews/amazon-{books,electronics}.jsonl
#
# COUNT texts (default 20,000), the files' taken cyclically, through 30 expressions and through one
# sandboxed Python tool; and what a sandboxed batch of one text costs. The columns' sums must agree to
# one part in a thousand. The last line is "ratio N.NN": Python's time to ours.
set -euo pipefail
cd "$(dirname "$0")/.."
count=${COUNT:-20000}
files=("$@")
if [[ ${#files[@]} == 0 ]]; then
    files=(../shared/data/reviews/amazon-books.jsonl ../shared/data/reviews/amazon-electronics.jsonl)
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ours=${CONJECTURE_BENCH_BINARY:-}
if [[ -z $ours ]]; then
    swift build -c release --product tools-benchmark >&2
    ours=$(swift build -c release --show-bin-path)/tools-benchmark
fi

cat >"$work/expressions" <<'END'
words
characters
letters / characters
capitals / letters
digits
exclamations
questions
share(commas)
distinct_words
type_token_ratio
share(single_words)
share(long_words)
share(short_words)
share(numbers)
all_caps_words
mean_word_length
longest_word
lines
share(lexicon(first_person))
share(lexicon(first_person_plural))
share(lexicon(second_person))
share(lexicon(third_person))
share(lexicon(family))
share(lexicon(measures))
count("...")
count("!!")
pattern(url)
pattern(price)
pattern(percentage)
first(30, lexicon(second_person))
END
"$ours" lexicons first_person first_person_plural second_person third_person family measures \
    >"$work/lexicons.json"
"$ours" expressions "$count" "${files[@]}" <"$work/expressions" >"$work/ours"
python3 Benchmarks/tools_reference.py "$work/lexicons.json" "$count" "${files[@]}" >"$work/theirs"
paste "$work/ours" "$work/theirs" | awk '
    NR > 1 { d = $1 - $2; if (d < 0) d = -d
             if (d > 0.001 * ($2 < 0 ? -$2 : $2) + 1) { print "column " NR - 1 " differs: " $0; bad = 1 } }
    END { exit bad }'
echo "30 expressions: $(head -1 "$work/ours") s; plain Python: $(head -1 "$work/theirs") s"
echo "one sandboxed Python tool: $("$ours" python "$count" "${files[@]}") s"
mapfile -t overhead < <("$ours" overhead)
echo "a sandboxed batch: ${overhead[0]} ms; the same without the sandbox: ${overhead[1]} ms"
paste <(head -1 "$work/theirs") <(head -1 "$work/ours") | awk '{ printf "ratio %.2f\n", $1 / $2 }'
