import ArgumentParser
import Digests
import Foundation
import Reviewing

struct ReviewDecideCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decide",
        abstract: "Decide on an item, or take a decision back.",
        discussion: """
            A decision is about what was shown: it names the hash that `conjecture review show` prints, or \
            its beginning, and is refused when something else stands there now.

            Examples:
              conjecture review decide e-1a2b3c4d5e6f approve --hash 9f86d081 --rating 4
              conjecture review decide e-1a2b3c4d5e6f reject --hash 9f86d081 --reason "too vague"
              conjecture review decide e-1a2b3c4d5e6f edit --hash 9f86d081 --text "names of rivers"
              conjecture review decide e-1a2b3c4d5e6f undo
            """)

    enum Verb: String, ExpressibleByArgument, CaseIterable {
        case approve, edit, reject, `defer`, escalate, undo
    }

    @Argument(help: "The item, as `conjecture review list` names it.")
    var item: String

    @Argument(help: "What to do with it.")
    var verb: Verb

    @OptionGroup var options: ReviewOptions

    @Option(help: "Hash of what was shown, or its first eight digits or more.")
    var hash: String?

    @Option(help: "Why; a rejection needs one.")
    var reason: String?

    @Option(help: "How well the claim fits the evidence, 1 to 5.")
    var rating: Int?

    @Option(help: "With edit: the new text.")
    var text: String?

    @Option(help: ArgumentHelp("With edit: a file with the new text.", valueName: "file"))
    var textFile: String?

    @Option(help: "How long it was looked at.")
    var seconds = 0.0

    @Option(
        help: ArgumentHelp(
            "Names the act: sent again under the same name, it counts once.", valueName: "name"))
    var nonce: String?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if verb != .undo {
            guard let hash, (8...64).contains(hash.utf8.count), hash.allSatisfy(\.isHexDigit) else {
                throw ValidationError(
                    "--hash: give the hash that `conjecture review show \(item)` prints, or its first "
                        + "eight digits or more.")
            }
        }
        if text != nil && textFile != nil {
            throw ValidationError("--text, --text-file: give one of them.")
        }
        if verb == .edit && text == nil && textFile == nil {
            throw ValidationError("edit: give the new text with --text or --text-file.")
        }
        guard seconds.isFinite, seconds >= 0 else {
            throw ValidationError("--seconds \(seconds): give a number from 0 up.")
        }
        if let nonce, !(1...64).contains(nonce.utf8.count) {
            throw ValidationError("--nonce: give 1 to 64 bytes.")
        }
    }

    func run() async throws {
        let rater = try options.checkedRater()
        let queue = try options.queue()
        let state: ReviewState
        if let reviewVerb = ReviewVerb(rawValue: verb.rawValue) {
            let shown = try await queue.sheet(of: item, rater: rater)
            guard let hash, shown.contentHash.hasPrefix(hash.lowercased()) else {
                throw ReviewError.stale
            }
            let act = ReviewQueue.Act(
                reviewVerb, contentHash: shown.contentHash, reason: reason, rating: rating,
                text: try newText(), seconds: seconds, nonce: nonce ?? UUID().uuidString)
            state = try await queue.act(act, on: item, rater: rater)
        } else {
            state = try await queue.undo(item, rater: rater)
        }
        print(
            json
                ? try CanonicalJSON.encode(["item": item, "state": state.rawValue])
                : "\(item): \(state.rawValue)")
    }

    private func newText() throws -> String? {
        guard let textFile else { return text }
        let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: textFile))
        defer { try? handle.close() }
        let bytes = try handle.read(upToCount: ReviewQueue.editLimit + 1) ?? Data()
        guard bytes.count <= ReviewQueue.editLimit else {
            throw ReviewError.tooLong(what: "text", limit: ReviewQueue.editLimit)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ValidationError("--text-file \(textFile): it is not UTF-8.")
        }
        return text
    }
}
