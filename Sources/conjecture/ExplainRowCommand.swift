import ArgumentParser
import Digests
import Foundation
import Mining
import Reporting
import Rows

struct ExplainRowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain-row",
        abstract: "Tell which feature moved a row's score, and by how much.",
        discussion: """
            A row's score is the pack's intercept and one share for each feature: weight × (value − mean) / \
            standard deviation. The shares that are shown sum to the score.

            Example:
              conjecture explain-row pack reviews.jsonl --row 17
            """)

    @Option(help: ArgumentHelp("The row by its number in the file, from 1.", valueName: "number"))
    var row: Int

    @OptionGroup var scoring: ScoringOptions

    @Flag(help: "Print one JSON object instead of a table.")
    var json = false

    func run() async throws {
        let scorer = try scoring.scorer()
        let reader = try scoring.reader()
        var number = 0
        while let reading = try reader.next() {
            number += 1
            guard number == row else { continue }
            let input: RowInput
            switch scorer.pack.text.input(of: reading) {
            case .input(let found): input = found
            case .setAside(let place, let reason, let detail):
                throw MiningError.unusableRow("\(place): \(reason) (\(detail))")
            }
            let scored = try await scorer.score([input])[0]
            if json {
                print(
                    try CanonicalJSON.encode(
                        ScoreLine(row: input.place.number, scored, scorer.pack.model)))
            } else {
                print(table(scored, scorer.pack))
            }
            return
        }
        throw MiningError.noSuchRow(row)
    }

    /// The shares, the largest first.
    private func table(_ scored: PackScorer.Scored, _ pack: FeaturePack) -> String {
        func line(_ name: String, _ value: String, _ share: Double) -> String {
            name.padding(toLength: max(name.count, 44), withPad: " ", startingAt: 0)
                + String(repeating: " ", count: max(1, 12 - value.count)) + value
                + String(format: "  %+.4f", share)
        }
        let order = scored.shares.indices.sorted {
            (abs(scored.shares[$1]), $0) < (abs(scored.shares[$0]), $1)
        }
        var lines = order.map { place in
            line(
                pack.model.inputs[place].name,
                scored.values[place].map { Format.number($0, digits: 4) } ?? "missing",
                scored.shares[place])
        }
        lines.insert(line("intercept", "", pack.model.intercept), at: 0)
        lines.append(line("score", "", scored.score))
        lines.append(
            "predicted \(pack.target): " + Format.number(scored.prediction, digits: 4))
        for (name, reason) in scored.missing.sorted(by: { $0.key < $1.key }) {
            lines.append("\(name) is missing: \(reason)")
        }
        return lines.joined(separator: "\n")
    }
}
