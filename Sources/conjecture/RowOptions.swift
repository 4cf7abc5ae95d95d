import ArgumentParser
import Foundation
import Mining
import Rows

/// The columns of a file of rows, and what each is for.
struct RowOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The column of the text.", valueName: "column"))
    var text: String?

    @Option(
        help: ArgumentHelp(
            "What is to be predicted: a column, or successes/trials (helpful/votes).",
            valueName: "target"))
    var target: String?

    @Option(
        help: ArgumentHelp(
            "What the target is: numeric, ordinal, binary or counts. Default: counts where it has a "
                + "slash, else numeric.", valueName: "kind"))
    var kind: TargetSpecification.Kind?

    @Option(
        help: ArgumentHelp(
            "Instead of text and target: the column of the text that was preferred.",
            valueName: "column"))
    var preferred: String?

    @Option(help: ArgumentHelp("The column of the text beside it.", valueName: "column"))
    var other: String?

    @Option(
        help: ArgumentHelp(
            "Rows with the same name here (product, author) never come apart.", valueName: "column")
    )
    var group: String?

    @Option(
        help: ArgumentHelp(
            "A date or number: the latest rows confirm.", valueName: "column"))
    var time: String?

    @Option(
        help: ArgumentHelp(
            "Rows that repeat a name here are set aside.", valueName: "column"))
    var id: String?

    @Option(
        help: ArgumentHelp(
            "A number that features must add something to, beside the length (stars, price); repeat it "
                + "for more.", valueName: "column"))
    var confounder: [String] = []

    @Option(
        help: ArgumentHelp("Tell scores within each value of this column too.", valueName: "column")
    )
    var within: String?

    @Option(
        help: ArgumentHelp(
            "Set rows of a counts target with fewer trials aside.", valueName: "count"))
    var minTrials = 1

    @Option(help: ArgumentHelp("jsonl or csv. Default: by the file's name.", valueName: "format"))
    var format: RowFormat?

    func validate() throws {
        if (preferred == nil) != (other == nil) {
            throw ValidationError("--preferred and --other go together.")
        }
        if preferred != nil, text != nil || target != nil {
            throw ValidationError("--preferred and --other take the place of --text and --target.")
        }
        if preferred != nil, !confounder.isEmpty {
            throw ValidationError(
                "--confounder: a number of a pair does not say which of its texts it favours; leave it out."
            )
        }
        guard minTrials >= 1 else {
            throw ValidationError("--min-trials \(minTrials): give a number from 1.")
        }
    }

    /// Whether a text and a target are named, or a pair.
    var areComplete: Bool { preferred != nil || (text != nil && target != nil) }

    func schema() throws -> RowSchema {
        if let preferred, let other {
            return try RowSchema(
                text: .pair(preferred: preferred, other: other), target: .preference, group: group,
                time: time, identifier: id, confounders: confounder, strata: within)
        }
        guard let target, let specification = TargetSpecification(target, kind: kind) else {
            throw ValidationError("--target \(target ?? ""): write counts as successes/trials.")
        }
        return try RowSchema(
            text: .single(text ?? ""), target: specification, group: group, time: time,
            identifier: id, confounders: confounder, strata: within, minimumTrials: minTrials)
    }
}

extension TargetSpecification.Kind: ExpressibleByArgument {
    public static var allValueStrings: [String] {
        allCases.filter { $0 != .preference }.map(\.rawValue)
    }
}

extension RowFormat: ExpressibleByArgument {}

extension MiningSettings.Criterion: ExpressibleByArgument {}
