import Foundation
import LinearAlgebra

/// Rows whose target is driven by what each kind of tool can see: lanterns (which a model rates), doubt
/// (which an expression counts) and quartz (which Python counts).
enum SampleReviews {
    private static let fillers = [
        "stone", "lamp", "window", "garden", "table", "river", "green", "basket", "corner",
        "bridge",
    ]

    static func rows(_ count: Int, seed: UInt64) -> [(
        text: String, target: Double, product: String
    )] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { index in
            let doubt = Int.random(in: 0...4, using: &generator)
            let quartz = Int.random(in: 0...4, using: &generator)
            let lanterns = Int.random(in: 0...4, using: &generator)
            var words = (0..<Int.random(in: 20...60, using: &generator)).map { _ in
                fillers[Int.random(in: 0..<fillers.count, using: &generator)]
            }
            // Later words take earlier ones' places at random; what stands is what counts.
            for (word, count) in [("maybe", doubt), ("quartz", quartz), ("lantern", lanterns)] {
                for _ in 0..<count {
                    words[Int.random(in: 0..<words.count, using: &generator)] = word
                }
            }
            func share(_ word: String) -> Double {
                Double(words.count { $0 == word }) / Double(words.count)
            }
            let noise = Double.random(in: -1...1, using: &generator)
            let target =
                0.4 * Double(words.count { $0 == "lantern" }) - 12 * share("maybe")
                + 0.4 * Double(words.count { $0 == "quartz" }) + noise
            let text = words.joined(separator: " ") + "."
            return (text, (target * 100).rounded() / 100, "p\(index % (count / 2))")
        }
    }

    static func jsonl(_ count: Int, seed: UInt64) -> String {
        rows(count, seed: seed).map { row in
            "{\"text\":\"\(row.text)\",\"helpful\":\(row.target),\"product\":\"\(row.product)\"}\n"
        }.joined()
    }
}
