import Foundation
import JSON
import Tools

/// The Swift side of `Benchmarks/tools.sh`.
///
///     tools-benchmark lexicons NAME …                   the lists, as JSON, for the other side
///     tools-benchmark expressions COUNT FILE … < LIST   seconds, then each column's sum
///     tools-benchmark python COUNT FILE …               seconds of one sandboxed tool
///     tools-benchmark overhead                          milliseconds of a batch of one text
///
/// FILEs are JSON lines with a member `text`, taken cyclically until COUNT; LIST has an expression a
/// line.
@main
struct ToolsBenchmark {
    static func main() async {
        do {
            try await run(Array(CommandLine.arguments.dropFirst()))
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(1)
        }
    }

    private static func run(_ arguments: [String]) async throws {
        switch arguments.first {
        case "lexicons":
            let lexicons = arguments.dropFirst().compactMap(Lexicon.named)
            let members = lexicons.map {
                JSONValue.Member(name: $0.name, value: .array($0.entries.map { .string($0) }))
            }
            print(JSONValue.object(members).text)
        case "expressions" where arguments.count > 2: try expressions(try texts(arguments))
        case "python" where arguments.count > 2: try await python(try texts(arguments))
        case "overhead": try await overhead()
        default: throw CocoaError(.featureUnsupported)
        }
    }

    private static func texts(_ arguments: [String]) throws -> [String] {
        let count = Int(arguments[1]) ?? 0
        let read = try arguments.dropFirst(2).flatMap { path in
            try Data(contentsOf: URL(fileURLWithPath: path)).split(separator: 10).compactMap {
                try JSONValue(parsing: Array($0))["text"]?.string
            }
        }
        guard !read.isEmpty else { throw CocoaError(.fileReadCorruptFile) }
        return (0..<count).map { read[$0 % read.count] }
    }

    private static func expressions(_ texts: [String]) throws {
        var list: [TextExpression] = []
        while let line = readLine() { list.append(try TextExpression(line)) }
        let clock = ContinuousClock()
        var columns: [[Double]] = []
        let best = (0..<3).map { _ in
            clock.measure { columns = ExpressionBatch(list).columns(of: texts) }
        }.min()
        print((best ?? .zero) / .seconds(1))
        for column in columns { print(column.reduce(0) { $1.isNaN ? $0 : $0 + $1 }) }
    }

    /// What a model might write: a regular expression, a set and a ratio.
    private static let source = """
        import re
        WORD = re.compile(r"[a-z']+")
        HEDGES = {"maybe", "perhaps", "might", "could", "seems", "probably", "somewhat", "fairly"}
        def feature(text: str) -> float:
            words = WORD.findall(text.lower())
            return sum(w in HEDGES for w in words) / len(words) if words else None
        """

    private static func python(_ texts: [String]) async throws {
        let sandbox = try await Sandbox.probe()
        let clock = ContinuousClock()
        var best = Duration.seconds(1_000)
        for _ in 0..<3 {
            let start = clock.now
            let values = try await sandbox.values(of: source, on: texts)
            best = min(best, clock.now - start)
            guard values.count == texts.count else { throw CocoaError(.fileReadCorruptFile) }
        }
        print(best / .seconds(1))
    }

    private static func overhead() async throws {
        let clock = ContinuousClock()
        for mode in [Sandbox.Mode.walled, .unsafeNoSandbox] {
            let sandbox = try await Sandbox.probe(mode)
            var times: [Double] = []
            for _ in 0..<21 {
                let start = clock.now
                _ = try await sandbox.values(of: "def feature(text): return 1", on: ["a"])
                times.append((clock.now - start) / .milliseconds(1))
            }
            print(times.sorted()[10])
        }
    }
}
