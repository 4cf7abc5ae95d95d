import Foundation
import Tokenizers

/// The Swift side of `Benchmarks/tokenize.sh`. Prints megabytes a second and the count of tokens.
///
///     tokenizers-benchmark TOKENIZER TEXTS SECONDS       TEXTS: texts with a zero byte between
@main
struct TokenizersBenchmark {
    static func main() {
        do {
            try run(Array(CommandLine.arguments.dropFirst()))
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(1)
        }
    }

    private static func run(_ arguments: [String]) throws {
        guard arguments.count == 3, let seconds = Double(arguments[2]) else {
            throw CocoaError(.featureUnsupported)
        }
        let tokenizer = try Tokenizer(path: arguments[0])
        let data = try Data(contentsOf: URL(fileURLWithPath: arguments[1]))
        let texts = data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        let clock = ContinuousClock()
        let start = clock.now
        var best = Double.infinity
        var count = 0
        repeat {
            count = 0
            let time = try clock.measure {
                for text in texts {
                    count += try tokenizer.encode(text, addSpecialTokens: false).count
                }
            }
            best = min(best, time / .seconds(1))
        } while clock.now - start < .seconds(seconds)
        print(String(format: "%.3f %d", Double(data.count) / best / 1e6, count))
    }
}
