import ArgumentParser
import Digests
import Foundation
import Reviewing
import Statistics

struct ReviewAgreementCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agreement",
        abstract: "How far people agree, and how well each finds what was planted.",
        discussion: """
            Counted are first votes that were cast before verdict and other votes were shown. Intervals of \
            agreement are percentile bootstrap intervals over items; those of shares are Clopper and \
            Pearson's.

            Examples:
              conjecture review agreement
              conjecture review agreement --json --replicates 10000
            """)

    @OptionGroup var memory: MemoryOptions

    @Option(help: "Resamples for each interval of agreement.")
    var replicates = 2_000

    @Option(help: "Coverage of the intervals.")
    var level = 0.95

    @Option(help: "Seed of the resamples.")
    var seed: UInt64 = 1

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (0...1_000_000).contains(replicates) else {
            throw ValidationError("--replicates \(replicates): give a number from 0 to 1000000.")
        }
        guard level > 0, level < 1 else {
            throw ValidationError("--level \(level): give a number between 0 and 1.")
        }
    }

    func run() async throws {
        let table = try await ReviewQueue(store: try memory.openExisting()).raters(
            replicates: replicates, level: level, seed: seed)
        if json {
            print(try CanonicalJSON.encode(table))
        } else if table.raters.isEmpty {
            print("nobody has decided anything yet")
        } else {
            Self.printText(table)
        }
    }

    private static func printText(_ table: RaterTable) {
        for rater in table.raters {
            print(
                "\(rater.rater): \(rater.votes) votes (\(rater.approved) approved, "
                    + "\(rater.edited) edited, \(rater.rejected) rejected), "
                    + "\(rater.informedVotes) more not counted"
                    + (rater.medianSeconds.map { String(format: ", median %.1f s", $0) } ?? ""))
            let shares: [(String, ControlShare?)] = [
                ("shuffled claims rejected", rater.shuffled),
                ("true claims approved", rater.known),
                ("duplicates decided alike", rater.duplicates),
            ]
            for (name, share) in shares {
                guard let share else { continue }
                print(
                    "  \(name): \(share.passed) of \(share.planted), "
                        + number(share.share) + " " + text(share.interval))
            }
        }
        for line in table.agreement {
            let kind = line.kind?.rawValue ?? "all kinds"
            print("\(kind), \(line.quantity.rawValue), \(line.name): " + text(line.figure))
        }
        for pair in table.pairs {
            print(
                "\(pair.first) and \(pair.second), \(pair.quantity.rawValue), Cohen's kappa: "
                    + text(pair.figure))
        }
    }

    private static func text(_ figure: AgreementFigure) -> String {
        guard let estimate = figure.estimate else { return "none, \(figure.gap ?? "")" }
        let undefined =
            figure.undefinedReplicates > 0
            ? "; undefined in \(figure.undefinedReplicates) of \(figure.replicates) resamples" : ""
        let interval = estimate.interval.map { " " + text($0) } ?? ""
        return number(estimate.value) + interval + " on \(figure.items) items" + undefined
    }

    private static func text(_ interval: Interval) -> String {
        "[\(number(interval.low)), \(number(interval.high))]"
    }

    private static func number(_ value: Double) -> String { String(format: "%.3f", value) }
}
