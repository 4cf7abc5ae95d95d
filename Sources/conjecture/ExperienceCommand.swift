import ArgumentParser
import Digests
import Memory

struct ExperienceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "experience",
        abstract: "What earlier runs taught.",
        subcommands: [Search.self])

    struct Search: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find lessons by words.",
            discussion: """
                Examples:
                  conjecture experience search flipped C4
                  conjecture experience search "latent 37" --json
                """)

        @Argument(help: "Words that must all occur.")
        var words: [String]

        @OptionGroup var memory: MemoryOptions

        @Option(help: "Lessons to show at most.")
        var limit = 20

        @Flag(help: "Print JSON.")
        var json = false

        func validate() throws {
            guard (1...10_000).contains(limit) else {
                throw ValidationError("--limit \(limit): give a number from 1 to 10000.")
            }
        }

        func run() async throws {
            let store = try memory.openExisting()
            let lessons = try await store.search(words.joined(separator: " "), limit: limit)
            if json {
                print(try CanonicalJSON.encode(lessons.map(LessonOutput.init)))
            } else if lessons.isEmpty {
                print("no lesson has all of these words")
            } else {
                for lesson in lessons {
                    let score =
                        lesson.score.map { " (held-out balanced accuracy \($0.rounded3))" } ?? ""
                    print("\(lesson.inquiry), \(lesson.status)\(score), \(lesson.run)")
                    print("  fires when \(lesson.statement)")
                    print("  \(lesson.evidence)")
                }
            }
        }
    }
}

private struct LessonOutput: Encodable {
    let run: String
    let feature: String
    let status: String
    let formula: String
    let statement: String
    let score: Double?
    let evidence: String

    init(_ lesson: Lesson) {
        run = lesson.run
        feature = lesson.inquiry
        status = lesson.status
        formula = lesson.formula
        statement = lesson.statement
        score = lesson.score
        evidence = lesson.evidence
    }
}

extension Double {
    /// To three digits after the point.
    fileprivate var rounded3: String { String((self * 1_000).rounded() / 1_000) }
}
