import ArgumentParser
import Digests
import Foundation
import Mining
import Rows

struct ScoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score",
        abstract: "Score rows with a pack that `conjecture mine` wrote.",
        discussion: """
            Reads rows and writes one JSON line for each, in order, a piece at a time: a file may be larger \
            than the memory. Expression and Python features need no model; features that a language model \
            scores are computed by their stand-ins where --stand-ins says so, at the loss that the pack's \
            card states. A row that cannot be read is named on standard error and counted.

            Examples:
              conjecture score pack reviews.jsonl > scores.jsonl
              cat reviews.csv | conjecture score pack - --format csv
            """)

    @Argument(help: ArgumentHelp("The pack's folder.", valueName: "pack"), completion: .directory)
    var pack: String

    @Argument(
        help: ArgumentHelp(
            "Rows: a .jsonl or .csv file, or - for standard input.", valueName: "rows"))
    var rows: String

    @OptionGroup var scoring: ScoringOptions

    @Flag(help: "Also tell each feature's value and share.")
    var shares = false

    func run() async throws {
        let scorer = try scoring.scorer(pack)
        let reader = try RowReader(path: rows, format: scoring.format)
        var counts = (scored: 0, setAside: 0)
        var batch: [PackRow] = []
        while let reading = try reader.next() {
            switch PackRow.read(reading, scorer.pack) {
            case .success(let row): batch.append(row)
            case .failure(let fault):
                counts.setAside += 1
                Console.error("\(rows): \(fault)")
            }
            if batch.count == Self.batchRows {
                counts.scored += batch.count
                try await write(&batch, scorer)
            }
        }
        counts.scored += batch.count
        try await write(&batch, scorer)
        Console.error("\(counts.scored) rows scored, \(counts.setAside) set aside")
        if counts.scored == 0 { throw ExitStatus.failed }
    }

    /// Rows that are scored at once: enough that starting a sandbox for them does not count.
    private static let batchRows = 2_048

    private func write(_ batch: inout [PackRow], _ scorer: PackScorer) async throws {
        guard !batch.isEmpty else { return }
        let scored = try await scorer.score(
            batch.map(\.text), others: scorer.pack.text.names.count > 1 ? batch.map(\.other) : nil)
        let lines = try zip(batch, scored).map { row, scored in
            try CanonicalJSON.encode(
                ScoreLine(row: row.number, scored, shares ? scorer.pack.model : nil))
        }
        print(lines.joined(separator: "\n"))
        batch.removeAll(keepingCapacity: true)
    }
}

/// How a pack is used.
struct ScoringOptions: ParsableArguments {
    @Option(help: ArgumentHelp("jsonl or csv. Default: by the file's name.", valueName: "format"))
    var format: RowFormat?

    @Flag(help: "Compute features that a language model scores by their local stand-ins.")
    var standIns = false

    @Flag(help: "Run the pack's Python without a sandbox: it can then do whatever you can.")
    var unsafeNoSandbox = false

    func scorer(_ path: String) throws -> PackScorer {
        try PackScorer(
            pack: try PackFolder.read(path).pack, usesStandIns: standIns, isUnsafe: unsafeNoSandbox)
    }
}

/// A row as a pack wants it.
struct PackRow {
    let number: Int
    let text: String
    /// Empty where the pack scores single texts.
    let other: String

    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    static func read(_ reading: RowReader.Reading, _ pack: FeaturePack) -> Result<PackRow, Fault> {
        switch reading {
        case .unreadable(let place, let reason, let detail):
            return .failure(Fault(description: "\(place): \(reason) (\(detail))"))
        case .row(let row):
            var texts: [String] = []
            for column in pack.text.names {
                guard case .text(let text)? = row[column] else {
                    return .failure(
                        Fault(description: "row \(row.number): column \"\(column)\" has no text"))
                }
                texts.append(text)
            }
            return .success(
                PackRow(number: row.number, text: texts[0], other: texts.count > 1 ? texts[1] : ""))
        }
    }
}

/// One row's score for machines.
struct ScoreLine: Encodable {
    let row: Int
    let score: Double
    let prediction: Double
    /// Why features had no value, by feature; left out where all had one.
    let missing: [String: String]?
    let intercept: Double?
    let features: [Share]?

    struct Share: Encodable {
        let name: String
        let value: Double?
        let share: Double
    }

    /// - Parameter model: to tell the shares of; nil for the score alone.
    init(row: Int, _ scored: PackScorer.Scored, _ model: ScoreModel?) {
        self.row = row
        score = scored.score
        prediction = scored.prediction
        missing = scored.missing.isEmpty ? nil : scored.missing
        intercept = model?.intercept
        features = model.map { model in
            zip(model.inputs, zip(scored.values, scored.shares)).map {
                Share(name: $0.name, value: $1.0, share: $1.1)
            }
        }
    }
}
