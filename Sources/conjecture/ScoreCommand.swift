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

    @OptionGroup var scoring: ScoringOptions

    @Flag(help: "Also tell each feature's value and share.")
    var shares = false

    func run() async throws {
        let scorer = try scoring.scorer()
        let reader = try scoring.reader()
        var counts = (scored: 0, setAside: 0)
        var batch: [RowInput] = []
        while let reading = try reader.next() {
            switch scorer.pack.text.input(of: reading) {
            case .input(let row): batch.append(row)
            case .setAside(let place, let reason, let detail):
                counts.setAside += 1
                Console.error("\(scoring.rows): \(place): \(reason) (\(detail))")
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

    private func write(_ batch: inout [RowInput], _ scorer: PackScorer) async throws {
        guard !batch.isEmpty else { return }
        let scored = try await scorer.score(batch)
        let lines = try zip(batch, scored).map { row, scored in
            try CanonicalJSON.encode(
                ScoreLine(row: row.place.number, scored, shares ? scorer.pack.model : nil))
        }
        print(lines.joined(separator: "\n"))
        batch.removeAll(keepingCapacity: true)
    }
}

/// How a pack is used.
struct ScoringOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("The pack's folder.", valueName: "pack"), completion: .directory)
    var pack: String

    @Argument(
        help: ArgumentHelp(
            "Rows: a .jsonl or .csv file, or - for standard input.", valueName: "rows"))
    var rows: String

    @Option(help: ArgumentHelp("jsonl or csv. Default: by the file's name.", valueName: "format"))
    var format: RowFormat?

    @Flag(help: "Compute features that a language model scores by their local stand-ins.")
    var standIns = false

    @Flag(help: "Run the pack's Python without a sandbox: it can then do whatever you can.")
    var unsafeNoSandbox = false

    func reader() throws -> RowReader { try RowReader(path: rows, format: format) }

    func scorer() throws -> PackScorer {
        try PackScorer(
            pack: try PackFolder.read(pack).pack, usesStandIns: standIns, isUnsafe: unsafeNoSandbox)
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
